/**
 * Finds what `JSON.parse` keeps silent about: a field that stands twice in one object (it takes the last, so two readers
 * could see two different files in the same bytes), and numbers spelled as fractions or with exponents.
 *
 * The text is known to be JSON already. In JSON a string followed by a colon is a field, and nothing else is: as many of
 * them in the text as in the value means that none was dropped.
 */

export function isSpelledPlainly(text: string, value: unknown): boolean {
    const found = scan(text)
    return !found.fraction && found.fields === fieldsIn(value)
}

/** Goes from string to string; numbers lie in between. */
function scan(text: string): { fields: number; fraction: boolean } {
    let fields = 0
    let at = 0
    for (;;) {
        const quote = text.indexOf('"', at)
        if (/\d[.eE]/.test(text.slice(at, quote < 0 ? undefined : quote))) return { fields, fraction: true }
        if (quote < 0) return { fields, fraction: false }
        at = afterString(text, quote + 1)
        while (isSpace(text.charCodeAt(at))) at++
        if (text.charAt(at) === ":") fields++
    }
}

/** The place behind the quotation mark that ends the string: the first with an even number of backslashes before it. */
function afterString(text: string, start: number): number {
    for (let at = text.indexOf('"', start); ; at = text.indexOf('"', at + 1)) {
        if (at < 0) return text.length
        let before = at
        while (before > start && text.charAt(before - 1) === "\\") before--
        if ((at - before) % 2 === 0) return at + 1
    }
}

function isSpace(code: number): boolean {
    return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
}

/** With a list of what is still to be looked at: however deep it is nested, the stack stays where it is. */
function fieldsIn(value: unknown): number {
    let fields = 0
    const left: unknown[] = [value]
    while (left.length > 0) {
        const next = left.pop()
        if (typeof next !== "object" || next === null) continue
        const items: unknown[] = Object.values(next)
        if (!Array.isArray(next)) fields += items.length
        for (const item of items) if (typeof item === "object") left.push(item)
    }
    return fields
}
