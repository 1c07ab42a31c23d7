/** Reads WhatsApp's databases out of an export's files: which of them holds messages, which one names. */

import type { PartOfExport } from "../conversation.ts"
import { isMsgstore, readMsgstore } from "./msgstore.ts"
import { contactsOf } from "./names.ts"
import type { Database } from "./rows.ts"

/** Null: none of the databases is one that is read here. */
export function readDatabases(
    databases: readonly Database[],
    fileNames: readonly string[],
    zone?: string,
): readonly PartOfExport[] | null {
    const messages = databases.find(isMsgstore)
    if (messages === undefined) return null
    const contacts = new Map(databases.flatMap((database) => [...contactsOf(database)]))
    const places = new Map<string, number>()
    const last = (path: string): string => path.slice(path.lastIndexOf("/") + 1)
    fileNames.forEach((name, place) => {
        if (!name.endsWith("/")) places.set(last(name), place)
    })
    const fileOf = (path: string): number | null => places.get(last(path)) ?? null
    return readMsgstore(messages, { fileOf, contacts, ...(zone !== undefined && { zone }) })
}
