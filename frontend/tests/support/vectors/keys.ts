/** keys.json, slot.json, recovery-code.json and padme.json. Keys come from another implementation than the one under test. */

import { hkdf } from "@noble/hashes/hkdf.js"
import { hmac } from "@noble/hashes/hmac.js"
import { sha256 } from "@noble/hashes/sha2.js"
import { type Bytes, concat } from "../../../src/bytes/bytes.ts"
import { utf8 } from "../../../src/bytes/utf8.ts"
import { ByteWriter } from "../../../src/bytes/writer.ts"
import type { WrappingKey } from "../../../src/crypto/keys.ts"
import { RootSecret } from "../../../src/crypto/root-secret.ts"
import { padme } from "../../../src/format/padme.ts"
import { dammDigit } from "../../../src/keyring/damm.ts"
import { sealEarlier } from "../../../src/keyring/earlier.ts"
import { makeRecoveryCode, recoveryWrappingKey, showRecoveryCode } from "../../../src/keyring/recovery-code.ts"
import { sealSlot, slotKinds } from "../../../src/keyring/slot.ts"
import { checkRecoveryCode } from "../../../src/keyring/typed-code.ts"
import { alice, aliceChanged, aliceLater, bob, type Person } from "../cast.ts"
import { tape } from "../tape.ts"
import { b64, hex } from "./text.ts"

const frameId = Uint8Array.from({ length: 16 }, (_, index) => index)

export function keyVectors(): object {
    return { frameId: hex(frameId), libraries: [alice, aliceLater, aliceChanged, bob].map(keysOf) }
}

function keysOf({ root, library, epoch }: Person): object {
    const derive = (label: string, length = 32): Bytes => {
        const info = new ByteWriter()
            .bytes(utf8(`backupweb/v1/${label}`))
            .u8(0)
            .u32(epoch)
            .finish()
        return hkdf(sha256, root, library, info, length).slice()
    }
    const [chunkId, chunkSeal] = [derive("chunk-id"), derive("chunk-seal")]
    return {
        root: hex(root),
        library: hex(library),
        epoch,
        "chunk-id": hex(chunkId),
        "chunk-seal": hex(chunkSeal),
        snapshot: hex(derive("snapshot")),
        head: hex(derive("head")),
        journal: hex(derive("journal")),
        earlier: hex(derive("earlier")),
        check: hex(derive("keyring-check", 16)),
        cut: hex(hmac(sha256, chunkId, utf8("\0cut")).slice()),
        frameKey: hex(hmac(sha256, chunkSeal, frameId).slice()),
    }
}

const slotId = Uint8Array.from({ length: 16 }, (_, index) => 0x50 + index)
export const vectorCode = makeRecoveryCode(tape("recovery code"))

/** What HKDF makes of a code, outside WebCrypto. */
function wrappingBytes(code: string): Bytes {
    const digits = utf8(code.replace(/(\d{3})\d/g, "$1"))
    const info = concat(utf8("backupweb/v1/recovery-code\0"), slotId)
    return hkdf(sha256, digits, alice.library, info, 32).slice()
}

export async function slotVectors(): Promise<object> {
    const secret = RootSecret.of(alice.root.slice())
    const deviceBytes = tape("device key").bytes(32)
    const deviceKey = await crypto.subtle.importKey("raw", deviceBytes, "AES-GCM", false, ["encrypt", "decrypt"])
    const recoveryKey = await recoveryWrappingKey(vectorCode, alice.library, slotId)
    const place = { library: alice.library, epoch: alice.epoch, id: slotId, parameters: new Uint8Array(0) }
    const slot = async (kind: 1 | 4, key: WrappingKey, wrapping: Bytes) => ({
        kind,
        id: hex(slotId),
        parameters: "",
        wrappingKey: hex(wrapping),
        sealed: b64(await sealSlot(key, { ...place, kind }, secret, tape(`slot ${kind}`))),
    })
    return {
        library: hex(alice.library),
        epoch: alice.epoch,
        check: hex(alice.keys.check),
        root: hex(alice.root),
        code: vectorCode,
        slots: [
            await slot(slotKinds.recoveryCode, recoveryKey, wrappingBytes(vectorCode)),
            await slot(slotKinds.device, deviceKey as WrappingKey, deviceBytes),
        ],
        earlier: await earlierVector(),
    }
}

/** The root key of epoch 1, as the heads of epoch 2 hold it. */
async function earlierVector(): Promise<object> {
    const later = aliceChanged
    const info = new ByteWriter().bytes(utf8("backupweb/v1/earlier")).u8(0).u32(later.epoch).finish()
    const secret = RootSecret.of(alice.root.slice())
    const { id, sealed } = await sealEarlier(later.keys, alice.keys, secret, tape("earlier"))
    return {
        kind: slotKinds.earlier,
        id: hex(id),
        parameters: b64(new ByteWriter().u32(later.epoch).finish()),
        wrappingKey: hex(hkdf(sha256, later.root, later.library, info, 32).slice()),
        sealed: b64(sealed),
    }
}

export function recoveryCodeVectors(): object {
    const spaced = showRecoveryCode(vectorCode)
    const groups = spaced.split(" ")
    const swapped = [...groups.slice(0, 2), groups[3], groups[2], ...groups.slice(4)].join(" ")
    const typo = groups.map((group, index) => (index === 6 ? group.slice(0, 3) + ((Number(group[3]) + 1) % 10) : group))
    const arabic = vectorCode.replace(/\d/g, (digit) => String.fromCodePoint(0x660 + Number(digit)))
    const wide = spaced.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)))
    const typed = [vectorCode, spaced, spaced.replaceAll(" ", "-"), spaced.replaceAll(" ", " – "), arabic, wide]
    return {
        damm: ["572", "0", "00000", "01231", "11236", "99999"].map((digits) => ({ digits, check: dammDigit(digits) })),
        code: vectorCode,
        right: typed.concat(`\u2066${groups.join(".")}\u2069\n`),
        wrong: [
            { typed: "", groups: [], swapped: [] },
            { typed: typo.join(" "), groups: [7], swapped: [] },
            { typed: swapped, groups: [3, 4], swapped: [[3, 4]] },
            { typed: groups.slice(0, 15).join(" "), groups: [], swapped: [] },
            { typed: `${spaced} 1`, groups: [], swapped: [] },
            { typed: `${spaced}x`, groups: [], swapped: [] },
        ].map((one) => ({ ...one, code: checkRecoveryCode(one.typed).code })),
    }
}

export function padmeVectors(): object {
    const lengths = [
        0, 1, 2, 3, 8, 9, 15, 17, 100, 4_095, 4_096, 4_097, 65_537, 1_000_000, 8_388_607, 8_388_608, 67_108_864,
    ]
    return lengths.map((length) => ({ length, padded: padme(length) }))
}
