/**
 * Which exports of a chat a rule keeps, and what would go with the others. Pure: it proposes, and deletes nothing.
 *
 *     the rule: the last N ∪ the newest of M months ∪ the newest of Y years
 *     and beyond the rule: whatever holds something that no staying export holds
 *
 * Months and years are counted as they come up among the exports, newest first: that time passes takes nothing away.
 */

export type RetentionRule =
    | { readonly kind: "all" }
    | { readonly kind: "some"; readonly last: number; readonly months: number; readonly years: number }

/** What is in an export and nowhere else among those that stay. `notices` are what the app itself wrote. */
export interface OnlyHere {
    readonly messages: number
    readonly notices: number
    readonly files: number
}

export type KeepReason =
    | { readonly kind: "all" }
    | { readonly kind: "newest" }
    | { readonly kind: "last"; readonly place: number }
    /** `YYYY-MM` */
    | { readonly kind: "month"; readonly month: string }
    | { readonly kind: "year"; readonly year: string }
    | ({ readonly kind: "only-here" } & OnlyHere)

/** When an export was made, as well as that is known: by its last message, else by when it was added. */
export interface DatedImport {
    readonly id: string
    /** UTC */
    readonly added: string
    /** Wall-clock time of the last message, or null. */
    readonly last: string | null
}

/** An element stands for the n-th occurrence of a message or for the content of a file: equal elements, equal content. */
export type Element = string | number

export interface HeldImport extends DatedImport {
    readonly messages: ReadonlySet<Element>
    readonly notices: ReadonlySet<Element>
    readonly files: ReadonlySet<Element>
}

/** Empty: the rule has no reason to keep it, and all it holds stays elsewhere. */
export interface Verdict {
    readonly id: string
    readonly reasons: readonly KeepReason[]
}

const kinds = ["messages", "notices", "files"] as const

/** Nobody needs more, and what is typed by mistake stays readable. */
export const mostKept = 999

// ---------------------------------------------------------------- the rule as text

const spelling = /^last=([1-9]\d{0,2}) months=(0|[1-9]\d{0,2}) years=(0|[1-9]\d{0,2})$/

/** What is not understood keeps everything: a newer client may have written it. */
export function readRule(text: string | undefined): RetentionRule {
    const [, last, months, years] = text?.match(spelling) ?? []
    return last === undefined
        ? { kind: "all" }
        : { kind: "some", last: Number(last), months: Number(months), years: Number(years) }
}

export function spellRule(rule: RetentionRule): string {
    if (rule.kind === "all") return "all"
    const { last, months, years } = rule
    const spelled = `last=${last} months=${months} years=${years}`
    if (!spelling.test(spelled)) throw new RangeError("a rule keeps at least one export, and whole numbers up to 999")
    return spelled
}

// ---------------------------------------------------------------- what the rule keeps

/** Newest first. */
export function inOrder<Import extends DatedImport>(imports: readonly Import[], zone: string): readonly Import[] {
    const moments = new Map(imports.map((one) => [one.id, momentOf(one, zone)]))
    const moment = ({ id }: DatedImport): string => moments.get(id) ?? ""
    return imports.toSorted(
        (one, other) =>
            compare(moment(other), moment(one)) || compare(other.added, one.added) || compare(other.id, one.id),
    )
}

/** Why the rule keeps what it keeps; what is not in the map it does not keep. */
export function keptByRule(
    imports: readonly DatedImport[],
    rule: RetentionRule,
    zone: string,
): ReadonlyMap<string, readonly KeepReason[]> {
    const kept = new Map<string, KeepReason[]>()
    const months = new Set<string>()
    const years = new Set<string>()
    for (const [index, one] of inOrder(imports, zone).entries()) {
        const reasons: KeepReason[] = []
        const moment = momentOf(one, zone)
        const [month, year] = [moment.slice(0, 7), moment.slice(0, 4)]
        if (index === 0) reasons.push({ kind: "newest" })
        if (rule.kind === "all") reasons.push({ kind: "all" })
        else {
            if (index > 0 && index < rule.last) reasons.push({ kind: "last", place: index + 1 })
            if (months.size < rule.months && !months.has(month)) reasons.push({ kind: "month", month })
            if (years.size < rule.years && !years.has(year)) reasons.push({ kind: "year", year })
        }
        months.add(month)
        years.add(year)
        if (reasons.length > 0) kept.set(one.id, reasons)
    }
    return kept
}

/** A wall-clock time in the person's zone; a chat's own times are that already. */
function momentOf({ last, added }: DatedImport, zone: string): string {
    if (last !== null) return last
    const parts = new Map(
        zoned(zone)
            .formatToParts(new Date(added))
            .map(({ type, value }) => [type, value]),
    )
    const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? ""
    return `${part("year")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}:${part("second")}`
}

const formats = new Map<string, Intl.DateTimeFormat>()

function zoned(timeZone: string): Intl.DateTimeFormat {
    const [date, time] = [{ year: "numeric", month: "2-digit", day: "2-digit" }, { hour: "2-digit" }] as const
    const options = { ...date, ...time, minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZone } as const
    const known = formats.get(timeZone) ?? new Intl.DateTimeFormat("en-US", options)
    formats.set(timeZone, known)
    return known
}

// ---------------------------------------------------------------- what is proposed

/**
 * The exports of one chat, newest first, each with the reasons for which it stays. Those that the rule does not keep are
 * asked oldest first whether all they hold stays elsewhere, so that of two that hold the same the newer one stays.
 */
export function propose(imports: readonly HeldImport[], rule: RetentionRule, zone: string): readonly Verdict[] {
    const order = inOrder(imports, zone)
    const kept = new Map(keptByRule(imports, rule, zone))
    const staying = new Holders(order)
    const protectedOnes: HeldImport[] = []
    for (const one of order.toReversed()) {
        if (kept.has(one.id)) continue
        if (staying.holdElsewhere(one)) staying.remove(one)
        else protectedOnes.push(one)
    }
    for (const one of protectedOnes) kept.set(one.id, [{ kind: "only-here", ...staying.onlyIn(one) }])
    return order.map(({ id }) => ({ id, reasons: kept.get(id) ?? [] }))
}

/** What nothing would hold any more if these went: nothing at all, for those that are proposed. */
export function lostWith(imports: readonly HeldImport[], goes: ReadonlySet<string>): OnlyHere {
    const held = new Holders(imports.filter(({ id }) => !goes.has(id)))
    const lost = { messages: new Set<Element>(), notices: new Set<Element>(), files: new Set<Element>() }
    for (const one of imports)
        if (goes.has(one.id))
            for (const kind of kinds)
                for (const element of one[kind]) if (!held.has(kind, element)) lost[kind].add(element)
    return { messages: lost.messages.size, notices: lost.notices.size, files: lost.files.size }
}

/** What imports lie in: sealed objects and their sizes. */
export interface StoredImport {
    readonly id: string
    readonly objects: ReadonlyMap<string, number>
}

/** Sealed bytes that come back: of objects that no staying import of the whole library needs any part of. */
export function freedBy(imports: readonly StoredImport[], goes: ReadonlySet<string>): number {
    const needed = new Set(imports.filter(({ id }) => !goes.has(id)).flatMap(({ objects }) => [...objects.keys()]))
    const freed = new Map<string, number>()
    for (const { id, objects } of imports)
        if (goes.has(id)) for (const [object, size] of objects) if (!needed.has(object)) freed.set(object, size)
    return [...freed.values()].reduce((sum, size) => sum + size, 0)
}

/** How many of the staying imports hold an element. */
class Holders {
    readonly #counts = {
        messages: new Map<Element, number>(),
        notices: new Map<Element, number>(),
        files: new Map<Element, number>(),
    }

    constructor(imports: readonly HeldImport[]) {
        for (const one of imports) this.#add(one, 1)
    }

    has(kind: (typeof kinds)[number], element: Element): boolean {
        return this.#count(kind, element) > 0
    }

    /** Whether others hold all that this one holds, which is among them. */
    holdElsewhere(one: HeldImport): boolean {
        return kinds.every((kind) => [...one[kind]].every((element) => this.#count(kind, element) > 1))
    }

    onlyIn(one: HeldImport): OnlyHere {
        const alone = (kind: (typeof kinds)[number]): number =>
            [...one[kind]].filter((element) => this.#count(kind, element) === 1).length
        return { messages: alone("messages"), notices: alone("notices"), files: alone("files") }
    }

    remove(one: HeldImport): void {
        this.#add(one, -1)
    }

    #add(one: HeldImport, by: 1 | -1): void {
        for (const kind of kinds)
            for (const element of one[kind]) this.#counts[kind].set(element, this.#count(kind, element) + by)
    }

    #count(kind: (typeof kinds)[number], element: Element): number {
        return this.#counts[kind].get(element) ?? 0
    }
}

function compare(one: string, other: string): number {
    return one < other ? -1 : one > other ? 1 : 0
}
