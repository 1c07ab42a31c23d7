/** The reader of foreign databases in Python, as this worker calls it (`frontend/python/deep_import/browser.py`). */

import type { PyodideInterface } from "pyodide"
import type { Bytes } from "../bytes/bytes.ts"

/** The packages, as the lock names them: each is asked for, none brings another along. */
export const deepWheels = ["deep-import", "whatsapp-chat-exporter", "markupsafe", "tqdm"] as const

export interface DeepFile {
    readonly content: Bytes
    /** What was written last and stands beside it (`…-wal`). */
    readonly log: Bytes | null
}

export interface DeepReader {
    /** What was found, as `reader/database/deep.ts` takes it; null: nothing that is known. */
    read(files: readonly DeepFile[]): unknown
}

interface Browser {
    read(paths: readonly string[]): string | null | undefined
}

export function deepReader(python: PyodideInterface): DeepReader {
    const browser = python.pyimport("deep_import.browser") as Browser
    return {
        read(files) {
            const paths = files.map(({ content, log }, place) => {
                const path = `/tmp/${place}.db`
                // Its own memory: SQLite may write into the file, and the log is laid into it.
                python.FS.writeFile(path, content)
                if (log !== null) python.FS.writeFile(`${path}-wal`, log)
                return path
            })
            const found = browser.read(paths)
            return typeof found === "string" ? (JSON.parse(found) as unknown) : null
        },
    }
}
