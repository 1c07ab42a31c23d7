"""The object store, what was promised of it, and the disk."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from backupweb.accounts import selectors as accounts
from backupweb.lib import objectstore
from backupweb.lib.objectstore import direct
from backupweb.lib.sizes import in_words
from backupweb.ops.doctor.finding import Finding, State

_LITTLE = 2**30


def store_gives_back() -> Iterator[Finding]:
    """Writes, reads, reads a piece, and deletes."""
    kind = urlsplit(settings.BACKUPWEB_STORE).scheme
    try:
        fault = _try_out()
    except Exception as error:  # every kind of store has errors of its own
        yield Finding("store", State.TROUBLE, f"It cannot be used ({type(error).__name__}).", _next(kind))
        return
    if fault:
        yield Finding("store", State.TROUBLE, fault, "What stands in front of the store changes what it is given.")
    else:
        yield Finding("store", State.WELL, f"The store ({kind}) takes, gives back, gives pieces and deletes.")


def _try_out() -> str:
    store, content = objectstore.open_store(), secrets.token_bytes(4096)
    with objectstore.laid(store, content) as name:
        if b"".join(store.read(name, 0, len(content))) != content:
            return "It does not give back what it was given."
        if b"".join(store.read(name, 1000, 24)) != content[1000:1024]:
            return "It does not give pieces: every picture in a chat would be a whole pack."
    return "" if store.size(name) is None else "It does not delete."


def _next(kind: str) -> str:
    if kind == "file":
        return "Is the folder of BACKUPWEB_STORE there (mounted?), may this user write in it, is the disk not full?"
    return "Do address and bucket in BACKUPWEB_STORE fit, and BACKUPWEB_STORE_KEY and _SECRET? Has a token expired?"


# By the code of docs/operations.md, "Carrying the bytes": what is so, and what to do.
_DIRECT = {
    "direct.not_enforced": (
        "The store takes other bytes than were signed, so uploads go through this site.",
        "Use a store that checks SHA-256, or set BACKUPWEB_TRANSFER=proxy.",
    ),
    "direct.unreachable": (
        "Nothing answers at the store's public address, as seen from here.",
        "Is BACKUPWEB_STORE_PUBLIC right, and does its name resolve here?",
    ),
    "direct.put": (
        "The public address does not take what was signed for it.",
        "A proxy in front may change the host or the query: let it pass both on.",
    ),
    "direct.get": (
        "The public address does not give pieces of what was signed for it.",
        "A proxy in front may change the host or the query: let it pass both on.",
    ),
    "direct.cors": ("Browsers on this site are not let in by the store.", "Run `manage.py doctor --fix`."),
    "direct.cors_too_wide": ("The store lets in pages of any other site too.", "Run `manage.py doctor --fix`."),
}


def bytes_go_straight() -> Iterator[Finding]:
    """Direct transfer, where it is configured: a real PUT, a real GET, and what a browser would be told."""
    if settings.BACKUPWEB_TRANSFER != "direct":
        return
    codes = direct.direct_transfer_trouble()
    for code in codes:
        says, next_step = _DIRECT[code]
        # The site works all the same: pages turn to it where the straight way fails.
        yield Finding("direct transfer", State.CARE, says, next_step)
    if not codes:
        yield Finding("direct transfer", State.WELL, "Browsers and the store exchange bytes without this site.")


def room_is_there() -> Iterator[Finding]:
    """What people may still bring, beside what there is room for."""
    parts, outstanding = urlsplit(settings.BACKUPWEB_STORE), accounts.room_promised()
    if parts.scheme != "file":
        yield Finding("room", State.WELL, f"People may still bring {in_words(outstanding)}; the store says no limit.")
        return
    free = shutil.disk_usage(_nearest(Path(parts.path))).free
    said = f"People may still bring {in_words(outstanding)}, and {in_words(free)} are free."
    if free < outstanding:
        yield Finding("room", State.CARE, said, "Watch it: a larger disk, or smaller quotas, before it is full.")
    else:
        yield Finding("room", State.WELL, said)


def disk_has_room() -> Iterator[Finding]:
    """A full disk stops the databases first."""
    usage = shutil.disk_usage(_nearest(settings.BACKUPWEB_DATA))
    said = f"{in_words(usage.free)} are free where {settings.BACKUPWEB_DATA} lies."
    if usage.free < _LITTLE:
        yield Finding("disk", State.TROUBLE, said, "Make room now: with a full disk nothing can be saved.")
    elif usage.free < usage.total // 20:
        yield Finding("disk", State.CARE, said, "Less than a twentieth is left: plan a larger disk.")
    else:
        yield Finding("disk", State.WELL, said)


def _nearest(path: Path) -> Path:
    return next(folder for folder in (path, *path.parents) if folder.is_dir())
