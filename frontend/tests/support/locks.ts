/** Web locks as far as they are needed, for a Node that has none. */

type Held = (lock: object | null) => Promise<void> | undefined

export function makeLocks() {
    const held = new Set<string>()
    return {
        async request(name: string, _options: object, work: Held): Promise<void> {
            if (held.has(name)) return await work(null)
            held.add(name)
            try {
                await work({ name })
            } finally {
                held.delete(name)
            }
        },
    }
}
