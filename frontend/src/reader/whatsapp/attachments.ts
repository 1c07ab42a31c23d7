/** Which file of the archive a record means; found by the archive's own list, not by words of a language. */
import type { Attachment, MediaKind } from "../conversation.ts"
import { comparableName, trimEndOfText, trimMarks } from "./characters.ts"
import { attachedWords } from "./words.ts"

/** The archive's files by comparable name. A name that stands twice means its last entry. */
export class FileList {
    private readonly places = new Map<string, number>()
    private readonly used = new Set<number>()
    private readonly names: readonly string[]

    constructor(fileNames: readonly string[]) {
        this.names = fileNames
        fileNames.forEach((name, place) => {
            if (name.endsWith("/")) return
            const comparable = comparableName(name)
            this.places.set(comparable.slice(comparable.lastIndexOf("/") + 1), place)
            this.places.set(comparable, place)
        })
    }

    find(name: string): number | null {
        return this.places.get(name) ?? null
    }

    use(place: number): void {
        this.used.add(place)
    }

    /** Entries that no record means, the chat's own text and the leavings of file managers aside. */
    unused(chatText: string | null): number[] {
        const left: number[] = []
        this.names.forEach((name, place) => {
            const junk = name.endsWith("/") || name === chatText || /(?:^|\/)(?:__MACOSX\/|\.DS_Store$|\._)/.test(name)
            if (!junk && !this.used.has(place)) left.push(place)
        })
        return left
    }
}

const androidShape = /^(?:IMG|VID|PTT|AUD|STK|DOC)-\d{8}-WA\d{4,}\.\w{0,5}$/
const iosShape = /^\d{8}-(?:(?:PHOTO|VIDEO|GIF|AUDIO|STICKER)-\d{4}(?:-\d\d){5}\.\w{1,5}|.{1,200}\.\w{1,5})$/
const oldIosShape = /^\d{4}-\d\d-\d\d-(?:PHOTO|VIDEO|AUDIO)-\d{8}\.\w{1,5}$/

const endings: readonly (readonly [MediaKind, RegExp])[] = [
    ["photo", /\.(?:jpe?g|png|heic|heif|avif|bmp|tiff?|webp)$/i],
    ["gif", /\.gif$/i],
    ["video", /\.(?:mp4|3gp|mov|webm|mkv|avi|m4v)$/i],
    ["voice", /\.(?:opus|amr)$/i],
    ["audio", /\.(?:m4a|mp3|ogg|oga|aac|wav|flac)$/i],
    ["contact", /\.vcf$/i],
]

const shapes: readonly (readonly [MediaKind, RegExp])[] = [
    ["sticker", /^STK-|^\d{8}-STICKER-/],
    ["gif", /^\d{8}-GIF-/],
    ["photo", /^IMG-\d{8}-WA|^\d{8}-PHOTO-|-PHOTO-\d{8}\./],
    ["video", /^VID-\d{8}-WA|^\d{8}-VIDEO-|-VIDEO-\d{8}\./],
    ["voice", /^PTT-/],
    ["audio", /^AUD-\d{8}-WA/],
    ["document", /^DOC-\d{8}-WA/],
]

export function mediaKind(name: string): MediaKind {
    for (const [kind, shape] of shapes) if (shape.test(name)) return kind
    for (const [kind, ending] of endings) if (ending.test(name)) return kind
    return "document"
}

export interface FoundAttachment {
    readonly attachment: Attachment
    /** The body without the mark. */
    readonly text: string
}

function attach(name: string, file: number | null, files: FileList): Attachment {
    if (file !== null) files.use(file)
    return { name, kind: mediaKind(name), file }
}

/** A hostile body can hold thousands of brackets: only so many from the end are tried. */
const tries = 8

/** Marks in pointed brackets: `<WORD: F>` and, on very old phones, `F <WORD>`. */
function inBrackets(body: string, files: FileList): FoundAttachment | null {
    let open = body.lastIndexOf("<")
    for (let count = 0; open >= 0 && count < tries; count++) {
        const lineEnd = body.indexOf("\n", open)
        const line = body.slice(open, lineEnd < 0 ? Math.min(body.length, open + 600) : Math.min(lineEnd, open + 600))
        const begin = /^<([^<>:：\n]{1,40})[:：]/.exec(line)
        if (begin !== null) {
            const found = closeBracket(line, begin[0].length, begin[1] ?? "", files)
            if (found !== null) {
                const text = join(body.slice(0, open), body.slice(open + found.length))
                return { attachment: attach(found.name, found.file, files), text }
            }
        }
        if (open === 0) break
        open = body.lastIndexOf("<", open - 1)
    }
    const old = /^([^<>\n]{1,255}) <[^<>\n]{1,40}>$/.exec(body)
    if (old === null) return null
    const name = comparableName(old[1] ?? "")
    const file = files.find(name)
    return file === null && !oldIosShape.test(name) ? null : { attachment: attach(name, file, files), text: "" }
}

function closeBracket(line: string, from: number, word: string, files: FileList) {
    const known = attachedWords.has(comparableName(word).trim().toLowerCase())
    let missing: { name: string; file: null; length: number } | null = null
    let close = line.lastIndexOf(">")
    for (let count = 0; close > from && count < tries; count++, close = line.lastIndexOf(">", close - 1)) {
        const name = comparableName(line.slice(from, close)).trim()
        const file = files.find(name)
        if (file !== null) return { name, file, length: close + 1 }
        // The longest name wins among entries; of what is missing, the shortest that has a shape.
        if (iosShape.test(name) || androidShape.test(name) || (known && name !== ""))
            missing = { name, file: null, length: close + 1 }
    }
    return missing
}

/** `F (WORDS)` as the first line. */
function inFirstLine(body: string, files: FileList): FoundAttachment | null {
    const lineEnd = body.indexOf("\n")
    const line = lineEnd < 0 ? body : body.slice(0, lineEnd)
    if (line.length > 600) return null
    const trimmed = line.trimEnd()
    if (!trimmed.endsWith(")") && !trimmed.endsWith("）")) return null
    const caption = lineEnd < 0 ? "" : body.slice(lineEnd + 1)
    let open = trimmed.lastIndexOf("(")
    for (let count = 0; open > 0 && count < tries; count++, open = trimmed.lastIndexOf("(", open - 1)) {
        const name = comparableName(trimmed.slice(0, open)).trim()
        const file = files.find(name)
        const words = comparableName(trimmed.slice(open)).toLowerCase()
        const missing = androidShape.test(name) || (attachedWords.has(words) && /\.\w{0,5}$/.test(name))
        if (file !== null || missing)
            return { attachment: attach(name, file, files), text: withoutTitle(name, caption) }
    }
    return null
}

/** Android repeats the title of a document below it. */
const withoutTitle = (name: string, caption: string): string => {
    const said = comparableName(trimMarks(caption)).trim()
    return said === name || said === name.replace(/\.\w{0,5}$/, "") ? "" : caption
}

const join = (before: string, after: string): string => {
    const head = trimEndOfText(trimMarks(before))
    const tail = trimMarks(after)
    return head + (head !== "" && tail.trim() !== "" ? tail : tail.trimStart())
}

export function findAttachment(body: string, files: FileList): FoundAttachment | null {
    return (body.includes("<") ? inBrackets(body, files) : null) ?? inFirstLine(body, files)
}
