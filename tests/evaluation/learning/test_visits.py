"""People whose answers are known by construction look at pages."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.evaluation.learning.running import EACH, Effort, LearningData, evaluated
from recsys.evaluation.learning.visits import PLACES, Newcomers, watched
from recsys.learning.learners import Frozen
from recsys.learning.pairwise import Pairwise
from recsys.learning.space import centred
from recsys.schema import Floats
from recsys.shops.contract import Acts, Crowd

N, PEOPLE = 120, 40
RNG = np.random.default_rng(5)
THEMES = np.arange(N) % 4  # each person cares for products of one theme of four
VECTORS: Floats = centred((np.eye(4)[THEMES] + 0.05 * RNG.normal(size=(N, 4))).astype(np.float32))
WORTH: Floats = (THEMES[None] == (np.arange(PEOPLE) % 4)[:, None]).astype(np.float32)


def respond(who: int, items: np.ndarray, rng: np.random.Generator) -> Acts:
    """Each person likes all of their theme, and looks at the whole page."""
    return tuple(("like",) if WORTH[who, item] else () for item in items.tolist())


CROWD = Crowd(tuple(map(str, range(PEOPLE))), tuple(map(str, range(N))), respond)
ROWS = np.arange(8, dtype=np.int32)
SOME = Newcomers(CROWD, ROWS, WORTH[ROWS])
FLAT = np.zeros(N, np.float32)


def test_what_never_learns_is_judged_alike_at_every_mark() -> None:
    course = watched(Frozen(FLAT), SOME, {"all": (0, 100), "each": (5,)}, 200, 0)
    first = course.utility[0]
    assert np.array_equal(course.utility[100], first)
    assert np.array_equal(course.after[5], first)
    assert course.interactions >= 200
    assert course.pages == pytest.approx(course.interactions / (PLACES / 4), rel=0.2)  # a quarter of a page is liked


def test_a_taste_that_is_there_is_found() -> None:
    course = watched(Pairwise(VECTORS, FLAT, 2.0), SOME, {"all": (0, 100), "each": (5,)}, 200, 0)
    assert course.utility[0].mean() < 0.5
    assert course.utility[100].mean() > 0.95
    assert course.after[5].mean() > 0.9


def test_a_page_holds_the_best_of_what_is_left_so_that_who_knows_all_has_no_regret() -> None:
    class Oracle(Frozen):
        def scores(self, who: int) -> Floats:
            return WORTH[ROWS[who]]

    course = watched(Oracle(FLAT), SOME, {"all": (0, 100), "each": ()}, 100, 0)
    assert course.regret[100] == pytest.approx(0, abs=1e-6)
    assert course.utility[0] == pytest.approx(1)


def test_the_same_seed_gives_the_same_course() -> None:
    one, other = (watched(Pairwise(VECTORS, FLAT, 2.0), SOME, {"all": (50,), "each": (3,)}, 60, 7) for _ in range(2))
    assert np.array_equal(one.after[3], other.after[3])
    assert one.regret == other.regret


def test_the_report_tells_that_learning_pays_where_it_does() -> None:
    data = LearningData("themes", {}, VECTORS, RNG.poisson(1, (PEOPLE, N)).astype(np.float32), CROWD, WORTH)
    report = evaluated(data, Effort(interactions=1_000, seeds=2))
    best = {line["learner"]: line for line in report["each"] if line["after"] == EACH[-1]}
    assert best["frozen"]["change"] == 0
    assert best["pairwise"]["change_ci95"][0] > 0.5
    assert best["pairwise"]["people"] == 8
    assert {goal["learner"] for goal in report["goals"] if goal["met"]} >= {"pairwise", "linucb"}
    assert {line["interactions"] for line in report["all"]} == {0, 1_000}
    assert all(line["seeds"] == 2 for line in report["all"])
    assert report["update_ms"]["p50"] > 0
    assert report["update_ms"]["items_p95"] > 0
    assert [line["after"] for line in report["moving"]] == list(EACH)
    for line in report["moving"]:
        taste = next(x for x in report["each"] if (x["learner"], x["after"]) == ("pairwise", line["after"]))
        assert line["all"]["taste"] == taste["utility"]
        assert line["fresh"]["taste"] <= 1.0
    for taste, moving in zip(report["settings"]["pairwise"], report["settings"]["moving"], strict=True):
        assert moving == taste | {"items": moving["items"]}


def test_fresh_is_the_worth_of_what_nothing_was_done_with() -> None:
    some = np.flatnonzero(WORTH[0])[: PLACES // 2]  # of what the first person likes; the rest of it stands last
    scores = -WORTH[0]
    scores[some] = 1.0
    alone = Newcomers(CROWD, ROWS[:1], WORTH[:1])
    course = watched(Frozen(scores), alone, {"all": (), "each": (5,)}, len(some), 0)
    assert course.interactions == len(some)
    assert course.after[5] == pytest.approx(1)
    assert course.fresh[5] == pytest.approx(0)


def test_nobody_who_is_asked_is_counted_or_chosen_by() -> None:
    from recsys.evaluation.learning.running import _folds

    folds = list(_folds(PEOPLE, Effort(seeds=10)))
    asked = np.concatenate([test for _, test in folds])
    assert sorted(asked.tolist()) == list(range(PEOPLE))
    assert all(not np.intersect1d(validation, test).size for validation, test in folds)
