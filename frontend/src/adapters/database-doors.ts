/** The workers' ends of `databases.ts`: what SQLite reads, and what Python does. */

import { expose } from "comlink"
import type { Bytes } from "../bytes/bytes.ts"
import { readDeep } from "../reader/database/deep.ts"
import { type Opened, type ReadDatabases, readDatabases } from "../reader/database/read.ts"
import type { DatabaseDoor, DatabasePair } from "./databases.ts"
import type { DeepReader } from "./deep-reader.ts"
import { type OpenDatabase, openDatabase, type Sqlite } from "./sqlite.ts"

const bytesOf = async (blob: Blob): Promise<Bytes> => new Uint8Array(await blob.arrayBuffer())

/** `zone`, as IANA names it: whose clock on the wall is shown; absent: this device's. */
export async function readWithSqlite(
    sqlite: Sqlite,
    databases: readonly DatabasePair[],
    fileNames: readonly string[],
    zone?: string,
): Promise<ReadDatabases> {
    const opened: (Opened & { readonly database: OpenDatabase })[] = []
    try {
        for (const { name, content, log } of databases) {
            const last = log === null ? null : await bytesOf(log)
            opened.push({ name, database: openDatabase(sqlite, await bytesOf(content), last) })
        }
        return readDatabases(opened, fileNames, zone)
    } finally {
        for (const { database } of opened) database.close()
    }
}

export async function readWithPython(
    reader: DeepReader,
    databases: readonly DatabasePair[],
    fileNames: readonly string[],
    zone?: string,
): Promise<ReadDatabases> {
    const files = []
    for (const { content, log } of databases)
        files.push({ content: await bytesOf(content), log: log === null ? null : await bytesOf(log) })
    const found = reader.read(files)
    if (found === null) return { kind: "unknown" }
    // Media lie around the database that has the messages; that is the largest.
    const largest = databases.reduce((one, other) => (other.content.size > one.content.size ? other : one))
    const setting = { fileNames, from: fileNames.indexOf(largest.name) }
    return { kind: "read", parts: readDeep(found, zone === undefined ? setting : { ...setting, zone }) }
}

export function exposeDatabases<Program>(
    start: () => Promise<Program>,
    read: (
        program: Program,
        databases: readonly DatabasePair[],
        fileNames: readonly string[],
    ) => Promise<ReadDatabases>,
): void {
    let started: Promise<Program> | null = null
    const door: DatabaseDoor = {
        async start() {
            started ??= start()
            await started
        },
        async read(databases, fileNames) {
            if (started === null) throw new TypeError("not started")
            return await read(await started, databases, fileNames)
        },
    }
    expose(door)
}
