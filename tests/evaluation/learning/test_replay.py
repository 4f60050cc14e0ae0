"""A month whose visits are known by construction, gone through once more."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.datasets.interactions import Interactions
from recsys.errors import DataError
from recsys.evaluation.learning.replay import STILL, ReplayData, Tastes, Way, month, ndcg_of, replayed
from recsys.learning.space import centred
from recsys.progress import silent
from recsys.recommenders.contract import SideInformation
from recsys.recommenders.personal_frequency import PersonalFrequency

N, PEOPLE = 60, 30
THEMES = np.arange(N) % 4
VECTORS = centred((np.eye(4)[THEMES] + 0.01 * np.random.default_rng(2).normal(size=(N, 4))).astype(np.float32))


def shop(visits: list[list[tuple[int, list[int]]]], *, dated: bool = True) -> Interactions:
    """Each shopper's visits as (day, items)."""
    indptr, items, baskets, days = [0], list[int](), list[int](), list[int]()
    for its in visits:
        for number, (day, taken) in enumerate(its):
            items += taken
            baskets += [number] * len(taken)
            days += [day] * len(taken)
        indptr.append(len(items))
    rows = (np.array(each, np.int32) for each in (items, baskets, days))
    return Interactions(np.array(indptr, np.int64), *rows, N, dated)


def test_a_month_holds_each_visit_with_what_was_known_before_it_and_before_the_month() -> None:
    table = shop([[(0, [1, 2]), (20, [3]), (25, [4, 1])], [(22, [5])], [(3, [7])]])
    found = month(table, 15, 30)
    assert found.shoppers.tolist() == [0, 0]  # the second was not known, the third did not come
    assert found.still.days.tolist() == [20, 25]
    assert [found.still.histories.of(row).tolist() for row in (0, 1)] == [[1, 2], [1, 2]]
    assert [found.going.histories.of(row).tolist() for row in (0, 1)] == [[1, 2], [1, 2, 3]]
    assert [sorted(found.relevant[[row]].indices.tolist()) for row in (0, 1)] == [[3], [1, 4]]


def basket(day: int, theme: int, seed: int) -> list[int]:
    """Three products of a theme, others each time, and one that is always bought."""
    rng = np.random.default_rng([day, seed])
    return [0, *rng.choice(np.flatnonzero(theme == THEMES)[1:], 3, replace=False).tolist()]


def test_a_new_taste_is_learned_where_nothing_is_bought_twice() -> None:
    people = [[(day, basket(day, (who + day // 30) % 4, who)) for day in range(0, 90, 5)] for who in range(PEOPLE)]
    report = replayed(ReplayData("made", {}, shop(people), VECTORS))
    lines = {line["way"]: line for line in report["replay"]}
    assert lines["taste"]["change"] > 0.1
    assert lines["taste"]["change_ci95"][0] > 0
    assert lines["frozen"]["change"] == 0
    assert {goal["way"]: goal["met"] for goal in report["goals"]}["taste"] is True


def test_counts_that_go_on_find_what_is_bought_again() -> None:
    table = shop([[(0, [1]), (40, [7, 8]), (45, [7, 8])] for _ in range(5)])
    base = PersonalFrequency().fit(table.where(table.days < 30), SideInformation())
    second = np.array([1, 3, 5, 7, 9])
    found = ndcg_of(base, month(table, 30, 60), VECTORS, [STILL, Way("counts")], silent)
    assert np.all(found[Way("counts")][second] > found[STILL][second])
    first = second - 1
    assert np.array_equal(found[Way("counts")][first], found[STILL][first])


def test_nothing_of_one_shopper_reaches_the_next() -> None:
    table = shop([[(0, [1]), (40, [7]), (45, [7])], [(0, [1]), (40, [9]), (45, [9])]])
    tastes = Tastes(month(table, 30, 60), VECTORS, 0.1)
    found = tastes.of(np.arange(4, dtype=np.int32))
    assert not found[0].any()
    assert found[1].argmax() == 7
    assert not found[2].any()  # the second shopper's first visit
    assert found[3].argmax() == 9


def test_what_cannot_be_replayed_is_refused() -> None:
    data = ReplayData("made", {}, shop([[(0, [1]), (1, [2])]], dated=False), VECTORS)
    with pytest.raises(DataError, match="no dates"):
        replayed(data)
    short = ReplayData("made", {}, shop([[(0, [1]), (30, [2])]]), VECTORS)
    with pytest.raises(DataError, match="do not fit"):
        replayed(short)
    nobody = ReplayData("made", {}, shop([[(0, [1]), (100, [2])], [(80, [3])]]), VECTORS)
    with pytest.raises(DataError, match="nobody who was known"):
        replayed(nobody)
    unlike = ReplayData("made", {}, shop([[(0, [1]), (40, list(range(20, 31))), (80, [50])]]), VECTORS)
    with pytest.raises(DataError, match="nothing compares"):
        replayed(unlike)
