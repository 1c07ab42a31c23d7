/** One `chatItem` of Signal: from its JSON object to what is shown. */
import type { MediaKind, Poll, Raw, Reaction } from "../conversation.ts"
import type { Answer, ChatDraft, Message, SentFile } from "../parts/chat.ts"
import type { WallClock } from "../parts/clock.ts"
import { type Fields, fieldsOf, isFields, joined, listOf, numberOf, textOf } from "../parts/json.ts"
import type { SignalFiles } from "./media.ts"
import type { Recipients } from "./recipients.ts"
import { readUpdate, worded } from "./updates.ts"

export interface Setting {
    readonly recipients: Recipients
    readonly files: SignalFiles
    readonly clock: WallClock
}

export function readItem(chat: ChatDraft, item: Fields, raw: Raw, setting: Setting): void {
    const { recipients, clock } = setting
    const author = isFields(item["outgoing"])
        ? (recipients.selfId ?? textOf(item["authorId"]))
        : textOf(item["authorId"])
    const sent = textOf(item["dateSent"])
    const base = {
        raw,
        time: clock.read(numberOf(sent)),
        // An author's number holds for one export only: the moment alone is the same in every one.
        ...(sent === "" ? {} : { id: sent, key: keyOf(sent, author) }),
        edited: listOf(item["revisions"]).length > 0,
    }
    const person = (id: string): number | null => (id === "" ? null : chat.crowd.index(id, recipients.name(id)))
    const update = item["updateMessage"]
    if (isFields(update)) {
        const { kind, text } = readUpdate(update, recipients.name(author), recipients)
        chat.add({ ...base, kind, text, sender: kind === "call" ? person(author) : null })
        return
    }
    const sender = person(author)
    const { body, ...content } = contentOf(item, setting)
    chat.add({ ...base, ...content, sender, reactions: reactionsOf(body, person), ...answerOf(body, person, setting) })
}

const keyOf = (sent: string, author: string): string => `${sent}/${author}`

type Content = Pick<Message, "kind" | "text" | "files" | "poll"> & { readonly body: Fields }
type Reader = (body: Fields, setting: Setting) => Pick<Message, "kind" | "text" | "files" | "poll">

const said = (text: string): ReturnType<Reader> => ({ kind: "message", text })

/** A chat item holds one body; its name says what it is. */
const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
    ["standardMessage", standard],
    ["contactMessage", (body) => said(cardOf(fieldsOf(body["contact"])))],
    ["stickerMessage", sticker],
    ["remoteDeletedMessage", () => ({ kind: "deleted", text: "" })],
    ["adminDeletedMessage", () => ({ kind: "deleted", text: "" })],
    ["viewOnceMessage", () => ({ kind: "view-once", text: "" })],
    ["paymentNotification", (body) => said(paymentOf(body))],
    ["giftBadge", () => said("Gift badge")],
    ["directStoryReplyMessage", storyReply],
    ["poll", pollOf],
])

function contentOf(item: Fields, setting: Setting): Content {
    for (const [field, read] of readers) {
        const body = item[field]
        if (isFields(body)) return { ...read(body, setting), body }
    }
    // A body of tomorrow: what is said of it is at least its name.
    const known = new Set(["incoming", "outgoing", "directionless", "pinDetails"])
    const field = Object.keys(item).find((name) => isFields(item[name]) && !known.has(name)) ?? ""
    return { kind: "omitted", text: worded(field), body: fieldsOf(null) }
}

/** A mention stands as U+FFFC in the text; whom it means is told beside it. */
function textIn(value: unknown, recipients: Recipients): string {
    const fields = fieldsOf(value)
    const text = textOf(fields["body"])
    if (!text.includes("\ufffc")) return text
    const names = new Map<number, string>()
    for (const range of listOf(fields["bodyRanges"]).map(fieldsOf)) {
        const name = recipients.nameOfService(range["mentionAci"])
        if (name !== null) names.set(numberOf(range["start"]) ?? 0, name)
    }
    return text.replace(/\ufffc/g, (_, place: number) => `@${names.get(place) ?? ""}`)
}

const flags: ReadonlyMap<string, MediaKind> = new Map([
    ["VOICE_MESSAGE", "voice"],
    ["GIF", "gif"],
    ["BORDERLESS", "sticker"],
])

function standard(body: Fields, { recipients, files }: Setting): ReturnType<Reader> {
    const attachments = listOf(body["attachments"]).map((value) => {
        const attachment = fieldsOf(value)
        const kind = flags.get(textOf(attachment["flag"])) ?? null
        return files.read(fieldsOf(attachment["pointer"]), kind, attachment["wasDownloaded"] === true)
    })
    const text = textIn(body["text"], recipients)
    return { kind: "message", text, files: [...attachments, ...longText(body, files)] }
}

/** What is too long for a message travels as a file of its own. */
const longText = (body: Fields, files: SignalFiles): SentFile[] =>
    isFields(body["longText"]) ? [files.read(body["longText"], "document", true)] : []

function sticker(body: Fields, { files }: Setting): ReturnType<Reader> {
    const fields = fieldsOf(body["sticker"])
    const file = files.read(fieldsOf(fields["data"]), "sticker", true)
    const absent = "omitted" in file || file.file === null
    return { kind: "message", text: absent ? textOf(fields["emoji"]) : "", files: [file] }
}

function storyReply(body: Fields, { recipients, files }: Setting): ReturnType<Reader> {
    const reply = fieldsOf(body["textReply"])
    const text = textIn(reply["text"], recipients) || textOf(body["emoji"])
    return { kind: "message", text, files: longText(reply, files) }
}

function cardOf(contact: Fields): string {
    const name = fieldsOf(contact["name"])
    const parts = ["prefix", "givenName", "middleName", "familyName", "suffix"].map((part) => textOf(name[part]))
    const values = [...listOf(contact["number"]), ...listOf(contact["email"])].map((each) =>
        textOf(fieldsOf(each)["value"]),
    )
    const places = listOf(contact["address"]).map((each) => {
        const fields = fieldsOf(each)
        return joined(
            ["street", "postcode", "city", "country"].map((part) => textOf(fields[part])),
            ", ",
        )
    })
    const shown = joined(parts, " ") || textOf(name["nickname"])
    return joined([shown, textOf(contact["organization"]), ...values, ...places], "\n")
}

function paymentOf(body: Fields): string {
    const amount = textOf(body["amountMob"])
    return joined([amount === "" ? "Payment" : `Payment: ${amount} MOB`, textOf(body["note"])], "\n")
}

function pollOf(body: Fields): { readonly kind: "poll"; readonly text: string; readonly poll: Poll } {
    const question = textOf(body["question"])
    const options = listOf(body["options"]).map((value) => {
        const option = fieldsOf(value)
        return { text: textOf(option["option"]), votes: listOf(option["votes"]).length }
    })
    return { kind: "poll", text: question, poll: { question, options } }
}

const reactionsOf = (body: Fields, person: (id: string) => number | null): Reaction[] =>
    listOf(body["reactions"]).map((value) => {
        const reaction = fieldsOf(value)
        return { emoji: textOf(reaction["emoji"]), person: person(textOf(reaction["authorId"])) }
    })

function answerOf(
    body: Fields,
    person: (id: string) => number | null,
    { recipients }: Setting,
): { readonly answers?: Answer } {
    const quote = body["quote"]
    if (!isFields(quote)) return {}
    const author = textOf(quote["authorId"])
    const sent = textOf(quote["targetSentTimestamp"])
    return {
        answers: { key: keyOf(sent, author), sender: person(author), text: textIn(quote["text"], recipients) },
    }
}
