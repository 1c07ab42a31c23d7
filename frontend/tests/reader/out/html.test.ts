/** Pages hold what people wrote, exactly, and nothing that people wrote becomes part of the page. */

import fc from "fast-check"
import { expect, test } from "vitest"
import { escaped } from "../../../src/reader/out/markup.ts"
import { asHtml, asPrint } from "../../../src/reader/out/out.ts"
import { cssString } from "../../../src/reader/out/print-style.ts"
import {
    anyChat,
    attribute,
    chatOf,
    everything,
    inHtml,
    joined,
    mediaOf,
    nastyText,
    parsed,
    record,
    setting,
    textOf,
} from "./support.ts"

const ours = new Set(
    "html head meta title style body header main footer section article nav div p span ul li dl dt dd h1 h2 b bdi blockquote code details summary figure figcaption img audio video a meter time table thead tbody tr th td".split(
        " ",
    ),
)
const attributes = new Set(
    "lang charset http-equiv content name class id dir datetime href download src alt title loading decoding controls preload aria-label min max value colspan scope".split(
        " ",
    ),
)

const media = mediaOf([
    ["image/png", new Uint8Array([137, 80, 78, 71])],
    ["text/html", new TextEncoder().encode("<script>alert(1)</script>")],
    null,
])

const forms = [
    ["page", (chat: Parameters<typeof asHtml>[0]) => asHtml(chat, everything("html", true), setting, media)],
    ["print edition", (chat: Parameters<typeof asHtml>[0]) => asPrint(chat, everything("print", true), setting, media)],
] as const

test.each(forms)("whatever people wrote, no element and no attribute of the %s is theirs", async (_, make) => {
    await fc.assert(
        fc.asyncProperty(anyChat, async ({ chat }) => {
            const { elements } = parsed(await joined(make(chat)))
            for (const one of elements) {
                expect(ours).toContain(one.tagName)
                for (const { name } of one.attrs) expect(attributes, `${one.tagName} ${name}`).toContain(name)
                for (const name of ["src", "href"]) {
                    const address = attribute(one, name)
                    if (address !== null)
                        expect(address).toMatch(
                            /^(?:#month-\d{4}-\d\d$|data:(?:image\/png|application\/octet-stream);base64,)/,
                        )
                }
            }
        }),
        { numRuns: 150 },
    )
})

test.each(forms)("every text of the %s is read back exactly", async (form, make) => {
    await fc.assert(
        fc.asyncProperty(anyChat, async ({ chat, records }) => {
            const page = parsed(await joined(make(chat)))
            const expected = records.flatMap(({ kind, text, quote, poll }) => [
                ...(quote === undefined ? [] : [quote.text]),
                ...(kind === "poll" ? [poll?.question ?? text] : []),
                ...(["message", "location", "omitted", "view-once"].includes(kind) && text !== "" ? [text] : []),
            ])
            expect(page.texts("text")).toEqual(expected.map(inHtml))
            expect(page.texts("source")).toEqual(chat.sources.map(({ name }) => inHtml(name)))
            expect(page.elements.filter(({ tagName }) => tagName === "h1").map(textOf)).toEqual([inHtml(chat.title)])
            const senders = page.texts(form === "page" ? "name" : "who")
            for (const sender of senders) expect([...chat.people.map(inHtml), "–"]).toContain(sender)
        }),
        { numRuns: 150 },
    )
})

test("the policy stands before everything that it has to hold back", async () => {
    const html = await joined(asHtml(chatOf([]), everything("html"), setting, media))
    const { elements } = parsed(html)
    const policy = elements.find((one) => attribute(one, "http-equiv") === "Content-Security-Policy")
    expect(policy && attribute(policy, "content")).toMatch(
        /^default-src 'none'; img-src data:; media-src data:; style-src 'unsafe-inline'/,
    )
    expect(html.indexOf("Content-Security-Policy")).toBeLessThan(html.indexOf("<title"))
    expect(elements.map(({ tagName }) => tagName)).not.toContain("script")
})

test("links are only made of addresses that open a page or a letter", async () => {
    const format = (text: string) => [{ kind: "link", text, address: text } as const]
    const texts = ["https://example.org/?a=1&b=<x>", "javascript:alert(1)", "data:text/html,x", "MAILTO:a@example.org"]
    const chat = chatOf(texts.map((text, index) => record(index, text)))
    const { elements } = parsed(await joined(asHtml(chat, everything("html"), setting, media, { format })))
    const links = elements.filter(({ tagName }) => tagName === "a").map((one) => attribute(one, "href"))
    expect(links).toEqual([texts[0], texts[3]])
})

test("a colour that is none is no part of the style", async () => {
    const colours = [{ light: "#123456", dark: "red}body{display:none" }]
    const html = await joined(asHtml(chatOf([]), everything("html"), setting, media, { colours }))
    expect(html).not.toContain("display:none")
})

test("a title in the margins of the paper stays a string of the style sheet", () => {
    fc.assert(
        fc.property(nastyText, (title) => {
            expect(cssString(title)).toMatch(/^"(?:[A-Za-z0-9]|\\[0-9a-f]{1,6} )*"$/)
        }),
    )
})

test("escaping leaves no sign that begins or ends anything", () => {
    fc.assert(fc.property(nastyText, (text) => !/[<>"'\r\0]/.test(escaped(text))))
})
