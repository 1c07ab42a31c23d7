/** Exports for tests, and ways to tell whether what comes back is what went in. */

import type { Bytes } from "../../src/bytes/bytes.ts"
import { concat } from "../../src/bytes/bytes.ts"
import { utf8 } from "../../src/bytes/utf8.ts"
import { unpack } from "../../src/engine/zip.ts"
import { readDirectory } from "../../src/engine/zip-directory.ts"
import { type MadeEntry, makeZip } from "./zips.ts"

/** The same bytes for the same seed; nothing compresses them. */
export function noise(length: number, seed: number): Bytes {
    const bytes = new Uint8Array(length)
    let state = (seed * 2_654_435_761 + 1) >>> 0
    for (let at = 0; at < length; at++) {
        state ^= state << 13
        state ^= state >>> 17
        state ^= state << 5
        bytes[at] = state
    }
    return bytes
}

/** Messages `from` to `to`, one a minute; the same message reads the same in every export. */
export function chatText(from: number, to: number, photos: readonly number[] = []): string {
    const lines: string[] = []
    for (let at = from; at < to; at++) {
        const time = new Date(Date.UTC(2024, 0, 1, 8, 0) + at * 60_000)
        const day = `${pad(time.getUTCDate())}.${pad(time.getUTCMonth() + 1)}.${String(time.getUTCFullYear()).slice(2)}`
        const who = at % 3 === 0 ? "Anna" : "Ben"
        const said = photos.includes(at)
            ? `IMG-${photoName(at)}.jpg (Datei angehängt)`
            : `Nachricht ${at} ${sentence(at)}`
        lines.push(`${day}, ${pad(time.getUTCHours())}:${pad(time.getUTCMinutes())} - ${who}: ${said}`)
    }
    return `${lines.join("\n")}\n`
}

export function photoName(at: number): string {
    return `20240101-WA${String(at).padStart(4, "0")}`
}

function sentence(at: number): string {
    const words = ["morgen", "heute", "Kuchen", "vielleicht", "Garten", "später", "schön", "Zug", "warten", "Grüße"]
    return Array.from({ length: 3 + (at % 7) }, (_, index) => words[(at * 7 + index * 3) % words.length]).join(" ")
}

function pad(value: number): string {
    return String(value).padStart(2, "0")
}

export interface ChatExport {
    readonly from?: number
    readonly to?: number
    /** Size of each photo, by the number of its message. */
    readonly photos?: Readonly<Record<number, number>>
    readonly name?: string
    readonly modified?: number
    readonly more?: readonly MadeEntry[]
}

export function chatExport(options: ChatExport = {}): File {
    const { from = 0, to = 200, photos = { 5: 300_000, 9: 40_000 }, more = [] } = options
    const numbers = Object.keys(photos).map(Number)
    const entries: MadeEntry[] = [
        {
            name: "WhatsApp Chat mit Ben.txt",
            content: utf8(chatText(from, to, numbers)),
            deflated: true,
            descriptor: true,
        },
        ...numbers.map((at): MadeEntry => {
            const head = new Uint8Array([0xff, 0xd8, 0xff, 0xe0])
            const content = concat(head, noise((photos[at] ?? 0) - head.length, at))
            return { name: `IMG-${photoName(at)}.jpg`, content, descriptor: true }
        }),
        ...more,
    ]
    return asFile(makeZip(entries, { comment: utf8("a comment") }), options)
}

export function asFile(bytes: Bytes, options: Pick<ChatExport, "name" | "modified"> = {}): File {
    const { name = "WhatsApp Chat mit Ben.zip", modified = Date.UTC(2024, 5, 7, 10, 0, 0) } = options
    return new File([bytes], name, { lastModified: modified })
}

export interface ZipContent {
    readonly name: string
    readonly time: number
    readonly content: string
}

/** Everything of a zip that must come back. */
export async function zipContents(file: Blob): Promise<readonly ZipContent[]> {
    const directory = await readDirectory(file)
    if (directory === null) throw new Error("no zip")
    const contents: ZipContent[] = []
    for await (const { entry, content } of unpack(file, directory)) {
        const pieces: Bytes[] = []
        for await (const piece of content) pieces.push(piece.slice())
        contents.push({ name: entry.name, time: entry.time, content: Buffer.from(concat(...pieces)).toString("hex") })
    }
    return contents
}
