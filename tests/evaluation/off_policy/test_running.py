"""The laboratory with people whose answers are known by construction."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.evaluation.learning.running import LearningData
from recsys.evaluation.off_policy.estimators import ESTIMATORS
from recsys.evaluation.off_policy.kept import NEEDED, is_sound
from recsys.evaluation.off_policy.running import PAIRS, Effort, evaluated
from recsys.evaluation.off_policy.store import (
    CANDIDATES,
    LOGGED,
    ORDERS,
    PLACES,
    as_log,
    chances,
    laboratory,
    logged,
    true_value,
)
from recsys.learning.space import centred
from recsys.shops.contract import Acts, Crowd

N, PEOPLE = 90, 12
RNG = np.random.default_rng(8)
THEMES = np.arange(N) % 3
VECTORS = centred((np.eye(3)[THEMES] + 0.05 * RNG.normal(size=(N, 3))).astype(np.float32))
COUNTS = RNG.poisson(1.0, (PEOPLE, N)).astype(np.float32)


def respond(who: int, items: np.ndarray, rng: np.random.Generator) -> Acts:
    """Each clicks half of what is of their theme, wherever it stands, and nothing else."""
    return tuple(("click",) if THEMES[item] == who % 3 and rng.random() < 0.5 else () for item in items.tolist())


CROWD = Crowd(tuple(map(str, range(PEOPLE))), tuple(map(str, range(N))), respond)
DATA = LearningData("made", {"dataset": "made"}, VECTORS, COUNTS, CROWD, np.zeros((PEOPLE, N), np.float32))
LAB = laboratory(DATA, PEOPLE, 0)


def test_everybody_has_candidates_none_of_them_twice() -> None:
    assert LAB.candidates.shape == (PEOPLE, CANDIDATES)
    assert all(len(set(row)) == CANDIDATES for row in LAB.candidates.tolist())


def test_the_truth_is_what_the_chances_of_places_say() -> None:
    of_theme = THEMES[LAB.candidates] == (LAB.people % 3)[:, None]
    for name, policy in LAB.policies.items():
        by_hand = 0.5 * (policy.places.sum(axis=2) * of_theme).sum(axis=1).mean()
        value, error = true_value(LAB, name, 6_000, 0)
        assert value == pytest.approx(by_hand, abs=4 * error)


def test_a_log_has_the_chances_by_which_it_was_drawn() -> None:
    pages = logged(LAB, 50, np.random.default_rng(0))
    log, same = as_log(LAB, pages), chances(LAB, LOGGED, pages)
    assert np.array_equal(log.chances.places, same.places)
    assert log.items.shape == (50, PLACES)
    assert pages.first(7).rewards.shape == (7, PLACES)


def test_a_report_is_whole_and_its_figures_are_near_the_truth() -> None:
    report = evaluated(DATA, Effort(repeats=6, rounds=600, people=PEOPLE, asked=3_000, seed=1))
    report["command"] = "made"
    assert set(report) >= NEEDED
    assert is_sound(report)
    targets = len(ORDERS) - 1
    assert len(report["lines"]) == targets * 2 * len(ESTIMATORS)  # 500 and 600 pages
    assert len(report["goals"]) == targets * len(PAIRS)
    by_name = {(line["target"], line["rounds"], line["estimator"]): line for line in report["lines"]}
    assert abs(by_name["taste", 600, "dr"]["bias"]) < 0.15
    assert by_name["taste", 600, "logged"]["bias"] < -0.15  # taste earns more than what was logged
    assert by_name["taste", 600, "dr"]["ratio"] < 1.0
    told = [line for line in report["lines"] if "least" in line]
    assert {line["estimator"] for line in told} == {"dr", "page_dr"}
    assert all(line["least_ci95"][0] <= line["least"] <= line["least_ci95"][1] for line in told)
    assert by_name["taste", 600, "dr"]["least"] < 1.0
    assert {goal["estimator"] for goal in report["goals"] if "least" not in goal} == {"dros", "cascade_dr"}
    assert {line["unseen"] > 0 for line in report["health"]} == {True}
    assert evaluated(DATA, Effort(2, 500, PEOPLE, 200, 1)) == evaluated(DATA, Effort(2, 500, PEOPLE, 200, 1))
