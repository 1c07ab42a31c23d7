/** sample.json: how much is read back, the one hash over what was read, and what the head remembers of it. */

import { utf8 } from "../../../src/bytes/utf8.ts"
import { sha256 } from "../../../src/crypto/hash.ts"
import { lastCheck } from "../../../src/engine/last-check.ts"
import { sampleHash, sampleSize } from "../../../src/engine/sample.ts"
import { generate } from "../generated.ts"
import { b64, hex } from "./text.ts"

const pack = (digit: string) => digit.repeat(32)

const samples = [
    { name: "nothing", pieces: [] },
    { name: "one piece", pieces: [{ pack: pack("7"), offset: 0, content: utf8("Anna: hello\n") }] },
    {
        name: "in another order than that of packs and places",
        pieces: [
            { pack: pack("f"), offset: 0, content: utf8("last") },
            { pack: pack("0"), offset: 8_388_000, content: utf8("second") },
            { pack: pack("0"), offset: 99, content: generate({ kind: "noise", seed: 3, size: 1_000, prefix: "" }) },
            { pack: pack("a"), offset: 4_294_967_295, content: utf8("Grüße") },
        ],
    },
]

const remembered = [
    "2026-12-01T05:00:00Z 459/80000",
    "2026-12-01T05:00:00Z 16/16",
    "2026-12-01T05:00:00Z 17/16",
    "2026-12-01T05:00:00Z 0/0",
    "2026-12-01T05:00:00Z 016/16",
    "2026-12-01T05:00:00Z 16/16 ",
    "2026-12-01T05:00:00 16/16",
    "16/16",
    "",
]

export async function sampleVectors(): Promise<object> {
    const hashed = samples.map(async ({ name, pieces }) => {
        const read = await Promise.all(
            pieces.map(async ({ pack: packId, offset, content }) => ({
                packId,
                offset,
                sha256: hex(await sha256(content)),
            })),
        )
        const shown = pieces.map(({ content, ...place }) => ({ ...place, content: b64(content) }))
        return { name, pieces: shown, hash: hex(await sampleHash(read)) }
    })
    return {
        sizes: [0, 1, 16, 99, 100, 101, 1_000, 10_000, 80_000, 1_000_000].map((pieces) => [pieces, sampleSize(pieces)]),
        hashes: await Promise.all(hashed),
        remembered: remembered.map((text) => ({ text, read: lastCheck({ checked: text }) })),
    }
}
