/** Every end of a pairing in words, with the next step: the two devices need different ones. */

import type { PairingEnd } from "../engine/protocol.ts"
import type { Text } from "./text.ts"

/** On the new device. */
export function receivingEnd({ pairing }: Text, why: PairingEnd): string {
    return pairing.ends[why]
}

/** On the device that has the key. `answeredNo`: the person sits before this one. */
export function givingEnd({ pairing }: Text, why: PairingEnd, answeredNo: boolean): string {
    const { ends } = pairing
    switch (why) {
        case "declined":
            return answeredNo ? ends.declinedHere : ends.stopped
        case "wrong-code":
            return ends.wrongCodeGiven
        case "nobody":
            return ends.nobodyGiven
        case "expired":
        case "stopped":
        case "not-a-picture":
        case "taken":
        case "tampered":
        case "network":
            return ends[why]
    }
}
