"""The commands as a person types them."""

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from backupweb_client.cli import DAMAGED, FAILED, FINE, World, main
from backupweb_client.engine.library import Library
from backupweb_client.errors import ClientError
from backupweb_client.format.recovery_code import RecoveryCode
from backupweb_client.prompts import Terminal
from backupweb_client.server.transport import server_origin

from tests.client.fake_server import ORIGIN, FakeServer

Run = Callable[..., int]


class Typist:
    """Answers what is asked, in order, and keeps what was told."""

    def __init__(self) -> None:
        self.answers: list[str] = []
        self.told: list[str] = []

    def answer(self, _: str) -> str:
        return self.answers.pop(0)

    def terminal(self) -> Terminal:
        return Terminal(self.answer, self.answer, self.told.append)


@pytest.fixture
def typist() -> Typist:
    return Typist()


@pytest.fixture
def run(server: FakeServer, typist: Typist, tmp_path: Path, alice: tuple[RecoveryCode, Library]) -> Run:
    """Runs a command as Alice, with the recovery code in the environment unless `code` says otherwise."""

    def run_command(*arguments: str, code: str | None = alice[0].digits) -> int:
        environment = {"BACKUPWEB_CONFIG": str(tmp_path / "own")}
        if code is not None:
            environment["BACKUPWEB_RECOVERY_CODE"] = code
        return main(arguments, World(environment, typist.terminal(), server.transport()))

    return run_command


@pytest.fixture
def signed_in(run: Run, typist: Typist) -> Run:
    typist.answers = ["a sign-in password"]
    assert run("login", ORIGIN, "--name", "alice") == FINE
    return run


def test_signing_in_keeps_a_session_for_the_owner_only(signed_in: Run, tmp_path: Path) -> None:
    path = tmp_path / "own" / "session.json"

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "a sign-in password" not in path.read_text()


def test_a_wrong_password_is_told(run: Run, typist: Typist) -> None:
    typist.answers = ["wrong"]

    assert run("login", ORIGIN, "--name", "alice") == FAILED
    assert "do not fit together" in typist.told[-1]


def test_a_second_factor_is_asked(run: Run, typist: Typist, server: FakeServer) -> None:
    server.second_factor = "123456"
    server.signed_in = False
    typist.answers = ["alice", "a sign-in password", "123456"]

    assert run("login", ORIGIN) == FINE


def test_add_list_restore_verify(
    signed_in: Run, export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert signed_in("add", str(export), "--title", "Ben, the friend") == FINE
    assert signed_in("list") == FINE
    shown = capsys.readouterr().out
    assert "Ben, the friend" in shown
    assert "4,001 messages" in shown

    assert signed_in("restore", "ben, the friend", "--to", str(tmp_path / "files")) == FINE
    assert signed_in("restore", "Ben, the friend", "--to", str(tmp_path / "zips"), "--zip") == FINE
    assert (tmp_path / "files" / "IMG-1.jpg").stat().st_size == 700_000
    assert (tmp_path / "zips" / export.name).exists()
    assert signed_in("verify") == FINE
    assert signed_in("verify", "--all") == FINE


def test_adding_to_a_chat_by_name(signed_in: Run, export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    signed_in("add", str(export))
    assert signed_in("add", str(export), "--chat", "Ben") == FINE

    capsys.readouterr()
    signed_in("list")
    assert capsys.readouterr().out.count("added") == 2


def test_verify_names_the_refusal_and_ends_with_its_own_code(
    signed_in: Run, export: Path, server: FakeServer, capsys: pytest.CaptureFixture[str]
) -> None:
    signed_in("add", str(export))
    pack = max(server.stored("pack"), key=lambda each: each.size)
    assert pack.content is not None
    pack.content = pack.content[:-1] + b"?"

    assert signed_in("verify", "--all") == DAMAGED
    told = capsys.readouterr().out
    assert "wrong-hash: pack" in told
    assert "In Ben, WhatsApp Chat mit Ben.zip: all that is needed of it opens" in told
    assert "Keep the original exports." in told


def test_a_check_of_everything_is_remembered_and_one_of_a_chat_is_not(
    signed_in: Run, export: Path, alice: tuple[RecoveryCode, Library], capsys: pytest.CaptureFixture[str]
) -> None:
    signed_in("add", str(export))
    assert signed_in("verify", "--all", "--chat", "Ben") == FINE
    assert "checked" not in alice[1].newest_head().head.settings
    assert signed_in("verify", "--all") == FINE
    assert "checked" in alice[1].newest_head().head.settings
    assert "pieces read back and opened" in capsys.readouterr().out
    assert signed_in("verify", "--chat", "nobody") == FAILED


def test_a_mistyped_code_is_told_by_group_and_not_repeated(
    signed_in: Run, typist: Typist, alice: tuple[RecoveryCode, Library]
) -> None:
    groups = alice[0].spelled().split()
    groups[6] = groups[6][:3] + str((int(groups[6][3]) + 1) % 10)

    assert signed_in("list", code=" ".join(groups)) == FAILED
    assert "Group 7 has a typo" in typist.told[-1]
    assert groups[6] not in typist.told[-1]


def test_a_typed_code_may_be_corrected(signed_in: Run, typist: Typist, alice: tuple[RecoveryCode, Library]) -> None:
    typist.answers = ["1234", alice[0].spelled()]
    assert signed_in("list", code=None) == FINE


def test_the_code_comes_from_a_file(signed_in: Run, tmp_path: Path, alice: tuple[RecoveryCode, Library]) -> None:
    (tmp_path / "code.txt").write_text(alice[0].spelled() + "\n")
    assert signed_in("list", "--code-file", str(tmp_path / "code.txt"), code=None) == FINE


def test_without_a_session_the_next_step_is_told(run: Run, typist: Typist) -> None:
    assert run("list") == FAILED
    assert "login" in typist.told[-1]


def test_after_signing_out_nothing_is_left(signed_in: Run, tmp_path: Path) -> None:
    assert signed_in("logout") == FINE
    assert not (tmp_path / "own" / "session.json").exists()
    assert signed_in("list") == FAILED


def test_an_unknown_chat_is_told(signed_in: Run, typist: Typist, tmp_path: Path) -> None:
    assert signed_in("restore", "nobody", "--to", str(tmp_path / "out")) == FAILED
    assert "list" in typist.told[-1]


@pytest.mark.parametrize("address", ["http://example.org", "ftp://example.org", "https://user:secret@example.org", ""])
def test_a_password_goes_to_no_unsafe_address(address: str) -> None:
    with pytest.raises(ClientError):
        server_origin(address)


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("example.org", "https://example.org"),
        ("https://example.org:8443/app/", "https://example.org:8443"),
        ("http://localhost:8000/", "http://localhost:8000"),
    ],
)
def test_addresses_are_read_leniently(address: str, origin: str) -> None:
    assert server_origin(address) == origin


def test_who_types_a_password_hears_where_passwords_unlock(signed_in: Run, typist: Typist) -> None:
    assert signed_in("list", code="correct horse battery staple") == FAILED
    assert "A password or a passkey unlocks in the browser only." in typist.told[-1]


def test_help_says_what_unlocks(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run("--help")
    assert "A password or a passkey unlocks in the browser only." in " ".join(capsys.readouterr().out.split())
