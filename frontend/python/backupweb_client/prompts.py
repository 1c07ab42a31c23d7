"""What a person is asked on the terminal; secrets are never taken from the command line, where others can see them."""

import getpass
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from backupweb_client.errors import ClientError
from backupweb_client.format.recovery_code import RecoveryCode, describe, read_recovery_code

CODE_VARIABLE = "BACKUPWEB_RECOVERY_CODE"
PASSWORD_VARIABLE = "BACKUPWEB_PASSWORD"  # noqa: S105 - the name of a variable
BROWSER_ONLY = "A password or a passkey unlocks in the browser only."
_TRIES = 3


@dataclass(frozen=True)
class Terminal:
    """How a person is asked: shown or hidden, and told something, on the error stream."""

    ask: Callable[[str], str]
    ask_hidden: Callable[[str], str]
    tell: Callable[[str], None]


def system_terminal() -> Terminal:
    return Terminal(ask=_ask, ask_hidden=getpass.getpass, tell=lambda text: print(text, file=sys.stderr))


def _ask(prompt: str) -> str:
    print(prompt, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip()


def password(terminal: Terminal, environment: Mapping[str, str]) -> str:
    return environment.get(PASSWORD_VARIABLE) or terminal.ask_hidden("Sign-in password: ")


def recovery_code(terminal: Terminal, environment: Mapping[str, str], code_file: Path | None) -> RecoveryCode:
    """From a file, from the environment, or typed; typed, it may be corrected twice."""
    if code_file is not None:
        try:
            return _checked(code_file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise ClientError(f"{code_file} cannot be read.", "Name a text file that holds the code.") from error
    if typed := environment.get(CODE_VARIABLE):
        return _checked(typed)
    for _ in range(_TRIES - 1):
        try:
            return _checked(terminal.ask_hidden("Recovery code (64 digits): "))
        except ClientError as error:
            terminal.tell(error.message)
    return _checked(terminal.ask_hidden("Recovery code (64 digits): "))


def _checked(typed: str) -> RecoveryCode:
    found = read_recovery_code(typed)
    if isinstance(found, RecoveryCode):
        return found
    raise ClientError(
        f"The recovery code is not right. {describe(found)}", f"Compare it with your sheet. {BROWSER_ONLY}"
    )
