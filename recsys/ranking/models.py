"""Every recommender that can be compared, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, Self

from scipy import sparse

from recsys.errors import BadRequestError
from recsys.progress import Progress
from recsys.ranking.storefront import ORDER_BASES
from recsys.recommenders.contract import Recommender, SideInformation, Visits
from recsys.recommenders.registry import RECOMMENDERS
from recsys.recommenders.transformer.recommender import TransformerRecommender


class LearnedBlend(Recommender, Protocol):
    """A recommender that rests on fitted others and learns how to weigh them."""

    @property
    def report(self) -> dict[str, Any]:
        """What was chosen, and under "ndcg" the cross-validated nDCG@10 of everything tried."""

    def learn(self, visits: Visits, relevant: sparse.csr_array, progress: Progress) -> Self:
        """Learn the order of the bases' candidates from what was really taken, (b, n_items)."""

    def with_bases(self, bases: Mapping[str, Recommender]) -> Self:
        """The same learned ranker over other fitted bases."""


class Known(Protocol):
    """What is known where recommenders are to be fitted: a problem of an evaluation is such."""

    @property
    def side(self) -> SideInformation:
        """What is known beside who took what."""

    @property
    def dated(self) -> bool:
        """Whether the histories have dates, and not only an order."""


@dataclass(frozen=True, slots=True)
class Model:
    """A recommender in the list, and the settings it may be given."""

    name: str
    label: str
    about: str  # one plain sentence
    make: Callable[[Mapping[str, Any], int], Recommender]  # (settings, seed)
    grid: tuple[Mapping[str, Any], ...] = ({},)
    needs: frozenset[str] = frozenset()  # of "attributes", "vectors", "dates", "cohorts", "friends"
    rests_on: Mapping[str, tuple[str, ...]] | None = None  # a blend's recommenders, for "sequences" and for "baskets"
    make_blend: Callable[[Mapping[str, Recommender], int], LearnedBlend] | None = None

    def bases(self, problem: Known) -> tuple[str, ...]:
        """The recommenders that a blend weighs on this problem, the most important first; none for all others."""
        if self.rests_on is None:
            return ()
        names = self.rests_on["baskets" if problem.dated else "sequences"]
        return tuple(name for name in names if name in MODELS and MODELS[name].suits(problem))

    def suits(self, problem: Known) -> bool:
        """Whether the problem has what the recommender cannot do without."""
        side = problem.side
        there = {
            "attributes": side.attributes is not None,
            "vectors": side.vectors is not None,
            "cohorts": side.cohorts is not None,
            "friends": side.friends is not None,
            "dates": problem.dated,
        }
        return all(there[need] for need in self.needs)


def _counting() -> dict[str, Model]:
    return {
        entry.name: Model(entry.name, entry.label, entry.about, entry.make, entry.grid, entry.needs)
        for entry in RECOMMENDERS.values()
    }


def _make_blend(bases: Mapping[str, Recommender], seed: int) -> LearnedBlend:
    from recsys.ranking.blend import Blend, BlendSettings
    from recsys.ranking.blend.choosing import Choosing

    return Blend(bases, BlendSettings(choosing=Choosing(seed=seed)), refit_bases=False)


def _make_quick_blend(bases: Mapping[str, Recommender], seed: int) -> LearnedBlend:
    from recsys.ranking.learned_order import quick_blend

    return quick_blend(bases, seed, earlier_baskets=None, refit_bases=False)


BASES: Final = {
    "sequences": ("pctm", "transformer", "seq-rules", "item-knn", "content-attributes", "most-popular"),
    "baskets": ORDER_BASES["baskets"],
}
BLEND: Final = Model(
    "blend",
    "Everything together (learned blend)",
    "All the others' candidates in the order of a ranker that learned from what was really taken.",
    lambda settings, seed: _make_blend({}, seed),
    rests_on=BASES,
    make_blend=_make_blend,
)
STOREFRONT: Final = Model(
    "storefront",
    "The storefront's order (learned blend, trees alone)",
    "The same, with few trees that learn fast: the order in which the storefront shows products.",
    lambda settings, seed: _make_quick_blend({}, seed),
    needs=frozenset({"dates"}),
    rests_on={"sequences": (), "baskets": BASES["baskets"]},
    make_blend=_make_quick_blend,
)
TRANSFORMER: Final = Model(
    TransformerRecommender.name,
    TransformerRecommender.label,
    "A Transformer that reads the history in order; its last state is the shopper's interest vector.",
    lambda settings, seed: TransformerRecommender(**{"seed": seed, **settings}),
)
MODELS: Final[dict[str, Model]] = _counting() | {model.name: model for model in (TRANSFORMER, STOREFRONT, BLEND)}


def model_of(name: str) -> Model:
    """The recommender of that name. Raises BadRequestError naming those there are."""
    if name not in MODELS:
        raise BadRequestError(
            f"there is no recommender {name[:40]!r}",
            allowed=", ".join(MODELS),
            remedy="see `python -m recsys evaluate sequences --list-models`",
        )
    return MODELS[name]


def chosen_names(problem: Known, asked: Sequence[str]) -> tuple[list[str], list[str]]:
    """(the recommenders to run, a sentence for each that cannot be). All that suit when none is asked for.

    Raises BadRequestError for an unknown name, or when one that was asked for does not suit.
    """
    wanted = [model_of(name) for name in dict.fromkeys(asked)] or list(MODELS.values())
    notes = [f"{m.label} is left out: it needs {' and '.join(sorted(m.needs))}" for m in wanted if not m.suits(problem)]
    if asked and notes:
        raise BadRequestError("; ".join(notes), remedy="leave it out, or give what it needs (--attributes FILE)")
    return [model.name for model in wanted if model.suits(problem)], notes
