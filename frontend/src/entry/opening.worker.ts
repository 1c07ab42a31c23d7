/** A worker that fetches and opens for the engine's worker: it holds keys that it can use and not read, and writes nothing. */

import { expose, transfer } from "comlink"
import { Api } from "../adapters/api.ts"
import { systemClock } from "../adapters/clock.ts"
import { ServerObjectStore } from "../adapters/object-store.ts"
import type { OpeningDoor } from "../adapters/openers.ts"
import { refuse } from "../engine/border.ts"
import type { FrameSource } from "../engine/chunks.ts"
import { EngineError } from "../engine/errors.ts"
import { openSlices } from "../engine/open-slices.ts"

let source: FrameSource | null = null

const door: OpeningDoor = {
    async start(keys, csrfToken) {
        const api = new Api({ fetch: (url, init) => fetch(url, init), csrfToken })
        source = { keys, store: new ServerObjectStore(api, location.origin, systemClock) }
    },
    async open(slices) {
        if (source === null) return refuse(new EngineError("locked"))
        const opened = await openSlices(source, slices, systemClock, new AbortController().signal).catch(refuse)
        return transfer(opened, [...new Set(opened.flatMap(({ chunks }) => chunks.map(({ buffer }) => buffer)))])
    },
}

expose(door)
