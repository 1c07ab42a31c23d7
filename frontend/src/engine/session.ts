/** Where the library stands in this worker: absent, locked, or unlocked with its keys. */

import { equal } from "../bytes/bytes.ts"
import { toHex } from "../bytes/hex.ts"
import type { RootSecret } from "../crypto/root-secret.ts"
import { DamagedObjectError } from "../format/errors.ts"
import { readDrill } from "./drill.ts"
import { EngineError } from "./errors.ts"
import { lastCheck } from "./last-check.ts"
import { Library } from "./library.ts"
import type { KeyringRecord, Ports } from "./ports.ts"
import type { LibraryState } from "./protocol.ts"
import { type Patience, persist } from "./retry.ts"
import { utcTime } from "./times.ts"
import { keepOnDevice, keysOf, openWithCode, openWithDevice, type PreparedKey } from "./unlock.ts"

export type Session = { readonly kind: "absent"; readonly account: string } | Locked | Unlocked

export interface Locked {
    readonly kind: "locked"
    readonly account: string
    readonly keyring: KeyringRecord
}

export interface Unlocked {
    readonly kind: "unlocked"
    readonly account: string
    readonly keyring: KeyringRecord
    /** For sealing further slots; wiped when the library is locked. */
    readonly secret: RootSecret
    readonly library: Library
    readonly stays: boolean
}

/** What a head tells of the ways to unlock: when each was last proven. */
export const provenSettings = {
    recoveryCode: "recovery-code-proven",
    password: "password-proven",
    passkey: (slot: string) => `passkey-proven/${slot}`,
} as const

/** Asks the server and this device; opens the library if this device holds a key to it. */
export async function beginSession(ports: Ports, patience: Patience): Promise<Session> {
    const { server, heads, deviceKeys } = ports
    const { id: account } = await persist(patience, () => server.account(patience.signal))
    const keyring = await persist(patience, () => server.keyring(patience.signal))
    const remembered = await heads.read(account)
    // A library that this device has seen does not vanish, and is not exchanged for another.
    if (keyring === null && remembered !== null) throw new DamagedObjectError("older-head")
    if (keyring === null) return { kind: "absent", account }
    if (remembered !== null && remembered.library !== toHex(keyring.library))
        throw new DamagedObjectError("wrong-library")
    const secret = await openWithDevice(keyring, deviceKeys)
    if (secret === null) return { kind: "locked", account, keyring }
    return await open(ports, { account, keyring, secret, stays: true }, {}, patience)
}

export async function createSession(
    ports: Ports,
    account: string,
    prepared: PreparedKey,
    options: { readonly proven: boolean; readonly stay: boolean },
    patience: Patience,
): Promise<Unlocked> {
    const { secret } = prepared
    const keyring = await persist(patience, () => ports.server.createKeyring(prepared.keyring, patience.signal))
    const settings = options.proven ? { [provenSettings.recoveryCode]: utcTime(ports.clock.now()) } : {}
    const opened = await open(ports, { account, keyring, secret, stays: false }, settings, patience)
    return options.stay ? await stayUnlocked(ports, opened, true) : opened
}

/** Null: another code was typed. */
export async function unlockSession(
    ports: Ports,
    locked: Pick<Locked, "account" | "keyring">,
    code: string,
    stay: boolean,
    patience: Patience,
): Promise<Unlocked | null> {
    const outcome = await openWithCode(locked.keyring, code)
    if (outcome.kind === "wrong-code") return null
    return await unlockWith(ports, locked, outcome.secret, stay, patience)
}

/** However the root secret was had: it is held against the keyring, and the newest head is opened with it. */
export async function unlockWith(
    ports: Ports,
    { account, keyring }: Pick<Locked, "account" | "keyring">,
    secret: RootSecret,
    stay: boolean,
    patience: Patience,
): Promise<Unlocked> {
    const opened = await open(ports, { account, keyring, secret, stays: false }, {}, patience)
    return stay ? await stayUnlocked(ports, opened, true) : opened
}

/** The keyring as it is now: other devices add and remove slots, but it stays the keyring of this library. */
export async function freshKeyring(
    ports: Ports,
    { keyring: known }: Locked | Unlocked,
    patience: Patience,
): Promise<KeyringRecord> {
    const keyring = await persist(patience, () => ports.server.keyring(patience.signal))
    if (keyring === null) throw new DamagedObjectError("wrong-library")
    if (equal(keyring.library, known.library) && keyring.epoch > known.epoch) throw new EngineError("key-changed")
    if (!sameLibrary(keyring, known)) throw new DamagedObjectError("wrong-library")
    return keyring
}

export function sameLibrary(one: Pick<KeyringRecord, "library" | "epoch" | "check">, other: typeof one): boolean {
    return equal(one.library, other.library) && one.epoch === other.epoch && equal(one.check, other.check)
}

export async function stayUnlocked(ports: Ports, session: Unlocked, stay: boolean): Promise<Unlocked> {
    const { keyring, secret } = session
    if (stay && !session.stays) await keepOnDevice(keyring, secret, ports.deviceKeys, ports.random)
    if (!stay) await ports.deviceKeys.remove(toHex(keyring.library))
    return { ...session, stays: stay }
}

/** Forgets the root key here and on this device. */
export async function lockSession(ports: Ports, session: Locked | Unlocked): Promise<Locked> {
    const { account, keyring } = session
    if (session.kind === "unlocked") session.secret.wipe()
    await ports.deviceKeys.remove(toHex(keyring.library))
    return { kind: "locked", account, keyring }
}

/** Writes into the head that the code was typed back. False: it was another code. */
export async function proveCode(ports: Ports, session: Unlocked, code: string, patience: Patience): Promise<boolean> {
    const outcome = await openWithCode(session.keyring, code)
    if (outcome.kind === "wrong-code") return false
    outcome.secret.wipe()
    await noteProven(ports, session, provenSettings.recoveryCode, patience)
    return true
}

/** Writes into the head that a way to unlock works, now. */
export async function noteProven(ports: Ports, session: Unlocked, setting: string, patience: Patience): Promise<void> {
    const now = utcTime(ports.clock.now())
    await session.library.commit(patience, async (opened) => ({
        head: { settings: { ...opened?.head.settings, [setting]: now } },
        add: [],
        remove: [],
    }))
}

export function stateOf(session: Session): LibraryState {
    if (session.kind !== "unlocked") return { kind: session.kind }
    const { head, hash } = session.library.opened
    return {
        kind: "unlocked",
        staysUnlocked: session.stays,
        recoveryProven: head.settings[provenSettings.recoveryCode] ?? null,
        checked: lastCheck(head.settings),
        drill: readDrill(head.settings),
        sequence: head.sequence,
        headCode: hash.slice(0, 8),
        resealing: session.library.sealedEarlier.length,
    }
}

export function unlockedOf(session: Session | null): Unlocked {
    if (session?.kind !== "unlocked") throw new EngineError("locked")
    return session
}

/** Derives the keys and opens the newest head. A keyring without any head was cut off while it was made: it gets its first. */
async function open(
    ports: Ports,
    held: Omit<Unlocked, "kind" | "library">,
    settings: Readonly<Record<string, string>>,
    patience: Patience,
): Promise<Unlocked> {
    const library = new Library(await keysOf(held.secret, held.keyring), held.account, ports)
    if ((await library.refresh(patience)) === null)
        await library.commit(patience, async (opened) =>
            opened === null ? { head: { settings }, add: [], remove: [] } : null,
        )
    return { kind: "unlocked", library, ...held }
}
