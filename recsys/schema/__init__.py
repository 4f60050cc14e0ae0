"""Column names in one place, and the shapes that travel: Request, Knobs, Candidates, Answer.

Tables live at the edges (pandas), arrays inside. Shoppers and items are rows `0..n-1` inside the engine; the
user's own ids appear only in `Request` and `Answer`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from recsys.errors import BadRequestError
from recsys.schema.understood import Understood

Rows = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

# --- column names -------------------------------------------------------------------------------------------

ITEM: Final = "item"  # row of the item, 0..n_items-1
ITEM_ID: Final = "item_id"  # the source's own id
TITLE: Final = "title"  # what a person reads: name, size, make
NAME: Final = "name"  # the title without size and brand: the kind of product
SIZE: Final = "size"  # readable package size, "" where the source has none
BRAND: Final = "brand"  # the make; "" where it is not known
CATEGORY: Final = "category"
DEPARTMENT: Final = "department"
ICON: Final = "icon"
PRICE: Final = "price"  # in the shop's currency, per unit
PURCHASES: Final = "purchases"  # purchase lines
BUYERS: Final = "buyers"  # distinct shoppers
LAST_DAY: Final = "last_day"  # whole days from the first event of the data set to the item's last purchase
KIND: Final = "kind"  # code of (name, brand): products of one kind differ in size or maker only
TEXT: Final = "text"  # what the encoder reads
SOURCE_TEXT: Final = "source_text"  # how the source spelt it, for the analyst

# what an item may have besides, where the shop has the capability
DESCRIPTION: Final = "description"
PICTURE: Final = "picture"  # path of a file under the shop's folder of pictures
RATING: Final = "rating"  # mean stars, 1 to 5
RATINGS: Final = "ratings"  # how many rated it
STOCK: Final = "stock"  # pieces
LAUNCH_DATE: Final = "launch_date"
COST: Final = "cost"  # in the shop's currency, what the shop pays per unit

ATTRIBUTE: Final = "attribute"  # name of one, "colour"
VALUE: Final = "value"  # of an attribute, "black"
STARS: Final = "stars"  # of a review, 1 to 5
REVIEW: Final = "review"  # its text
POSITION: Final = "position"  # on the list on which an item was shown, from 1
PROPENSITY: Final = "propensity"  # chance that the policy of then showed it there, in (0, 1]
FRIEND: Final = "friend"  # row of a shopper who is a friend of the shopper in the same row of the table
OFFER_PRICE: Final = "offer_price"
STARTS: Final = "starts"
ENDS: Final = "ends"

SHOPPER: Final = "shopper"  # row of the shopper, 0..n_shoppers-1
SHOPPER_ID: Final = "shopper_id"
LABEL: Final = "label"  # a plain sentence built from the shopper's own data
BASKETS: Final = "baskets"
LINES: Final = "lines"
PRODUCTS: Final = "products"
SPEND: Final = "spend"  # in the shop's currency, over the whole period
DAYS_BETWEEN: Final = "days_between"  # median days between baskets
FEATURED: Final = "featured"  # 0..11 for the short list worth picking first, -1 for the rest

TIME: Final = "time"
BASKET: Final = "basket"
QUANTITY: Final = "quantity"
PAID: Final = "paid"  # in the shop's currency for the line, after discounts
EVENT: Final = "event"  # kind of behaviour, one of `capabilities.EVENT_KINDS`
QUERY: Final = "query"  # what was searched for, of a search

RULE: Final = "rule"
DROPPED: Final = "dropped"
WHY: Final = "why"

NEW_SHOPPER: Final = "new"  # the shopper id of a person with no history

# --- limits -------------------------------------------------------------------------------------------------

MAX_QUERY_CHARS: Final = 500
MAX_K: Final = 100
SORTS: Final = {"": "Best match", "price": "Cheapest first", "-price": "Dearest first", "popular": "Most bought first"}
"""Ways to order the MAX_K best products. All but the first leave scores and reasons as they are."""

# --- knobs --------------------------------------------------------------------------------------------------


def _knob(default: float, low: float, high: float, step: float, label: str, help: str, unit: str = "") -> Any:
    meta = {"low": low, "high": high, "step": step, "label": label, "help": help, "unit": unit}
    return field(default=default, metadata=meta)


FOLDS: Final = ("kind", "title", "none")


@dataclass(frozen=True, slots=True)
class Knobs:
    """Every slider of the storefront, with its range and default; a link carries them."""

    shopper_weight: float = _knob(
        0.3,
        0.0,
        1.0,
        0.05,
        "Shopper against query",
        "0: only the query counts. 1: only the shopper counts. Used when there are both.",
    )
    meaning_weight: float = _knob(
        0.6,
        0.0,
        1.0,
        0.05,
        "Meaning against words",
        "0: only matching words count (BM25). 1: only meaning counts (cosine of sentence vectors). Between them, words "
        "count more where one product holds all of the query's words, and meaning more where none does.",
    )
    kind_weight: float = _knob(
        0.3,
        0.0,
        0.5,
        0.05,
        "Kind of product asked for",
        "A second look: how much it counts that a product is of the kind that the best answers have in common. "
        "0: not at all.",
    )
    exploration: float = _knob(
        0.0,
        0.0,
        1.0,
        0.05,
        "Learned order or taste",
        "0: the learned order of what this shopper is likely to buy next. 1: only what fits the shopper's taste. "
        "Used for a shopper without a query.",
    )
    discovery: float = _knob(
        0.4,
        0.0,
        1.0,
        0.05,
        "New things against usuals",
        "0: only what this shopper buys again and again. 1: only what fits the shopper's taste. Used beside a query.",
    )
    popularity: float = _knob(
        0.1,
        0.0,
        0.5,
        0.05,
        "Well-known products",
        "How much it counts that many shoppers buy a product. 0: not at all. The learned order knows it already, so "
        "this is used beside a query.",
    )
    half_life_days: float = _knob(
        80.0,
        7.0,
        365.0,
        1.0,
        "How far back history counts",
        "After this many days a purchase counts half as much, for the taste and beside a query. The learned order has "
        "learned its own.",
        "days",
    )
    fold: str = field(
        default="kind",
        metadata={
            "choices": FOLDS,
            "label": "Fold look-alikes",
            "help": "Show one product per kind (sizes and makers folded), per title, or every product.",
        },
    )

    def __post_init__(self) -> None:
        for f in fields(self):
            value = getattr(self, f.name)
            if "choices" in f.metadata:
                if value not in f.metadata["choices"]:
                    raise BadRequestError(
                        f"{f.name}={value!r} is not a choice",
                        allowed=", ".join(f.metadata["choices"]),
                        remedy=f"leave {f.name} out to use {f.default!r}",
                    )
                continue
            low, high = f.metadata["low"], f.metadata["high"]
            if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
                raise BadRequestError(
                    f"{f.name}={value!r} is not a number",
                    allowed=f"{low:g} to {high:g}",
                    remedy=f"leave {f.name} out to use {f.default:g}",
                )
            if not low <= value <= high:
                raise BadRequestError(
                    f"{f.name}={value:g} is out of range",
                    allowed=f"{low:g} to {high:g}",
                    remedy=f"leave {f.name} out to use {f.default:g}",
                )

    @classmethod
    def from_mapping(cls, raw: Mapping[str, str]) -> tuple[Knobs, list[str]]:
        """Knobs from the address bar: what is unreadable or out of range falls back to its default, and is said.

        Returns (knobs, one plain sentence per value that was not used). Unknown names are ignored.
        """
        good: dict[str, Any] = {}
        complaints: list[str] = []
        for f in fields(cls):
            if f.name not in raw:
                continue
            text = str(raw[f.name])[:40]
            value: Any = text
            if "choices" not in f.metadata:
                try:
                    value = float(text)
                except ValueError:
                    value = text
            try:
                cls(**{f.name: value})
            except BadRequestError as error:
                complaints.append(error.one_line())
            else:
                good[f.name] = value
        return cls(**good), complaints

    def changed(self) -> dict[str, str]:
        """The knobs that differ from their defaults, as text for the address bar."""
        out = {}
        for f in fields(self):
            value = getattr(self, f.name)
            if value != f.default:
                out[f.name] = value if isinstance(value, str) else f"{value:g}"
        return out


# --- what goes in ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Request:
    """One question to the engine.

    `shopper` is the source's own id as text, `NEW_SHOPPER` for a person with no history, or None for nobody.
    `visitor` tells apart new shoppers who gave feedback. `k` is how many products to show, 1 to MAX_K.
    """

    shopper: str | None = None
    query: str = ""
    k: int = 12
    knobs: Knobs = field(default_factory=Knobs)
    visitor: str = ""
    departments: tuple[str, ...] = ()  # readable names; empty: all
    sort: str = ""  # one of SORTS
    language: str = ""  # of the query: a code of `retrieval.language.LABELS`; "" to have it detected
    verbatim: bool = False  # search for the words as they were typed, slips and all


# --- what travels between the stages --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Candidates:
    """What one retriever found: best first, ties by row."""

    rows: Rows  # (k,)
    scores: Floats  # (k,)
    source: str

    @classmethod
    def nothing(cls, source: str) -> Candidates:
        """No candidates at all."""
        return cls(np.empty(0, np.int32), np.empty(0, np.float32), source)

    @classmethod
    def best(cls, rows: Rows, scores: Floats, k: int, source: str) -> Candidates:
        """The k best of these rows: by score, ties by row. `rows` need not be sorted."""
        if k < len(rows):
            threshold = np.partition(scores, len(scores) - k)[len(scores) - k]
            keep = scores >= threshold  # all ties at the border stay, so that the row decides between them
            rows, scores = rows[keep], scores[keep]
        order = np.lexsort((rows, -scores))[:k]
        return cls(rows[order].astype(np.int32), scores[order].astype(np.float32), source)

    def __len__(self) -> int:
        return len(self.rows)


# --- what comes out -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stage:
    """What one step did: how many products it saw and kept, and how long it took."""

    name: str  # short machine name, "words"
    label: str  # plain words, "Matching words (BM25)"
    seen: int
    kept: int
    ms: float
    detail: str = ""


@dataclass(frozen=True, slots=True)
class RankedItem:
    """One product of an answer. `score` is exactly the sum of `parts`."""

    row: int
    item_id: int | str
    title: str
    icon: str
    department: str
    category: str
    price: float | None
    rank: int
    score: float
    parts: dict[str, float]  # part -> points, as `ranking.parts` lists them
    facts: dict[str, float]  # raw figures behind the parts: cosine, bm25, times bought, days since ...
    reason: str
    similarity: float | None  # cosine to the query, else to the shopper's interest vector
    folded: int = 0  # look-alikes folded under this product
    was_rank: int | None = None  # rank without this person's feedback; None: was not among the candidates
    marks: tuple[tuple[int, int], ...] = ()  # [start, end) in the title of each word that the query holds


@dataclass(frozen=True, slots=True)
class Movement:
    """How this person's feedback moved the interest vector and the shelf."""

    degrees: float  # angle between the interest vector without and with feedback
    likes: int
    baskets: int
    dislikes: int
    clicks: int
    summary: str  # one plain sentence: what moved and why
    entered: tuple[str, ...]  # titles that came onto the shelf
    left: tuple[str, ...]  # titles that left it


@dataclass(frozen=True, slots=True)
class Answer:
    """The ranked products, what each stage did, and every fallback that was taken."""

    request: Request
    items: tuple[RankedItem, ...]
    stages: tuple[Stage, ...]
    notes: tuple[str, ...]
    movement: Movement | None = None
    understood: Understood | None = None  # how the query was read; None without one
    query_vector: Floats | None = field(default=None, compare=False, repr=False)  # (d,); None: not encoded with items
    interest_vector: Floats | None = field(
        default=None, compare=False, repr=False
    )  # (d,) of the shopper, with feedback

    @property
    def vectors(self) -> dict[str, Floats]:
        """The query's and the shopper's vector, those that there are: {"query": (d,), "shopper": (d,)}."""
        known = {"query": self.query_vector, "shopper": self.interest_vector}
        return {who: vector for who, vector in known.items() if vector is not None}

    def as_json(self) -> dict[str, Any]:
        """Plain data for `--json`."""
        return {
            "query": self.request.query,
            "shopper": self.request.shopper,
            "k": self.request.k,
            "items": [
                {
                    "item_id": item.item_id,
                    "title": item.title,
                    "price": item.price,
                    "rank": item.rank,
                    "score": item.score,
                    "parts": item.parts,
                    "reason": item.reason,
                    "department": item.department,
                    "category": item.category,
                    "similarity": item.similarity,
                    "facts": item.facts,
                }
                for item in self.items
            ],
            "stages": [
                {
                    "name": s.name,
                    "label": s.label,
                    "seen": s.seen,
                    "kept": s.kept,
                    "ms": round(s.ms, 3),
                    "detail": s.detail,
                }
                for s in self.stages
            ],
            "notes": list(self.notes),
            "understood": None if self.understood is None else asdict(self.understood),
        }
