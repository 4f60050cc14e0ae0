"""What comes out: the ranked products, what each stage did, and how feedback moved them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from recsys.schema.candidates import Floats
from recsys.schema.request import Request
from recsys.schema.understood import Understood


@dataclass(frozen=True, slots=True)
class Stage:
    """What one step did: how many products it saw and kept, and how long it took."""

    name: str  # short machine name, "words"
    label: str  # plain words, "Matching words (BM25)"
    seen: int
    kept: int
    ms: float
    detail: str = ""


def shown_parts(parts: Mapping[str, float]) -> dict[str, float]:
    """The parts of a score as pages show them: in points of 100 with one decimal, adding up to the score as shown.

    Each is rounded down to a tenth; the tenths that the score then lacks go to the largest remainders (Hamilton's
    method, also known as that of the largest remainder), so that none is further from its part than a tenth.
    """
    tenths = {name: math.floor(value * 1000) for name, value in parts.items()}
    lacking = round(float(f"{sum(parts.values()) * 100:.1f}") * 10) - sum(tenths.values())
    by_remainder = sorted(parts, key=lambda name: tenths[name] - parts[name] * 1000)  # the largest first; else in order
    for name in by_remainder[:lacking]:
        tenths[name] += 1
    return {name: value / 10 for name, value in tenths.items()}


@dataclass(frozen=True, slots=True)
class RankedItem:
    """One product of an answer. `score` is exactly the sum of `parts`, which are multiples of 2^-20.

    1 is all that there is to have without feedback (pages say 100 points); a part that speaks against a product is < 0.
    """

    row: int
    item_id: int | str
    title: str
    icon: str
    department: str
    category: str
    price: float | None  # in the shop's currency, None where it is not known
    rank: int
    score: float
    parts: dict[str, float]  # part -> points, as `ranking.parts` lists them
    facts: dict[str, float]  # raw figures behind the parts: cosine, bm25, times bought, days since ...
    reason: str  # with its figures, for an analyst
    similarity: float | None  # cosine to the query, else to the shopper's interest vector
    folded: int = 0  # look-alikes folded under this product
    was_rank: int | None = None  # rank without this person's feedback; None: was not among the candidates
    rank_before: int | None = None  # rank without re-ranking; None: the shelf was not re-ranked
    spoken: str = ""  # the reason as a person would say it to the shopper
    taught: str = ""  # "because you liked …": which press speaks most for it, where an overlay learns from presses
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

    @property
    def because(self) -> str:
        """What was done, as the beginning of a sentence: "Because of 2 likes and 1 basket"."""
        counted = ((self.likes, "like"), (self.baskets, "basket"), (self.dislikes, "\u201cnot for me\u201d"))
        did = [f"{n} {name}{'s' if n > 1 and name != 'basket' else ''}" for n, name in counted if n]
        return f"Because of {' and '.join(did)}" if did else "Because of what you looked at"


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What the chosen categories and sizes left of what was found."""

    matching: int  # products
    left_out: tuple[str, ...] = ()  # choices that would have left nothing
    sentence: str = ""  # what was left out, in plain words


@dataclass(frozen=True, slots=True)
class Answer:
    """The ranked products, what each stage did, and every fallback that was taken."""

    request: Request
    items: tuple[RankedItem, ...]
    stages: tuple[Stage, ...]
    notes: tuple[str, ...]
    movement: Movement | None = None
    understood: Understood | None = None  # how the query was read; None without one
    narrowed: Narrowed | None = None  # None: no category and no size was chosen
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
        """Plain data for `--json`: numbers, texts, lists and mappings. The vectors are left out."""
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
                    **({} if item.rank_before is None else {"rank_before": item.rank_before}),
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
            "narrowed": None if self.narrowed is None else asdict(self.narrowed),
            "understood": None if self.understood is None else asdict(self.understood),
        }
