"""A shelf that lets reviews count gains where people buy what is spoken of well, loses where not, by construction."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from recsys.datasets.interactions import Interactions
from recsys.evaluation.diversity.candidates import Candidates
from recsys.evaluation.reviews import shelf
from recsys.evaluation.splits import Task
from recsys.recommenders.contract import Visits
from recsys.scenarios.reviews.analysing import Read
from recsys.scenarios.reviews.satisfaction import ALL

ITEMS, VISITS = 40, 30


def window(bought: int, praised: int) -> shelf.Window:
    """Everybody's candidates in the order of their rows; one product is bought, one is spoken of well."""
    items = np.tile(np.arange(ITEMS, dtype=np.int32), (VISITS, 1))
    scores = np.tile(np.linspace(1, 0, ITEMS, dtype=np.float32), (VISITS, 1))
    relevant = sparse.csr_array(np.eye(ITEMS, dtype=np.float32)[np.full(VISITS, bought)])
    fit = np.zeros(ITEMS)
    fit[praised] = 1.0
    none = np.zeros(0, np.int32)
    nothing = Interactions(np.zeros(VISITS + 1, np.int64), none, none, none, ITEMS)
    task = Task(Visits(nothing, np.arange(VISITS, dtype=np.int32), np.zeros(VISITS, np.int32)), relevant)
    return shelf.Window(task, Candidates(items, scores), {ALL: fit}, {})


@pytest.mark.parametrize(("bought", "praised", "better"), [(12, 12, True), (5, 12, False)])
def test_what_is_praised_moves_up(bought: int, praised: int, better: bool) -> None:
    asked = window(bought, praised)
    without, after = (shelf._ndcg(asked, ALL, weight).mean() for weight in (0.0, 0.3))
    assert (after > without) == better
    assert shelf._placed_otherwise(asked, ALL, 0.0) == 0
    assert shelf._placed_otherwise(asked, ALL, 0.3) == pytest.approx(0.1)


def test_later_reviews_are_set_beside_what_was_said_before() -> None:
    days = np.datetime64("2026-01-01", "ns") + np.arange(8) * np.timedelta64(1, "D")
    mood = np.array([0.1, 0.1, 0.9, -0.5, 0.7, -0.6, 0.8, -0.4])
    items, rows = [0, 1, 0, 1, 0, 1, 0, 1], np.arange(8)
    none, words = np.full(8, -1), ["x"] * 8
    judged = mood, words, rows, mood, np.zeros(8, int), ("x",), mood, np.ones(8, bool), mood, none, none
    read = Read(words, np.full(8, np.nan), items, days, *judged)
    found = shelf._later(read, np.array([0.2, -0.2]), days[2])
    assert (found["above"], found["below"]) == (3, 3)
    assert found["value"] == pytest.approx(1.3)
    assert found["ci95"][0] > 0
    assert shelf._later(read, np.zeros(2), days[2])["value"] is None
