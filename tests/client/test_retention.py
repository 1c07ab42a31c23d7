"""Which exports stay: the rule by the shared vectors, what an import holds, and the command."""

import zoneinfo
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from backupweb_client.choose import read_shelf
from backupweb_client.cli import FAILED, FINE, World, main
from backupweb_client.engine.add import AddChoices, add_export
from backupweb_client.engine.keep import delete_imports, judge, set_rule
from backupweb_client.engine.library import Library
from backupweb_client.engine.retention import (
    AmongLast,
    HeldImport,
    KeepAll,
    KeepSome,
    LastOfMonth,
    LastOfYear,
    Newest,
    OnlyHere,
    Reason,
    Rule,
    freed_by,
    lost_with,
    propose,
    read_rule,
    spell_rule,
)
from backupweb_client.errors import ClientError
from backupweb_client.exports.chat import read_said
from backupweb_client.format.recovery_code import RecoveryCode
from backupweb_client.prompts import Terminal

from tests.client.fake_server import ORIGIN, FakeServer
from tests.client.test_shared_vectors import load, named

VECTORS = load("retention.json")
NEWEST_ONLY = KeepSome(1, 0, 0)


def imports_of(case: Any) -> list[HeldImport]:
    return [
        HeldImport(
            each["id"],
            each["added"],
            each["last"],
            *(frozenset(each[kind]) for kind in ("messages", "notices", "files")),
        )
        for each in case["imports"]
    ]


def as_text(reason: Reason) -> dict[str, Any]:
    """A reason as the vectors write it."""
    match reason:
        case KeepAll():
            return {"kind": "all"}
        case Newest():
            return {"kind": "newest"}
        case AmongLast(place):
            return {"kind": "last", "place": place}
        case LastOfMonth(month):
            return {"kind": "month", "month": month}
        case LastOfYear(year):
            return {"kind": "year", "year": year}
        case OnlyHere(messages, notices, files):
            return {"kind": "only-here", "messages": messages, "notices": notices, "files": files}


def rule_as_text(rule: Rule) -> dict[str, Any]:
    match rule:
        case KeepAll():
            return {"kind": "all"}
        case KeepSome(last, months, years):
            return {"kind": "some", "last": last, "months": months, "years": years}


@named(VECTORS["cases"])
def test_what_stays_and_why(case: Any) -> None:
    verdicts = propose(imports_of(case), read_rule(case["rule"]), zoneinfo.ZoneInfo(case["zone"]))

    assert [
        {"id": each.identity, "reasons": [as_text(reason) for reason in each.reasons]} for each in verdicts
    ] == case["verdicts"]


@named(VECTORS["cases"])
def test_what_deleting_loses_and_frees(case: Any) -> None:
    goes = set(case["goes"])
    lost = lost_with(imports_of(case), goes)

    assert {"messages": lost.messages, "notices": lost.notices, "files": lost.files} == case["lost"]
    assert freed_by({each["id"]: each["objects"] for each in case["imports"]}, goes) == case["freed"]


@pytest.mark.parametrize("rule", VECTORS["rules"], ids=lambda rule: rule["text"])
def test_a_rule_as_a_head_holds_it(rule: Any) -> None:
    read = read_rule(rule["text"])

    assert rule_as_text(read) == rule["rule"]
    assert spell_rule(read) == rule["spelled"]


@pytest.mark.parametrize("rule", [KeepSome(0, 1, 1), KeepSome(1000, 1, 1), KeepSome(1, -1, 1)])
def test_numbers_that_no_rule_has_are_refused(rule: KeepSome) -> None:
    with pytest.raises(ValueError, match="at least one"):
        spell_rule(rule)


# ---------------------------------------------------------------- what an import holds


def test_a_renumbered_or_left_out_attachment_is_the_same_message() -> None:
    def words(body: str, *names: str) -> str:
        text = f"19.09.26, 10:00 - Anna: {body}\n19.09.26, 10:01 - Ben: Schön\n"
        return read_said(text, names)[0].words

    plain = words("IMG-1.jpg (Datei angehängt)", "IMG-1.jpg")
    assert words("IMG-7.jpg (Datei angehängt)", "IMG-7.jpg") == plain
    assert words("<Medien ausgeschlossen>") == plain
    assert words("IMG-1.jpg (Datei angehängt)\nAm Gipfel", "IMG-1.jpg") != plain
    assert words("Diese Nachricht wurde gelöscht.") != plain


def test_what_the_app_wrote_is_a_notice() -> None:
    text = "19.09.26, 09:49 - Nachrichten sind verschlüsselt.\n19.09.26, 09:52 - Anna: Hallo\nzweite Zeile\n"

    assert [each.notice for each in read_said(text, [])] == [True, False]


# ---------------------------------------------------------------- in a library

Grow = Callable[[int, int], str]


@pytest.fixture
def grow(library: Library, make_zip: Callable[..., Path]) -> Grow:
    """Adds an export with these messages of one chat; returns the import's id."""

    def add(begin: int, end: int) -> str:
        lines = "".join(f"19.09.26, {9 + n // 60:02}:{n % 60:02} - Anna: Nachricht {n}\n" for n in range(begin, end))
        path = make_zip("WhatsApp Chat mit Ben.zip", [("WhatsApp Chat mit Ben.txt", lines.encode(), True)])
        conversations = library.newest_head().head.conversations
        choices = AddChoices("Ben", conversations[0].conversation if conversations else None)
        return add_export(library, path, choices).snapshot.snapshot_id.hex()

    return add


def proposed(library: Library) -> tuple[list[str], dict[str, tuple[Reason, ...]]]:
    shelf = read_shelf(library)
    judged = judge(library, shelf.head, shelf.snapshots, shelf.head.conversations[0])
    return judged.goes, {each.identity: each.reasons for each in judged.verdicts}


def test_older_exports_go_and_what_holds_more_stays(library: Library, grow: Grow) -> None:
    whole, early, capped = grow(0, 60), grow(0, 30), grow(40, 90)
    assert proposed(library)[0] == []
    set_rule(library, None, NEWEST_ONLY)

    goes, reasons = proposed(library)

    assert goes == [early]
    assert reasons[capped] == (Newest(),)
    assert reasons[whole] == (OnlyHere(messages=40),)


def test_a_chat_has_a_rule_of_its_own(library: Library, grow: Grow) -> None:
    old, _ = grow(0, 30), grow(0, 60)
    chat = library.newest_head().head.conversations[0].conversation
    set_rule(library, None, NEWEST_ONLY)
    set_rule(library, chat, KeepAll())
    assert proposed(library)[0] == []

    set_rule(library, chat, None)
    assert proposed(library)[0] == [old]


def test_deleting_is_one_commit_and_takes_what_belongs_to_it(library: Library, grow: Grow, server: FakeServer) -> None:
    old, new = grow(0, 30), grow(0, 60)
    snapshots = read_shelf(library).snapshots
    before = len(server.heads)

    delete_imports(library, {old}, {new}, snapshots)

    head = library.newest_head().head
    assert len(server.heads) == before + 1
    assert server.commits[-1]["remove"] == [old]
    assert [each.snapshot_id.hex() for each in head.snapshots] == [new]
    assert {each.catalog_id for each in head.catalogs} == {
        hint.catalog_id for hint in library.snapshot(head.snapshots[0]).catalogs
    }


def test_deleting_the_last_export_takes_the_chat_and_its_rule(library: Library, grow: Grow) -> None:
    only = grow(0, 30)
    set_rule(library, library.newest_head().head.conversations[0].conversation, NEWEST_ONLY)

    head = delete_imports(library, {only}, set(), read_shelf(library).snapshots)

    assert (head.conversations, head.catalogs, head.settings) == ((), (), {})


def test_nothing_goes_when_what_was_to_stay_is_gone(library: Library, grow: Grow, server: FakeServer) -> None:
    old, new = grow(0, 30), grow(0, 60)
    snapshots = read_shelf(library).snapshots

    def other_device() -> None:
        delete_imports(library, {new}, {old}, snapshots)

    server.before_commit = other_device

    with pytest.raises(ClientError, match="meanwhile"):
        delete_imports(library, {old}, {new}, snapshots)

    assert [each.snapshot_id.hex() for each in library.newest_head().head.snapshots] == [old]


# ---------------------------------------------------------------- the command


@pytest.fixture
def run(server: FakeServer, tmp_path: Path, alice: tuple[RecoveryCode, Library]) -> Callable[..., int]:
    answers: list[str] = []

    def command(*arguments: str, answer: str = "a sign-in password") -> int:
        answers[:] = [answer]
        environment = {"BACKUPWEB_CONFIG": str(tmp_path / "own"), "BACKUPWEB_RECOVERY_CODE": alice[0].digits}
        terminal = Terminal(lambda _: answers[0], lambda _: answers[0], lambda _: None)
        return main(arguments, World(environment, terminal, server.transport()))

    assert command("login", ORIGIN, "--name", "alice") == FINE
    return command


def test_the_command_shows_asks_and_deletes(
    run: Callable[..., int], library: Library, grow: Grow, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = grow(0, 30), grow(0, 60)

    assert run("retention") == FINE
    shown = capsys.readouterr().out
    assert "All chats: every export stays" in shown
    assert "Nothing may go." in shown

    assert run("retention", "--last", "1", "--months", "2", "--delete", answer="no") == FINE
    shown = capsys.readouterr().out
    assert "All chats: the newest, the last of 2 months" in shown
    assert f"{new[:8]}  added 2026-11-23  WhatsApp Chat mit Ben.zip  stays: the newest, the last of 2026-09" in shown
    assert f"{old[:8]}  added 2026-11-23  WhatsApp Chat mit Ben.zip  may go" in shown
    assert "Nothing was deleted." in shown

    assert run("retention", "Ben", "--delete", answer="yes") == FINE
    assert "1 deleted." in capsys.readouterr().out
    assert [each.snapshot_id.hex() for each in library.newest_head().head.snapshots] == [new]


def test_a_chats_own_rule_is_set_and_taken_back(
    run: Callable[..., int], grow: Grow, capsys: pytest.CaptureFixture[str]
) -> None:
    grow(0, 30)

    assert run("retention", "Ben", "--keep-all") == FINE
    assert "own rule: every export stays" in capsys.readouterr().out
    assert run("retention", "Ben", "--as-all") == FINE
    assert "own rule" not in capsys.readouterr().out
    assert run("retention", "--as-all") == FAILED


def test_a_rule_that_keeps_nothing_is_not_understood(run: Callable[..., int]) -> None:
    with pytest.raises(SystemExit):
        run("retention", "--last", "0")
