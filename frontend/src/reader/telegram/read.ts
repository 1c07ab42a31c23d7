/**
 * Reads `result.json` of Telegram Desktop: one chat, or all chats of an account.
 *
 * One walk through the text: the members of a chat are taken in whatever order they come, and each message is parsed by
 * itself. The part of a chat is what messages call it (`user42`, `channel7`): bare numbers are given out once for people
 * and once more for groups.
 */
import type { PartOfExport } from "../conversation.ts"
import { ChatDraft } from "../parts/chat.ts"
import { WallClock } from "../parts/clock.ts"
import { ExportFiles } from "../parts/files.ts"
import { isFields, joined, numberOf, textOf } from "../parts/json.ts"
import { JsonText, parse, unread } from "../parts/scan.ts"
import { readMessage, type Setting } from "./message.ts"
import { deletedAccount } from "./service.ts"

interface ChatRead {
    readonly draft: ChatDraft
    readonly name: string
    readonly type: string
    readonly id: string
}

export function readTelegram(
    fileNames: readonly string[],
    texts: ReadonlyMap<number, string>,
    zone?: string,
): PartOfExport[] {
    const files = new ExportFiles(fileNames)
    const clock = new WallClock(zone)
    return [...texts].flatMap(([file, text]) => readText(new JsonText(text), { files, clock, file }))
}

/** Chats lie at the top, or in the lists of `chats` and `left_chats`. */
function readText(json: JsonText, setting: Setting): PartOfExport[] {
    const top = json.skip(0)
    if (!json.isObject(top)) return []
    const chats: ChatRead[] = []
    let owner = ""
    const alone = readChat(json, top, setting, (key, at) => {
        if (key === "personal_information") owner = ownerOf(json, at)
        if ((key !== "chats" && key !== "left_chats") || !json.isObject(at)) return unread
        return json.eachMember(at, (inner, list) =>
            inner === "list" && json.isArray(list)
                ? json.eachElement(list, (chat) => {
                      if (!json.isObject(chat)) return unread
                      const { read, end } = readChat(json, chat, setting, () => unread)
                      chats.push(read)
                      return end
                  })
                : unread,
        )
    })
    return [alone.read, ...chats].filter(({ draft }) => !draft.isEmpty).map((chat) => settle(chat, owner))
}

/** The members of an object that is a chat, or that holds chats: `other` is asked about what no chat has. */
function readChat(
    json: JsonText,
    at: number,
    setting: Setting,
    other: (key: string, at: number) => number,
): { readonly read: ChatRead; readonly end: number } {
    const draft = new ChatDraft()
    const { text } = json
    const scalars = new Map<string, string>()
    const end = json.eachMember(at, (key, value) => {
        if (key === "messages" && json.isArray(value)) return readMessages(json, value, draft, setting)
        if (key !== "name" && key !== "type" && key !== "id") return other(key, value)
        const last = json.endOfValue(value)
        scalars.set(key, textOf(parse(text.slice(value, last))))
        return last
    })
    const scalar = (key: string): string => scalars.get(key) ?? ""
    return { read: { draft, name: scalar("name"), type: scalar("type"), id: scalar("id") }, end }
}

const readMessages = (json: JsonText, at: number, draft: ChatDraft, setting: Setting): number =>
    json.parseElements(at, (value, offset, length) => {
        const raw = { file: setting.file, offset, length }
        if (isFields(value)) readMessage(draft, value, raw, setting)
        else draft.addBroken(json.text, raw)
    })

function ownerOf(json: JsonText, at: number): string {
    const value = parse(json.text.slice(at, json.endOfValue(at)))
    const id = isFields(value) ? numberOf(value["user_id"]) : null
    return id === null ? "" : `user${id}`
}

const people = /^(?:personal_chat|bot_chat|saved_messages|replies|verify_codes)$/

function settle({ draft, name, type, id }: ChatRead, owner: string): PartOfExport {
    const kind = people.test(type) ? "user" : type === "private_group" ? "chat" : type === "" ? "" : "channel"
    const title = name || titles.get(type) || deletedAccount
    const part = id === "" ? joined([kind, name], " ") || "chat" : `${kind}${id}`
    // Posts of a channel may have no name of their own.
    if (kind === "channel" && draft.crowd.placeOf("") !== null) draft.crowd.index("", title)
    return draft.settle(title, part, selfOf(draft, type, `user${id}`, owner), deletedAccount)
}

/** Chats that have no name of their own. */
const titles: ReadonlyMap<string, string> = new Map([
    ["saved_messages", "Saved Messages"],
    ["replies", "Replies"],
])

/**
 * Whose export it is: an account's says so; saved messages are one's own; and between two people it is the one after
 * whom the chat is not called.
 */
function selfOf({ crowd }: ChatDraft, type: string, partner: string, owner: string): string | null {
    if (owner !== "") return owner
    if (type === "saved_messages") return partner
    if (type !== "personal_chat" && type !== "bot_chat") return null
    const users = crowd.keys.filter((key) => key !== partner)
    const [only] = users
    return users.length === 1 && only?.startsWith("user") === true && crowd.placeOf(partner) !== null ? only : null
}
