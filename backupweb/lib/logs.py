"""Log records as JSON lines that hold no secret, no content and nothing a person typed."""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime


class JsonLines(logging.Formatter):
    """One line per record: time, level, logger, message, and what the caller put into `event`.

    Of an exception only its type and the places in the code are written: its text may quote a row or a request.
    For the same reason Django's own records about requests are reduced to their status.
    """

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        if record.name.startswith("backupweb") or not hasattr(record, "request"):
            line["message"] = record.getMessage()
        status = getattr(record, "status_code", None)
        if isinstance(status, int):
            line["status"] = status
        event = getattr(record, "event", None)
        if isinstance(event, dict):
            line |= event
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = record.exc_info[0].__name__
            frames = traceback.extract_tb(record.exc_info[2])
            line["at"] = [f"{frame.filename}:{frame.lineno}" for frame in frames]
        return json.dumps(line, ensure_ascii=False)
