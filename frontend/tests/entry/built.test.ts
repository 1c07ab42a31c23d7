/** What is built for the browser names no foreign host that anything could be fetched from. */

import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import { resolve } from "node:path"
import { unzipSync } from "fflate"
import { version as pyodide } from "pyodide"
import { build, createLogger, type Rolldown } from "vite"
import { beforeAll, describe, expect, test, vi } from "vitest"

const { version: whisper } = JSON.parse(
    readFileSync(resolve(import.meta.dirname, "../../../node_modules/@transcribe/shout/package.json"), "utf8"),
) as { readonly version: string }
const configFile = resolve(import.meta.dirname, "../../vite.config.ts")

/** Named in sentences, in names of XML and in places that a chat names, and never asked. */
const neverAsked = ["www.npmjs.com", "www.w3.org", "maps.google.com", "foursquare.com", "emscripten.org", "sqlite.org"]

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
    const texts = files.filter(({ fileName }) => /\.(js|css|json|html)$/.test(fileName)).map(textOf)
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

test("Python is there for who asks, in folders named for what is in them, and in no page", () => {
    const names = files.map(({ fileName }) => fileName)
    for (const part of ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"])
        expect(names).toContain(`pyodide/${pyodide}/${part}`)
    const [wheel] = files.filter(({ fileName }) => /^wheels\/[0-9a-f]{12}\/backupweb_client-.*\.whl$/.test(fileName))
    const workers = files.filter(({ fileName }) => /(?:opinion|deep-import)\.worker-.*\.js$/.test(fileName))
    if (wheel?.type !== "asset" || workers.length !== 2) throw new Error("no wheel or no worker was built")
    // The lock that names its hash is in the workers.
    for (const worker of workers)
        expect(textOf(worker)).toContain(createHash("sha256").update(wheel.source).digest("hex"))
    const others = files.filter((file) => /\.js$/.test(file.fileName) && !workers.includes(file))
    expect(others.filter((file) => textOf(file).includes("pyodide.mjs"))).toEqual([])
})

test("the wheels of others are those that are locked, and what we leave out of one is what is compiled", () => {
    const locked = readFileSync(resolve(import.meta.dirname, "../../requirements-browser.txt"), "utf8")
    const wheels = files.filter(
        ({ fileName }) => /^wheels\/.*\.whl$/.test(fileName) && !/\/(backupweb_client|deep_import)-/.test(fileName),
    )
    expect(wheels.map(({ fileName }) => fileName.split("/")[2]?.split("-")[0])).toEqual([
        "markupsafe",
        "tqdm",
        "whatsapp_chat_exporter",
    ])
    for (const wheel of wheels) {
        if (wheel.type !== "asset" || typeof wheel.source === "string") throw new Error("no wheel")
        const bytes = new Uint8Array(wheel.source)
        if (wheel.fileName.includes("markupsafe"))
            expect(Object.keys(unzipSync(bytes)).join()).not.toMatch(/\.so|\.pyd/)
        else expect(locked).toContain(`sha256:${createHash("sha256").update(bytes).digest("hex")}`)
    }
})

test("SQLite is there for who has a database, and in its worker alone", () => {
    const [sqlite] = files.filter(({ fileName }) => /sqlite3-.*\.wasm$/.test(fileName))
    expect(sqlite).toBeDefined()
    const naming = files
        .filter(({ fileName }) => /\.js$/.test(fileName))
        .filter((file) => textOf(file).includes(".wasm"))
    const names = naming.filter((file) => /sqlite3-[^"]*\.wasm/.test(textOf(file))).map(({ fileName }) => fileName)
    expect(names).toHaveLength(1)
    // Neither of the workers that the library would start.
    expect(files.filter(({ fileName }) => /worker1|opfs-async/.test(fileName))).toEqual([])
    expect(names[0]).not.toMatch(/engine\.worker|app-|try-|site-|account-/)
})

test("Whisper is there for who asks, as it is published, and in no page and no worker", () => {
    const script = files.filter(({ fileName }) => fileName === `whisper/${whisper}/shout.wasm.js`)
    expect(script).toHaveLength(1)
    expect(files.some(({ fileName }) => fileName === `whisper/${whisper}/LICENSE`)).toBe(true)
    const [worker] = files.filter(({ fileName }) => /listening\.worker-.*\.js$/.test(fileName))
    if (worker === undefined) throw new Error("no worker was built")
    expect(textOf(worker)).toContain(`/static/whisper/${whisper}/shout.wasm.js`)
    expect(textOf(worker).length).toBeLessThan(60_000)
    const others = files.filter((file) => file.type === "chunk" && file !== worker)
    expect(others.filter((file) => textOf(file).includes("shout.wasm.js"))).toEqual([])
})

describe("the page that needs no site", () => {
    const page = () => textOf(files.filter(({ fileName }) => fileName === "offline/backupweb-open.html")[0])

    test("is one file at a fixed address, and not a large one", () => {
        expect(page().length).toBeLessThan(900_000)
        expect(page().match(/<script/g)).toHaveLength(1)
        expect(page().match(/<style/g)).toHaveLength(1)
        const markup = page().replaceAll(/<(script|style)[\s\S]*?<\/\1>/g, "")
        expect(markup).not.toMatch(/<(link|iframe|img|object|base|script|style)[ >]|\b(src|href)=/)
    })

    test("may fetch nothing, and run and wear nothing but what its policy names", () => {
        const [, policy = ""] = /Content-Security-Policy" content="([^"]+)"/.exec(page()) ?? []
        const [, script = ""] = /<script type="module">([\s\S]*)<\/script>/.exec(page()) ?? []
        const [, style = ""] = /<style>([\s\S]*)<\/style>/.exec(page()) ?? []
        const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`
        expect(policy.split("; ")).toEqual([
            "default-src 'none'",
            `script-src ${hash(script)} 'wasm-unsafe-eval'`,
            `style-src ${hash(style)}`,
            "img-src data: blob:",
            "media-src blob:",
            "connect-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types lit-html",
        ])
        expect(script).not.toMatch(/\bimport\s*\(|\bfrom\s*"/)
    })

    test("is told by the site with the hash that it has", () => {
        const sha256 = createHash("sha256").update(page()).digest("hex")
        const [app] = files.filter(({ fileName }) => /app-.*\.js$/.test(fileName))
        expect(textOf(app)).toContain(sha256)
    })
})

function textOf(file: Rolldown.OutputChunk | Rolldown.OutputAsset | undefined): string {
    if (file === undefined) throw new Error("it was not built")
    return file.type === "chunk"
        ? file.code
        : typeof file.source === "string"
          ? file.source
          : new TextDecoder().decode(file.source)
}
