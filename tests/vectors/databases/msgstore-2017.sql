-- msgstore.db as Android had it until about 2018: without the tables `jid`, `chat` and most of the others that came later.
CREATE TABLE messages (
    _id INTEGER PRIMARY KEY AUTOINCREMENT, key_remote_jid TEXT NOT NULL, key_from_me INTEGER, key_id TEXT NOT NULL, status INTEGER,
    needs_push INTEGER, data TEXT, timestamp INTEGER, media_url TEXT, media_mime_type TEXT, media_wa_type TEXT, media_size INTEGER,
    media_name TEXT, media_caption TEXT, media_hash TEXT, media_duration INTEGER, origin INTEGER, latitude REAL, longitude REAL,
    thumb_image TEXT, remote_resource TEXT, received_timestamp INTEGER, receipt_device_timestamp INTEGER,
    read_device_timestamp INTEGER, quoted_row_id INTEGER, edit_version INTEGER
);
CREATE TABLE messages_quotes (_id INTEGER PRIMARY KEY AUTOINCREMENT, key_remote_jid TEXT, key_from_me INTEGER, key_id TEXT, data TEXT);
CREATE TABLE chat_list (_id INTEGER PRIMARY KEY AUTOINCREMENT, key_remote_jid TEXT UNIQUE, message_table_id INTEGER, subject TEXT);
INSERT INTO chat_list VALUES (1, '447700900101@s.whatsapp.net', 5, NULL), (2, '447700900101-1400000000@g.us', 22, 'Kegeln');
INSERT INTO messages (_id, key_remote_jid, key_from_me, key_id, status, data, timestamp) VALUES (1, '-1', 0, '-1', -1, NULL, 0);
INSERT INTO messages
    (_id, key_remote_jid, key_from_me, key_id, status, data, timestamp, media_wa_type, media_mime_type, media_name, media_caption,
     latitude, longitude, thumb_image, remote_resource, quoted_row_id, edit_version) VALUES
    (2, '447700900101@s.whatsapp.net', 0, 'OLD1', 0, 'Hallo' || char(10) || '<br> Du', 1483264800000, '0', NULL, NULL, NULL, 0, 0, NULL, NULL, 0, 0),
    (3, '447700900101@s.whatsapp.net', 1, 'OLD2', 5, 'Selber hallo', 1483264860000, '0', NULL, NULL, NULL, 0, 0, NULL, NULL, 1, 0),
    (4, '447700900101@s.whatsapp.net', 0, 'OLD3', 0, NULL, 1483264920000, '1', 'image/jpeg', NULL, 'Schnee', 0, 0,
     CAST('....Media/WhatsApp Images/IMG-20170101-WA0001.jpg' || char(1) || 'x' AS BLOB), NULL, 0, 0),
    (5, '447700900101@s.whatsapp.net', 1, 'OLD4', 5, NULL, 1483264980000, '5', NULL, 'Hütte', NULL, 47.5, 11.25, NULL, NULL, 0, 0),
    (6, '447700900101@s.whatsapp.net', 0, 'OLD5', 0, '', 1483265040000, '15', NULL, NULL, NULL, 0, 0, NULL, NULL, 0, 7),
    (20, '447700900101-1400000000@g.us', 0, 'OLD6', 6, 'Kegeln', 1483300000000, '0', NULL, NULL, NULL, 0, 0, NULL, '447700900101@s.whatsapp.net', 0, 0),
    (21, '447700900101-1400000000@g.us', 0, 'OLD7', 0, 'Wer kommt?', 1483300060000, '0', NULL, NULL, NULL, 0, 0, NULL, '447700900102@s.whatsapp.net', 0, 0),
    (22, '447700900101-1400000000@g.us', 1, 'OLD8', 5, 'Ich & du', 1483300120000, '0', NULL, NULL, NULL, 0, 0, NULL, NULL, 0, 0);
INSERT INTO messages_quotes VALUES (1, '447700900101@s.whatsapp.net', 0, 'OLD1', 'Hallo');
