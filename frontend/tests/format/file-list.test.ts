import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { fromBase64url, toBase64url } from "../../src/bytes/base64url.ts"
import { concat } from "../../src/bytes/bytes.ts"
import { utf8 } from "../../src/bytes/utf8.ts"
import { chunkIds, readFileList, type SnapshotFile, writeFileList } from "../../src/format/file-list.ts"
import { readVectors } from "../support/read-vectors.ts"
import { refusal } from "../support/refused.ts"
import { exampleFiles } from "../support/vectors/objects.ts"

const vector = readVectors<{ files: unknown[]; text: string }>("file-list.json")
const refusals = readVectors<{ fileLists: { name: string; text: string; expected: string }[] }>("refusals.json")

describe("a file list", () => {
    test("of file-list.json is read, and written alike", async () => {
        const files = readFileList(fromBase64url(vector.text))
        expect(files).toEqual(await exampleFiles())
        const asText = (_: string, value: unknown) => (value instanceof Uint8Array ? toBase64url(value.slice()) : value)
        expect(JSON.parse(JSON.stringify(files, asText))).toEqual(vector.files)
        expect(toBase64url(writeFileList(files))).toBe(vector.text)
    })

    test("opens to what was written, whatever files are called", async () => {
        const [file] = await exampleFiles()
        if (file === undefined) return expect.unreachable("no file")
        fc.assert(
            fc.property(fc.array(fc.string({ unit: "binary" })), (names) => {
                const files = names.map((name): SnapshotFile => ({ ...file, name }))
                expect(readFileList(writeFileList(files))).toEqual(files)
            }),
        )
    })

    test("has one line a file, so that what is added changes no other line", async () => {
        const files = await exampleFiles()
        const [text, more] = [writeFileList(files), writeFileList([...files, ...files.slice(0, 1)])]
        expect(more.subarray(0, text.length)).toEqual(text)
    })

    test("changed in any byte is refused, or is another list", async () => {
        const text = fromBase64url(vector.text)
        const files = readFileList(text)
        for (let at = 0; at < text.length; at++)
            for (const flip of [0x01, 0x20, 0x80]) {
                const changed = text.slice()
                changed[at] = (changed[at] ?? 0) ^ flip
                const read = await outcome(changed)
                if (read !== "malformed") expect(read).not.toEqual(files)
            }
    })

    test("cut off within a line is refused", async () => {
        const text = fromBase64url(vector.text)
        for (let length = 1; length < text.length; length++)
            if (text[length - 1] !== 0x0a) expect(await outcome(text.subarray(0, length))).toBe("malformed")
    })

    test("with a name that was cut off within an emoji can still be written and read", async () => {
        const [file] = await exampleFiles()
        if (file === undefined) return expect.unreachable("no file")
        expect(readFileList(writeFileList([{ ...file, name: "Ben \ud83c" }]))[0]?.name).toBe("Ben \ufffd")
    })

    test("that nobody could read is not written", async () => {
        const [file] = await exampleFiles()
        if (file === undefined) return expect.unreachable("no file")
        expect(await refusal(async () => writeFileList([{ ...file, modified: "yesterday" }]))).toBe("malformed")
    })

    test("that is no UTF-8 is refused", async () => {
        expect(await outcome(concat(utf8("{"), new Uint8Array([0xff, 0x0a])))).toBe("malformed")
    })

    test("names its chunks one by one", async () => {
        const [text] = await exampleFiles()
        if (text === undefined) return expect.unreachable("no file")
        expect(chunkIds(text).map((id) => id.length)).toEqual([16, 16, 16])
        expect(concat(...chunkIds(text))).toEqual(text.chunks)
    })

    test.each(refusals.fileLists)("refusals.json: $name ($expected)", async ({ text, expected }) => {
        const read = await outcome(fromBase64url(text))
        expect(typeof read === "string" ? read : "right").toBe(expected)
    })
})

/** The files, or the name of the refusal. */
async function outcome(text: Uint8Array<ArrayBuffer>): Promise<readonly SnapshotFile[] | string> {
    let files: readonly SnapshotFile[] = []
    let read = false
    const name = await refusal(async () => {
        files = readFileList(text)
        read = true
    }).catch((error: unknown) => {
        if (read) return null
        throw error
    })
    return name ?? files
}
