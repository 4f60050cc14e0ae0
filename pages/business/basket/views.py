"""The names of this page in the address bar."""

from __future__ import annotations

from typing import Final

HELD: Final = "basket_of"  # ids with commas between, "*2" behind one for two pieces
REACH: Final = "basket_reach"  # the amount that the basket shall come to
INSTEAD: Final = "basket_instead"  # id of the product that something shall stand in for
WORDS: Final = "basket_words"  # what is looked for to be added
AMONG: Final = "basket_among"  # what may be suggested to a known shopper

ANYTHING, NEW = "anything", "new"
VIEWS: Final[dict[str, tuple[str, ...]]] = {AMONG: (ANYTHING, NEW)}  # the default first
MOST_HELD: Final = 8_000  # characters: 500 products, and what browsers take in an address
TEXTS: Final = (HELD, REACH, INSTEAD, WORDS)
LENGTHS: Final = {HELD: MOST_HELD + 1}  # one more says that there was more
LABELS: Final = {
    HELD: "Basket",
    REACH: "It shall come to",
    INSTEAD: "Something else instead of",
    WORDS: "Looked for",
    AMONG: "Suggested",
}
SAID: Final[dict[str, dict[str, str]]] = {AMONG: {ANYTHING: "Anything", NEW: "Only what is new to them"}}
