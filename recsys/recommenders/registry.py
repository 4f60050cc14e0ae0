"""The recommenders that learn by counting or by linear algebra, by name, and the settings worth trying for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from recsys.recommenders.contract import Recommender
from recsys.recommenders.ease import EASE
from recsys.recommenders.fitted_arrays import ArrayRecommender
from recsys.recommenders.item_content import ContentByAttributes, ContentByText
from recsys.recommenders.item_knn import ItemKNN
from recsys.recommenders.light_gcn import LightGCN, LightGCNWithFriends
from recsys.recommenders.matrix_factorization import AlternatingLeastSquares, BayesianPersonalizedRanking
from recsys.recommenders.most_popular import CohortPopular, MostPopular, RecentlyPopular
from recsys.recommenders.personal_frequency import PersonalFrequency
from recsys.recommenders.personalized_pagerank import PersonalizedPageRank, PersonalizedPageRankWithFriends
from recsys.recommenders.sequence_rules import SequenceRules
from recsys.recommenders.tifu_knn import TIFUKNN
from recsys.recommenders.transitions import Transitions

Settings = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """A recommender in the list, and the settings to choose from on validation data."""

    kind: type[ArrayRecommender]
    about: str  # one plain sentence: what it is for
    grid: tuple[Settings, ...] = ({},)  # for sequences and for baskets alike; the defaults where a setting is left out
    needs: frozenset[str] = frozenset()  # of "attributes", "vectors", "dates", "cohorts", "friends"

    @property
    def name(self) -> str:
        """Short machine name."""
        return self.kind.name

    @property
    def label(self) -> str:
        """Plain words."""
        return self.kind.label

    def make(self, settings: Settings, seed: int = 0) -> Recommender:
        """The recommender with these settings; the seed goes to those that draw numbers.

        Raises SettingsError for a value out of range, TypeError for a setting it does not have.
        """
        kind: Callable[..., Recommender] = self.kind
        drawn = {"seed": seed} if any(each.name == "seed" for each in fields(self.kind)) else {}
        return kind(**drawn | dict(settings))


def _grid(**choices: tuple[Any, ...]) -> tuple[Settings, ...]:
    """Every combination of the choices."""
    combined: tuple[Settings, ...] = ({},)
    for name, values in choices.items():
        combined = tuple({**chosen, name: value} for chosen in combined for value in values)
    return combined


# Steps of a sequence and baskets of a year fade differently: .5 to .8 a step won on Beauty and Sports, .9 to .97 a
# basket on basket data. Each grid holds both, and what else moved nDCG@10 on validation by more than its noise.
_TIFU_KNN: Final = (
    *_grid(neighbours=(100, 300, 900), alpha=(0.5, 0.7, 0.9)),  # groups of 7 as published for Ta-Feng
    *_grid(neighbours=(300,), groups=(3,), within_decay=(0.9, 0.97), group_decay=(0.6,)),
    {"groups": 11, "group_decay": 0.8},
)

_ENTRIES: Final = (
    Entry(MostPopular, "The same bestsellers for everybody: the line every other recommender has to beat."),
    Entry(
        RecentlyPopular,
        "What everybody buys these days: follows seasons and new products.",
        _grid(half_life_days=(3.0, 14.0, 60.0)),
        frozenset({"dates"}),
    ),
    Entry(
        CohortPopular,
        "Bestsellers among shoppers of the same kind: a first guess for a new shopper.",
        _grid(prior=(100.0, 1_000.0, 10_000.0)),
        frozenset({"cohorts"}),
    ),
    Entry(
        PersonalFrequency,
        "What the shopper buys again and again, recent purchases counting more.",
        _grid(half_life_days=(30.0, 80.0, 160.0), popularity=(0.1, 1.0)),
    ),
    Entry(
        TIFUKNN,
        "The shopper's own habits completed by those of similar shoppers: the strong baseline for baskets.",
        _TIFU_KNN,
    ),
    Entry(
        ItemKNN,
        "Items taken by the same shoppers as those in the history.",
        (
            *_grid(shrinkage=(10.0, 30.0, 60.0), history_fading=(0.6, 0.8)),
            *_grid(itself=(30.0,), history_fading=(0.95, 0.97), neighbours=(50,)),
        ),
    ),
    Entry(
        EASE,
        "The best linear guess at what is missing from a history; strong where data is sparse.",
        _grid(penalty=(200.0,), history_fading=(0.6, 0.9)),
    ),
    Entry(
        AlternatingLeastSquares,
        "Hidden tastes of shoppers and items; new histories are folded in at once.",
        (
            *_grid(factors=(128, 256), confidence=(40.0,), history_fading=(0.6,)),
            *_grid(factors=(128,), confidence=(1.0,), history_fading=(0.9, 0.97)),
        ),
    ),
    Entry(
        BayesianPersonalizedRanking,
        "Hidden tastes learned from pairs of a taken and a passed-over item.",
        _grid(factors=(64, 128)),
    ),
    Entry(
        PersonalizedPageRank,
        "What a walk from the history, over those who took the same to what else they took, comes by most.",
        (
            *_grid(damping=(0.3,), history_fading=(0.6, 0.8), departure=(0.5,)),
            *_grid(damping=(0.3, 0.8), history_fading=(0.97,), departure=(0.0, 0.5)),
            {"damping": 0.3, "history_fading": 0.97, "departure": 0.25, "tempering": 0.25},
        ),
    ),
    Entry(
        LightGCN,
        "Hidden tastes that spread over the graph of who took what, so that neighbours of neighbours count.",
        ({"regularization": 0.001, "history_fading": 0.8}, {"regularization": 0.02, "history_fading": 0.97}),
    ),
    Entry(
        PersonalizedPageRankWithFriends,
        "The same walk, some of it from friend to friend: tells what friends know that purchases do not.",
        (
            *_grid(damping=(0.3, 0.8), history_fading=(0.97,), departure=(0.5,), friends=(0.1, 0.3)),
            *_grid(damping=(0.3,), history_fading=(0.97,), departure=(0.0,), friends=(0.1,)),
        ),
        frozenset({"friends"}),
    ),
    Entry(
        LightGCNWithFriends,
        "Hidden tastes that spread from friend to friend as well as over what they took.",
        _grid(regularization=(0.02,), friends=(0.1, 0.5)),
        frozenset({"friends"}),
    ),
    Entry(
        SequenceRules,
        "What came soon after the last things the shopper took.",
        (
            *_grid(history_fading=(0.4, 0.6), normalised=(0.25, 0.5)),
            *_grid(history_fading=(0.95,), steps=(1, 3), normalised=(1.0,)),
        ),
    ),
    Entry(
        Transitions,
        "What follows the whole recent history, logarithms keeping bestsellers at bay: the best of the "
        "counting recommenders on sequences.",
        (
            *_grid(history_fading=(0.5, 0.6, 0.7), popularity=(-0.04, 0.0)),
            *_grid(history_fading=(0.9,), window=(1, 3), tau=(100.0,)),
        ),
    ),
    Entry(
        ContentByText,
        "Items described like those in the history; finds items nobody has taken yet.",
        _grid(history_fading=(0.5, 0.7, 0.9)),
        frozenset({"vectors"}),
    ),
    Entry(
        ContentByAttributes,
        "Items that share rare attributes with those in the history; finds items nobody has taken yet.",
        _grid(history_fading=(0.5, 0.7, 0.9)),
        frozenset({"attributes"}),
    ),
)

RECOMMENDERS: Final[dict[str, Entry]] = {entry.name: entry for entry in _ENTRIES}
