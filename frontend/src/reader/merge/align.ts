/**
 * Which records of two exports are the same message: pairs that rise in both, found in about linear time.
 *
 *     equal, and equally often ─▸ the longest rising run of them: anchors
 *     between two anchors      ─▸ equal ones of one minute, as many as fit
 *     between those            ─▸ what may be the same: a picture and its place holder, a text and its deleted mark
 */

/** One export as numbers: `keys` are equal where records are, minutes count from any zero. */
export interface Line {
    readonly keys: Int32Array
    readonly minutes: Float64Array
    /** Equal for records of one sender. */
    readonly senders: Int32Array
}

export interface Pairs {
    readonly ones: readonly number[]
    readonly others: readonly number[]
}

/** No minute of a chat that people wrote has as many messages; in one that has, the first fit is taken. */
const mostCells = 1_000_000

export type MayBeSame = (one: number, other: number) => boolean

const at = (list: ArrayLike<number>, place: number): number => list[place] ?? 0

export function align(one: Line, other: Line, mayBeSame: MayBeSame): Pairs {
    const anchors = risingRun(candidates(one, other))
    const ones: number[] = []
    const others: number[] = []
    let from = 0
    let otherFrom = 0
    const between = (to: number, otherTo: number): void => {
        for (const [first, second] of pairWithin(one, other, [from, to], [otherFrom, otherTo], mayBeSame)) {
            ones.push(first)
            others.push(second)
        }
    }
    anchors.ones.forEach((place, number) => {
        const otherPlace = at(anchors.others, number)
        if (place > from && otherPlace > otherFrom) between(place, otherPlace)
        ones.push(place)
        others.push(otherPlace)
        from = place + 1
        otherFrom = otherPlace + 1
    })
    if (one.keys.length > from && other.keys.length > otherFrom) between(one.keys.length, other.keys.length)
    return { ones, others }
}

/** The n-th of a key in one is the n-th in the other, where both have it equally often. In the order of `one`. */
function candidates(one: Line, other: Line): Pairs {
    const size = 1 + Math.max(largest(one.keys), largest(other.keys))
    const counts = new Int32Array(size)
    for (const key of one.keys) counts[key] = at(counts, key) + 1
    const otherCounts = new Int32Array(size)
    for (const key of other.keys) otherCounts[key] = at(otherCounts, key) + 1
    const starts = new Int32Array(size + 1)
    for (let key = 0; key < size; key++) starts[key + 1] = at(starts, key) + at(otherCounts, key)
    const places = new Int32Array(other.keys.length)
    const filled = starts.slice()
    other.keys.forEach((key, place) => {
        places[at(filled, key)] = place
        filled[key] = at(filled, key) + 1
    })
    const ones: number[] = []
    const others: number[] = []
    const used = starts.slice()
    one.keys.forEach((key, place) => {
        if (counts[key] !== otherCounts[key]) return
        ones.push(place)
        others.push(at(places, at(used, key)))
        used[key] = at(used, key) + 1
    })
    return { ones, others }
}

/** The longest run of pairs whose second places rise too (patience sorting). */
function risingRun({ ones, others }: Pairs): Pairs {
    const tails: number[] = []
    const before = new Int32Array(others.length)
    others.forEach((place, number) => {
        let low = 0
        let high = tails.length
        // Nearly always the run goes on where it ended.
        if (high > 0 && at(others, at(tails, high - 1)) < place) low = high
        while (low < high) {
            const middle = (low + high) >>> 1
            if (at(others, at(tails, middle)) < place) low = middle + 1
            else high = middle
        }
        before[number] = low === 0 ? -1 : at(tails, low - 1)
        tails[low] = number
    })
    const run: number[] = []
    for (let number = tails.at(-1) ?? -1; number >= 0; number = at(before, number)) run.push(number)
    run.reverse()
    return { ones: run.map((number) => at(ones, number)), others: run.map((number) => at(others, number)) }
}

type Range = readonly [from: number, to: number]

function pairWithin(one: Line, other: Line, range: Range, otherRange: Range, mayBeSame: MayBeSame): [number, number][] {
    const equal = equalWithin(one, other, range, otherRange)
    const pairs: [number, number][] = []
    let [from] = range
    let [otherFrom] = otherRange
    for (const [place, otherPlace] of [...equal, [range[1], otherRange[1]] as const]) {
        pairs.push(...alikeWithin(one, other, [from, place], [otherFrom, otherPlace], mayBeSame))
        if (place < range[1]) pairs.push([place, otherPlace])
        from = place + 1
        otherFrom = otherPlace + 1
    }
    return pairs
}

/** Equal keys have equal minutes: each minute's records are compared with that minute's only. */
function equalWithin(one: Line, other: Line, [from, to]: Range, [otherFrom, otherTo]: Range): [number, number][] {
    const minutes = new Map<number, number[]>()
    for (let place = from; place < to; place++) {
        const known = minutes.get(at(one.minutes, place))
        if (known === undefined) minutes.set(at(one.minutes, place), [place])
        else known.push(place)
    }
    const pairs: [number, number][] = []
    let behind = -1
    for (let start = otherFrom; start < otherTo; ) {
        const minute = at(other.minutes, start)
        let end = start + 1
        while (end < otherTo && other.minutes[end] === minute) end++
        const here = (minutes.get(minute) ?? []).filter((place) => place > behind)
        for (const pair of longestCommon(one.keys, other.keys, here, start, end)) {
            pairs.push(pair)
            behind = pair[0]
        }
        start = end
    }
    return pairs
}

function longestCommon(
    keys: Int32Array,
    otherKeys: Int32Array,
    places: readonly number[],
    start: number,
    end: number,
): [number, number][] {
    const [rows, columns] = [places.length, end - start]
    if (rows === 0) return []
    if (rows * columns > mostCells) return firstFit(keys, otherKeys, places, start, end)
    const width = columns + 1
    const lengths = new Int32Array((rows + 1) * width)
    for (let row = rows - 1; row >= 0; row--)
        for (let column = columns - 1; column >= 0; column--)
            lengths[row * width + column] =
                at(keys, at(places, row)) === at(otherKeys, start + column)
                    ? 1 + at(lengths, (row + 1) * width + column + 1)
                    : Math.max(at(lengths, (row + 1) * width + column), at(lengths, row * width + column + 1))
    const pairs: [number, number][] = []
    for (let row = 0, column = 0; row < rows && column < columns; ) {
        if (at(keys, at(places, row)) === at(otherKeys, start + column))
            pairs.push([at(places, row++), start + column++])
        else if (at(lengths, (row + 1) * width + column) >= at(lengths, row * width + column + 1)) row++
        else column++
    }
    return pairs
}

function firstFit(
    keys: Int32Array,
    otherKeys: Int32Array,
    places: readonly number[],
    start: number,
    end: number,
): [number, number][] {
    const waiting = new Map<number, number[]>()
    for (const place of places.toReversed()) {
        const same = waiting.get(at(keys, place))
        if (same === undefined) waiting.set(at(keys, place), [place])
        else same.push(place)
    }
    const pairs: [number, number][] = []
    let behind = -1
    for (let other = start; other < end; other++) {
        const same = waiting.get(at(otherKeys, other)) ?? []
        while (same.length > 0 && at(same, same.length - 1) <= behind) same.pop()
        const place = same.pop()
        if (place === undefined) continue
        pairs.push([place, other])
        behind = place
    }
    return pairs
}

/** In order, each with the first of the same sender and minute that it may be. */
function alikeWithin(
    one: Line,
    other: Line,
    [from, to]: Range,
    [otherFrom, otherTo]: Range,
    mayBeSame: MayBeSame,
): [number, number][] {
    const pairs: [number, number][] = []
    let next = from
    for (let otherPlace = otherFrom; otherPlace < otherTo && next < to; otherPlace++) {
        const minute = at(other.minutes, otherPlace)
        while (next < to && at(one.minutes, next) < minute) next++
        for (let place = next; place < to && at(one.minutes, place) === minute; place++) {
            if (one.senders[place] !== other.senders[otherPlace] || !mayBeSame(place, otherPlace)) continue
            pairs.push([place, otherPlace])
            next = place + 1
            break
        }
    }
    return pairs
}

function largest(keys: Int32Array): number {
    let most = 0
    for (const key of keys) if (key > most) most = key
    return most
}
