/** What is asked of `msgstore.db`. Each version has other tables and columns: what one lacks is read as null. */

import { column, type Database, hasTable, joined, type Row } from "./rows.ts"

/** All messages, in the order in which the app shows them, with what is said beside them. */
export function messagesIn(database: Database): Iterable<Row> {
    const of = (table: string, short: string, name: string): string => column(database, table, short, name)
    const quoted = database.columns("message_quoted").has("sender_jid_row_id")
    const order = database.columns("message").has("sort_id") ? "m.sort_id" : "m._id"
    return database.rows(`
        select m._id row, chat_jid.raw_string chat, ${of("chat", "c", "subject")} subject, m.key_id id,
            m.from_me own, sender_jid.raw_string sender, m.timestamp at, ${of("message", "m", "message_type")} type,
            ${of("message", "m", "text_data")} text, ${of("message", "m", "origin")} origin,
            ${of("message_forwarded", "f", "forward_score")} forwarded,
            ${of("message_edit_info", "e", "edited_timestamp")} edited,
            ${of("message_system", "s", "action_type")} action, ${of("missed_call_logs", "x", "video_call")} missed,
            ${of("message_media", "d", "file_path")} path, ${of("message_media", "d", "media_name")} media_name,
            ${of("message_media", "d", "media_caption")} caption, ${of("message_media", "d", "mime_type")} mime,
            ${of("message_location", "l", "latitude")} latitude, ${of("message_location", "l", "longitude")} longitude,
            ${of("message_location", "l", "place_name")} place, ${of("message_location", "l", "place_address")} address,
            ${of("message_quoted", "q", "key_id")} quoted_id, ${of("message_quoted", "q", "from_me")} quoted_own,
            ${of("message_quoted", "q", "text_data")} quoted_text,
            ${quoted ? "quoted_jid.raw_string" : "null"} quoted_sender
        from message m
            join chat c on c._id = m.chat_row_id
            join jid chat_jid on chat_jid._id = c.jid_row_id
            left join jid sender_jid on sender_jid._id = m.sender_jid_row_id
            ${joined(database, "message_media", "d")}
            ${joined(database, "message_location", "l")}
            ${joined(database, "message_quoted", "q")}
            ${quoted ? "left join jid quoted_jid on quoted_jid._id = q.sender_jid_row_id" : ""}
            ${joined(database, "message_forwarded", "f")}
            ${joined(database, "message_edit_info", "e")}
            ${joined(database, "message_system", "s")}
            ${joined(database, "missed_call_logs", "x")}
        order by ${order}, m._id`)
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
