"""Stars of unseen pairs on a prepared shop: every way stands beside the baseline, and what can be reached is said."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from recsys import schema as s
from recsys.evaluation.reviews import ratings
from recsys.preparation import Plan
from recsys.progress import silent
from recsys.settings import Settings


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_every_way_is_measured_on_the_same_pairs(made_shop: Settings) -> None:
    report = ratings.evaluated(Plan.of(made_shop).open("dataset"), made_shop.shop)
    (task,) = report["tasks"]
    assert [line["method"] for line in task["methods"]] == ["mean", "bias", "effects", "signals"]
    assert {line["test"] for line in task["methods"]} == {task["test"]}
    assert task["learned_from"] + task["test"] == report["reviews"]
    assert task["chosen"] in ("effects", "signals")
    low, high = task["change"]["ci95"]
    assert low <= task["change"]["value"] <= high
    assert "would still err by" in report["protocol"]["what can be reached"]


def test_words_of_the_test_are_never_read() -> None:
    kinds = {
        5.0: ("A lovely colour, wonderful.", "Soft and warm fabric."),
        1.0: ("It broke at once.", "Cheap and ugly."),
    }
    rows = [(n % 7, stars, kinds[stars][n % 2]) for n in range(160) for stars in kinds]
    table = pd.DataFrame(rows, columns=[s.ITEM, s.STARS, s.REVIEW])
    known = np.arange(0, 200, dtype=np.int32)
    moods = ratings.moods_of(table, known, silent)
    bad = table[s.STARS].to_numpy()[known] < 3
    assert moods[known][bad].sum(axis=1).max() < 0 < moods[known][~bad].sum(axis=1).min()
    assert not moods[200:].any()
    table.loc[200:, s.REVIEW] = "the worst thing ever"
    table.loc[200:, s.STARS] = 1.0
    np.testing.assert_array_equal(ratings.moods_of(table, known, silent), moods)


def test_too_few_stars_for_a_head_say_nothing_by_words() -> None:
    table = pd.DataFrame({s.ITEM: [0, 1], s.STARS: [5.0, 1.0], s.REVIEW: ["good", "bad"]})
    assert not ratings.moods_of(table, np.arange(2, dtype=np.int32), silent).any()
