"""What the server has about a person, as one zip that is made while it is sent: memory stays flat, no copy is kept.

Every table that leads to an account is a part here, or is named with a reason why it is none; every column of a part is
in it or is left out for a reason. A test compares both with the tables, and `docs/account-export.md` with this.
"""

from __future__ import annotations

import io
import json
import logging
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from auditlog.models import LogEntry
from django.conf import settings
from django.db.models import Model, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone, translation

from backupweb.accounts.models import Account, Notice, Quota, QuotaRequest
from backupweb.backups.models import Head, SealedObject, Snapshot, SnapshotPart, State
from backupweb.keyring.models import Keyring, Slot
from backupweb.lib import objectstore
from backupweb.lib.wire import write_bytes
from backupweb.ops.models import SecurityEvent
from backupweb.pairing.models import Letter, Mailbox
from backupweb.vault import door
from backupweb.vault.errors import VaultUnavailable
from backupweb.vault.messages import AskState

_NUMBER = "the number of the row"
_YOU = "it is you"
_CREDENTIAL = "whoever has it can act as you"

security = logging.getLogger("backupweb.security")


@dataclass(frozen=True)
class Part:
    """One file: the person's rows of one table. `columns`: name in the file, and the way to it from a row."""

    file: str
    table: type[Model]
    rows: Callable[[Account], QuerySet[Any]]
    columns: Mapping[str, str]
    left_out: Mapping[str, str]
    more: Callable[[Any], Mapping[str, object]] = field(default=lambda row: {})
    # How many rows are in memory at once: a head may have megabytes.
    at_once: int = 500


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


def _public_facts(authenticator: Authenticator) -> dict[str, object]:
    if authenticator.type != Authenticator.Type.WEBAUTHN:
        return {}
    passkey = authenticator.wrap()
    return {"name": passkey.name, "credential": passkey.authenticator_data.credential_data.credential_id}


PARTS: tuple[Part, ...] = (
    Part(
        "account",
        Account,
        lambda account: Account.objects.filter(pk=account.pk),
        _same(
            *("id", "username", "email", "language", "date_joined", "last_login", "is_active", "is_staff"),
            *("is_superuser", "delete_after", "deletion_by", "backup_reminders"),
        ),
        {"password": "a hash of your sign-in password; whoever has it can try passwords"},
    ),
    Part(
        "mail-addresses",
        EmailAddress,
        lambda account: EmailAddress.objects.filter(user=account),
        _same("email", "verified", "primary"),
        {"id": _NUMBER, "user": _YOU},
    ),
    Part(
        "sign-in",
        Authenticator,
        lambda account: Authenticator.objects.filter(user=account),
        _same("type", "created_at", "last_used_at"),
        {"id": _NUMBER, "user": _YOU, "data": f"{_CREDENTIAL}; of passkeys, name and credential are told"},
        _public_facts,
    ),
    Part(
        "devices",
        UserSession,
        lambda account: UserSession.objects.filter(user=account),
        _same("created_at", "last_seen_at", "ip", "user_agent", "data"),
        {"id": _NUMBER, "user": _YOU, "session_key": _CREDENTIAL},
    ),
    Part(
        "events",
        SecurityEvent,
        SecurityEvent.objects.visible_to,
        _same("at", "kind", "detail", "device", "number"),
        {"id": _NUMBER, "account": _YOU},
    ),
    Part(
        "changes-by-staff",
        LogEntry,
        lambda account: LogEntry.objects.filter(object_pk=str(account.pk)),
        {"at": "timestamp", "table": "content_type.model", "action": "get_action_display", "changes": "changes"},
        {
            "id": _NUMBER,
            **dict.fromkeys(["object_pk", "object_id", "object_repr"], _YOU),
            "action": "told as a word",
            **dict.fromkeys(["serialized_data", "changes_text", "cid"], "never written"),
            **dict.fromkeys(["actor", "actor_email", "remote_addr", "remote_port", "additional_data"], "who it was"),
        },
    ),
    Part(
        "room",
        Quota,
        lambda account: Quota.objects.filter(account=account).select_related("plan"),
        {**_same("limit", "used", "reserved"), "plan": "plan.name"},
        {"account": _YOU},
    ),
    Part(
        "room-requests",
        QuotaRequest,
        QuotaRequest.objects.visible_to,
        _same("wanted", "reason", "made", "decided", "granted"),
        {"id": _NUMBER, "account": _YOU},
    ),
    Part(
        "notices",
        Notice,
        lambda account: Notice.objects.filter(account=account),
        _same("kind", "sent"),
        {"id": _NUMBER, "account": _YOU},
    ),
    Part(
        "keyring",
        Keyring,
        lambda account: Keyring.objects.filter(account=account),
        {**_same("library", "epoch"), "check": "check_value"},
        {"account": _YOU},
    ),
    Part(
        "keyring-slots",
        Slot,
        lambda account: Slot.objects.filter(keyring__account=account),
        {"id": "slot_id", **_same("kind", "parameters", "sealed", "label", "created")},
        {"id": _NUMBER, "keyring": "you have one"},
    ),
    Part(
        "heads",
        Head,
        Head.objects.visible_to,
        _same("sequence", "sealed", "sha256", "written"),
        {"id": _NUMBER, "account": _YOU},
        at_once=4,
    ),
    Part(
        "objects",
        SealedObject,
        SealedObject.objects.visible_to,
        {"id": "object_id", **_same("kind", "size", "sha256", "state", "announced", "released")},
        {"id": _NUMBER, "account": _YOU, "store_name": "the store's own name for the bytes"},
    ),
    Part(
        "snapshots",
        Snapshot,
        lambda account: Snapshot.objects.visible_to(account).select_related("sealed"),
        {"id": "sealed.object_id", **_same("committed")},
        {"id": _NUMBER, "account": _YOU},
    ),
    Part(
        "snapshot-parts",
        SnapshotPart,
        lambda account: SnapshotPart.objects.filter(snapshot__account=account).select_related(
            "sealed", "snapshot__sealed"
        ),
        {"snapshot": "snapshot.sealed.object_id", "object": "sealed.object_id"},
        {"id": _NUMBER},
    ),
    Part(
        "pairing",
        Mailbox,
        Mailbox.objects.visible_to,
        _same("id", "way", "opened", "expires", "ended", "opener_device", "joiner_device"),
        {
            "account": _YOU,
            **dict.fromkeys(["opener_token_hash", "opener_session_hash", "joiner_token_hash"], "a hash of a secret"),
        },
    ),
    Part(
        "pairing-letters",
        Letter,
        lambda account: Letter.objects.filter(mailbox__account=account),
        {"mailbox": "mailbox_id", **_same("phase", "writer", "body")},
        {"id": _NUMBER},
    ),
)

# Tables that lead to accounts and are no part.
NO_PART: dict[str, str] = {
    "accounts.Account_groups": "never written",
    "accounts.Account_user_permissions": "never written",
    "account.EmailConfirmation": "never written: the link in the letter is signed",
    "admin.LogEntry": "what staff did with what belongs to others",
    "vault.VaultRecord": "told in password.json, as the key vault tells it",
    "vault.GuessBudget": "told in password.json, as the key vault tells it",
    "vault.Tombstone": "told in password.json, as the key vault tells it",
}


def export(account: Account, *, objects: bool) -> Iterator[bytes]:
    """The zip, in blocks. With `objects` the sealed bytes are in it, as the store keeps them."""
    event = {"event": "exported", "account": account.pk.hex}
    security.info("security event", extra={"event": event})
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        language = account.language or settings.LANGUAGE_CODE
        with translation.override(language):
            readme = render_to_string("ops/account_export.txt", {"objects": objects, "name": account.username})
        archive.writestr("README.txt", readme)
        archive.writestr("password.json", _json(_password(account)) + "\n")
        for part in PARTS:
            with archive.open(_entry(f"{part.file}.json"), "w") as file:
                for text in _rows(part, account):
                    file.write(text.encode())
                    yield sink.take()
        if objects:
            yield from _objects(archive, sink, account)
    yield sink.take()


def _rows(part: Part, account: Account) -> Iterator[str]:
    yield "["
    last, between = None, "\n"
    while True:
        # Page by page: no statement is open while the other side is slow.
        page = part.rows(account).order_by("pk")
        rows = list((page if last is None else page.filter(pk__gt=last))[: part.at_once])
        for row in rows:
            yield between + _json({**{name: _at(row, way) for name, way in part.columns.items()}, **part.more(row)})
            between = ",\n"
        if len(rows) < part.at_once:
            break
        last = rows[-1].pk
    yield "\n]\n"


def _objects(archive: zipfile.ZipFile, sink: _Sink, account: Account) -> Iterator[bytes]:
    store, missing = objectstore.open_store(), []
    stored = SealedObject.objects.visible_to(account).filter(state=State.STORED).order_by("pk")
    last = 0
    while rows := list(stored.filter(pk__gt=last)[:500]):
        for row in rows:
            try:
                blocks = store.read(row.store_name, 0, row.size)
                block = next(blocks, b"")
            except objectstore.MissingObject:
                missing.append(row.object_id)
                continue
            with archive.open(_entry(f"objects/{row.object_id.hex}", zipfile.ZIP_STORED), "w") as file:
                while block:
                    file.write(block)
                    yield sink.take()
                    block = next(blocks, b"")
        last = rows[-1].pk
    archive.writestr("missing.json", _json(missing) + "\n")


def _password(account: Account) -> object:
    if account.is_staff:
        return None  # the vault keeps nothing for staff
    try:
        return door.vault().answer(account.pk, AskState(kind="state")).model_dump(mode="json")
    except VaultUnavailable:
        return {"unavailable": True}


def _entry(name: str, compression: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, timezone.now().timetuple()[:6])
    entry.compress_type = compression
    return entry


def _at(row: Any, way: str) -> object:
    for step in way.split("."):
        row = getattr(row, step, None)
    return row() if callable(row) else row


def _json(value: object) -> str:
    return json.dumps(value, default=_plain, ensure_ascii=False)


def _plain(value: object) -> object:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        case UUID():
            return value.hex
        case bytes() | memoryview():
            return write_bytes(bytes(value))
        case _:
            return str(value)


class _Sink(io.RawIOBase):
    """Takes what the zip writes, until it is fetched."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, block: Any) -> int:
        self._waiting += block
        return len(block)

    def take(self) -> bytes:
        """What was written since."""
        taken = bytes(self._waiting)
        self._waiting.clear()
        return taken
