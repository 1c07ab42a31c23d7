"""What is cut off. A further operation is a further class here and a line in `CYCLE`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bench.chromium import Page
from bench.person import press

LONG = 120
ROW = "find('.chat-row-name', {name})"


class Operation(Protocol):
    """A click that changes the library, from a page that shows the list of chats."""

    name: str

    def begin(self, page: Page) -> None:
        """Clicks, and waits for nothing."""

    def is_over(self, page: Page) -> bool:
        """Whether the page says that it is done."""

    def go_on(self, page: Page) -> None:
        """From a page that was opened anew: at most one click, if it is not done already."""

    def after(self, listed: list[Path]) -> list[Path]:
        """What the library lists then."""


@dataclass
class Add:
    """A first backup, or a later export of the same chat."""

    name: str
    export: Path

    def begin(self, page: Page) -> None:
        """Chooses the file and presses the button."""
        self._choose(page)
        press(page, "Seal and send")

    def is_over(self, page: Page) -> bool:
        """It is safe."""
        return bool(page.evaluate("find('h1, h2', 'It is safe') !== null"))

    def go_on(self, page: Page) -> None:
        """One click on what was not finished, and the same file. If nothing had left, it begins as it did before."""
        page.wait_for("find('h1, h2', 'My chats') !== null", LONG)
        if page.evaluate("find('h2', 'Not finished') === null"):
            self.begin(page)
            return
        # A headless browser shows no picker: as in browsers that have none, the input is what is left.
        page.evaluate("window.showOpenFilePicker = undefined")
        press(page, f"Choose {self.export.name} again")
        self._choose(page)

    def after(self, listed: list[Path]) -> list[Path]:
        """One more."""
        return [*listed, self.export]

    def _choose(self, page: Page) -> None:
        page.wait_for("find('input[type=file]') !== null")
        page.give_files("find('input[type=file]')", self.export)


@dataclass
class Delete:
    """A chat with everything in it."""

    name: str
    chat: str
    exports: tuple[Path, ...]

    def begin(self, page: Page) -> None:
        """Opens the chat and asks for it to be deleted."""
        row = ROW.format(name=json.dumps(self.chat))
        page.wait_for(f"{row} !== null")
        page.evaluate(f"{row}.closest('a').click()")
        page.wait_for("find('[popovertarget=chat-menu]') !== null")
        page.evaluate("find('[popovertarget=chat-menu]').click()")
        press(page, "Delete the chat")
        page.wait_for("find('bw-confirm-dialog dialog[open] button.button-danger') !== null")
        page.evaluate("find('bw-confirm-dialog dialog[open] button.button-danger').click()")

    def is_over(self, page: Page) -> bool:
        """The list does not show it any more."""
        row = ROW.format(name=json.dumps(self.chat))
        return bool(page.evaluate(f"find('.chat-row-name') !== null && {row} === null"))

    def go_on(self, page: Page) -> None:
        """The same click, if the chat is still there."""
        page.wait_for("find('.chat-row-name') !== null", LONG)
        if not self.is_over(page):
            self.begin(page)

    def after(self, listed: list[Path]) -> list[Path]:
        """Fewer."""
        return [one for one in listed if one not in self.exports]
