/** WhatsApp's own databases as exports: which files hold one, and what an encrypted backup holds under its key. */

import { type Bytes, concat } from "../bytes/bytes.ts"
import { DatabaseError, isCrypt15, openCrypt15, rootOfDigits, rootOfKeyFile } from "../reader/database/crypt15.ts"
import { isSqlite } from "../reader/database/rows.ts"
import { EngineError } from "./errors.ts"
import type { BackupKey } from "./protocol.ts"
import type { ExportSource, SourceFile } from "./source.ts"

/** Read and decrypted in memory: what is longer is kept as a file. */
export const longestDatabase = 1024 * 1024 * 1024
const named = /\.(?:db|sqlite3?|backup)$/i
/** An archive of phones' files holds hundreds of databases; these names are looked into first. */
const mostDatabases = 8
const headLength = 256

/** Databases among the files of an export, those with messages first by their usual names. */
export async function databasesOf(source: ExportSource): Promise<readonly SourceFile[]> {
    const likely = source.files
        .filter(({ name, size }) => (named.test(name) || source.kind === "file") && size > 0 && size <= longestDatabase)
        .toSorted((one, other) => rank(one.name) - rank(other.name))
        .slice(0, mostDatabases)
    const found: SourceFile[] = []
    for (const file of likely) {
        if (!isSqlite(await headOf(source, file))) continue
        // What the phone had written last lies beside it.
        found.push(file, ...source.files.filter(({ name }) => name === `${file.name}-wal`))
    }
    return found
}

/** Whether it is an encrypted backup that its key would open. */
export async function isEncryptedBackup(source: ExportSource): Promise<boolean> {
    const [file] = source.files
    if (source.kind !== "file" || file === undefined || !/\.crypt15$/i.test(file.name)) return false
    return file.size <= longestDatabase && isCrypt15(await headOf(source, file))
}

/** The database in the backup, as a file of its own. The key is forgotten with the call. */
export async function openBackup(file: File, key: BackupKey): Promise<File> {
    const root = await rootOf(key)
    if (root === null) throw new EngineError("not-a-backup-key")
    try {
        const plain = await openCrypt15(new Uint8Array(await file.arrayBuffer()), root)
        return new File([plain], file.name.replace(/\.crypt15$/i, ""), { lastModified: file.lastModified })
    } catch (error) {
        if (!(error instanceof DatabaseError)) throw error
        throw new EngineError(error.code === "wrong-key" ? "wrong-backup-key" : "damaged-backup")
    } finally {
        root.fill(0)
    }
}

async function rootOf(key: BackupKey): Promise<Bytes | null> {
    if (key.kind === "digits") return rootOfDigits(key.digits)
    if (key.file.size > 4096) return null
    const bytes = new Uint8Array(await key.file.arrayBuffer())
    // Somebody may have typed the digits into a file.
    return rootOfKeyFile(bytes) ?? rootOfDigits(new TextDecoder().decode(bytes))
}

async function headOf(source: ExportSource, file: SourceFile): Promise<Bytes> {
    const pieces: Bytes[] = []
    let length = 0
    for await (const piece of source.readOne(file)) {
        pieces.push(piece.slice(0, headLength))
        length += piece.length
        if (length >= headLength) break
    }
    return concat(...pieces)
}

function rank(name: string): number {
    const last = name.slice(name.lastIndexOf("/") + 1).toLowerCase()
    if (last === "msgstore.db" || last === "chatstorage.sqlite") return 0
    return last === "wa.db" || last === "contactsv2.sqlite" ? 1 : 2
}
