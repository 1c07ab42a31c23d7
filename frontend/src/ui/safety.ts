/** What to say about the ways to unlock as a whole: the one thing that would help most, or that all is well. */

import type { Ways } from "../engine/protocol.ts"
import { isStale } from "./still-know.ts"

export type Safety =
    | { readonly kind: "unproven" }
    | { readonly kind: "erased" }
    | { readonly kind: "one-way" }
    | { readonly kind: "stale" }
    | { readonly kind: "safe"; readonly ways: number }

/** In the order in which a person loses chats by it: a sheet nobody tried, a single way, a sheet nobody looked at since. */
export function safetyOf(ways: Ways, now: number): Safety {
    if (ways.recoveryCode.proven === null) return { kind: "unproven" }
    if (ways.password.kind === "erased") return { kind: "erased" }
    const count = 1 + (ways.password.kind === "set" ? 1 : 0) + (ways.passkeys.length > 0 ? 1 : 0)
    if (count === 1) return { kind: "one-way" }
    if (isStale(ways, now)) return { kind: "stale" }
    return { kind: "safe", ways: count }
}
