/** Records fetched in windows, the ones longest unseen forgotten: a chat of any length takes the same memory. */

import type { ChatRecord } from "../../reader/conversation.ts"

const windowSize = 200
const mostWindows = 30

type Fetch = (from: number, to: number) => Promise<readonly ChatRecord[]>

interface Window {
    records: readonly ChatRecord[] | null
    readonly loading: Promise<readonly ChatRecord[]>
}

export class RecordWindows {
    /** In the order of their last use. */
    private readonly windows = new Map<number, Window>()
    private readonly fetch: Fetch
    private readonly count: number
    private readonly changed: (outcome: "arrived" | "failed") => void

    /** `changed` is told whenever records came that `at` answered with nothing before, or did not come. */
    constructor(count: number, fetch: Fetch, changed: (outcome: "arrived" | "failed") => void) {
        this.count = count
        this.fetch = fetch
        this.changed = changed
    }

    /** The record if it is here; else null, and it is on its way. */
    at(index: number): ChatRecord | null {
        if (index < 0 || index >= this.count) return null
        const place = Math.floor(index / windowSize)
        return this.use(place).records?.[index - place * windowSize] ?? null
    }

    /** The record if it is here, without asking for it. */
    peek(index: number): ChatRecord | null {
        const place = Math.floor(index / windowSize)
        return this.windows.get(place)?.records?.[index - place * windowSize] ?? null
    }

    async get(index: number): Promise<ChatRecord | null> {
        if (index < 0 || index >= this.count) return null
        const place = Math.floor(index / windowSize)
        const records = await this.use(place).loading
        return records[index - place * windowSize] ?? null
    }

    private use(place: number): Window {
        const known = this.windows.get(place)
        if (known !== undefined) {
            this.windows.delete(place)
            this.windows.set(place, known)
            return known
        }
        const from = place * windowSize
        const window: Window = {
            records: null,
            loading: this.fetch(from, Math.min(from + windowSize, this.count)),
        }
        this.windows.set(place, window)
        window.loading.then(
            (records) => {
                window.records = records
                this.changed("arrived")
            },
            // Forgotten, so that the next look asks again; whoever waited hears of the failure.
            () => {
                this.windows.delete(place)
                this.changed("failed")
            },
        )
        for (const oldest of this.windows.keys()) {
            if (this.windows.size <= mostWindows) break
            this.windows.delete(oldest)
        }
        return window
    }
}
