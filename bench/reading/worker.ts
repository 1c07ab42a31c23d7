/** One part of reading a chat, or a peer's, over its text: milliseconds, and how much came out. */

import { parseString } from "whatsapp-chat-parser"
import { merge } from "../../frontend/src/reader/merge/merge.ts"
import { type ParsedChat, parseWhatsApp } from "../../frontend/src/reader/parse-whatsapp.ts"
import { SearchIndex } from "../../frontend/src/reader/search.ts"

interface Timed {
    readonly messages: number
    readonly milliseconds: number
}

/** What a person types, letter by letter; the first letters are in nearly every message. */
const typed = ["danke", "unterwegs", "ba da", "gute nacht", "qqqq"]

const fileNames = ["_chat.txt"]

function timed(work: () => number): Timed {
    const begun = performance.now()
    const messages = work()
    return { messages, milliseconds: performance.now() - begun }
}

function read(text: string): ParsedChat {
    return parseWhatsApp(text, { fileNames })
}

/** Five windows, each overlapping the one before by a quarter. */
function merged(chat: ParsedChat): Timed {
    const size = Math.ceil(chat.records.length / 4)
    const windows = [0, 1, 2, 3, 4].map((at) => {
        const from = Math.round(at * size * 0.75)
        return { people: chat.people, self: null, records: chat.records.slice(from, from + size) }
    })
    return timed(() => merge(windows).records.length)
}

/** The slowest key of all words, after the index was made. */
function searched(chat: ParsedChat): unknown {
    let index: SearchIndex | null = null
    const made = timed(() => {
        index = new SearchIndex(chat.records, chat.people)
        return chat.records.length
    })
    const keys = typed.flatMap((word) => Array.from(word, (_, at) => word.slice(0, at + 1)))
    const times = keys.map(
        (text) =>
            timed(() => index?.find({ text, person: null, kind: null, from: null, to: null }).length ?? 0).milliseconds,
    )
    return { ...made, slowestKey: Math.max(...times), keys: keys.length }
}

self.onmessage = async ({ data: { name, file } }: MessageEvent<{ name: string; file: File }>) => {
    const text = await file.text()
    switch (name) {
        case "parse":
            return self.postMessage(timed(() => read(text).records.length))
        case "whatsapp-chat-parser":
            return self.postMessage(timed(() => parseString(text).length))
        case "merge":
            return self.postMessage(merged(read(text)))
        case "search":
            return self.postMessage(searched(read(text)))
    }
}
