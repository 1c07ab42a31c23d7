"""HTTP to one server: its cookies and its CSRF token go to its own origin and nowhere else."""

import time
from collections.abc import Callable, Mapping
from http.cookiejar import Cookie
from typing import Final
from urllib.parse import urlsplit

import httpx

from backupweb_client import __version__
from backupweb_client.errors import (
    ClientError,
    NotSignedInError,
    ServerRefusedError,
    UnexpectedAnswerError,
    UnreachableError,
)
from backupweb_client.format.errors import DamagedObjectError
from backupweb_client.format.strict_json import Fields, parse_json

_TRIES: Final = 4
_FIRST_PAUSE: Final = 0.5  # seconds; doubles with every try
_LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
_BUSY: Final = (429, 502, 503, 504)
TIMEOUT: Final = httpx.Timeout(60.0, connect=10.0)


def server_origin(address: str) -> str:
    """`https://host[:port]` of what a person typed; plain HTTP only to this machine."""
    parts = urlsplit(address if "://" in address else f"https://{address}")
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
        raise ClientError(f"{address} is no address of a server.", "It looks like https://backup.example.org.")
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise ClientError("A sign-in password would travel readable over plain HTTP.", "Use the https:// address.")
    return f"{parts.scheme}://{parts.netloc}"


class Transport:
    """Requests that may be repeated: everything the server offers is idempotent."""

    def __init__(
        self,
        origin: str,
        *,
        cookies: httpx.Cookies | None = None,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.origin = origin
        self._sleep = sleep
        agent = {"User-Agent": f"backupweb-client/{__version__}", "Accept": "application/json"}
        self._own = httpx.Client(
            base_url=origin, cookies=cookies, transport=transport, timeout=TIMEOUT, headers=agent, trust_env=True
        )
        self._foreign = httpx.Client(transport=transport, timeout=TIMEOUT)

    def close(self) -> None:
        self._own.close()
        self._foreign.close()

    @property
    def cookies(self) -> list[Cookie]:
        return list(self._own.cookies.jar)

    def call(self, method: str, path: str, body: Mapping[str, object] | None = None) -> Fields:
        """JSON in, JSON out; a refusal of the server is raised with its code."""
        answer = self.raw(method, path, json=body)
        if answer.is_success:
            return read_fields(answer)
        raise refusal(answer)

    def raw(self, method: str, path: str, *, json: Mapping[str, object] | None = None) -> httpx.Response:
        return self._send(lambda: self._own.request(method, path, json=json, headers=self._headers(method)))

    def get_bytes(self, path: str, span: tuple[int, int] | None = None) -> httpx.Response:
        """Bytes of an object; `span` is first and last byte, both included. A store elsewhere may answer instead."""
        headers = {"Accept": "*/*"} | ({} if span is None else {"Range": f"bytes={span[0]}-{span[1]}"})
        answer = self._send(lambda: self._own.get(path, headers=headers))
        if answer.is_redirect and "location" in answer.headers:
            elsewhere = str(answer.url.join(answer.headers["location"]))
            return self._send(lambda: self._client_for(elsewhere).get(elsewhere, headers=headers))
        return answer

    def put_bytes(self, method: str, url: str, headers: Mapping[str, str], content: bytes) -> None:
        target = str(httpx.URL(self.origin).join(url))
        client = self._client_for(target)
        full = {"Content-Type": "application/octet-stream"} | dict(headers)
        if client is self._own:
            full |= self._headers(method)
        answer = self._send(lambda: client.request(method, target, content=content, headers=full))
        if not answer.is_success:
            raise refusal(answer)

    def _client_for(self, url: str) -> httpx.Client:
        return self._own if url.startswith(f"{self.origin}/") else self._foreign

    def _headers(self, method: str) -> dict[str, str]:
        if method == "GET":
            return {}
        token = next((cookie.value for cookie in self.cookies if cookie.name.endswith("csrftoken")), None)
        # Django compares the referrer when the connection is encrypted.
        return {"Referer": f"{self.origin}/"} | ({"X-CSRFToken": token} if token else {})

    def _send(self, request: Callable[[], httpx.Response]) -> httpx.Response:
        pause = _FIRST_PAUSE
        for tries_left in range(_TRIES - 1, -1, -1):
            try:
                answer = request()
            except httpx.TransportError as error:
                if not tries_left:
                    raise UnreachableError(self.origin) from error
            else:
                if answer.status_code not in _BUSY or not tries_left:
                    return answer
            self._sleep(pause)
            pause *= 2
        raise UnreachableError(self.origin)


def read_fields(answer: httpx.Response) -> Fields:
    try:
        return parse_json(answer.content)
    except DamagedObjectError as error:
        raise UnexpectedAnswerError(f"{answer.request.method} {answer.request.url.path}") from error


def refusal(answer: httpx.Response) -> ClientError:
    """The one error shape of the server as an exception."""
    try:
        error = parse_json(answer.content).inner("error")
        code, message = error.text("code"), error.text("message")
        inner = error.inner("params") if "params" in error.names() else None
        params = {} if inner is None else {name: inner.whole(name) for name in inner.names()}
    except DamagedObjectError:
        if answer.status_code in {401, 403}:
            return NotSignedInError()
        return UnexpectedAnswerError(f"{answer.request.method} {answer.request.url.path} ({answer.status_code})")
    if answer.status_code == 401:
        return NotSignedInError()
    return ServerRefusedError(answer.status_code, code, message, params)
