"""An account that has left something in every table, and a search for it in all of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from auditlog.models import LogEntry
from django.apps import apps
from django.contrib.admin.models import CHANGE
from django.contrib.admin.models import LogEntry as AdminLogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from backupweb.accounts.models import Account, Notice, Plan, Quota, QuotaRequest
from backupweb.pairing.models import Letter, Mailbox
from backupweb.vault.models import Tombstone
from tests.accounts.passkeys import SoftPasskey
from tests.accounts.test_passkeys import Browser
from tests.keyring.slots import keyring_body
from tests.people import Person, Thing, head
from tests.vault.device import by_http, carry, enrol


def leave_traces(person: Person, boss: Person) -> None:
    """Something of Alice in every table that leads to an account."""
    account, now = person.account, timezone.now()
    person.get("/app/")
    person.post("/api/keyring", keyring_body())
    snapshot, pack, loose = Thing.make("snapshot"), Thing.make(), Thing.make()
    person.store(snapshot, pack, loose)
    person.begin(Thing.make())
    assert person.commit(1, head("one"), [(snapshot, [pack])]).status_code == 201
    carry(enrol(), by_http(person))
    Tombstone.objects.create(record=account.pk, account=account.pk, at=now, guesses=10)
    address = EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)
    EmailConfirmation.create(address).save()
    browser = Browser()
    browser.sign_in()
    assert browser.add(SoftPasskey()).status_code == 200
    Authenticator.objects.create(user=account, type="totp", data={"secret": "s"})
    Quota.objects.filter(account=account).update(plan=Plan.objects.create(name="large", limit=10**9))
    QuotaRequest.objects.create(account=account, wanted=10**10, reason="more chats")
    Notice.objects.create(account=account, kind=Notice.Kind.BACKUP_OLD, sent=now)
    mailbox = Mailbox.objects.create(
        account=account, way="code", opened=now, expires=now + timedelta(minutes=2), opener_device="Firefox"
    )
    Letter.objects.create(mailbox=mailbox, phase="hello", writer="opener", body=b"sealed")
    kind = ContentType.objects.get_for_model(Account)
    about = {"content_type": kind, "object_repr": account.username}
    LogEntry.objects.create(object_pk=str(account.pk), action=1, changes={"is_active": ["a", "b"]}, **about)
    AdminLogEntry.objects.create(user=boss.account, object_id=str(account.pk), action_flag=CHANGE, **about)
    Client().post("/accounts/login/", {"login": account.username, "password": "not hers at all"})
    Client().post("/accounts/password/reset/", {"email": account.email})
    assert UserSession.objects.filter(user=account).exists()


def found_of(account: Account) -> list[str]:
    """Every row of every table in which the account's number, name or address stands."""
    signs = [str(account.pk), account.pk.hex, account.username, account.email]
    found = []
    for model in apps.get_models(include_auto_created=True):
        for row in model._base_manager.values():
            told = " ".join(_written(value) for value in row.values())
            if model is Session:
                told += str(Session(**row).get_decoded())
            if any(sign in told for sign in signs):
                found.append(f"{model._meta.label}: {row}")
    return found


def _written(value: Any) -> str:
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else str(value)


def tables_of(account: Account) -> set[str]:
    """The tables in which it was found."""
    return {line.split(":")[0] for line in found_of(account)}
