/** Which of an export's databases holds messages, which names, and who reads them. */

import type { PartOfExport } from "../conversation.ts"
import { isMsgstore, readMsgstore } from "./msgstore.ts"
import { contactsOf } from "./names.ts"
import { type Database, hasTable } from "./rows.ts"

export interface Opened {
    readonly name: string
    readonly database: Database
}

export type ReadDatabases =
    | { readonly kind: "read"; readonly parts: readonly PartOfExport[] }
    /** Of iOS, or of old Android: another program reads it. */
    | { readonly kind: "other" }
    | { readonly kind: "unknown" }

/** By its schema, whatever it is called: downloads and backup programs rename files. */
export function readDatabases(opened: readonly Opened[], fileNames: readonly string[], zone?: string): ReadDatabases {
    const messages = opened.find(({ database }) => isMsgstore(database))
    if (messages === undefined) return { kind: opened.some(({ database }) => isOther(database)) ? "other" : "unknown" }
    const contacts = new Map(opened.flatMap(({ database }) => [...contactsOf(database)]))
    const setting = { fileNames, from: fileNames.indexOf(messages.name), contacts }
    const parts = readMsgstore(messages.database, zone === undefined ? setting : { ...setting, zone })
    return { kind: "read", parts }
}

/** `ChatStorage.sqlite`, and `msgstore.db` of the years before 2021. */
const isOther = (database: Database): boolean =>
    (hasTable(database, "ZWAMESSAGE") && hasTable(database, "ZWACHATSESSION")) ||
    database.columns("messages").has("key_remote_jid")
