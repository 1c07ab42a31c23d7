/**
 * What the page itself asks of the browser and the server, beside the engine: passkeys need its window, and signing in is not
 * the engine's business. Adapters provide it, entries hand it to the elements.
 */

import type { PasskeyTouch } from "./protocol.ts"

/** A passkey that signs in; whether it opens the library too is the engine's to tell (`Ways.passkeys`, by credential). */
export interface SignInPasskey {
    readonly id: number
    /** base64url */
    readonly credential: string
    readonly name: string
    readonly created: string
    readonly lastUsed: string | null
}

export type AddedPasskey =
    /**
     * It signs in now. `touch`: its output, if the authenticator gave one while it was made. `prf`: whether it says that it has
     * one at all; false means that it cannot open the library.
     */
    | {
          readonly kind: "added"
          readonly credential: string
          readonly prf: boolean
          readonly touch: PasskeyTouch | null
      }
    | PasskeyFailure
    | Reauthenticate

/** Signing in is too long ago: the person confirms it at this address, and comes back. */
export interface Reauthenticate {
    readonly kind: "reauthenticate"
    readonly url: string
}

export type TouchOutcome =
    | { readonly kind: "touched"; readonly touch: PasskeyTouch }
    /** The passkey works, and has no output: it signs in only. */
    | { readonly kind: "no-output" }
    | PasskeyFailure

export type PasskeyFailure =
    /** The person closed the browser's window, or time was up: the browser does not tell which. */
    { readonly kind: "cancelled" } | { readonly kind: "unsupported" } | { readonly kind: "failed" }

export interface PasskeyBook {
    /** Whether this browser knows passkeys at all. */
    supported(): boolean
    list(): Promise<readonly SignInPasskey[]>
    add(name: string): Promise<AddedPasskey>
    rename(id: number, name: string): Promise<{ readonly kind: "renamed" } | Reauthenticate>
    remove(id: number): Promise<{ readonly kind: "removed" } | Reauthenticate>
    /** One touch of one of these credentials. */
    touch(credentials: readonly string[]): Promise<TouchOutcome>
    /** A touch made while signing in, handed over once and only for a minute; null: there is none. */
    handedOver(): Promise<PasskeyTouch | null>
}

/** A browser that is signed in. */
export interface Device {
    readonly id: number
    /** What the person calls it, or what its browser and system are called. */
    readonly name: string
    readonly system: string
    readonly signedIn: string
    readonly lastSeen: string
    readonly current: boolean
}

export interface DeviceBook {
    list(): Promise<readonly Device[]>
    rename(id: number, name: string): Promise<readonly Device[]>
    /** Signs it out, at once. */
    revoke(id: number): Promise<readonly Device[]>
}

/** Asks the people who run the server for more storage; how it stands is part of the quota. */
export interface RoomDesk {
    /** `wanted`: bytes in all. The same again is harmless. */
    ask(wanted: number, reason: string): Promise<void>
    /** Takes back what nobody has answered; none is harmless. */
    withdraw(): Promise<void>
}

/** Reads the QR pictures that a camera shows. */
export interface PictureReader {
    /** Whether this page may ask for a camera at all. */
    supported(): boolean
    /** What is read, as it is read, until `signal` is aborted. */
    read(video: HTMLVideoElement, signal: AbortSignal): AsyncIterable<string>
}
