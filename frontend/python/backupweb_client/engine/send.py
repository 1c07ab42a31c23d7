"""Sealing what is new and sending it, pack by pack; each is confirmed as stored before the next step."""

from collections.abc import Iterator, Sequence

from backupweb_client.engine.plan import PlannedFile, cut_file
from backupweb_client.engine.progress import Listener, Progress
from backupweb_client.errors import ClientError
from backupweb_client.format.catalog import PackEntry
from backupweb_client.format.cut import Cut
from backupweb_client.format.frame import chunk_id, seal_frame
from backupweb_client.format.keys import LibraryKeys
from backupweb_client.format.limits import LARGEST_FRAME_CONTENT
from backupweb_client.format.pack import FinishedPack, PackBuilder
from backupweb_client.primitives import Random
from backupweb_client.server.api import STORED, Api, ObjectFacts


class ExportChangedError(ClientError):
    def __init__(self) -> None:
        super().__init__("The export changed while it was read.", "Wait until it is complete, then add it again.")


class Sender:
    """Sends objects and keeps in mind which, so that an import that fails can give them back."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self.sent: list[bytes] = []
        self.sent_bytes = 0

    def send(self, facts: ObjectFacts, content: bytes) -> None:
        """Announces, sends and asks whether it is stored with this length and hash."""
        (ticket,) = self._api.begin([facts])
        self.sent.append(facts.object_id)
        if ticket.state != STORED:
            self._api.put(ticket, content)
        (state,) = self._api.finish([facts.object_id])
        if (state.state, state.size, state.digest) != (STORED, facts.size, facts.digest):
            raise ClientError("The server did not store what it was sent.", "Try again; tell the operator if it stays.")
        self.sent_bytes += facts.size

    def give_back(self) -> None:
        if self.sent:
            self._api.abandon(self.sent)


class Packer:
    """Seals new chunks into frames and packs, text apart from the rest, and sends every full pack."""

    def __init__(self, keys: LibraryKeys, sender: Sender, random: Random) -> None:
        self._keys = keys
        self._sender = sender
        self._random = random
        self._open = {True: PackBuilder(), False: PackBuilder()}
        self.packs: list[PackEntry] = []

    def frame(self, chunks: Sequence[bytes], cut: Cut) -> None:
        frame = seal_frame(self._keys, chunks, compress=cut != "fixed", random=self._random)
        is_text = cut == "text"
        if not self._open[is_text].has_room(frame):
            self._send(self._open[is_text].finish(self._random, last=False))
            self._open[is_text] = PackBuilder()
        self._open[is_text].add(frame)

    def end(self) -> None:
        for pack in self._open.values():
            if not pack.empty:
                self._send(pack.finish(self._random, last=True))

    def _send(self, pack: FinishedPack) -> None:
        entry = pack.entry
        self._sender.send(ObjectFacts(entry.pack_id, "pack", entry.size, entry.digest), pack.content)
        self.packs.append(entry)


def send_new_chunks(
    keys: LibraryKeys, planned: Sequence[PlannedFile], new: set[bytes], packer: Packer, tell: Listener
) -> None:
    """Reads the export again and seals the chunks in `new`, each once; the set is used up."""
    total = sum(file.size for file in planned)
    done = 0
    for file in planned:
        if not any(chunk.chunk_id in new for chunk in file.chunks):
            done += file.size
        else:
            for chunks, length in _groups(keys, file, new):
                if chunks:
                    packer.frame(chunks, file.cut)
                done += length
                tell(Progress("sending", done, total))
    if new:
        raise ExportChangedError
    packer.end()


def _groups(keys: LibraryKeys, file: PlannedFile, new: set[bytes]) -> Iterator[tuple[list[bytes], int]]:
    """What goes into one frame, and how many bytes of the file were handled by then."""
    _, chunks = cut_file(keys, file.found)
    together = LARGEST_FRAME_CONTENT if file.cut == "text" else 1
    group: list[bytes] = []
    handled = 0
    for chunk in _as_planned(file, chunks):
        identity = chunk_id(keys, chunk)
        is_new = identity in new
        if group and (not is_new or sum(map(len, group)) + len(chunk) > together):
            yield group, handled
            group, handled = [], 0
        handled += len(chunk)
        if is_new:
            new.remove(identity)
            group.append(chunk)
    yield group, handled


def _as_planned(file: PlannedFile, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The file has to be what it was at the first look: the snapshot is written from that."""
    expected = iter(file.chunks)
    for chunk in chunks:
        entry = next(expected, None)
        if entry is None or entry.length != len(chunk):
            raise ExportChangedError
        yield chunk
    if next(expected, None) is not None:
        raise ExportChangedError
