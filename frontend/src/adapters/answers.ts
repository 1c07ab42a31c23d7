/** The border where the server's answers become typed values: what does not fit is refused, unknown fields included. */

import { fromBase64url } from "../bytes/base64url.ts"
import type { Bytes } from "../bytes/bytes.ts"
import { EngineError } from "../engine/errors.ts"

/** Turns a JSON value into a `T`, or throws. */
export type Parse<T> = (value: unknown) => T

export const text: Parse<string> = (value) => (typeof value === "string" ? value : refuse())

export const whole: Parse<number> = (value) =>
    typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : refuse()

export const flag: Parse<boolean> = (value) => (typeof value === "boolean" ? value : refuse())

export const id: Parse<string> = (value) => matching(value, /^[0-9a-f]{32}$/)

export const hash: Parse<string> = (value) => matching(value, /^[0-9a-f]{64}$/)

export const bytes: Parse<Bytes> = (value) => {
    try {
        return fromBase64url(text(value))
    } catch {
        return refuse()
    }
}

export function oneOf<const T extends string | number>(...names: readonly T[]): Parse<T> {
    return (value) => names.find((name) => name === value) ?? refuse()
}

export function orNull<T>(held: Parse<T>): Parse<T | null> {
    return (value) => (value === null ? null : held(value))
}

export function listOf<T>(item: Parse<T>): Parse<T[]> {
    return (value) => (Array.isArray(value) ? value.map(item) : refuse())
}

export function mapOf<T>(item: Parse<T>): Parse<Record<string, T>> {
    return (value) => Object.fromEntries(Object.entries(record(value)).map(([name, held]) => [name, item(held)]))
}

/** Exactly these fields. */
export function fields<T extends object>(shape: { readonly [Name in keyof T]-?: Parse<T[Name]> }): Parse<T> {
    return (value) => {
        const held = record(value)
        const names = Object.keys(shape) as (keyof T & string)[]
        if (Object.keys(held).length !== names.length) return refuse()
        return Object.fromEntries(names.map((name) => [name, shape[name](held[name])])) as T
    }
}

function record(value: unknown): Readonly<Record<string, unknown>> {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return refuse()
    return value as Readonly<Record<string, unknown>>
}

function matching(value: unknown, pattern: RegExp): string {
    const written = text(value)
    return pattern.test(written) ? written : refuse()
}

function refuse(): never {
    throw new EngineError("server-failed")
}
