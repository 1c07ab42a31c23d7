"""Mail to one person, in their language. Whatever the post office lacks, nothing that was done fails with it."""

from __future__ import annotations

import logging

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import translation

from backupweb.accounts.models import Account

logger = logging.getLogger(__name__)


def write(account: Account, template: str, **told: object) -> bool:
    """Sends `templates/<template>.txt` under `<template>_subject.txt`; False when the post office did not take it.

    Who has no address is not written to: that is no failure. Templates always know `name`.
    """
    if not account.email:
        return True
    told = {"name": account.username, **told}
    with translation.override(account.language or settings.LANGUAGE_CODE):
        subject = render_to_string(f"{template}_subject.txt", told).strip()
        body = render_to_string(f"{template}.txt", told)
    try:
        send_mail(f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{subject}", body, None, [account.email])
    except Exception:
        logger.exception("a mail could not be sent")
        return False
    return True
