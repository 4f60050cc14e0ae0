"""Two rankings and people who answer: who takes good products only names the ranking that has them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from recsys.evaluation.experiments import crowd
from recsys.evaluation.experiments.crowd import PAIRS, PLACES, compared, rankings
from recsys.evaluation.learning.running import LearningData
from recsys.shops.contract import Acts, Crowd

PEOPLE, ITEMS, GOOD = 30, 60, 20


def respond(who: int, items: np.ndarray, rng: np.random.Generator) -> Acts:
    """Half of the good products are bought; of the others nothing is."""
    return tuple(("click", "buy") if item < GOOD and rng.random() < 0.5 else () for item in items.tolist())


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch) -> LearningData:
    """The first products are good; everybody bought them, so that taste finds them, and one each else, much bought."""
    monkeypatch.setattr(crowd, "MOST", {"interleaving": 500, "groups": 2_000})
    rng = np.random.default_rng(0)
    vectors = np.zeros((ITEMS, 4), np.float32)
    vectors[:GOOD, 0], vectors[GOOD:, 1] = 1.0, 1.0
    counts = np.zeros((PEOPLE, ITEMS), np.float32)
    counts[:, :GOOD] = 1.0
    counts[0, GOOD:] = 500.0  # one person makes the others popular
    worth = np.zeros((PEOPLE, ITEMS), np.float32)
    worth[:, :GOOD] = 1.0 + rng.random(GOOD, dtype=np.float32)
    names = tuple(map(str, range(PEOPLE))), tuple(map(str, range(ITEMS)))
    return LearningData("made", {}, vectors, counts, Crowd(*names, respond), worth)


def test_lists_are_whole_and_without_doubles(data: LearningData) -> None:
    for lists in rankings(data, 0).values():
        assert lists.shape == (PEOPLE, PLACES)
        assert all(len(set(row)) == PLACES for row in lists.tolist())


def test_the_better_ranking_is_named_by_both_kinds_of_tests(data: LearningData) -> None:
    clear = compared(data, pages=200, runs=40, seed=1)[0]
    assert clear["better"] == "first"  # taste has the good ones
    assert clear["interleaving"]["right"]["share"] == 1.0
    assert clear["groups"]["right"]["share"] == 1.0
    assert clear["interleaving"]["pages_power"] < 60
    assert clear["groups"]["fixed"]["acted"]["means"][0] > clear["groups"]["fixed"]["acted"]["means"][1]


def test_where_neither_is_better_few_tests_name_one(data: LearningData) -> None:
    alike = compared(data, pages=200, runs=200, seed=2)[-1]
    assert PAIRS[-1].alike
    for kind in ("interleaving", "groups"):
        assert alike[kind]["wrong"]["share"] + alike[kind]["right"]["share"] <= 0.1
    assert alike["groups"]["fixed"]["acted"]["pages"] is None


def test_the_same_seed_gives_the_same_figures(data: LearningData) -> None:
    assert compared(data, 60, 20, 5) == compared(replace(data), 60, 20, 5)
