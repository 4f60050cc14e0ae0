"""What a shop's data can hold beside titles and who took what; pages, models and the command line ask for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Capability(StrEnum):
    """One thing that a shop may have. The value is stored with the prepared data, so it never changes."""

    # items
    PRICES = "prices"
    BRANDS = "brands"
    CATEGORIES = "categories"
    DEPARTMENTS = "departments"
    SIZES = "sizes"
    DESCRIPTIONS = "descriptions"
    ATTRIBUTES = "attributes"
    PICTURES = "pictures"
    RATINGS = "ratings"
    STOCK = "stock"
    LAUNCH_DATES = "launch_dates"
    COSTS = "costs"
    # shoppers
    TRAITS = "traits"
    FRIENDS = "friends"
    # events
    DATES = "dates"  # events have a time, and not only an order
    VISITS = "visits"  # purchases of one visit are known to belong together
    SPEND = "spend"  # what was paid is known
    PURCHASES = "purchases"
    VIEWS = "views"
    SEARCHES = "searches"
    FAVOURITES = "favourites"
    BASKETS = "baskets"  # what was put into a basket, bought or not
    REVIEW_EVENTS = "review_events"
    SHARES = "shares"
    RETURNS = "returns"
    # further tables
    REVIEWS = "reviews"
    OFFERS = "offers"
    IMPRESSIONS = "impressions"

    @property
    def words(self) -> str:
        """What it is called in a sentence: "this shop has no ..."."""
        return _WORDS.get(self, self.value.replace("_", " "))

    @property
    def missing(self) -> str:
        """The sentence that says it is not there: "This shop has no reviews."."""
        return f"This shop has no {self.words}."


_WORDS: Final = {
    Capability.SIZES: "package sizes",
    Capability.ATTRIBUTES: "product attributes",
    Capability.DESCRIPTIONS: "product descriptions",
    Capability.LAUNCH_DATES: "launch dates",
    Capability.STOCK: "stock figures",
    Capability.TRAITS: "known traits of its people",
    Capability.FRIENDS: "friends among its people",
    Capability.DATES: "dates of what people did, only an order",
    Capability.VISITS: "baskets: each purchase stands alone",
    Capability.SPEND: "amounts paid",
    Capability.BASKETS: "records of what was put into a basket",
    Capability.REVIEW_EVENTS: "reviews among what people did",
    Capability.IMPRESSIONS: "records of what was shown",
}

EVENT_KINDS: Final[dict[str, Capability]] = {
    "purchase": Capability.PURCHASES,
    "view": Capability.VIEWS,
    "search": Capability.SEARCHES,
    "favourite": Capability.FAVOURITES,
    "basket": Capability.BASKETS,
    "review": Capability.REVIEW_EVENTS,
    "share": Capability.SHARES,
    "return": Capability.RETURNS,
}
"""The kinds of behaviour that the column `event` may name, and what a shop with such events has."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """All that one shop has."""

    there: frozenset[Capability]

    @classmethod
    def of(cls, names: Iterable[str]) -> Capabilities:
        """Those of these names (the values of Capability); names of a later version are left out."""
        known = {each.value: each for each in Capability}
        return cls(frozenset(known[name] for name in names if name in known))

    def has(self, *wanted: Capability) -> bool:
        """Whether all of these are there."""
        return all(each in self.there for each in wanted)

    def missing(self, *wanted: Capability) -> tuple[str, ...]:
        """One sentence for each of these that is not there: "This shop has no reviews."."""
        return tuple(each.missing for each in wanted if each not in self.there)

    def names(self) -> list[str]:
        """As they are stored: the values, sorted."""
        return sorted(each.value for each in self.there)
