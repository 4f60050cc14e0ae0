"""The names in the address bar that belong to one page each, collected from the `views.py` in its folder."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Final

_ROOMS: Final = Path(__file__).resolve().parent.parent
_OF_PAGES: Final = tuple(
    import_module(".".join(("pages", *file.relative_to(_ROOMS).with_suffix("").parts)))
    for file in sorted(_ROOMS.glob("*/*/views.py"))
)

MODE: Final = "mode"  # of every page that has the switch: as somebody who shops sees it, or with the machinery
SHOP, XRAY = "shop", "xray"

LEARN: Final = "learn"  # of every page that shows a shelf: whether it learns step by step from what is pressed
OFF, ON = "off", "on"

STORY: Final = "story"  # which stop of the story is told, "" for none
MOST_STOPS: Final = 9

# What is allowed, the default first.
VIEWS: Final[dict[str, tuple[str, ...]]] = {
    MODE: (SHOP, XRAY),
    LEARN: (OFF, ON),  # off: measured, it finds no more than the usual way (benchmarks/shelf_learning.py)
    STORY: ("", *map(str, range(1, MOST_STOPS + 1))),
    **{name: allowed for page in _OF_PAGES for name, allowed in getattr(page, "VIEWS", {}).items()},
}
VIEW_TEXTS: Final[tuple[str, ...]] = tuple(name for page in _OF_PAGES for name in getattr(page, "TEXTS", ()))
LENGTHS: Final[dict[str, int]] = {
    name: most for page in _OF_PAGES for name, most in getattr(page, "LENGTHS", {}).items()
}
"""How many characters of a text are taken from a link, where it is another number than for most."""
LABELS: Final[dict[str, str]] = {
    name: label for page in _OF_PAGES for name, label in getattr(page, "LABELS", {}).items()
}
"""What a report calls them: by its name what has no label; "" is not told, for a page says it itself."""
SAID: Final[dict[str, dict[str, str]]] = {
    name: words for page in _OF_PAGES for name, words in getattr(page, "SAID", {}).items()
}
"""What a report calls the values of a name in VIEWS: by itself what has no words."""


def names_of(page: str) -> tuple[str, ...]:
    """The names that belong to one page, which is called as in its address."""
    own = [each for each in _OF_PAGES if each.__name__.split(".")[-2] == page]
    return tuple(name for each in own for name in (*getattr(each, "VIEWS", {}), *getattr(each, "TEXTS", ())))
