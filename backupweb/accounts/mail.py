"""Mail to one person, in their language. Whatever the post office lacks, nothing that was done fails with it."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django_tasks import task

from backupweb.accounts.models import Account

logger = logging.getLogger(__name__)

# A post office that was closed is asked again after each of these; then the letter is given up.
AGAIN = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(days=1))


def write(account: Account, template: str, **told: object) -> bool:
    """Hands `templates/<template>.txt` under `<template>_subject.txt` to the worker, which tries more than once.

    True when the letter was taken; without a worker it is sent at once, and False when the post office did not take
    it. Who has no address is not written to: that is no failure. Templates always know `name`.
    """
    if not account.email:
        return True
    return write_to(account.email, account.language, template, name=account.username, **told)


def write_to(address: str, language: str, template: str, **told: object) -> bool:
    """The same to somebody who has no account, such as one who is invited."""
    try:
        # A savepoint: a queue that cannot be written must not spoil the transaction around it.
        with transaction.atomic():
            # The whole letter: when it goes, its reason may be gone, or the account.
            job = deliver.enqueue(address, *_letter(language, template, told))
    except Exception:
        logger.exception("a letter could not be handed over")
        return False
    return bool(job.return_value) if job.is_finished else True


def send(account: Account, template: str, **told: object) -> bool:
    """The same at once, for whoever must know whether the post office took it."""
    told = {"name": account.username, **told}
    return not account.email or _send(account.email, *_letter(account.language, template, told))


@task
def deliver(address: str, subject: str, body: str, tried: int = 0) -> bool:
    """Sends one letter, or puts it in line once more."""
    if _send(address, subject, body):
        return True
    if not deliver.get_backend().supports_defer:
        return False
    if tried < len(AGAIN):
        deliver.using(run_after=timezone.now() + AGAIN[tried]).enqueue(address, subject, body, tried + 1)
    else:
        logger.error("a letter was given up: the post office did not take it for more than a day")
    return False


def _letter(language: str, template: str, told: dict[str, object]) -> tuple[str, str]:
    with translation.override(language or settings.LANGUAGE_CODE):
        subject = render_to_string(f"{template}_subject.txt", told).strip()
        parts = render_to_string(f"{template}.txt", told).strip(), render_to_string("mail/_foot.txt").strip()
        return f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{subject}", "\n\n".join(filter(None, parts)) + "\n"


def _send(address: str, subject: str, body: str) -> bool:
    try:
        send_mail(subject, body, None, [address])
    except Exception:
        logger.exception("a mail could not be sent")
        return False
    return True
