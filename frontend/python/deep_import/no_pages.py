"""What the library loads to write web pages, which it never does here: without it, it starts in half the time."""

import sys
from importlib.util import find_spec
from types import ModuleType


def leave_out_pages() -> None:
    """Puts an empty module in the place of each that is not there."""
    for name, part in (("jinja2", "Template"), ("bleach", "clean")):
        if name not in sys.modules and find_spec(name) is None:
            empty = ModuleType(name)
            setattr(empty, part, str)
            sys.modules[name] = empty
