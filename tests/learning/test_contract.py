"""An overlay beside the engine changes answers as far as it says, and with it away they are what they were."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recsys.engine import Engine
from recsys.learning.contract import NOTHING_LEARNED, NothingLearned
from recsys.ranking.weighted_parts import Weights
from recsys.retrieval.contract import Signals
from recsys.retrieval.part import Known, Part
from recsys.schema import Candidates, Floats, Knobs, Mask, Request, Rows
from recsys.settings import Settings
from tests.conftest import SAMPLE

CHOSEN = 7  # the product that everybody has been clicking


class Trending:
    """One product, found for everybody."""

    name = "trending"

    def retrieve(self, signals: Signals, k: int, allowed: Mask | None = None) -> Candidates:
        there = k > 0 and (allowed is None or bool(allowed[CHOSEN]))
        rows = np.array([CHOSEN] if there else [], np.int32)
        return Candidates(rows, self.score(signals, rows), self.name)

    def score(self, signals: Signals, rows: Rows) -> Floats:
        return (rows == CHOSEN).astype(np.float32)


TRENDING = Part(
    "trending", "Trending", "#0000C0", lambda grounds: "clicked by many just now",
    weight=lambda known: 2.0, retriever=lambda prepared: Trending(), stage="Trending",
)  # fmt: skip


class Learned:
    """A part of its own, given all of the score when somebody asks for nothing."""

    parts = (TRENDING,)

    def weights(self, request: Request, known: Known, weights: Weights) -> Weights:
        return Weights({"trending": 3.0}) if known.nothing else weights


@pytest.fixture(scope="module")
def learned(prepared_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    settings = Settings(shop=SAMPLE, cache_dir=prepared_cache, state_dir=tmp_path_factory.mktemp("state"))
    return Engine.open(settings, overlay=Learned())


def test_what_an_overlay_adds_is_a_part_like_any_other(learned: Engine) -> None:
    answer = learned.answer(Request(query="milk"))
    first = answer.items[0]
    assert first.row == CHOSEN
    assert first.parts["trending"] == pytest.approx(2 / 3, abs=1e-6)  # it asks for twice what all others ask for
    assert "clicked by many just now" in first.reason.lower()
    assert all(item.score == sum(item.parts.values()) for item in answer.items)


def test_it_may_share_a_score_out_anew_but_gives_no_more_than_all_of_it(learned: Engine) -> None:
    first = learned.answer(Request()).items[0]
    assert (first.row, first.score, first.parts) == (CHOSEN, 1.0, {"trending": 1.0})


def test_without_it_nothing_is_left_of_it(sample_engine: Engine) -> None:
    assert "trending" not in sample_engine.parts
    assert CHOSEN not in [item.row for item in sample_engine.answer(Request()).items]


def test_nothing_learned_changes_nothing() -> None:
    weights = Weights({"words": 0.5}, learned=0.25)
    assert NOTHING_LEARNED.weights(Request(), Known(Knobs()), weights) is weights
    assert NothingLearned.parts == ()


def test_a_share_below_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="0 or more"):
        replace(Weights({"words": -0.1})).within_one()
