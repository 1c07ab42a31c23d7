"""The command line: arguments in, sentences out. Results go to the output, everything else to the error stream."""

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from backupweb_client import __version__, retention_command, show_command
from backupweb_client.choose import find_chat, find_imports, read_shelf
from backupweb_client.engine.add import AddChoices, add_export
from backupweb_client.engine.copy_file import CopyFile
from backupweb_client.engine.library import Library, Surroundings, unlock
from backupweb_client.engine.progress import Listener, Progress
from backupweb_client.engine.restore import Restored, restore_files, restore_original, restore_zip
from backupweb_client.engine.restore_plan import plan_import, plan_imports
from backupweb_client.engine.save_copy import save_copy
from backupweb_client.engine.verify import note_checked, verify_library
from backupweb_client.errors import ClientError
from backupweb_client.format.errors import MEANINGS, DamagedObjectError
from backupweb_client.places import HeadMemory, NoMemory, Places, places
from backupweb_client.prompts import BROWSER_ONLY, Terminal, password, recovery_code, system_terminal
from backupweb_client.reader.model import DateOrder
from backupweb_client.server.api import Api
from backupweb_client.server.session import load_session, save_session, sign_in, sign_out
from backupweb_client.server.transport import Transport, server_origin
from backupweb_client.verify_report import report_lines

FINE: Final = 0
FAILED: Final = 1
DAMAGED: Final = 3  # 2 is argparse's: the command was not understood
STOPPED: Final = 130
_ORDERS: Final[dict[str, DateOrder]] = {"day-first": "dmy", "month-first": "mdy"}


@dataclass(frozen=True)
class World:
    """Everything a command touches beside its arguments."""

    environment: Mapping[str, str]
    terminal: Terminal
    transport: httpx.BaseTransport | None = None

    @property
    def places(self) -> Places:
        return places(self.environment)


def main(arguments: Sequence[str] | None = None, world: World | None = None) -> int:
    world = world or World(os.environ, system_terminal())
    chosen = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace, World], int] = chosen.command
    try:
        return command(chosen, world)
    except ClientError as error:
        world.terminal.tell(str(error))
        return FAILED
    except DamagedObjectError as error:
        world.terminal.tell(f"Refused: {_printable(str(error))} – {MEANINGS[error.code]}. Nothing of it was used.")
        return DAMAGED
    except OSError as error:
        world.terminal.tell(f"{error.strerror or error}. Check the folder and its free space.")
        return FAILED
    except KeyboardInterrupt:
        world.terminal.tell("Stopped.")
        return STOPPED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="backupweb-client",
        description="Reads and writes the chats of a Backupweb library, which its recovery code unlocks.",
        epilog=BROWSER_ONLY,
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    login = commands.add_parser("login", help="sign in to a server")
    login.add_argument("url", help="its address, such as https://backup.example.org")
    login.add_argument("--name", help="user name or e-mail address (asked if left out)")
    login.set_defaults(command=_login)

    commands.add_parser("logout", help="end the session").set_defaults(command=_logout)

    opened = argparse.ArgumentParser(add_help=False)
    opened.add_argument("--code-file", type=Path, metavar="FILE", help="file that holds the recovery code")

    from_copy = argparse.ArgumentParser(add_help=False)
    from_copy.add_argument("--copy", type=Path, metavar="FILE", help="read an encrypted copy instead of a server")

    shown = commands.add_parser("list", parents=[opened, from_copy], help="show chats and imports")
    shown.set_defaults(command=_list)

    restore = commands.add_parser(
        "restore", parents=[opened, from_copy], help="get files back; again, to go on after a cut"
    )
    restore.add_argument(
        "which",
        metavar="IMPORT_OR_CHAT",
        nargs="?",
        help="id, beginning of an id, or name of a chat (its newest import)",
    )
    scope = restore.add_mutually_exclusive_group()
    scope.add_argument("--every", action="store_true", help="every import of the chat, in a folder each")
    scope.add_argument("--everything", action="store_true", help="every chat of the library")
    restore.add_argument("--once", action="store_true", help="what several imports hold, only in the newest of them")
    restore.add_argument("--to", type=Path, required=True, metavar="DIR", help="folder to write to")
    restore.add_argument("--zip", action="store_true", help="one zip; of one import, as it was exported")
    restore.set_defaults(command=_restore)

    verify = commands.add_parser("verify", parents=[opened, from_copy], help="read back and check what is stored")
    verify.add_argument("--all", action="store_true", help="everything instead of a sample")
    verify.add_argument("--chat", metavar="CHAT", help="one chat: name or id (all chats if left out)")
    verify.set_defaults(command=_verify)

    add = commands.add_parser("add", parents=[opened], help="add an export")
    add.add_argument("export", type=Path, help="zip or any other file")
    add.add_argument("--title", help="name of the chat (the export's own if left out)")
    add.add_argument("--chat", metavar="CHAT", help="chat to add to: name or id (a new one if left out)")
    add.add_argument("--dates", choices=sorted(_ORDERS), help="how dates are written, if the chat leaves it open")
    add.set_defaults(command=_add)

    copy = commands.add_parser("save-copy", parents=[opened], help="save everything, still sealed, in one file")
    copy.add_argument("file", type=Path, metavar="FILE", help="zip to write")
    copy.set_defaults(command=_save_copy)

    show = commands.add_parser("show", help="print the chat of an export on this disk; no server is asked")
    show_command.add_arguments(show)
    show.add_argument("--dates", choices=sorted(_ORDERS), help="how dates are written, if the chat leaves it open")
    show.set_defaults(command=_show)

    retention = commands.add_parser("retention", parents=[opened], help="show and delete exports that a rule lets go")
    retention_command.add_arguments(retention)
    retention.set_defaults(command=_retention)
    return parser


def _login(chosen: argparse.Namespace, world: World) -> int:
    transport = Transport(server_origin(chosen.url), transport=world.transport)
    name = chosen.name or world.terminal.ask("User name or e-mail address: ")
    sign_in(
        transport,
        name,
        password(world.terminal, world.environment),
        lambda: world.terminal.ask("Code of your authenticator: "),
    )
    save_session(world.places.session, transport.origin, transport.cookies)
    world.terminal.tell(f"Signed in to {transport.origin}.")
    return FINE


def _logout(_: argparse.Namespace, world: World) -> int:
    session = load_session(world.places.session)
    try:
        sign_out(Transport(session.origin, cookies=session.cookies, transport=world.transport))
    finally:
        world.places.session.unlink(missing_ok=True)
    world.terminal.tell("Signed out.")
    return FINE


def _list(chosen: argparse.Namespace, world: World) -> int:
    with _library(chosen, world) as library:
        shelf = read_shelf(library)
    for conversation in shelf.head.conversations:
        print(f"{conversation.conversation.hex()[:8]}  {_printable(conversation.name)}")
        for each in reversed(shelf.of(conversation.conversation)):
            summary = each.summary
            span = f"{summary.first[:10]} – {summary.last[:10]}, " if summary.first and summary.last else ""
            print(
                f"  {each.snapshot_id.hex()[:8]}  added {each.added[:10]}  {_printable(each.source.name)} "
                f"({span}{summary.messages:,} messages, {each.files.count:,} files, {each.source.size:,} bytes)"
            )
    return FINE


def _restore(chosen: argparse.Namespace, world: World) -> int:
    if (chosen.which is None) != chosen.everything:
        raise ClientError("Name one import or chat, or everything.", "`restore Ben`, or `restore --everything`.")
    with _library(chosen, world) as library, _shown() as tell:
        shelf = read_shelf(library)
        snapshots = find_imports(shelf, chosen.which, every=chosen.every)
        if len(snapshots) == 1 and not (chosen.every or chosen.everything):
            if chosen.zip:
                print(restore_original(library, shelf.head, snapshots[0], chosen.to, tell))
                return FINE
            outputs = plan_import(library, shelf.head, snapshots[0])
        else:
            outputs = plan_imports(library, shelf.head, snapshots, chats=chosen.everything, once=chosen.once)
        if chosen.zip:
            restored = restore_zip(library, shelf.head, outputs, chosen.to / "Backupweb.zip", tell)
        else:
            restored = restore_files(library, shelf.head, outputs, chosen.to, tell)
    return _told(restored, chosen.to)


def _told(restored: Restored, folder: Path) -> int:
    for before, after in restored.renamed:
        print(f"{_printable(before)} is called {_printable(after)}")
    for name, error in restored.refused:
        print(f"{error.code}: {_printable(name)} – {MEANINGS[error.code]}")
    there = f", {restored.already_there:,} of them there before" if restored.already_there else ""
    print(
        f"{restored.files:,} files, {restored.bytes:,} bytes in {folder}{there}; every byte checked; "
        f"{len(restored.refused)} refused."
    )
    return DAMAGED if restored.refused else FINE


def _verify(chosen: argparse.Namespace, world: World) -> int:
    with _library(chosen, world) as library, _shown() as tell:
        chat = find_chat(library.newest_head().head, chosen.chat) if chosen.chat else None
        conversation = chat.conversation if chat else None
        report = verify_library(library, everything=chosen.all, conversation=conversation, tell=tell)
        if chat is None and chosen.copy is None and report.is_success():
            note_checked(library, report)
    for line in report_lines(report):
        print(_printable(line))
    return DAMAGED if report.findings else FINE


def _add(chosen: argparse.Namespace, world: World) -> int:
    with _library(chosen, world) as library, _shown() as tell:
        conversation = find_chat(library.newest_head().head, chosen.chat) if chosen.chat else None
        choices = AddChoices(
            title=chosen.title,
            conversation=conversation.conversation if conversation else None,
            order=_ORDERS.get(chosen.dates or ""),
        )
        added = add_export(library, chosen.export, choices, tell)
    if not added.opened_zip:
        world.terminal.tell("Kept as one file: it is no zip, or one that cannot be opened completely.")
    summary = added.snapshot.summary
    print(
        f"{added.snapshot.snapshot_id.hex()[:8]}  {_printable(summary.title)}: {summary.messages:,} messages, "
        f"{added.snapshot.files.count:,} files; {added.sent_bytes:,} bytes sent, {added.known_bytes:,} bytes were "
        f"already there; {added.chunks_checked} frames read back."
    )
    return FINE


def _save_copy(chosen: argparse.Namespace, world: World) -> int:
    site = load_session(world.places.session).origin
    with _library(chosen, world) as library, _shown() as tell:
        saved = save_copy(library, site, chosen.file, tell)
    print(f"{chosen.file}: {saved.imports:,} imports, {saved.objects:,} sealed objects, {saved.size:,} bytes")
    return FINE


def _retention(chosen: argparse.Namespace, world: World) -> int:
    with _library(chosen, world) as library:
        retention_command.run(chosen, library, world.terminal, _printable)
    return FINE


def _show(chosen: argparse.Namespace, world: World) -> int:
    show_command.run(chosen, _ORDERS.get(chosen.dates or ""), world.terminal)
    return FINE


@contextmanager
def _library(chosen: argparse.Namespace, world: World) -> Iterator[Library]:
    if (path := getattr(chosen, "copy", None)) is not None:
        with CopyFile(path) as copy:
            code = recovery_code(world.terminal, world.environment, chosen.code_file)
            yield unlock(copy, code, Surroundings(NoMemory()))
        return
    session = load_session(world.places.session)
    transport = Transport(session.origin, cookies=session.cookies, transport=world.transport)
    try:
        api = Api(transport)
        api.quota()  # says that the session has ended before a code is asked for
        code = recovery_code(world.terminal, world.environment, chosen.code_file)
        yield unlock(api, code, Surroundings(HeadMemory(world.places.heads)))
    finally:
        transport.close()


@contextmanager
def _shown() -> Iterator[Listener]:
    """Progress on one line of the error stream, if that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    last = ""

    def tell(progress: Progress) -> None:
        nonlocal last
        share = f" {progress.done * 100 // progress.total} %" if progress.total else ""
        line = f"{progress.phase}{share}"
        if line != last:
            print(f"\r{line:<30}", end="", file=sys.stderr, flush=True)
            last = line

    try:
        yield tell
    finally:
        if last:
            print(file=sys.stderr)


def _printable(text: str) -> str:
    """Names come from exports: what would steer a terminal is not printed."""
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)
