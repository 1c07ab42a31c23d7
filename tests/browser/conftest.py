"""Journeys: a site of its own, real Chromium, one browser profile per device."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, WebSocket, sync_playwright

from bench.chromium import FLAGS, executable
from bench.site import ROOT, Site

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("site")).start()
    yield site
    site.kill()


class Device:
    """One browser profile: its own cookies, its own IndexedDB; it notices what must never happen."""

    def __init__(self, context: BrowserContext, site: Site) -> None:
        self.context = context
        self.site = site
        self.hosts: set[str] = set()
        self.complaints: list[str] = []
        self.sent: list[bytes] = []
        context.on("request", self._note)
        context.on("console", lambda message: self._complain(message.type, message.text))
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("page", self._listen)
        context.set_default_timeout(20_000)
        self.page: Page = context.new_page()

    def _listen(self, page: Page) -> None:
        page.on("websocket", self._overhear)

    def _overhear(self, socket: WebSocket) -> None:
        def note(frame: str | bytes) -> None:
            self.sent.append(frame if isinstance(frame, bytes) else frame.encode())

        self.sent.append(socket.url.encode())
        socket.on("framesent", note)

    def _note(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"}:
            self.hosts.add(parts.netloc)
        self.sent.append(request.url.encode())
        self.sent.extend(f"{name}: {value}".encode() for name, value in request.headers.items())
        if (body := request.post_data_buffer) is not None:
            self.sent.append(body)

    def _complain(self, kind: str, text: str) -> None:
        # An answer of 4xx is an expected outcome in several journeys, and Chromium writes each to the console.
        if kind == "error" and "Failed to load resource" not in text:
            self.complaints.append(text)

    def open(self, address: str) -> Page:
        """Goes to an address of the site."""
        self.page.goto(self.site.url + address)
        return self.page

    def axe(self, but: Collection[str] = ()) -> None:
        """No accessibility fault on the page as it stands (axe-core, WCAG 2.2 A and AA), `but` those rules."""
        self.page.wait_for_timeout(350)  # let a transition end: half-faded text has no contrast
        self.page.evaluate(AXE)
        found = self.page.evaluate(
            "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
            ".then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).join(' | ')))"
        )
        found = [fault for fault in found if fault.split(":")[0] not in but]
        assert found == [], f"{self.page.url}: {found}"


@pytest.fixture
def new_device(browser: Browser, site: Site) -> Iterator[Callable[..., Device]]:
    devices: list[Device] = []

    def make(*, language: str = "en-GB", dark: bool = False, phone: bool = False) -> Device:
        context = browser.new_context(
            locale=language,
            color_scheme="dark" if dark else "light",
            viewport={"width": 390, "height": 844} if phone else {"width": 1280, "height": 860},
            accept_downloads=True,
            reduced_motion="reduce",  # half-faded text has no contrast to measure
        )
        devices.append(Device(context, site))
        return devices[-1]

    yield make
    for device in devices:
        hosts, complaints = device.hosts, device.complaints
        device.context.close()
        assert hosts <= {urlsplit(site.url).netloc}, f"a foreign host was asked: {hosts}"
        assert complaints == [], complaints


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    folder = tmp_path / "exports"
    folder.mkdir()
    return folder
