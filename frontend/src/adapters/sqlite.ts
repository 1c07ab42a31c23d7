/** SQLite in this worker: opened from bytes, in memory, for reading. Loaded when somebody asks for it, and never before. */

import type { Bytes } from "../bytes/bytes.ts"
import type { Database, Row } from "../reader/database/rows.ts"

export interface OpenDatabase extends Database {
    close(): void
}

export async function openDatabase(bytes: Bytes): Promise<OpenDatabase> {
    const { default: start } = await import("@sqlite.org/sqlite-wasm")
    const sqlite = await start()
    const database = new sqlite.oo1.DB()
    const place = sqlite.wasm.allocFromTypedArray(bytes)
    const { SQLITE_DESERIALIZE_FREEONCLOSE, SQLITE_DESERIALIZE_READONLY } = sqlite.capi
    const flags = SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_READONLY
    const size = bytes.length
    database.checkRc(sqlite.capi.sqlite3_deserialize(database, "main", place, size, size, flags))
    // A database that was not closed says so in its header, and would want its journal beside it.
    database.exec("pragma journal_mode = off")
    const known = new Map<string, ReadonlySet<string>>()
    return {
        columns(table) {
            const here = known.get(table)
            if (here !== undefined) return here
            const names = database.selectValues("select name from pragma_table_info(?)", [table])
            const columns = new Set(names.map(String))
            known.set(table, columns)
            return columns
        },
        *rows(query) {
            const statement = database.prepare(query)
            try {
                while (statement.step()) yield statement.get({}) as Row
            } finally {
                statement.finalize()
            }
        },
        close: () => database.close(),
    }
}
