/**
 * An export that goes the whole way in this page alone: read, sealed, stored in memory, opened again.
 *
 *     working(step by step) → ready → reading
 *            ↘ refused
 */

import { codeOf } from "../engine/errors.ts"
import type { ChatSummary, Engine, ImportOutcome } from "../engine/protocol.ts"

export type TrialStep = "opened" | "sealed" | "stored" | "again"

export const trialSteps: readonly TrialStep[] = ["opened", "sealed", "stored", "again"]

/** A step that was done, and how long it took. */
export interface DoneStep {
    readonly step: TrialStep
    readonly milliseconds: number
}

export type TrialState =
    | { readonly kind: "working"; readonly done: readonly DoneStep[] }
    | {
          readonly kind: "ready"
          readonly done: readonly DoneStep[]
          readonly chat: ChatSummary
          readonly size: number
          readonly sealed: number
      }
    /** `not-a-chat`: a file that no reader recognised; otherwise a code of the engine. */
    | { readonly kind: "refused"; readonly code: string }

/** A new library for each file: nothing of one trial is left for the next. */
export async function tryFile(
    connect: () => Promise<Engine>,
    file: File,
    now: () => number,
    show: (state: TrialState) => void,
): Promise<Engine | null> {
    const done: DoneStep[] = []
    let begun = now()
    const finish = (step: TrialStep) => {
        if (done.some((one) => one.step === step)) return
        done.push({ step, milliseconds: now() - begun })
        begun = now()
        show({ kind: "working", done: [...done] })
    }
    show({ kind: "working", done: [] })
    try {
        const engine = await connect()
        await engine.prepareLibrary()
        await engine.createLibrary({ proven: false, stay: false })
        begun = now()
        const preview = await engine.inspect(file)
        if (preview.reader === "files") {
            show({ kind: "refused", code: "not-a-chat" })
            return null
        }
        finish("opened")
        const choices = { previewId: preview.id, conversation: null, title: preview.title, dayFirst: null, self: null }
        const outcome = await engine.startImport(choices, ({ phase }) => {
            if (phase === "finishing" || phase === "checking") finish("sealed")
            if (phase === "checking") finish("stored")
        })
        finish("sealed")
        finish("stored")
        const chat = await stored(engine, outcome)
        if (chat === null) {
            show({ kind: "refused", code: outcome.kind === "failed" ? outcome.code : "unexpected" })
            return null
        }
        finish("again")
        const sealed = outcome.kind === "done" ? outcome.sent : 0
        show({ kind: "ready", done: [...done], chat, size: file.size, sealed })
        return engine
    } catch (error) {
        show({ kind: "refused", code: codeOf(error) })
        return null
    }
}

async function stored(engine: Engine, outcome: ImportOutcome): Promise<ChatSummary | null> {
    if (outcome.kind !== "done") return null
    const chats = await engine.chats()
    return chats.find((chat) => chat.conversation === outcome.conversation) ?? null
}
