/** What a reader of databases asks for: whoever runs SQLite gives it. */

import { numberOf } from "../parts/json.ts"

export type Row = Readonly<Record<string, unknown>>

export interface Database {
    /** Names of a table's or view's columns; none where there is no such table. */
    columns(table: string): ReadonlySet<string>
    rows(query: string): Iterable<Row>
}

const magic = "SQLite format 3\u0000"

/** Whether a file begins as a database of SQLite does. */
export function isSqlite(head: Uint8Array): boolean {
    return head.length >= magic.length && [...magic].every((letter, at) => head[at] === letter.charCodeAt(0))
}

export const hasTable = (database: Database, table: string): boolean => database.columns(table).size > 0

/** SQL for a column, where this version has it; else for nothing. `short` names the table in the query. */
export function column(database: Database, table: string, short: string, name: string): string {
    return database.columns(table).has(name) ? `${short}.${name}` : "null"
}

/** SQLite's numbers may come as `bigint`. */
export function wholeOf(value: unknown): number | null {
    const number = typeof value === "bigint" ? Number(value) : numberOf(value)
    return number === null ? null : Math.trunc(number)
}
