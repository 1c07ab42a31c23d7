/** Looks into an export before anything is sent: which chat it is, who speaks, what is missing or damaged. */

import type { Bytes } from "../bytes/bytes.ts"
import { concat } from "../bytes/bytes.ts"
import {
    findChatText,
    type ParsedChat,
    parseWhatsApp,
    recogniseWhatsApp,
    titleFromNames,
} from "../reader/parse-whatsapp.ts"
import type { ExportSource } from "./source.ts"
import type { EntryContent } from "./zip.ts"

/** What is known of an export. */
export interface Inspected {
    readonly reader: "whatsapp" | "files"
    readonly title: string
    readonly chat: ParsedChat | null
}

/** No chat is that long; what is longer is kept as a file. */
const longestText = 512 * 1024 * 1024
const sampleLength = 64 * 1024

export async function inspect(source: ExportSource, dayFirst: boolean | null): Promise<Inspected> {
    const names = source.files.map(({ name }) => name)
    const textName = findChatText(names)
    const textFile = source.files.findLast(({ name }) => name === textName)
    if (textName === null || textFile === undefined || textFile.size > longestText) return asFiles(source)
    const title = titleFromNames(source.file.name, textName)
    const chat = readChat(await contentOf(source.readOne(textFile)), names, title, dayFirst)
    return chat === null ? asFiles(source) : { reader: "whatsapp", title, chat }
}

/** Null: the text is no chat. */
export function readChat(
    bytes: Bytes,
    fileNames: readonly string[],
    title: string,
    dayFirst: boolean | null,
): ParsedChat | null {
    const text = decode(bytes)
    if (!recogniseWhatsApp(text.slice(0, sampleLength), fileNames)) return null
    const chat = parseWhatsApp(text, { fileNames, title, dayFirst })
    return chat.dialect === null ? null : chat
}

/** First and last moment that the chat names. */
export function spanOf({ records }: Pick<ParsedChat, "records">): {
    readonly first: string | null
    readonly last: string | null
} {
    const dated = (record: { readonly time: string }): boolean => record.time !== ""
    return { first: records.find(dated)?.time ?? null, last: records.findLast(dated)?.time ?? null }
}

/** What people wrote, without what the app wrote. */
export function messagesIn({ records }: Pick<ParsedChat, "records">): number {
    return records.reduce((sum, { kind }) => sum + (kind === "system" ? 0 : 1), 0)
}

function asFiles(source: ExportSource): Inspected {
    return { reader: "files", title: source.file.name, chat: null }
}

/** Bytes that are no UTF-8 become the replacement mark: a chat with a broken letter is a chat. */
export function decode(bytes: Bytes): string {
    const wide = bytes[0] === 0xff && bytes[1] === 0xfe
    return new TextDecoder(wide ? "utf-16le" : "utf-8", { ignoreBOM: true }).decode(bytes)
}

async function contentOf(content: EntryContent): Promise<Bytes> {
    const pieces: Bytes[] = []
    for await (const piece of content) pieces.push(piece.slice())
    return concat(...pieces)
}
