/** `/try/`: the whole engine with its store in memory, and the sample that belongs to the page's language. */

import { connectEngine } from "../engine/client.ts"
import { pageLanguage } from "../ui/language.ts"
import { Trial } from "../ui/trial.ts"
import { allowOwnWorkers } from "./trusted-types.ts"

allowOwnWorkers()

const samples = {
    de: { url: new URL("../../sample/wandergruppe.zip", import.meta.url), name: "WhatsApp-Chat mit Wandergruppe.zip" },
    en: { url: new URL("../../sample/hiking-group.zip", import.meta.url), name: "WhatsApp Chat - Hiking group.zip" },
} as const

async function sample(): Promise<File> {
    const { url, name } = samples[pageLanguage()]
    const answer = await fetch(url)
    return new File([await answer.blob()], name, { type: "application/zip" })
}

const trial = document.querySelector("bw-try")
if (trial instanceof Trial) {
    const { signup = "/" } = trial.dataset
    trial.signup = signup
    trial.sample = sample
    trial.connect = () => connectEngine({ store: "memory" })
}
