/** A password as the key vault means it: NFKC, so that it is the same from every keyboard, and of a sane length. */

import { utf8 } from "../bytes/utf8.ts"

declare const normal: unique symbol

/** Went through `normalise`. Strings cannot be overwritten: whoever holds one lets go of it as soon as possible. */
export type Password = string & { readonly [normal]: true }

export type NormalisedPassword =
    | { readonly kind: "normalised"; readonly password: Password }
    | { readonly kind: "refused"; readonly why: "empty" | "too-long" }

/** UTF-8 bytes. */
export const longestPassword = 1_024

export function normalise(typed: string): NormalisedPassword {
    // Normalising joins at most four characters into one, so this is too long either way: no megabyte is normalised in vain.
    if (typed.length > 4 * longestPassword) return { kind: "refused", why: "too-long" }
    const password = typed.normalize("NFKC")
    if (password === "") return { kind: "refused", why: "empty" }
    if (utf8(password).length > longestPassword) return { kind: "refused", why: "too-long" }
    return { kind: "normalised", password: password as Password }
}
