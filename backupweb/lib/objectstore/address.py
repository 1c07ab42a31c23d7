"""A store's address and secrets, taken apart: what does not fit stops the start, and is not repeated."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from backupweb.lib.secret import SecretBytes


@dataclass(frozen=True)
class Address:
    """`scheme://host/path?query`, and the two secrets that belong to it. `setting`: what it is called."""

    setting: str
    text: str
    key: SecretBytes | None
    secret: SecretBytes | None

    @property
    def scheme(self) -> str:
        return urlsplit(self.text).scheme

    @property
    def host(self) -> str:
        """The bucket, container, folder or machine."""
        return urlsplit(self.text).hostname or ""

    @property
    def port(self) -> int | None:
        try:
            return urlsplit(self.text).port
        except ValueError as error:
            raise self.malformed("an address whose port is a number") from error

    @property
    def user(self) -> str:
        return unquote(urlsplit(self.text).username or "")

    @property
    def path(self) -> str:
        """Without the slashes around it."""
        return urlsplit(self.text).path.strip("/")

    def takes(self, form: str, *allowed: str, credentials: bool = False) -> dict[str, str]:
        """What stands behind the question mark; refuses anything that `form` does not have."""
        parts = urlsplit(self.text)
        query = parse_qs(parts.query, keep_blank_values=True)
        known = set(query) <= set(allowed) and all(len(values) == 1 and values[0] for values in query.values())
        if not parts.hostname or not known or parts.fragment or parts.password or (parts.username and not credentials):
            raise self.malformed(form)
        return {name: values[0] for name, values in query.items()}

    def needs(self, what: str, part: str) -> str:
        """One of the two secrets as text."""
        found = self.key if part == "KEY" else self.secret
        if found is None:
            raise ImproperlyConfigured(f"{self.setting}_{part} or {self.setting}_{part}_FILE must be {what}")
        try:
            return found.expose().decode()
        except UnicodeDecodeError as error:
            raise ImproperlyConfigured(f"{self.setting}_{part} must be {what}") from error

    def malformed(self, wanted: str, part: str = "") -> ImproperlyConfigured:
        """The sentence that stops the start."""
        return ImproperlyConfigured(f"{self.setting}{part and '_'}{part} must be {wanted}")
