/** What the tests of the documents share: chats that somebody might have, chats that nobody has, and a way to read pages. */

import fc from "fast-check"
import { type DefaultTreeAdapterMap, parse } from "parse5"
import type { ChatRecord, MediaKind } from "../../../src/reader/conversation.ts"
import { type OutChat, type OutChoice, type OutSetting, windowsOf } from "../../../src/reader/out/choice.ts"
import type { OutMedia } from "../../../src/reader/out/embedding.ts"

export const setting: OutSetting = {
    language: "en",
    made: "2026-11-30T13:05:00Z",
    zone: "Europe/Berlin",
    program: "Backupweb 0.1.0",
}

export const everything = (form: OutChoice["form"], media = false): OutChoice => ({
    form,
    from: null,
    to: null,
    person: null,
    media,
})

export function record(index: number, text: string, more: Partial<ChatRecord> = {}): ChatRecord {
    return {
        index,
        kind: "message",
        sender: index % 2,
        time: `2026-03-${String(1 + (index % 28)).padStart(2, "0")}T10:00:05`,
        text,
        edited: false,
        attachment: null,
        raw: { offset: 0, length: 0 },
        ...more,
    }
}

export function chatOf(records: readonly ChatRecord[], more: Partial<OutChat> = {}): OutChat {
    return {
        title: "Tour",
        people: ["Anna", "Ben"],
        self: "Anna",
        records: windowsOf(records, 3),
        sources: [{ name: "WhatsApp Chat - Tour.zip", sha256: "ab".repeat(32), added: "2026-11-01T08:00:00Z" }],
        ...more,
    }
}

export async function joined(pieces: AsyncIterable<string>): Promise<string> {
    const all: string[] = []
    for await (const piece of pieces) all.push(piece)
    return all.join("")
}

/** Text with everything in it that could mean something to somebody. */
export const nastyText: fc.Arbitrary<string> = fc
    .array(
        fc.oneof(
            fc.constantFrom(
                "<script>alert(1)</script>",
                "</style>",
                "</title>",
                "<!--",
                "-->",
                "]]>",
                '" onerror="alert(1)',
                "' onload='x",
                "&lt;",
                "&#60;",
                "&amp;amp;",
                "<img src=x>",
                "\u202e",
                "\u2067",
                "\r\n",
                "\r",
                "\n",
                "\u2028",
                "\0",
                "=1+1",
                '"',
                ",",
                ";",
                "javascript:",
                "</div></article></section></main>",
                "<plaintext>",
                "👩‍👩‍👧",
                "\ud800",
            ),
            fc.string({ unit: "binary", maxLength: 8 }),
            fc.string({ unit: "grapheme", maxLength: 8 }),
        ),
        { maxLength: 6 },
    )
    .map((parts) => parts.join(""))

const kinds: readonly MediaKind[] = ["photo", "video", "gif", "voice", "audio", "sticker", "document", "contact"]

/** Any record that the model allows, of three people and three files. */
export const anyRecord: fc.Arbitrary<Omit<ChatRecord, "index">> = fc.record(
    {
        kind: fc.constantFrom(
            "message",
            "system",
            "deleted",
            "omitted",
            "call",
            "poll",
            "location",
            "view-once",
        ) as fc.Arbitrary<ChatRecord["kind"]>,
        sender: fc.option(fc.nat(2)),
        time: fc.constantFrom(
            "2026-03-01T10:00:00",
            "2026-03-01T10:01:07",
            "2026-03-02T00:00:00",
            "2025-12-31T23:59:59",
            "",
        ),
        text: nastyText,
        edited: fc.boolean(),
        attachment: fc.option(
            fc.record({ name: nastyText, kind: fc.constantFrom(...kinds), file: fc.option(fc.nat(2)) }),
        ),
        raw: fc.constant({ offset: 0, length: 0 }),
        omitted: fc.option(fc.constantFrom(...kinds)),
        poll: fc.record({
            question: nastyText,
            options: fc.array(fc.record({ text: nastyText, votes: fc.option(fc.nat(9)) }), { maxLength: 3 }),
        }),
        id: nastyText,
        quote: fc.record({ sender: fc.option(fc.nat(2)), text: nastyText, id: fc.option(nastyText) }),
        reactions: fc.array(fc.record({ emoji: nastyText, person: fc.option(fc.nat(2)) }), { maxLength: 3 }),
        forwarded: fc.boolean(),
    },
    { requiredKeys: ["kind", "sender", "time", "text", "edited", "attachment", "raw"] },
)

export interface AnyChat {
    readonly chat: OutChat
    readonly records: readonly ChatRecord[]
}

export const anyChat: fc.Arbitrary<AnyChat> = fc
    .tuple(
        fc.array(anyRecord, { maxLength: 7 }),
        nastyText,
        fc.array(nastyText, { minLength: 3, maxLength: 3 }),
        nastyText,
    )
    .map(([found, title, people, source]) => {
        const records = found.map((one, index) => ({ ...one, index }))
        const sources = [{ name: source, sha256: null, added: "2026-11-01T08:00:00Z" }]
        return { records, chat: chatOf(records, { title, people, self: people[0] ?? null, sources }) }
    })

/** Files by their type and bytes. */
export function mediaOf(files: readonly (readonly [type: string, bytes: Uint8Array] | null)[]): OutMedia {
    return {
        open: async (file) => {
            const found = files[file] ?? null
            return found && { type: found[0], size: found[1].length, pieces: inPieces(found[1]) }
        },
        facts: (file) => {
            const found = files[file] ?? null
            return found && { size: found[1].length, sha256: "cd".repeat(32) }
        },
    }
}

/** Of lengths that do not fit groups of three. */
async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
    for (let at = 0, step = 1; at < bytes.length; at += step, step = (step % 7) + 1) yield bytes.subarray(at, at + step)
}

export type Node = DefaultTreeAdapterMap["node"]
export type ElementNode = DefaultTreeAdapterMap["element"]

export interface ParsedPage {
    readonly elements: readonly ElementNode[]
    /** Of every element of this class. */
    texts(className: string): readonly string[]
}

export function parsed(html: string): ParsedPage {
    const elements: ElementNode[] = []
    const walk = (node: Node): void => {
        if ("tagName" in node) elements.push(node)
        if ("childNodes" in node) for (const child of node.childNodes) walk(child)
    }
    walk(parse(html))
    return {
        elements,
        texts: (className) =>
            elements.filter((one) => attribute(one, "class")?.split(" ").includes(className)).map(textOf),
    }
}

export function attribute(one: ElementNode, name: string): string | null {
    return one.attrs.find((found) => found.name === name)?.value ?? null
}

export function textOf(node: Node): string {
    if ("value" in node) return node.value
    return "childNodes" in node ? node.childNodes.map(textOf).join("") : ""
}

/** What HTML can hold of a text: there is no NUL in it, and a file in UTF-8 has no half signs. */
export const inHtml = (text: string): string => text.replaceAll("\0", "\uFFFD")
