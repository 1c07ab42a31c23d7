"""WhatsApp's encrypted backup is opened in the browser with its key, and read on another device without it."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import person
from tests.browser.conftest import Device
from tests.databases.crypt15 import seal

NewDevice = Callable[..., Device]

ROOT = bytes(range(7, 39))

SCHEMA = """
create table jid (_id integer primary key, raw_string text);
create table chat (_id integer primary key, jid_row_id integer, subject text);
create table message (_id integer primary key, chat_row_id integer, from_me integer, key_id text,
    sender_jid_row_id integer, timestamp integer, message_type integer, text_data text, sort_id integer);
create table message_quoted (message_row_id integer primary key, key_id text, from_me integer, text_data text);
create table message_add_on (_id integer primary key, parent_message_row_id integer, from_me integer,
    sender_jid_row_id integer);
create table message_add_on_reaction (message_add_on_row_id integer primary key, reaction text);
insert into jid values (1, '491760406901@s.whatsapp.net'), (2, '120363@g.us');
insert into chat values (1, 1, null), (2, 2, 'Bergfreunde');
insert into message values (1, 1, 0, 'A', 0, 1789804330000, 0, 'Kommst du mit auf die Zugspitze?', 1),
    (2, 1, 1, 'B', 0, 1789804390000, 0, 'Na klar', 2), (3, 2, 0, 'C', 1, 1789804400000, 0, 'Wer noch?', 3);
insert into message_quoted values (2, 'A', 0, 'Kommst du mit auf die Zugspitze?');
insert into message_add_on values (1, 1, 1, 0);
insert into message_add_on_reaction values (1, '❤️');
"""


def backup(folder: Path) -> Path:
    """`msgstore.db.crypt15` of two chats."""
    database = folder / "msgstore.db"
    with sqlite3.connect(database) as connection:
        connection.executescript(SCHEMA)
    connection.close()
    path = folder / "msgstore.db.crypt15"
    path.write_bytes(seal(zlib.compress(database.read_bytes()), ROOT, bytes(range(16))))
    return path


@pytest.mark.one_database
def test_an_encrypted_backup_is_opened_with_its_key_and_read_anywhere(new_device: NewDevice, exports: Path) -> None:
    device = new_device()
    person.sign_up(device, "hanna")
    code = person.first_unlock(device)
    asked: list[str] = []
    device.page.on("request", lambda request: asked.append(request.url))
    page = device.page
    page.locator("input[type=file]").first.set_input_files(backup(exports))
    expect(page.get_by_role("heading", name="This is WhatsApp’s encrypted backup")).to_be_visible(timeout=person.LONG)
    device.axe()
    assert not [url for url in asked if "sqlite" in url], "nobody loads what he does not use"
    page.get_by_label("Its 64-digit key").fill("00" * 32)
    page.get_by_role("button", name="Open the backup").click()
    expect(page.get_by_text("This key does not open this backup.")).to_be_visible()
    page.get_by_label("Its 64-digit key").fill(ROOT.hex().upper())
    page.get_by_role("button", name="Open the backup").click()
    expect(page.get_by_role("heading", name="Are these the chats?")).to_be_visible(timeout=person.LONG)
    assert [url for url in asked if "sqlite" in url]
    page.get_by_role("button", name="Seal and send").click()
    expect(page.get_by_text("It is safe")).to_be_visible(timeout=person.LONG)
    assert not any(ROOT in sent or ROOT.hex().encode() in sent.lower() for sent in device.sent)

    second = new_device(phone=True)
    page = person.sign_in(second, "hanna", "/accounts/login/?next=/app/")
    person.unlock(second, code)
    page = person.read(second, "WhatsApp")
    chat = page.locator("bw-chat")
    expect(chat.get_by_text("Na klar")).to_be_visible()
    expect(chat.locator(".quoted-words")).to_have_text("Kommst du mit auf die Zugspitze?")
    expect(chat.locator(".reactions")).to_contain_text("❤️")
    second.axe()
    page.get_by_label("Chats in this export").select_option(label="Bergfreunde (1)")
    expect(chat.get_by_text("Wer noch?")).to_be_visible()
    assert device.complaints == []
    assert second.complaints == []


@pytest.mark.one_database
def test_a_database_of_ios_is_read_by_python_that_nobody_else_loads(new_device: NewDevice, exports: Path) -> None:
    vectors = Path(__file__).parents[1] / "vectors" / "databases"
    database = exports / "ChatStorage.sqlite"
    with sqlite3.connect(database) as connection:
        connection.executescript((vectors / "ChatStorage.sql").read_text())
    connection.close()
    device = new_device()
    person.sign_up(device, "ingo")
    person.first_unlock(device)
    page = device.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("input[type=file]").first.set_input_files(database)
    heading = page.get_by_role("heading", name="Are these the chats?").or_(
        page.get_by_role("heading", name="Is this the chat?")
    )
    expect(heading).to_be_visible(timeout=2 * person.LONG)
    assert [url for url in asked if "pyodide" in url]
    assert device.hosts == {page.evaluate("location.host")}
    page.get_by_role("button", name="Seal and send").click()
    expect(page.get_by_text("It is safe")).to_be_visible(timeout=person.LONG)
    page.get_by_role("link", name="Read the chat").or_(page.locator(".done a.button").first).first.click()
    expect(page.locator("bw-chat .bubble").first).to_be_visible(timeout=2 * person.LONG)
    assert device.complaints == []
