/** What Signal says about a chat itself: its update messages as sentences. */
import { lasting } from "../parts/chat.ts"
import { type Fields, fieldsOf, listOf, numberOf, textOf } from "../parts/json.ts"
import type { Recipients } from "./recipients.ts"

export interface Update {
    readonly kind: "system" | "call"
    readonly text: string
}

export function readUpdate(update: Fields, author: string, recipients: Recipients): Update {
    for (const [field, value] of Object.entries(update)) {
        const fields = fieldsOf(value)
        const call = callOf(field, fields)
        if (call !== null) return { kind: "call", text: call }
        if (field === "groupChange") return { kind: "system", text: groupText(fields, recipients) }
        const sentence = sentences.get(field)
        if (sentence !== undefined) return { kind: "system", text: sentence(author, fields) }
        return { kind: "system", text: `${author}: ${worded(field)}` }
    }
    return { kind: "system", text: "" }
}

/** `GROUP_NAME_UPDATE` and `groupNameUpdate` as words: for what this reader does not know yet. */
export const worded = (name: string): string =>
    name
        .replaceAll("_", " ")
        .replace(/([a-z])([A-Z])/g, "$1 $2")
        .toLowerCase()

type Sentence = (who: string, fields: Fields) => string

const sentences: ReadonlyMap<string, Sentence> = new Map<string, Sentence>([
    ["simpleUpdate", (who, fields) => simpleText(who, textOf(fields["type"]))],
    ["expirationTimerChange", (who, fields) => timerText(who, fields)],
    [
        "profileChange",
        (who, { previousName, newName }) => `${textOf(previousName) || who} is now ${textOf(newName) || who}`,
    ],
    ["learnedProfileChange", (who) => `${who} is now known by name`],
    ["threadMerge", (who) => `Two chats with ${who} became one`],
    ["sessionSwitchover", (who) => `${who} has another number`],
    ["pollTerminate", (who, fields) => `${who} ended the poll “${textOf(fields["question"])}”`],
    ["pinMessage", (who) => `${who} pinned a message`],
])

const simple: ReadonlyMap<string, string> = new Map([
    ["JOINED_SIGNAL", "joined Signal"],
    ["IDENTITY_UPDATE", "has a new safety number"],
    ["IDENTITY_VERIFIED", "was marked as verified"],
    ["IDENTITY_DEFAULT", "was marked as not verified"],
    ["CHANGE_NUMBER", "changed the phone number"],
    ["END_SESSION", "reset the secure session"],
    ["CHAT_SESSION_REFRESH", "had the chat session refreshed"],
    ["BAD_DECRYPT", "sent a message that could not be delivered"],
    ["PAYMENTS_ACTIVATED", "can receive payments"],
    ["PAYMENT_ACTIVATION_REQUEST", "asks to activate payments"],
    ["UNSUPPORTED_PROTOCOL_MESSAGE", "sent a message that this version of Signal could not show"],
    ["REPORTED_SPAM", "was reported as spam"],
    ["BLOCKED", "was blocked"],
    ["UNBLOCKED", "is no longer blocked"],
    ["MESSAGE_REQUEST_ACCEPTED", "was accepted"],
])

const simpleText = (who: string, type: string): string => `${who} ${simple.get(type) ?? worded(type)}`.trim()

function timerText(who: string, fields: Fields): string {
    const milliseconds = numberOf(fields["expiresInMs"]) ?? 0
    if (milliseconds <= 0) return `${who} turned off disappearing messages`
    const seconds = milliseconds / 1000
    return `${who} let messages disappear after ${seconds % 86_400 === 0 ? `${seconds / 86_400} d` : lasting(seconds)}`
}

function callOf(field: string, fields: Fields): string | null {
    if (field !== "individualCall" && field !== "groupCall") return null
    const video = textOf(fields["type"]) === "VIDEO_CALL"
    const word = field === "groupCall" ? "group call" : video ? "video call" : "voice call"
    const state = textOf(fields["state"])
    const began = numberOf(fields["startedCallTimestamp"])
    const ended = numberOf(fields["endedCallTimestamp"])
    const length = began !== null && ended !== null && ended > began ? `, ${lasting((ended - began) / 1000)}` : ""
    if (state.startsWith("MISSED")) return `Missed ${word}`
    if (state === "NOT_ACCEPTED") return `Unanswered ${word}`
    if (state === "DECLINED") return `Declined ${word}`
    return `${word.charAt(0).toUpperCase()}${word.slice(1)}${length}`
}

/** Several changes of a group at once are one message. */
function groupText(change: Fields, recipients: Recipients): string {
    const lines = listOf(change["updates"]).flatMap((update) =>
        Object.entries(fieldsOf(update)).map(([field, value]) => {
            const fields = fieldsOf(value)
            const name = (of: string): string => recipients.nameOfService(fields[of]) ?? "Somebody"
            const sentence = groupSentences.get(field)
            return sentence === undefined ? `${name("updaterAci")}: ${worded(field)}` : sentence(name, fields)
        }),
    )
    return lines.join("\n") || "The group was changed"
}

type GroupSentence = (name: (field: string) => string, fields: Fields) => string

const groupSentences: ReadonlyMap<string, GroupSentence> = new Map<string, GroupSentence>([
    ["genericGroupUpdate", (name) => `${name("updaterAci")} changed the group`],
    ["groupCreationUpdate", (name) => `${name("updaterAci")} created the group`],
    [
        "groupNameUpdate",
        (name, { newGroupName }) => `${name("updaterAci")} changed the name to “${textOf(newGroupName)}”`,
    ],
    [
        "groupAvatarUpdate",
        (name, { wasRemoved }) =>
            `${name("updaterAci")} ${wasRemoved === true ? "removed" : "changed"} the group's picture`,
    ],
    [
        "groupDescriptionUpdate",
        (name, { newDescription }) => `${name("updaterAci")} changed the description: ${textOf(newDescription)}`,
    ],
    [
        "groupAdminStatusUpdate",
        (name, fields) =>
            `${name("memberAci")} is ${fields["wasAdminStatusGranted"] === true ? "now" : "no longer"} an admin`,
    ],
    ["groupMemberLeftUpdate", (name) => `${name("aci")} left`],
    ["groupMemberRemovedUpdate", (name) => `${name("removerAci")} removed ${name("removedAci")}`],
    ["selfInvitedToGroupUpdate", (name) => `${name("inviterAci")} invited you`],
    ["groupInvitationAcceptedUpdate", (name) => `${name("newMemberAci")} accepted the invitation`],
    ["groupInvitationDeclinedUpdate", (name) => `${name("inviteeAci")} declined the invitation`],
    ["groupMemberJoinedUpdate", (name) => `${name("newMemberAci")} joined`],
    ["groupMemberJoinedByLinkUpdate", (name) => `${name("newMemberAci")} joined by a link`],
    ["groupMemberAddedUpdate", (name) => `${name("updaterAci")} added ${name("newMemberAci")}`],
    ["groupJoinRequestUpdate", (name) => `${name("requestorAci")} asked to join`],
    ["groupInviteLinkEnabledUpdate", (name) => `${name("updaterAci")} turned on the group's link`],
    ["groupInviteLinkDisabledUpdate", (name) => `${name("updaterAci")} turned off the group's link`],
    ["groupInviteLinkResetUpdate", (name) => `${name("updaterAci")} reset the group's link`],
    ["groupExpirationTimerUpdate", (name, fields) => timerText(name("updaterAci"), fields)],
])
