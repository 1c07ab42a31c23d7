/** Which ways the locked page offers, and which of them first. */

import type { Ways } from "../engine/protocol.ts"

export type WayName = "passkey" | "password" | "device" | "recovery-code"

/** Best first. A device and the code are always there; of a server that does not answer nothing else is known. */
export function offeredWays(ways: Ways | null, passkeysSupported: boolean): readonly WayName[] {
    const offered: WayName[] = []
    if (ways !== null && ways.passkeys.length > 0 && passkeysSupported) offered.push("passkey")
    if (ways?.password.kind === "set" && ways.password.left > 0) offered.push("password")
    return [...offered, "device", "recovery-code"]
}

/** What is shown before anything was chosen: something of one's own, before a second device has to be fetched. */
export function firstWay(offered: readonly WayName[]): WayName {
    return offered.find((way) => way !== "device") ?? "recovery-code"
}
