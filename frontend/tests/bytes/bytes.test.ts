import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { fromBase64url, toBase64url } from "../../src/bytes/base64url.ts"
import { concat, equal } from "../../src/bytes/bytes.ts"
import { MalformedBytesError } from "../../src/bytes/errors.ts"
import { fromHex, toHex } from "../../src/bytes/hex.ts"
import { ByteReader } from "../../src/bytes/reader.ts"
import { fromUtf8, utf8 } from "../../src/bytes/utf8.ts"
import { ByteWriter } from "../../src/bytes/writer.ts"
import { bytes } from "../support/arbitrary.ts"

describe("bytes", () => {
    test("joined bytes are the parts, one after another", () => {
        fc.assert(
            fc.property(bytes(), bytes(), (a, b) => {
                const joined = concat(a, b)
                expect([...joined]).toEqual([...a, ...b])
            }),
        )
    })

    test("bytes are equal exactly when every byte is", () => {
        fc.assert(
            fc.property(bytes(), bytes(), (a, b) => {
                expect(equal(a, a.slice())).toBe(true)
                expect(equal(a, b)).toBe(toHex(a) === toHex(b))
            }),
        )
    })
})

describe("text forms", () => {
    test("hexadecimal digits and base64url lead back to the same bytes", () => {
        fc.assert(
            fc.property(bytes(), (given) => {
                expect(fromHex(toHex(given))).toEqual(given)
                expect(fromBase64url(toBase64url(given))).toEqual(given)
                expect(toBase64url(given)).toBe(Buffer.from(given).toString("base64url"))
            }),
        )
    })

    test("any text is refused or is the one spelling of its bytes", () => {
        const texts = fc.oneof(
            fc.string(),
            fc.stringMatching(/^[A-Za-z0-9_-]*=?$/),
            fc.stringMatching(/^[0-9a-fA-F]*$/),
        )
        fc.assert(
            fc.property(texts, (given) => {
                expect(spelling(() => toBase64url(fromBase64url(given)))).toBeOneOf([given, "refused"])
                expect(spelling(() => toHex(fromHex(given)))).toBeOneOf([given, "refused"])
            }),
        )
    })

    test.each(["A", "AAAAA", "AA==", "AB", "AAB", "A+A/", "A A", "AAA\n", "ÄÄ"])("base64url refuses %j", (given) => {
        expect(() => fromBase64url(given)).toThrow(MalformedBytesError)
    })

    test.each(["0", "AA", "0x", " 00", "0g"])("hexadecimal digits refuse %j", (given) => {
        expect(() => fromHex(given)).toThrow(MalformedBytesError)
    })

    test("UTF-8 is read strictly, and keeps its byte order mark", () => {
        expect(fromUtf8(utf8("\ufeffä🎈"))).toBe("\ufeffä🎈")
        for (const broken of [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xc0, 0xaf]])
            expect(() => fromUtf8(new Uint8Array(broken))).toThrow(MalformedBytesError)
    })
})

describe("numbers", () => {
    test("what is written is read again, to the last byte", () => {
        const u32 = fc.integer({ min: 0, max: 0xffff_ffff })
        fc.assert(
            fc.property(fc.nat(255), u32, fc.maxSafeNat(), u32, bytes(), (a, b, c, d, rest) => {
                const reader = new ByteReader(new ByteWriter(1).u8(a).u32(b).u64(c).varint(d).bytes(rest).finish())
                expect([reader.u8(), reader.u32(), reader.u64(), reader.varint()]).toEqual([a, b, c, d])
                expect(reader.bytes(rest.length)).toEqual(rest)
                reader.end()
            }),
        )
    })

    test("a varint has one spelling: any bytes are refused or written again as they were", () => {
        fc.assert(
            fc.property(bytes({ minLength: 1, maxLength: 6 }), (given) => {
                const written = spelling(() => {
                    const reader = new ByteReader(given)
                    const value = reader.varint()
                    const used = given.length - reader.remaining
                    return `${toHex(new ByteWriter().varint(value).finish())}${toHex(given.subarray(used))}`
                })
                expect(written).toBeOneOf([toHex(given), "refused"])
            }),
        )
    })

    test.each(["", "80", "8000", "ffffffff1f", "808080808000", "8080808080"])("the varint %s is refused", (given) => {
        expect(() => new ByteReader(fromHex(given)).varint()).toThrow(MalformedBytesError)
    })

    test("the largest varint has five bytes", () => {
        expect(new ByteReader(fromHex("ffffffff0f")).varint()).toBe(0xffff_ffff)
    })

    test("eight bytes hold numbers below 2⁵³ only", () => {
        expect(() => new ByteReader(fromHex("0020000000000000")).u64()).toThrow(MalformedBytesError)
    })

    test("a number that does not fit is the writer's mistake", () => {
        for (const value of [-1, 1.5, 2 ** 32]) expect(() => new ByteWriter().u32(value)).toThrow(RangeError)
    })

    test("bytes that are missing, and bytes that nobody asked for, are refused", () => {
        expect(() => new ByteReader(new Uint8Array(3)).u32()).toThrow(MalformedBytesError)
        expect(() => new ByteReader(new Uint8Array(1)).end()).toThrow(MalformedBytesError)
    })
})

function spelling(step: () => string): string {
    try {
        return step()
    } catch (error) {
        expect(error).toBeInstanceOf(MalformedBytesError)
        return "refused"
    }
}
