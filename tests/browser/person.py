"""What a person does in the journeys, in the words of the English page."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Device

PASSWORD = "ein-Anmelde-Passwort-7"
CHAT_PASSWORD = "vierzehn Regenschirme tanzen leise"
LONG = 60_000


def sign_up(device: Device, name: str, *, email: str = "") -> Page:
    """Opens an account; ends at the library's page."""
    page = device.open("/accounts/signup/")
    page.locator("[name=username]").fill(name)
    page.locator("[name=email]").fill(email)
    page.locator("[name=password1]").fill(PASSWORD)
    page.locator("main form [type=submit]").first.click()
    page.wait_for_url("**/app/**")
    return page


def sign_in(device: Device, name: str, address: str = "/accounts/login/") -> Page:
    """Signs in with the sign-in password."""
    page = device.open(address)
    page.locator("[name=login]").fill(name)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form [type=submit]").first.click()
    page.wait_for_url(lambda url: "/accounts/login" not in url)
    return page


def code_on_sheet(page: Page) -> str:
    """The 64 digits as the sheet shows them."""
    groups = page.locator(".sheet-groups b")
    expect(groups).to_have_count(16)
    return "".join(groups.all_text_contents())


def first_unlock(device: Device, *, stay: bool = False, prove: bool = True) -> str:
    """Makes the key; answers the question for one group, or leaves it for later. Returns the recovery code."""
    page = device.page
    page.get_by_role("button", name="Make my key").click()
    code = code_on_sheet(page)
    if stay:
        page.get_by_label("Stay unlocked on this device").check()
    if prove:
        page.get_by_role("button", name="I have it").click()
        group = int(page.locator("label[for=asked-group]").inner_text().split()[-1])
        page.locator("#asked-group").fill(code[4 * group - 4 : 4 * group])
        page.get_by_role("button", name="Finish").click()
    else:
        page.get_by_role("button", name="Later").click()
    expect(page.get_by_role("heading", name="My chats")).to_be_visible()
    return code


def unlock(device: Device, code: str, *, stay: bool = False) -> Page:
    """Types the recovery code."""
    page = device.page
    page.get_by_label("Recovery code").fill(code)
    if stay:
        page.get_by_label("Stay unlocked on this device").check()
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.get_by_role("heading", name="My chats")).to_be_visible()
    return page


def set_password(device: Device, password: str = CHAT_PASSWORD) -> Page:
    """Sets a password for the chats, from wherever the opened library is."""
    page = device.page
    page.goto(device.site.url + "/app/#/settings/ways")
    page.get_by_role("button", name="Set a password").or_(
        page.get_by_role("button", name="Set a new password")
    ).first.click()
    page.locator("#password-section input").first.fill(password)
    page.locator("#password-section input").nth(1).fill(password)
    page.get_by_role("button", name="Set password").click()
    expect(page.get_by_text("It was just tried once")).to_be_visible(timeout=LONG)
    return page


def choose(device: Device, export: Path) -> Page:
    """Chooses a file and waits for what it holds."""
    page = device.page
    page.locator("input[type=file]").first.set_input_files(export)
    expect(
        page.get_by_role("heading", name="Is this the chat?").or_(page.get_by_role("heading", name="Add this file?"))
    ).to_be_visible(timeout=LONG)
    return page


def add(device: Device, export: Path) -> Page:
    """Adds an export and waits until it is safe."""
    page = choose(device, export)
    page.get_by_role("button", name="Seal and send").click()
    expect(page.get_by_text("It is safe")).to_be_visible(timeout=LONG)
    return page


def read(device: Device, name: str) -> Page:
    """Opens a chat of the list."""
    page = device.page
    page.goto(device.site.url + "/app/#/")
    page.locator(".chat-row", has_text=name).first.click()
    expect(page.locator("bw-chat")).to_be_visible(timeout=LONG)
    return page


def get_back(page: Page, to: Path) -> Path:
    """Gets the export of the chat that is open back, as a download of one zip."""
    page.get_by_role("button", name="Actions for this chat").click()
    page.get_by_role("button", name="Get files back").click()
    page.get_by_role("radio", name="One zip file").check()
    with page.expect_download(timeout=LONG) as download:
        page.get_by_role("button", name="Prepare a download").click()
    download.value.save_as(to)
    return to
