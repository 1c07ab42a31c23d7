/** Starts the second program in a worker of its own, which ends with its errand: only so does its memory go. */

import { expose, transfer, wrap } from "comlink"
import type { Bytes } from "../bytes/bytes.ts"
import { EngineError } from "../engine/errors.ts"
import type { Clock, SealedLibrary, SecondReader, SecondReading } from "../engine/ports.ts"
import type { PythonReader } from "./python-reader.ts"

/** A slow line needs a minute for what is loaded the first time. */
const startWithin = 120_000

/** What the worker exposes. */
export interface ReaderDoor {
    start(): Promise<void>
    begin(library: SealedLibrary): Promise<string | null>
    read(pack: string, offset: number, sealed: Bytes): Promise<string>
    hash(): Promise<string>
}

export type ReaderWorker = Pick<Worker, "terminate" | "addEventListener"> & Parameters<typeof wrap>[0]

export class WorkerReader implements SecondReader {
    readonly #make: () => ReaderWorker
    readonly #clock: Clock

    constructor(make: () => ReaderWorker, clock: Clock) {
        this.#make = make
        this.#clock = clock
    }

    async start(signal: AbortSignal): Promise<SecondReading> {
        const worker = this.#make()
        const door = wrap<ReaderDoor>(worker)
        const over = new AbortController()
        const broken = new Promise<never>((_, reject) => {
            worker.addEventListener("error", () => reject(new EngineError("second-reader")), { once: true })
        })
        // It is raced below; until then its failure is nobody's.
        broken.catch(() => undefined)
        const end = (): void => {
            over.abort()
            worker.terminate()
        }
        const orBroken = <T>(work: Promise<T>): Promise<T> => Promise.race([work, broken]).catch(refuse)
        const late = this.#clock.sleep(startWithin, AbortSignal.any([signal, over.signal])).then(() => {
            throw new EngineError("second-reader")
        })
        try {
            await Promise.race([orBroken(door.start()), late])
        } catch (error) {
            end()
            throw signal.aborted ? new EngineError("stopped") : error
        }
        late.catch(() => undefined)
        over.abort()
        return {
            begin: (library) => orBroken(door.begin(transfer(library, [library.secret.buffer]))),
            read: (pack, offset, sealed) => orBroken(door.read(pack, offset, transfer(sealed, [sealed.buffer]))),
            hash: () => orBroken(door.hash()),
            end,
        }
    }
}

/** Nothing of Python's words crosses the border. */
function refuse(): never {
    throw new EngineError("second-reader")
}

/** The worker's end. */
export function exposeReader(start: () => Promise<PythonReader>): void {
    let reader: PythonReader | null = null
    const started = (): PythonReader => {
        if (reader === null) throw new TypeError("not started")
        return reader
    }
    const door: ReaderDoor = {
        async start() {
            reader = await start()
        },
        begin: async (library) => started().begin(library),
        read: async (pack, offset, sealed) => started().read(pack, offset, sealed),
        hash: async () => started().hash(),
    }
    expose(door)
}
