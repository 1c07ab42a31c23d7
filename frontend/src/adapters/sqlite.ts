/** SQLite in this worker: opened from bytes, in memory, for reading. Its program is loaded with the worker that asks. */

import type { Bytes } from "../bytes/bytes.ts"
import type { Database, Row } from "../reader/database/rows.ts"

export interface OpenDatabase extends Database {
    close(): void
}

/** What it would say to developers could name files; and what lies in clear on a disk is not wanted. */
const asked = {
    warn: () => undefined,
    error: () => undefined,
    debug: () => undefined,
    log: () => undefined,
    disable: { vfs: { kvvfs: true, opfs: true, "opfs-vfs": true, "opfs-wl": true, "opfs-sahpool": true } },
}

async function started() {
    Object.assign(globalThis, { sqlite3ApiConfig: asked })
    const { default: start } = await import("@sqlite.org/sqlite-wasm")
    return await start()
}

export type Sqlite = Awaited<ReturnType<typeof started>>
export const startSqlite = started

let opened = 0

/** `log`: what was written last, where the phone had not yet moved it into the database (`…-wal`). */
export function openDatabase(sqlite: Sqlite, bytes: Bytes, log: Bytes | null): OpenDatabase {
    opened += 1
    const place = `/${opened}.db`
    sqlite.capi.sqlite3_js_posix_create_file(place, bytes)
    if (log !== null) sqlite.capi.sqlite3_js_posix_create_file(`${place}-wal`, log)
    const database = new sqlite.oo1.DB(place, "w")
    // Nobody else has it open: so it needs no shared memory, which there is none of.
    database.exec("pragma locking_mode = exclusive; pragma trusted_schema = off; pragma query_only = on")
    const known = new Map<string, ReadonlySet<string>>()
    return {
        columns(table) {
            const before = known.get(table)
            if (before !== undefined) return before
            const names = database.selectValues("select name from pragma_table_info(?)", [table])
            const columns = new Set(names.map(String))
            known.set(table, columns)
            return columns
        },
        *rows(query) {
            const statement = database.prepare(query)
            const value = valuesOf(sqlite, statement)
            try {
                const names = statement.getColumnNames()
                while (statement.step()) {
                    const row: { [name: string]: unknown } = {}
                    for (let place = 0; place < names.length; place++) row[names[place] ?? ""] = value(place)
                    yield row as Row
                }
            } finally {
                statement.finalize()
            }
        },
        close: () => database.close(),
    }
}

type Statement = ReturnType<InstanceType<Sqlite["oo1"]["DB"]>["prepare"]>

/** The library's own way asks several questions for each value, of which there are millions. No number here is beyond 2^53. */
function valuesOf({ capi }: Sqlite, statement: Statement): (place: number) => unknown {
    const { pointer } = statement
    if (pointer === undefined) throw new TypeError("a statement that has ended")
    return (place) => {
        switch (capi.sqlite3_column_type(pointer, place)) {
            case capi.SQLITE_NULL:
                return null
            case capi.SQLITE_TEXT:
                return capi.sqlite3_column_text(pointer, place)
            case capi.SQLITE_BLOB:
                return statement.getBlob(place)
            default:
                return capi.sqlite3_column_double(pointer, place)
        }
    }
}
