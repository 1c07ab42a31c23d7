/** Runs a part in some workers at once and tells how long it took; `bench/parts.py` asks. */

interface Timed {
    readonly bytes: number
    readonly seconds: number
}

/** Programs are loaded, compiled and warm, and memory was used once, when this resolves with what the clock runs over. */
async function prepare(part: string, workers: number, bytes: number): Promise<() => Promise<Timed>> {
    const input = document.querySelector<HTMLInputElement>("#file")
    const file = input?.files?.[0] ?? null
    const each = Math.floor(bytes / workers)
    const started = Array.from({ length: workers }, () => {
        return new Worker(new URL("./worker.ts", import.meta.url), { type: "module" })
    })
    const once = (size: number): Promise<readonly number[]> =>
        Promise.all(
            started.map(
                (worker) =>
                    new Promise<number>((resolve, reject) => {
                        worker.onmessage = ({ data }) => resolve(data)
                        worker.onerror = (event) => reject(new Error(event.message))
                        worker.postMessage({ part, bytes: size, file })
                    }),
            ),
        )
    await once(Math.min(each, 32 * 1024 * 1024))
    return async () => {
        const begun = performance.now()
        const done = await once(each)
        const seconds = (performance.now() - begun) / 1000
        for (const worker of started) worker.terminate()
        return { bytes: done.reduce((sum, one) => sum + one, 0), seconds }
    }
}

Object.assign(globalThis, { prepare })
