"""Counts are off, then only for who shows the token; and they say how many, never who."""

from __future__ import annotations

import http.client
import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from backupweb.lib.logs import JsonLines
from backupweb.lib.secret import SecretBytes
from backupweb.lib.watching import Answered, log, route_of, watched
from backupweb.ops.duties import run_due
from tests.ops.sites import Served, until
from tests.people import Person, Thing

pytestmark = pytest.mark.django_db(databases=["default", "vault"], transaction=True)


def test_counts_are_off_until_there_is_a_token_and_then_for_who_shows_it(settings: Any) -> None:
    assert Client().get("/metrics").status_code == 404
    settings.BACKUPWEB_METRICS_TOKEN = SecretBytes(b"a token")
    for shown in ("", "Bearer ", "Bearer another", "a"):
        refused = Client().get("/metrics", headers={"Authorization": shown})
        assert refused.status_code == 403
        assert refused.json()["error"]["code"] == "http.not_allowed"
    told = Client().get("/metrics", headers={"Authorization": "Bearer a token"})
    assert told.status_code == 200
    assert told["Content-Type"].startswith("text/plain")


def test_they_say_how_many_and_never_who(alice: Person, settings: Any) -> None:
    settings.BACKUPWEB_METRICS_TOKEN = SecretBytes(b"a token")
    pack = Thing.make()
    alice.store(pack)
    run_due()
    told = Client().get("/metrics", headers={"Authorization": "Bearer a token"}).content.decode()
    assert "backupweb_accounts 1.0" in told
    assert "backupweb_used_bytes 4096.0" in told
    assert 'backupweb_duty_well{duty="collect"} 1.0' in told
    for identifier in (alice.account.pk.hex, str(alice.account.pk), "alice", pack.id):
        assert identifier not in told


def test_a_route_is_a_name_of_the_program_whatever_the_address_holds() -> None:
    assert route_of(f"/objects/{'0' * 32}") == "objects"
    assert route_of("/static/assets/x.js") == "static"
    assert route_of("/api/objects/begin") == "objects_begin"
    assert route_of("/invitation/a-one-time-link/") == route_of("/invitation/another/")
    assert "one-time" not in route_of("/invitation/a-one-time-link/")
    assert route_of("/nothing/of/ours?secret") == "unknown"


def test_without_listeners_nothing_stands_around_the_application() -> None:
    application = object()
    assert watched(application) is application


def test_the_line_of_an_answer_holds_no_path_and_no_address(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    log(Answered("objects", "PUT", 204, 0.0123, 0))
    line = json.loads(JsonLines().format(caplog.records[-1]))
    assert {name: line[name] for name in ("route", "method", "status", "milliseconds", "bytes")} == {
        "route": "objects",
        "method": "PUT",
        "status": 204,
        "milliseconds": 12,
        "bytes": 0,
    }


def test_a_served_site_counts_and_tells_its_answers(tmp_path: Path) -> None:
    token = {"BACKUPWEB_METRICS_TOKEN": "a token", "BACKUPWEB_REQUEST_LOG": "yes"}
    with Served(tmp_path, "--no-work", **token) as site:
        until(site.answers)
        assert site.ask("/invitation/a-one-time-link/") in {200, 302, 404, 410}
        assert site.ask("/nothing") == 404

        def told() -> str:
            asked = http.client.HTTPConnection("127.0.0.1", site.port)
            asked.request("GET", "/metrics", headers={"Authorization": "Bearer a token"})
            return asked.getresponse().read().decode()

        # An answer is counted when it is out: whoever asks at once may be sooner.
        until(lambda: 'route="unknown",status="404"' in told())
        assert 'backupweb_requests_total{method="GET",route="healthz",status="200"}' in told()
        (line,) = site.told("answered", route="unknown")
        assert set(line) == {"time", "level", "logger", "message", "route", "method", "status", "milliseconds", "bytes"}
        assert "one-time" not in json.dumps(site.log())
