/**
 * Reads WhatsApp's database on Android, `msgstore.db`, of the years in which it has the table `message` (since about 2021).
 *
 * The tables are asked for by what they have: a column that a version lacks is read as null. What a text export has not,
 * stands here: ids, replies, reactions, deletions by whom. Older databases and those of iOS are not read here.
 */

import type { ChatRecord, MediaKind, PartOfExport, Quote, Reaction } from "../conversation.ts"
import { WallClock } from "../parts/clock.ts"
import { mediaKind } from "../whatsapp/attachments.ts"
import { Names } from "./names.ts"
import type { Database, Row } from "./rows.ts"

/** Names of files of the export, by their last part. */
type FileOf = (path: string) => number | null

export interface DatabaseSetting {
    readonly fileOf: FileOf
    /** IANA; whose clock on the wall is shown. Absent: this device's. */
    readonly zone?: string
    /** Names of contacts by their address, out of `wa.db`. */
    readonly contacts: ReadonlyMap<string, string>
}

/** Whether the database is one of these. */
export function isMsgstore(database: Database): boolean {
    return ["message", "chat", "jid"].every((table) => database.columns(table).size > 0)
}

const emptyRaw = { offset: 0, length: 0 }
const longestQuote = 200

export function readMsgstore(database: Database, setting: DatabaseSetting): readonly PartOfExport[] {
    const clock = new WallClock(setting.zone)
    const names = new Names(database, setting.contacts)
    const chats = new Map<number, Draft>()
    const byRow = new Map<number, { readonly draft: Draft; readonly place: number }>()
    for (const row of database.rows(messagesOf(database))) {
        const chat = whole(row["chat"])
        const jid = text(row["chat_jid"])
        if (chat === null || jid === "") continue
        const draft = chats.get(chat) ?? new Draft(jid, text(row["subject"]) || names.of(jid), names)
        chats.set(chat, draft)
        const id = whole(row["id"])
        const place = draft.add(row, clock, setting.fileOf)
        if (id !== null && place !== null) byRow.set(id, { draft, place })
    }
    for (const row of calls(database)) {
        const jid = text(row["chat_jid"])
        const draft = [...chats.values()].find((one) => one.jid === jid)
        draft?.call(row, clock)
    }
    for (const row of reactions(database)) {
        const meant = byRow.get(whole(row["parent"]) ?? -1)
        meant?.draft.react(meant.place, text(row["emoji"]), row)
    }
    return [...chats.values()].filter(({ records }) => records.length > 0).map((draft) => draft.settled())
}

// ---------------------------------------------------------------- one chat

class Draft {
    readonly records: ChatRecord[] = []
    readonly jid: string
    readonly #calls: ChatRecord[] = []
    readonly #title: string
    readonly #names: Names
    readonly #people: string[] = []
    readonly #places = new Map<string, number>()

    constructor(jid: string, title: string, names: Names) {
        this.jid = jid
        this.#title = title
        this.#names = names
    }

    /** The place of the record, or null where the row says nothing to anybody. */
    add(row: Row, clock: WallClock, fileOf: FileOf): number | null {
        const time = whole(row["timestamp"])
        const kind = whole(row["type"]) ?? 0
        if (kind === 11) return null
        const sender = kind === 7 ? null : this.#person(this.#senderOf(row))
        const record: ChatRecord = {
            index: this.records.length,
            kind: "message",
            sender,
            time: clock.read(time) ?? "",
            text: text(row["text"]),
            edited: (whole(row["edited"]) ?? 0) > 0,
            attachment: null,
            raw: emptyRaw,
            ...(text(row["key"]) !== "" && { id: text(row["key"]) }),
            ...((whole(row["forwarded"]) ?? 0) > 0 && { forwarded: true }),
            ...this.#quote(row),
        }
        this.records.push({ ...record, ...contentOf(row, kind, fileOf) })
        return record.index
    }

    react(place: number, emoji: string, row: Row): void {
        const record = this.records[place]
        if (record === undefined || emoji === "") return
        const reaction: Reaction = { emoji, person: this.#person(this.#senderOf(row)) }
        this.records[place] = { ...record, reactions: [...(record.reactions ?? []), reaction] }
    }

    /** How long it took stands behind its picture; the words for it are the page's. */
    call(row: Row, clock: WallClock): void {
        const seconds = whole(row["duration"]) ?? 0
        const took = seconds > 0 ? ` ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}` : ""
        this.#calls.push({
            index: 0,
            kind: "call",
            sender: this.#person(this.#senderOf(row)),
            time: clock.read(whole(row["timestamp"])) ?? "",
            text: `${whole(row["video"]) === 1 ? "📹" : "📞"}${took}`,
            edited: false,
            attachment: null,
            raw: emptyRaw,
            ...(text(row["key"]) !== "" && { id: text(row["key"]) }),
        })
    }

    settled(): PartOfExport {
        return {
            part: this.jid,
            title: this.#title,
            people: this.#people,
            records: withCalls(this.records, this.#calls),
            self: this.#places.has(self) ? this.#names.own : null,
        }
    }

    #senderOf(row: Row): string {
        if (whole(row["from_me"]) === 1) return self
        return text(row["sender_jid"]) || this.jid
    }

    /** Two contacts of one name stay two. */
    #person(jid: string): number {
        const known = this.#places.get(jid)
        if (known !== undefined) return known
        const name = jid === self ? this.#names.own : this.#names.of(jid)
        const distinct = this.#people.includes(name) ? `${name} (${jid.split("@")[0]})` : name
        const place = this.#people.push(distinct) - 1
        this.#places.set(jid, place)
        return place
    }

    #quote(row: Row): { readonly quote?: Quote } {
        const id = text(row["quoted_key"])
        if (id === "") return {}
        const own = whole(row["quoted_from_me"]) === 1
        const jid = own ? self : text(row["quoted_sender_jid"]) || this.jid
        return { quote: { id, sender: this.#person(jid), text: text(row["quoted_text"]).slice(0, longestQuote) } }
    }
}

/** Messages keep their order; each call stands before the first message that is later. */
function withCalls(records: readonly ChatRecord[], calls: readonly ChatRecord[]): readonly ChatRecord[] {
    if (calls.length === 0) return records
    const left = calls.toSorted((one, other) => (one.time < other.time ? -1 : 1))
    const all: ChatRecord[] = []
    for (const record of records) {
        while (left.length > 0 && record.time !== "" && (left[0]?.time ?? "") < record.time)
            all.push(...left.splice(0, 1))
        all.push(record)
    }
    return [...all, ...left].map((record, index) => ({ ...record, index }))
}

/** In place of an address, for who made the backup. */
const self = "self"

const media: ReadonlyMap<number, MediaKind> = new Map([
    [1, "photo"],
    [2, "audio"],
    [3, "video"],
    [9, "document"],
    [13, "gif"],
    [20, "sticker"],
])

function contentOf(row: Row, type: number, fileOf: FileOf): Partial<ChatRecord> {
    const kind = media.get(type)
    if (kind !== undefined) return attached(row, type === 2 && whole(row["origin"]) === 1 ? "voice" : kind, fileOf)
    switch (type) {
        case 4:
        case 14: {
            const name = text(row["media_name"]) || text(row["text"])
            return { attachment: { name: `${name || "Contact"}.vcf`, kind: "contact", file: null } }
        }
        case 5:
        case 16:
        case 30:
            return { kind: "location", text: placeOf(row) }
        case 7:
            return { kind: "system", text: text(row["text"]) || `(${whole(row["action"]) ?? "?"})` }
        case 15:
        case 64:
            return { kind: "deleted", text: "" }
        case 42:
        case 43:
        case 82:
            return { kind: "view-once", text: "" }
        case 10:
        case 90:
            return { kind: "call" }
        case 66:
            return pollOf(row)
        default:
            return {}
    }
}

function attached(row: Row, kind: MediaKind, fileOf: FileOf): Partial<ChatRecord> {
    const path = text(row["file_path"])
    const name = path.slice(path.lastIndexOf("/") + 1) || text(row["media_name"])
    const caption = text(row["caption"]) || text(row["text"])
    if (name === "") return { kind: "omitted", omitted: kind, text: caption }
    const shape = kind === "audio" && mediaKind(name) === "voice" ? "voice" : kind
    return { text: caption, attachment: { name, kind: shape, file: path === "" ? null : fileOf(path) } }
}

function placeOf(row: Row): string {
    const [latitude, longitude] = [row["latitude"], row["longitude"]]
    const name = text(row["place_name"])
    if (typeof latitude !== "number" || typeof longitude !== "number") return name
    const address = `https://maps.google.com/?q=${latitude},${longitude}`
    return name === "" ? address : `${name}: ${address}`
}

function pollOf(row: Row): Partial<ChatRecord> {
    const question = text(row["text"])
    const options = text(row["poll_options"])
        .split("\u001f")
        .filter((option) => option !== "")
        .map((option) => {
            const [name = "", votes = ""] = option.split("\u001e")
            return { text: name, votes: votes === "" ? null : Number(votes) }
        })
    return { kind: "poll", poll: { question, options } }
}

// ---------------------------------------------------------------- what is asked

/** A column where the version has it, else null. */
function messagesOf(database: Database): string {
    const has = (table: string, column: string): boolean => database.columns(table).has(column)
    const column = (table: string, name: string, short: string): string =>
        has(table, name) ? `${short}.${name}` : "null"
    const join = (table: string, short: string, on: string): string =>
        database.columns(table).size > 0 ? `left join ${table} ${short} on ${on}` : ""
    const jidOf = (short: string): string => `coalesce(${short}.raw_string, '')`
    const poll = database.columns("message_poll_option").size > 0
    const votes = has("message_poll_option", "vote_total") ? "coalesce(vote_total, '')" : "''"
    const order = has("message", "sort_id") ? "m.sort_id" : "m._id"
    const alive = (table: string, short: string, name: string): string =>
        database.columns(table).size > 0 ? column(table, name, short) : "null"
    return `
        select m._id id, m.chat_row_id chat, ${jidOf("cj")} chat_jid, ${column("chat", "subject", "c")} subject,
            m.from_me from_me, ${jidOf("sj")} sender_jid, ${column("message", "key_id", "m")} key,
            m.timestamp timestamp, ${column("message", "message_type", "m")} type,
            ${column("message", "text_data", "m")} text, ${column("message", "origin", "m")} origin,
            ${alive("message_forwarded", "f", "forward_score")} forwarded,
            ${alive("message_edit_info", "e", "edited_timestamp")} edited,
            ${alive("message_system", "s", "action_type")} action,
            ${alive("message_media", "mm", "file_path")} file_path, ${alive("message_media", "mm", "media_name")} media_name,
            ${alive("message_media", "mm", "media_caption")} caption,
            ${alive("message_location", "l", "latitude")} latitude, ${alive("message_location", "l", "longitude")} longitude,
            ${alive("message_location", "l", "place_name")} place_name,
            ${alive("message_quoted", "q", "key_id")} quoted_key, ${alive("message_quoted", "q", "from_me")} quoted_from_me,
            ${alive("message_quoted", "q", "text_data")} quoted_text,
            ${has("message_quoted", "sender_jid_row_id") ? jidOf("qj") : "null"} quoted_sender_jid,
            ${poll ? `(select group_concat(option_name || char(30) || ${votes}, char(31)) from message_poll_option where message_row_id = m._id)` : "null"} poll_options
        from message m
            join chat c on c._id = m.chat_row_id
            left join jid cj on cj._id = c.jid_row_id
            left join jid sj on sj._id = m.sender_jid_row_id
            ${join("message_media", "mm", "mm.message_row_id = m._id")}
            ${join("message_location", "l", "l.message_row_id = m._id")}
            ${join("message_quoted", "q", "q.message_row_id = m._id")}
            ${has("message_quoted", "sender_jid_row_id") ? "left join jid qj on qj._id = q.sender_jid_row_id" : ""}
            ${join("message_forwarded", "f", "f.message_row_id = m._id")}
            ${join("message_edit_info", "e", "e.message_row_id = m._id")}
            ${join("message_system", "s", "s.message_row_id = m._id")}
        order by m.chat_row_id, ${order}`
}

function reactions(database: Database): Iterable<Row> {
    if (database.columns("message_add_on_reaction").size === 0 || database.columns("message_add_on").size === 0)
        return []
    return database.rows(`
        select a.parent_message_row_id parent, r.reaction emoji, a.from_me from_me, coalesce(j.raw_string, '') sender_jid
        from message_add_on a
            join message_add_on_reaction r on r.message_add_on_row_id = a._id
            left join jid j on j._id = a.sender_jid_row_id
        order by a._id`)
}

/** A table of their own. */
function calls(database: Database): Iterable<Row> {
    const columns = database.columns("call_log")
    if (!columns.has("jid_row_id") || !columns.has("timestamp")) return []
    const column = (name: string): string => (columns.has(name) ? `l.${name}` : "null")
    return database.rows(`
        select coalesce(j.raw_string, '') chat_jid, coalesce(j.raw_string, '') sender_jid, ${column("from_me")} from_me,
            l.timestamp timestamp, ${column("duration")} duration, ${column("video_call")} video, ${column("call_id")} key
        from call_log l left join jid j on j._id = l.jid_row_id
        order by l.timestamp`)
}

function text(value: unknown): string {
    return typeof value === "string" ? value : ""
}

function whole(value: unknown): number | null {
    if (typeof value === "bigint") return Number(value)
    return typeof value === "number" && Number.isFinite(value) ? Math.trunc(value) : null
}
