/** Makes chats of what the Python library found in a database of iOS or of old Android (`frontend/python/deep_import`). */

import type { MediaKind, PartOfExport } from "../conversation.ts"
import { ChatDraft, type Content, distinctParts, placeText, said, wordless } from "../parts/chat.ts"
import { WallClock } from "../parts/clock.ts"
import { kindOf } from "../parts/files.ts"
import { type Fields, fieldsOf, listOf, numberOf, textOf } from "../parts/json.ts"
import { MediaFiles } from "./media.ts"
import { Names, ownKey, ownName } from "./names.ts"

export interface DeepSetting {
    readonly fileNames: readonly string[]
    /** Where the database stands among them. */
    readonly from: number
    /** IANA: whose clock on the wall is shown. Absent: this device's. */
    readonly zone?: string
}

/** What a message is, by its number: both systems have their own. */
interface Kinds {
    readonly media: ReadonlyMap<number, MediaKind>
    readonly deleted: number
    readonly once: ReadonlySet<number>
    readonly calls: ReadonlySet<number>
    readonly contacts: ReadonlySet<number>
    /** The app's own notes; without words nothing is known of them. */
    readonly notices: ReadonlySet<number>
}

const android: Kinds = {
    media: new Map([
        [1, "photo"],
        [2, "audio"],
        [3, "video"],
        [9, "document"],
        [13, "gif"],
        [20, "sticker"],
    ]),
    deleted: 15,
    once: new Set([42, 43]),
    calls: new Set([8, 10]),
    contacts: new Set([4, 14]),
    notices: new Set(),
}

const ios: Kinds = {
    media: new Map([
        [1, "photo"],
        [2, "video"],
        [3, "voice"],
        [8, "document"],
        [11, "gif"],
        [15, "sticker"],
    ]),
    deleted: 14,
    once: new Set([38, 39]),
    calls: new Set([59]),
    contacts: new Set([4]),
    notices: new Set([6, 10]),
}

/** The chat of calls that belong to none. */
const calls = "calls"
const nowhere = { offset: 0, length: 0 } as const

export function readDeep(found: unknown, { fileNames, from, zone }: DeepSetting): readonly PartOfExport[] {
    const fields = fieldsOf(found)
    const kinds = fields["source"] === "ios" ? ios : android
    const contacts = new Map(Object.entries(fieldsOf(fields["contacts"])).map(([jid, name]) => [jid, textOf(name)]))
    const setting = {
        kinds,
        names: new Names(contacts, new Map()),
        clock: new WallClock(zone),
        files: new MediaFiles(fileNames, from),
    }
    const byChat = callsByChat(fields["calls"])
    const parts = listOf(fields["chats"]).map((value) => {
        const chat = fieldsOf(value)
        const jid = textOf(chat["jid"])
        const called = byChat.get(jid) ?? []
        byChat.delete(jid)
        return readChat(jid, textOf(chat["name"]), inOrder(listOf(chat["messages"]), called), setting)
    })
    for (const [jid, called] of byChat)
        parts.push(readChat(jid, jid === calls ? "Calls" : "", inOrder([], called), setting))
    return distinctParts(parts.filter(({ records }) => records.length > 0))
}

interface Entry {
    readonly fields: Fields
    readonly call: boolean
}

function callsByChat(value: unknown): Map<string, Entry[]> {
    const found = new Map<string, Entry[]>()
    for (const each of listOf(value)) {
        const fields = fieldsOf(each)
        const jid = textOf(fields["chat"]) || calls
        found.set(jid, [...(found.get(jid) ?? []), { fields, call: true }])
    }
    return found
}

/** Messages keep their order; calls stand where their moment is. */
function inOrder(messages: readonly unknown[], called: readonly Entry[]): readonly Entry[] {
    const all = messages.map((value): Entry => ({ fields: fieldsOf(value), call: false }))
    const at = ({ fields }: Entry): number => numberOf(fields["at"]) ?? 0
    return called.length === 0 ? all : [...all, ...called].sort((one, other) => at(one) - at(other))
}

interface Reading {
    readonly kinds: Kinds
    readonly names: Names
    readonly clock: WallClock
    readonly files: MediaFiles
}

function readChat(jid: string, name: string, entries: readonly Entry[], reading: Reading): PartOfExport {
    const { names, clock } = reading
    const draft = new ChatDraft()
    const person = (fields: Fields): number => {
        if (fields["own"] === true) return draft.crowd.index(ownKey, ownName)
        const other = textOf(fields["sender"]) || (jid.endsWith("@g.us") ? "" : jid)
        return other === "" || other === calls ? draft.crowd.nameless() : draft.crowd.index(other, names.of(other))
    }
    for (const { fields, call } of entries) {
        const content = call ? wordless("call", textOf(fields["text"])) : contentOf(fields, reading)
        if (content === null) continue
        const quote = fieldsOf(fields["quote"])
        const answered = textOf(quote["id"])
        draft.add({
            ...content,
            sender: content.kind === "system" ? null : person(fields),
            time: clock.read(numberOf(fields["at"])),
            raw: nowhere,
            id: textOf(fields["id"]),
            edited: false,
            forwarded: false,
            reactions: [],
            answers: answered === "" ? null : { id: answered, sender: null, text: textOf(quote["text"]) },
        })
    }
    return draft.settle(name || names.of(jid), jid, ownKey, names.of(jid))
}

/** Null: nothing is known of it. */
function contentOf(fields: Fields, { kinds, files }: Reading): Content | null {
    const type = numberOf(fields["type"]) ?? 0
    const text = textOf(fields["text"])
    if (fields["said"] === "gone" || type === kinds.deleted) return wordless("deleted")
    if (kinds.once.has(type)) return wordless("view-once")
    const [latitude, longitude] = listOf(fields["place"]).map(numberOf)
    if (typeof latitude === "number" && typeof longitude === "number")
        return wordless("location", placeText(textOf(fields["name"]) || text, latitude, longitude))
    if (kinds.notices.has(type)) return text === "" ? null : wordless("system", text)
    if (fields["said"] === "system") return wordless(kinds.calls.has(type) || missed(text) ? "call" : "system", text)
    const [path, name] = [textOf(fields["path"]), textOf(fields["name"])]
    if (kinds.contacts.has(type)) return said("", cardsOf(name, text))
    const kind = kinds.media.get(type) ?? (path === "" ? null : kindOf(textOf(fields["mime"]), path))
    if (kind === null) return type === 0 || text !== "" ? said(text) : wordless("omitted")
    // Below a picture the title is what was said with it; of a document it is the name.
    const caption = kind === "document" ? text : text || textOf(fields["caption"]) || (kinds === ios ? name : "")
    const voice = kind === "audio" && /(?:^|\/)PTT-|\.opus$/i.test(path || name) ? "voice" : kind
    return said(caption, [files.read(path, kind === "document" || kinds === android ? name : "", voice)])
}

/** The library's own sentence; it stands in the chat like one of the app's. */
const missed = (text: string): boolean => /^A (?:voice|video) call was missed$/.test(text)

/** iOS joins the names of several contacts. */
function cardsOf(name: string, text: string) {
    const names = (name || text).split("_$!<Name-Separator>!$_")
    // Of several, the first is what the bundle is called.
    const shown = names.length > 1 ? names.slice(1) : names
    return shown.map((each) => ({ name: `${each || "Contact"}.vcf`, kind: "contact" as const, file: null }))
}
