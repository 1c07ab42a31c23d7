/**
 * Reads JSON into types, strictly: a missing, an unknown or a repeated field is refused (docs/format.md §7).
 *
 * A reader is a function from an unknown value to a typed one; `shape` makes one for an object out of one for each field.
 */

import { fromBase64url } from "../bytes/base64url.ts"
import type { Bytes } from "../bytes/bytes.ts"
import { fromUtf8 } from "../bytes/utf8.ts"
import { DamagedObjectError, wellFormed } from "./errors.ts"
import { isSpelledPlainly } from "./json-spelling.ts"
import { idLength } from "./limits.ts"

export type Read<Value> = (value: unknown) => Value

/** The one refusal of this file. */
function malformed(): never {
    throw new DamagedObjectError("malformed")
}

/** Reads UTF-8 JSON of one object; `format` is looked at first, for another format may have other fields. */
export function readJson<Value>(bytes: Bytes, format: number, read: Read<Value>): Value {
    const text = wellFormed(() => fromUtf8(bytes))
    const value = parse(text)
    if (!isSpelledPlainly(text, value)) malformed()
    if (typeof value !== "object" || value === null || !("format" in value)) malformed()
    if (value.format !== format) throw new DamagedObjectError("unknown-version")
    return read(value)
}

export function parse(text: string): unknown {
    try {
        return JSON.parse(text)
    } catch {
        return malformed()
    }
}

type Fields = Readonly<Record<string, Read<unknown>>>
type Shape<Names extends Fields> = { readonly [Name in keyof Names]: ReturnType<Names[Name]> }

/** An object with exactly these fields. */
export function shape<Names extends Fields>(fields: Names): Read<Shape<Names>> {
    const readers = Object.entries(fields)
    return (value) => {
        const given = record(value)
        if (Object.keys(given).length !== readers.length) malformed()
        const read = readers.map(([name, reader]) => [
            name,
            Object.hasOwn(given, name) ? reader(given[name]) : malformed(),
        ])
        return Object.fromEntries(read) as Shape<Names>
    }
}

/** An object whose fields nobody knows in advance. */
export function mapOf<Value>(read: Read<Value>): Read<Readonly<Record<string, Value>>> {
    return (value) => Object.fromEntries(Object.entries(record(value)).map(([name, item]) => [text(name), read(item)]))
}

export function listOf<Value>(read: Read<Value>): Read<readonly Value[]> {
    return (value) => (Array.isArray(value) ? value.map((item) => read(item)) : malformed())
}

export function orNull<Value>(read: Read<Value>): Read<Value | null> {
    return (value) => (value === null ? null : read(value))
}

export function oneOf<const Value extends string>(...values: readonly Value[]): Read<Value> {
    return (value) => values.find((known) => known === value) ?? malformed()
}

/** Half a surrogate pair has no UTF-8 form: the next writer could not give it back. */
export const text: Read<string> = (value) =>
    typeof value === "string" && !/\p{Surrogate}/u.test(value) ? value : malformed()

function upTo(most: number): Read<number> {
    return (value) =>
        typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= most ? value : malformed()
}

export const u16 = upTo(0xffff)
export const u32 = upTo(0xffff_ffff)
/** A whole number from 0 to 2⁵³ − 1. */
export const whole = upTo(Number.MAX_SAFE_INTEGER)

export const id: Read<string> = (value) => matching(value, /^[0-9a-f]{32}$/)

export const hash: Read<string> = (value) => matching(value, /^[0-9a-f]{64}$/)

export const bytes: Read<Bytes> = (value) => wellFormed(() => fromBase64url(text(value)))

/** `YYYY-MM-DDTHH:MM:SS`. Whether the calendar has that day is not asked: phones and zips say the strangest things. */
export const wallClock: Read<string> = (value) => matching(value, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/)

/** The same in UTC, with a `Z`. */
export const time: Read<string> = (value) => matching(value, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)

function matching(value: unknown, pattern: RegExp): string {
    const given = text(value)
    return pattern.test(given) ? given : malformed()
}

/** Chunk ids, joined, as base64url. */
export const ids: Read<Bytes> = (value) => {
    const joined = bytes(value)
    return joined.length % idLength === 0 ? joined : malformed()
}

export const flag: Read<boolean> = (value) => (typeof value === "boolean" ? value : malformed())

/** A name that was cut off within an emoji holds half a surrogate pair; it is shown as a replacement character. */
export function withoutHalfPairs(_name: string, value: unknown): unknown {
    return typeof value === "string" ? value.replace(/\p{Surrogate}/gu, "\ufffd") : value
}

function record(value: unknown): Readonly<Record<string, unknown>> {
    if (typeof value !== "object" || value === null || Array.isArray(value)) malformed()
    return value as Readonly<Record<string, unknown>>
}
