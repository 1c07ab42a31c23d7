/**
 * What listens in the browser, put beside the built pages as it is published: whisper.cpp as WebAssembly, in one script.
 *
 *     dist/whisper/<version>/shout.wasm.js, and its licence
 *
 * It starts its own threads by its own name, so it is not bundled. Workers import its address as `virtual:whisper`.
 */

import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname } from "node:path"
import type { Plugin } from "vite"

const folder = dirname(createRequire(import.meta.url).resolve("@transcribe/shout"))
const script = "shout.wasm.js"

export function whisperFiles(): Plugin {
    const name = "virtual:whisper"
    const { version } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8")) as { readonly version: string }
    const place = `whisper/${version}`
    return {
        name: "whisper-files",
        resolveId: (id) => (id === name ? `\0${name}` : null),
        load: (id) => (id === `\0${name}` ? `export default ${JSON.stringify(`/static/${place}/${script}`)}` : null),
        generateBundle() {
            const files = { [script]: `src/shout/${script}`, LICENSE: "LICENSE" }
            for (const [file, source] of Object.entries(files))
                this.emitFile({
                    type: "asset",
                    fileName: `${place}/${file}`,
                    source: readFileSync(`${folder}/${source}`),
                })
        },
    }
}
