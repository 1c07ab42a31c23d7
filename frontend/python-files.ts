/**
 * What Python needs in the browser, put beside the built pages: Pyodide as it is published, and a folder of locked wheels.
 *
 *     dist/pyodide/<version>/     the interpreter and its standard library
 *     dist/wheels/<hash>/         wheels; the hash is that of the lock, which names the SHA-256 of each
 *
 * Workers import the lock as `virtual:python`. Nothing is fetched that it does not name, and nothing from elsewhere.
 */

import { execFileSync } from "node:child_process"
import { createHash } from "node:crypto"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, resolve } from "node:path"
import { downloadZip } from "client-zip"
import { unzipSync } from "fflate"
import type { Lockfile } from "pyodide"
import type { Plugin } from "vite"

const runtime = dirname(createRequire(import.meta.url).resolve("pyodide/package.json"))
const runtimeFiles = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"]
const python = resolve(import.meta.dirname, "python")
/** Of the second implementation, what opens sealed bytes: neither its server nor its command line. */
const clientFiles = /^(__init__|browser|noble|primitives|second_opinion|zstd|format\/\w+)\.py$/
const root = resolve(import.meta.dirname, "..")
const fetched = resolve(root, ".cache/browser-wheels")

export interface Wheel {
    readonly name: string
    readonly version: string
    readonly fileName: string
    readonly imports: readonly string[]
    readonly bytes: Uint8Array
}

export const clientWheel = (): Promise<Wheel> => ownWheel("backupweb_client", clientFiles)

/** Reads foreign databases; needs the wheels of others. */
export const deepImportWheel = (): Promise<Wheel> => ownWheel("deep_import", /^\w+\.py$/)

async function ownWheel(imports: string, wanted: RegExp): Promise<Wheel> {
    const [version = "0"] = /(?<=^version = ")[^"]+/m.exec(readFileSync(`${python}/pyproject.toml`, "utf8")) ?? []
    const names = readdirSync(`${python}/${imports}`, { recursive: true, encoding: "utf8" }).filter((name) =>
        wanted.test(name),
    )
    const files = names.map((name) => [`${imports}/${name}`, readFileSync(`${python}/${imports}/${name}`)] as const)
    return await makeWheel(imports, version, imports, files)
}

/** The wheels of others, fetched with their hashes (`deploy/browser-wheels.sh`). */
export async function fetchedWheels(): Promise<readonly Wheel[]> {
    const own = resolve(root, ".venv/bin/python")
    const environment = existsSync(own) ? { PYTHON: own, ...process.env } : process.env
    execFileSync(resolve(root, "deploy/browser-wheels.sh"), { env: environment, stdio: "inherit" })
    const names = readdirSync(fetched).filter((name) => name.endsWith(".whl"))
    return await Promise.all(names.sort().map(foreignWheel))
}

/** As it was published, if it is Python alone; of one with a compiled part, what is left without it. */
async function foreignWheel(fileName: string): Promise<Wheel> {
    const [name = "", version = ""] = fileName.split("-")
    const bytes = new Uint8Array(readFileSync(`${fetched}/${fileName}`))
    const files = Object.entries(unzipSync(bytes)).filter(([path]) => !path.endsWith("/"))
    const facts = `${name}-${version}.dist-info/`
    const module = files.find(([path]) => !path.startsWith(facts))?.[0].split("/")[0] ?? name
    if (!fileName.endsWith("-py3-none-any.whl")) {
        const kept = files.filter(([path]) => !path.startsWith(facts) || path.includes("/licenses/"))
        return await makeWheel(
            name,
            version,
            module,
            kept.filter(([path]) => !/\.(so|c|pyi)$/.test(path)),
        )
    }
    return { name: nameOf(name), version, fileName, imports: [module], bytes }
}

/** The same files give the same bytes, wherever they are built. */
async function makeWheel(
    name: string,
    version: string,
    imports: string,
    given: readonly (readonly [path: string, content: Uint8Array])[],
): Promise<Wheel> {
    const facts = `${name}-${version}.dist-info`
    const files = new Map<string, Uint8Array | string>([...given].sort(([one], [other]) => (one < other ? -1 : 1)))
    files.set(`${facts}/METADATA`, `Metadata-Version: 2.1\nName: ${nameOf(name)}\nVersion: ${version}\n`)
    files.set(`${facts}/WHEEL`, "Wheel-Version: 1.0\nGenerator: backupweb\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
    const record = [...files].map(
        ([path, content]) => `${path},sha256=${hash(content, "base64url")},${Buffer.byteLength(content)}`,
    )
    files.set(`${facts}/RECORD`, `${[...record, `${facts}/RECORD,,`].join("\n")}\n`)
    // In local time, as the zip writer reads it: the earliest that a zip can say.
    const lastModified = new Date(1980, 0, 1)
    const zip = downloadZip([...files].map(([path, input]) => ({ name: path, input, lastModified })))
    return {
        name: nameOf(name),
        version,
        fileName: `${name}-${version}-py3-none-any.whl`,
        imports: [imports],
        bytes: new Uint8Array(await zip.arrayBuffer()),
    }
}

/** As locks write it. */
const nameOf = (project: string): string => project.toLowerCase().replaceAll("_", "-")

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
    const made = Promise.all([clientWheel(), deepImportWheel(), fetchedWheels()]).then(([client, deep, others]) => {
        const wheels = [client, deep, ...others]
        const lock = lockOf(wheels)
        return { wheels, lock, wheelFolder: `wheels/${hash(JSON.stringify(lock), "hex").slice(0, 12)}` }
    })
    // Awaited where it is needed; until then its failure is nobody's.
    made.catch(() => undefined)
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
