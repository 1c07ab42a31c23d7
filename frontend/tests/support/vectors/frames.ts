/** cut.json, frame.json and pack.json. */

import { type Bytes, concat } from "../../../src/bytes/bytes.ts"
import { utf8 } from "../../../src/bytes/utf8.ts"
import { createLinePrf } from "../../../src/crypto/prf.ts"
import type { CatalogPack } from "../../../src/format/catalog.ts"
import { chunkId, nameChunk } from "../../../src/format/chunk.ts"
import { chooseCut } from "../../../src/format/cut.ts"
import { createCutter } from "../../../src/format/cutter.ts"
import { type FrameEntry, frameBytes, type SealedFrame, sealFrame } from "../../../src/format/frame.ts"
import { describePack, joinRests, PackBuilder } from "../../../src/format/pack.ts"
import { alice } from "../cast.ts"
import { generate, type Input } from "../generated.ts"
import { tape } from "../tape.ts"
import { b64, hex } from "./text.ts"

/** Text whose 8,191st byte is the first of these three. */
function atTheEdge(...bytes: readonly [number, number, number]): Bytes {
    return concat(utf8("a".repeat(8190)), new Uint8Array(bytes), utf8("\n"))
}

const inputs: Record<string, Input> = {
    "an empty file": { kind: "bytes", bytes: "" },
    "one short line": { kind: "bytes", bytes: b64(utf8("Anna: hello\n")) },
    "text that ends within a character": { kind: "bytes", bytes: b64(utf8("ä").subarray(0, 1)) },
    "a character cut off by the 8,192nd byte": { kind: "bytes", bytes: b64(atTheEdge(0xe2, 0x82, 0xac)) },
    "what begins no character at the 8,192nd byte": { kind: "bytes", bytes: b64(atTheEdge(0xed, 0xa0, 0x80)) },
    "a zero byte": { kind: "bytes", bytes: b64(utf8("a\0b")) },
    "a chat of short lines": { kind: "lines", seed: 7, size: 700_000, longest: 160 },
    "lines about as long as a chunk": { kind: "lines", seed: 11, size: 1_200_000, longest: 300_000 },
    "lines that are much longer than a chunk": { kind: "lines", seed: 13, size: 1_500_000, longest: 900_000 },
    noise: { kind: "noise", seed: 17, size: 600_000, prefix: "" },
    "a database": { kind: "noise", seed: 19, size: 200_000, prefix: b64(utf8("SQLite format 3\0")) },
}

export async function cutVectors(): Promise<object> {
    const prf = await createLinePrf(alice.keys.cut)
    const one = async ([name, input]: [string, Input]) => {
        const bytes = generate(input)
        const cut = chooseCut(bytes)
        const cutter = createCutter(cut, prf)
        const chunks = [...cutter.push(bytes), ...cutter.end()]
        const ids = await Promise.all(chunks.map((chunk) => chunkId(alice.keys, chunk)))
        return { name, input, cut, lengths: chunks.map((chunk) => chunk.length), ids: ids.map(hex) }
    }
    return Promise.all(Object.entries(inputs).map(one))
}

export function entryText(entry: FrameEntry): object {
    const chunks = entry.chunks.map((chunk) => ({ id: hex(chunk.id), length: chunk.length }))
    return { id: hex(entry.id), flags: entry.flags, sealedLength: entry.sealedLength, chunks }
}

export function packText(pack: CatalogPack): object {
    return { id: pack.id, sha256: pack.sha256, size: pack.size, frames: pack.frames.map(entryText) }
}

const hello = utf8("19.09.26, 09:49 - Anna: hello\n".repeat(8))
const answer = utf8("19.09.26, 09:50 - Ben: hello to you\n".repeat(6))

export async function seal(chunks: readonly Bytes[], compress: boolean, seed: string): Promise<SealedFrame> {
    const named = await Promise.all(chunks.map((chunk) => nameChunk(alice.keys, chunk)))
    return sealFrame(alice.keys, named, tape(seed), { compress })
}

interface Example {
    readonly name: string
    readonly chunks: readonly Bytes[]
    readonly frame: SealedFrame
}

export async function exampleFrames(): Promise<readonly Example[]> {
    const noise = (size: number) => generate({ kind: "noise", seed: 23, size, prefix: "" })
    const example = async (name: string, chunks: readonly Bytes[], compress: boolean) => ({
        name,
        chunks,
        frame: await seal(chunks, compress, name),
    })
    return [
        await example("one chunk as it is", [noise(300)], false),
        await example("one byte", [new Uint8Array([7])], false),
        await example("one chunk, compressed", [hello], true),
        await example("several chunks, compressed", [hello.subarray(1), answer, concat(answer, hello)], true),
        await example("several chunks that do not get shorter", [noise(40).subarray(1), noise(50).subarray(2)], true),
    ]
}

export async function frameVectors(): Promise<object> {
    return (await exampleFrames()).map(({ name, chunks, frame }) => ({
        name,
        entry: entryText(frame),
        chunks: chunks.map(b64),
        sealed: b64(frameBytes(frame)),
    }))
}

export async function examplePack(): Promise<{ readonly bytes: Bytes; readonly pack: CatalogPack }> {
    const chance = tape("pack")
    const builder = new PackBuilder(chance)
    for (const { frame } of await exampleFrames()) builder.add(frame, "fixed")
    const [finished] = joinRests(builder.leave(), chance)
    if (finished === undefined) throw new Error("no pack")
    return { bytes: finished.bytes, pack: await describePack(finished) }
}

export async function packVectors(): Promise<object> {
    const { bytes, pack } = await examplePack()
    return { pack: packText(pack), bytes: b64(bytes) }
}
