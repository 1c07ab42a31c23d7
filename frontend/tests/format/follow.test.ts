import { describe, expect, test } from "vitest"
import { type FetchHead, followHead, type RememberedHead } from "../../src/format/follow.ts"
import { alice, aliceChanged } from "../support/cast.ts"
import { readVectors, type Sealed, sealedBytes } from "../support/read-vectors.ts"
import { refusal } from "../support/refused.ts"

interface FollowVector {
    readonly name: string
    readonly remembered: RememberedHead | null
    readonly newest: { readonly sequence: number } & Sealed
    readonly between: Readonly<Record<string, readonly (string | number)[]>>
    readonly expected: string
}

const { follow, followChanged } = readVectors<Record<"follow" | "followChanged", FollowVector[]>>("refusals.json")

/** What the server gives, and a list of what was asked for. */
function server(between: FollowVector["between"]): { readonly fetchHead: FetchHead; readonly asked: number[] } {
    const asked: number[] = []
    const fetchHead: FetchHead = async (sequence) => {
        asked.push(sequence)
        const sealedOf = between[sequence]
        return sealedOf === undefined ? null : sealedBytes({ sealedOf })
    }
    return { fetchHead, asked }
}

describe.each([
    { name: "a device that has seen a head", keys: alice.keys, vectors: follow },
    { name: "a device that was unlocked with a changed key", keys: aliceChanged.keys, vectors: followChanged },
])("$name", ({ keys, vectors }) => {
    const follows = vectors.filter(({ expected }) => expected === "right")
    const refused = vectors.filter(({ expected }) => expected !== "right")

    test.each(follows)("follows: $name", async ({ remembered, newest, between }) => {
        const { fetchHead, asked } = server(between)
        const shown = { sequence: newest.sequence, sealed: sealedBytes(newest) }
        const opened = await followHead(keys, remembered, shown, fetchHead)
        expect(opened.head.sequence).toBe(newest.sequence)
        expect(asked.map(String)).toEqual(Object.keys(between))
    })

    test.each(refused)("refuses: $name ($expected)", async ({ remembered, newest, between, expected }) => {
        const { fetchHead } = server(between)
        const shown = { sequence: newest.sequence, sealed: sealedBytes(newest) }
        expect(await refusal(() => followHead(keys, remembered, shown, fetchHead))).toBe(expected)
    })
})
