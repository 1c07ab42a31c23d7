/** A library that lives in one page has nobody who could keep a password for it, and no second device: it says so. */

import { PairingRefusedError, VaultRefusedError } from "../engine/errors.ts"
import type { PostOffice, VaultServer } from "../engine/ports.ts"

export const noVault: VaultServer = {
    connect: () => Promise.reject(new VaultRefusedError("vault.unavailable")),
}

export const noPostOffice: PostOffice = {
    open: () => Promise.reject(new PairingRefusedError("pairing.none")),
    join: () => Promise.reject(new PairingRefusedError("pairing.none")),
}
