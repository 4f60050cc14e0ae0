"""The list of recommenders is complete, and every setting in a grid can be used."""

from __future__ import annotations

import pytest

from recsys.errors import SettingsError
from recsys.recommenders.registry import RECOMMENDERS

NAMES = {
    "most-popular", "recently-popular", "cohort-popular", "personal-frequency", "tifu-knn", "item-knn", "ease", "als",
    "bpr", "pagerank", "pagerank-friends", "lightgcn", "lightgcn-friends", "seq-rules", "pctm", "content-text",
    "content-attributes",
}  # fmt: skip


def test_every_recommender_is_listed_under_its_own_name() -> None:
    assert set(RECOMMENDERS) == NAMES
    assert all(entry.kind.name == name for name, entry in RECOMMENDERS.items())


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_setting_of_a_grid_makes_a_recommender_with_it(name: str) -> None:
    entry = RECOMMENDERS[name]
    for settings in entry.grid:
        assert entry.make(settings).settings().items() >= settings.items()


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_grid_is_small_and_repeats_nothing(name: str) -> None:
    grid = [tuple(sorted(RECOMMENDERS[name].make(settings).settings().items())) for settings in RECOMMENDERS[name].grid]
    assert 1 <= len(grid) <= 12
    assert len(set(grid)) == len(grid)


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_recommender_says_what_it_is_for(name: str) -> None:
    assert RECOMMENDERS[name].label
    assert RECOMMENDERS[name].about.endswith(".")
    assert RECOMMENDERS[name].needs <= {"attributes", "vectors", "dates", "cohorts", "friends"}


def test_the_seed_goes_to_those_that_draw_numbers() -> None:
    assert RECOMMENDERS["bpr"].make({}, seed=7).settings()["seed"] == 7
    assert "seed" not in RECOMMENDERS["pctm"].make({}, seed=7).settings()


def test_a_setting_out_of_range_is_refused() -> None:
    with pytest.raises(SettingsError, match="window=0"):
        RECOMMENDERS["pctm"].make({"window": 0})
