/**
 * Markup as values, and the one place where values become HTML.
 *
 * What people wrote stands in values as it is and is escaped here, once: no text can become an element, whatever room it
 * comes from. The bytes of a file pass through in pieces and are never in memory as a whole.
 */

export type Tag =
    | "a"
    | "article"
    | "audio"
    | "b"
    | "bdi"
    | "blockquote"
    | "body"
    | "code"
    | "dd"
    | "details"
    | "div"
    | "dl"
    | "dt"
    | "em"
    | "figcaption"
    | "figure"
    | "footer"
    | "h1"
    | "h2"
    | "header"
    | "img"
    | "li"
    | "main"
    | "meter"
    | "nav"
    | "p"
    | "s"
    | "section"
    | "span"
    | "strong"
    | "summary"
    | "table"
    | "tbody"
    | "td"
    | "th"
    | "thead"
    | "time"
    | "tr"
    | "ul"
    | "video"

export type Attributes = Readonly<Record<string, string>>

export type Markup = string | Element

export interface Element {
    readonly tag: Tag
    readonly attributes: Attributes
    readonly children: readonly Markup[]
    readonly bytes?: EmbeddedBytes
}

/** Bytes that stand in an attribute as an address. */
export interface EmbeddedBytes {
    readonly attribute: "src" | "href"
    /** A type that was judged safe: it goes into the address as it is. */
    readonly type: string
    readonly pieces: AsyncIterable<Uint8Array>
    /** Stands behind the element if the bytes break off. */
    readonly broken: Markup
}

/** A document that is too long to be one value: what is open and closed, and whole elements in between. */
export type Part =
    | { readonly kind: "open"; readonly tag: Tag; readonly attributes: Attributes }
    | { readonly kind: "close"; readonly tag: Tag }
    | { readonly kind: "whole"; readonly markup: Markup }

export const element = (tag: Tag, attributes: Attributes, ...children: readonly Markup[]): Element => ({
    tag,
    attributes,
    children,
})
export const open = (tag: Tag, attributes: Attributes = {}): Part => ({ kind: "open", tag, attributes })
export const close = (tag: Tag): Part => ({ kind: "close", tag })
export const whole = (markup: Markup): Part => ({ kind: "whole", markup })

/** Nothing is left out and nothing set right: a parser reads back what was written, but for NUL, which HTML does not have. */
export function escaped(text: string): string {
    return text.replace(/[&<>"'\r\0]/g, (sign) => escapes[sign] ?? "\uFFFD")
}

const escapes: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
    // A parser would make a line feed of it.
    "\r": "&#13;",
}

export async function* serialized(parts: AsyncIterable<Part>): AsyncGenerator<string> {
    for await (const part of parts) {
        if (part.kind === "open") yield `<${part.tag}${attributesOf(part.attributes)}>`
        else if (part.kind === "close") yield `</${part.tag}>\n`
        else if (hasBytes(part.markup)) yield* withBytes(part.markup)
        else yield textOf(part.markup)
    }
}

async function* withBytes(markup: Element): AsyncGenerator<string> {
    const { tag, attributes, children, bytes } = markup
    yield `<${tag}${attributesOf(attributes)}`
    let broken = false
    if (bytes !== undefined) {
        yield ` ${bytes.attribute}="data:${escaped(bytes.type)};base64,`
        try {
            yield* base64(bytes.pieces)
        } catch (error) {
            if (error instanceof Error && error.name === "AbortError") throw error
            broken = true
        }
        yield '"'
    }
    yield ">"
    for (const child of children) {
        if (hasBytes(child)) yield* withBytes(child)
        else yield textOf(child)
    }
    if (tag !== "img") yield `</${tag}>`
    if (broken && bytes !== undefined) yield textOf(bytes.broken)
}

const hasBytes = (markup: Markup): markup is Element =>
    typeof markup !== "string" && (markup.bytes !== undefined || markup.children.some(hasBytes))

function textOf(markup: Markup): string {
    if (typeof markup === "string") return escaped(markup)
    const { tag, attributes, children } = markup
    const inner = children.map(textOf).join("")
    return `<${tag}${attributesOf(attributes)}>${tag === "img" ? "" : `${inner}</${tag}>`}`
}

/** Names of attributes are this program's own. */
function attributesOf(attributes: Attributes): string {
    return Object.entries(attributes)
        .map(([name, value]) => (value === "" ? ` ${name}` : ` ${name}="${escaped(value)}"`))
        .join("")
}

/** Three bytes are four letters: what is left of a piece goes in front of the next. */
const atOnce = 3 * 8192

export async function* base64(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
    let left = new Uint8Array(0)
    for await (const piece of pieces) {
        let rest: Uint8Array = piece
        if (left.length > 0) {
            const missing = 3 - left.length
            const joined = new Uint8Array(left.length + Math.min(missing, piece.length))
            joined.set(left)
            joined.set(piece.subarray(0, missing), left.length)
            rest = piece.subarray(missing)
            left = joined
            if (left.length < 3) continue
            yield letters(left)
        }
        const fitting = rest.length - (rest.length % 3)
        for (let at = 0; at < fitting; at += atOnce) yield letters(rest.subarray(at, Math.min(fitting, at + atOnce)))
        left = rest.slice(fitting)
    }
    if (left.length > 0) yield letters(left)
}

const letters = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes))
