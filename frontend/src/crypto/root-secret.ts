/** The root secret: 32 raw bytes that open everything, in a class that does not leak them by accident. */

import type { Bytes } from "../bytes/bytes.ts"
import type { Random } from "./random.ts"

export const rootSecretLength = 32

export class RootSecret {
    readonly #bytes: Bytes

    private constructor(bytes: Bytes) {
        this.#bytes = bytes
    }

    static make(random: Random): RootSecret {
        return RootSecret.of(random.bytes(rootSecretLength))
    }

    /** Takes the bytes over: who hands them in keeps no copy. */
    static of(bytes: Bytes): RootSecret {
        if (bytes.length !== rootSecretLength) throw new RangeError("a root secret has 32 bytes")
        return new RootSecret(bytes)
    }

    /** The bytes themselves, for deriving and sealing. Every call of this is worth a look in review. */
    expose(): Bytes {
        return this.#bytes
    }

    /** Overwrites the bytes. Derived keys stay usable. */
    wipe(): void {
        this.#bytes.fill(0)
    }

    toString(): string {
        return "RootSecret(hidden)"
    }

    toJSON(): string {
        return this.toString()
    }
}
