/** Work that is begun ahead and finished in order: a few at a time, so that waiting for one is spent on the others. */

export class Lane<T> {
    readonly #width: number
    readonly #settle: (value: T) => Promise<void>
    readonly #begun: Promise<T>[] = []

    constructor(width: number, settle: (value: T) => Promise<void>) {
        this.#width = width
        this.#settle = settle
    }

    /** Resolves when there is room for another. */
    async push(work: Promise<T>): Promise<void> {
        // It is awaited in its turn; until then its failure is nobody's.
        work.catch(() => undefined)
        this.#begun.push(work)
        if (this.#begun.length >= this.#width) await this.#settleFirst()
    }

    async flush(): Promise<void> {
        while (this.#begun.length > 0) await this.#settleFirst()
    }

    async #settleFirst(): Promise<void> {
        const first = this.#begun.shift()
        if (first !== undefined) await this.#settle(await first)
    }
}
