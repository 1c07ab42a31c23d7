/** Encrypted backups: what another program sealed opens with its key, and with nothing else. */

import { readFileSync } from "node:fs"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { Bytes } from "../../../src/bytes/bytes.ts"
import { fromHex, toHex } from "../../../src/bytes/hex.ts"
import { isCrypt15, openCrypt15, rootOfDigits, rootOfKeyFile } from "../../../src/reader/database/crypt15.ts"
import { isSqlite } from "../../../src/reader/database/rows.ts"

interface Vectors {
    readonly root: string
    readonly keyFile: string
    readonly files: readonly { readonly with: string; readonly sealed: string; readonly plain: string }[]
}

const address = new URL("../../../../tests/vectors/databases/crypt15.json", import.meta.url)
const vectors = JSON.parse(readFileSync(address, "utf8")) as Vectors
const root = fromHex(vectors.root)
const [first] = vectors.files
if (first === undefined) throw new Error("no vectors")
const sealed = fromHex(first.sealed)

const refusal = (file: Bytes, key: Bytes): Promise<string> =>
    openCrypt15(file, key).then(
        () => "opened",
        (error: { code: string }) => error.code,
    )

describe("a sealed backup", () => {
    test.each(vectors.files)("opens: $with", async (file) => {
        expect(isCrypt15(fromHex(file.sealed).slice(0, 300))).toBe(true)
        expect(toHex(await openCrypt15(fromHex(file.sealed), root))).toBe(file.plain)
    })

    test("says of another key that it is another, for its own digest shows that it is whole", async () => {
        expect(await refusal(sealed, new Uint8Array(32))).toBe("wrong-key")
    })

    test("opens to nothing with any byte changed behind its header", async () => {
        const header = 2 + (sealed[0] ?? 0)
        const anywhere = fc.tuple(
            fc.integer({ min: header, max: sealed.length - 17 }),
            fc.integer({ min: 1, max: 255 }),
        )
        await fc.assert(
            fc.asyncProperty(anywhere, async ([at, change]) => {
                const changed = sealed.slice()
                changed[at] = (changed[at] ?? 0) ^ change
                expect(await refusal(changed, root)).toBe("damaged-backup")
            }),
        )
    })

    test("opens to nothing where its end is missing", async () => {
        await fc.assert(
            fc.asyncProperty(fc.integer({ min: 0, max: sealed.length - 17 }), async (length) => {
                expect(await refusal(sealed.slice(0, length), root)).toMatch(
                    /^(?:damaged-backup|not-encrypted-backup)$/,
                )
            }),
        )
    })

    test("is not seen in what is something else", async () => {
        expect(isSqlite(fromHex(first.plain))).toBe(true)
        for (const other of [first.plain, "", "00", "504b0304", "ff01"]) {
            expect(isCrypt15(fromHex(other))).toBe(false)
            expect(await refusal(fromHex(other), root)).toBe("not-encrypted-backup")
        }
        fc.assert(
            fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => typeof isCrypt15(bytes.slice()) === "boolean"),
        )
    })
})

describe("the key", () => {
    test("is 64 hexadecimal digits, however they are written", () => {
        const groups = vectors.root.toUpperCase().replace(/(.{4})/g, "$1 ")
        expect(rootOfDigits(groups)).toEqual(root)
        expect(rootOfDigits(`  ${vectors.root}\n`)).toEqual(root)
        for (const other of ["", vectors.root.slice(1), `${vectors.root}0`, "g".repeat(64), "1".repeat(63)])
            expect(rootOfDigits(other)).toBeNull()
    })

    test("or a file that Java wrote", () => {
        expect(rootOfKeyFile(fromHex(vectors.keyFile))).toEqual(root)
        expect(rootOfKeyFile(root)).toEqual(root)
        expect(rootOfKeyFile(sealed)).toBeNull()
        expect(rootOfKeyFile(new Uint8Array(0))).toBeNull()
    })
})
