-- wa.db: the phone's address book, as WhatsApp keeps it.
CREATE TABLE wa_contacts (
    _id INTEGER PRIMARY KEY AUTOINCREMENT, jid TEXT NOT NULL, is_whatsapp_user BOOLEAN NOT NULL, status TEXT,
    number TEXT, display_name TEXT, given_name TEXT, family_name TEXT, wa_name TEXT
);
INSERT INTO wa_contacts (jid, is_whatsapp_user, status, display_name, wa_name) VALUES
    ('447700900101@s.whatsapp.net', 1, NULL, 'Ben Muster', 'benni'),
    ('447700900103@s.whatsapp.net', 1, 'Hey', NULL, 'Cleo'),
    ('447700900199@s.whatsapp.net', 0, NULL, '', NULL);
