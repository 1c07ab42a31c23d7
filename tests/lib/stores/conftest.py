"""Every kind of store, opened as the settings open it. `-m stores` runs those that need a server beside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from django.test.utils import override_settings

from backupweb.lib import objectstore
from backupweb.lib.objectstore import ObjectStore, remote
from tests.lib.stores.between import Between, standing_between
from tests.lib.stores.servers import STARTING, Service

QUICK = {"moto"}
KINDS = [kind if kind in QUICK else pytest.param(kind, marks=pytest.mark.stores) for kind in STARTING]
DISK = "disk"


@pytest.fixture(scope="session")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Service]]:
    """Servers, each from the first time somebody asks for it until all tests are over."""
    with ExitStack() as stack:

        class Started(dict[str, Service]):
            def __missing__(self, kind: str) -> Service:
                self[kind] = stack.enter_context(STARTING[kind](tmp_path_factory.mktemp(kind)))
                return self[kind]

        yield Started()


@pytest.fixture(params=KINDS)
def service(request: pytest.FixtureRequest, started: dict[str, Service]) -> Service:
    """A store elsewhere."""
    return started[request.param]


@pytest.fixture(params=[DISK, *KINDS])
def store(request: pytest.FixtureRequest, started: dict[str, Service]) -> Iterator[ObjectStore]:
    """Any store."""
    if request.param == DISK:
        yield objectstore.open_store()
        return
    with override_settings(**started[request.param].settings()):
        yield started[request.param].open()


@pytest.fixture
def between(service: Service) -> Iterator[Between]:
    """In front of `service`."""
    with standing_between(service.netloc) as made:
        yield made


@pytest.fixture
def troubled(service: Service, between: Between) -> Iterator[ObjectStore]:
    """`service`, with something between us and it."""
    with override_settings(**service.settings(between.netloc)):
        yield service.open(between.netloc)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many tries as ever, without the waiting between them."""
    monkeypatch.setattr(remote, "PAUSES", tuple(0.01 for _ in remote.PAUSES))
