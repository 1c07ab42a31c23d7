"""Stands between us and a store, and makes trouble: breaks off, is slow, or says that it is busy."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

BUSY = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Between:
    """Hands bytes on. What it does to the connections that come next is set by the test."""

    def __init__(self, netloc: str) -> None:
        host, _, port = netloc.partition(":")
        self._to = (host, int(port))
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.netloc = f"127.0.0.1:{self._listening.getsockname()[1]}"
        self.busy = 0  # so many connections are told "busy"
        self.cuts_after: int | None = None  # so many bytes towards the store, then the connection breaks
        self.cuts_answers_after: int | None = None  # the same for bytes that come back
        self.cuts = 10**9  # so many connections are broken
        self.pause = 0.0  # seconds before each block
        self.seen = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        self._listening.close()

    def _listen(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            self.seen += 1
            threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        if self.busy > 0:
            self.busy -= 1
            with suppress(OSError):
                near.settimeout(0.3)
                near.recv(65536)
                near.sendall(BUSY)
                while near.recv(65536):  # a body that nobody reads would break the answer
                    pass
            near.close()
            return
        far = socket.create_connection(self._to)
        back = threading.Thread(target=self._pump, args=(far, near, "cuts_answers_after"), daemon=True)
        back.start()
        self._pump(near, far, "cuts_after")
        back.join()
        near.close()
        far.close()

    def _pump(self, source: socket.socket, sink: socket.socket, limit: str) -> None:
        passed = 0
        with suppress(OSError):
            while block := source.recv(65536):
                if self.pause:
                    time.sleep(self.pause)
                most = getattr(self, limit)
                if most is not None and passed + len(block) > most and self.cuts > 0:
                    self.cuts -= 1
                    sink.sendall(block[: most - passed])
                    for end in (source, sink):
                        end.shutdown(socket.SHUT_RDWR)
                    return
                passed += len(block)
                sink.sendall(block)
        with suppress(OSError):
            sink.shutdown(socket.SHUT_WR)


@contextmanager
def standing_between(netloc: str) -> Iterator[Between]:
    """Between us and `netloc`."""
    between = Between(netloc)
    yield between
    between.close()
