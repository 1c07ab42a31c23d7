-- msgstore.db as Android has it since 2021: the tables and columns that are read, and some that are not.
CREATE TABLE jid (_id INTEGER PRIMARY KEY AUTOINCREMENT, user TEXT NOT NULL, server TEXT NOT NULL, raw_string TEXT, type INTEGER);
CREATE TABLE jid_map (lid_row_id INTEGER PRIMARY KEY NOT NULL, jid_row_id INTEGER NOT NULL, sort_id INTEGER);
CREATE TABLE chat (_id INTEGER PRIMARY KEY AUTOINCREMENT, jid_row_id INTEGER UNIQUE, hidden INTEGER, subject TEXT);
CREATE TABLE message (
    _id INTEGER PRIMARY KEY AUTOINCREMENT, chat_row_id INTEGER NOT NULL, from_me INTEGER NOT NULL, key_id TEXT NOT NULL,
    sender_jid_row_id INTEGER, status INTEGER, broadcast INTEGER, recipient_count INTEGER, origination_flags INTEGER,
    origin INTEGER, timestamp INTEGER, received_timestamp INTEGER, receipt_server_timestamp INTEGER, message_type INTEGER,
    text_data TEXT, starred INTEGER, lookup_tables INTEGER, sort_id INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE message_media (
    message_row_id INTEGER PRIMARY KEY, chat_row_id INTEGER, file_path TEXT, file_size INTEGER, media_name TEXT,
    media_caption TEXT, mime_type TEXT, file_hash TEXT, message_url TEXT, media_key BLOB
);
CREATE TABLE media_hash_thumbnail (media_hash TEXT PRIMARY KEY, thumbnail BLOB);
CREATE TABLE message_quoted (
    message_row_id INTEGER PRIMARY KEY, chat_row_id INTEGER, parent_message_chat_row_id INTEGER, from_me INTEGER,
    sender_jid_row_id INTEGER, key_id TEXT, timestamp INTEGER, message_type INTEGER, text_data TEXT
);
CREATE TABLE message_add_on (
    _id INTEGER PRIMARY KEY AUTOINCREMENT, chat_row_id INTEGER, from_me INTEGER, key_id TEXT, sender_jid_row_id INTEGER,
    parent_message_row_id INTEGER, timestamp INTEGER, status INTEGER, message_add_on_type INTEGER
);
CREATE TABLE message_add_on_reaction (message_add_on_row_id INTEGER PRIMARY KEY, reaction TEXT, sender_timestamp INTEGER);
CREATE TABLE message_location (
    message_row_id INTEGER PRIMARY KEY, chat_row_id INTEGER, latitude REAL, longitude REAL, place_name TEXT, place_address TEXT
);
CREATE TABLE message_vcard (_id INTEGER PRIMARY KEY AUTOINCREMENT, message_row_id INTEGER, vcard TEXT);
CREATE TABLE message_poll_option (
    _id INTEGER PRIMARY KEY AUTOINCREMENT, message_row_id INTEGER, option_sha256 BLOB, option_name TEXT, vote_total INTEGER
);
CREATE TABLE message_forwarded (message_row_id INTEGER PRIMARY KEY, forward_score INTEGER);
CREATE TABLE message_edit_info (message_row_id INTEGER PRIMARY KEY, original_key_id TEXT, edited_timestamp INTEGER);
CREATE TABLE message_system (message_row_id INTEGER PRIMARY KEY, action_type INTEGER NOT NULL);
CREATE TABLE message_system_group (message_row_id INTEGER PRIMARY KEY, is_me_joined INTEGER NOT NULL);
CREATE TABLE message_system_chat_participant (message_row_id INTEGER, user_jid_row_id INTEGER);
CREATE TABLE message_system_number_change (message_row_id INTEGER PRIMARY KEY, old_jid_row_id INTEGER, new_jid_row_id INTEGER);
CREATE TABLE message_future (message_row_id INTEGER PRIMARY KEY, version INTEGER);
CREATE TABLE message_thumbnail (message_row_id INTEGER PRIMARY KEY, thumbnail BLOB);
CREATE TABLE missed_call_logs (_id INTEGER PRIMARY KEY AUTOINCREMENT, message_row_id INTEGER, timestamp INTEGER, video_call INTEGER);
CREATE TABLE receipt_user (
    _id INTEGER PRIMARY KEY AUTOINCREMENT, message_row_id INTEGER, receipt_user_jid_row_id INTEGER, receipt_timestamp INTEGER,
    read_timestamp INTEGER, played_timestamp INTEGER
);
CREATE TABLE call_log (
    _id INTEGER PRIMARY KEY AUTOINCREMENT, jid_row_id INTEGER, from_me INTEGER, call_id TEXT, transaction_id INTEGER,
    timestamp INTEGER, video_call INTEGER, duration INTEGER, call_result INTEGER, bytes_transferred INTEGER,
    group_jid_row_id INTEGER NOT NULL DEFAULT 0
);
-- Left over from the years before: it must not be read.
CREATE TABLE messages (_id INTEGER PRIMARY KEY AUTOINCREMENT, key_remote_jid TEXT NOT NULL, key_from_me INTEGER, key_id TEXT, data TEXT);
INSERT INTO messages VALUES (1, '-1', 0, '-1', NULL);

INSERT INTO jid VALUES
    (1, '447700900101', 's.whatsapp.net', '447700900101@s.whatsapp.net', 0),
    (2, '447700900102', 's.whatsapp.net', '447700900102@s.whatsapp.net', 0),
    (3, '120363000000000001', 'g.us', '120363000000000001@g.us', 1),
    (4, '900000000000001', 'lid', '900000000000001@lid', 18),
    (5, '447700900103', 's.whatsapp.net', '447700900103@s.whatsapp.net', 0),
    (6, '900000000000009', 'lid', '900000000000009@lid', 18);
INSERT INTO jid_map VALUES (4, 5, 0);
INSERT INTO chat VALUES (1, 1, 0, NULL), (2, 3, 0, 'Wandergruppe'), (3, 2, 1, NULL);

-- A chat of two. The order of the app is `sort_id`, and not that of the rows.
INSERT INTO message (_id, chat_row_id, from_me, key_id, sender_jid_row_id, status, origin, timestamp, message_type, text_data, sort_id) VALUES
    (1, 1, 0, '', 0, 6, 0, 1685613500000, 7, NULL, 1),
    (3, 1, 1, 'AC02', 0, 13, 0, 1685613660000, 0, 'Ja, gern!' || char(10) || 'Um drei? <br> 😀', 3),
    (2, 1, 0, 'AC01', 0, 0, 0, 1685613600000, 0, 'Kommst du mit?', 2),
    (4, 1, 0, 'AC03', 0, 0, 0, 1685613720000, 1, 'Der Weg', 4),
    (5, 1, 1, 'AC04', 0, 13, 1, 1685613780000, 2, NULL, 5),
    (6, 1, 0, 'AC05', 0, 0, 0, 1685613840000, 15, NULL, 6),
    (7, 1, 0, 'AC06', 0, 0, 0, 1685613900000, 5, NULL, 7),
    (8, 1, 1, 'AC07', 0, 13, 0, 1685613960000, 4, NULL, 8),
    (9, 1, 0, 'AC08', 0, 0, 0, 1685614020000, 10, NULL, 9),
    (10, 1, 1, 'AC09', 0, 13, 0, 1685614080000, 9, NULL, 10),
    (11, 1, 0, 'AC10', 0, 0, 0, 1685614140000, 42, NULL, 11),
    (12, 1, 0, 'AC11', 0, 0, 0, 1685614200000, 3, NULL, 12),
    (13, 1, 0, 'AC12', 0, 0, 0, 1685614260000, 777, NULL, 13),
    (14, 1, 0, 'AC13', 0, 0, 0, 1685614320000, 11, NULL, 14);
INSERT INTO message_system VALUES (1, 19);
INSERT INTO message_quoted VALUES (3, 1, 1, 0, 0, 'AC01', 1685613600000, 0, 'Kommst du mit?');
INSERT INTO message_media (message_row_id, file_path, media_name, mime_type) VALUES
    (4, 'Media/WhatsApp Images/IMG-20230601-WA0001.jpg', NULL, 'image/jpeg'),
    (5, 'Media/WhatsApp Voice Notes/202322/PTT-20230601-WA0002.opus', NULL, 'audio/ogg; codecs=opus'),
    (10, 'Media/WhatsApp Documents/Karte.pdf', 'Karte.pdf', 'application/pdf'),
    (12, NULL, NULL, 'video/mp4');
INSERT INTO message_location VALUES (7, 1, 48.137, 11.575, 'Marienplatz', 'München');
INSERT INTO message_vcard VALUES
    (1, 8, 'BEGIN:VCARD' || char(10) || 'VERSION:3.0' || char(10) || 'FN:Dora Muster' || char(10) || 'END:VCARD'),
    (2, 8, 'BEGIN:VCARD' || char(10) || 'FN;CHARSET=UTF-8:Emil' || char(10) || 'END:VCARD');
INSERT INTO missed_call_logs VALUES (1, 9, 1685614020000, 1);
INSERT INTO message_forwarded VALUES (4, 1);
INSERT INTO message_edit_info VALUES (3, 'AC02', 1685613700000);
INSERT INTO message_add_on VALUES
    (1, 1, 1, 'R1', 0, 2, 1685613610000, 13, 56),
    (2, 1, 0, 'R2', 1, 3, 1685613670000, 13, 56),
    (3, 1, 0, 'R3', 1, 4, 1685613730000, 13, 56);
INSERT INTO message_add_on_reaction VALUES (1, '👍', 1685613610000), (2, '❤️', 1685613670000), (3, '', 1685613730000);
INSERT INTO call_log VALUES
    (1, 1, 1, 'call:C1', 1, 1685613690000, 0, 75, 5, 1000, 0),
    (2, 1, 0, 'call:C2', 2, 1685614019500, 1, 0, 2, 0, 0),
    (3, 2, 0, 'call:C3', 3, 1685620000000, 0, 0, 2, 0, 0);

-- A group, in which some hide their numbers.
INSERT INTO message (_id, chat_row_id, from_me, key_id, sender_jid_row_id, status, origin, timestamp, message_type, text_data, sort_id) VALUES
    (20, 2, 0, 'G0', 1, 6, 0, 1685700000000, 7, 'Wandergruppe', 20),
    (21, 2, 0, 'G1', 4, 0, 0, 1685700060000, 0, 'Hallo zusammen', 21),
    (22, 2, 0, 'G2', 6, 0, 0, 1685700120000, 0, 'Hi', 22),
    (23, 2, 1, 'G3', 0, 13, 0, 1685700180000, 66, 'Wann?', 23),
    (24, 2, 0, 'G4', 1, 6, 0, 1685700240000, 7, NULL, 24),
    (25, 2, 0, 'G5', 1, 0, 0, 1685700300000, 0, 'Bis dann', 25),
    (26, 2, 0, 'G6', 1, 6, 0, 1685700360000, 7, NULL, 26);
INSERT INTO message_system VALUES (20, 11), (24, 12), (26, 99);
INSERT INTO message_system_chat_participant VALUES (24, 5), (24, 2);
INSERT INTO message_poll_option VALUES (1, 23, x'01', 'Samstag', 2), (2, 23, x'02', 'Sonntag', 0);
INSERT INTO message_quoted VALUES (25, 2, 2, 0, 4, 'GONE', 1685600000000, 0, 'Steht in keiner Zeile');
INSERT INTO message_add_on VALUES (9, 2, 0, 'R9', 4, 22, 1685700130000, 0, 56);
INSERT INTO message_add_on_reaction VALUES (9, '🙏', 1685700130000);
