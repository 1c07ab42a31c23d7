"""The KEK, in files and in a token: what it wraps opens in its place only, and what is destroyed opens nothing."""

from __future__ import annotations

import secrets
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pkcs11
import pytest
from django.conf import settings
from django.core.management import call_command
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from backupweb.lib.secret import SecretBytes
from backupweb.vault.errors import VaultErased, VaultUnavailable
from backupweb.vault.kek import FileKeks, Keks, KeyGone, keks
from backupweb.vault.token import TokenKeks
from tests.vault import token
from tests.vault.client import VaultClient
from tests.vault.processes import in_threads, start
from tests.vault.test_guesses import ke2_is_given

KEY = SecretBytes(bytes(range(32)))


@pytest.fixture(scope="module")
def softhsm(tmp_path_factory: pytest.TempPathFactory) -> None:
    token.library()
    token.make_folder(tmp_path_factory.mktemp("softhsm"))


@pytest.fixture
def label(softhsm: None) -> Iterator[str]:
    """A token of its own for every test: libraries notice new ones when they are asked for slots."""
    name = f"vault-{uuid4().hex[:8]}"
    token.make_token(name)
    token.look_anew()
    _reread()
    yield name
    token.look_anew()


def _reread() -> None:
    pkcs11.lib(str(token.library())).reinitialize()


@pytest.fixture(params=["files", "token"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Keks]:
    if request.param == "files":
        yield FileKeks(tmp_path)
        return
    with token.in_token(request.getfixturevalue("label")):
        found = keks(tmp_path)
        assert isinstance(found, TokenKeks)
        yield found


def test_what_is_wrapped_opens_under_its_epoch_and_in_its_place(kept: Keks) -> None:
    assert kept.epochs() == set()
    kept.make(1)
    kept.make(2)
    assert kept.epochs() == {1, 2}
    wrapped = kept.wrap(1, KEY, b"alice")
    assert len(wrapped) == 1 + 12 + 32 + 16
    assert kept.unwrap(1, wrapped, b"alice") == KEY
    assert kept.wrap(1, KEY, b"alice") != wrapped
    for epoch, place in ((2, b"alice"), (1, b"bob"), (3, b"alice")):
        with pytest.raises(KeyGone):
            kept.unwrap(epoch, wrapped, place)
    assert kept.unwrap(1, wrapped, b"alice") == KEY


def test_every_changed_byte_and_every_truncation_is_refused(kept: Keks) -> None:
    kept.make(1)
    wrapped = kept.wrap(1, KEY, b"alice")
    for place in range(len(wrapped)):
        with pytest.raises(KeyGone):
            kept.unwrap(1, wrapped[:place] + bytes([wrapped[place] ^ 1]) + wrapped[place + 1 :], b"alice")
        with pytest.raises(KeyGone):
            kept.unwrap(1, wrapped[:place], b"alice")
    assert kept.unwrap(1, wrapped, b"alice") == KEY


def test_a_destroyed_kek_opens_nothing_and_is_destroyed_twice_without_harm(kept: Keks) -> None:
    kept.make(1)
    wrapped = kept.wrap(1, KEY, b"alice")
    kept.destroy(1)
    kept.destroy(1)
    kept.destroy(7)
    assert kept.epochs() == set()
    with pytest.raises(KeyGone):
        kept.unwrap(1, wrapped, b"alice")
    kept.make(1)
    with pytest.raises(KeyGone):
        kept.unwrap(1, wrapped, b"alice")


def test_a_kek_destroyed_by_another_process_is_gone_here_too(kept: Keks) -> None:
    kept.make(1)
    kept.make(2)
    wrapped = [kept.wrap(epoch, KEY, b"alice") for epoch in (1, 2)]

    def elsewhere(mark: Callable[[], None]) -> None:
        kept.destroy(1)
        kept.make(3)
        mark()

    assert start(elsewhere).wait().marks == 1
    with pytest.raises(KeyGone):
        kept.unwrap(1, wrapped[0], b"alice")
    assert kept.unwrap(2, wrapped[1], b"alice") == KEY
    assert kept.epochs() == {2, 3}


def test_many_threads_in_many_processes_wrap_and_open_at_once(kept: Keks) -> None:
    kept.make(1)

    def there_and_back() -> bool:
        key = SecretBytes(secrets.token_bytes(32))
        place = secrets.token_bytes(16)
        wrapped = kept.wrap(1, key, place)
        with pytest.raises(KeyGone):
            kept.unwrap(1, wrapped, b"elsewhere")
        return kept.unwrap(1, wrapped, place) == key

    def work(mark: Callable[[], None]) -> None:
        for right in in_threads(300, there_and_back, at_once=12):
            if right:
                mark()

    children = [start(work) for _ in range(3)]
    assert all(in_threads(300, there_and_back, at_once=12))
    assert [child.wait().marks for child in children] == [300, 300, 300]


@given(key=st.binary(min_size=32, max_size=32), place=st.binary(max_size=80))
@hypothesis_settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_wrapped_comes_back(kept: Keks, key: bytes, place: bytes) -> None:
    if not kept.epochs():
        kept.make(1)
    assert kept.unwrap(1, kept.wrap(1, SecretBytes(key), place), place).expose() == key


def test_files_are_their_owner_s_alone(tmp_path: Path) -> None:
    FileKeks(tmp_path).make(1)
    assert stat.S_IMODE((tmp_path / "kek-1").stat().st_mode) == 0o600
    assert len((tmp_path / "kek-1").read_bytes()) == 32


def test_a_damaged_file_is_no_reason_to_erase(tmp_path: Path) -> None:
    found = FileKeks(tmp_path)
    found.make(1)
    wrapped = found.wrap(1, KEY, b"alice")
    (tmp_path / "kek-1").write_bytes(b"short")
    with pytest.raises(VaultUnavailable):
        found.unwrap(1, wrapped, b"alice")


def test_a_half_made_kek_is_none(tmp_path: Path) -> None:
    (tmp_path / "kek-new").write_bytes(b"cut off")
    found = FileKeks(tmp_path)
    assert found.epochs() == set()
    found.make(1)
    assert found.epochs() == {1}


# ---------------------------------------------------------------- the token


def test_a_token_s_kek_never_leaves_it(label: str, tmp_path: Path) -> None:
    with token.in_token(label):
        found = keks(tmp_path)
        assert isinstance(found, TokenKeks)
        found.make(1)
        key = found._key(1)
        told = [
            key[which]
            for which in (
                pkcs11.Attribute.SENSITIVE,
                pkcs11.Attribute.ALWAYS_SENSITIVE,
                pkcs11.Attribute.NEVER_EXTRACTABLE,
                pkcs11.Attribute.LOCAL,
            )
        ]
        assert told == [True, True, True, True]
        with pytest.raises(pkcs11.AttributeSensitive):
            _ = key[pkcs11.Attribute.VALUE]
        assert not list(tmp_path.iterdir())


def test_a_token_that_cannot_be_reached_erases_nothing(label: str, tmp_path: Path) -> None:
    for name, pin in (("no-such-token", token.PIN), (label, "000000")):
        token.look_anew()
        with token.in_token(name, pin), pytest.raises(VaultUnavailable):
            keks(tmp_path).epochs()
    token.look_anew()
    with token.in_token(label):
        assert keks(tmp_path).epochs() == set()


@pytest.mark.django_db(databases=["vault", "default"], transaction=True)
def test_a_vault_with_a_token_counts_erases_and_rotates(label: str) -> None:
    with token.in_token(label):
        alice, bob = VaultClient(), VaultClient()
        alice.enrol("correct horse")
        bob.enrol("bob's")
        call_command("rotate_vault_key")
        assert alice.login("correct horse").left == 10
        given = in_threads(40, lambda: ke2_is_given(alice), at_once=8)
        assert 0 < sum(given) <= 10
        with pytest.raises(VaultErased):
            alice.begin("correct horse")
        assert bob.login("bob's").sealed == bob.slot
        assert len(keks(settings.BACKUPWEB_VAULT_KEYS).epochs()) == 1
        assert not list(Path(settings.BACKUPWEB_VAULT_KEYS).glob("kek-*"))


@pytest.mark.django_db(databases=["vault", "default"], transaction=True)
def test_while_a_token_is_away_no_guess_is_answered_and_no_record_is_lost(label: str) -> None:
    alice = VaultClient()
    with token.in_token(label):
        alice.enrol("correct horse")
        alice.guess_wrong(3)
    with token.in_token("no-such-token"):
        for _ in range(12):
            with pytest.raises(VaultUnavailable):
                alice.begin("correct horse")
        with pytest.raises(VaultUnavailable):
            alice.state()
    with token.in_token(label):
        assert alice.state().left == 7
        assert alice.login("correct horse").left == 10
