/**
 * A document on its way to the printer: built in a hidden frame, without a string of markup and without an address.
 *
 * The frame has the page's own policy, which forbids styles within a document and frames from anywhere. Neither is needed: an
 * empty frame is no request, elements are made one by one, styles are adopted, and pictures are blobs of this page.
 */

import type { OutDocument } from "../../reader/out/document.ts"
import type { Markup, Part } from "../../reader/out/markup.ts"

export interface Paper {
    readonly page: Document
    print(): void
    close(): void
}

/** A4 on the screen, so that pictures are laid out as they will be printed. */
const frameSize = { width: "210mm", height: "297mm" }

export async function laidOut(made: OutDocument, onLetters: (letters: number) => void): Promise<Paper> {
    const frame = document.createElement("iframe")
    // Not `display: none`: some browsers print nothing then.
    Object.assign(frame.style, { position: "fixed", insetBlockStart: "200vh", border: "0", ...frameSize })
    frame.title = made.title
    frame.tabIndex = -1
    frame.setAttribute("aria-hidden", "true")
    const loaded = new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }))
    document.body.append(frame)
    // Some browsers put another empty document into the frame a moment later.
    await loaded
    const addresses: string[] = []
    const close = (): void => {
        frame.remove()
        for (const address of addresses) URL.revokeObjectURL(address)
    }
    try {
        const page = frame.contentDocument
        const inside = frame.contentWindow as (Window & typeof globalThis) | null
        if (page === null || inside === null) throw new TypeError("a frame without a document")
        const sheet = new inside.CSSStyleSheet()
        sheet.replaceSync(made.style)
        page.adoptedStyleSheets = [sheet]
        page.documentElement.lang = made.language
        page.title = made.title
        await built(page, made.parts(), addresses, onLetters)
        await Promise.all([...page.images].map((image) => image.decode().catch(() => undefined)))
        return { page, close, print: () => inside.print() }
    } catch (error) {
        close()
        throw error
    }
}

async function built(
    page: Document,
    parts: AsyncIterable<Part>,
    addresses: string[],
    onLetters: (letters: number) => void,
): Promise<void> {
    let place: Element = page.body
    let letters = 0
    for await (const part of parts) {
        if (part.kind === "open") {
            const made = page.createElement(part.tag)
            attribute(made, part.attributes)
            place.append(made)
            place = made
        } else if (part.kind === "close") place = place.parentElement ?? page.body
        else {
            const made = await nodeOf(page, part.markup, addresses)
            letters += made.textContent?.length ?? 0
            onLetters(letters)
            place.append(made)
        }
    }
}

async function nodeOf(page: Document, markup: Markup, addresses: string[]): Promise<Node> {
    if (typeof markup === "string") return page.createTextNode(markup)
    const made = page.createElement(markup.tag)
    attribute(made, markup.attributes)
    for (const child of markup.children) made.append(await nodeOf(page, child, addresses))
    const { bytes } = markup
    if (bytes === undefined) return made
    const { pieces, type, broken } = bytes
    const held: Uint8Array<ArrayBuffer>[] = []
    let whole = true
    try {
        for await (const piece of pieces) held.push(new Uint8Array(piece))
    } catch (error) {
        if (error instanceof Error && error.name === "AbortError") throw error
        whole = false
    }
    const address = URL.createObjectURL(new Blob(held, { type }))
    addresses.push(address)
    made.setAttribute(bytes.attribute, address)
    if (whole) return made
    const both = page.createDocumentFragment()
    both.append(made, await nodeOf(page, broken, addresses))
    return both
}

function attribute(made: Element, attributes: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
}
