"""`ChatStorage.sqlite` of iOS."""

from __future__ import annotations

import sqlite3
from typing import Any

from Whatsapp_Chat_Exporter import ios_handler
from Whatsapp_Chat_Exporter.data_model import ChatCollection, Timing

from deep_import.mend import columns_of, mend
from deep_import.said import Fact, Found, plain_call, plain_chats

LOCATION = 5
ANSWERED = 0x2A

LENT = {
    "ZWAPROFILEPUSHNAME": ("ZJID", "ZPUSHNAME"),
    "ZWAGROUPMEMBER": ("Z_PK", "ZMEMBERJID", "ZCONTACTNAME", "ZFIRSTNAME"),
    "ZWAMEDIAITEM": (
        *("Z_PK", "ZMESSAGE", "ZMEDIALOCALPATH", "ZMEDIAURL", "ZVCARDSTRING", "ZVCARDNAME", "ZMEDIAKEY"),
        *("ZTITLE", "ZLATITUDE", "ZLONGITUDE", "ZMETADATA"),
    ),
}
MESSAGES = (
    *("Z_PK", "ZCHATSESSION", "ZGROUPMEMBER", "ZISFROMME", "ZMESSAGEDATE", "ZSENTDATE", "ZTEXT", "ZMESSAGETYPE"),
    *("ZSTANZAID", "ZFROMJID"),
)
CALLS = {
    "ZWACDCALLEVENT": (
        *("Z_PK", "Z1CALLEVENTS", "ZCALLIDSTRING", "ZGROUPCALLCREATORUSERJIDSTRING", "ZGROUPJIDSTRING", "ZDATE"),
        *("ZOUTCOME", "ZBYTESRECEIVED", "ZBYTESSENT", "ZDURATION"),
    ),
    "ZWAAGGREGATECALLEVENT": ("Z_PK", "ZVIDEO", "ZMISSED", "ZINCOMING"),
    "ZWACDCALLEVENTPARTICIPANT": ("Z1PARTICIPANTS", "ZJIDSTRING"),
}


def read(database: sqlite3.Connection, calls: sqlite3.Connection | None) -> Found:
    """`calls`: the database `CallHistory.sqlite`, where there is one; older versions keep calls in the same one."""
    for table, columns in LENT.items():
        mend(database, table, columns)
    # The library does not expect nothing in these; the app's own notes have no id.
    mend(database, "ZWAMESSAGE", MESSAGES, {"ZSTANZAID": "''", "ZMESSAGEDATE": "0", "ZMESSAGETYPE": "0"})
    mend(database, "ZWACHATSESSION", ("Z_PK", "ZCONTACTJID", "ZPARTNERNAME", "ZGROUPINFO"), {"ZPARTNERNAME": "''"})
    data = ChatCollection()
    ios_handler.messages(database, data, "", Timing(0), None, (None, None), False, False)
    facts = _facts(database)
    contacts = _contacts(database)
    called = database if columns_of(database, "ZWACDCALLEVENT") else calls
    found = _calls(called, contacts) if called is not None else []
    return Found("ios", plain_chats(data, facts), found, contacts)


def _facts(database: sqlite3.Connection) -> dict[int, Fact]:
    rows = database.execute(
        """SELECT m.Z_PK, m.ZSTANZAID, m.ZTEXT, m.ZMESSAGETYPE, g.ZMEMBERJID, s.ZCONTACTJID, s.ZGROUPINFO,
                  i.ZMEDIALOCALPATH, i.ZTITLE, i.ZVCARDNAME, i.ZVCARDSTRING, i.ZLATITUDE, i.ZLONGITUDE,
                  i.ZMETADATA
           FROM ZWAMESSAGE m
             JOIN ZWACHATSESSION s ON s.Z_PK = m.ZCHATSESSION
             LEFT JOIN ZWAGROUPMEMBER g ON g.Z_PK = m.ZGROUPMEMBER
             LEFT JOIN ZWAMEDIAITEM i ON i.ZMESSAGE = m.Z_PK"""
    )
    return {row["Z_PK"]: _fact(row) for row in rows}


def _fact(row: sqlite3.Row) -> Fact:
    place = None
    if row["ZMESSAGETYPE"] == LOCATION and row["ZLATITUDE"] is not None and row["ZLONGITUDE"] is not None:
        place = (float(row["ZLATITUDE"]), float(row["ZLONGITUDE"]))
    group = row["ZGROUPINFO"] is not None
    return Fact(
        key=str(row["ZSTANZAID"]),
        sender=row["ZMEMBERJID"] if group else row["ZCONTACTJID"],
        text=row["ZTEXT"],
        path=row["ZMEDIALOCALPATH"],
        name=row["ZVCARDNAME"] or row["ZTITLE"],
        # The column of contacts holds the media type of documents.
        mime=row["ZVCARDSTRING"] if "/" in str(row["ZVCARDSTRING"] or "")[:40] else None,
        place=place,
        answers=_answered(row["ZMETADATA"]),
    )


def _answered(metadata: bytes | None) -> str | None:
    """The whole id of the message that is answered: field 5 of a protocol buffer, where it stands first."""
    if not metadata or metadata[0] != ANSWERED or len(metadata) < 2 + metadata[1]:
        return None
    return metadata[2 : 2 + metadata[1]].decode(errors="replace")


def _contacts(database: sqlite3.Connection) -> dict[str, str]:
    """The names of the phone's address book before those that people gave themselves."""
    rows = database.execute(
        """SELECT ZJID, ZPUSHNAME FROM ZWAPROFILEPUSHNAME
           UNION ALL SELECT ZMEMBERJID, coalesce(nullif(ZCONTACTNAME, ''), ZFIRSTNAME) FROM ZWAGROUPMEMBER
           UNION ALL SELECT ZCONTACTJID, ZPARTNERNAME FROM ZWACHATSESSION"""
    )
    return {row[0]: row[1] for row in rows if row[0] and row[1]}


def _calls(database: sqlite3.Connection, contacts: dict[str, str]) -> list[dict[str, Any]]:
    never_null = {"ZDATE": "0", "ZDURATION": "0", "ZBYTESRECEIVED": "0", "ZBYTESSENT": "0", "ZCALLIDSTRING": "Z_PK"}
    for table, columns in CALLS.items():
        mend(database, table, columns, never_null if table == "ZWACDCALLEVENT" else None)
    data = ChatCollection()
    ios_handler.calls(database, data, Timing(0), (None, None))
    store = data.get_chat("000000000000000")
    if store is None:
        return []
    rows = database.execute(
        """SELECT e.ZCALLIDSTRING, coalesce(e.ZGROUPJIDSTRING, p.ZJIDSTRING, e.ZGROUPCALLCREATORUSERJIDSTRING)
           FROM ZWACDCALLEVENT e LEFT JOIN ZWACDCALLEVENTPARTICIPANT p ON p.Z1PARTICIPANTS = e.Z_PK"""
    )
    chats = {row[0]: row[1] for row in rows}
    return [_named(plain_call(message, chats.get(row)), contacts) for row, message in store.items()]


def _named(call: dict[str, Any], contacts: dict[str, str]) -> dict[str, Any]:
    """Of a call between two, the library does not know the other one."""
    jid = call["chat"]
    name = contacts.get(jid) or (jid.split("@")[0] if jid else "")
    return {
        **call,
        "text": call["text"].replace("call from None", f"call from {name}").replace("call to None", f"call to {name}"),
    }
