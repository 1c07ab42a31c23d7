/** What is asked of `msgstore.db`. Each version has other tables and columns: what one lacks is read as null. */

import { column, type Database, hasTable, type Row } from "./rows.ts"

/**
 * All messages, in the order in which the app shows them. Few columns, and no joins: hundreds of thousands of rows are read
 * here, and what only some of them have is asked for by itself.
 */
export function messagesIn(database: Database): Iterable<Row> {
    const of = (name: string): string => column(database, "message", "m", name)
    const order = database.columns("message").has("sort_id") ? "m.sort_id, m._id" : "m._id"
    return database.rows(`
        select m._id row, m.chat_row_id chat, m.key_id id, m.from_me own, ${of("sender_jid_row_id")} sender,
            m.timestamp at, ${of("message_type")} type, ${of("text_data")} text, ${of("origin")} origin
        from message m order by ${order}`)
}

/** Addresses by their number. */
export function addressesIn(database: Database): ReadonlyMap<unknown, string> {
    const found = new Map<unknown, string>()
    for (const { row, jid } of database.rows("select _id row, raw_string jid from jid"))
        if (typeof jid === "string") found.set(row, jid)
    return found
}

export function chatsIn(database: Database): ReadonlyMap<unknown, Row> {
    const subject = column(database, "chat", "c", "subject")
    const found = new Map<unknown, Row>()
    for (const row of database.rows(`select c._id row, c.jid_row_id jid, ${subject} subject from chat c`))
        found.set(row["row"], row)
    return found
}

/** What tables of their own say about some messages: one row for each, with a name for every column. */
const details: ReadonlyMap<string, Readonly<Record<string, string>>> = new Map([
    ["message_media", { path: "file_path", media_name: "media_name", caption: "media_caption", mime: "mime_type" }],
    [
        "message_location",
        { latitude: "latitude", longitude: "longitude", place: "place_name", address: "place_address" },
    ],
    [
        "message_quoted",
        { quoted_id: "key_id", quoted_own: "from_me", quoted_text: "text_data", quoted_sender: "sender_jid_row_id" },
    ],
    ["message_forwarded", { forwarded: "forward_score" }],
    ["message_edit_info", { edited: "edited_timestamp" }],
    ["message_system", { action: "action_type" }],
    ["missed_call_logs", { missed: "video_call" }],
])

/** By message. */
export function detailsIn(database: Database): ReadonlyMap<unknown, Row> {
    const found = new Map<unknown, { [name: string]: unknown }>()
    for (const [table, columns] of details) {
        if (!database.columns(table).has("message_row_id")) continue
        const named = Object.entries(columns).map(([name, of]) => `${column(database, table, "d", of)} ${name}`)
        for (const row of database.rows(`select d.message_row_id message, ${named.join(", ")} from ${table} d`)) {
            const before = found.get(row["message"])
            if (before === undefined) found.set(row["message"], { ...row })
            else Object.assign(before, row)
        }
    }
    return found
}

/** Rows that may be several for one message, by its number. */
export function byMessage(rows: Iterable<Row>): ReadonlyMap<unknown, readonly Row[]> {
    const found = new Map<unknown, Row[]>()
    for (const row of rows) {
        const before = found.get(row["message"])
        if (before === undefined) found.set(row["message"], [row])
        else before.push(row)
    }
    return found
}

export function reactionsIn(database: Database): Iterable<Row> {
    if (!hasTable(database, "message_add_on") || !hasTable(database, "message_add_on_reaction")) return []
    return database.rows(`
        select a.parent_message_row_id message, r.reaction emoji, a.from_me own, j.raw_string sender
        from message_add_on a
            join message_add_on_reaction r on r.message_add_on_row_id = a._id
            left join jid j on j._id = a.sender_jid_row_id
        order by a._id`)
}

export function cardsIn(database: Database): Iterable<Row> {
    if (!database.columns("message_vcard").has("vcard")) return []
    return database.rows("select message_row_id message, vcard from message_vcard order by _id")
}

export function optionsIn(database: Database): Iterable<Row> {
    if (!database.columns("message_poll_option").has("option_name")) return []
    const votes = column(database, "message_poll_option", "o", "vote_total")
    return database.rows(
        `select o.message_row_id message, o.option_name text, ${votes} votes from message_poll_option o order by o._id`,
    )
}

/** To whom a notice about the chat refers. */
export function affectedIn(database: Database): Iterable<Row> {
    if (!database.columns("message_system_chat_participant").has("user_jid_row_id")) return []
    return database.rows(`
        select p.message_row_id message, j.raw_string person
        from message_system_chat_participant p join jid j on j._id = p.user_jid_row_id`)
}

export function callsIn(database: Database): Iterable<Row> {
    const columns = database.columns("call_log")
    if (!columns.has("jid_row_id") || !columns.has("timestamp")) return []
    const of = (name: string): string => column(database, "call_log", "l", name)
    const group = columns.has("group_jid_row_id")
    return database.rows(`
        select j.raw_string sender, ${group ? "g.raw_string" : "null"} group_chat, ${of("call_id")} id,
            l.timestamp at, ${of("from_me")} own, ${of("video_call")} video, ${of("duration")} seconds,
            ${of("call_result")} result
        from call_log l
            join jid j on j._id = l.jid_row_id
            ${group ? "left join jid g on g._id = l.group_jid_row_id" : ""}
        order by l.timestamp, l._id`)
}

export function countOf(database: Database, table: string): number {
    if (!hasTable(database, table)) return 0
    for (const { count } of database.rows(`select count(*) count from ${table}`)) return Number(count)
    return 0
}
