/**
 * Where a pairing stands on one device: four roles, one pure function. It knows neither keys nor letters; it says what may
 * happen next, and the engine does it.
 *
 *     new, by picture   opening ─opened► showing ─────────────────────────────letter► unwrapping ─accepted► telling ─told► done
 *     new, by code      joining ─joined► trying ─agreed► comparing ───────────letter► unwrapping ─accepted► telling ─told► done
 *     old, by picture   joining ─joined► checking ─checked► confirming ─yes► giving ─given► waiting ─told► done
 *     old, by code      opening ─opened► offering ─agreed─► confirming ─yes► giving ─given► waiting ─told► done
 *
 *     anywhere          ─ended► ended       what was checked and failed, the person's no, time, the network
 *
 * `giving` is reached through `confirming` alone, and that only with a checked key or an agreed code: the root key leaves
 * this device after both. An event that does not belong to a state changes nothing.
 */

import { unreachable } from "../bytes/unreachable.ts"

export type PairingRole = "new-by-picture" | "new-by-code" | "old-by-picture" | "old-by-code"

/** The words of the page. */
export type PairingEnd =
    | "expired"
    | "stopped"
    | "declined"
    | "wrong-code"
    | "nobody"
    | "not-a-picture"
    | "taken"
    | "tampered"
    | "network"

/** What is shown while the other device is awaited: the picture's text or the eight digits. */
interface Shown {
    readonly shown: string
    /** UTC */
    readonly until: string
}

interface Confirming {
    /** What the other device's session is called. */
    readonly device: string
    /** Six digits; by picture null. */
    readonly compare: string | null
}

export type PairingState =
    /** Opens a mailbox. New by picture: writes `public-key` into it. Old by code: registers the digits with itself. */
    | { readonly kind: "opening"; readonly role: "new-by-picture" | "old-by-code" }
    /** Joins a mailbox: the picture's, or the newest one. */
    | { readonly kind: "joining"; readonly role: "new-by-code" | "old-by-picture" }
    /** Waits for `key`. */
    | ({ readonly kind: "showing"; readonly role: "new-by-picture" } & Shown)
    /** Answers `ke1`, once, and checks `ke3`. */
    | ({ readonly kind: "offering"; readonly role: "old-by-code" } & Shown)
    /** Writes `ke1`, finishes with `ke2`, writes `ke3`. */
    | { readonly kind: "trying"; readonly role: "new-by-code" }
    /** Waits for `key`, while both people look at the digits. */
    | { readonly kind: "comparing"; readonly role: "new-by-code"; readonly compare: string }
    /** Reads `public-key` and holds it against the picture. */
    | { readonly kind: "checking"; readonly role: "old-by-picture"; readonly device: string }
    /** The person decides. */
    | ({ readonly kind: "confirming"; readonly role: "old-by-picture" | "old-by-code" } & Confirming)
    /** Seals the gift and writes `key`. */
    | { readonly kind: "giving"; readonly role: "old-by-picture" | "old-by-code" }
    /** Waits for `done`. */
    | { readonly kind: "waiting"; readonly role: "old-by-picture" | "old-by-code" }
    /** Opens the gift and holds it against the keyring. */
    | { readonly kind: "unwrapping"; readonly role: "new-by-picture" | "new-by-code" }
    /** Writes `done`. This device is unlocked whether that arrives or not. */
    | { readonly kind: "telling"; readonly role: "new-by-picture" | "new-by-code" }
    | { readonly kind: "done"; readonly role: PairingRole }
    | { readonly kind: "ended"; readonly role: PairingRole; readonly why: PairingEnd }

export type PairingEvent =
    | ({ readonly kind: "opened" } & Shown)
    | { readonly kind: "joined"; readonly device: string }
    /** The public key is the picture's. */
    | { readonly kind: "checked" }
    /** Both devices made the same of the code. `device`: what the other one's session is called. */
    | { readonly kind: "agreed"; readonly compare: string; readonly device: string }
    | { readonly kind: "answered"; readonly yes: boolean }
    | { readonly kind: "given" }
    /** The letter `key` is here. */
    | { readonly kind: "letter" }
    /** The gift is this account's, and this device is unlocked. */
    | { readonly kind: "accepted" }
    /** `done` was written, or read. */
    | { readonly kind: "told" }
    | { readonly kind: "ended"; readonly why: PairingEnd }

export function begin(role: PairingRole): PairingState {
    switch (role) {
        case "new-by-picture":
        case "old-by-code":
            return { kind: "opening", role }
        case "new-by-code":
        case "old-by-picture":
            return { kind: "joining", role }
        default:
            return unreachable(role)
    }
}

export function next(state: PairingState, event: PairingEvent): PairingState {
    return event.kind === "ended" ? ended(state, event.why) : (step(state, event) ?? state)
}

/** Over, for better or worse: nothing changes it any more. */
export function isOver(state: PairingState): state is Extract<PairingState, { kind: "done" | "ended" }> {
    return state.kind === "done" || state.kind === "ended"
}

function ended(state: PairingState, why: PairingEnd): PairingState {
    if (isOver(state)) return state
    if (state.kind === "telling") return { kind: "done", role: state.role }
    return { kind: "ended", role: state.role, why }
}

/** Null: the event does not belong here. */
function step(state: PairingState, event: Exclude<PairingEvent, { kind: "ended" }>): PairingState | null {
    switch (state.kind) {
        case "opening":
            return event.kind === "opened" ? afterOpening(state.role, event) : null
        case "joining":
            return event.kind === "joined" ? afterJoining(state.role, event.device) : null
        case "trying":
            return event.kind === "agreed" ? { kind: "comparing", role: state.role, compare: event.compare } : null
        case "offering":
            return event.kind === "agreed" ? confirming(state.role, event.device, event.compare) : null
        case "checking":
            return event.kind === "checked" ? confirming(state.role, state.device, null) : null
        case "confirming":
            return event.kind === "answered" ? afterAnswer(state.role, event.yes) : null
        case "giving":
            return event.kind === "given" ? { kind: "waiting", role: state.role } : null
        case "showing":
        case "comparing":
            return event.kind === "letter" ? { kind: "unwrapping", role: state.role } : null
        case "unwrapping":
            return event.kind === "accepted" ? { kind: "telling", role: state.role } : null
        case "waiting":
        case "telling":
            return event.kind === "told" ? { kind: "done", role: state.role } : null
        case "done":
        case "ended":
            return null
        default:
            return unreachable(state)
    }
}

function afterOpening(role: "new-by-picture" | "old-by-code", { shown, until }: Shown): PairingState {
    if (role === "new-by-picture") return { kind: "showing", role, shown, until }
    return { kind: "offering", role, shown, until }
}

function afterJoining(role: "new-by-code" | "old-by-picture", device: string): PairingState {
    return role === "new-by-code" ? { kind: "trying", role } : { kind: "checking", role, device }
}

function confirming(role: "old-by-picture" | "old-by-code", device: string, compare: string | null): PairingState {
    return { kind: "confirming", role, device, compare }
}

function afterAnswer(role: "old-by-picture" | "old-by-code", yes: boolean): PairingState {
    return yes ? { kind: "giving", role } : { kind: "ended", role, why: "declined" }
}
