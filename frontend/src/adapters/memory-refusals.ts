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

/** A page of one file has no worker to start; a database is saved there, and read elsewhere. */
export const noDatabases: Databases = {
    read: () => Promise.reject(new EngineError("database-reader")),
}

export const noSecond: SecondReader = {
    start: () => Promise.reject(new EngineError("second-reader")),
}
