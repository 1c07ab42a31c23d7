"""Signing in with django-allauth's headless browser API, and keeping the session between runs."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http.cookiejar import Cookie
from pathlib import Path
from typing import Final

import httpx

from backupweb_client.errors import ClientError, NotSignedInError, UnexpectedAnswerError
from backupweb_client.format.errors import DamagedObjectError
from backupweb_client.format.strict_json import Fields, parse_json
from backupweb_client.places import write_private
from backupweb_client.server.transport import Transport, read_fields

_API: Final = "/_allauth/browser/v1"


@dataclass(frozen=True)
class StoredSession:
    origin: str
    cookies: httpx.Cookies


def sign_in(transport: Transport, name: str, password: str, ask_code: Callable[[], str]) -> None:
    """Signs in with user name or e-mail; `ask_code` is asked when the account has a second factor."""
    config = transport.raw("GET", f"{_API}/config")  # also hands out the CSRF token
    if config.status_code != 200:
        raise UnexpectedAnswerError("sign-in")
    answer = _log_in(transport, name, password)
    if answer.status_code == 401 and "mfa_authenticate" in _pending(read_fields(answer)):
        answer = transport.raw("POST", f"{_API}/auth/2fa/authenticate", json={"code": ask_code().strip()})
        if answer.status_code == 400:
            raise ClientError("This code is not right.", "Take the newest one from your authenticator.")
    _check(answer)


def _log_in(transport: Transport, name: str, password: str) -> httpx.Response:
    field = "email" if "@" in name else "username"
    answer = transport.raw("POST", f"{_API}/auth/login", json={field: name, "password": password})
    if answer.status_code == 409:  # somebody is signed in already
        transport.raw("DELETE", f"{_API}/auth/session")
        answer = transport.raw("POST", f"{_API}/auth/login", json={field: name, "password": password})
    return answer


def _check(answer: httpx.Response) -> None:
    match answer.status_code:
        case 200:
            return
        case 400:
            raise ClientError("Name and password do not fit together.", "Check both; it is the sign-in password.")
        case 401 if "verify_email" in _pending(read_fields(answer)):
            raise ClientError("Your e-mail address is not confirmed yet.", "Open the link in the mail, then try again.")
        case 401 if not _pending(read_fields(answer)):
            raise ClientError("This account is suspended; nothing was deleted.", "Ask whoever runs the server.")
        case 429:
            raise ClientError("Too many tries.", "Wait a few minutes.")
        case _:
            raise ClientError("The server wants another way to sign in.", "Sign in on the site once, then try again.")


def sign_out(transport: Transport) -> None:
    transport.raw("DELETE", f"{_API}/auth/session")  # answers 401 when it worked


def _pending(fields: Fields) -> list[str]:
    """Names of the steps that are still missing."""
    try:
        flows = fields.inner("data").inners("flows")
        return [flow.text("id") for flow in flows if "is_pending" in flow.names()]
    except DamagedObjectError as error:
        raise UnexpectedAnswerError("sign-in") from error


def save_session(path: Path, origin: str, cookies: Sequence[Cookie]) -> None:
    kept = [
        {"name": cookie.name, "value": cookie.value or "", "domain": cookie.domain, "path": cookie.path}
        for cookie in cookies
    ]
    write_private(path, json.dumps({"server": origin, "cookies": kept}, indent=2) + "\n")


def load_session(path: Path) -> StoredSession:
    try:
        fields = parse_json(path.read_bytes())
        cookies = httpx.Cookies()
        for each in fields.inners("cookies"):
            cookies.set(each.text("name"), each.text("value"), domain=each.text("domain"), path=each.text("path"))
        return StoredSession(fields.text("server"), cookies)
    except (FileNotFoundError, DamagedObjectError) as error:
        raise NotSignedInError from error
