/** What happens on the way to the vault: lines that break, letters that are changed, and a tape of all that was said. */

import { NetworkError } from "../../src/engine/errors.ts"
import type { VaultAnswers, VaultLine, VaultMessage, VaultServer } from "../../src/engine/ports.ts"
import type { Answer } from "./honest-vault.ts"

type Ask = (message: VaultMessage) => Promise<Answer>

/** A vault whose every question goes through `around`. */
export function vaultThrough(
    vault: VaultServer,
    around: (message: VaultMessage, ask: Ask) => Promise<Answer>,
): VaultServer {
    return {
        async connect(signal) {
            const line = await vault.connect(signal)
            return {
                ask: async <Asked extends VaultMessage>(message: Asked) =>
                    (await around(message, (asked) => line.ask(asked))) as VaultAnswers[Asked["kind"]],
                close: () => line.close(),
            } satisfies VaultLine
        },
    }
}

/** The line breaks at the n-th question: before it gets there, or after it, so that only the answer is lost. It stays broken. */
export function breakingAt(vault: VaultServer, n: number, when: "before" | "after"): VaultServer {
    let asked = 0
    const broken = vaultThrough(vault, async (message, ask) => {
        asked++
        if (asked > n || (asked === n && when === "before")) throw new NetworkError()
        const answer = await ask(message)
        if (asked === n) throw new NetworkError()
        return answer
    })
    return {
        connect: (signal) => (asked >= n ? Promise.reject(new NetworkError()) : broken.connect(signal)),
    }
}

/** A vault that gives other answers to questions of this kind. */
export function answeringWith<Kind extends VaultMessage["kind"]>(
    vault: VaultServer,
    kind: Kind,
    lie: (answer: VaultAnswers[Kind]) => VaultAnswers[Kind],
): VaultServer {
    return vaultThrough(vault, async (message, ask) => {
        const answer = await ask(message)
        return message.kind === kind ? lie(answer as VaultAnswers[Kind]) : answer
    })
}

/** What was asked, kind by kind. */
export function noting(vault: VaultServer): { readonly vault: VaultServer; readonly asked: string[] } {
    const asked: string[] = []
    const noted = vaultThrough(vault, async (message, ask) => {
        asked.push(message.kind)
        return await ask(message)
    })
    return { vault: noted, asked }
}
