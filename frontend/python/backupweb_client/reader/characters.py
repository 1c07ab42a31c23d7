"""Characters that are there and not seen, and the normal form in which headers, names and sentences are compared."""

import re
import unicodedata
from typing import Final

_DROPPED: Final = "\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff"
_INVISIBLE: Final = re.compile(f"[{_DROPPED}]")
MARKS: Final = "\u200e\u200f"  # the two with which the app begins what it writes itself
_ENDS: Final = MARKS + "\ufeff"
SPACES: Final = "\t\n\v\f\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(map(chr, range(0x2000, 0x200B)))
_SPACED: Final = {0x00A0: " ", 0x2009: " ", 0x202F: " "}
_ZEROS: Final = "0٠۰߀०০੦૦୦௦౦೦൦๐໐༠၀០０"  # of the scripts in whose digits a phone may write
_NORMAL: Final[dict[int, str | None]] = {
    **{code: None for code in range(0x2100) if _INVISIBLE.match(chr(code))},
    0xFEFF: None,
    **_SPACED,
    ord("،"): ",",
    **{ord(zero) + value: str(value) for zero in _ZEROS for value in range(10)},
}
_LONGEST_STAMP: Final = 56  # normal characters of a header up to its sender, and some more
_FEW_MARKS: Final = 16


def normal_head(line: str) -> str:
    """The beginning of a line in which a header stands if there is one, in normal form."""
    head = line[: _LONGEST_STAMP + _FEW_MARKS]
    if head.isascii():
        return head
    normal = head.translate(_NORMAL)
    return normal if len(normal) >= _LONGEST_STAMP or len(head) == len(line) else line.translate(_NORMAL)


def raw_index(line: str, normal: int) -> int:
    """Where in the line itself so many characters of its normal form have passed."""
    if not _INVISIBLE.search(line, 0, normal):
        return normal
    passed = 0
    for index, character in enumerate(line):
        if passed == normal:
            return index
        if not _INVISIBLE.match(character):
            passed += 1
    return len(line)


def without_invisible(text: str) -> str:
    return text if text.isascii() else _INVISIBLE.sub("", text)


def trim_marks(text: str) -> str:
    """Without marks at its ends. What opens and closes an isolate stays: one without the other turns the text round."""
    return text.strip(_ENDS)


def trim_end(text: str) -> str:
    """Without spaces and marks behind its words."""
    return text.rstrip(SPACES + _ENDS)


def clean_name(name: str) -> str:
    """A person's name as it is shown and compared."""
    if name.isascii():
        return name.strip(SPACES)
    name = _INVISIBLE.sub("", name).translate(_SPACED).replace("\u2011", "-")
    return unicodedata.normalize("NFC", name.strip(SPACES))


def comparable_name(name: str) -> str:
    """What two spellings of one file name have in common."""
    return name if name.isascii() else unicodedata.normalize("NFC", _INVISIBLE.sub("", name))


def comparable(sentence: str) -> str:
    """What two spellings of one app sentence have in common: quotes, spaces, case and the full stop come and go."""
    if not sentence.isascii():
        sentence = without_invisible(sentence).translate(_SPACED).replace("’", "'").replace("‘", "'")
    sentence = sentence.strip(SPACES)
    return (sentence[:-1] if sentence[-1:] in {".", "。", "।"} else sentence).lower()


def utf16_length(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
