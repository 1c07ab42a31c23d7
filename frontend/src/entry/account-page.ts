/**
 * Passkey ceremonies for the account's pages: a form with `data-passkey` sends the credential its field holds.
 *
 * Signing in and unlocking take one touch: its output is handed over to the library's page, as a key that cannot be read.
 */

import { systemClock } from "../adapters/clock.ts"
import { Handover, openDeviceDatabase } from "../adapters/indexed-db.ts"
import { credentialFor, isCeremony } from "../adapters/webauthn.ts"
import type { PasskeyTouch } from "../engine/protocol.ts"

/** Signing in waits no longer for the handover: without it, unlocking takes another touch. */
const handoverPatience = 1_000

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-passkey]")) {
    form.addEventListener("submit", (event) => {
        event.preventDefault()
        void runCeremony(form)
    })
}

async function runCeremony(form: HTMLFormElement): Promise<void> {
    const { passkey: ceremony } = form.dataset
    const field = form.querySelector<HTMLInputElement>("input[name=credential]")
    if (field === null || !isCeremony(ceremony)) return
    for (const words of form.querySelectorAll<HTMLElement>("[data-passkey-trouble]")) words.hidden = true
    const outcome = await credentialFor(ceremony, () => options(form, ceremony))
    switch (outcome.kind) {
        case "made":
            if (ceremony !== "create" && outcome.touch !== null) await handOver(outcome.touch)
            field.value = JSON.stringify(outcome.credential)
            form.submit()
            return
        case "cancelled":
        case "unsupported":
        case "failed":
            form.querySelector<HTMLElement>(`[data-passkey-trouble=${outcome.kind}]`)?.removeAttribute("hidden")
            return
    }
}

async function handOver(touch: PasskeyTouch): Promise<void> {
    const late = new Promise((resolve) => setTimeout(resolve, handoverPatience))
    const put = openDeviceDatabase().then((database) => new Handover(database, systemClock).put(touch))
    await Promise.race([put.catch(() => undefined), late])
}

/** Signing in asks the server for fresh options; the other pages carry them. */
async function options(form: HTMLFormElement, ceremony: "create" | "get" | "login"): Promise<unknown> {
    if (ceremony !== "login") return JSON.parse(document.querySelector("#passkey-options")?.textContent ?? "")
    const answer = await fetch(form.action, {
        headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" },
    })
    if (!answer.ok) throw new TypeError("the server gave no options")
    return await answer.json()
}
