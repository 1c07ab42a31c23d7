/**
 * What the old device hands over (docs/pairing.md).
 *
 *     library(16) ‖ epoch(4) ‖ root key(32)        52 bytes
 */

import { type Bytes, equal } from "../bytes/bytes.ts"
import { ByteReader } from "../bytes/reader.ts"
import { ByteWriter } from "../bytes/writer.ts"
import { rootCheck } from "../crypto/derive.ts"
import { libraryIdLength } from "../crypto/keys.ts"
import { RootSecret, rootSecretLength } from "../crypto/root-secret.ts"
import { RefusedLetterError } from "./errors.ts"

export interface Gift {
    /** 16 bytes */
    readonly library: Bytes
    readonly epoch: number
    readonly secret: RootSecret
}

/** Whose gift a device waits for: facts of the account's keyring. */
export interface Expected {
    readonly library: Bytes
    readonly epoch: number
    readonly check: Bytes
}

/** Where a gift is sealed for: both ids have 16 bytes. */
export interface GiftPlace {
    readonly account: Bytes
    readonly mailbox: Bytes
}

export const giftLength = libraryIdLength + 4 + rootSecretLength

/** The root key stands in it: whoever asks for it overwrites it. */
export function writeGift({ library, epoch, secret }: Gift): Bytes {
    if (library.length !== libraryIdLength) throw new RangeError("a library id has 16 bytes")
    return new ByteWriter(giftLength).bytes(library).u32(epoch).bytes(secret.expose()).finish()
}

/** Takes the bytes over and overwrites them. */
export function readGift(bytes: Bytes): Gift {
    try {
        if (bytes.length !== giftLength) throw new RefusedLetterError("malformed")
        const reader = new ByteReader(bytes)
        const library = reader.bytes(libraryIdLength).slice()
        const epoch = reader.u32()
        if (epoch === 0) throw new RefusedLetterError("malformed")
        return { library, epoch, secret: RootSecret.of(reader.bytes(rootSecretLength).slice()) }
    } finally {
        bytes.fill(0)
    }
}

/** The root key, if it is this account's; else it is overwritten. */
export async function acceptGift(gift: Gift, expected: Expected): Promise<RootSecret> {
    const refused = await differs(gift, expected)
    if (refused === null) return gift.secret
    gift.secret.wipe()
    throw new RefusedLetterError(refused)
}

async function differs(
    { library, epoch, secret }: Gift,
    expected: Expected,
): Promise<"wrong-library" | "wrong-id" | null> {
    if (!equal(library, expected.library) || epoch !== expected.epoch) return "wrong-library"
    return equal(await rootCheck(secret, library, epoch), expected.check) ? null : "wrong-id"
}
