"""A password for the chats: set, typed on another device, guessed wrong and changed. No form of it leaves a browser."""

from __future__ import annotations

import base64
import json
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass
from urllib.parse import quote

import pytest
from backupweb_client.format.slots import password_wrapping_key
from playwright.sync_api import expect

from bench.site import Site
from tests.browser import person
from tests.browser.conftest import Device
from tests.browser.test_password import guess
from tests.vault.oracle import Costs, Secrets, open_record

NewDevice = Callable[..., Device]

#: With a ligature and wide digits: what is typed, and what it is taken for, are not the same bytes.
TYPED = "Kafﬁnesse unter dem Ahorn ４２"
WRONG = "Kafﬁnesse unter der Linde ４２"
CHANGED = "vierzehn Gäbeln im Regal"

#: What the vault keeps of the one account, opened with its own keys; the try that this takes is given back.
OPEN_RECORD = """
import json
from backupweb.vault.ledger import ledger
from backupweb.vault.models import VaultRecord
from backupweb.vault.opaque import credential_identifier
from backupweb.vault.sealed import Place, unseal
row = VaultRecord.objects.get()
spent = ledger().spend(account=row.account, record=row.record, pending=False)
ledger().restore(row.record)
opened = unseal(spent.key, Place(row.account, row.record, bytes(row.parameters)), bytes(row.sealed))
parts = {
    "setup": opened.setup.expose(),
    "upload": opened.password_file.expose(),
    "credential": credential_identifier(row.account, row.record).encode(),
    "parameters": bytes(row.parameters),
    "record": row.record.bytes,
}
print(json.dumps({name: part.hex() for name, part in parts.items()}))
"""


@dataclass(frozen=True)
class Kept:
    """A record as the vault sees it."""

    setup: bytes
    upload: bytes
    credential: bytes
    parameters: bytes
    record: bytes

    def secrets(self, password: str) -> Secrets:
        """What this password gives with this record; raises where it is another one's."""
        assert self.parameters[0] == 1
        costs = Costs(int.from_bytes(self.parameters[1:5], "big"), self.parameters[5], self.parameters[6])
        normal = unicodedata.normalize("NFKC", password).encode()
        return open_record(self.setup, self.upload, self.credential, normal, costs)


def kept_by_vault(site: Site) -> Kept:
    told = json.loads(site.manage("shell", "--no-imports", "-c", OPEN_RECORD).splitlines()[-1])
    return Kept(**{name: bytes.fromhex(part) for name, part in told.items()})


def written(secret: bytes) -> Iterator[bytes]:
    """Bytes in the forms in which they could stand in a message; base64 also in the middle of something longer."""
    yield secret
    yield secret.hex().encode()
    yield secret.hex().upper().encode()
    for before in range(3):
        text = base64.b64encode(bytes(before) + secret)
        # The digits at both ends hold bits of the neighbours as well.
        inner = text[(0, 2, 3)[before] :].rstrip(b"=")[:-1]
        yield inner
        yield inner.translate(bytes.maketrans(b"+/", b"-_"))


def typed_forms(password: str) -> Iterator[bytes]:
    """A typed password, and what it is taken for, in every encoding that a browser or a server might use."""
    for text in {password, unicodedata.normalize("NFKC", password), unicodedata.normalize("NFD", password)}:
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            yield from written(text.encode(encoding))
        for escaped in (json.dumps(text)[1:-1], quote(text), quote(text, safe="").replace("%20", "+")):
            yield escaped.encode()


@pytest.mark.one_database
def test_the_search_sees_what_stands_in_the_middle_of_base64() -> None:
    secret = bytes(range(100, 132))
    for before in range(5):
        message = base64.urlsafe_b64encode(bytes(before) + secret + b"more")
        assert any(form in message for form in written(secret))
    assert any(form in b'{"p": "K\\u00e4se im Regal"}' for form in typed_forms("Käse im Regal"))


@pytest.mark.one_database
def test_no_form_of_the_password_leaves_a_browser(new_device: NewDevice, site: Site) -> None:
    first, second = new_device(), new_device()
    person.sign_up(first, "password-anna")
    person.first_unlock(first)
    person.set_password(first, TYPED)
    before = kept_by_vault(site)

    page = person.sign_in(second, "password-anna", "/accounts/login/?next=/app/")
    guess(page, WRONG)
    expect(page.get_by_text("You have 9 guesses left")).to_be_visible()
    guess(page, TYPED)
    expect(page.get_by_role("heading", name="My chats")).to_be_visible()

    fields = first.page.locator("#password-section input")
    first.page.get_by_role("button", name="Change", exact=True).click()
    fields.first.fill(CHANGED)
    fields.nth(1).fill(CHANGED)
    first.page.get_by_role("button", name="Set password").click()
    expect(first.page.get_by_text("It was just tried once")).to_be_visible(timeout=person.LONG)
    after = kept_by_vault(site)
    page.reload()
    guess(page, CHANGED)
    expect(page.get_by_role("heading", name="My chats")).to_be_visible()
    page.wait_for_timeout(500)

    sent = first.sent + second.sent
    # The record is the one that went over the wire, and the search finds it there, and what a form did send.
    for kept in (before, after):
        assert any(form in message for form in written(kept.upload) for message in sent)
    for known in ("password-anna", person.PASSWORD):
        assert any(form in message for form in typed_forms(known) for message in sent)

    library = bytes.fromhex(first.page.evaluate("fetch('/api/keyring').then(answer => answer.json())")["library"])
    secrets = {form for password in (TYPED, WRONG, CHANGED) for form in typed_forms(password)}
    for kept, password in ((before, TYPED), (after, CHANGED)):
        found = kept.secrets(password)
        wrapping = password_wrapping_key(found.export_key, library, kept.record)
        secrets |= {form for part in (*astuple(found), wrapping) for form in written(part)}
    data = [path for path in (site.folder / "data").rglob("*") if path.is_file()]
    assert {path.name for path in data} >= {"ledger.sqlite3"}
    places = {
        "sent": sent,
        "log": [site.log.read_bytes()],
        "database": [site.database()],
        "files": [path.read_bytes() for path in data],
    }
    for secret in secrets:
        for place, contents in places.items():
            assert not any(secret in content for content in contents), f"{secret[:24]!r}… in {place}"
