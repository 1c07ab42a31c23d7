/** Looks into an export before anything is sent: which chats it holds, who speaks, what is missing or damaged. */

import type { Bytes } from "../bytes/bytes.ts"
import { concat } from "../bytes/bytes.ts"
import type { Snapshot } from "../format/snapshot.ts"
import type { PartOfExport } from "../reader/conversation.ts"
import { type OtherSource, readOther, recogniseOther } from "../reader/other-sources.ts"
import {
    type DateExample,
    findChatText,
    type ParsedChat,
    parseWhatsApp,
    recogniseWhatsApp,
    titleFromNames,
} from "../reader/parse-whatsapp.ts"
import { databasesOf, isEncryptedBackup } from "./database-import.ts"
import type { DatabaseFile, Databases } from "./ports.ts"
import type { ExportSource, SourceFile } from "./source.ts"
import { countsOf, onlyPart } from "./summary.ts"
import type { EntryContent } from "./zip.ts"

/** What is known of an export. */
export interface Inspected {
    readonly reader: Snapshot["reader"]
    readonly title: string
    readonly parts: readonly PartOfExport[]
    readonly summary: Omit<Snapshot["summary"], "title">
    /** Media that a chat names but the export does not hold. */
    readonly mediaMissing: number
    /** An encrypted backup whose key is asked for. */
    readonly encrypted: boolean
    /** Null: day and month are known. Else the first was read as the day, and has to be asked. */
    readonly dateExample: DateExample | null
}

/** No text is that long; what is longer is kept as a file. */
const longestText = 512 * 1024 * 1024
const sampleLength = 64 * 1024

export async function inspect(
    source: ExportSource,
    databases: Databases,
    dayFirst: boolean | null,
    signal: AbortSignal,
): Promise<Inspected> {
    return (
        (await asWhatsApp(source, dayFirst)) ??
        (await asOther(source)) ??
        (await asDatabase(source, databases, signal)) ??
        (await asFiles(source))
    )
}

async function asDatabase(source: ExportSource, databases: Databases, signal: AbortSignal): Promise<Inspected | null> {
    const files = await databasesOf(source)
    if (files.length === 0) return null
    const contents: DatabaseFile[] = []
    for (const file of files)
        contents.push({ name: file.name, content: new Blob([await contentOf(source.readOne(file))]) })
    const names = source.files.map(({ name }) => name)
    // One that cannot be read is a file like any other.
    const parts = await databases.read(contents, names, () => undefined, signal).catch(() => null)
    if (parts === null || parts.length === 0) return null
    return { reader: "database", title: "WhatsApp", parts, ...countsOf(parts), encrypted: false, dateExample: null }
}

async function asWhatsApp(source: ExportSource, dayFirst: boolean | null): Promise<Inspected | null> {
    const names = source.files.map(({ name }) => name)
    const textName = findChatText(names)
    const textFile = source.files.findLast(({ name }) => name === textName)
    if (textName === null || textFile === undefined || textFile.size > longestText) return null
    const title = titleFromNames(source.file.name, textName)
    const chat = readChat(await contentOf(source.readOne(textFile)), names, title, dayFirst)
    if (chat === null) return null
    const parts = [{ ...chat, part: onlyPart }]
    const dateExample = chat.dateOrder === "ask" ? chat.dateExample : null
    return { reader: "whatsapp", title, parts, ...countsOf(parts), encrypted: false, dateExample }
}

async function asOther(source: ExportSource): Promise<Inspected | null> {
    const names = source.files.map(({ name }) => name)
    const files = new Map(source.files.map((file) => [file.index, file]))
    const found = await recogniseOther(names, async (index) => sampleOf(source, files.get(index)))
    if (found === null) return null
    const length = found.texts.reduce((sum, index) => sum + (files.get(index)?.size ?? 0), 0)
    if (length > longestText) return null
    const texts = new Map<number, string>()
    for (const index of found.texts) {
        const file = files.get(index)
        if (file !== undefined) texts.set(index, decode(await contentOf(source.readOne(file))))
    }
    const parts = readOther(found.reader, names, texts)
    if (parts.length === 0) return null
    const title = parts.length === 1 ? (parts[0]?.title ?? "") : titleOf[found.reader]
    return {
        reader: found.reader,
        title: title || titleOf[found.reader],
        parts,
        ...countsOf(parts),
        encrypted: false,
        dateExample: null,
    }
}

/** Of an export that holds several chats. */
const titleOf: Readonly<Record<OtherSource, string>> = { telegram: "Telegram", signal: "Signal", meta: "Messenger" }

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

async function asFiles(source: ExportSource): Promise<Inspected> {
    const encrypted = await isEncryptedBackup(source)
    return { reader: "files", title: source.file.name, parts: [], ...countsOf([]), encrypted, dateExample: null }
}

/** Bytes that are no UTF-8 become the replacement mark: a chat with a broken letter is a chat. */
export function decode(bytes: Bytes): string {
    const wide = bytes[0] === 0xff && bytes[1] === 0xfe
    return new TextDecoder(wide ? "utf-16le" : "utf-8", { ignoreBOM: true }).decode(bytes)
}

/** How a file begins. */
async function sampleOf(source: ExportSource, file: SourceFile | undefined): Promise<string> {
    if (file === undefined) return ""
    const pieces: Bytes[] = []
    let length = 0
    for await (const piece of source.readOne(file)) {
        pieces.push(piece.slice())
        length += piece.length
        if (length >= sampleLength) break
    }
    return decode(concat(...pieces).subarray(0, sampleLength))
}

async function contentOf(content: EntryContent): Promise<Bytes> {
    const pieces: Bytes[] = []
    for await (const piece of content) pieces.push(piece.slice())
    return concat(...pieces)
}
