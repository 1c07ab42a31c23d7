"""What a person does on the page, over a bare DevTools connection: sign up, make a key, add an export."""

from __future__ import annotations

import json
from pathlib import Path

from bench.chromium import Page
from bench.site import Site

#: Elements of all shadow roots, by selector and visible words.
FIND = """
globalThis.find = (selector, words = "") => {
    const walk = (root) => {
        for (const element of root.querySelectorAll("*")) {
            const shown = element.type === "file" || element.getClientRects().length > 0
            const said = (element.textContent ?? "").trim()
            if (shown && element.matches(selector) && said.startsWith(words)) return element
            const inner = element.shadowRoot && walk(element.shadowRoot)
            if (inner) return inner
        }
        return null
    }
    return walk(document)
}
"""


def prepare(page: Page) -> None:
    """Makes `find` known to the document that is open."""
    page.evaluate(FIND)


def press(page: Page, words: str, seconds: float = 60) -> None:
    """Waits for a button with these words and presses it."""
    page.wait_for(f"find('button, a.button', {json.dumps(words)}) !== null", seconds)
    page.evaluate(f"find('button, a.button', {json.dumps(words)}).click()")


def sign_up(page: Page, site: Site, name: str = "anna", password: str = "ein-Anmelde-Passwort-7") -> None:
    """Opens an account and ends at the library."""
    page.goto(f"{site.url}/accounts/signup/")
    values = {"username": name, "password1": password, "password2": password}
    for field, value in values.items():
        page.evaluate(
            f"(() => {{ const f = document.querySelector('[name={field}]'); if (f) f.value = {json.dumps(value)} }})()"
        )
    page.evaluate("document.querySelector('[name=username]').form.requestSubmit()")
    page.wait_for("location.pathname.startsWith('/app/') && document.readyState === 'complete'")


def first_unlock(page: Page) -> None:
    """Makes the key and leaves the question about the sheet for later."""
    prepare(page)
    press(page, "Make my key")
    press(page, "Later")
    page.wait_for("find('button', 'Add a chat') !== null || find('button', 'Choose a file') !== null")


def add_export(page: Page, export: Path, seconds: float = 1800) -> None:
    """Chooses a file, seals and sends it, and waits until the page says that it is safe."""
    page.wait_for("find('input[type=file]') !== null")
    page.give_files("find('input[type=file]')", export)
    press(page, "Seal and send", seconds)
    page.wait_for("find('h1, h2', 'It is safe') !== null", seconds)
