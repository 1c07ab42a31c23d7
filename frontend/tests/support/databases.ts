/** Databases of WhatsApp, made afresh from `tests/vectors/databases/*.sql`. */

import { readFileSync } from "node:fs"
import { type Sqlite, startSqlite } from "../../src/adapters/sqlite.ts"
import type { Bytes } from "../../src/bytes/bytes.ts"
import type { DatabaseFile } from "../../src/engine/ports.ts"
import type { ChatRecord, PartOfExport } from "../../src/reader/conversation.ts"

const text = (name: string): string =>
    readFileSync(new URL(`../../../tests/vectors/databases/${name}.sql`, import.meta.url), "utf8")

let sqlite: Promise<Sqlite> | null = null

export function sqliteForTests(): Promise<Sqlite> {
    sqlite ??= startSqlite()
    return sqlite
}

/** `more`: SQL that changes it. */
export async function makeDatabase(name: string, more = ""): Promise<Bytes> {
    return await databaseOf(text(name) + more)
}

export async function databaseOf(statements: string): Promise<Bytes> {
    const { oo1, capi } = await sqliteForTests()
    const database = new oo1.DB(":memory:")
    try {
        database.exec(statements)
        return new Uint8Array(capi.sqlite3_js_db_export(database))
    } finally {
        database.close()
    }
}

export const asFile = (name: string, bytes: Bytes): DatabaseFile => ({ name, content: new Blob([bytes]) })

export type Row = readonly [
    kind: string,
    sender: string | null,
    time: string,
    text: string,
    more: Omit<Partial<ChatRecord>, "quote" | "reactions"> & { readonly quote?: unknown; readonly reactions?: unknown },
]

/** What a chat shows, with people by their names; what is ordinary is left out. */
export function rowsOf({ records, people }: PartOfExport): readonly Row[] {
    const named = (person: number | null): string | null => (person === null ? null : (people[person] ?? ""))
    return records.map((record, place) => {
        const { index, kind, sender, time, text, raw, edited, attachment, quote, reactions, ...rest } = record
        if (index !== place || raw.length !== 0) throw new Error("a record out of its place")
        return [
            kind,
            named(sender),
            time,
            text,
            {
                ...rest,
                ...(edited && { edited }),
                ...(attachment !== null && { attachment }),
                ...(quote !== undefined && { quote: { ...quote, sender: named(quote.sender) } }),
                ...(reactions !== undefined && {
                    reactions: reactions.map(({ emoji, person }) => [emoji, named(person)]),
                }),
            },
        ]
    })
}
