/**
 * How good a password is, by zxcvbn with German and English words: looked up here, in the browser, and sent nowhere.
 *
 * The vault gives ten guesses, and whoever holds the vault has more (docs/vault.md §11): so the password has to stand on its
 * own. What it needs is said in words, never as a rule about digits and signs.
 */

import type { DictionaryMatch, MatchExtended, ZxcvbnFactory } from "@zxcvbn-ts/core"
import { normalise } from "./password.ts"

export type PasswordAdvice =
    | "longer"
    | "no-common-word"
    | "no-name"
    | "no-date"
    | "no-repeat"
    | "no-sequence"
    | "no-keyboard-row"
    | "no-letter-swaps"

export interface PasswordStrength {
    readonly score: 0 | 1 | 2 | 3 | 4
    /** Null: it may be set. */
    readonly refused: "empty" | "too-long" | "common" | "weak" | null
    readonly advice: readonly PasswordAdvice[]
}

interface Lists {
    readonly zxcvbn: ZxcvbnFactory
    /** Sees words that were mistyped or dressed up, too: a quarter of a second for each look. */
    readonly closer: ZxcvbnFactory
    /** Passwords that everybody tries first, in lower case. */
    readonly common: ReadonlySet<string>
}

const leastScore = 3
/** What is longer is near no word of the lists. */
const longestNearWord = 20

/** `hints`: names and addresses that make a password weak. */
export async function judge(typed: string, hints: readonly string[]): Promise<PasswordStrength> {
    const normalised = normalise(typed)
    if (normalised.kind === "refused") return refusedUnread(normalised.why)
    const { password } = normalised
    const { zxcvbn, closer, common } = await lists()
    // Cosmetic spaces and capitals are the first thing that whoever guesses tries.
    if (common.has(password.trim().toLowerCase())) return { score: 0, refused: "common", advice: ["no-common-word"] }
    const first = zxcvbn.check(password, words(hints))
    const near = first.score >= leastScore && password.length <= longestNearWord
    const { score, sequence } = near ? closer.check(password, words(hints)) : first
    if (score >= leastScore) return { score, refused: null, advice: [] }
    const advice = [...new Set<PasswordAdvice>(["longer", ...sequence.flatMap(adviceOn)])]
    return { score, refused: "weak", advice }
}

function refusedUnread(why: "empty" | "too-long"): PasswordStrength {
    // Too long to be looked at is no judgement about its strength.
    return { score: 0, refused: why, advice: why === "empty" ? ["longer"] : [] }
}

/** Names are used in parts, and addresses before their @. */
function words(hints: readonly string[]): string[] {
    return hints.flatMap((hint) => {
        const text = hint.normalize("NFKC")
        return [text, ...text.split(/[\s@._+-]+/)].filter((word) => word.length > 2)
    })
}

function adviceOn(match: MatchExtended): readonly PasswordAdvice[] {
    switch (match.pattern) {
        case "dictionary":
            return adviceOnWord(match as DictionaryMatch)
        case "spatial":
            return ["no-keyboard-row"]
        case "repeat":
            return ["no-repeat"]
        case "sequence":
        case "wordSequence":
            return ["no-sequence"]
        case "date":
        case "regex":
            return ["no-date"]
        default:
            return []
    }
}

function adviceOnWord({ dictionaryName, l33t, reversed }: DictionaryMatch): readonly PasswordAdvice[] {
    const isName = /names|userInputs/.test(dictionaryName)
    return [isName ? "no-name" : "no-common-word", ...(l33t || reversed ? (["no-letter-swaps"] as const) : [])]
}

let loaded: Promise<Lists> | null = null

/** Two megabytes of words, loaded once, and only where somebody sets a password. */
function lists(): Promise<Lists> {
    loaded ??= load().catch((error: unknown) => {
        loaded = null
        throw error
    })
    return loaded
}

async function load(): Promise<Lists> {
    const [core, everywhere, german, english] = await Promise.all([
        import("@zxcvbn-ts/core"),
        import("@zxcvbn-ts/language-common"),
        import("@zxcvbn-ts/language-de"),
        import("@zxcvbn-ts/language-en"),
    ])
    // German lists have no language in their names; with one, neither language can shadow the other.
    const ofGerman = Object.entries(german.dictionary).map(([name, list]) => [`${name}-de`, list] as const)
    const dictionary = { ...everywhere.dictionary, ...english.dictionary, ...Object.fromEntries(ofGerman) }
    const options = { dictionary, graphs: everywhere.adjacencyGraphs }
    return {
        zxcvbn: new core.ZxcvbnFactory(options),
        closer: new core.ZxcvbnFactory({ ...options, useLevenshteinDistance: true, l33tMaxSubstitutions: 1 }),
        common: new Set(everywhere.dictionary["passwords-common"].map((word) => String(word).toLowerCase())),
    }
}
