/** Which file of the export a database means by the path that it had on the phone. */

import type { MediaKind } from "../conversation.ts"
import type { SentFile } from "../parts/chat.ts"
import { baseName, ExportFiles } from "../parts/files.ts"
import { mediaKind } from "../whatsapp/attachments.ts"

export class MediaFiles {
    private readonly files: ExportFiles
    /** Where the database itself stands among the files. */
    private readonly from: number
    /** By last name, where only one file has it: people pack media without their folders. */
    private readonly byName = new Map<string, number | null>()

    constructor(fileNames: readonly string[], from: number) {
        this.files = new ExportFiles(fileNames)
        this.from = from
        for (const [path, place] of this.files.entries) {
            const name = baseName(path)
            this.byName.set(name, this.byName.has(name) ? null : place)
        }
    }

    /** `path` empty: the media were never loaded, or are gone. `name` is what the sender called it. */
    read(path: string, name: string, kind: MediaKind | null): SentFile {
        const shown = baseName(path) || name
        const known = kind === null || (kind === "audio" && mediaKind(shown) === "voice") ? mediaKind(shown) : kind
        if (shown === "") return { omitted: kind }
        return { name: shown, kind: known, file: path === "" ? null : this.find(path) }
    }

    private find(path: string): number | null {
        return this.files.find(path.replace(/^\/+/, ""), this.from) ?? this.byName.get(baseName(path)) ?? null
    }
}
