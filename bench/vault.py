"""What a password costs: logins a second per core beside the bare library, and the wait in a browser: one JSON line.

`vault_logins_per_core` counts the processor time of this process over whole logins through the vault (ledger and
database flushed to disk each time, security events kept), `wall` their wall time; `ratio_to_library` sets the first
against the two server calls of the bare library in the same run. The client's half, Argon2id above all, is outside the
measured spans.

`unlock_seconds` is what a person waits in headless Chromium on a new device, from pressing the button until the chats
stand there: socket, Argon2id with 64 MiB, key, newest head.

    python -m bench.vault [--logins 200] [--unlocks 7]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import opaque_snake

from bench.chromium import Page
from bench.person import first_unlock, set_password, sign_in, sign_up, unlock_with_password
from bench.site import Site

PASSWORD = "ein Tresor voller Regenschirme 9"


@dataclass
class Clock:
    """Time spent inside `running`, of the wall and of this process's processors."""

    wall: float = 0.0
    cpu: float = 0.0
    begun: tuple[float, float] = field(default=(0.0, 0.0), repr=False)

    def __enter__(self) -> None:
        self.begun = (time.perf_counter(), time.process_time())

    def __exit__(self, *_: object) -> None:
        self.wall += time.perf_counter() - self.begun[0]
        self.cpu += time.process_time() - self.begun[1]


def bare_library(logins: int) -> Clock:
    """The library's server half alone, all in memory."""
    client, server, name = opaque_snake.OpaqueClient(), opaque_snake.OpaqueServer(), "account/record"
    request, state = client.start_registration(PASSWORD)
    response = server.create_registration_response(request, name)
    record = server.finish_registration(client.finish_registration(response, state, PASSWORD).upload)
    setup, clock = server.export_setup(), Clock()
    for _ in range(logins):
        ke1, begun = client.start_login(PASSWORD)
        with clock:
            fresh = opaque_snake.OpaqueServer(setup)  # as in the vault: every record has a setup of its own
            ke2, kept = fresh.create_credential_response(ke1, name, record)
        finished = client.finish_login(ke2, begun, PASSWORD)
        with clock:
            fresh.finish_login(finished.finalization, kept)
    return clock


def through_the_vault(logins: int) -> Clock:
    """Whole logins through `services.answer`, one after another."""
    from backupweb.accounts.models import Account  # noqa: PLC0415  # Django must be set up first
    from backupweb.vault import messages, services  # noqa: PLC0415

    # Somebody who exists: the security events of each login are kept, as they are on a site.
    account, client = Account.objects.create_user("alice").pk, opaque_snake.OpaqueClient()

    def ask(**message: Any) -> Any:
        return services.answer(account, messages.read_message.validate_python(message))

    request, state = client.start_registration(PASSWORD)
    begun = ask(kind="enrol-begin", request=request.to_bytes())
    response = opaque_snake.RegistrationResponse.from_bytes(begun.response)
    upload = client.finish_registration(response, state, PASSWORD).upload
    parameters, sealed = bytes([1]) + (65536).to_bytes(4, "big") + bytes([3, 4]), bytes(61)
    ask(kind="enrol-upload", exchange=begun.exchange, upload=upload.to_bytes(), parameters=parameters, sealed=sealed)

    def login(record: object, clock: Clock) -> None:
        ke1, state = client.start_login(PASSWORD)
        with clock:
            answer = ask(kind="login-begin", ke1=ke1.to_bytes(), record=record)
        finished = client.finish_login(opaque_snake.CredentialResponse.from_bytes(answer.ke2), state, PASSWORD)
        with clock:
            ask(kind="login-finish", exchange=answer.exchange, ke3=finished.finalization.to_bytes())

    login(begun.record, Clock())
    clock = Clock()
    for _ in range(logins):
        login(None, clock)
    return clock


def in_the_browser(folder: Path, unlocks: int) -> list[float]:
    """Sets a password on one device, and opens with it on new ones."""
    site = Site(folder).start()
    try:
        with Page(site.url) as first:
            sign_up(first, site)
            first_unlock(first, prove=True)
            set_password(first, PASSWORD)
        waits = []
        for _ in range(unlocks):
            with Page(site.url) as device:
                sign_in(device, site)
                waits.append(unlock_with_password(device, PASSWORD))
        return waits
    finally:
        site.kill()


def set_up_django(folder: Path) -> None:
    """A vault of its own in `folder`, as a site would have it."""
    os.environ.update(
        BACKUPWEB_DATA=str(folder), BACKUPWEB_LOG_LEVEL="warning", DJANGO_SETTINGS_MODULE="backupweb.settings"
    )
    import django  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    for alias in ("default", "vault"):
        call_command("migrate", database=alias, verbosity=0)


def main() -> None:
    """Runs the three, prints the line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--logins", type=int, default=200)
    parser.add_argument("--unlocks", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        set_up_django(Path(scratch) / "vault")
        measured: dict[str, Clock] = {}
        runs: dict[str, Callable[[int], Clock]] = {"library": bare_library, "vault": through_the_vault}
        for name, run in runs.items():
            measured[name] = run(options.logins)
        waits = in_the_browser(Path(scratch) / "site", options.unlocks) if options.unlocks else []
    library, vault = measured["library"], measured["vault"]
    print(
        json.dumps(
            {
                "bench": "vault",
                "library_logins_per_core": round(options.logins / library.cpu),
                "vault_logins_per_core": round(options.logins / vault.cpu),
                "ratio_to_library": round(library.cpu / vault.cpu, 3),
                "vault_logins_per_second_wall": round(options.logins / vault.wall),
                "unlock_seconds": round(statistics.median(waits), 2) if waits else None,
                "unlock_seconds_worst": round(max(waits), 2) if waits else None,
            }
        )
    )


if __name__ == "__main__":
    main()
