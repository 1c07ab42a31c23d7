/** Bytes: one type for all of them, joined and compared. */

/** Bytes in memory of their own kind: never shared between threads, so that WebCrypto and the network accept them. */
export type Bytes = Uint8Array<ArrayBuffer>

export function concat(...parts: readonly Bytes[]): Bytes {
    const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
    let offset = 0
    for (const part of parts) {
        joined.set(part, offset)
        offset += part.length
    }
    return joined
}

/** Looks at every byte whatever it finds: how long it takes says nothing about where two values differ. */
export function equal(a: Bytes, b: Bytes): boolean {
    if (a.length !== b.length) return false
    let difference = 0
    for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0)
    return difference === 0
}
