/** What a password does to a session: it unlocks it, it is set and proven while it is unlocked, and the head notes when. */

import { normalise, type Password } from "../vault/password.ts"
import { judge } from "../vault/strength.ts"
import { unlessNetwork } from "./errors.ts"
import { enrolPassword, openWithPassword } from "./password.ts"
import type { Ports } from "./ports.ts"
import type { PasswordOutcome, PasswordStrength } from "./protocol.ts"
import type { Patience } from "./retry.ts"
import { type Locked, noteProven, provenSettings, stateOf, type Unlocked, unlockWith } from "./session.ts"
import { otherWayProven } from "./ways.ts"

export { removePasswordRecord } from "./password.ts"

/** Unlocking notes it in the head now and then: often enough for *still know it?*, too rarely to be a diary. */
const provenAgainAfter = 7 * 24 * 60 * 60 * 1_000

export async function passwordStrength(typed: string, hints: readonly string[]): Promise<PasswordStrength> {
    return await judge(typed, hints)
}

export type SetPassword =
    | { readonly kind: "set" }
    | { readonly kind: "refused"; readonly strength: PasswordStrength }
    | { readonly kind: "prove-first" }

export async function setPassword(
    ports: Ports,
    session: Unlocked,
    typed: string,
    hints: readonly string[],
    patience: Patience,
): Promise<SetPassword> {
    if (!otherWayProven(session)) return { kind: "prove-first" }
    const strength = await judge(typed, hints)
    const normal = normalise(typed)
    if (strength.refused !== null || normal.kind === "refused") return { kind: "refused", strength }
    await enrolPassword(ports, session.keyring, session.secret, normal.password, patience.signal)
    await noteProven(ports, session, provenSettings.password, patience).catch(unlessNetwork)
    return { kind: "set" }
}

type Opened = { readonly kind: "opened"; readonly session: Unlocked; readonly renewed: boolean }
type NotOpened = Exclude<PasswordOutcome, { readonly kind: "opened" }>

export async function unlockWithPassword(
    ports: Ports,
    locked: Pick<Locked, "account" | "keyring">,
    typed: string,
    stay: boolean,
    patience: Patience,
): Promise<Opened | NotOpened> {
    const normal = normalise(typed)
    if (normal.kind === "refused") return await nothingTyped(ports, patience)
    const { password } = normal
    const opened = await openWithPassword(ports, locked.keyring, password, patience.signal)
    if (opened.kind !== "opened") return opened
    const session = await unlockWith(ports, locked, opened.secret, stay, patience)
    const renewed = opened.erased && (await renew(ports, session, password, patience))
    if (isStale(ports, session) || renewed)
        await noteProven(ports, session, provenSettings.password, patience).catch(unlessNetwork)
    return { kind: "opened", session, renewed }
}

/** A whole retrieval while unlocked: what the vault holds is held against the root key that is here. */
export async function provePassword(
    ports: Ports,
    session: Unlocked,
    typed: string,
    patience: Patience,
): Promise<PasswordOutcome> {
    const normal = normalise(typed)
    if (normal.kind === "refused") return await nothingTyped(ports, patience)
    const { password } = normal
    const opened = await openWithPassword(ports, session.keyring, password, patience.signal)
    if (opened.kind !== "opened") return opened
    opened.secret.wipe()
    const renewed = opened.erased && (await renew(ports, session, password, patience))
    await noteProven(ports, session, provenSettings.password, patience).catch(unlessNetwork)
    return { kind: "opened", state: stateOf(session), renewed }
}

/** What can be no password is a wrong one, and costs no guess. */
async function nothingTyped(ports: Ports, { signal }: Patience): Promise<NotOpened> {
    const line = await ports.vault.connect(signal)
    const { record, left, tombstone } = await line.ask({ kind: "state" }).finally(() => line.close())
    if (record !== null) return { kind: "wrong-password", left }
    return tombstone === null ? { kind: "none" } : { kind: "erased", guesses: tombstone.guesses }
}

/** The last guess was right, and the record is gone all the same. If it cannot be set anew now, the person is asked to. */
async function renew(ports: Ports, session: Unlocked, password: Password, patience: Patience): Promise<boolean> {
    const { keyring, secret } = session
    return await enrolPassword(ports, keyring, secret, password, patience.signal).then(
        () => true,
        () => false,
    )
}

function isStale(ports: Ports, { library }: Unlocked): boolean {
    const proven = library.opened.head.settings[provenSettings.password]
    return proven === undefined || ports.clock.now() - Date.parse(proven) > provenAgainAfter
}
