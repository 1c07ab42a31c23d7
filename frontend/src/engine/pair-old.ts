/** Pairing on the old device: it finds out whom it speaks to, asks the person, and only then seals the gift. */

import type { Bytes } from "../bytes/bytes.ts"
import { toHex } from "../bytes/hex.ts"
import { makeCode } from "../pairing/code.ts"
import { sealCodeGift } from "../pairing/code-gift.ts"
import type { Gift } from "../pairing/gift.ts"
import { checkPublicKey, sealGift } from "../pairing/hpke.ts"
import { type Agreed, type CodeAnswered, CodeOffer, checkCode } from "../pairing/pake.ts"
import { readPicture } from "../pairing/picture.ts"
import { PairingRefusedError } from "./errors.ts"
import type { PairingRun, Post } from "./pairing-run.ts"
import type { Ports } from "./ports.ts"

export interface Giving {
    readonly ports: Ports
    readonly account: string
    readonly gift: Gift
}

export async function giveByPicture(run: PairingRun, { account, gift }: Giving, payload: string): Promise<void> {
    const read = readPicture(payload)
    if (read.kind === "not-a-picture") return ended(run, "not-a-picture")
    const post = await run.join(account, "picture", toHex(read.picture.mailbox))
    run.went({ kind: "joined", device: post.device() })
    const check = await checkPublicKey(read.picture, await post.read("public-key"))
    if (check.kind === "another-key") return ended(run, "tampered")
    run.went({ kind: "checked" })
    await give(run, post, () => sealGift(check.key, post.place.account, gift))
}

export async function giveByCode(run: PairingRun, { ports, account, gift }: Giving): Promise<void> {
    const code = makeCode(ports.random)
    const post = await run.open(account, "code")
    const offer = await CodeOffer.make(code, post.place.mailbox)
    run.went({ kind: "opened", shown: code, until: post.until })
    const answered = await offer.answer(await post.read("ke1"))
    await post.write("ke2", answered.ke2)
    const agreed = await agree(post, answered)
    if (agreed === null) return ended(run, "wrong-code")
    run.went({ kind: "agreed", compare: agreed.compare, device: post.device() })
    await give(run, post, () => sealCodeGift(agreed.seal, post.place, gift, ports.random))
}

/** Null: other digits were typed. The new device finds that out first, and goes without a word. */
async function agree(post: Post, answered: CodeAnswered): Promise<Agreed | null> {
    try {
        const checked = await checkCode(answered, await post.read("ke3"))
        return checked.kind === "agreed" ? checked.agreed : null
    } catch (error) {
        if (error instanceof PairingRefusedError && error.refusal === "pairing.over") return null
        throw error
    }
}

/** The one place where a root key leaves: the machine is here through a checked key or an agreed code, and the person's yes. */
async function give(run: PairingRun, post: Post, seal: () => Promise<Bytes>): Promise<void> {
    const state = run.went({ kind: "answered", yes: await run.confirmed() })
    if (state.kind !== "giving") return
    await post.write("key", await seal())
    run.went({ kind: "given" })
    await post.read("done")
    run.went({ kind: "told" })
}

function ended(run: PairingRun, why: "not-a-picture" | "tampered" | "wrong-code"): void {
    run.went({ kind: "ended", why })
}
