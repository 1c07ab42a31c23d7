"""Points by chance, one after another on the same household: what one leaves behind, the next has to live with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from bench.exports import Chat, write_zip
from tests.cut_offs.household import VICTIMS, Household
from tests.cut_offs.moments import by_chance
from tests.cut_offs.operations import Add, Delete, Operation


def cycle(folder: Path, number: int, scale: float) -> Iterator[Operation]:
    """A chat comes, comes again a month later, and goes. Its exports are made when they are needed."""
    name = f"Tour {number}"
    counts = tuple((max(1, round(old * scale)), max(1, round(new * scale))) for old, new in ((60, 20), (3, 1), (4, 2)))
    chat = Chat(messages=3000, counts=counts, seed=1000 + number)
    exports = []
    for variant, words in (("a", "first backup"), ("b", "second backup")):
        place = folder / f"{number}-{variant}"
        place.mkdir()
        exports.append(write_zip(chat, variant, place / f"WhatsApp Chat - {name}.zip"))  # type: ignore[arg-type]
        yield Add(words, exports[-1])
    yield Delete("delete", name, tuple(exports))
    for export in exports:
        export.unlink()


def run(folder: Path, points: int, seed: int, scale: float, tell: Callable[[str], None]) -> Counter[str]:
    """Throws at the first point that does not hold; the seed says it again."""
    tell(f"seed {seed}")
    random = Random(seed)
    exports = folder / "exports"
    exports.mkdir()
    done: Counter[str] = Counter()
    with Household(folder) as household:
        stays = write_zip(
            Chat(messages=3000, counts=((3, 1), (1, 1), (1, 1)), media_scale=0.1), "a", exports / "Stays.zip"
        )
        household.undisturbed(Add("what stays", stays))
        heard = {}
        for operation in cycle(exports, 0, scale):
            heard[operation.name] = household.undisturbed(operation)
            tell(f"{operation.name}: {dict(heard[operation.name])}")
        for number in range(1, points + 1):
            for operation in cycle(exports, number, scale):
                if sum(done.values()) >= points:
                    return done
                victim, moment = random.choice(VICTIMS), by_chance(random, heard[operation.name])
                what = f"{sum(done.values()) + 1}: {operation.name}, {victim} at {moment}"
                try:
                    told = household.cut_off(operation, victim, moment)
                except Exception as error:
                    error.add_note(f"seed {seed}, point {what}")
                    raise
                tell(f"{what}: {told}")
                done[f"{operation.name} / {victim}"] += 1
    return done
