/** Databases as WhatsApp's apps keep them, with the few columns that readers ask for; made anew by SQLite itself. */

import start from "@sqlite.org/sqlite-wasm"
import type { Bytes } from "../../src/bytes/bytes.ts"

export async function makeDatabase(...statements: readonly string[]): Promise<Bytes> {
    const sqlite = await start()
    const database = new sqlite.oo1.DB()
    for (const statement of statements) database.exec(statement)
    const bytes = sqlite.capi.sqlite3_js_db_export(database)
    database.close()
    return new Uint8Array(bytes)
}

const schema = `
create table jid (_id integer primary key, user text, server text, raw_string text);
create table chat (_id integer primary key, jid_row_id integer, subject text);
create table message (_id integer primary key, chat_row_id integer, from_me integer, key_id text, sender_jid_row_id integer,
    timestamp integer, message_type integer, text_data text, sort_id integer, origin integer);
create table message_media (message_row_id integer primary key, file_path text, media_name text, media_caption text);
create table message_location (message_row_id integer primary key, latitude real, longitude real, place_name text);
create table message_quoted (message_row_id integer primary key, key_id text, from_me integer, sender_jid_row_id integer, text_data text);
create table message_forwarded (message_row_id integer primary key, forward_score integer);
create table message_edit_info (message_row_id integer primary key, edited_timestamp integer);
create table message_system (message_row_id integer primary key, action_type integer);
create table message_add_on (_id integer primary key, parent_message_row_id integer, from_me integer, sender_jid_row_id integer);
create table message_add_on_reaction (message_add_on_row_id integer primary key, reaction text);
create table message_poll_option (_id integer primary key, message_row_id integer, option_name text, vote_total integer);
create table call_log (_id integer primary key, jid_row_id integer, from_me integer, call_id text, timestamp integer,
    video_call integer, duration integer);
create table jid_map (lid_row_id integer, jid_row_id integer);
create table props (key text, value text);
insert into props values ('user_push_name', 'Anna');
`

/** 19 September 2026, 08:00 UTC, and so many minutes. */
const at = (minutes: number): number => Date.UTC(2026, 8, 19, 8, minutes)

/** A chat with Ben, in which everything occurs once, and a group whose member is hidden behind another address. */
export function msgstore(): Promise<Bytes> {
    return makeDatabase(
        schema,
        `insert into jid values (1, '491760406901', 's.whatsapp.net', '491760406901@s.whatsapp.net'),
            (2, '12036302', 'g.us', '12036302@g.us'), (3, '99887766', 'lid', '99887766@lid'),
            (4, '491760406902', 's.whatsapp.net', '491760406902@s.whatsapp.net')`,
        "insert into jid_map values (3, 4)",
        "insert into chat values (1, 1, null), (2, 2, 'Berge')",
        `insert into message values
            (1, 1, 0, 'A1', 0, ${at(0)}, 7, null, 1, 0), (2, 1, 0, 'A2', 0, ${at(1)}, 0, 'Hallo Anna', 2, 0),
            (3, 1, 1, 'A3', 0, ${at(2)}, 0, 'Na?', 3, 0), (4, 1, 0, 'A4', 0, ${at(3)}, 1, null, 4, 0),
            (5, 1, 1, 'A5', 0, ${at(4)}, 2, null, 5, 1), (6, 1, 0, 'A6', 0, ${at(5)}, 5, null, 6, 0),
            (7, 1, 0, 'A7', 0, ${at(6)}, 15, null, 7, 0), (8, 1, 1, 'A8', 0, ${at(20)}, 66, 'Wann?', 8, 0),
            (9, 1, 0, 'A9', 0, ${at(21)}, 42, null, 9, 0), (10, 2, 0, 'B1', 3, ${at(9)}, 0, 'Wer kommt?', 10, 0),
            (11, 1, 0, 'A10', 0, ${at(22)}, 11, null, 11, 0)`,
        `insert into message_media values (4, 'Media/WhatsApp Images/IMG-20260919-WA0001.jpg', null, 'Am Gipfel'),
            (5, 'Media/WhatsApp Voice Notes/202638/PTT-20260919-WA0002.opus', null, null)`,
        "insert into message_location values (6, 47.421, 10.985, 'Hütte')",
        "insert into message_quoted values (3, 'A2', 0, 1, 'Hallo Anna')",
        "insert into message_forwarded values (2, 1)",
        `insert into message_edit_info values (3, ${at(3)})`,
        "insert into message_add_on values (1, 2, 1, 0), (2, 4, 0, 1)",
        "insert into message_add_on_reaction values (1, '❤️'), (2, '👍')",
        "insert into message_poll_option values (1, 8, 'Samstag', 2), (2, 8, 'Sonntag', 0)",
        `insert into call_log values (1, 1, 0, 'C1', ${at(10)}, 1, 125), (2, 1, 1, 'C2', ${at(11)}, 0, 0)`,
    )
}

export function contacts(): Promise<Bytes> {
    return makeDatabase(
        "create table wa_contacts (_id integer primary key, jid text, display_name text, wa_name text)",
        `insert into wa_contacts values (1, '491760406901@s.whatsapp.net', 'Ben Muster', 'Benni'),
            (2, '491760406902@s.whatsapp.net', '', 'Cleo')`,
    )
}
