"""What a duty counted, in words: `3 objects, 12 MB`."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from backupweb.lib.sizes import in_words

WORDS: dict[str, str | Promise] = {
    "objects": _("objects"),
    "reservations": _("reservations"),
    "discarded_names": _("discarded names"),
    "spool_files": _("unfinished uploads"),
    "mailboxes": _("mailboxes"),
    "security_events": _("security events"),
    "forgotten_accounts": _("forgotten accounts"),
    "sessions": _("sessions"),
    "jobs": _("jobs"),
    "runs": _("runs"),
    "checked": _("checked"),
    "missing": _("missing"),
    "damaged": _("damaged"),
    "orphans": _("orphans"),
    "deleted": _("deleted"),
    "sent": _("sent"),
    "moved": _("moved"),
    "accounts": _("accounts"),
}


def counts_in_words(counts: Mapping[str, int]) -> str:
    """Only what was more than nothing; a name that nobody gave words to is shown as it is."""
    told = []
    for name, number in counts.items():
        if name == "bytes" and number:
            told.append(in_words(number))
        elif number:
            told.append(f"{number_format(number, force_grouping=True)} {WORDS.get(name, name.replace('_', ' '))}")
    return ", ".join(told) or _now("nothing to do")
