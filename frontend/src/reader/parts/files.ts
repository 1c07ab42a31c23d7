/** Finds the file that a message means by a relative path, whatever folders the archive put around the export. */
import type { MediaKind } from "../conversation.ts"
import { mediaKind } from "../whatsapp/attachments.ts"

/** A path of more folders is nobody's export. */
const deepest = 16
/** A path that two files could end with: neither is taken. */
const ambiguous = -1

const isJunk = (path: string): boolean => /(?:^|\/)(?:__MACOSX\/|\.DS_Store$|\._)/.test(path)

const plain = (path: string): string =>
    path
        .normalize("NFC")
        .replaceAll("\\", "/")
        .split("/")
        .filter((part) => part !== "" && part !== ".")
        .join("/")

export const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1)

/** Indices of the files that may be texts: no folders, and nothing that file managers leave behind. */
export function candidates(fileNames: readonly string[], ending: RegExp): number[] {
    const places: number[] = []
    fileNames.forEach((name, place) => {
        if (ending.test(name) && !isJunk(name)) places.push(place)
    })
    return places
}

export class ExportFiles {
    /** By whole path; a name that stands twice means its last entry. */
    private readonly places = new Map<string, number>()
    private readonly paths: readonly string[]
    private endings: Map<string, number> | null = null

    constructor(fileNames: readonly string[]) {
        this.paths = fileNames.map(plain)
        fileNames.forEach((name, place) => {
            if (!name.endsWith("/") && !isJunk(name)) this.places.set(this.paths[place] ?? "", place)
        })
    }

    /** Whole paths and their places. */
    get entries(): Iterable<readonly [path: string, place: number]> {
        return this.places
    }

    /** The folder of a file, ending in `/`; empty at the root. */
    folderOf(place: number): string {
        const path = this.paths[place] ?? ""
        return path.slice(0, path.lastIndexOf("/") + 1)
    }

    /** The file that the text at place `from` calls `path`, or null. */
    find(path: string, from: number): number | null {
        const parts = plain(path).split("/")
        if (parts.length > deepest || parts[0] === "") return null
        const whole = parts.join("/")
        const folder = this.folderOf(from)
        const near = this.nearest(folder, whole)
        if (near !== null) return near
        const ending = this.byEnding(whole)
        if (ending !== null) return ending
        // Only the inner folders of an export were packed: what is left of the path still begins beside the text.
        for (let left = 1; left + 1 < parts.length; left++) {
            const place = this.places.get(folder + parts.slice(left).join("/"))
            if (place !== undefined) return place
        }
        return null
    }

    /** A path may begin beside the text or in any folder around it. */
    private nearest(folder: string, path: string): number | null {
        let around = folder
        for (let steps = 0; steps < deepest; steps++) {
            const place = this.places.get(around + path)
            if (place !== undefined) return place
            if (around === "") return null
            around = around.slice(0, around.lastIndexOf("/", around.length - 2) + 1)
        }
        return null
    }

    private byEnding(path: string): number | null {
        if (this.endings === null) {
            this.endings = new Map()
            for (const [whole, place] of this.places) {
                let slash = whole.indexOf("/")
                for (let depth = 0; slash >= 0 && depth < deepest; depth++, slash = whole.indexOf("/", slash + 1)) {
                    const ending = whole.slice(slash + 1)
                    this.endings.set(ending, this.endings.has(ending) ? ambiguous : place)
                }
            }
        }
        const place = this.endings.get(path)
        return place === undefined || place === ambiguous ? null : place
    }
}

/** What kind a file is by its media type, or by its name where that says nothing. */
export function kindOf(type: string, name: string): MediaKind {
    if (type === "image/gif") return "gif"
    if (type.startsWith("image/")) return "photo"
    if (type.startsWith("video/")) return "video"
    if (type.startsWith("audio/")) return "audio"
    return /^text\/(?:x-)?vcard$/.test(type) ? "contact" : mediaKind(name)
}
