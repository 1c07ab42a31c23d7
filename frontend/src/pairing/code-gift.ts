/**
 * The gift between two devices that agreed on a code (docs/pairing.md §3).
 *
 *     letter key    nonce(12) ‖ ciphertext(52) ‖ tag(16)        80 bytes
 */

import { type Bytes, concat } from "../bytes/bytes.ts"
import { nonceLength, open, seal, tagLength } from "../crypto/aead.ts"
import { NotAuthenticError } from "../crypto/errors.ts"
import type { PairingKey } from "../crypto/keys.ts"
import { labels } from "../crypto/labels.ts"
import type { Random } from "../crypto/random.ts"
import { RefusedLetterError } from "./errors.ts"
import { type Gift, type GiftPlace, giftLength, readGift, writeGift } from "./gift.ts"

export const codeLetterLength = nonceLength + giftLength + tagLength

export async function sealCodeGift(key: PairingKey, place: GiftPlace, gift: Gift, random: Random): Promise<Bytes> {
    const nonce = random.bytes(nonceLength)
    const plaintext = writeGift(gift)
    try {
        return concat(nonce, await seal(key, nonce, plaintext, associated(place)))
    } finally {
        plaintext.fill(0)
    }
}

export async function openCodeGift(key: PairingKey, place: GiftPlace, letter: Bytes): Promise<Gift> {
    if (letter.length !== codeLetterLength) throw new RefusedLetterError("malformed")
    const nonce = letter.subarray(0, nonceLength)
    try {
        return readGift(await open(key, nonce, letter.subarray(nonceLength), associated(place)))
    } catch (error) {
        if (error instanceof NotAuthenticError) throw new RefusedLetterError("not-authentic")
        throw error
    }
}

function associated({ account, mailbox }: GiftPlace): Bytes {
    return concat(labels.pairing, new Uint8Array([0]), account, mailbox)
}
