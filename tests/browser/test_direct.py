"""Bytes go straight between browser and store; when that way closes, the site carries them and nobody notices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from playwright.sync_api import Browser, Request, Response, expect

from bench.exports import Chat, write_zip
from bench.site import Site
from tests.browser import person
from tests.browser.conftest import Device
from tests.lib.stores.servers import Service, seaweedfs

BUCKET = "packs"
SET_CORS = "from backupweb.lib.objectstore.direct import set_cors; set_cors()"
LOOK = "from backupweb.lib.objectstore.direct import direct_transfer_trouble as look; print(look())"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with seaweedfs(tmp_path_factory.mktemp("store")) as service:
        yield service


@pytest.fixture(scope="module")
def direct_site(store: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(
        tmp_path_factory.mktemp("site"),
        BACKUPWEB_STORE=store.address(store.netloc),
        BACKUPWEB_STORE_KEY="key",
        BACKUPWEB_STORE_SECRET="secret",
        BACKUPWEB_TRANSFER="direct",
    )
    site.environment["BACKUPWEB_URL"] = site.url
    site.manage("shell", "-c", SET_CORS)
    site.start()
    yield site
    site.kill()


class Traffic:
    """How many bytes of bodies went which way."""

    def __init__(self, device: Device, site: Site) -> None:
        self.sent: Counter[str] = Counter()
        self.fetched: Counter[str] = Counter()
        self._site = site.url
        device.context.on("request", self._note_sent)
        device.context.on("response", self._note_fetched)

    def _way(self, url: str) -> str:
        if not url.startswith(self._site):
            return "store"
        return "objects" if "/objects/" in url and "/api/" not in url else "site"

    def _note_sent(self, request: Request) -> None:
        if request.method in {"PUT", "POST"} and request.post_data_buffer is not None:
            self.sent[self._way(request.url)] += len(request.post_data_buffer)

    def _note_fetched(self, response: Response) -> None:
        way = self._way(response.url)
        if way != "site" and response.request.method == "GET":
            self.fetched[way] += int(response.headers.get("content-length", "0"))


def new_device(browser: Browser, site: Site) -> tuple[Device, Traffic]:
    device = Device(browser.new_context(locale="en-GB", accept_downloads=True), site)
    return device, Traffic(device, site)


def let_only(store: Service, origin: str) -> None:
    """The store answers pages of that origin and of no other."""
    client: Any = boto3.client(
        "s3",
        endpoint_url=f"http://{store.netloc}",
        region_name="us-east-1",
        aws_access_key_id="key",
        aws_secret_access_key="secret",
    )
    rule = {"AllowedOrigins": [origin], "AllowedMethods": ["GET", "PUT"], "AllowedHeaders": ["*"]}
    client.put_bucket_cors(Bucket=BUCKET, CORSConfiguration={"CORSRules": [rule]})


@pytest.mark.one_database
def test_a_library_past_the_site_and_then_through_it(
    browser: Browser, direct_site: Site, store: Service, tmp_path: Path
) -> None:
    assert direct_site.manage("shell", "-c", LOOK).strip().endswith("[]")
    small, large = Chat(messages=2000, counts=((20, 1), (2, 1), (2, 1))), Chat(2000, ((100, 1), (8, 1), (2, 1)), seed=7)
    export = write_zip(small, "a", tmp_path / "WhatsApp Chat - Tour.zip")
    second = write_zip(large, "a", tmp_path / "WhatsApp Chat - Choir.zip")

    device, traffic = new_device(browser, direct_site)
    person.sign_up(device, "dora")
    code = person.first_unlock(device)
    person.add(device, export)
    assert traffic.sent["store"] > export.stat().st_size * 0.9
    assert traffic.sent["objects"] == 0
    assert traffic.sent["site"] < 100_000

    # Another device reads, and gets its bytes from the store alone.
    reader, read = new_device(browser, direct_site)
    person.sign_in(reader, "dora", "/accounts/login/?next=/app/")
    person.unlock(reader, code)
    page = person.read(reader, "Tour")
    got = person.get_back(page, tmp_path / "tour.zip")
    assert got.stat().st_size > export.stat().st_size * 0.9
    assert read.fetched["store"] > export.stat().st_size * 0.9
    assert read.fetched["objects"] == 0
    assert device.complaints == reader.complaints == []

    # In the middle of the next import the store stops answering to this site's pages.
    page = person.choose(device, second)
    page.get_by_role("button", name="Seal and send").click()
    while traffic.sent["store"] < export.stat().st_size + 9_000_000:
        page.wait_for_timeout(20)
    let_only(store, "https://another.example")
    expect(page.get_by_text("It is safe")).to_be_visible(timeout=2 * person.LONG)
    assert traffic.sent["objects"] > 0

    late, through = new_device(browser, direct_site)
    person.sign_in(late, "dora", "/accounts/login/?next=/app/")
    person.unlock(late, code)
    page = person.read(late, "Choir")
    got = person.get_back(page, tmp_path / "choir.zip")
    assert got.stat().st_size > second.stat().st_size * 0.9
    assert through.fetched["objects"] > second.stat().st_size * 0.9
    for one in (device, reader, late):
        one.context.close()
