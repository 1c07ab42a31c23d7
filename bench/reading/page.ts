/** Hands a chat's text to a fresh worker and tells how long its part took there; `bench/reader.py` asks. */

async function part(name: string): Promise<unknown> {
    const file = document.querySelector<HTMLInputElement>("#file")?.files?.[0]
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" })
    try {
        return await new Promise((resolve, reject) => {
            worker.onmessage = ({ data }) => resolve(data)
            worker.onerror = (event) => reject(new Error(event.message))
            worker.postMessage({ name, file })
        })
    } finally {
        worker.terminate()
    }
}

Object.assign(globalThis, { part })
