/** One part of the work, or a peer's, over memory or over a file: how many bytes went through it. */

import { Encrypter } from "age-encryption"
import { Unzip, UnzipInflate } from "fflate"
import sodium from "libsodium-wrappers"
import { deriveLibraryKeys } from "../../frontend/src/crypto/derive.ts"
import { systemRandom } from "../../frontend/src/crypto/random.ts"
import { RootSecret } from "../../frontend/src/crypto/root-secret.ts"
import { hashing, Sealer, type SealersDesk } from "../../frontend/src/engine/sealer.ts"
import { unpack } from "../../frontend/src/engine/zip.ts"
import { readDirectory } from "../../frontend/src/engine/zip-directory.ts"

const mebibyte = 1024 * 1024
/** As long as a chunk, and as the peers' own measure of a message. */
const message = 262_112
/** What a file is read in. */
const piece = 8 * mebibyte

type Part = (bytes: number, file: File | null) => Promise<number>

const parts: Readonly<Record<string, Part>> = {
    seal,
    "seal-and-hash": sealAndHash,
    webcrypto,
    secretstream,
    age,
    unzip,
    fflate,
}

addEventListener("message", async ({ data }: MessageEvent<{ part: string; bytes: number; file: File | null }>) => {
    const part = parts[data.part]
    if (part === undefined) throw new RangeError(data.part)
    postMessage(await part(data.bytes, data.file))
})

/** A photo is not shorter when it is compressed: chance is what most of an export looks like. */
function noise(length: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(length)
    for (let at = 0; at < length; at += 65_536)
        crypto.getRandomValues(bytes.subarray(at, Math.min(at + 65_536, length)))
    return bytes
}

// ---------------------------------------------------------------- sealing

/** Cut, name, claim, seal and pack, as an import does; nothing is read from a disk and nothing sent. */
function seal(bytes: number): Promise<number> {
    return sealInto(sink(), bytes)
}

/** And hash the packs, which is what the server wants to know before it takes them. */
function sealAndHash(bytes: number): Promise<number> {
    const { share, claim } = sink()
    return sealInto(hashing({ share, claim, take: async (_, taken) => taken }), bytes)
}

function sink(): SealersDesk {
    const shares: (readonly number[])[] = [[0]]
    return {
        share: async () => shares.pop() ?? null,
        claim: async (_, lengths) => new Uint8Array(lengths.length).fill(1),
        take: async (pack) => pack.bytes,
    }
}

async function sealInto(desk: SealersDesk, bytes: number): Promise<number> {
    const source = noise(piece)
    const keys = await deriveLibraryKeys(RootSecret.of(noise(32)), noise(16), 1)
    const file = { index: 0, name: "", size: bytes, folder: false, entry: null }
    async function* content() {
        for (let left = bytes; left > 0; left -= piece) yield source
        return null
    }
    async function* read() {
        yield { file, content: content() }
    }
    const { signal } = new AbortController()
    const { files } = await new Sealer({ keys, signal, source: { portable: null, read } }, desk, systemRandom).run()
    return files[0]?.size ?? 0
}

async function webcrypto(bytes: number): Promise<number> {
    const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt"])
    const plain = noise(message)
    const count = Math.floor(bytes / message)
    let next = 0
    const lane = async (): Promise<void> => {
        while (next++ < count) await crypto.subtle.encrypt({ name: "AES-GCM", iv: systemRandom.bytes(12) }, key, plain)
    }
    await Promise.all(Array.from({ length: 8 }, lane))
    return count * message
}

async function secretstream(bytes: number): Promise<number> {
    await sodium.ready
    const plain = noise(message)
    const { state } = sodium.crypto_secretstream_xchacha20poly1305_init_push(
        sodium.crypto_secretstream_xchacha20poly1305_keygen(),
    )
    let done = 0
    for (; done < bytes; done += message) sodium.crypto_secretstream_xchacha20poly1305_push(state, plain, null, 0)
    return done
}

async function age(bytes: number): Promise<number> {
    const encrypter = new Encrypter()
    // With a recipient, so that no slow hash is in the figure.
    encrypter.addRecipient("age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p")
    const plain = noise(message)
    let left = bytes
    const stream = new ReadableStream<Uint8Array>({
        pull(controller) {
            if (left <= 0) return controller.close()
            left -= message
            controller.enqueue(plain.slice())
        },
    })
    const sealed = (await encrypter.encrypt(stream)).getReader()
    for (;;) if ((await sealed.read()).done) return bytes - left
}

// ---------------------------------------------------------------- reading

async function unzip(_: number, file: File | null): Promise<number> {
    const directory = file === null ? null : await readDirectory(file)
    if (file === null || directory === null) throw new RangeError("no zip")
    let done = 0
    for await (const { content } of unpack(file, directory)) for await (const bytes of content) done += bytes.length
    return done
}

async function fflate(_: number, file: File | null): Promise<number> {
    if (file === null) throw new RangeError("no zip")
    let done = 0
    const unzipper = new Unzip((entry) => {
        entry.ondata = (error, bytes) => {
            if (error !== null) throw error
            done += bytes.length
        }
        entry.start()
    })
    unzipper.register(UnzipInflate)
    for await (const bytes of file.stream()) unzipper.push(bytes)
    unzipper.push(new Uint8Array(0), true)
    return done
}
