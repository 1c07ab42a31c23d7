"""The first message and the first picture of a large library on a new device: one JSON line.

The library is really there as far as anything of it is read: heads, snapshots, catalogs, lists of files and the text,
made by the Python client's format code and stored by a real site. Packs with photos are named, and not stored but for
one: nobody fetches them. A new Chromium profile then unlocks with the recovery code.

    PYTHONPATH=frontend/python python -m bench.opening [--gigabytes 1,20]

`fetched` are the bytes of heads, objects and other answers of the interface that the engine's worker received from
pressing *Open* until the first message stood there; the page's own files are not counted.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from backupweb_client.engine.chunks import ChunkIndex
from backupweb_client.engine.division import Contents, divide, hints_of
from backupweb_client.engine.library import Library, Surroundings, init_library
from backupweb_client.engine.listing import list_ref, plan_list, text_ref
from backupweb_client.engine.plan import plan_import
from backupweb_client.engine.progress import nobody
from backupweb_client.engine.send import Packer, Sender, send_new_chunks
from backupweb_client.exports.chat import read_chat
from backupweb_client.exports.found import FoundExport, FoundFile
from backupweb_client.format.catalog import Catalog, PackEntry, seal_catalog
from backupweb_client.format.file_list import StoredFile, ZipEntry
from backupweb_client.format.frame import ChunkEntry, FrameEntry
from backupweb_client.format.head import ListedCatalog, ListedConversation, ListedSnapshot, seal_head
from backupweb_client.format.limits import ID_BYTES, PACK_BYTES
from backupweb_client.format.snapshot import Snapshot, Source, Summary, seal_snapshot
from backupweb_client.places import HeadMemory
from backupweb_client.primitives import sha256, system_random
from backupweb_client.server.api import Addition, Api, ObjectFacts
from backupweb_client.server.session import sign_in as client_sign_in
from backupweb_client.server.transport import Transport

from bench.chromium import Page
from bench.person import prepare, sign_in
from bench.site import Site

_GIGABYTE = 1_000_000_000
_CHAT = 2 * _GIGABYTE
_PHOTO = 170_000
_MESSAGES_PER_PHOTO = 12
_PASSWORD = "ein-Anmelde-Passwort-7"
_NEW_ACCOUNT = (
    "from backupweb.accounts.models import Account;"
    f"Account.objects.create_user(username='anna', email='anna@example.org', password='{_PASSWORD}')"
)


@dataclass(frozen=True)
class Made:
    """A chat that is stored, as the next head lists it."""

    snapshot: ListedSnapshot
    catalogs: tuple[ListedCatalog, ...]
    addition: Addition
    conversation: ListedConversation


def chat_text(photos: int, name: str) -> bytes:
    """A message a minute, and a photo with every twelfth."""
    words = ["morning", "today", "cake", "maybe", "garden", "later", "lovely", "train", "waiting", "greetings"]
    lines: list[str] = []
    for number in range(photos * _MESSAGES_PER_PHOTO):
        day, minute = divmod(number, 1440)
        month, day = divmod(day, 28)
        date = f"{day + 1:02}/{month % 12 + 1:02}/{2014 + month // 12}"
        said = " ".join(words[(number * 7 + at * 3) % 10] for at in range(4 + number % 9))
        if number % _MESSAGES_PER_PHOTO == _MESSAGES_PER_PHOTO - 1:
            said = f"IMG-{number // _MESSAGES_PER_PHOTO:06}.jpg (file attached)"
        lines.append(f"{date}, {minute // 60:02}:{minute % 60:02} - {name if number % 3 else 'Anna'}: {said}\n")
    return "".join(lines).encode()


def _photo(rng: random.Random, number: int, chunk: bytes) -> StoredFile:
    entry = ZipEntry(0, 0x5A210000 + number % 60_000, 0, 0x0314, 0, rng.getrandbits(32), None)
    return StoredFile(f"IMG-{number:06}.jpg", _PHOTO, None, "image/jpeg", "fixed", (chunk,), entry)


def _absent_packs(chunks: list[bytes], rng: random.Random) -> list[PackEntry]:
    """As catalogs name them; their content does not exist."""
    frames = [FrameEntry(chunk, 0, _PHOTO + 30, (ChunkEntry(chunk, _PHOTO),)) for chunk in chunks]
    each = PACK_BYTES // (_PHOTO + 30)
    return [
        PackEntry(rng.randbytes(ID_BYTES), rng.randbytes(32), PACK_BYTES, tuple(frames[at : at + each]))
        for at in range(0, len(frames), each)
    ]


def make_chat(library: Library, size: int, name: str, seed: int) -> Made:
    """A chat of `size` bytes of photos. The last five are stored: those are in sight when it is opened."""
    rng = random.Random(seed)
    keys, chance, sender = library.keys, library.around.random, Sender(library.api)
    count = max(6, size // _PHOTO)
    text = chat_text(count, name)
    seen = [b"\xff\xd8\xff\xe0\0" + rng.randbytes(_PHOTO - 5) for _ in range(5)]
    source = Source(f"WhatsApp Chat - {name}.zip", size, "2026-11-20T10:00:00Z", "zip", b"")
    found = [
        FoundFile("_chat.txt", len(text), None, "text/plain", None, lambda: io.BytesIO(text)),
        *(FoundFile("", _PHOTO, None, "", None, lambda each=each: io.BytesIO(each)) for each in seen),  # type: ignore[misc]
    ]
    planned = plan_import(keys, FoundExport(source, tuple(found)), nobody)
    absent = [rng.randbytes(ID_BYTES) for _ in range(count - len(seen))]
    photos = [*absent, *(each.chunks[0].chunk_id for each in planned[1:])]
    ids = tuple(chunk.chunk_id for chunk in planned[0].chunks)
    files = (
        StoredFile("_chat.txt", len(text), None, "text/plain", "text", ids, None),
        *(_photo(rng, number, chunk) for number, chunk in enumerate(photos)),
    )
    listed = plan_list(keys, files)
    packer = Packer(keys, sender, chance)
    everything = (*planned, listed)
    send_new_chunks(keys, everything, {chunk.chunk_id for each in everything for chunk in each.chunks}, packer, nobody)

    contents = Contents(files, list_ref(listed, len(files)), 0)
    index, catalogs = ChunkIndex(), []
    for group in divide([*packer.packs, *_absent_packs(absent, rng)], contents):
        catalog_id, catalog = chance(ID_BYTES), Catalog(tuple(group))
        sealed = seal_catalog(keys, catalog_id, catalog, chance)
        sender.send(ObjectFacts(catalog_id, "catalog", len(sealed), sha256(sealed)), sealed)
        index.add(catalog_id, catalog)
        catalogs.append(ListedCatalog(catalog_id, sha256(sealed), len(sealed), keys.epoch))
    facts = read_chat(text.decode(), [file.name for file in files])
    assert facts is not None
    snapshot = Snapshot(
        chance(ID_BYTES), keys.library, keys.epoch, chance(ID_BYTES), library.around.now(), source, "whatsapp",
        Summary(name, facts.people, facts.messages, facts.media, facts.first, facts.last),
        hints_of(index, contents), contents.listed, text_ref(files, 0),
    )  # fmt: skip
    sealed = seal_snapshot(keys, snapshot, chance)
    sender.send(ObjectFacts(snapshot.snapshot_id, "snapshot", len(sealed), sha256(sealed)), sealed)
    needed = (*(each.catalog_id for each in catalogs), *(pack.pack_id for pack in packer.packs))
    return Made(
        ListedSnapshot(snapshot.snapshot_id, sha256(sealed), len(sealed), keys.epoch, snapshot.conversation),
        tuple(catalogs),
        Addition(snapshot.snapshot_id, needed),
        ListedConversation(snapshot.conversation, name, "Anna"),
    )


def make_library(site: Site, folder: Path, size: int) -> str:
    """Chats of at most 2 GB each; gives back the recovery code."""
    transport = Transport(site.url)
    client_sign_in(transport, "anna", _PASSWORD, lambda: "")
    code, library = init_library(Api(transport), Surroundings(HeadMemory(folder / "heads.json"), system_random))
    sizes = [min(_CHAT, size - at) for at in range(0, size, _CHAT)]
    made = [make_chat(library, each, f"Chat {number}", number) for number, each in enumerate(sizes)]
    before = library.newest_head()
    head = replace(
        before.head,
        sequence=before.head.sequence + 1,
        parent=before.digest,
        conversations=tuple(each.conversation for each in made),
        snapshots=tuple(each.snapshot for each in made),
        catalogs=tuple(catalog for each in made for catalog in each.catalogs),
    )
    sealed = seal_head(library.keys, head, system_random)
    assert library.api.commit(head.sequence, sealed, add=[each.addition for each in made]) is None
    return code.spelled()


class ListeningPage(Page):
    """Counts what its workers receive."""

    def __init__(self, url: str) -> None:
        self.fetched: dict[str, int] = {}
        self._addresses: dict[str, str] = {}
        super().__init__(url)

    def listen(self) -> None:
        """To workers from now on."""
        self._call("Target.setAutoAttach", autoAttach=True, waitForDebuggerOnStart=False, flatten=True)

    def heard(self, event: dict[str, Any]) -> None:
        """Address → bytes on the wire, headers included."""
        parameters = event.get("params", {})
        match event.get("method"):
            case "Target.attachedToTarget":
                self.send("Network.enable", parameters["sessionId"])
            case "Network.requestWillBeSent":
                self._addresses[parameters["requestId"]] = parameters["request"]["url"]
            case "Network.loadingFinished":
                address = self._addresses.get(parameters["requestId"], "")
                self.fetched[address] = self.fetched.get(address, 0) + int(parameters["encodedDataLength"])


_OPEN = """
(async () => {
    const field = find('input, textarea')
    field.value = CODE
    field.dispatchEvent(new Event('input', { bubbles: true }))
    const until = async (selector) => {
        for (;;) {
            const found = find(selector)
            if (found !== null) return found
            await new Promise(requestAnimationFrame)
        }
    }
    const begun = performance.now()
    find('button', 'Open').click()
    ;(await until('.chat-row')).click()
    await until('.row[data-here]')
    return (performance.now() - begun) / 1000
})()
"""


def measure(gigabytes: int) -> dict[str, float]:
    """Seconds from pressing *Open* to the first message, and bytes fetched until then."""
    with tempfile.TemporaryDirectory() as scratch:
        site = Site(Path(scratch) / "site", BACKUPWEB_DEFAULT_QUOTA="20GB")
        try:
            site.manage("shell", "-c", _NEW_ACCOUNT)
            site.start()
            code = make_library(site, Path(scratch), gigabytes * _GIGABYTE)
            with ListeningPage(site.url) as page:
                page.listen()
                sign_in(page, site)
                prepare(page)
                page.wait_for("find('button', 'Open') !== null")
                page.fetched.clear()
                seconds = float(page.evaluate(_OPEN.replace("CODE", json.dumps(code))))
                page.evaluate("1")
                fetched = sum(
                    size for address, size in page.fetched.items() if "/objects/" in address or "/api/" in address
                )
        finally:
            site.kill()
    return {"seconds": round(seconds, 3), "fetched_mib": round(fetched / 2**20, 3)}


def main() -> None:
    """Prints the line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gigabytes", default="1,20", help="sizes of libraries, with commas")
    sizes = [int(each) for each in parser.parse_args().gigabytes.split(",")]
    figures: dict[str, float] = {}
    for size in sizes:
        figures |= {f"first_message_{size}gb_{name}": value for name, value in measure(size).items()}
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
