/**
 * Pairing by picture: HPKE (RFC 9180) in mode PSK, X-Wing, HKDF-SHA-256, AES-256-GCM (docs/pairing.md §2).
 *
 *     letter key    enc(1120) ‖ sealed gift(68)        1,188 bytes
 *
 * The PSK comes by picture and never passes the server, so it can forge no gift; the KEM keeps what it records closed.
 */

import { type Bytes, concat, equal } from "../bytes/bytes.ts"
import { tagLength } from "../crypto/aead.ts"
import { sha256 } from "../crypto/hash.ts"
import { labels } from "../crypto/labels.ts"
import type { Random } from "../crypto/random.ts"
import { RefusedLetterError } from "./errors.ts"
import { type Gift, type GiftPlace, giftLength, readGift, writeGift } from "./gift.ts"
import { type Picture, pskLength, writePicture } from "./picture.ts"

export const publicKeyLength = 1_216
const encLength = 1_120
const seedLength = 32
export const pictureLetterLength = encLength + giftLength + tagLength

/** The new device's half: a key pair for one pairing, and the PSK that its picture shows. */
export class Receiver {
    /** For the letter `public-key`. */
    readonly publicKey: Bytes
    readonly #psk: Bytes
    /** X-Wing's private key is its seed. WebCrypto knows no X-Wing, so bytes are all there is; nothing prints them here. */
    readonly #seed: Bytes

    private constructor(publicKey: Bytes, psk: Bytes, seed: Bytes) {
        this.publicKey = publicKey
        this.#psk = psk
        this.#seed = seed
    }

    static async make(random: Random): Promise<Receiver> {
        const seed = random.bytes(seedLength)
        const { kem } = await hpke()
        const { publicKey } = await kem.generateKeyPairDerand(seed)
        return new Receiver(new Uint8Array(await kem.serializePublicKey(publicKey)), random.bytes(pskLength), seed)
    }

    /** What the picture says. */
    async picture(mailbox: Bytes): Promise<string> {
        return writePicture({ mailbox, keyHash: await sha256(this.publicKey), psk: this.#psk })
    }

    /** `RefusedLetterError` for everything but a gift that was sealed to this key, with this picture, in this place. */
    async open(place: GiftPlace, letter: Bytes): Promise<Gift> {
        if (letter.length !== pictureLetterLength) throw new RefusedLetterError("malformed")
        const { suite, kem } = await hpke()
        const recipientKey = await kem.importKey("raw", this.#seed.slice().buffer, false)
        const [enc, sealed] = [letter.slice(0, encLength), letter.slice(encLength)]
        const terms = { ...keySchedule(place.mailbox, this.#psk), recipientKey, enc }
        const opened = await suite.open(terms, sealed, associated(place)).catch(() => {
            throw new RefusedLetterError("not-authentic")
        })
        return readGift(new Uint8Array(opened))
    }

    /** Overwrites the private key and the PSK. */
    forget(): void {
        this.#seed.fill(0)
        this.#psk.fill(0)
    }
}

declare const checked: unique symbol

/** A public key whose hash stands in the picture. There is no other way to have one than `checkPublicKey`. */
export interface CheckedKey {
    readonly [checked]: true
    readonly picture: Picture
    readonly publicKey: Bytes
}

export type KeyCheck =
    | { readonly kind: "checked"; readonly key: CheckedKey }
    /** Somebody on the way exchanged the key. */
    | { readonly kind: "another-key" }

export async function checkPublicKey(picture: Picture, publicKey: Bytes): Promise<KeyCheck> {
    const same = publicKey.length === publicKeyLength && equal(await sha256(publicKey), picture.keyHash)
    return same ? { kind: "checked", key: { picture, publicKey } as CheckedKey } : { kind: "another-key" }
}

/** The old device's half: the letter `key`. */
export async function sealGift({ picture, publicKey }: CheckedKey, account: Bytes, gift: Gift): Promise<Bytes> {
    const { suite, kem } = await hpke()
    const recipientPublicKey = await kem.deserializePublicKey(publicKey)
    const terms = { ...keySchedule(picture.mailbox, picture.psk), recipientPublicKey }
    const plaintext = writeGift(gift)
    try {
        const { enc, ct } = await suite.seal(terms, plaintext, associated({ account, mailbox: picture.mailbox }))
        return concat(new Uint8Array(enc), new Uint8Array(ct))
    } finally {
        plaintext.fill(0)
    }
}

function keySchedule(mailbox: Bytes, psk: Bytes) {
    return { info: labels.pairing, psk: { id: mailbox, key: psk } }
}

function associated({ account, mailbox }: GiftPlace): Bytes {
    return concat(account, mailbox)
}

/** Loaded when it is first needed: few visits pair a device. */
async function hpke() {
    const [{ Aes256Gcm, CipherSuite, HkdfSha256 }, { XWing }] = await Promise.all([
        import("@hpke/core"),
        import("@hpke/hybridkem-x-wing"),
    ])
    const kem = new XWing()
    return { kem, suite: new CipherSuite({ kem, kdf: new HkdfSha256(), aead: new Aes256Gcm() }) }
}
