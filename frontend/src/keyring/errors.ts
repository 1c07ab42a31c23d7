/** What a client says when a slot is refused: the names of docs/format.md §8. */

export type SlotRefusal = "truncated" | "too-large" | "unknown-version" | "wrong-id" | "malformed"

export class RefusedSlotError extends Error {
    override readonly name = "RefusedSlotError"
    readonly code: SlotRefusal

    constructor(code: SlotRefusal) {
        super(code)
        this.code = code
    }
}
