/** What is built for the browser names no foreign host that anything could be fetched from. */

import { resolve } from "node:path"
import { build, createLogger, type Rolldown } from "vite"
import { beforeAll, expect, test, vi } from "vitest"

const configFile = resolve(import.meta.dirname, "../../vite.config.ts")

/** Named in sentences and in names of XML, and never asked. */
const neverAsked = ["www.npmjs.com", "www.w3.org"]

const warnings: string[] = []
const customLogger = { ...createLogger("silent"), warn: (words: string) => warnings.push(words) }

let files: readonly (Rolldown.OutputChunk | Rolldown.OutputAsset)[]

beforeAll(async () => {
    // As for production: the libraries' words to developers name addresses too.
    vi.stubEnv("NODE_ENV", "production")
    const built = await build({ configFile, customLogger, build: { write: false } })
    vi.unstubAllEnvs()
    files = (Array.isArray(built) ? built : [built]).flatMap((part) => ("output" in part ? part.output : []))
})

test("no foreign host", () => {
    const texts = files.filter(({ fileName }) => /\.(js|css|json)$/.test(fileName)).map(textOf)
    const hosts = new Set(
        texts.flatMap((text) =>
            [...text.matchAll(/https?:\/\/([a-z0-9-]+(?:\.[a-z0-9-]+)+)/g)].map(([, host]) => host),
        ),
    )
    expect([...hosts].filter((host) => host !== undefined && !neverAsked.includes(host))).toEqual([])
})

test("nothing that only Node has is asked for", () => {
    expect(warnings.filter((words) => words.includes("externalized"))).toEqual([])
})

test("what few visits need is loaded by itself", () => {
    const [worker] = files.filter(({ fileName }) => /engine\.worker-.*\.js$/.test(fileName))
    if (worker === undefined) throw new Error("no worker was built")
    // The limit stands for what must not creep in: OPAQUE has 420 kB, the dictionaries have 1,900.
    expect(textOf(worker).length).toBeLessThan(260_000)
    expect(files.some(({ fileName }) => /zxing_reader-.*\.wasm$/.test(fileName))).toBe(true)
})

function textOf(file: Rolldown.OutputChunk | Rolldown.OutputAsset): string {
    return file.type === "chunk"
        ? file.code
        : typeof file.source === "string"
          ? file.source
          : new TextDecoder().decode(file.source)
}
