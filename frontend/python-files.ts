/**
 * What Python needs in the browser, put beside the built pages: Pyodide as it is published, and a folder of locked wheels.
 *
 *     dist/pyodide/<version>/     the interpreter and its standard library
 *     dist/wheels/<hash>/         wheels; the hash is that of the lock, which names the SHA-256 of each
 *
 * Workers import the lock as `virtual:python`. Nothing is fetched that it does not name, and nothing from elsewhere.
 */

import { createHash } from "node:crypto"
import { readdirSync, readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, resolve } from "node:path"
import { downloadZip } from "client-zip"
import type { Lockfile } from "pyodide"
import type { Plugin } from "vite"

const runtime = dirname(createRequire(import.meta.url).resolve("pyodide/package.json"))
const runtimeFiles = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"]
const client = resolve(import.meta.dirname, "python")
/** Of the second implementation, what opens sealed bytes: neither its server nor its command line. */
const clientFiles = /^(__init__|browser|noble|primitives|second_opinion|zstd|format\/\w+)\.py$/

export interface Wheel {
    readonly name: string
    readonly version: string
    readonly fileName: string
    readonly imports: readonly string[]
    readonly bytes: Uint8Array
}

/** The same text gives the same bytes, wherever it is built. */
export async function clientWheel(): Promise<Wheel> {
    const [version = "0"] = /(?<=^version = ")[^"]+/m.exec(readFileSync(`${client}/pyproject.toml`, "utf8")) ?? []
    const facts = `backupweb_client-${version}.dist-info`
    const files = new Map(
        readdirSync(`${client}/backupweb_client`, { recursive: true, encoding: "utf8" })
            .filter((name) => clientFiles.test(name))
            .sort()
            .map((name) => [`backupweb_client/${name}`, readFileSync(`${client}/backupweb_client/${name}`, "utf8")]),
    )
    files.set(`${facts}/METADATA`, `Metadata-Version: 2.1\nName: backupweb-client\nVersion: ${version}\n`)
    files.set(`${facts}/WHEEL`, "Wheel-Version: 1.0\nGenerator: backupweb\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
    const record = [...files].map(
        ([name, text]) => `${name},sha256=${hash(text, "base64url")},${Buffer.byteLength(text)}`,
    )
    files.set(`${facts}/RECORD`, `${[...record, `${facts}/RECORD,,`].join("\n")}\n`)
    // In local time, as the zip writer reads it: the earliest that a zip can say.
    const lastModified = new Date(1980, 0, 1)
    const zip = downloadZip([...files].map(([name, input]) => ({ name, input, lastModified })))
    return {
        name: "backupweb-client",
        version,
        fileName: `backupweb_client-${version}-py3-none-any.whl`,
        imports: ["backupweb_client"],
        bytes: new Uint8Array(await zip.arrayBuffer()),
    }
}

/** Pyodide holds what it fetches against the hashes in here. */
function lockOf(wheels: readonly Wheel[]): Lockfile {
    const { info } = JSON.parse(readFileSync(`${runtime}/pyodide-lock.json`, "utf8")) as Lockfile
    const packages = wheels.map(({ name, version, fileName, imports, bytes }) => [
        name,
        {
            name,
            version,
            file_name: fileName,
            install_dir: "site",
            sha256: hash(bytes, "hex"),
            package_type: "package",
            imports: [...imports],
            depends: [],
            unvendored_tests: false,
        },
    ])
    return { info, packages: Object.fromEntries(packages) } as Lockfile
}

/** For the pages' build, which carries the files, and for that of the workers, which name them. */
export function pythonFiles(): Plugin {
    const name = "virtual:python"
    const made = clientWheel().then((wheel) => {
        const wheels = [wheel]
        const lock = lockOf(wheels)
        return { wheels, lock, wheelFolder: `wheels/${hash(JSON.stringify(lock), "hex").slice(0, 12)}` }
    })
    const { version } = JSON.parse(readFileSync(`${runtime}/package.json`, "utf8")) as { readonly version: string }
    const runtimeFolder = `pyodide/${version}`
    return {
        name: "python-files",
        resolveId: (id) => (id === name ? `\0${name}` : null),
        async load(id) {
            if (id !== `\0${name}`) return null
            const { lock, wheelFolder } = await made
            const files = { runtime: `/static/${runtimeFolder}/`, wheels: `/static/${wheelFolder}/`, lock }
            return `export default ${JSON.stringify(files)}`
        },
        async generateBundle() {
            const { wheels, wheelFolder } = await made
            for (const file of runtimeFiles)
                this.emitFile({
                    type: "asset",
                    fileName: `${runtimeFolder}/${file}`,
                    source: readFileSync(`${runtime}/${file}`),
                })
            for (const { fileName, bytes } of wheels)
                this.emitFile({ type: "asset", fileName: `${wheelFolder}/${fileName}`, source: bytes })
        },
    }
}

function hash(content: string | Uint8Array, encoding: "hex" | "base64url"): string {
    return createHash("sha256").update(content).digest(encoding)
}
