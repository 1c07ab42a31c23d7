/** Work on many things, a few at a time, handed out in their order: while one is used the next are on their way. */
export async function* ahead<Item, T>(
    items: Iterable<Item>,
    width: number,
    work: (item: Item) => Promise<T>,
): AsyncGenerator<readonly [Item, T], void, undefined> {
    const begun: (readonly [Item, Promise<T>])[] = []
    const left = items[Symbol.iterator]()
    const beginNext = (): void => {
        const step = left.next()
        if (step.done === true) return
        const working = work(step.value)
        // It is awaited in its turn; until then its failure is nobody's.
        working.catch(() => undefined)
        begun.push([step.value, working])
    }
    for (let count = 0; count < width; count++) beginNext()
    for (let first = begun.shift(); first !== undefined; first = begun.shift()) {
        const [item, working] = first
        const result = await working
        beginNext()
        yield [item, result]
    }
}
