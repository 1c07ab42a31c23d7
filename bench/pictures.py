"""Takes the README's pictures from a running site with the sample chat.

python -m bench.pictures
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bench.chromium import FLAGS, executable
from bench.site import ROOT, Site

FOLDER = ROOT / "docs" / "pictures"
PASSWORD = "ein-Anmelde-Passwort-7"


def walk(page: Page, site: Site, export: Path) -> None:
    """From the first visit to a chat that is read, with a picture of each place."""

    def take(name: str) -> None:
        page.wait_for_timeout(700)
        page.screenshot(path=FOLDER / f"{name}.png")

    page.goto(site.url)
    take("landing")
    page.goto(f"{site.url}/accounts/signup/")
    page.locator("[name=username]").fill("anna")
    page.locator("[name=password1]").fill(PASSWORD)
    page.locator("main form [type=submit]").first.click()
    page.get_by_role("button", name="Make my key").click()
    page.locator(".sheet-groups").wait_for()
    take("sheet")
    code = "".join(page.locator(".sheet-groups b").all_text_contents())
    page.get_by_role("button", name="I have it").click()
    group = int(page.locator("label[for=asked-group]").inner_text().split()[-1])
    page.locator("#asked-group").fill(code[4 * group - 4 : 4 * group])
    page.get_by_role("button", name="Finish").click()
    page.locator("#export-file").set_input_files(export)
    page.get_by_role("button", name="Seal and send").wait_for()
    take("import")
    page.get_by_role("button", name="Seal and send").click()
    page.get_by_role("link", name="Read the chat").click()
    page.locator("bw-chat [role=article]").first.wait_for()
    # Who of them is Anna? Then her side is the right one.
    page.locator("bw-chat button", has_text="Anna").first.click()
    page.wait_for_timeout(1500)
    page.locator("bw-chat").hover()
    for _ in range(40):
        box = page.locator("bw-chat img").first.bounding_box() if page.locator("bw-chat img").count() else None
        if box is not None and 200 < box["y"] < 420:
            break
        page.mouse.wheel(0, -180)
        page.wait_for_timeout(200)
    take("chat")
    page.emulate_media(color_scheme="dark")
    take("chat-dark")


def main() -> None:
    """Starts a site, walks through it, writes `docs/pictures/`."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        site = Site(Path(scratch)).start()
        browser = playwright.chromium.launch(executable_path=executable(), args=list(FLAGS))
        try:
            context = browser.new_context(
                locale="en-GB", viewport={"width": 1280, "height": 800}, reduced_motion="reduce", color_scheme="light"
            )
            # The zip lies there under a short name; a phone would call it this.
            export = Path(scratch) / "WhatsApp Chat - Hiking group.zip"
            shutil.copy(ROOT / "frontend" / "sample" / "hiking-group.zip", export)
            walk(context.new_page(), site, export)
        finally:
            browser.close()
            site.kill()


if __name__ == "__main__":
    main()
