/** A record as it stands in the export: read from the chat's own text when somebody asks. */

import type { ChatRecord } from "../../reader/conversation.ts"
import { findChatText } from "../../reader/parse-whatsapp.ts"
import type { ChatSource } from "./source.ts"

export async function rawText(source: ChatSource, record: ChatRecord): Promise<string | null> {
    const { files } = source.chat
    const name = findChatText(files.map((file) => file.name))
    const file = files.findLast((candidate) => candidate.name === name)
    if (file === undefined) return null
    const opened = await source.openFile(file.index)
    if (opened.kind === "refused") return null
    const bytes = new Uint8Array(await opened.blob.arrayBuffer())
    // As the engine reads it: the byte order mark counts as a character.
    const wide = bytes[0] === 0xff && bytes[1] === 0xfe
    const text = new TextDecoder(wide ? "utf-16le" : "utf-8", { ignoreBOM: true }).decode(bytes)
    return text.slice(record.raw.offset, record.raw.offset + record.raw.length)
}
