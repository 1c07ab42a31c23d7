"""Log lines say what happened, never what was sent."""

from __future__ import annotations

import json
import logging
import sys

from backupweb.lib.logs import JsonLines


def line(record: logging.LogRecord) -> dict[str, object]:
    text = JsonLines().format(record)
    assert "\n" not in text
    read: dict[str, object] = json.loads(text)
    return read


def test_of_an_exception_only_type_and_place_are_written() -> None:
    try:
        raise ValueError("Key (email)=(anna@example.org) already exists")
    except ValueError:
        record = logging.LogRecord("backupweb.x", logging.ERROR, "x", 1, "it failed", (), sys.exc_info())
    written = line(record)
    assert written["exception"] == "ValueError"
    assert "anna" not in json.dumps(written)
    assert any("test_logs.py" in str(place) for place in list(written["at"]))  # type: ignore[call-overload]


def test_of_djangos_records_the_address_is_left_out() -> None:
    record = logging.LogRecord("django.request", logging.ERROR, "x", 1, "Not found: %s", ("/invitation/token/",), None)
    record.request = object()
    record.status_code = 500
    written = line(record)
    assert written["status"] == 500
    assert "token" not in json.dumps(written)
