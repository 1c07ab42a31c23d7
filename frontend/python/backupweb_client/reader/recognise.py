"""Whether a text is a chat: its first lines are headers, and it is named as a chat or looks like nothing else."""

import re
from collections.abc import Sequence
from typing import Final

from backupweb_client.reader.characters import SPACES
from backupweb_client.reader.header import Layout, find_headers
from backupweb_client.reader.names import find_chat_text, has_chat_name

_SAMPLE: Final = 20_000
_LOOKED_AT: Final = 20
_SPOKEN: Final = re.compile(r"[^\n]{1,120}?: ")


def recognise_whatsapp(text: str, file_names: Sequence[str]) -> bool:
    hinted = any(map(has_chat_name, file_names))
    if not hinted and file_names and find_chat_text(file_names) is None:
        return False
    headers = find_headers(text[:_SAMPLE])[:_LOOKED_AT]
    if not headers or text[: headers[0].line].strip(SPACES):
        return False
    spoken = any(_SPOKEN.match(text, header.rest) for header in headers)
    return hinted or (spoken and _is_chat_like(headers[0].layout))


def _is_chat_like(layout: Layout) -> bool:
    """Program logs wear the same brackets: year first, no comma, and seconds where Android has none."""
    if layout.year[0] == "first" and layout.seconds and "," not in layout.joint:
        return False
    return (layout.frame == "bracket" and layout.seconds) or (layout.frame == "dash" and not layout.seconds)
