import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { fromBase64url, toBase64url } from "../../src/bytes/base64url.ts"
import { fromHex } from "../../src/bytes/hex.ts"
import { readPicture, writePicture } from "../../src/pairing/picture.ts"
import { bytes } from "../support/arbitrary.ts"
import { readVectors } from "../support/read-vectors.ts"
import type { PairingVectors } from "./vectors.ts"

const exactly = (length: number) => bytes({ minLength: length, maxLength: length })
const pictures = fc.record({ mailbox: exactly(16), keyHash: exactly(32), psk: exactly(32) })
const none = { kind: "not-a-picture" }

describe("a picture", () => {
    test("has 108 characters and is read as it was written", () => {
        fc.assert(
            fc.property(pictures, (picture) => {
                const text = writePicture(picture)
                expect(text).toMatch(/^[A-Za-z0-9_-]{108}$/)
                expect(readPicture(text)).toEqual({ kind: "read", picture })
            }),
        )
    })

    test("is that of pairing.json", () => {
        const { mailbox, picture } = readVectors<PairingVectors>("pairing.json")
        const parts = { mailbox: fromHex(mailbox), keyHash: fromHex(picture.keyHash), psk: fromHex(picture.psk) }
        expect(writePicture(parts)).toBe(picture.text)
        expect(readPicture(picture.text)).toEqual({ kind: "read", picture: parts })
    })

    test("of other parts is never written", () => {
        const [short, right] = [new Uint8Array(15), new Uint8Array(32)]
        expect(() => writePicture({ mailbox: short, keyHash: right, psk: right })).toThrow(RangeError)
    })
})

describe("what a camera sees", () => {
    const { picture } = readVectors<PairingVectors>("pairing.json")

    test("is no picture of ours when it is any other text", () => {
        fc.assert(
            fc.property(fc.string({ unit: "grapheme" }), (text) => {
                expect(readPicture(text)).toEqual(none)
            }),
        )
        for (const text of ["", "https://example.org/", "WIFI:S:home;;", `${picture.text} `, picture.text.slice(1)])
            expect(readPicture(text)).toEqual(none)
    })

    test("is no picture of ours in another version, nor with a character that base64url does not have", () => {
        const written = fromBase64url(picture.text)
        for (let version = 0; version < 256; version++)
            if (version !== 1) expect(readPicture(toBase64url(written.with(0, version)))).toEqual(none)
        for (let at = 0; at < picture.text.length; at++)
            for (const character of ["+", "=", "\u0000", "ä"])
                expect(readPicture(picture.text.slice(0, at) + character + picture.text.slice(at + 1))).toEqual(none)
    })

    test("says something else when any byte is changed: nothing is read twice the same", () => {
        const written = fromBase64url(picture.text)
        for (let at = 1; at < written.length; at++)
            expect(readPicture(toBase64url(written.with(at, (written[at] ?? 0) ^ 1)))).not.toEqual(
                readPicture(picture.text),
            )
    })
})
