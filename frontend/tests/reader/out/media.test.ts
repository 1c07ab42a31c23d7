/** Files inside a page: the exact bytes, shown only where showing them runs nothing, and named where they are not there. */

import fc from "fast-check"
import { expect, test } from "vitest"
import type { MediaKind } from "../../../src/reader/conversation.ts"
import { largestEmbedded, savedName } from "../../../src/reader/out/embedding.ts"
import { base64 } from "../../../src/reader/out/markup.ts"
import { asHtml, asPrint } from "../../../src/reader/out/out.ts"
import { attribute, chatOf, everything, joined, mediaOf, nastyText, parsed, record, setting } from "./support.ts"

const bytes = new Uint8Array(1000).map((_, place) => place * 7)

const chatWith = (kind: MediaKind, name: string, file: number | null = 0) =>
    chatOf([record(0, "look", { attachment: { kind, name, file } })])

const page = async (kind: MediaKind, name: string, media: ReturnType<typeof mediaOf>, file: number | null = 0) =>
    parsed(await joined(asHtml(chatWith(kind, name, file), everything("html", true), setting, media)))

test("base64 is the same however the bytes are cut", async () => {
    await fc.assert(
        fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 8 }), { maxLength: 12 }), async (pieces) => {
            const all = Buffer.concat(pieces)
            const made = await joined(
                base64(
                    (async function* () {
                        yield* pieces
                    })(),
                ),
            )
            expect(made).toBe(all.toString("base64"))
        }),
    )
})

test.each([
    ["photo", "image/jpeg", "img"],
    ["photo", "image/webp", "img"],
    ["voice", "audio/ogg", "audio"],
    ["video", "video/mp4", "video"],
    // A photo that is a film by its bytes is a film.
    ["photo", "video/mp4", "video"],
] as const)("a %s of type %s is shown as %s, byte for byte", async (kind, type, tag) => {
    const { elements } = await page(kind, "a.bin", mediaOf([[type, bytes]]))
    const found = elements.find(({ tagName }) => tagName === tag)
    expect(found && attribute(found, "src")).toBe(`data:${type};base64,${Buffer.from(bytes).toString("base64")}`)
})

test.each([
    "text/html",
    "image/svg+xml",
    "application/xhtml+xml",
    "application/pdf",
    "text/xml",
    "application/octet-stream",
    'image/png" onerror="x',
    "",
])("what is of type %j is a link that saves it", async (type) => {
    for (const kind of ["photo", "document", "sticker", "video"] as const) {
        const { elements } = await page(kind, "Einladung.html", mediaOf([[type, bytes]]))
        expect(elements.filter(({ tagName }) => ["img", "audio", "video"].includes(tagName))).toEqual([])
        const link = elements.find(({ tagName }) => tagName === "a")
        expect(link && attribute(link, "href")).toMatch(/^data:application\/octet-stream;base64,/)
        expect(link && attribute(link, "download")).toBe("Einladung.html")
    }
})

test("what is missing, does not open or is too large is named, with the reason", async () => {
    const missing = await page("photo", "IMG-1.jpg", mediaOf([]), null)
    expect(missing.texts("absent")).toEqual(["Photo: IMG-1.jpg (is not in the export)"])
    const refused = await page("photo", "IMG-1.jpg", mediaOf([null]))
    expect(refused.texts("absent")).toEqual(["Photo: IMG-1.jpg (could not be opened)"])
    const large = { ...mediaOf([]), facts: () => ({ size: largestEmbedded + 1, sha256: null }) }
    expect((await page("video", "VID-1.mp4", large)).texts("absent")).toEqual([
        "Video: VID-1.mp4 (256 MB, too large for this page)",
    ])
    const unwanted = parsed(
        await joined(
            asHtml(chatWith("photo", "IMG-1.jpg"), everything("html"), setting, mediaOf([["image/png", bytes]])),
        ),
    )
    expect(unwanted.texts("absent")).toEqual(["Photo: IMG-1.jpg"])
})

test("a file that breaks off is said to, and the page goes on", async () => {
    const media = {
        ...mediaOf([]),
        open: async () => ({
            type: "image/png",
            size: 9,
            pieces: (async function* () {
                yield bytes.subarray(0, 100)
                throw new Error("damaged")
            })(),
        }),
    }
    const found = await page("photo", "IMG-1.jpg", media)
    expect(found.texts("trouble")).toEqual(["IMG-1.jpg: Could not be read to its end."])
    expect(found.texts("text")).toEqual(["look"])
})

test("whoever stops it, stops it", async () => {
    const media = {
        ...mediaOf([]),
        open: async () => ({
            type: "image/png",
            size: 9,
            pieces: (async function* () {
                yield bytes
                throw new DOMException("stopped", "AbortError")
            })(),
        }),
    }
    await expect(page("photo", "IMG-1.jpg", media)).rejects.toThrow("stopped")
})

test("on paper pictures are shown, and every file has its name and hash", async () => {
    const media = mediaOf([
        ["image/png", bytes],
        ["video/mp4", bytes],
    ])
    const chat = chatOf([
        record(0, "", { attachment: { kind: "photo", name: "IMG-1.png", file: 0 } }),
        record(1, "", { attachment: { kind: "video", name: "VID-1.mp4", file: 1 } }),
    ])
    for (const withMedia of [true, false]) {
        const found = parsed(await joined(asPrint(chat, everything("print", withMedia), setting, media)))
        expect(found.elements.filter(({ tagName }) => tagName === "img")).toHaveLength(withMedia ? 1 : 0)
        expect(found.elements.filter(({ tagName }) => tagName === "video")).toEqual([])
        expect(found.texts("named")).toEqual(["Photo: IMG-1.png (1 kB)", "Video: VID-1.mp4 (1 kB)"])
        expect(found.texts("hash").slice(1)).toEqual([`SHA-256 ${"cd".repeat(32)}`, `SHA-256 ${"cd".repeat(32)}`])
    }
})

test("a name for saving leads nowhere and turns nothing around", () => {
    expect(savedName("../../etc/passwd")).toBe(".._.._etc_passwd")
    expect(savedName("Rechnung\u202Efdp.exe")).toBe("Rechnung_fdp.exe")
    expect(savedName("..")).toBe("_")
    fc.assert(fc.property(nastyText, (name) => !/[/\\:\p{Cc}\p{Cf}\p{Cs}]|^\.*$/u.test(savedName(name))))
})
