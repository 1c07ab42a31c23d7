"""What a side of a mailbox may know of it."""

from __future__ import annotations

import hashlib
from hmac import compare_digest
from uuid import UUID

from backupweb.accounts.models import Account
from backupweb.lib.secret import SecretBytes
from backupweb.pairing.errors import NoMailbox
from backupweb.pairing.messages import LetterRead, News, Side, other
from backupweb.pairing.models import Mailbox, MailboxQuerySet


def hashed(token: SecretBytes) -> str:
    """What is kept of a token: whoever reads the table cannot write a letter."""
    return hashlib.sha256(token.expose()).hexdigest()


def side_of(
    account: Account, mailbox: UUID, token: SecretBytes, among: MailboxQuerySet | None = None
) -> tuple[Mailbox, Side]:
    """The mailbox and whose token this is. Another's mailbox, a wrong token, no mailbox: all the same."""
    rows = Mailbox.objects.all() if among is None else among
    found = rows.visible_to(account).filter(pk=mailbox).first()
    if found is None:
        raise NoMailbox
    if compare_digest(hashed(token), found.opener_token_hash):
        return found, "opener"
    if found.joiner_token_hash is not None and compare_digest(hashed(token), found.joiner_token_hash):
        return found, "joiner"
    raise NoMailbox


def news_for(account: Account, mailbox: UUID, token: SecretBytes) -> News:
    """What this side may read. When the time is up, letters are as good as erased."""
    row, side = side_of(account, mailbox, token)
    written = [] if row.expired else row.letters.filter(writer=other(side)).order_by("pk")
    return News(
        letters=[LetterRead.model_validate({"phase": one.phase, "body": bytes(one.body)}) for one in written],
        joined=None if row.joiner_token_hash is None else row.joiner_device,
        over=row.over,
    )
