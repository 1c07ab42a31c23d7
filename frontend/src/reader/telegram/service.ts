/** What Telegram says about a chat itself: its service messages as sentences. */
import { lasting } from "../parts/chat.ts"
import { type Fields, joined, listOf, numberOf, textOf } from "../parts/json.ts"

/** How accounts are shown that are no more: the export has null for their name. */
export const deletedAccount = "Deleted Account"

type Sentence = (who: string, fields: Fields) => string

const members = (fields: Fields): string =>
    listOf(fields["members"])
        .map((name) => textOf(name) || deletedAccount)
        .join(", ")

const named = (fields: Fields, field: string): string => {
    const text = textOf(fields[field])
    return text === "" ? "" : ` “${text}”`
}

/** By the export's own word for each. */
const sentences: ReadonlyMap<string, Sentence> = new Map<string, Sentence>([
    [
        "create_group",
        (who, fields) => joined([`${who} created the group${named(fields, "title")}`, members(fields)], ": "),
    ],
    ["create_channel", (who, fields) => `${who} created the channel${named(fields, "title")}`],
    ["edit_group_title", (who, fields) => `${who} changed the name to${named(fields, "title")}`],
    ["edit_group_photo", (who) => `${who} changed the group's picture`],
    ["delete_group_photo", (who) => `${who} removed the group's picture`],
    ["invite_members", (who, fields) => `${who} added ${members(fields)}`],
    ["remove_members", (who, fields) => removal(who, members(fields))],
    ["join_group_by_link", (who) => `${who} joined by a link`],
    ["join_group_by_request", (who) => `${who} was let in after asking to join`],
    ["migrate_to_supergroup", (who) => `${who} made the group a supergroup`],
    ["migrate_from_group", (who, fields) => `${who} made the group${named(fields, "title")} a supergroup`],
    ["pin_message", (who) => `${who} pinned a message`],
    ["clear_history", (who) => `${who} cleared the history`],
    ["score_in_game", (who, fields) => `${who} scored ${textOf(fields["score"])}`],
    ["take_screenshot", (who) => `${who} took a screenshot`],
    ["joined_telegram", (who) => `${who} joined Telegram`],
    ["requested_phone_number", (who) => `${who} asked for the phone number`],
    ["invite_to_group_call", (who, fields) => `${who} invited ${members(fields)} to the video chat`],
    ["set_messages_ttl", (who, fields) => lifetime(who, numberOf(fields["period"]) ?? 0)],
    ["edit_chat_theme", (who, fields) => `${who} changed the theme${named(fields, "emoticon")}`],
    ["set_chat_wallpaper", (who) => `${who} changed the wallpaper`],
    ["set_same_chat_wallpaper", (who) => `${who} set the same wallpaper`],
    ["topic_created", (who, fields) => `${who} created the topic${named(fields, "title")}`],
    ["topic_edit", (who, fields) => `${who} changed the topic${named(fields, "new_title")}`],
    ["suggest_profile_photo", (who) => `${who} suggested a profile picture`],
    ["send_premium_gift", (who, fields) => `${who} gave Telegram Premium${named(fields, "cost")}`],
    ["boost_apply", (who) => `${who} boosted the group`],
    ["send_payment", (who, fields) => `${who} paid ${textOf(fields["amount"])} ${textOf(fields["currency"])}`],
    ["proximity_reached", (who, fields) => `${who} came close to ${textOf(fields["to"]) || deletedAccount}`],
])

const removal = (who: string, whom: string): string => (who === whom ? `${who} left` : `${who} removed ${whom}`)

const lifetime = (who: string, seconds: number): string =>
    seconds > 0 ? `${who} let messages disappear after ${period(seconds)}` : `${who} no longer lets messages disappear`

const period = (seconds: number): string => (seconds % 86_400 === 0 ? `${seconds / 86_400} d` : lasting(seconds))

const isCall = (action: string): boolean =>
    action === "phone_call" || action === "group_call" || action === "conference_call"

/** Whether the message is about a call, and what is said of it. */
export function serviceOf(fields: Fields): { readonly kind: "call" | "system"; readonly text: string } {
    const action = textOf(fields["action"])
    const who = textOf(fields["actor"]) || textOf(fields["from"]) || (hasActor(fields) ? deletedAccount : "")
    const own = textOf(fields["information_text"])
    if (isCall(action)) return { kind: "call", text: callText(action, fields) }
    const sentence = sentences.get(action)
    if (sentence !== undefined) return { kind: "system", text: sentence(who === "" ? "Somebody" : who, fields).trim() }
    // An action of tomorrow is told in the export's own words.
    const words = [action.replaceAll("_", " "), textOf(fields["title"]), textOf(fields["text"]), own]
    return { kind: "system", text: joined([who, joined(words, " ")], ": ") }
}

const hasActor = (fields: Fields): boolean => textOf(fields["actor_id"]) !== ""

function callText(action: string, fields: Fields): string {
    const word = action === "group_call" ? "Video chat" : "Call"
    const seconds = numberOf(fields["duration_seconds"]) ?? numberOf(fields["duration"])
    if (seconds !== null && seconds > 0) return `${word}, ${lasting(seconds)}`
    switch (textOf(fields["discard_reason"])) {
        case "missed":
            return `Missed ${word.toLowerCase()}`
        case "busy":
            return `Declined ${word.toLowerCase()}`
        case "hangup":
            return `Cancelled ${word.toLowerCase()}`
        default:
            return word
    }
}
