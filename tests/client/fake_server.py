"""The server of the client's tests: the calls of the HTTP contract over dictionaries, in this process."""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
from backupweb_client.format.wire import from_base64url, to_base64url

ORIGIN = "http://localhost:8000"
_CSRF = "token-of-the-test"


@dataclass
class StoredObject:
    kind: str
    size: int
    sha256: str
    content: bytes | None = None

    @property
    def state(self) -> str:
        return "expected" if self.content is None else "stored"


@dataclass
class FakeServer:
    """Alice's account; everything is public, so that a test can play the hostile operator."""

    name: str = "alice"
    password: str = "a sign-in password"
    second_factor: str | None = None
    limit: int = 1 << 30
    keyring: dict[str, Any] | None = None
    heads: list[bytes] = field(default_factory=list)
    objects: dict[str, StoredObject] = field(default_factory=dict)
    commits: list[dict[str, Any]] = field(default_factory=list)
    abandoned: list[str] = field(default_factory=list)
    requests: list[httpx.Request] = field(default_factory=list)
    before_commit: Callable[[], None] | None = None
    fail_after_puts: int | None = None
    signed_in: bool = False
    pending_factor: bool = False
    puts: int = 0

    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        path = request.url.path
        if path.startswith("/_allauth/"):
            return self._sign_in(request, path.removeprefix("/_allauth/browser/v1"))
        if not self.signed_in or "sessionid=alice" not in request.headers.get("cookie", ""):
            return _error(401, "accounts.not_signed_in")
        if request.method != "GET" and request.headers.get("x-csrftoken") != _CSRF:
            return _error(403, "csrf")
        if path.startswith("/objects/"):
            return self._object(request, path.removeprefix("/objects/"))
        body = json.loads(request.content) if request.content else {}
        return self._api(request.method, path, body)

    def _sign_in(self, request: httpx.Request, path: str) -> httpx.Response:
        cookies = {"set-cookie": f"csrftoken={_CSRF}; Path=/"}
        if path == "/config":
            return httpx.Response(200, json={"status": 200, "data": {}}, headers=cookies)
        if request.headers.get("x-csrftoken") != _CSRF:
            return httpx.Response(403)
        if path == "/auth/session":
            self.signed_in = False
            return httpx.Response(401, json={"status": 401, "data": {"flows": []}})
        body = json.loads(request.content)
        session = {"set-cookie": "sessionid=alice; HttpOnly; Path=/"}
        if path == "/auth/2fa/authenticate" and self.pending_factor:
            if body != {"code": self.second_factor}:
                return httpx.Response(400, json={"status": 400, "errors": []})
            self.signed_in = True
            return httpx.Response(200, json={"status": 200, "data": {}}, headers=session)
        if body != {"username": self.name, "password": self.password}:
            return httpx.Response(400, json={"status": 400, "errors": []})
        if self.second_factor is not None:
            self.pending_factor = True
            flows = [{"id": "login"}, {"id": "mfa_authenticate", "is_pending": True}]
            return httpx.Response(401, json={"status": 401, "data": {"flows": flows}})
        self.signed_in = True
        return httpx.Response(200, json={"status": 200, "data": {}}, headers=session)

    def _api(self, method: str, path: str, body: dict[str, Any]) -> httpx.Response:
        match method, path:
            case "GET", "/api/account":
                used = sum(each.size for each in self.objects.values())
                return _ok({"id": "1", "name": self.name, "quota": {"limit": self.limit, "used": used, "reserved": 0}})
            case "GET", "/api/keyring":
                return _error(404, "keyring.none") if self.keyring is None else _ok(self.keyring)
            case "POST", "/api/keyring":
                self.keyring = body
                return _ok(body, 201)
            case "POST", "/api/objects/begin":
                return self._begin(body["objects"])
            case "POST", "/api/objects/finish":
                return _ok({"objects": [self._state(identity) for identity in body["ids"]]})
            case "GET", "/api/objects":
                return _ok({"objects": [self._state(identity) for identity in self.objects]})
            case "GET", "/api/head":
                return self._head(len(self.heads)) if self.heads else _error(404, "backups.no_head")
            case "POST", "/api/commit":
                return self._commit(body)
            case "POST", "/api/abandon":
                self.abandoned += body["ids"]
                return _ok({})
        if found := re.fullmatch(r"/api/heads/(\d+)", path):
            return self._head(int(found[1]))
        return _error(404, "not_found")

    def _begin(self, announced: list[dict[str, Any]]) -> httpx.Response:
        used = sum(each.size for each in self.objects.values())
        missing = used + sum(each["size"] for each in announced) - self.limit
        if missing > 0:
            return _error(413, "backups.quota_exceeded", {"missing": missing})
        tickets = []
        for each in announced:
            known = self.objects.setdefault(each["id"], StoredObject(each["kind"], each["size"], each["sha256"]))
            ticket = {"id": each["id"], "state": known.state, "method": "PUT", "url": f"/objects/{each['id']}"}
            tickets.append(ticket | {"headers": {}})
        return _ok({"tickets": tickets})

    def _state(self, identity: str) -> dict[str, Any]:
        known = self.objects[identity]
        return {"id": identity, "kind": known.kind, "state": known.state, "size": known.size, "sha256": known.sha256}

    def _object(self, request: httpx.Request, identity: str) -> httpx.Response:
        known = self.objects.get(identity)
        if known is None:
            return _error(404, "backups.no_object")
        if request.method == "PUT":
            self.puts += 1
            if self.fail_after_puts is not None and self.puts > self.fail_after_puts:
                return _error(409, "backups.wrong_hash")
            content = request.content
            if (len(content), hashlib.sha256(content).hexdigest()) != (known.size, known.sha256):
                return _error(409, "backups.wrong_hash")
            known.content = content
            return httpx.Response(204)
        if known.content is None:
            return _error(404, "backups.no_object")
        if found := re.fullmatch(r"bytes=(\d+)-(\d+)", request.headers.get("range", "")):
            return httpx.Response(206, content=known.content[int(found[1]) : int(found[2]) + 1])
        return httpx.Response(200, content=known.content)

    def _head(self, sequence: int) -> httpx.Response:
        if not 1 <= sequence <= len(self.heads) or not self.heads[sequence - 1]:
            return _error(404, "backups.no_head")
        sealed = self.heads[sequence - 1]
        digest = hashlib.sha256(sealed).hexdigest()
        return _ok({"sequence": sequence, "sealed": to_base64url(sealed), "sha256": digest})

    def _commit(self, body: dict[str, Any]) -> httpx.Response:
        if self.before_commit is not None:
            act, self.before_commit = self.before_commit, None
            act()
        if body["sequence"] != len(self.heads) + 1:
            return _error(409, "backups.head_moved", {"sequence": len(self.heads)})
        for addition in body["add"]:
            for identity in (addition["snapshot"], *addition["objects"]):
                if identity not in self.objects or self.objects[identity].content is None:
                    return _error(409, "backups.not_stored")
        self.heads.append(from_base64url(body["sealed"]))
        self.commits.append(body)
        return _ok({"sequence": body["sequence"], "sha256": hashlib.sha256(self.heads[-1]).hexdigest()}, 201)

    def change_key(self, epoch: int, check: bytes, sealed: bytes) -> None:
        """As another device did it; the heads before are gone."""
        assert self.keyring is not None
        self.keyring = self.keyring | {"epoch": epoch, "check": to_base64url(check), "slots": []}
        self.heads = [*(b"" for _ in self.heads), sealed]

    def stored(self, kind: str) -> list[StoredObject]:
        return [each for each in self.objects.values() if each.kind == kind]


def _ok(body: dict[str, Any], status: int = 200) -> httpx.Response:
    return httpx.Response(status, json=body)


def _error(status: int, code: str, params: dict[str, int] | None = None) -> httpx.Response:
    error: dict[str, Any] = {"code": code, "message": "A sentence."}
    return httpx.Response(status, json={"error": error | ({"params": params} if params else {})})
