"""The worker: jobs one after another, and beside them, in a thread of their own, duties when they are due.

[One worker] It holds a lock for as long as it works; a second one waits, and takes over when the first one dies.
Whatever a dead worker had begun is begun once more: a job is done at least once, and says itself what that means.
"""

from __future__ import annotations

import logging
import secrets
import signal
import threading
import time
from collections.abc import Callable

from django.db import DatabaseError, close_old_connections
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from backupweb.lib.locks import lock
from backupweb.ops import duties

logger = logging.getLogger(__name__)

LOCK = "work"
_LOOK = 1.0
_TROUBLE = 5.0
_TIMER = 60.0
# Who is cut off as often does not merely have bad luck: perhaps it is what kills the worker.
_BEGINNINGS = 5
_LAST_DUTY = 20.0


class Work:
    """Everything one worker does, until it is asked to end."""

    def __init__(self) -> None:
        self._ending = False
        self._lines: list[Line] = []

    def run(self) -> None:
        """Waits for its turn, then works."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._end)
        with lock(LOCK, wait=True) as held:
            logger.info("working")
            begin_again()
            jobs, timer = Line("default"), Timer()
            self._lines = [jobs, timer]
            aside = threading.Thread(target=self._go_on, args=(timer,), name="duties", daemon=True)
            aside.start()
            self._go_on(jobs, held)
            aside.join(_LAST_DUTY)

    def _end(self, number: int, frame: object) -> None:
        if not self._lines:
            raise SystemExit(0)
        self._ending = True
        for line in self._lines:
            line.stop()

    def _go_on(self, line: Line, held: Callable[[], bool] = lambda: True) -> None:
        while not self._ending:
            close_old_connections()
            pause = _LOOK
            try:
                line.work()
            except DatabaseError:
                # Locked, full or gone: that may pass, and nothing that was begun is lost.
                logger.exception("the worker cannot use the database")
                pause = _TROUBLE
            if not held():
                logger.error("the worker's lock is gone, another one may be working")
                raise SystemExit(1)
            close_old_connections()
            time.sleep(pause)


class Line:
    """The jobs of one queue, one after another."""

    def __init__(self, queue: str) -> None:
        self._queue = queue
        self._worker: Worker | None = None

    def work(self) -> None:
        """Does what is there."""
        # Asked first: claiming takes the whole of a SQLite database for a moment.
        if DBTaskResult.objects.ready().filter(queue_name=self._queue).exists():
            self._worker = _worker(self._queue)
            self._worker.run()
            self._worker = None
            forget_what_was_done()

    def stop(self) -> None:
        """Finishes the job at hand, and begins no other."""
        if self._worker is not None:
            self._worker.running = False


class Timer(Line):
    """Duties: when it is time for them, and when somebody asks for one."""

    def __init__(self) -> None:
        super().__init__("duties")
        self._next = 0.0

    def work(self) -> None:
        super().work()
        # By the clock that nobody sets.
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + _TIMER
            duties.run_due()


def begin_again() -> None:
    """Puts back in line what a worker that died was doing. The lock is held: nobody else is working."""
    for job in DBTaskResult.objects.running():
        if len(job.worker_ids) >= _BEGINNINGS:
            logger.error("a job was cut off again and again and is given up", extra={"event": {"job": job.task_path}})
            job.status = TaskResultStatus.FAILED
            job.finished_at = timezone.now()
        else:
            job.status = TaskResultStatus.READY
        job.save(update_fields=["status", "finished_at"])


def forget_what_was_done() -> None:
    """A job holds what it was told, an address for example: once it is done, nobody needs that. What an exception says
    may quote a row; the log has its type and place."""
    DBTaskResult.objects.successful().delete()
    DBTaskResult.objects.failed().exclude(traceback="").update(traceback="")


def do_all() -> None:
    """Does every job that is ready, and returns."""
    for queue in ("default", "duties"):
        _worker(queue).run()
    forget_what_was_done()


def _worker(queue: str) -> Worker:
    return Worker(
        queue_names=[queue],
        excluded_queue_names=[],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=secrets.token_hex(8),
    )
