/**
 * Which file of Signal's `files/` an attachment means.
 *
 * The app names each file by SHA-256 over the plaintext's hash and the local key, puts it into a folder of the first two
 * digits, and appends an ending by its media type. Sizes and names of the sender do not matter.
 */
import { sha256 } from "@noble/hashes/sha2.js"
import { type Bytes, concat } from "../../bytes/bytes.ts"
import { toHex } from "../../bytes/hex.ts"
import type { MediaKind } from "../conversation.ts"
import type { SentFile } from "../parts/chat.ts"
import { baseName, type ExportFiles, kindOf } from "../parts/files.ts"
import { type Fields, fieldsOf, textOf } from "../parts/json.ts"

export class SignalFiles {
    private readonly places = new Map<string, number>()
    private readonly paths = new Map<number, string>()

    constructor(files: ExportFiles) {
        for (const [path, place] of files.entries) {
            if (!/(?:^|\/)files\//.test(path)) continue
            const name = baseName(path)
            this.places.set(name.replace(/\.[^.]*$/, "").toLowerCase(), place)
            this.paths.set(place, name)
        }
    }

    /** A pointer to a file, with the kind that the message gives it. */
    read(pointer: Fields, known: MediaKind | null, wasDownloaded: boolean): SentFile {
        const place = this.find(fieldsOf(pointer["locatorInfo"]))
        const type = textOf(pointer["contentType"])
        const name = textOf(pointer["fileName"]) || (place === null ? "" : (this.paths.get(place) ?? ""))
        const kind = known ?? kindOf(type, name)
        // Exported without media, or never loaded onto the device: the app left it out.
        if (place === null && (this.places.size === 0 || !wasDownloaded)) return { omitted: kind }
        return { name: name || kind, kind, file: place }
    }

    private find(locator: Fields): number | null {
        if (this.places.size === 0) return null
        const hash = fromBase64(textOf(locator["plaintextHash"]))
        if (hash === null) return null
        for (const field of ["localKey", "key"]) {
            const key = fromBase64(textOf(locator[field]))
            if (key === null) continue
            const bytes = concat(hash, key)
            const place = this.places.get(toHex(sha256(bytes) as Bytes)) ?? this.places.get(toHex(bytes))
            if (place !== undefined) return place
        }
        return this.places.get(toHex(hash)) ?? null
    }
}

/** Bytes of the JSON mapping of protocol buffers: base64, at most a key or a hash. */
function fromBase64(text: string): Bytes | null {
    if (text === "" || text.length > 200) return null
    try {
        return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) =>
            character.charCodeAt(0),
        )
    } catch {
        return null
    }
}
