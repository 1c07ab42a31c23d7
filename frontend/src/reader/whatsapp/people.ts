/** Who wrote: senders in the order of their first word, and what tells a person from the title of a group. */

import type { ChatRecord } from "../conversation.ts"
import type { ReadBody } from "./body.ts"
import { cleanName } from "./characters.ts"

/** A record while its sender is not settled. */
export type Draft = { -readonly [Field in keyof ChatRecord]: ChatRecord[Field] }

/** Senders in the order in which they first appear, and what tells a person from the title of a group. */
export class People {
    private readonly ids = new Map<string, number>()
    private readonly names: string[] = []
    /** Records that only a person can have written. */
    private readonly said: number[] = []
    private readonly marked: { readonly record: Draft; readonly sender: number }[] = []
    private readonly calls: { readonly record: Draft; readonly sender: number }[] = []
    private self: number | null = null

    id(rawName: string): number {
        const known = this.ids.get(rawName)
        if (known !== undefined) return known
        const name = cleanName(rawName) || rawName
        const same = this.names.indexOf(name)
        const id = same >= 0 ? same : this.names.push(name) - 1
        this.said[id] ??= 0
        this.ids.set(rawName, id)
        return id
    }

    /** Who wrote a plain message. */
    spoke(rawName: string): number {
        const id = this.id(rawName)
        this.said[id] = (this.said[id] ?? 0) + 1
        return id
    }

    note(record: Draft, sender: number, body: ReadBody): void {
        if (body.marked === true) this.marked.push({ record, sender })
        else if (record.kind === "call") this.calls.push({ record, sender })
        else if (record.kind !== "system") this.said[sender] = (this.said[sender] ?? 0) + 1
        if (body.own === true) this.self ??= sender
    }

    /** Whoever never wrote anything but marked texts is a group's title or the app: such records have no sender. */
    settle(records: readonly Draft[]): { people: string[]; self: string | null } {
        for (const { record, sender } of this.marked) {
            if (this.said[sender] !== 0) continue
            record.kind = "system"
            record.sender = null
        }
        // A call of a group stands under the group's title; between two people, who only calls is one of them.
        if (this.said.filter((times) => times > 0).length >= 2)
            for (const { record, sender } of this.calls) if (this.said[sender] === 0) record.sender = null
        const places = new Map<number, number>()
        const people: string[] = []
        for (const record of records) {
            if (record.sender === null) continue
            let place = places.get(record.sender)
            if (place === undefined) {
                place = people.push(this.names[record.sender] ?? "") - 1
                places.set(record.sender, place)
            }
            record.sender = place
        }
        return { people, self: this.self === null ? null : (this.names[this.self] ?? null) }
    }
}
