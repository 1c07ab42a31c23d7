/**
 * Names from sealed snapshots become names on a disk: inside the place, allowed everywhere, none twice (docs/client.md has the
 * rules; `tests/vectors/safe-names.json` holds this and the command line to the same ones).
 */

import { fromUtf8, utf8 } from "../bytes/utf8.ts"
import type { Path } from "./ports.ts"

/** Most file systems allow 255 bytes, and " (2)" has to fit. */
const longestName = 200
const longestEnding = 20
const nameless = "unnamed"
/** Control and path characters, what turns the direction of writing, halves of surrogate pairs. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const forbidden = /[\u0000-\u001f\u007f-\u009f<>:"|?*\\\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/gu
/** Devices of Windows, with any ending. */
const reserved = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?: *\..*)?$/iu
/** Looking at a folder is enough for these to do something; browsers refuse to write them. */
const active = /\.(?:lnk|local|scf|url|crswap)$/iu

export class SafeNames {
    /** Parent and name as file systems compare them → the name given out, and whether it is a folder. */
    readonly #taken = new Map<string, { readonly path: Path; readonly folder: boolean }>()
    readonly #folders = new Map<string, Path>()

    /** The path of a file below `at`: the same names in the same order give the same paths. */
    file(name: string, at: Path = []): Path {
        const parts = partsOf(name)
        return this.#claim(this.#below(at, parts.slice(0, -1)), parts.at(-1) ?? nameless, false)
    }

    /** The path of a folder below `at`; the same name again is the same folder. */
    folder(name: string, at: Path = []): Path {
        return this.#below(at, partsOf(name))
    }

    /** A folder that nothing else has. */
    ownFolder(name: string, at: Path = []): Path {
        return this.#claim(at, safeName(name), true)
    }

    #below(at: Path, parts: readonly string[]): Path {
        let path = at
        for (const part of parts) {
            const key = keyOf(path, part)
            const known = this.#folders.get(key) ?? this.#claimFolder(path, part)
            this.#folders.set(key, known)
            path = known
        }
        return path
    }

    #claimFolder(parent: Path, part: string): Path {
        return this.#taken.get(keyOf(parent, part))?.folder === true
            ? [...parent, part]
            : this.#claim(parent, part, true)
    }

    #claim(parent: Path, part: string, folder: boolean): Path {
        let candidate = part
        for (let number = 2; this.#taken.has(keyOf(parent, candidate)); number++) candidate = numbered(part, number)
        const path = [...parent, candidate]
        this.#taken.set(keyOf(parent, candidate), { path, folder })
        return path
    }
}

/** One name that no file system reads as anything but a name. */
export function safeName(name: string): string {
    const allowed = withoutTail(name.replaceAll("/", "_").replaceAll(forbidden, "_"))
    const part = withoutTail(shortened(reserved.test(allowed) ? `_${allowed}` : allowed))
    return part === "" ? nameless : active.test(part) ? `${part}_` : part
}

/** Windows drops dots and spaces at the end, so that ".. " would be "..". */
function withoutTail(part: string): string {
    const stem = part.replace(/[. ]+$/u, "")
    return stem + "_".repeat(part.length - stem.length)
}

/** Another name for the same file, where one is taken. */
export function numbered(part: string, number: number): string {
    const dot = part.lastIndexOf(".")
    return dot <= 0 ? `${part} (${number})` : `${part.slice(0, dot)} (${number})${part.slice(dot)}`
}

function partsOf(name: string): readonly string[] {
    return name
        .split("/")
        .filter((part) => part !== "" && part !== ".")
        .map(safeName)
}

function shortened(part: string): string {
    if (utf8(part).length <= longestName) return part
    const dot = part.lastIndexOf(".")
    const ending = dot <= 0 || utf8(part.slice(dot + 1)).length > longestEnding ? "" : part.slice(dot)
    const stem = ending === "" ? part : part.slice(0, dot)
    return beginning(stem, longestName - utf8(ending).length) + ending
}

/** As much as fits into so many bytes, and no half of a character. */
function beginning(text: string, most: number): string {
    const bytes = utf8(text)
    let end = Math.min(most, bytes.length)
    while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--
    return fromUtf8(bytes.slice(0, end))
}

/** What file systems that fold case and composition compare. */
function keyOf(parent: Path, part: string): string {
    return [...parent, part.normalize("NFC").toUpperCase().toLowerCase().normalize("NFC")].join("/")
}
