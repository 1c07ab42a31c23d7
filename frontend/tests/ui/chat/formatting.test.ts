import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { clampAt, emojiAlone, format, type Piece } from "../../../src/ui/chat/formatting.ts"

/** Pieces in short: `b(…)`, `i(…)`, `s(…)`, `c(…)`, `C(…)` for lines of code, `a(text→address)`. */
function short(pieces: readonly Piece[]): string {
    return pieces
        .map((piece) => {
            if (piece.kind === "text") return piece.text
            if (piece.kind === "link") return `a(${piece.text}→${piece.address})`
            if (piece.kind === "code") return `${piece.block ? "C" : "c"}(${piece.text})`
            return `${piece.kind.charAt(0)}(${short(piece.pieces)})`
        })
        .join("")
}

/** The words without their marks. */
function said(pieces: readonly Piece[]): string {
    return pieces.map((piece) => ("pieces" in piece ? said(piece.pieces) : piece.text)).join("")
}

describe("marks", () => {
    test.each([
        ["plain words", "plain words"],
        ["*bold* and _italic_ and ~struck~", "b(bold) and i(italic) and s(struck)"],
        ["*bold _and italic_*", "b(bold i(and italic))"],
        ["(*bold*), yes", "(b(bold)), yes"],
        ["2*3*4 and snake_case_name", "2*3*4 and snake_case_name"],
        ["* a list", "* a list"],
        ["*open", "*open"],
        ["*over\nlines*", "*over\nlines*"],
        ["** nothing **", "** nothing **"],
        ["*a* *b*", "b(a) b(b)"],
        ["`code *not bold*`", "c(code *not bold*)"],
        ["```\nlet a\nlet b\n```", "C(let a\nlet b)"],
        ["one ` two", "one ` two"],
        ["*größe* *дом* *家*", "b(größe) b(дом) b(家)"],
    ])("%j", (text, expected) => {
        expect(short(format(text))).toBe(expected)
    })
})

describe("links", () => {
    test.each([
        [
            "see https://example.org/a_b_c?x=*1*",
            "see a(https://example.org/a_b_c?x=*1*→https://example.org/a_b_c?x=*1*)",
        ],
        ["*https://example.org*", "b(a(https://example.org→https://example.org))"],
        ["_see example.org now_", "i(see a(example.org→https://example.org) now)"],
        ["write to ann@example.org!", "write to a(ann@example.org→mailto:ann@example.org)!"],
        ["javascript:alert(1) stays", "javascript:alert(1) stays"],
        ["end. Start", "end. Start"],
    ])("%j", (text, expected) => {
        expect(short(format(text))).toBe(expected)
    })

    test("an address opens a page or a letter, never anything else", () => {
        fc.assert(
            fc.property(fc.string({ unit: "binary", maxLength: 80 }), (text) => {
                const addresses = (pieces: readonly Piece[]): string[] =>
                    pieces.flatMap((piece) =>
                        "pieces" in piece ? addresses(piece.pieces) : piece.kind === "link" ? [piece.address] : [],
                    )
                for (const address of addresses(format(`x ${text} ftp://a.org data:text/html,b file:///etc`)))
                    expect(address).toMatch(/^(?:https?:\/\/|mailto:)/i)
            }),
        )
    })
})

describe("any text", () => {
    test("an address that began within code ends with it", () => {
        const text = "```_https://a.org/_b_```https://a.org/_b_"
        expect(said(format(text)).replace(/[*_~`\s]/g, "")).toBe(text.replace(/[*_~`\s]/g, ""))
    })

    test("no letter is lost or made up", () => {
        const piece = fc.constantFrom(
            "*",
            "_",
            "~",
            "`",
            "```",
            "\n",
            " ",
            "a",
            "é",
            "example.org",
            "https://a.org/_b_",
            "🌻",
        )
        fc.assert(
            fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
                const text = pieces.join("")
                const bare = (words: string): string => words.replace(/[*_~`\s]/g, "")
                expect(bare(said(format(text)))).toBe(bare(text))
            }),
            { numRuns: 500 },
        )
    })

    test.each(["*a ", "_", "`", "```", "~a~", "*a* ", "http://", "a@", "*https://a.org "])(
        "65,536 characters of %j are no trap",
        (piece) => {
            const begun = performance.now()
            format(piece.repeat(65_536 / piece.length))
            expect(performance.now() - begun).toBeLessThan(3000)
        },
    )
})

test("one to three emoji alone are large", () => {
    expect(["🌻", "👩‍👧", "🇩🇪", "❤️", "1️⃣"].map(emojiAlone)).toEqual([1, 1, 1, 1, 1])
    expect(emojiAlone("🌻 🌻 🌻")).toBe(3)
    expect(["🌻🌻🌻🌻", "ok 🌻", "1", "#", "", "…"].map(emojiAlone)).toEqual([0, 0, 0, 0, 0, 0])
})

test("only a text that is much too long is folded, and at a word", () => {
    expect(clampAt("short")).toBeNull()
    expect(clampAt("word ".repeat(300))).toBeNull()
    const long = "word ".repeat(2000)
    expect(long.slice(0, clampAt(long) ?? 0)).toMatch(/word$/)
    expect(clampAt("line\n".repeat(100))).not.toBeNull()
})
