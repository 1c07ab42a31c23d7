"""`msgstore.db` of the years before 2021, whose messages stand in the table `messages`."""

from __future__ import annotations

import re
import sqlite3
from typing import Any

from Whatsapp_Chat_Exporter import android_handler
from Whatsapp_Chat_Exporter.data_model import ChatCollection, Timing

from deep_import.mend import columns_of, mend
from deep_import.said import Fact, Found, plain_call, plain_chats

# What the library asks for.
LENT = {
    "messages_quotes": ("_id", "key_id", "data"),
    "missed_call_logs": ("message_row_id", "video_call"),
    "message_system": ("message_row_id", "action_type"),
    "message_system_group": ("message_row_id", "is_me_joined"),
    "message_system_number_change": ("message_row_id", "old_jid_row_id", "new_jid_row_id"),
    "receipt_user": ("message_row_id", "receipt_timestamp", "read_timestamp", "played_timestamp"),
    "message_media": ("message_row_id", "file_path", "mime_type"),
    "messages": (
        *("_id", "key_remote_jid", "key_from_me", "key_id", "timestamp", "status", "data", "edit_version"),
        *("remote_resource", "media_wa_type", "media_name", "media_mime_type", "media_caption", "thumb_image"),
        *("latitude", "longitude", "received_timestamp", "read_device_timestamp", "quoted_row_id", "needs_push"),
    ),
    "jid_map": ("lid_row_id", "jid_row_id"),
    "call_log": (
        *("_id", "jid_row_id", "from_me", "call_id", "timestamp"),
        *("video_call", "duration", "call_result", "bytes_transferred"),
    ),
}
# The library does not expect nothing in these.
NEVER_NULL = {
    "messages": {"timestamp": "0", "key_id": "''", "key_from_me": "0"},
    "call_log": {"timestamp": "0", "duration": "0", "bytes_transferred": "0"},
}
# Java wrote the path among other things.
PATH = re.compile(rb"Media/[^\x00-\x1f]{1,200}?\.[0-9A-Za-z]{2,5}(?![0-9A-Za-z])")


def read(database: sqlite3.Connection, names: sqlite3.Connection | None) -> Found:
    """`names`: the database of contacts, `wa.db`, where there is one."""
    for table, columns in LENT.items():
        mend(database, table, columns, NEVER_NULL.get(table))
    _mend_addresses(database)
    data = ChatCollection()
    data.set_system("jid_map_exists", True)
    data.set_system("transcription_selection", "NULL AS transcription_text")
    android_handler.messages(database, data, "", Timing(0), None, (None, None), False, False)
    contacts = ChatCollection()
    if names is not None:
        mend(names, "wa_contacts", ("jid", "display_name", "wa_name", "status"))
        android_handler.contacts(names, contacts, None)
    called = {jid: chat.name for jid, chat in contacts.items() if jid and chat.name}
    return Found("android", plain_chats(data, _facts(database)), _calls(database, contacts), called)


def _mend_addresses(database: sqlite3.Connection) -> None:
    """A message whose chat is missing from the list of addresses would be left out."""
    database.execute("CREATE TEMP TABLE lent_jid (_id INTEGER PRIMARY KEY, raw_string TEXT, type INTEGER)")
    here = columns_of(database, "jid")
    if {"_id", "raw_string"} <= set(here):
        kind = "type" if "type" in here else "CASE WHEN raw_string LIKE '%@g.us' THEN 1 ELSE 0 END"
        database.execute(f"INSERT INTO lent_jid SELECT _id, raw_string, {kind} FROM main.jid")  # noqa: S608
    database.execute(
        """INSERT INTO lent_jid (raw_string, type)
           SELECT DISTINCT key_remote_jid, CASE WHEN key_remote_jid LIKE '%@g.us' THEN 1 ELSE 0 END
           FROM main.messages WHERE key_remote_jid NOT IN (SELECT raw_string FROM lent_jid WHERE raw_string NOT NULL)"""
    )
    database.execute("ALTER TABLE temp.lent_jid RENAME TO jid")
    database.execute("CREATE INDEX temp.jid_by_address ON jid (raw_string)")
    lists = columns_of(database, "chat_list")
    if not columns_of(database, "chat") and "subject" in lists:
        database.execute(
            """CREATE TEMP TABLE chat AS SELECT jid._id AS _id, jid._id AS jid_row_id, subject, 0 AS hidden
               FROM main.chat_list JOIN temp.jid ON jid.raw_string = chat_list.key_remote_jid"""
        )
    else:
        mend(database, "chat", ("_id", "jid_row_id", "subject", "hidden"))


def _facts(database: sqlite3.Connection) -> dict[int, Fact]:
    rows = database.execute(
        """SELECT m._id, m.key_id, m.key_remote_jid, m.remote_resource, m.data, m.media_caption, m.media_name,
                  m.media_mime_type, m.thumb_image, m.latitude, m.longitude, m.media_wa_type, d.file_path, d.mime_type
           FROM messages m LEFT JOIN message_media d ON d.message_row_id = m._id"""
    )
    return {row["_id"]: _fact(row) for row in rows}


def _fact(row: sqlite3.Row) -> Fact:
    text, thumb, chat = row["data"], row["thumb_image"], row["key_remote_jid"]
    kind = int(row["media_wa_type"] or 0)
    path = row["file_path"]
    if path is None and kind and isinstance(thumb, bytes) and (inside := PATH.search(thumb)):
        path = inside[0].decode(errors="replace")
    place = None
    if kind in (5, 16) and row["latitude"] is not None and row["longitude"] is not None:
        place = (float(row["latitude"]), float(row["longitude"]))
    return Fact(
        key=str(row["key_id"]),
        # In a group the sender stands beside the chat; in a chat of two, nowhere.
        sender=row["remote_resource"] or (None if str(chat).endswith("@g.us") else chat),
        text=text if isinstance(text, str) else row["media_caption"],
        path=path,
        name=row["media_name"],
        mime=row["mime_type"] or row["media_mime_type"],
        place=place,
    )


def _calls(database: sqlite3.Connection, contacts: Any) -> list[dict[str, Any]]:
    called = ChatCollection()
    # The library keeps the calls among the chats: a copy, so that names are found and nothing is lost.
    for jid, chat in contacts.items():
        called.add_chat(jid, chat)
    android_handler.calls(database, called, Timing(0), (None, None))
    store = called.get_chat("000000000000000")
    if store is None:
        return []
    addresses = database.execute("SELECT c._id, j.raw_string FROM call_log c JOIN jid j ON j._id = c.jid_row_id")
    chats = {row[0]: row[1] for row in addresses}
    return [plain_call(message, chats.get(row)) for row, message in store.items()]
