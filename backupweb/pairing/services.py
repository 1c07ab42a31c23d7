"""Opening and joining a mailbox, writing a letter, ending it. The database guards what must not race."""

from __future__ import annotations

import hashlib
import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from backupweb.accounts.models import Account
from backupweb.accounts.sessions import Device
from backupweb.lib.secret import SecretBytes
from backupweb.lib.throttle import throttle
from backupweb.pairing.errors import (
    MailboxTaken,
    NoMailbox,
    OutOfTurn,
    PairingOver,
    TooManyMailboxes,
    WrongSize,
)
from backupweb.pairing.events import announce
from backupweb.pairing.messages import PHASES, PhaseName, Side, Way, place_of
from backupweb.pairing.models import Letter, Mailbox
from backupweb.pairing.selectors import hashed, side_of

OPEN_FOR = timedelta(minutes=2)
MOST_OPEN = 4
TOKEN_SIZE = 16

security = logging.getLogger("backupweb.security")


@dataclass(frozen=True)
class Place:
    """A side of a mailbox, as its device hears of it. The token is told this once."""

    mailbox: UUID
    token: SecretBytes
    expires: datetime
    # What the opener's session is called; for the joiner to show.
    device: str


def mailbox_open(*, account: Account, way: Way, device: Device) -> Place:
    """Opens a mailbox, and erases what is over."""
    throttle(f"pairing-open:{account.pk.hex}", settings.BACKUPWEB_LIMIT_PAIRING)
    token, now = SecretBytes(secrets.token_bytes(TOKEN_SIZE)), timezone.now()
    named = device.name()
    with transaction.atomic():
        # Held until the end: two openings at once must not both be the fourth.
        Account.objects.select_for_update().get(pk=account.pk)
        own = Mailbox.objects.visible_to(account)
        own.over_at(now).delete()
        if own.count() >= MOST_OPEN:
            raise TooManyMailboxes
        mailbox = Mailbox.objects.create(
            account=account,
            way=way,
            opened=now,
            expires=now + OPEN_FOR,
            opener_token_hash=hashed(token),
            opener_session_hash=_session_hash(device),
            opener_device=named,
        )
    return Place(mailbox.pk, token, mailbox.expires, named)


def mailbox_join(*, account: Account, way: Way, mailbox: UUID | None, device: Device) -> Place:
    """Takes the other place, once. Without an id: in the newest open mailbox of this way."""
    throttle(f"pairing-join:{account.pk.hex}", settings.BACKUPWEB_LIMIT_PAIRING_JOIN)
    # A device does not pair with itself, in whichever tab.
    elsewhere = Mailbox.objects.visible_to(account).filter(way=way).exclude(opener_session_hash=_session_hash(device))
    waiting = elsewhere.open_at(timezone.now()).order_by("-opened", "-pk")
    found = (waiting if mailbox is None else waiting.filter(pk=mailbox)).first()
    if found is None:
        raise NoMailbox
    token = SecretBytes(secrets.token_bytes(TOKEN_SIZE))
    if not elsewhere.join(found.pk, token_hash=hashed(token), device=device.name()):
        raise MailboxTaken if elsewhere.open_at(timezone.now()).filter(pk=found.pk).exists() else NoMailbox
    announce(found.pk)
    return Place(found.pk, token, found.expires, found.opener_device)


def letter_write(*, account: Account, mailbox: UUID, token: SecretBytes, phase: PhaseName, body: bytes) -> None:
    """Writes a letter: once, by its side, in its size, in its turn. The same letter again is harmless."""
    with transaction.atomic():
        # Held until the end: letters of one mailbox come one after the other.
        row, side = side_of(account, mailbox, token, Mailbox.objects.select_for_update())
        fresh = _letter_put(row, side, phase, body)
    if not fresh:
        return
    if phase == "done":
        event = {"event": "device-paired", "account": account.pk.hex, "way": row.way}
        security.info("security event", extra={"event": event})
    announce(mailbox)


def _letter_put(row: Mailbox, side: Side, name: PhaseName, body: bytes) -> bool:
    if row.over:
        raise PairingOver
    phases = PHASES[row.kind]
    place = place_of(row.kind, name)
    if place is None or phases[place].writer != side:
        raise OutOfTurn
    if len(body) != phases[place].size:
        raise WrongSize
    written = list(row.letters.order_by("pk"))
    if place < len(written):
        if bytes(written[place].body) != body:
            raise OutOfTurn
        return False
    if place > len(written):
        raise OutOfTurn
    Letter.objects.create(mailbox=row, phase=name, writer=side, body=body)
    return True


def mailbox_end(*, account: Account, mailbox: UUID, token: SecretBytes) -> None:
    """Ends it for both sides; what is gone already is harmless. The last letter can be read until the time is up."""
    try:
        row, _ = side_of(account, mailbox, token)
    except NoMailbox:
        return
    if Mailbox.objects.filter(pk=row.pk, ended=None).update(ended=timezone.now()):
        announce(mailbox)


def mailboxes_erase() -> int:
    """Erases mailboxes that are over, with their letters; says how many there were."""
    return Mailbox.objects.over_at(timezone.now()).delete()[1].get("pairing.Mailbox", 0)


def _session_hash(device: Device) -> str:
    return hashlib.sha256((device.session.session_key or "").encode()).hexdigest()
