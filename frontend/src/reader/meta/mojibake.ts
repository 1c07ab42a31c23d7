/**
 * Undoes what Meta does to every text of its downloads: UTF-8 that was read as Latin-1.
 *
 * A text with a character beyond Latin-1, or whose bytes are no UTF-8, was not spoilt and stays as it is.
 */
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

export function repaired(text: string): string {
    if (!/[\x80-\xff]/.test(text)) return text
    const bytes = new Uint8Array(text.length)
    for (let place = 0; place < text.length; place++) {
        const code = text.charCodeAt(place)
        if (code > 0xff) return text
        bytes[place] = code
    }
    try {
        return strict.decode(bytes)
    } catch {
        return text
    }
}
