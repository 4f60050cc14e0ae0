"""What goes in: one question to the engine, and how much may be asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from recsys.schema.knobs import Knobs
from recsys.schema.learning import Learning
from recsys.schema.reranking import Reranking

MAX_QUERY_CHARS: Final = 500
MAX_K: Final = 100
SORTS: Final = {"": "Best match", "price": "Cheapest first", "-price": "Dearest first", "popular": "Most bought first"}
"""Ways to order the MAX_K best products. All but the first leave scores and reasons as they are."""


@dataclass(frozen=True, slots=True)
class Looks:
    """What products should look like: one of the shop's own, or a picture that somebody brought.

    Of a picture only its vector travels: the picture itself is kept nowhere.
    """

    item: str = ""  # id of a product of the shop; "" for a picture that was brought
    vector: tuple[float, ...] = ()  # of a picture that was brought, in the space of pictures and words


@dataclass(frozen=True, slots=True)
class Request:
    """One question to the engine.

    `shopper` is the source's own id as text, `NEW_SHOPPER` for a person with no history, or None for nobody.
    `visitor` tells apart new shoppers who gave feedback. `k` is how many products to show, 1 to MAX_K. Nothing is
    checked here: `Engine.answer` raises BadRequestError for what it cannot answer.
    """

    shopper: str | None = None
    query: str = ""
    k: int = 12
    knobs: Knobs = field(default_factory=Knobs)
    visitor: str = ""
    departments: tuple[str, ...] = ()  # readable names; empty: all
    categories: tuple[str, ...] = ()  # of what is found keep these, as `Facet.label` says them; empty: all
    sizes: tuple[str, ...] = ()  # the same for package sizes: "16 oz"
    sort: str = ""  # one of SORTS
    language: str = ""  # of the query: a code of `understood.LANGUAGES`; "" to have it detected
    verbatim: bool = False  # search for the words as they were typed, slips and all
    without: tuple[str, ...] = ()  # ids of products that this shopper is taken not to have bought
    live: bool = False  # leave out the learned order, which knows all purchases; so does `without`
    reranking: Reranking = field(default_factory=Reranking)  # of the whole shelf, after ranking
    looks: Looks | None = None  # what they should look like; words beside it say what should be otherwise
    learning: Learning | None = None  # learn from what was pressed, step by step; None: by the interest vector

    @property
    def kept(self) -> tuple[str, ...]:
        """All that the shelf is kept to: departments, categories, sizes."""
        return (*self.departments, *self.categories, *self.sizes)
