"""The admin's sidebar: five groups in the words of the glossary."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django_vite.templatetags.django_vite import vite_asset_url

from backupweb.accounts import selectors


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """Called by the admin's theme."""
    groups = [
        _group("", ("admin:index", _("Overview"), "home")),
        _group(
            _("People"),
            ("admin:accounts_account_changelist", _("Accounts"), "group"),
            ("admin:accounts_quotarequest_changelist", _("Requests for more room"), "move_to_inbox"),
            ("admin:accounts_plan_changelist", _("Plans"), "layers"),
            ("admin:accounts_invitation_changelist", _("Invitations"), "mail"),
        ),
        _group(
            _("Store"),
            ("admin:backups_sealedobject_changelist", _("Sealed objects"), "inventory_2"),
            ("admin:backups_snapshot_changelist", _("Snapshots"), "photo_camera"),
        ),
    ]
    if settings.BACKUPWEB_VAULT_URL is None:
        groups.append(
            _group(
                _("Key vault"),
                ("admin:vault_vaultrecord_changelist", _("Passwords"), "key"),
                ("admin:vault_guessbudget_changelist", _("Guesses left"), "pin"),
                ("admin:vault_tombstone_changelist", _("Erased by guesses"), "delete_forever"),
            )
        )
    groups.append(
        _group(
            _("Looking after it"),
            ("admin:ops_securityevent_changelist", _("Security events"), "shield"),
            ("admin:ops_run_changelist", _("Duties"), "schedule"),
            ("admin:auditlog_logentry_changelist", _("Audit log"), "history"),
        )
    )
    return groups


def waiting(request: HttpRequest) -> str:
    """How many wishes for more room wait; nothing where none does."""
    return str(selectors.undecided_requests().count() or "")


def icon(request: HttpRequest) -> str:
    """The picture of the browser's tab."""
    return str(vite_asset_url("src/ui/pictures/icon.svg"))


def _group(title: str, *items: tuple[str, str, str]) -> dict[str, Any]:
    entries = [{"title": words, "icon": icon, "link": reverse(name)} for name, words, icon in items]
    for entry in entries:
        if "quotarequest" in entry["link"]:
            entry |= {"badge": "backupweb.ops.navigation.waiting", "badge_variant": "primary"}
    return {"title": title, "separator": False, "items": entries}
