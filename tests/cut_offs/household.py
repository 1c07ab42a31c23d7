"""A person with a browser that keeps its profile, a wire to a site, and a second device that looks on."""

from __future__ import annotations

import signal
import threading
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Literal

from websockets.exceptions import WebSocketException

from bench.chromium import Page
from bench.person import first_unlock, prepare, sign_up
from bench.site import Site
from tests.cut_offs.moments import Listener, Moment, Score, Sort
from tests.cut_offs.operations import LONG, Operation
from tests.cut_offs.witness import Witness
from tests.wire import Wire

Victim = Literal["browser", "server", "connection"]
VICTIMS: tuple[Victim, ...] = ("browser", "server", "connection")

MIB = 1024**2
#: Open packs are closed early when a try ends, and each is padded by an eighth at most.
PADDING = 3 * MIB
#: How long the connection is away.
AWAY = 1.5
PASSWORD = "ein-Anmelde-Passwort-7"

#: After the time of grace nothing lies in the store but what a snapshot needs, and of that everything, whole.
TIDY = """
from django.core.management import call_command
from backupweb.backups.models import SealedObject
call_command("collect_garbage", "--grace-hours", "0")
call_command("verify_store", "--all", "--hash", "--delete-orphans", "--although-most", "--grace-hours", "0")
print("loose", SealedObject.objects.all().unreferenced().count(), "rows", SealedObject.objects.count())
"""


class Household:
    """Everything of one run, in one folder."""

    def __init__(self, folder: Path) -> None:
        self.site = Site(folder / "site", BACKUPWEB_DEFAULT_QUOTA="20GB", BACKUPWEB_LOG_LEVEL="warning").start()
        self.listener = Listener()
        self.wire = Wire(self.site.port, ears=self.listener.ears)
        self.listed: list[Path] = []
        self._profile = folder / "profile"
        self._folder = folder

    def __enter__(self) -> Household:
        with ExitStack() as begun:
            begun.callback(self.site.kill)
            begun.enter_context(self.wire)
            self.page = Page("about:blank#", profile=self._profile)
            begun.callback(self._end_browser)
            sign_up(self.page, self.wire, "anna", PASSWORD)
            code = first_unlock(self.page, stay=True)
            self.witness = Witness(self.site.url, "anna", PASSWORD, code, self._folder)
            # Cookies reach the disk after half a minute, or when the browser is closed as it should be.
            self.page.close()
            self._open_browser()
            self._over = begun.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.close()

    def _end_browser(self) -> None:
        self.page.kill()

    def _open_browser(self) -> None:
        self.page = Page(f"{self.wire.url}/app/", profile=self._profile)
        self._at_home()

    def _at_home(self) -> None:
        prepare(self.page)
        self.page.wait_for("find('h1, h2', 'My chats') !== null", LONG)

    def undisturbed(self, operation: Operation) -> Counter[Sort]:
        """Runs it as it should be; how many moments of each sort it has."""
        self.listener.arm(None, lambda: None)
        self._home()
        operation.begin(self.page)
        self._wait_until_over(operation)
        self.listed = operation.after(self.listed)
        heard = Counter(self.listener.heard)
        self._tidy()
        return heard

    def cut_off(self, operation: Operation, victim: Victim, moment: Moment) -> str:
        """Strikes at that moment, goes on, and looks at what is there. Returns what happened."""
        stored = self._stored()
        self._home()
        self.listener.arm(moment, lambda: self._strike(victim))
        began = time.monotonic()
        try:
            operation.begin(self.page)
            while not self.listener.struck.is_set() and not operation.is_over(self.page):
                time.sleep(0.02)
        except (WebSocketException, OSError, RuntimeError):
            if not self.listener.struck.wait(5):
                raise
        before = self.listener.disarm()
        struck = self.listener.struck.is_set()
        if not struck:  # the moment lies behind the end this time
            self._strike(victim)
        self._expect_done(operation)
        self._recover(victim, operation)
        self._wait_until_over(operation)
        self.listed = operation.after(self.listed)
        self.witness.expect(self.listed)
        self._tidy()
        again = self._sent_again(before, self._stored() - stored)
        happened = f"struck, {again / MIB:.1f} MiB sent afterwards" if struck else "struck when it was over"
        return f"{happened}, {time.monotonic() - began:.1f} s"

    def _home(self) -> None:
        # By way of another page: else only the hash would change.
        self.page.goto(f"{self.wire.url}/healthz")
        self.page.wait_for("location.pathname === '/healthz'")
        self.page.goto(f"{self.wire.url}/app/")
        self.page.wait_for("location.pathname === '/app/' && document.readyState === 'complete'")
        self._at_home()

    def _strike(self, victim: Victim) -> None:
        """In the wire's own thread: nothing passes while it lasts."""
        if victim == "browser":
            self.page.kill()
        if victim == "server":
            self.site.kill(signal.SIGKILL)
        self.wire.cut()
        if victim != "connection":
            self.wire.mend()

    def _expect_done(self, operation: Operation) -> None:
        """What was done before the strike is there and whole, whatever of the operation is."""
        if self.site_is_down():
            self.site.start()
        self.witness.expect(self.listed, operation.after(self.listed))

    def site_is_down(self) -> bool:
        """Whether nobody serves."""
        try:
            return not self.site.pids
        except RuntimeError:
            return True

    def _recover(self, victim: Victim, operation: Operation) -> None:
        if victim == "browser":
            self._open_browser()
            operation.go_on(self.page)
            return
        if victim == "connection":
            threading.Timer(AWAY, self.wire.mend).start()
        end = time.monotonic() + LONG
        while not operation.is_over(self.page):
            # An import waits by itself; what a person waits for says so after a few tries, and is asked for again.
            if self.page.evaluate("find('[role=alert]') !== null"):
                self._home()
                operation.go_on(self.page)
                return
            if time.monotonic() > end:
                raise AssertionError(f"{operation.name} does not go on: {self._shown()}")
            time.sleep(0.05)

    def _wait_until_over(self, operation: Operation) -> None:
        end = time.monotonic() + LONG
        while not operation.is_over(self.page):
            if time.monotonic() > end:
                raise AssertionError(f"{operation.name} does not end: {self._shown()}")
            time.sleep(0.05)

    def _shown(self) -> str:
        return str(self.page.evaluate("document.body.innerText"))[:2000]

    def _sent_again(self, before: Score, grown: int) -> int:
        """Bytes of objects that went out after the strike: nothing that was confirmed, and no more than was left."""
        put = self.listener.score.put
        confirmed = sum(size for path, size in before.confirmed.items() if path in before.put)
        if twice := [path for path in put if path in before.confirmed]:
            raise AssertionError(f"sent although it was confirmed: {twice}")
        sent, left = sum(put.values()), max(0, grown - confirmed)
        if sent > left + (PADDING if grown > 0 else 0):
            raise AssertionError(f"{sent:,} bytes were sent where {left:,} were left")
        return sent

    def _stored(self) -> int:
        return sum(path.stat().st_size for path in self.site.stored_objects())

    def _tidy(self) -> None:
        told = self.site.manage("shell", "-v", "0", "-c", TIDY)
        rows = int(told.rsplit("rows", 1)[1])
        if "loose 0" not in told or rows != len(self.site.stored_objects()):
            raise AssertionError(f"{told}\n{len(self.site.stored_objects())} files")
