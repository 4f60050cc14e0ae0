"""The settings of the blend."""

from __future__ import annotations

from dataclasses import dataclass, field

from recsys.ranking.blend.choosing import Choosing


@dataclass(frozen=True, slots=True)
class BlendSettings:
    """How candidates are found and how the ranker is chosen."""

    most_visits: int = 20_000  # to learn from: 150 candidates of each are 600 MB of features
    first: int = 100  # candidates of the first recommender
    others: int = 40  # candidates of each other one
    earlier_baskets: int | None = None
    """How many baskets before the visit to learn from besides; None: 1 where baskets hold several items, else 0.

    On basket data, cross-validated nDCG@10 of trees: .173 from the visits alone, .177 with one basket more each, .176
    with three. For that `learn` fits copies of the recommenders on data without them."""
    repeats: float = 0.005  # share of what is taken that was taken before, below which nothing is offered twice
    choosing: Choosing = field(default_factory=Choosing)
