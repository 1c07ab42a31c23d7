/** While a code is typed one thing is said: the first that can be put right. */

import { beforeAll, expect, test, vi } from "vitest"
import { systemRandom } from "../../src/crypto/random.ts"
import { makeRecoveryCode } from "../../src/keyring/recovery-code.ts"
import { checkRecoveryCode } from "../../src/keyring/typed-code.ts"
import { groupsOf } from "../../src/ui/code-check.ts"
import { findingOf } from "../../src/ui/code-finding.ts"
import { texts } from "../../src/ui/text.ts"

const say = (typed: string) => findingOf(texts.en, "en", checkRecoveryCode(typed))
let groups: string[]

beforeAll(() => {
    groups = [...groupsOf(makeRecoveryCode(systemRandom))]
})

const wrong = (group: string) => group.slice(0, 3) + String((Number(group[3]) + 1) % 10)

test("a whole code is right", () => {
    expect(say(groups.join("-"))).toEqual({ kind: "right", words: "All 16 groups are right." })
})

test("half a code is told how far it is", () => {
    expect(say(groups.slice(0, 7).join(" "))).toEqual({ kind: "typing", words: "7 of 16 groups are right." })
})

test("a typo is named by its group", () => {
    const typed = groups.with(6, wrong(groups[6] ?? ""))
    expect(say(typed.join(" "))).toEqual({ kind: "wrong", words: "Group 7 has a typo." })
})

test("letters are named before all else", () => {
    expect(say(`${groups.join(" ")} O`).words).toContain("“O”")
})

test("swapped groups are told apart from typos", () => {
    const check = vi.fn(() => ({ ...checkRecoveryCode(""), swapped: [[3, 4]] as const }))
    expect(findingOf(texts.de, "de", check())).toEqual({ kind: "wrong", words: "Die Gruppen 3 und 4 sind vertauscht." })
})
