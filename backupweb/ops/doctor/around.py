"""What stands around the site: Redis, the post office, and the proxy as people see it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx
import redis
from django.conf import settings
from django.core.mail import get_connection, send_mail

from backupweb.ops.doctor.finding import Finding, State

_PATIENCE = 10.0
_MUCH = 30.0


def redis_answers() -> Iterator[Finding]:
    """Only where it is configured."""
    if not settings.SEVERAL_PROCESSES:
        yield Finding("redis", State.WELL, "No Redis is set: right for one web process.")
        return
    try:
        address = settings.CACHES["default"]["LOCATION"]
        redis.Redis.from_url(address, socket_timeout=_PATIENCE).ping()
    except (redis.RedisError, OSError) as error:
        yield Finding(
            "redis",
            State.TROUBLE,
            f"Redis does not answer ({type(error).__name__}). The site goes on, open pages hear of news later.",
            "Does it run, and does BACKUPWEB_REDIS_URL fit?",
        )
    else:
        yield Finding("redis", State.WELL, "Redis answers.")


def post_office_answers() -> Iterator[Finding]:
    """Signs in at the post office, and sends nothing."""
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        yield Finding(
            "mail",
            State.CARE,
            "Letters are not sent: they are written to the log or kept in memory.",
            "Set BACKUPWEB_EMAIL_URL; then try `manage.py doctor --mail you@example.org`.",
        )
        return
    try:
        with get_connection(timeout=_PATIENCE):
            pass
    except Exception as error:  # smtplib, ssl and sockets have errors of many kinds
        yield Finding(
            "mail",
            State.TROUBLE,
            f"The post office does not let us in ({type(error).__name__}).",
            "Do host, port, user and password in BACKUPWEB_EMAIL_URL fit? smtp+tls:// is for 587, smtp+ssl:// for 465.",
        )
    else:
        yield Finding("mail", State.WELL, "The post office lets us in.")


def letter_is_taken(address: str) -> Iterator[Finding]:
    """Sends one."""
    try:
        send_mail(f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}doctor", "Letters arrive.", None, [address])
    except Exception as error:
        says = f"The post office did not take a letter ({type(error).__name__})."
        yield Finding("letter", State.TROUBLE, says, "May BACKUPWEB_EMAIL_FROM be used with this account there?")
    else:
        yield Finding("letter", State.WELL, "A letter was taken. Look whether it arrives, also among unwanted mail.")


def seen_from_outside(origin: str) -> Iterator[Finding]:
    """Asks as a browser does, through whatever stands in front."""
    try:
        answer = httpx.get(f"{origin}/healthz", timeout=_PATIENCE, trust_env=False)
    except httpx.HTTPError as error:
        yield Finding(
            "outside",
            State.TROUBLE,
            f"{origin} does not answer ({type(error).__name__}).",
            "Does the name point here, does the proxy run, is its certificate valid, is the port open?",
        )
        return
    if answer.status_code != httpx.codes.OK or answer.headers.get("content-type") != "application/json":
        yield Finding(
            "outside",
            State.TROUBLE,
            f"{origin}/healthz answers {answer.status_code}, but it is not this site that answers.",
            "Does the proxy pass everything on, with the name that people typed (`Host`)? Is BACKUPWEB_URL right?",
        )
        return
    yield Finding("outside", State.WELL, f"{origin} answers.")
    yield from _knows_https(origin, answer)
    yield from _sockets_pass(origin)
    yield from _same_time(answer)


def _knows_https(origin: str, answer: httpx.Response) -> Iterator[Finding]:
    if not origin.startswith("https://"):
        return
    if "strict-transport-security" in answer.headers:
        yield Finding("https", State.WELL, "The site knows that people come by HTTPS.")
    else:
        yield Finding(
            "https",
            State.TROUBLE,
            "The site does not know that people come by HTTPS: signing in will be refused as a forgery.",
            "The proxy must set X-Forwarded-Proto, and BACKUPWEB_PROXIES must count it (1 for one proxy).",
        )


def _sockets_pass(origin: str) -> Iterator[Finding]:
    host = urlsplit(origin).netloc
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "YmFja3Vwd2ViIGRvY3Rvcg==",
        "Origin": f"https://not.{host}",  # so that it is refused: a refusal is an answer of the socket's side too
    }
    status = httpx.get(f"{origin}/ws/events", headers=upgrade, timeout=_PATIENCE, trust_env=False).status_code
    if status == httpx.codes.FORBIDDEN:
        yield Finding("websockets", State.WELL, "WebSockets pass.")
    else:
        yield Finding(
            "websockets",
            State.CARE,
            f"WebSockets do not pass (answer {status}): open pages hear of news later, pairing is slower.",
            "The proxy must pass on `Upgrade` and `Connection` (docs/operations.md has the lines).",
        )


def _same_time(answer: httpx.Response) -> Iterator[Finding]:
    told = answer.headers.get("date")
    apart = abs((parsedate_to_datetime(told) - datetime.now(UTC)).total_seconds()) if told else 0.0
    if apart > _MUCH:
        says = f"Whoever answers from outside disagrees about the time by {apart:.0f} seconds."
        yield Finding("clock", State.CARE, says, "Switch on time synchronisation on both machines.")
