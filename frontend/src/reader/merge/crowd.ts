/**
 * The people of several exports as one list.
 *
 * The same name is the same person. A contact that was renamed, or was a number once, is found by what it said: whoever
 * says the same words in the same minute all the time is the same person.
 */

import { comparableWords } from "./likeness.ts"

/** How much of what was compared has to agree, and how many messages are enough to tell. */
const mostly = 0.9
const enough = 2

export class Crowd {
    readonly names: string[] = []
    readonly #places = new Map<string, number>()

    /** The place of a name; a new one is added. */
    place(name: string): number {
        const comparable = comparableWords(name)
        let place = this.#places.get(comparable)
        if (place === undefined) {
            place = this.names.push(name) - 1
            this.#places.set(comparable, place)
        }
        return place
    }

    knows(name: string): boolean {
        return this.#places.has(comparableWords(name))
    }

    /** Another export calls this person so; `newer`: it is what the person is called now. */
    alsoCalled(place: number, name: string, newer: boolean): void {
        this.#places.set(comparableWords(name), place)
        if (newer) this.names[place] = name
    }
}

/** How often each person of one export said what each person of another said in the same minute. */
export class Echoes {
    readonly #counts = new Map<number, Map<number, number>>()

    heard(one: number, other: number): void {
        const counts = this.#counts.get(other) ?? new Map<number, number>()
        counts.set(one, (counts.get(one) ?? 0) + 1)
        this.#counts.set(other, counts)
    }

    /** Who of the one export this person of the other is, or null. */
    sameAs(other: number): number | null {
        const counts = [...(this.#counts.get(other) ?? [])]
        const sum = counts.reduce((total, [, count]) => total + count, 0)
        const [best, count] = counts.reduce((most, one) => (one[1] > most[1] ? one : most), [-1, 0])
        return count >= enough && count >= sum * mostly ? best : null
    }
}
