/**
 * Asks a second program for what it finds in the same sealed bytes, and compares.
 *
 * It gets the root secret and sealed bytes, and nothing that this program made of them. That it cannot be asked is an
 * outcome: the check itself does not depend on it.
 */

import { type Bytes, concat } from "../bytes/bytes.ts"
import { toHex } from "../bytes/hex.ts"
import { sha256 } from "../crypto/hash.ts"
import type { ChunkPlace } from "../format/chunk-index.ts"
import { codeOf, EngineError, type EngineErrorCode } from "./errors.ts"
import { type Examination, type Listing, sealedHead } from "./examine.ts"
import type { SecondReader, SecondReading } from "./ports.ts"
import type { Opinion } from "./protocol.ts"
import { type ReadPiece, sampleHash } from "./sample.ts"
import type { Unlocked } from "./session.ts"

export class SecondOpinion {
    readonly #starting: Promise<SecondReading>
    readonly #opened: ReadPiece[] = []
    #reading: SecondReading | null = null
    #silent: Extract<Opinion, { readonly kind: "refused" | "failed" }> | null = null
    #pieces = 0
    #differing = 0

    constructor(reader: SecondReader, signal: AbortSignal) {
        this.#starting = reader.start(signal)
        // It is awaited later; until then its failure is nobody's.
        this.#starting.catch(() => undefined)
    }

    async begin(work: Examination, { keyring, secret }: Unlocked, listing: Listing): Promise<void> {
        try {
            const reading = await this.#starting
            const head = await sealedHead(work, listing.opened)
            // What this program could not open is in its report; the second one is asked about the rest.
            const right = new Set(listing.imports.flatMap(({ objects }) => objects))
            const among = (objects: ReadonlyMap<string, Bytes>) => [...objects].filter(([id]) => right.has(id))
            const refusal = await reading.begin({
                secret: secret.expose().slice(),
                library: toHex(keyring.library),
                epoch: keyring.epoch,
                check: toHex(keyring.check),
                head,
                snapshots: among(listing.snapshots),
                catalogs: among(listing.catalogs),
            })
            if (refusal === null) this.#reading = reading
            else this.#silent = { kind: "refused", code: refusal }
        } catch (error) {
            this.#fail(error)
        }
    }

    /** `content` null: this program could not open the piece. */
    async compare({ packId, offset }: ChunkPlace, sealed: Bytes, content: readonly Bytes[] | null): Promise<void> {
        const reading = this.#reading
        if (reading === null) return
        const here = content === null ? null : toHex(await sha256(concat(...content)))
        try {
            const there = await reading.read(packId, offset, sealed.slice())
            this.#pieces += 1
            if (here !== null) this.#opened.push({ packId, offset, sha256: here })
            if (isHash(there) ? there !== here : here !== null) this.#differing += 1
        } catch (error) {
            this.#fail(error)
        }
    }

    async outcome(): Promise<Opinion> {
        if (this.#silent !== null) return this.#silent
        try {
            const python = (await this.#reading?.hash()) ?? ""
            const browser = toHex(await sampleHash(this.#opened))
            return { kind: "compared", pieces: this.#pieces, differing: this.#differing, browser, python }
        } catch (error) {
            return { kind: "failed", code: refusalOf(error) }
        }
    }

    end(): void {
        this.#reading = null
        this.#starting.then((reading) => reading.end()).catch(() => undefined)
    }

    #fail(error: unknown): void {
        this.#reading = null
        this.#silent = { kind: "failed", code: refusalOf(error) }
    }
}

/** Stopping ends the check as well. */
function refusalOf(error: unknown): EngineErrorCode {
    const code = codeOf(error)
    if (code === "stopped" || code === "session-expired") throw new EngineError(code)
    return code
}

function isHash(answer: string): boolean {
    return /^[0-9a-f]{64}$/.test(answer)
}
