/**
 * A chat as JSON, one record in each line, for programs (docs/out.md):
 *
 *     {"format":"backupweb-chat","version":1, … ,"records":[
 *     {"number":1, … },
 *     {"number":2, … }
 *     ]}
 *
 * The shape is a promise: within a version fields are added, never changed and never taken away.
 */

import type { ChatRecord } from "../conversation.ts"
import { chosen, numberOf, type OutChat, type OutChoice, type OutSetting } from "./choice.ts"

export async function* asJson(chat: OutChat, choice: OutChoice, setting: OutSetting): AsyncGenerator<string> {
    const { title, people, self, sources } = chat
    const { from, to, person } = choice
    const head = {
        format: "backupweb-chat",
        version: 1,
        made: setting.made,
        program: setting.program,
        title,
        people,
        self,
        choice: { from, to, person },
        sources: sources.map(({ name, sha256, added }) => ({ name, sha256, added })),
    }
    yield `${JSON.stringify(head).slice(0, -1)},"records":[`
    let before = "\n"
    for await (const record of chosen(chat, choice)) {
        yield `${before}${JSON.stringify(plainRecord(record))}`
        before = ",\n"
    }
    yield "\n]}\n"
}

/** Without what leads back into an export that is not here: raw ranges and indices of files. */
function plainRecord(record: ChatRecord): object {
    const { attachment, omitted, poll, quote, reactions, id } = record
    return {
        number: numberOf(record),
        time: record.time,
        sender: record.sender,
        kind: record.kind,
        text: record.text,
        ...(record.edited ? { edited: true } : {}),
        ...(record.forwarded === true ? { forwarded: true } : {}),
        ...(attachment === null
            ? {}
            : { attachment: { name: attachment.name, kind: attachment.kind, inExport: attachment.file !== null } }),
        ...(omitted === undefined ? {} : { omitted }),
        ...(poll === undefined ? {} : { poll }),
        ...(quote === undefined ? {} : { quote }),
        ...(reactions === undefined ? {} : { reactions }),
        ...(id === undefined ? {} : { id }),
    }
}
