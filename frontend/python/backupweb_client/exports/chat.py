"""What a WhatsApp export is about: who, how many, from when to when. A summary for lists; the reader is elsewhere."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from backupweb_client.exports.chat_dates import DateOrder, Stamp, decide_order

LRM: Final = "\u200e"
_INVISIBLE: Final = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_SPACES: Final = str.maketrans({"\u00a0": " ", "\u202f": " ", "،": ",", "\u2011": "-"})
_DATE: Final = r"(\d{1,4})([./-]) ?(\d{1,2})[./-] ?(\d{1,4})\.?"
_MERIDIEM: Final = r"[AaPp]\.? ?[Mm]\.?|[صم]|午前|午後|오전|오후|上午|下午"
_TIME: Final = rf"((?:{_MERIDIEM}) ?)?(\d{{1,2}})[:.](\d{{2}})(?:[:.](\d{{2}}))?( ?(?:{_MERIDIEM}))?"
_JOINT: Final = r",? (?:à |klo |um |kl\. |at )?"
_LINES: Final = (
    ("bracket", re.compile(rf"\[{_DATE}{_JOINT}{_TIME}\] (.*)", re.DOTALL)),
    ("dash", re.compile(rf"{_DATE}{_JOINT}{_TIME} [-–] (.*)", re.DOTALL)),
    ("colon", re.compile(rf"{_DATE}{_JOINT}{_TIME}: (.*)", re.DOTALL)),
)
_AFTERNOON: Final = re.compile(r"[Pp]\.? ?[Mm]|م|午後|오후|下午")
_DIALECT_SAMPLE: Final = 100
_LOOKED_AT: Final = 50  # lines in which a chat has to show its first header
_ANDROID_ATTACHMENT: Final = re.compile(r"(.+) \([^()]+\)")
_IOS_ATTACHMENT: Final = re.compile(r"<[^<>:：]+ ?[:：] ?(.+?)>")
_LEFT_OUT: Final = re.compile(r"<[^<>\n]{1,60}>")
_QUOTES: Final = frozenset('"„“”«»')
_APP_NAMES: Final = ("whatsapp", "واتساب")
_TITLES: Final = tuple(
    re.compile(shape)
    for shape in (
        r"WhatsApp Chat - (.+)",
        r"WhatsApp Chat with (.+)",
        r"WhatsApp[- ]Chat mit (.+)",
        r"Chat de WhatsApp con (.+)",
        r"Conversa (?:do|no) WhatsApp com (.+)",
        r"Discussion WhatsApp avec (.+)",
        r"Chat WhatsApp con (.+)",
        r"WhatsApp-chat met (.+)",
        r"(.+) ile WhatsApp Sohbeti",
        r"Чат WhatsApp (?:с контактом|с) (.+)",
        r"Czat WhatsApp z (.+)",
        r"(.+)とのWhatsAppチャット",
        r"دردشة واتساب مع (.+)",
        r"(.+) के साथ WhatsApp चैट",
    )
)


@dataclass(frozen=True)
class ChatFacts:
    """`first` and `last` are wall-clock times; null when day and month cannot be told apart."""

    people: tuple[str, ...]
    messages: int
    media: int
    first: str | None
    last: str | None


@dataclass(frozen=True)
class _Record:
    form: str
    stamp: Stamp
    sender: str | None
    body: str


def read_chat(text: str, names: Sequence[str], order: DateOrder | None = None) -> ChatFacts | None:
    """The facts of a chat whose export also holds files called `names`, or null when this is no chat."""
    records = _records(text)
    if not records:
        return None
    order = order or decide_order([record.stamp for record in records])
    spoken = {record.sender for record in records if record.sender is not None and not record.body.startswith(LRM)}
    messages = [record for record in records if record.sender in spoken or _attached(record.body)]
    known = {_bare(name.rpartition("/")[2]) for name in names}
    people = Counter(_bare(record.sender) for record in messages if record.sender is not None)
    return ChatFacts(
        people=tuple(people),
        messages=len(messages),
        media=sum(any(name in known for name in _attached(record.body)) for record in messages),
        first=records[0].stamp.wall_clock(order) if order else None,
        last=records[-1].stamp.wall_clock(order) if order else None,
    )


@dataclass(frozen=True)
class Said:
    """A message or, as a `notice`, what the app itself wrote: enough of it to know it again in another export."""

    words: str
    notice: bool


def read_said(text: str, names: Sequence[str], order: DateOrder | None = None) -> list[Said]:
    """
    Minute, sender and words of every record; nothing when this is no chat.

    A message whose attachment was renamed is the same message. Android's mark for one that was left out stands between
    angle brackets, alone; other apps' marks are taken for words, so that an export with them never goes unasked.
    """
    records = _records(text)
    order = order or decide_order([record.stamp for record in records])
    spoken = {record.sender for record in records if record.sender is not None and not record.body.startswith(LRM)}
    known = {_bare(name.rpartition("/")[2]) for name in names}
    said: list[Said] = []
    for record in records:
        clock = (order and record.stamp.wall_clock(order)) or "/".join((*record.stamp.parts, f"{record.stamp.hour}"))
        minute = f"{clock[:13]}:{record.stamp.minute:02}"
        words = _bare(_without_attachment(record.body, known))
        notice = record.sender not in spoken and not _attached(record.body)
        said.append(Said("\n".join((minute, _bare(record.sender or ""), words)), notice))
    return said


def named_like_a_chat(file_name: str) -> bool:
    """Whether an export's text or its zip is called what the app calls it."""
    folded = file_name.casefold()
    return folded == "_chat.txt" or any(name in folded for name in _APP_NAMES)


def chat_title(file_name: str) -> str:
    """The chat's name as the file name tells it, or the file name without its ending."""
    stem = _INVISIBLE.sub("", unicodedata.normalize("NFC", file_name))
    stem = re.sub(r"\.(?:zip|txt)$", "", stem, flags=re.IGNORECASE)
    stem = stem if " " in stem else stem.replace("_", " ")  # a download may put it in place of spaces
    stem = re.sub(r" ?\(\d{1,2}\)$", "", stem).replace("\u00a0", " ").strip()
    for shape in _TITLES:
        if found := shape.fullmatch(stem):
            return found[1].strip()
    return stem or file_name


def _records(text: str) -> list[_Record]:
    lines = text.split("\n")
    if not any(_header(line) for line in lines[:_LOOKED_AT]):
        return []
    records: list[_Record] = []
    for line in lines:
        if record := _header(line):
            records.append(record)
        elif records:
            last = records[-1]
            records[-1] = _Record(last.form, last.stamp, last.sender, f"{last.body}\n{line}")
    forms = Counter((record.form, record.stamp.separator) for record in records[:_DIALECT_SAMPLE])
    ((dialect, _),) = forms.most_common(1)
    return [record for record in records if (record.form, record.stamp.separator) == dialect]


def _header(line: str) -> _Record | None:
    normal = _with_plain_digits(_INVISIBLE.sub("", line[:80]).translate(_SPACES))
    for form, shape in _LINES:
        if found := shape.match(normal):
            stamp = _stamp(found)
            sender, body = _sender(line, form)
            return None if stamp is None else _Record(form, stamp, sender, body)
    return None


def _sender(line: str, form: str) -> tuple[str | None, str]:
    rest = re.split(r"\] " if form == "bracket" else r" [-–] " if form == "dash" else r"\d: ", line, maxsplit=1)[-1]
    sender, colon, body = rest.partition(": ")
    if form == "dash" and _QUOTES & set(sender):  # a colon within the name of a group that a system text tells
        return None, rest.rstrip("\r")
    return (sender, body.rstrip("\r")) if colon else (None, rest.rstrip("\r"))


def _stamp(found: re.Match[str]) -> Stamp | None:
    one, separator, two, three, before, hour, minute, second, after, _ = found.groups()
    meridiem = (before or after or "").strip()
    hours = int(hour)
    if meridiem:
        hours = hours % 12 + (12 if _AFTERNOON.search(meridiem) else 0)
    if hours > 23 or int(minute) > 59:
        return None
    return Stamp((one, two, three), separator, hours, int(minute), min(int(second or 0), 59))


def _attached(body: str) -> list[str]:
    """Names that stand where an attachment's name stands; whether they are files, the archive tells."""
    names = [_bare(name) for name in _IOS_ATTACHMENT.findall(body)]
    if found := _ANDROID_ATTACHMENT.fullmatch(body.partition("\n")[0].strip()):
        names.append(_bare(found[1]))
    return names


def _without_attachment(body: str, known: set[str]) -> str:
    if _LEFT_OUT.fullmatch(_bare(body)):
        return ""
    first, _, caption = body.partition("\n")
    if (found := _ANDROID_ATTACHMENT.fullmatch(first.strip())) and _bare(found[1]) in known:
        return caption
    return _IOS_ATTACHMENT.sub(lambda found: "" if _bare(found[1]) in known else found[0], body)


def _bare(name: str) -> str:
    return _INVISIBLE.sub("", unicodedata.normalize("NFC", name)).translate(_SPACES).strip()


def _with_plain_digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(each)) if unicodedata.category(each) == "Nd" else each for each in text)
