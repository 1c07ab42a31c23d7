/** pairing.json: the picture, the gift, and both ways of sealing it. The suite is put together here once more, from its names. */

import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core"
import { XWing } from "@hpke/hybridkem-x-wing"
import { hkdf } from "@noble/hashes/hkdf.js"
import { sha256 } from "@noble/hashes/sha2.js"
import { type Bytes, concat } from "../../../src/bytes/bytes.ts"
import { utf8 } from "../../../src/bytes/utf8.ts"
import { derivePairing } from "../../../src/crypto/derive.ts"
import { RootSecret } from "../../../src/crypto/root-secret.ts"
import { compareDigits } from "../../../src/pairing/code.ts"
import { sealCodeGift } from "../../../src/pairing/code-gift.ts"
import { writeGift } from "../../../src/pairing/gift.ts"
import { writePicture } from "../../../src/pairing/picture.ts"
import { alice } from "../cast.ts"
import { tape } from "../tape.ts"
import { b64, hex } from "./text.ts"

const account = Uint8Array.from({ length: 16 }, (_, index) => 0x80 + index)
const mailbox = Uint8Array.from({ length: 16 }, (_, index) => 0x90 + index)
const info = utf8("backupweb/v1/pairing")
const gift = () => ({ library: alice.library, epoch: alice.epoch, secret: RootSecret.of(alice.root.slice()) })
const parts = { kdf: new HkdfSha256(), aead: new Aes256Gcm() }

export async function pairingVectors(): Promise<object> {
    return {
        account: hex(account),
        mailbox: hex(mailbox),
        gift: { library: hex(alice.library), epoch: alice.epoch, root: hex(alice.root), bytes: hex(writeGift(gift())) },
        picture: await pictureVector(),
        code: await codeVector(),
        // The same mode and aad with a KEM that every library knows, and the same KEM in the mode that every library knows.
        x25519: await pskOverX25519(),
        base: await baseMode(),
    }
}

async function keys() {
    const kem = new XWing()
    const seed = tape("x-wing seed").bytes(32)
    const pair = await kem.generateKeyPairDerand(seed)
    const publicKey = new Uint8Array(await kem.serializePublicKey(pair.publicKey))
    return { suite: new CipherSuite({ kem, ...parts }), seed, publicKey, recipientPublicKey: pair.publicKey }
}

async function pictureVector(): Promise<object> {
    const { suite, seed, publicKey, recipientPublicKey } = await keys()
    const psk = tape("psk").bytes(32)
    const keyHash = sha256(publicKey).slice()
    const terms = { recipientPublicKey, info, psk: { id: mailbox, key: psk }, ekm: tape("encapsulation").bytes(64) }
    const { enc, ct } = await suite.seal(terms, writeGift(gift()), concat(account, mailbox))
    return {
        seed: hex(seed),
        publicKey: b64(publicKey),
        keyHash: hex(keyHash),
        psk: hex(psk),
        text: writePicture({ mailbox, keyHash, psk }),
        letter: b64(concat(new Uint8Array(enc), new Uint8Array(ct))),
    }
}

async function codeVector(): Promise<object> {
    const sessionKey = tape("session key").bytes(64)
    const derived = (label: string, length: number): Bytes =>
        hkdf(sha256, sessionKey, mailbox, utf8(`backupweb/v1/${label}`), length).slice()
    const { seal } = await derivePairing(sessionKey, mailbox)
    return {
        sessionKey: hex(sessionKey),
        sealKey: hex(derived("short-code", 32)),
        compare: compareDigits(derived("pairing-compare", 4)),
        letter: b64(await sealCodeGift(seal, { account, mailbox }, gift(), tape("code letter"))),
    }
}

async function pskOverX25519(): Promise<object> {
    const kem = new DhkemX25519HkdfSha256()
    const suite = new CipherSuite({ kem, ...parts })
    const recipient = await suite.kem.deriveKeyPair(tape("x25519 recipient").bytes(32))
    const ekm = await suite.kem.deriveKeyPair(tape("x25519 encapsulation").bytes(32))
    const psk = tape("psk").bytes(32)
    const terms = { recipientPublicKey: recipient.publicKey, info, psk: { id: mailbox, key: psk }, ekm }
    const { enc, ct } = await suite.seal(terms, writeGift(gift()), concat(account, mailbox))
    return {
        privateKey: hex(new Uint8Array(await suite.kem.serializePrivateKey(recipient.privateKey))),
        psk: hex(psk),
        enc: b64(new Uint8Array(enc)),
        sealed: b64(new Uint8Array(ct)),
    }
}

async function baseMode(): Promise<object> {
    const { suite, recipientPublicKey } = await keys()
    const terms = { recipientPublicKey, info, ekm: tape("base encapsulation").bytes(64) }
    const { enc, ct } = await suite.seal(terms, writeGift(gift()))
    return { letter: b64(concat(new Uint8Array(enc), new Uint8Array(ct))) }
}
