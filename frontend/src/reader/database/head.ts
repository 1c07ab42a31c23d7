/** How a database begins. */

const magic = "SQLite format 3\u0000"

export function isSqlite(head: Uint8Array): boolean {
    return head.length >= magic.length && [...magic].every((letter, at) => head[at] === letter.charCodeAt(0))
}
