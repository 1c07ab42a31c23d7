/**
 * Reads `main.jsonl` of Signal's plain export: one frame a line, in the JSON mapping of protocol buffers.
 *
 * All chats lie mixed in one text, in the order in which they were received; a chat's frame comes before its messages.
 */
import type { PartOfExport } from "../conversation.ts"
import { ChatDraft } from "../parts/chat.ts"
import { WallClock } from "../parts/clock.ts"
import { ExportFiles } from "../parts/files.ts"
import { fieldsOf, isFields, textOf } from "../parts/json.ts"
import { parse } from "../parts/scan.ts"
import { SignalFiles } from "./media.ts"
import { readItem } from "./message.ts"
import { Recipients } from "./recipients.ts"

export function readSignal(
    fileNames: readonly string[],
    texts: ReadonlyMap<number, string>,
    zone?: string,
): PartOfExport[] {
    const files = new SignalFiles(new ExportFiles(fileNames))
    const clock = new WallClock(zone)
    return [...texts].flatMap(([file, text]) => readText(text, file, files, clock))
}

function readText(text: string, file: number, files: SignalFiles, clock: WallClock): PartOfExport[] {
    const recipients = new Recipients()
    const chats = new Map<string, ChatDraft>()
    let last = ""
    const chatOf = (id: string): ChatDraft => {
        let chat = chats.get(id)
        if (chat === undefined) {
            chat = new ChatDraft()
            chats.set(id, chat)
        }
        last = id
        return chat
    }
    for (let start = text.startsWith("\ufeff") ? 1 : 0; start < text.length; ) {
        const feed = text.indexOf("\n", start)
        const line = text.slice(start, feed < 0 ? text.length : feed).trimEnd()
        const raw = { file, offset: start, length: line.length }
        start = feed < 0 ? text.length : feed + 1
        if (line === "") continue
        const value = parse(line)
        const frame = fieldsOf(value)
        const item = frame["chatItem"]
        if (isFields(item)) readItem(chatOf(textOf(item["chatId"])), item, raw, { recipients, files, clock })
        else if (isFields(frame["chat"])) {
            recipients.chat(frame["chat"])
            chatOf(textOf(frame["chat"]["id"]))
        } else if (isFields(frame["recipient"])) recipients.recipient(frame["recipient"])
        else if (isFields(frame["account"])) recipients.account(frame["account"])
        // A broken line of the other frames may hold keys: it is not shown.
        else if (value === undefined && line.startsWith('{"chatItem"')) {
            const id = /"chatId":\s*"?(\d{1,20})/.exec(line.slice(0, 400))?.[1] ?? last
            chatOf(id).addBroken(text, raw)
        }
    }
    return [...chats]
        .filter(([, chat]) => !chat.isEmpty)
        .map(([id, chat]) => chat.settle(recipients.titleOf(id), recipients.partOf(id), recipients.selfId, "Unknown"))
}
