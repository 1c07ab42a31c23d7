import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { resolve } from "node:path"
import { expect, test } from "vitest"
import { makeVectors } from "./make-vectors.ts"
import { vectorFolder } from "./read-vectors.ts"

/** `npm run vectors` writes them; every other run compares. */
const { VECTORS } = process.env

test("the shared vectors are what this code makes, byte for byte", async () => {
    for (const [name, text] of await makeVectors()) {
        const path = resolve(vectorFolder, name)
        mkdirSync(vectorFolder, { recursive: true })
        if (VECTORS === "write") writeFileSync(path, text)
        expect(readFileSync(path, "utf8"), name).toBe(text)
    }
})
