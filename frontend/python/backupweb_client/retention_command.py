"""`retention`: shows which exports stay and which may go, saves a rule, deletes what was looked at."""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from backupweb_client.choose import Shelf, find_chat, read_shelf
from backupweb_client.engine.keep import JudgedChat, delete_imports, judge, room_freed, rule_of, set_rule
from backupweb_client.engine.library import Library
from backupweb_client.engine.retention import (
    MOST_KEPT,
    AmongLast,
    KeepAll,
    KeepSome,
    LastOfMonth,
    LastOfYear,
    Newest,
    OnlyHere,
    Reason,
    Rule,
)
from backupweb_client.errors import ClientError
from backupweb_client.prompts import Terminal

_YES = "yes"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("chat", nargs="?", metavar="CHAT", help="one chat, by name or id (all chats if left out)")
    parser.add_argument("--last", type=_number(1), metavar="N", help="keep the newest N exports")
    parser.add_argument("--months", type=_number(0), metavar="N", help="and the last one of each of N months")
    parser.add_argument("--years", type=_number(0), metavar="N", help="and the last one of each of N years")
    other = parser.add_mutually_exclusive_group()
    other.add_argument("--keep-all", action="store_true", help="keep every export")
    other.add_argument("--as-all", action="store_true", help="let CHAT follow the rule for all chats")
    parser.add_argument("--delete", action="store_true", help="delete what may go, after asking")


def run(chosen: argparse.Namespace, library: Library, terminal: Terminal, printable: Callable[[str], str]) -> None:
    shelf = read_shelf(library)
    chat = find_chat(shelf.head, chosen.chat) if chosen.chat else None
    if asked := _asked(chosen):
        set_rule(library, chat.conversation if chat else None, asked.rule)
        shelf = read_shelf(library)
    if chat is None:
        print(f"All chats: {_rule(rule_of(shelf.head, None))}")
    chats = [chat] if chat else shelf.head.conversations
    judged = [judge(library, shelf.head, shelf.snapshots, each) for each in chats]
    for each in judged:
        _show(each, shelf, printable)
    goes = {identity for each in judged for identity in each.goes}
    if not goes:
        print("Nothing may go.")
        return
    freed = room_freed(library, shelf.head, shelf.snapshots, goes)
    print(
        f"{len(goes)} may go: all of it is in exports that stay. About {freed:,} bytes come back, usually after a day."
    )
    if chosen.delete:
        _delete(library, shelf, judged, goes, terminal)


def _delete(library: Library, shelf: Shelf, judged: Sequence[JudgedChat], goes: set[str], terminal: Terminal) -> None:
    answer = terminal.ask(f"Delete {len(goes)} on every device? This cannot be undone. Type {_YES}: ")
    if answer.strip().casefold() != _YES:
        print("Nothing was deleted.")
        return
    staying = {each.identity for chat in judged if chat.goes for each in chat.verdicts} - goes
    delete_imports(library, goes, staying, shelf.snapshots)
    print(f"{len(goes)} deleted.")


@dataclass(frozen=True)
class _Asked:
    """A rule to save; null: the chat is to follow the one for all."""

    rule: Rule | None


def _asked(chosen: argparse.Namespace) -> _Asked | None:
    if chosen.as_all:
        if chosen.chat is None:
            raise ClientError("Only a chat can follow the rule for all.", "Name the chat.")
        return _Asked(None)
    if chosen.keep_all:
        return _Asked(KeepAll())
    if (chosen.last, chosen.months, chosen.years) == (None, None, None):
        return None
    return _Asked(KeepSome(chosen.last or 1, chosen.months or 0, chosen.years or 0))


def _show(chat: JudgedChat, shelf: Shelf, printable: Callable[[str], str]) -> None:
    own = f"  (own rule: {_rule(chat.rule)})" if chat.own else ""
    print(f"{chat.conversation.conversation.hex()[:8]}  {printable(chat.conversation.name)}{own}")
    snapshots = {each.snapshot_id.hex(): each for each in shelf.snapshots}
    for verdict in chat.verdicts:
        snapshot = snapshots[verdict.identity]
        why = (
            f"stays: {', '.join(_reason(each, chat.rule) for each in verdict.reasons)}" if verdict.reasons else "may go"
        )
        print(f"  {verdict.identity[:8]}  added {snapshot.added[:10]}  {printable(snapshot.source.name)}  {why}")


def _rule(rule: Rule) -> str:
    match rule:
        case KeepAll():
            return "every export stays"
        case KeepSome(last, months, years):
            parts = ["the newest" if last == 1 else f"the newest {last}"]
            parts += [f"the last of {_many(months, 'month')}"] if months else []
            parts += [f"the last of {_many(years, 'year')}"] if years else []
            return ", ".join(parts)


def _reason(reason: Reason, rule: Rule) -> str:
    match reason:
        case KeepAll():
            return "every export stays"
        case Newest():
            return "the newest"
        case AmongLast():
            return f"among the newest {rule.last}" if isinstance(rule, KeepSome) else "among the newest"
        case LastOfMonth(month):
            return f"the last of {month}"
        case LastOfYear(year):
            return f"the last of {year}"
        case OnlyHere(messages, notices, files):
            held = [
                _many(count, word)
                for count, word in ((messages, "message"), (notices, "notice"), (files, "file"))
                if count
            ]
            return f"the only one with {', '.join(held)}"


def _many(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def _number(least: int) -> Callable[[str], int]:
    def number(typed: str) -> int:
        value = int(typed)
        if not least <= value <= MOST_KEPT:
            raise ValueError
        return value

    return number
