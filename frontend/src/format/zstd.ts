/** Zstandard (RFC 8878), level 3: the only door to the library and to its WebAssembly. */

import { init, compress as libraryCompress, decompress as libraryDecompress } from "@bokuweb/zstd-wasm"
import type { Bytes } from "../bytes/bytes.ts"
import { DamagedObjectError } from "./errors.ts"
import { zstdContentSize } from "./zstd-frame.ts"

const level = 3

/** The bundler serves this file from our own origin. (It lies behind the library's `exports`, hence the long way round.) */
const wasmAddress = new URL("../../../node_modules/@bokuweb/zstd-wasm/dist/web/zstd.wasm", import.meta.url)

let loading: Promise<void> | undefined

/** Loads the library, once; everything below needs it. When it fails, the next call tries again. */
export function ready(): Promise<void> {
    loading ??= load().catch((error: unknown) => {
        loading = undefined
        throw error
    })
    return loading
}

async function load(): Promise<void> {
    // Outside a browser the library reads its own file.
    if (wasmAddress.protocol === "file:") return init()
    // Left to itself, the library waits for ever when its file does not come or may not be compiled. So we fetch it,
    // compile it once to see that it can be, and hand it over; the declared type only knows the way through Node.
    const wasm = wasmAddress.protocol === "data:" ? within(wasmAddress) : await fetched()
    await WebAssembly.compile(wasm)
    const initBrowser: (wasm: Bytes) => Promise<void> = init
    await initBrowser(wasm)
}

async function fetched(): Promise<Bytes> {
    const response = await fetch(wasmAddress, { credentials: "same-origin" })
    if (!response.ok) throw new Error(`zstd.wasm: status ${response.status}`)
    return new Uint8Array(await response.arrayBuffer())
}

/** The page that needs no site may fetch nothing at all: there the address holds the bytes. */
function within({ pathname }: URL): Bytes {
    const text = atob(pathname.slice(pathname.indexOf(",") + 1))
    return Uint8Array.from(text, (letter) => letter.charCodeAt(0))
}

export function compress(content: Bytes): Bytes {
    return own(libraryCompress(content, level))
}

/** Refuses a frame that does not state its content size, or states more than `most`, before it unpacks a byte. */
export function decompress(frame: Bytes, most: number): Bytes {
    const size = zstdContentSize(frame)
    if (size > most) throw new DamagedObjectError("too-large")
    let content: Bytes
    try {
        content = own(libraryDecompress(frame))
    } catch {
        throw new DamagedObjectError("malformed")
    }
    if (content.length !== size) throw new DamagedObjectError("malformed")
    return content
}

/** The library answers with a copy in memory of its own; its types do not say so. */
function own(bytes: Uint8Array): Bytes {
    return bytes as Bytes
}
