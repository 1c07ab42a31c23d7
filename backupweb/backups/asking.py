"""Who asks for which object: what takes Django three queries and a signature, in one look at the database.

[One look] A session's data is opened and compared with the account's password once. From then on it is enough that both
stand in the database as they stood then: one statement fetches them with the object. Nothing is believed for any length
of time, so signing out, a new password and suspension count with the next request, in every process.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest
from django.db import connection
from django.utils import timezone
from ninja.utils import check_csrf

from backupweb.accounts.models import Account
from backupweb.backups import selectors
from backupweb.backups.errors import NoSuchObject
from backupweb.backups.models import SealedObject
from backupweb.lib.errors import ForgeryRefused, NotSignedIn, UnknownHost
from backupweb.lib.wire import read_id

if TYPE_CHECKING:
    from asgiref.typing import HTTPScope


def request_of(scope: HTTPScope) -> ASGIRequest:
    """The head of a request, as Django reads it."""
    return ASGIRequest(scope, BytesIO())


def asked_for(request: ASGIRequest, address: str) -> SealedObject:
    """The object at `address`, if whoever asks may ask for it."""
    try:
        request.get_host()
    except DisallowedHost as error:
        raise UnknownHost from error
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    object_id = _read(address)
    found = None if object_id is None else _one_look(key, object_id)
    account, sealed = (_signed_in(request, key), None) if found is None else found
    request.user = account
    if check_csrf(request) is not None:
        raise ForgeryRefused
    if object_id is None:
        raise NoSuchObject
    return sealed or selectors.object_of(account, object_id)


def _read(address: str) -> UUID | None:
    try:
        return read_id(address)
    except ValueError:
        return None


# ---------------------------------------------------------------- once


@dataclass(frozen=True)
class _Verified:
    """A session that Django let in, and what that hung on."""

    account: Account
    session: str
    password: str


_verified: dict[str, _Verified] = {}
_MOST = 10_000


def _signed_in(request: ASGIRequest, key: str) -> Account:
    row = Session.objects.filter(pk=key, expire_date__gt=timezone.now()).first()
    if row is None:
        raise NotSignedIn
    request.session = SessionStore(key)
    # Exactly these bytes are verified: another look at the row might find others.
    request.session._session_cache = request.session.decode(row.session_data)  # type: ignore[attr-defined]  # noqa: SLF001
    account = get_user(request)  # refuses suspended accounts and sessions from before a new password
    if not isinstance(account, Account):
        raise NotSignedIn
    if len(_verified) >= _MOST:
        _verified.clear()
    _verified[key] = _Verified(account, row.session_data, account.password)
    return account


# ---------------------------------------------------------------- from then on

_FIELDS = ("id", "account_id", "object_id", "size", "sha256", "state", "store_name")


def _one_look(key: str, object_id: UUID) -> tuple[Account, SealedObject] | None:
    """None: somebody we have not met, something has changed, or there is no such object."""
    verified = _verified.get(key)
    if verified is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_statement(), _parameters(key, verified.account.pk, object_id))
        row = cursor.fetchone()
    if row is None or not row[0] or (row[1], row[2]) != (verified.password, verified.session):
        return None
    sealed = SealedObject.from_db(connection.alias, _FIELDS, (row[3], verified.account.pk, object_id, *row[4:]))
    sealed.account = verified.account
    return verified.account, sealed


@lru_cache(maxsize=1)
def _statement() -> str:
    quote = connection.ops.quote_name
    account, session, sealed = (quote(model._meta.db_table) for model in (Account, Session, SealedObject))  # noqa: SLF001
    return (
        "SELECT a.is_active, a.password, s.session_data, o.id, o.size, o.sha256, o.state, o.store_name "  # noqa: S608
        f"FROM {session} s JOIN {account} a ON a.id = %s JOIN {sealed} o ON o.account_id = a.id AND o.object_id = %s "
        "WHERE s.session_key = %s AND s.expire_date > %s"
    )


def _parameters(key: str, account: UUID, object_id: UUID) -> list[Any]:
    to_database = SealedObject._meta.get_field("object_id").get_db_prep_value  # noqa: SLF001
    expiry = connection.ops.adapt_datetimefield_value(timezone.now())
    return [to_database(account, connection), to_database(object_id, connection), key, expiry]
