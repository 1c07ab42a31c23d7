/** copy.json: what lies in an encrypted copy, entry by entry; how a zip is written is no matter of ours. */

import type { Random } from "../../../src/crypto/random.ts"
import { createEngine } from "../../../src/engine/engine.ts"
import { crewOfOne } from "../../../src/engine/sealer.ts"
import { entriesOf, savedCopy } from "../copies.ts"
import { asFile, noise } from "../exports.ts"
import { addExport, makeDesk } from "../people.ts"
import { tape } from "../tape.ts"
import { b64 } from "./text.ts"

/**
 * A tape for each length: ids, nonces and padding are drawn side by side, and who comes first would depend on the machine.
 * One file of one chunk for the same reason.
 */
function tapes(seed: string): Random {
    const made = new Map<number, Random>()
    return {
        bytes(count) {
            const own = made.get(count) ?? tape(`${seed} ${count}`)
            made.set(count, own)
            return own.bytes(count)
        },
    }
}

export async function copyVectors(): Promise<object> {
    const content = noise(5_000, 1)
    const random = tapes("a copy")
    const desk = makeDesk(undefined, undefined, { random, crew: crewOfOne(random) })
    const engine = createEngine(desk.ports)
    const { code } = await engine.prepareLibrary()
    await engine.createLibrary({ proven: false, stay: false })
    await addExport(engine, asFile(content, { name: "Tourenplan.bin" }), { conversation: null, title: "Wanderung" })
    const entries = await entriesOf(await savedCopy(engine))
    return {
        code,
        conversation: "Wanderung",
        file: { name: "Tourenplan.bin", content: b64(content) },
        entries: Object.fromEntries([...entries].map(([name, bytes]) => [name, b64(bytes)])),
    }
}
