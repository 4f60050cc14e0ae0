"""What a query was taken to mean, as it travels to the page: every guess can be seen, and taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

LANGUAGES: Final[dict[str, str]] = {"en": "English", "es": "Spanish", "de": "German", "fr": "French", "zh": "Chinese"}
"""What a person can say a query is in."""


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing that was meant beside the words to search for."""

    kind: str  # "price", "brand", "size", "without", "department", "exact", "model"
    label: str  # what the chip says: "price below £3.00"
    said: str  # the words of the query it was read from
    without: str  # the query as if it had not been meant
    as_words: str  # the query with these words searched for instead
    count: int | None  # products that match it alone; None for what is no filter
    given_up: bool = False  # left out because nothing matched all of it


@dataclass(frozen=True, slots=True)
class Facet:
    """A way to narrow the results down: `words` added to the query make it a filter.

    One that has no words is a value of `Request.categories` or `Request.sizes`, as its `field` says.
    """

    group: str  # "Price", "Brand", "Category", "Volume"
    label: str  # "under £2"
    words: str
    count: int  # of the results that match it and all else that was chosen
    field: str = ""  # "category", "size"
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """A name that the catalogue does not bear, and what it is a kind of."""

    name: str  # as it was typed
    kind: str  # what the shop calls such things: a category, or words of its names
    confidence: float  # 0 to 1
    sure: bool  # whether it was searched for as that kind, and not only asked


@dataclass(frozen=True, slots=True)
class Understood:
    """How a query was read: what is searched for, what became a filter, and what was guessed on the way."""

    typed: str
    meaning: str  # the words that were searched for
    chips: tuple[Chip, ...] = ()
    changes: tuple[tuple[str, str], ...] = ()  # slips put right: what was typed, what was searched for
    corrected: str = ""  # the whole query put right, "" when nothing was
    swaps: tuple[tuple[str, str], ...] = ()  # what was typed, what the shop calls it
    named: Named | None = None  # a name that is not carried, taken for a kind or only asked about
    suggestion: str = ""  # what may have been meant, where the query was searched for just as it was typed
    departments: tuple[tuple[str, float], ...] = ()  # how likely each department is what is meant, sums to 1
    related: tuple[tuple[str, int], ...] = ()  # narrower searches, and how many products they lead to
    facets: tuple[Facet, ...] = ()
    language: str = "English"  # what the query was taken for, or said to be
    language_code: str = "en"
    translation: str = ""  # the whole query in English, "" where the glossary lacks a word of it
    language_off: str = ""  # why it was read as English all the same
    taste: str = ""  # what the shopper's habits moved, in a sentence
    matching: int | None = None  # products that the chips leave
    relaxed: str = ""  # what was given up, in a sentence
    missing: str = ""  # what no label here says, in a sentence: "Nothing here is labelled “lactose-free”"
