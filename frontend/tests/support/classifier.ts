/**
 * An attacker who has seen both texts often, and guesses which one it was this time.
 *
 * It learns from one half of what it saw: how often each whole trace came from which text, and for every number in them the
 * threshold that parts the two best. The one that did best in learning guesses for the other half.
 */

import { featuresOf } from "./observer.ts"

interface Guess {
    readonly of: (trace: readonly string[]) => number
    /** How many it got right in learning; what it knows by heart does not count. */
    readonly learned: number
}

interface Sample {
    readonly trace: readonly string[]
    readonly text: number
}

/** How many of the other half were guessed right. */
export function guessedRight(seen: readonly [readonly (readonly string[])[], readonly (readonly string[])[]]): {
    readonly right: number
    readonly of: number
} {
    const half = (which: number): readonly Sample[] =>
        seen.flatMap((traces, text) => traces.filter((_, at) => at % 2 === which).map((trace) => ({ trace, text })))
    const [learn, test] = [half(0), half(1)]
    const guesses = [byWholeTrace(learn), ...byThresholds(learn)]
    const best = guesses.reduce((one, other) => (other.learned > one.learned ? other : one))
    return { right: test.filter(({ trace, text }) => best.of(trace) === text).length, of: test.length }
}

function byWholeTrace(learn: readonly Sample[]): Guess {
    const counts = new Map<string, number>()
    const weight = (text: number) => (text === 1 ? 1 : -1)
    for (const { trace, text } of learn) {
        const whole = trace.join("\n")
        counts.set(whole, (counts.get(whole) ?? 0) + weight(text))
    }
    const guess = (count: number) => (count > 0 ? 1 : 0)
    const countOf = (trace: readonly string[]) => counts.get(trace.join("\n")) ?? 0
    // Each is guessed from the others: else it would know every trace that occurs once.
    const learned = learn.filter(({ trace, text }) => guess(countOf(trace) - weight(text)) === text).length
    return { of: (trace) => guess(countOf(trace)), learned }
}

function byThresholds(learn: readonly Sample[]): readonly Guess[] {
    const samples = learn.map(({ trace, text }) => ({ features: featuresOf(trace), text }))
    const names = new Set(samples.flatMap(({ features }) => [...features.keys()]))
    return [...names].map((name) => {
        const numberIn = (features: ReadonlyMap<string, number>) => features.get(name) ?? -1
        let best = { learned: 0, threshold: 0, above: 1 }
        for (const threshold of new Set(samples.map(({ features }) => numberIn(features))))
            for (const above of [0, 1]) {
                const learned = samples.filter(
                    ({ features, text }) => (numberIn(features) >= threshold ? above : 1 - above) === text,
                ).length
                if (learned > best.learned) best = { learned, threshold, above }
            }
        const { learned, threshold, above } = best
        return { of: (trace) => (numberIn(featuresOf(trace)) >= threshold ? above : 1 - above), learned }
    })
}

/** The most that somebody who only guesses gets right in so many tries, but for once in a thousand. */
export function chance(of: number): number {
    return of / 2 + 3 * Math.sqrt(of / 4)
}
