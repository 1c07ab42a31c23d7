/** A library that lives in one page has nobody who could keep a password for it, and no second device: it says so. */

import { EngineError, PairingRefusedError, VaultRefusedError } from "../engine/errors.ts"
import type { Databases, PostOffice, SecondReader, VaultServer } from "../engine/ports.ts"

export const noVault: VaultServer = {
    connect: () => Promise.reject(new VaultRefusedError("vault.unavailable")),
}

export const noPostOffice: PostOffice = {
    open: () => Promise.reject(new PairingRefusedError("pairing.none")),
    join: () => Promise.reject(new PairingRefusedError("pairing.none")),
}

export const noSecond: SecondReader = {
    start: () => Promise.reject(new EngineError("second-reader")),
}

/** Where no program can be loaded, no database is known. */
export const noDatabases: Databases = { read: async () => null }
