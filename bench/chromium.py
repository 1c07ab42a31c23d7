"""Headless Chromium over a bare DevTools connection.

Playwright switches the Network domain on and copies every request body to itself, which makes uploads some thirty
times slower; whoever measures an upload must not use it.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, Self

from websockets.sync.client import ClientConnection, connect

#: Seconds. Nothing that is evaluated takes longer: a renderer that does not answer ends the run, and does not stop it.
_LONGEST = 600

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


def executable() -> str:
    """Debian's Chromium."""
    found = shutil.which("chromium")
    if found is None:
        raise RuntimeError("Chromium is missing: apt-get install chromium")
    return found


class Page:
    """One tab of a browser: of a new profile that is forgotten afterwards, or of one that stays."""

    def __init__(self, url: str, *flags: str, profile: Path | None = None) -> None:
        self.stays = profile is not None
        self.profile = profile or Path(tempfile.mkdtemp(prefix="backupweb-profile-"))
        (self.profile / "DevToolsActivePort").unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [
                executable(),
                *FLAGS,
                "--remote-debugging-port=0",
                f"--user-data-dir={self.profile}",
                *flags,
                "about:blank",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._numbers = itertools.count(1)
        self._session: str | None = None
        self._socket = self._attach()
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.goto(url)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _attach(self) -> ClientConnection:
        port_file = self.profile / "DevToolsActivePort"
        for _ in range(200):
            if port_file.exists() and port_file.read_text().count("\n"):
                port, path = port_file.read_text().splitlines()[:2]
                return connect(f"ws://127.0.0.1:{port}{path}", max_size=None, compression=None, legacy=True)
            time.sleep(0.05)
        self.process.kill()
        raise RuntimeError("Chromium did not start")

    def _call(self, method: str, **parameters: Any) -> dict[str, Any]:
        number = next(self._numbers)
        message: dict[str, Any] = {"id": number, "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        self._socket.send(json.dumps(message))
        while True:
            answer = json.loads(self._socket.recv(timeout=_LONGEST))
            if "id" not in answer:
                self.heard(answer)
            if answer.get("id") == number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return dict(answer["result"])

    def heard(self, event: dict[str, Any]) -> None:
        """Whoever wants to hear of events says so here; they come while something is asked."""

    def send(self, method: str, session: str) -> None:
        """Says something to a session beside the page's, and waits for no answer."""
        self._socket.send(json.dumps({"id": next(self._numbers), "method": method, "sessionId": session}))

    def goto(self, url: str) -> None:
        """Opens an address and waits until it is loaded."""
        self._call("Page.navigate", url=url)
        for _ in range(600):
            if self.evaluate("document.readyState === 'complete' && location.href !== 'about:blank'"):
                return
            time.sleep(0.05)
        raise RuntimeError(f"{url} did not load")

    def evaluate(self, expression: str) -> Any:
        """The value of an expression, awaited if it is a promise."""
        result = self._call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in result:
            details = result["exceptionDetails"]
            raise RuntimeError(details.get("exception", {}).get("description") or details["text"])
        return result["result"].get("value")

    def wait_for(self, expression: str, seconds: float = 60) -> Any:
        """Asks until the expression is truthy, ten times a second."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            value = self.evaluate(expression)
            if value:
                return value
            time.sleep(0.1)
        raise TimeoutError(expression)

    def give_files(self, find: str, *paths: Path) -> None:
        """Chooses files in the file input that the expression `find` gives."""
        found = self._call("Runtime.evaluate", expression=find)["result"]
        self._call("DOM.setFileInputFiles", objectId=found["objectId"], files=[str(path) for path in paths])

    def forbid_downloads(self) -> None:
        """What a page hands over as a download is not copied once more."""
        self._call("Page.setDownloadBehavior", behavior="deny")

    def memory_bytes(self) -> int:
        """Memory that only the renderer processes hold (USS): the JavaScript heap, buffers and all."""
        import psutil  # noqa: PLC0415 - only figures of memory need it

        total = 0
        for process in psutil.Process(self.process.pid).children(recursive=True):
            # One that ended just now holds nothing.
            with contextlib.suppress(psutil.NoSuchProcess):
                if "--type=renderer" in process.cmdline():
                    total += process.memory_full_info().uss
        return total

    def kill(self) -> None:
        """Ends the browser at once, as a power cut does: every process of it, wherever it was."""
        import psutil  # noqa: PLC0415 - only who kills needs it

        if self.process.poll() is None:
            first = psutil.Process(self.process.pid)
            for process in [first, *first.children(recursive=True)]:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.kill()
        self.process.wait()

    def close(self) -> None:
        """Closes the browser, and forgets the profile if it is not to stay."""
        self._session = None
        try:
            self._call("Browser.close")
            self.process.wait(timeout=10)
        except Exception:
            self.process.kill()
            self.process.wait()
        self._socket.close()
        if not self.stays:
            shutil.rmtree(self.profile, ignore_errors=True)
