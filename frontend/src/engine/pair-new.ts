/** Pairing on the new device: it waits for the gift, holds it against the account's keyring, and unlocks with it. */

import type { RootSecret } from "../crypto/root-secret.ts"
import { readCode } from "../pairing/code.ts"
import { openCodeGift } from "../pairing/code-gift.ts"
import { acceptGift, type Gift } from "../pairing/gift.ts"
import { Receiver } from "../pairing/hpke.ts"
import { finishCode, startCode } from "../pairing/pake.ts"
import type { PairingRun, Post } from "./pairing-run.ts"
import type { KeyringRecord, Ports } from "./ports.ts"

export interface Receiving {
    readonly ports: Ports
    readonly account: string
    readonly keyring: KeyringRecord
    /** Unlocks this device. */
    readonly unlock: (secret: RootSecret) => Promise<void>
}

export async function receiveByPicture(run: PairingRun, receiving: Receiving): Promise<void> {
    const receiver = await Receiver.make(receiving.ports.random)
    try {
        const post = await run.open(receiving.account, "picture")
        await post.write("public-key", receiver.publicKey)
        run.went({ kind: "opened", shown: await receiver.picture(post.place.mailbox), until: post.until })
        const letter = await post.read("key")
        run.went({ kind: "letter" })
        await accept(run, receiving, post, await receiver.open(post.place, letter))
    } finally {
        receiver.forget()
    }
}

export async function receiveByCode(run: PairingRun, receiving: Receiving, typed: string): Promise<void> {
    const read = readCode(typed)
    if (read.kind === "not-a-code") return wrongCode(run)
    const started = await startCode(read.code)
    const post = await run.join(receiving.account, "code", null)
    run.went({ kind: "joined", device: post.device() })
    await post.write("ke1", started.ke1)
    const finished = await finishCode(started, await post.read("ke2"), post.place.mailbox)
    if (finished.kind === "wrong-code") return wrongCode(run)
    await post.write("ke3", finished.ke3)
    run.went({ kind: "agreed", compare: finished.agreed.compare, device: post.device() })
    const letter = await post.read("key")
    run.went({ kind: "letter" })
    await accept(run, receiving, post, await openCodeGift(finished.agreed.seal, post.place, letter))
}

async function accept(run: PairingRun, { keyring, unlock }: Receiving, post: Post, gift: Gift): Promise<void> {
    await unlock(await acceptGift(gift, keyring))
    run.went({ kind: "accepted" })
    await post.write("done", new Uint8Array(1))
    run.went({ kind: "told" })
}

function wrongCode(run: PairingRun): void {
    run.went({ kind: "ended", why: "wrong-code" })
}
