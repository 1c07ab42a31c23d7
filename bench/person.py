"""What a person does on the page, over a bare DevTools connection: sign up, make a key, add an export."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Protocol

from bench.chromium import Page


class Place(Protocol):
    """Where the site is found."""

    @property
    def url(self) -> str:
        """Its origin."""


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


def sign_up(page: Page, site: Place, name: str = "anna", password: str = "ein-Anmelde-Passwort-7") -> None:
    """Opens an account and ends at the library."""
    page.goto(f"{site.url}/accounts/signup/")
    values = {"username": name, "password1": password, "password2": password}
    for field, value in values.items():
        page.evaluate(
            f"(() => {{ const f = document.querySelector('[name={field}]'); if (f) f.value = {json.dumps(value)} }})()"
        )
    page.evaluate("document.querySelector('[name=username]').form.requestSubmit()")
    page.wait_for("location.pathname.startsWith('/app/') && document.readyState === 'complete'")


def sign_in(page: Page, site: Place, name: str = "anna", password: str = "ein-Anmelde-Passwort-7") -> None:
    """Signs in and ends at the locked library."""
    page.goto(f"{site.url}/accounts/login/?next=/app/")
    for field, value in {"login": name, "password": password}.items():
        page.evaluate(f"document.querySelector('[name={field}]').value = {json.dumps(value)}")
    page.evaluate("document.querySelector('[name=login]').form.requestSubmit()")
    page.wait_for("location.pathname.startsWith('/app/') && document.readyState === 'complete'")
    prepare(page)


def set_password(page: Page, password: str) -> None:
    """Sets a password for the chats on an unlocked device."""
    page.evaluate("location.hash = '#/settings/ways'")
    press(page, "Set a password")
    page.wait_for("find('#password-section input') !== null")
    page.evaluate(
        "document.querySelectorAll('#password-section input').forEach(field => {"
        f" field.value = {json.dumps(password)}; field.dispatchEvent(new Event('input', {{ bubbles: true }})) }})"
    )
    press(page, "Set password")
    page.wait_for("find('p', 'Your password is set') !== null")


def unlock_with_password(page: Page, password: str) -> float:
    """Opens the library; seconds from pressing the button until the chats stand there."""
    page.wait_for("find('.unlock input:not([type=checkbox])') !== null")
    return float(
        page.evaluate(
            "(async () => {"
            " const field = find('.unlock input:not([type=checkbox])');"
            f" field.value = {json.dumps(password)}; field.dispatchEvent(new Event('input', {{ bubbles: true }}));"
            " const begun = performance.now();"
            " find('button', 'Open').click();"
            " while (find('h1, h2', 'My chats') === null) await new Promise(requestAnimationFrame);"
            " return (performance.now() - begun) / 1000 })()"
        )
    )


def first_unlock(page: Page, *, prove: bool = False, stay: bool = False) -> str:
    """Makes the key; types the asked group of the sheet back, or leaves that for later. Returns the recovery code."""
    prepare(page)
    press(page, "Make my key")
    page.wait_for("document.querySelectorAll('.sheet-groups b').length === 16")
    groups = page.evaluate("[...document.querySelectorAll('.sheet-groups b')].map(group => group.textContent)")
    if stay:
        page.evaluate("find('label', 'Stay unlocked').querySelector('input').click()")
    if prove:
        press(page, "I have it")
        page.wait_for("find('#asked-group') !== null")
        asked = int(page.evaluate("find('label[for=asked-group]').textContent.trim().split(' ').at(-1)"))
        page.evaluate(f"find('#asked-group').value = {json.dumps(groups[asked - 1])}")
        press(page, "Finish")
    else:
        press(page, "Later")
    page.wait_for("find('button', 'Add a chat') !== null || find('button', 'Choose a file') !== null")
    return "".join(groups)


def choose_export(page: Page, export: Path, seconds: float = 600) -> None:
    """Chooses a file and waits until the page has shown what is in it."""
    page.wait_for("find('input[type=file]') !== null")
    page.give_files("find('input[type=file]')", export)
    page.wait_for("find('button, a.button', 'Seal and send') !== null", seconds)


def send_export(page: Page, seconds: float = 1800) -> None:
    """Seals and sends what was chosen, and waits until the page says that it is safe."""
    press(page, "Seal and send")
    page.wait_for("find('h1, h2', 'It is safe') !== null", seconds)


def add_export(page: Page, export: Path, seconds: float = 1800) -> None:
    """Chooses a file, seals and sends it, and waits until the page says that it is safe."""
    choose_export(page, export)
    send_export(page, seconds)
