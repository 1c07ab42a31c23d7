/** The types of the API are made from its schema and from nothing else. */

import { readFile } from "node:fs/promises"
import openapiTypes, { astToString } from "openapi-typescript"
import { expect, test } from "vitest"

const schema = new URL("../../openapi.json", import.meta.url)
const types = new URL("../../src/adapters/api-types.ts", import.meta.url)

test("what the schema says today stands in api-types.ts (else: make api)", async () => {
    const made = astToString(await openapiTypes(schema))
    const kept = await readFile(types, "utf8")
    expect(kept.replace(/^\/\*\*[\s\S]*?\*\/\s*/, "")).toBe(made)
})
