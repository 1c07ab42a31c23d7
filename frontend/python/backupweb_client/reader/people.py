"""Who takes part: everybody who wrote something, and nobody in whose name only the app speaks."""

from dataclasses import dataclass, field

from backupweb_client.reader.characters import clean_name


@dataclass
class People:
    """Names in the order in which they first write; what they are called in headers is looked up once."""

    _names: dict[str, int] = field(default_factory=dict)
    _clean: dict[str, str] = field(default_factory=dict)

    def clean(self, spelled: str) -> str:
        if (name := self._clean.get(spelled)) is None:
            name = self._clean[spelled] = clean_name(spelled) or spelled
        return name

    def number(self, name: str) -> int:
        return self._names.setdefault(name, len(self._names))

    def names(self) -> tuple[str, ...]:
        return tuple(self._names)
