/** The locked page offers what this library has, and first what costs least. */

import { expect, test } from "vitest"
import { firstWay, offeredWays } from "../../src/ui/unlock-ways.ts"
import { erasedPassword, passkeyWay, setPassword, someWays } from "./some-ways.ts"

const all = someWays({ password: setPassword(), passkeys: [passkeyWay("c")] })

test("passkey, password, device, code: best first", () => {
    expect(offeredWays(all, true)).toEqual(["passkey", "password", "device", "recovery-code"])
    expect(firstWay(offeredWays(all, true))).toBe("passkey")
})

test("a browser without passkeys is offered none", () => {
    expect(offeredWays(all, false)).toEqual(["password", "device", "recovery-code"])
})

test.each([
    ["none was set", { kind: "none" }],
    ["it was erased", erasedPassword],
    ["the vault does not answer", { kind: "unavailable", why: "network" }],
    ["no guess is left", { ...setPassword(), left: 0 }],
] as const)("no password is asked for when %s", (_, password) => {
    expect(offeredWays(someWays({ password }), true)).toEqual(["device", "recovery-code"])
})

test("a device and the code are offered even when the server does not answer", () => {
    expect(offeredWays(null, true)).toEqual(["device", "recovery-code"])
})

test("nobody has to fetch a second device before being asked for the code", () => {
    expect(firstWay(offeredWays(null, true))).toBe("recovery-code")
})
