"""German is complete: every sentence that templates and code mark for translation has its German, none is fuzzy."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
MARKS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
IN_TEMPLATE = re.compile(r"""{%\s*(?:translate|trans)\s+(?:"([^"]+)"|'([^']+)')""")
BLOCK = re.compile(r"{%\s*blocktrans(?:late)?([^%]*)%}(.*?){%\s*endblocktrans(?:late)?\s*%}", re.DOTALL)


def german() -> dict[str, str]:
    with (ROOT / "backupweb/locale/de/LC_MESSAGES/django.po").open("rb") as file:
        catalog = read_po(file, locale="de")
    told: dict[str, str] = {}
    for message in catalog:
        if not message.id:
            continue
        assert not message.fuzzy, f"fuzzy: {message.id!r}"
        ids = message.id if isinstance(message.id, tuple | list) else [message.id]
        strings = message.string if isinstance(message.string, tuple | list) else [message.string]
        assert all(strings), f"no German: {message.id!r}"
        told[ids[0]] = str(strings[0])
    return told


def marked_in_templates() -> Iterator[str]:
    for path in (ROOT / "templates").rglob("*.*"):
        text = path.read_text(encoding="utf-8")
        yield from (double or single for double, single in IN_TEMPLATE.findall(text))
        for options, body in BLOCK.findall(text):
            first = body.split("{% plural %}")[0]
            if "trimmed" in options:
                first = re.sub(r"\s*\n\s*", " ", first.strip())
            yield re.sub(r"{{\s*(\w+)\s*}}", r"%(\1)s", first.replace("%", "%%"))


def marked_in_code() -> Iterator[str]:
    for path in (ROOT / "backupweb").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in MARKS:
                continue
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def test_german_is_complete() -> None:
    told = german()
    marked = {*marked_in_templates(), *marked_in_code()}
    assert len(marked) > 150
    # "German" and "English" are Django's own words, in its own catalog.
    missing = sorted(sentence for sentence in marked - set(told) if sentence not in {"German", "English"})
    assert missing == []


def test_german_keeps_every_place_holder() -> None:
    for english, words in german().items():
        assert set(re.findall(r"%\(\w+\)s|{\w+}", words)) <= set(re.findall(r"%\(\w+\)s|{\w+}", english)), english
