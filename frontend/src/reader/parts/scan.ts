/**
 * Finds where values begin and end in a JSON text, without reading it: so that each message can be parsed by itself.
 *
 * An export may be hundreds of megabytes, and one broken message must not lose the rest. Nothing here calls itself, so
 * nesting of any depth costs no more than its characters; and nothing throws.
 */
const quote = 0x22
const comma = 0x2c
const colon = 0x3a
const backslash = 0x5c
/** `{` and `[`, `}` and `]`: each pair differs in one bit only. */
const open = 0x7b
const close = 0x7d
const bracketBit = 0x20

/** What a visitor gives back when it did not walk through the value itself. */
export const unread = -1

/** So often it is looked for how elements begin, before it is taken that they do not stand on lines of their own. */
const mostLooks = 100

export class JsonText {
    readonly text: string
    /** The first line feed at or after `from`: no string goes beyond it, because JSON writes line feeds as `\n`. */
    private feed = -1
    private from = 0
    /** How an element begins, once one was broken so that it swallowed its neighbours; and where the next one does. */
    private beginning = ""
    private next = -1
    private looks = 0

    constructor(text: string) {
        this.text = text
    }

    /** The first place from `at` on that is neither white space nor a byte order mark. */
    skip(at: number): number {
        const { text } = this
        for (let place = at; ; place++) {
            const code = text.charCodeAt(place)
            if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09 && code !== 0xfeff)
                return Math.min(place, text.length)
        }
    }

    isObject(at: number): boolean {
        return this.text.charCodeAt(at) === open
    }

    isArray(at: number): boolean {
        return this.text.charCodeAt(at) === (open ^ bracketBit)
    }

    /** Behind the last character of the value at `at`; the text's end, or `limit`, where it is cut off. */
    endOfValue(at: number, limit = this.text.length): number {
        const { text } = this
        const first = text.charCodeAt(at)
        if (first === quote) return this.endOfString(at)
        if ((first | bracketBit) !== open) return this.endOfWord(at)
        let depth = 0
        for (let place = at; place < limit; ) {
            const code = text.charCodeAt(place)
            if (code === quote) {
                place = this.endOfString(place)
                continue
            }
            place++
            const bracket = code | bracketBit
            if (bracket === open) depth++
            else if (bracket === close && --depth === 0) return place
        }
        return limit
    }

    /** Walks through an object's members; `visit` gives back where the value ends, or `unread`. -1: it does not end well. */
    eachMember(at: number, visit: (key: string, value: number) => number): number {
        const { text } = this
        for (let place = this.skip(at + 1); place < text.length; ) {
            const code = text.charCodeAt(place)
            if (code === close) return place + 1
            if (code === comma) {
                place = this.skip(place + 1)
                continue
            }
            if (code !== quote) return -1
            const keyEnd = this.endOfString(place)
            const behind = this.skip(keyEnd)
            if (text.charCodeAt(behind) !== colon) return -1
            const value = this.skip(behind + 1)
            const end = visit(text.slice(place + 1, keyEnd - 1), value)
            place = this.skip(Math.max(end === unread ? this.endOfValue(value) : end, value))
        }
        return -1
    }

    /** Walks through an array's elements in the same way. */
    eachElement(at: number, visit: (element: number) => number): number {
        const { text } = this
        for (let place = this.skip(at + 1); place < text.length; ) {
            const code = text.charCodeAt(place)
            if ((code | bracketBit) === close) return code === close ? -1 : place + 1
            if (code === comma) {
                place = this.skip(place + 1)
                continue
            }
            const end = visit(place)
            place = this.skip(Math.max(end === unread ? this.endOfValue(place) : end, place + 1))
        }
        return -1
    }

    /** Parses an array's elements one by one. `read` gets undefined for what is no JSON. */
    parseElements(at: number, read: (value: unknown, offset: number, length: number) => void): number {
        const { text } = this
        return this.eachElement(at, (element) => {
            const end = this.endOfValue(element, this.limit(element))
            const value = parse(text.slice(element, end))
            const swallowed = value === undefined && (end === this.next || this.swallows(element, end))
            if (!swallowed) {
                read(value, element, end - element)
                return end
            }
            const piece = text.slice(element, this.next).trimEnd()
            read(undefined, element, piece.length - (piece.endsWith(",") ? 1 : 0))
            return this.next
        })
    }

    /** Where the next element begins, as far as that is known beforehand. */
    private limit(at: number): number {
        if (this.beginning === "") return this.text.length
        if (this.next <= at) {
            const next = this.text.indexOf(this.beginning, at)
            this.next = next < 0 ? this.text.length : next
        }
        return this.next
    }

    /**
     * An element that lost its last bracket seems to go on to the end of the text. Where elements stand on lines of their
     * own, the next line that begins like this element's first one is the beginning of the next; from then on none may
     * go beyond such a line.
     */
    private swallows(at: number, end: number): boolean {
        const { text } = this
        if (this.beginning !== "" || this.looks++ >= mostLooks) return false
        const before = text.slice(Math.max(0, at - 64), at)
        const line = before.slice(before.lastIndexOf("\n"))
        if (!line.startsWith("\n") || line.trim() !== "") return false
        const beginning = line + text.charAt(at)
        const next = text.indexOf(beginning, at)
        if (next < 0 || next >= end) return false
        this.beginning = beginning
        this.next = next
        return true
    }

    private endOfString(at: number): number {
        const { text } = this
        if (at < this.from || at > this.feed) {
            const feed = text.indexOf("\n", at)
            this.feed = feed < 0 ? text.length : feed
            this.from = at
        }
        for (let end = text.indexOf('"', at + 1); ; end = text.indexOf('"', end + 1)) {
            if (end < 0 || end > this.feed) return this.feed
            let before = end - 1
            while (text.charCodeAt(before) === backslash) before--
            if ((end - before) % 2 === 1) return end + 1
        }
    }

    private endOfWord(at: number): number {
        const { text } = this
        for (let place = at; place < text.length; place++) {
            const code = text.charCodeAt(place)
            if (code <= 0x20 || code === comma || (code | bracketBit) === close) return place
        }
        return text.length
    }
}

/** The value of a JSON text, or undefined. Telegram writes control characters as `\xNN`, which is not JSON. */
export function parse(text: string): unknown {
    try {
        return JSON.parse(text)
    } catch {
        if (!text.includes("\\x")) return undefined
    }
    try {
        // Every escape is looked at, so that an escaped backslash before an x stays what it is.
        return JSON.parse(text.replace(/\\(?:x([0-9a-fA-F]{2})|[\s\S])/g, (all, code) => (code ? `\\u00${code}` : all)))
    } catch {
        return undefined
    }
}
