"""The recommenders that the storefront's order rests on: those that learn in seconds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from recsys.recommenders.contract import Recommender
from recsys.recommenders.fitted_arrays import ArrayRecommender
from recsys.recommenders.item_knn import ItemKNN
from recsys.recommenders.most_popular import MostPopular, RecentlyPopular
from recsys.recommenders.personal_frequency import PersonalFrequency
from recsys.recommenders.sequence_rules import SequenceRules
from recsys.recommenders.tifu_knn import TIFUKNN
from recsys.recommenders.transitions import Transitions

_KINDS: Final[Mapping[str, tuple[type[ArrayRecommender], ...]]] = {
    # with item-knn too: .0012 more nDCG@10 in cross-validation, for half as much time again
    "baskets": (TIFUKNN, PersonalFrequency, RecentlyPopular, Transitions),
    "sequences": (Transitions, SequenceRules, ItemKNN, MostPopular),
}
ORDER_BASES: Final = {histories: tuple(kind.name for kind in kinds) for histories, kinds in _KINDS.items()}
"""Their names, the most important first."""


def storefront_bases(tuned: Mapping[str, Mapping[str, Any]], *, dated: bool = True) -> dict[str, Recommender]:
    """Those recommenders, not yet fitted, with the settings tuned for the shop, or else their own.

    Histories without dates are sequences: other recommenders suit them.
    """
    kinds = _KINDS["baskets" if dated else "sequences"]
    return {kind.name: kind(**tuned.get(kind.name, {})) for kind in kinds}
