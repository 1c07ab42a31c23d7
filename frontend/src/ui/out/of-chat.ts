/** The chat that is open on the page, as what can go out. */

import type { OpenedFile } from "../../engine/protocol.ts"
import type { ChatRecord } from "../../reader/conversation.ts"
import type { OutChat, OutChoice, OutFile, OutSetting } from "../../reader/out/choice.ts"
import type { OutMedia } from "../../reader/out/embedding.ts"
import { asBytes, fileNameOf, written } from "../../reader/out/out.ts"
import { printOf } from "../../reader/out/print.ts"
import { format } from "../chat/formatting.ts"
import { coloursOf, personColours } from "../chat/person-colours.ts"
import { laidOut } from "./paper.ts"
import type { OutProgress, OutSource } from "./source.ts"
import { Survey } from "./survey.ts"
import { writtenTo } from "./writing.ts"

/** What is asked of the chat: `ChatSource` of the chat view has it all. */
export interface ReadableChat {
    readonly chat: {
        readonly title: string
        readonly self: string | null
        readonly people: readonly string[]
        readonly records: number
        readonly files: readonly { readonly index: number; readonly size: number }[]
    }
    records(from: number, to: number): Promise<readonly ChatRecord[]>
    openFile(index: number): Promise<OpenedFile>
}

export interface OutFacts {
    /** The name that the person gave the chat. */
    readonly title: string
    readonly first: string | null
    readonly last: string | null
    readonly sources: readonly OutFile[]
    /** Hexadecimal, of a file by its index, or null where nobody knows. */
    readonly sha256Of?: (file: number) => string | null
    /** Read when something is made, not before. */
    readonly setting: () => OutSetting
}

/** Records that are asked for at once. */
const windowSize = 2000

export function outSourceOf(source: ReadableChat, facts: OutFacts): OutSource {
    const chat = outChatOf(source, facts)
    const sizes = new Map(source.chat.files.map(({ index, size }) => [index, size]))
    const known = (file: number) => {
        const size = sizes.get(file)
        return size === undefined ? null : { size, sha256: facts.sha256Of?.(file) ?? null }
    }
    let survey: Promise<Survey> | null = null

    /** Both stop with the signal, and count what does not open. */
    const begun = (onProgress: (progress: OutProgress) => void, signal: AbortSignal) => {
        let [bytes, notOpened] = [0, 0]
        const media: OutMedia = {
            facts: known,
            async open(file) {
                signal.throwIfAborted()
                const opened = await source.openFile(file)
                if (opened.kind === "refused") {
                    notOpened += 1
                    return null
                }
                const { type, size } = opened.blob
                return { type: type.split(";")[0] ?? "", size, pieces: streamed(opened.blob, signal) }
            },
        }
        return {
            media,
            chat: { ...chat, records: () => stopping(chat.records(), signal) },
            tell: (now: number): void => {
                bytes = now
                onProgress({ bytes, notOpened })
            },
            notOpened: () => notOpened,
        }
    }

    return {
        title: chat.title,
        people: chat.people,
        first: facts.first?.slice(0, 10) ?? null,
        last: facts.last?.slice(0, 10) ?? null,
        fileName: (choice) => fileNameOf(chat, choice, facts.setting()),
        async estimate(choice) {
            survey ??= Survey.of(chat, { open: async () => null, facts: known })
            // One that failed is tried again with the next question.
            survey.catch(() => {
                survey = null
            })
            return (await survey).estimate(choice)
        },
        async make(choice, target, onProgress, signal) {
            const { chat: read, media, tell, notOpened } = begun(onProgress, signal)
            const look = { format, colours: coloursFor(chat.people) }
            const setting = facts.setting()
            const pieces = asBytes(written(read, choice, setting, media, look))
            const made = await writtenTo(pieces, target, fileNameOf(chat, choice, setting), tell)
            return { ...made, notOpened: notOpened() }
        },
        async print(choice: OutChoice, onProgress, signal) {
            const { chat: read, media, tell, notOpened } = begun(onProgress, signal)
            const paper = await laidOut(printOf(read, choice, facts.setting(), media), tell)
            signal.throwIfAborted()
            paper.print()
            return { notOpened: notOpened(), close: () => paper.close() }
        },
    }
}

function outChatOf(source: ReadableChat, { title, sources }: OutFacts): OutChat {
    const { people, self, records } = source.chat
    return {
        title,
        people,
        self,
        sources,
        async *records() {
            for (let from = 0; from < records; from += windowSize)
                yield await source.records(from, Math.min(records, from + windowSize))
        },
    }
}

function coloursFor(people: readonly string[]) {
    return coloursOf(people).map((place) => personColours[place] ?? { light: "#2a2620", dark: "#efe9dd" })
}

async function* stopping<T>(windows: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
    for await (const window of windows) {
        signal.throwIfAborted()
        yield window
    }
}

const sliceSize = 3 << 18

async function* streamed(blob: Blob, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < blob.size; at += sliceSize) {
        signal.throwIfAborted()
        yield new Uint8Array(await blob.slice(at, at + sliceSize).arrayBuffer())
    }
}
