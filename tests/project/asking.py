"""Carries what schemathesis asks to Django in this process, as one person of the cast."""

from __future__ import annotations

import io
from typing import Any

import requests
from django.core.cache import cache
from django.test import Client
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse

from tests.people import Person

HERE = "http://testserver"


class InProcess(BaseAdapter):
    """One person's browser. A fault is an answer with 500, as on a server, and no call wears out a rate limit."""

    def __init__(self, person: Person | None) -> None:
        super().__init__()
        self.client = Client(raise_request_exception=False)
        self.token = ""
        if person is not None:
            self.client.cookies, self.token = person.client.cookies, person.token

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        cache.clear()
        body = request.body or b""
        headers = {name: str(value) for name, value in request.headers.items() if name.lower() != "cookie"}
        answer = self.client.generic(
            str(request.method),
            request.path_url,
            body.encode() if isinstance(body, str) else body,
            content_type=headers.pop("Content-Type", ""),
            headers={**headers, **({"X-CSRFToken": self.token} if self.token else {})},
        )
        told = requests.Response()
        told.status_code, told.request, told.url = answer.status_code, request, str(request.url)
        told.headers.update(answer.headers)
        told.raw = HTTPResponse(io.BytesIO(answer.content), answer.headers, answer.status_code, preload_content=False)
        return told

    def close(self) -> None:
        """Nothing is open."""


def session_of(person: Person | None) -> requests.Session:
    """A session that asks as `person`; as nobody without one."""
    session = requests.Session()
    session.mount(HERE, InProcess(person))
    return session
