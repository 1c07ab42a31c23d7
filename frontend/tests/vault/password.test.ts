import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { utf8 } from "../../src/bytes/utf8.ts"
import { longestPassword, normalise } from "../../src/vault/password.ts"

describe("a typed password", () => {
    test("becomes NFKC, and normalising twice changes nothing", () => {
        fc.assert(
            fc.property(fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }), (typed) => {
                const once = normalise(typed)
                if (once.kind !== "normalised") return expect.unreachable()
                expect(once.password).toBe(typed.normalize("NFKC"))
                expect(normalise(once.password)).toEqual(once)
            }),
        )
    })

    test("keeps its spaces and its capitals", () => {
        expect(normalise(" Ab c ")).toEqual({ kind: "normalised", password: " Ab c " })
    })

    test("that is empty is refused by value", () => {
        expect(normalise("")).toEqual({ kind: "refused", why: "empty" })
    })

    test("of 1,024 bytes is fine, of one more it is not: bytes count, not letters", () => {
        expect(normalise("a".repeat(1_024)).kind).toBe("normalised")
        expect(normalise("a".repeat(1_025))).toEqual({ kind: "refused", why: "too-long" })
        expect(normalise("ä".repeat(512)).kind).toBe("normalised")
        expect(normalise("ä".repeat(513))).toEqual({ kind: "refused", why: "too-long" })
    })

    test("is measured after normalising: what shrinks fits, what grows does not", () => {
        expect(normalise("a\u0308".repeat(512)).kind).toBe("normalised")
        expect(normalise("\ufdfa".repeat(60))).toEqual({ kind: "refused", why: "too-long" })
    })

    test("is never refused unread that would have fitted", () => {
        const joining = fc.constantFrom("\u1112\u1161\u11ab", "\u03b1\u0313\u0300\u0345", "𝟏", "e\u0302\u0301")
        fc.assert(
            fc.property(fc.array(joining, { minLength: 1, maxLength: 1_100 }), (parts) => {
                const fits = utf8(parts.join("").normalize("NFKC")).length <= longestPassword
                expect(normalise(parts.join("")).kind).toBe(fits ? "normalised" : "refused")
            }),
            { numRuns: 40 },
        )
    })
})
