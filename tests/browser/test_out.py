"""A chat goes out as a file and on paper: under the site's own policy, and then without any site at all."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Browser, Page, expect

from backupweb.lib.headers import raw_headers
from bench.site import ROOT
from tests.browser.conftest import AXE

pytestmark = pytest.mark.one_database

HOST_PAGE = """<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>Out</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><link rel="stylesheet" href="/static/out-page.css"></head>
<body><main></main><script type="module" src="/static/out-page.js"></script></body></html>"""

TYPES = {".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml"}

#: No test can press the browser's own windows.
NO_PICKER = "delete window.showSaveFilePicker; window.print = () => { (window.parent.printed ??= []).push(document) }"
PICKER = """
window.showSaveFilePicker = async ({ suggestedName }) =>
    (await navigator.storage.getDirectory()).getFileHandle(suggestedName, { create: true })
"""


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The dialog on a page of its own, with the headers of the site."""
    built = tmp_path_factory.mktemp("out-page")
    config = "frontend/tests/support/out-page/vite.config.ts"
    environment = os.environ | {"OUT_PAGE": str(built)}
    subprocess.run(["npx", "vite", "build", "--config", config], cwd=ROOT, env=environment, check=True)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path in {"/en", "/de"}:
                kind, body = "text/html", HOST_PAGE.format(language=self.path[1:]).encode()
            else:
                file = built / Path(self.path).name
                kind, body = TYPES.get(file.suffix, "application/octet-stream"), file.read_bytes()
            self.send_response(200)
            self.send_header("Content-Type", kind)
            for name, value in raw_headers(None):
                self.send_header(name.decode(), value.decode())
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the library's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()


NewPage = Callable[..., Page]


@pytest.fixture
def new_page(browser: Browser, host: str) -> Iterator[NewPage]:
    """A page that asks no other host, and complains of nothing."""
    faults: list[str] = []
    contexts = []

    def make(*, dark: bool = False, phone: bool = False, script: str = NO_PICKER) -> Page:
        context = browser.new_context(
            color_scheme="dark" if dark else "light",
            viewport={"width": 390, "height": 844} if phone else {"width": 1100, "height": 860},
            accept_downloads=True,
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.add_init_script(script)
        context.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        context.on("weberror", lambda error: faults.append(str(error.error)))
        context.on(
            "request",
            lambda request: (
                faults.append(request.url) if not request.url.startswith((host, "file:", "data:", "blob:")) else None
            ),
        )
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
    assert faults == []


def accessible(page: Page, but: tuple[str, ...] = ()) -> None:
    page.evaluate(AXE)
    found = page.evaluate("axe.run().then(r => r.violations.map(v => v.id + ': ' + v.nodes[0].target.join(' ')))")
    assert [fault for fault in found if fault.split(":")[0] not in but] == []


def opened(page: Page, host: str, language: str = "en") -> Page:
    page.goto(f"{host}/{language}")
    expect(page.get_by_role("dialog")).to_be_visible()
    return page


def saved(page: Page, form: str, folder: Path) -> Path:
    page.get_by_role("radio", name=form).check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save").or_(page.get_by_role("button", name="Speichern")).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    page.get_by_role("button", name="Back to the choice").or_(page.get_by_role("button", name="Zurück")).click()
    return path


@pytest.mark.parametrize(
    ("language", "form", "dark", "phone"),
    [("en", "A page to read", False, False), ("de", "Eine Seite zum Lesen", True, True)],
)
def test_a_saved_page_needs_nobody_and_runs_nothing(
    new_page: NewPage, host: str, tmp_path: Path, language: str, form: str, dark: bool, phone: bool
) -> None:
    page = opened(new_page(dark=dark, phone=phone), host, language)
    accessible(page, but=("page-has-heading-one", "region", "landmark-one-main"))
    file = saved(page, form, tmp_path)
    assert file.name == "Lake & mountains __style_.html"

    reader = new_page(dark=dark, phone=phone, script="")
    asked: list[str] = []
    reader.on("request", lambda request: asked.append(request.url[:5]))
    reader.goto(file.as_uri())
    for picture in reader.locator("figure img").all():
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("naturalWidth", 900)
    assert reader.locator("figure img").count() == 2
    assert set(asked) <= {"file:", "data:"}
    assert asked.count("file:") == 1
    assert reader.evaluate("[typeof ranScript, document.scripts.length]") == ["undefined", 0]
    assert reader.evaluate("document.documentElement.scrollWidth <= innerWidth")
    sound = reader.locator("audio")
    assert sound.evaluate("a => new Promise(r => { a.onloadedmetadata = () => r(a.duration); a.load() })") == 2
    accessible(reader)

    with reader.expect_download() as download:
        reader.get_by_role("link", name="Einladung.html").click()
    assert download.value.suggested_filename == "Einladung.html"
    download.value.save_as(tmp_path / "out")
    assert (tmp_path / "out").read_text().startswith("<script>parent.ranScript")


def test_paper_has_numbers_and_hashes_and_no_policy_stands_in_its_way(
    new_page: NewPage, host: str, tmp_path: Path
) -> None:
    page = opened(new_page(), host)
    file = saved(page, "On paper or as PDF", tmp_path)
    page.get_by_role("button", name="Print …").click()
    expect(page.get_by_role("heading", name="handed to your browser")).to_be_visible()
    frame = page.frames[1]
    assert frame.evaluate("parent.printed.length === 1 && parent.printed[0] === document")
    assert frame.evaluate("[...document.images].map(i => i.naturalWidth)") == [900, 900]
    assert frame.evaluate("getComputedStyle(document.querySelector('.kind')).color") == "rgb(31, 97, 86)"
    rows = "[...document.querySelectorAll('tr')].map(r => r.textContent)"
    framed = frame.evaluate(rows)
    page.get_by_role("button", name="Close").click()
    expect(page.locator("iframe")).to_have_count(0)

    reader = new_page(script="")
    reader.goto(file.as_uri())
    assert reader.evaluate(rows) == framed
    reader.pdf(path=tmp_path / "out.pdf", format="A4", prefer_css_page_size=True)
    texts = [sheet.extract_text() for sheet in pypdf.PdfReader(tmp_path / "out.pdf").pages]
    assert len(texts) > 20
    for number, text in enumerate(texts, 1):
        assert f"Page {number} of {len(texts)}" in text
        assert "by Backupweb 0.1.0" in text
    assert "6dcd4ce23d88e2ee9568ba546c007c63d9131c1b2f1c0c8a5a1c0d2b3e4f5061" in texts[0]
    assert "By itself it proves nothing" in texts[0]
    assert "09:12:31" in texts[1]
    assert texts[1].count("Lake & mountains </style>") == 1


def test_a_span_of_one_person_as_table_data_and_text(new_page: NewPage, host: str, tmp_path: Path) -> None:
    page = opened(new_page(), host)
    page.get_by_role("radio", name="A time span").check()
    page.get_by_label("From").fill("2026-03-02")
    page.get_by_label("To", exact=True).fill("2026-03-02")
    page.get_by_label("Whose messages?").select_option("Anna")
    page.get_by_role("radio", name="A table (CSV)").check()
    expect(page.get_by_text("4 messages, about")).to_be_visible()
    table = saved(page, "A table (CSV)", tmp_path).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table, newline=""), strict=True))
    assert [(row["number"], row["sender"], row["date"]) for row in rows] == [
        (number, "Anna", "2026-03-02") for number in ("15", "16", "17", "21")
    ]
    data = json.loads(saved(page, "Data for programs (JSON)", tmp_path).read_bytes())
    assert [record["number"] for record in data["records"]] == [15, 16, 17, 21]
    assert data["choice"] == {"from": "2026-03-02", "to": "2026-03-02", "person": 0}
    text = saved(page, "Plain text", tmp_path).read_text(encoding="utf-8")
    assert "08:08  Anna: [Document: Rechnung.pdf]" in text
    page.get_by_label("From").fill("2026-03-05")
    expect(page.get_by_text("The first day lies behind the last one.")).to_be_visible()
    expect(page.get_by_role("button", name="Save")).to_be_disabled()


def test_where_a_browser_lets_a_person_choose_a_place_it_is_written_there(new_page: NewPage, host: str) -> None:
    page = opened(new_page(script=PICKER), host)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Saved")).to_be_visible()
    expect(page.get_by_text("The download has begun")).to_have_count(0)
    written = page.evaluate(
        """async () => {
            const root = await navigator.storage.getDirectory()
            const file = await root.getFileHandle("Lake & mountains __style_.html")
            return await (await file.getFile()).text()
        }"""
    )
    assert written.startswith("<!doctype html>")
    assert written.endswith("</html>\n")
