/** One `chatItem` of Signal: from its JSON object to what is shown. */
import type { MediaKind, Raw, Reaction } from "../conversation.ts"
import { type Answer, type ChatDraft, type Content, type SentFile, said, wordless } from "../parts/chat.ts"
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
    const own = isFields(item["outgoing"]) ? recipients.selfId : null
    const author = own ?? textOf(item["authorId"])
    const person = (id: string): number | null => (id === "" ? null : chat.crowd.index(id, recipients.name(id)))
    const { body, content } = contentOf(item, recipients.name(author), setting)
    // Authors are numbered anew in each export: the moment alone names a message in every one.
    const id = textOf(item["dateSent"])
    chat.add({
        kind: content.kind,
        sender: content.kind === "system" ? null : (person(author) ?? chat.crowd.nameless()),
        time: clock.read(numberOf(id)),
        text: content.text,
        raw,
        id,
        edited: listOf(item["revisions"]).length > 0,
        forwarded: false,
        files: content.files,
        poll: content.poll,
        reactions: reactionsOf(body, person),
        answers: answerOf(body, person, setting),
    })
}

type Reader = (body: Fields, setting: Setting) => Content

/** A chat item holds one body; its name says what it is. */
const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
    ["standardMessage", standard],
    ["contactMessage", (body) => said(cardOf(fieldsOf(body["contact"])))],
    ["stickerMessage", sticker],
    ["remoteDeletedMessage", () => wordless("deleted")],
    ["adminDeletedMessage", () => wordless("deleted")],
    ["viewOnceMessage", () => wordless("view-once")],
    ["paymentNotification", (body) => said(paymentOf(body))],
    ["giftBadge", () => said("Gift badge")],
    ["directStoryReplyMessage", storyReply],
    ["poll", pollOf],
])

function contentOf(
    item: Fields,
    author: string,
    setting: Setting,
): { readonly content: Content; readonly body: Fields } {
    for (const field in item) {
        const body = item[field]
        if (!isFields(body)) continue
        if (field === "updateMessage") {
            const { kind, text } = readUpdate(body, author, setting.recipients)
            return { content: wordless(kind, text), body }
        }
        const read = readers.get(field)
        if (read !== undefined) return { content: read(body, setting), body }
    }
    // A body of tomorrow: what is said of it is at least its name.
    const field = Object.keys(item).find((name) => isFields(item[name]) && !details.has(name)) ?? ""
    return { content: wordless("omitted", worded(field)), body: fieldsOf(null) }
}

const details: ReadonlySet<string> = new Set(["incoming", "outgoing", "directionless", "pinDetails"])

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

function standard(body: Fields, { recipients, files }: Setting): Content {
    const attachments = listOf(body["attachments"]).map((value) => {
        const attachment = fieldsOf(value)
        const kind = flags.get(textOf(attachment["flag"])) ?? null
        return files.read(fieldsOf(attachment["pointer"]), kind, attachment["wasDownloaded"] === true)
    })
    const text = textIn(body["text"], recipients)
    return said(text, [...attachments, ...longText(body, files)])
}

/** What is too long for a message travels as a file of its own. */
const longText = (body: Fields, files: SignalFiles): SentFile[] =>
    isFields(body["longText"]) ? [files.read(body["longText"], "document", true)] : []

function sticker(body: Fields, { files }: Setting): Content {
    const fields = fieldsOf(body["sticker"])
    const file = files.read(fieldsOf(fields["data"]), "sticker", true)
    const absent = "omitted" in file || file.file === null
    return said(absent ? textOf(fields["emoji"]) : "", [file])
}

function storyReply(body: Fields, { recipients, files }: Setting): Content {
    const reply = fieldsOf(body["textReply"])
    const text = textIn(reply["text"], recipients) || textOf(body["emoji"])
    return said(text, longText(reply, files))
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

function pollOf(body: Fields): Content {
    const question = textOf(body["question"])
    const options = listOf(body["options"]).map((value) => {
        const option = fieldsOf(value)
        return { text: textOf(option["option"]), votes: listOf(option["votes"]).length }
    })
    return { ...wordless("poll", question), poll: { question, options } }
}

const reactionsOf = (body: Fields, person: (id: string) => number | null): Reaction[] =>
    listOf(body["reactions"]).map((value) => {
        const reaction = fieldsOf(value)
        return { emoji: textOf(reaction["emoji"]), person: person(textOf(reaction["authorId"])) }
    })

function answerOf(body: Fields, person: (id: string) => number | null, { recipients }: Setting): Answer | null {
    const quote = body["quote"]
    if (!isFields(quote)) return null
    const id = textOf(quote["targetSentTimestamp"])
    return { id, sender: person(textOf(quote["authorId"])), text: textIn(quote["text"], recipients) }
}
