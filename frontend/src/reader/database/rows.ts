/** What a reader of databases asks for: whoever runs SQLite gives it. */

export type Row = Readonly<Record<string, unknown>>

export interface Database {
    /** Names of a table's columns; none where there is no such table. */
    columns(table: string): ReadonlySet<string>
    rows(query: string): Iterable<Row>
}
