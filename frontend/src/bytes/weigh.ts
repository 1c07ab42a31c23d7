/**
 * Browsers collect garbage by what they count, and Chromium does not count all of it: `fetch` keeps a copy of each body
 * until the next collection but one, and what WebCrypto gives back waits for it too. Whoever leaves such garbage weighs it
 * here: memory that nobody touches takes none, and is counted all the same. Without it, a backup held twice as much.
 */

/** Only where untouched memory was seen to take none. */
const isChromium = typeof navigator === "object" && "userAgentData" in navigator

/** Makes this thread's garbage heavier by so many bytes. */
export function weigh(length: number): void {
    if (!isChromium) return
    try {
        void new ArrayBuffer(length)
    } catch {
        // No addresses left for so much: then the browser collects anyway.
    }
}
