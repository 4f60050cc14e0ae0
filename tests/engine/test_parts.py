"""A retriever that nobody knew before is added to the list of parts, and to nothing else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recsys import schema as s
from recsys.engine import Engine
from recsys.plots.card import score_bar_svg
from recsys.plots.shelf import score_parts
from recsys.ranking.parts import PARTS
from recsys.retrieval.contract import Retriever, Signals
from recsys.retrieval.part import Part, Prepared
from recsys.schema import Candidates, Floats, Knobs, Mask, Request, Rows
from recsys.settings import Settings
from tests.conftest import SAMPLE
from tests.retrieval.contract import RetrieverContract


class Longest:
    """Products by the length of their titles."""

    name = "longest"

    def __init__(self, lengths: Rows) -> None:
        self._lengths: Floats = lengths.astype(np.float32)

    def retrieve(self, signals: Signals, k: int, allowed: Mask | None = None) -> Candidates:
        rows = np.arange(len(self._lengths), dtype=np.int32)
        rows = (rows if allowed is None else rows[allowed])[: None if k > 0 else 0]
        return Candidates.best(rows, self._lengths[rows], k, self.name) if k > 0 else Candidates.nothing(self.name)

    def score(self, signals: Signals, rows: Rows) -> Floats:
        return self._lengths[rows]


def _made(prepared: Prepared) -> Longest:
    return Longest(prepared.items[s.TITLE].astype(str).str.len().to_numpy(np.int32))


LONGEST = Part(
    name="longest",
    label="Long titles",
    colour="#0000C0",
    phrase=lambda grounds: f"has {grounds.fact('characters'):.0f} letters, liked by {grounds.voice.people.many}",
    weight=lambda known: 1.0 if known.query else 0.0,
    retriever=_made,
    stage="Longest titles (as {many} like them)",
    pool=40,
    fact="characters",
)


class TestLongest(RetrieverContract):
    def retriever(self) -> Retriever:
        return Longest(np.array([5, 9, 9, 0, 1, 2], np.int32))

    def signals(self) -> Signals:
        return Signals()


@pytest.fixture(scope="module")
def engine(prepared_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    state = tmp_path_factory.mktemp("state")
    settings = Settings(shop=SAMPLE, cache_dir=prepared_cache, state_dir=state)
    return Engine.open(settings, parts=PARTS.adding(LONGEST))


def test_it_finds_scores_and_gives_reasons_like_any_other(engine: Engine) -> None:
    answer = engine.answer(Request(query="milk", knobs=Knobs(fold="none"), k=5))
    stage = next(stage for stage in answer.stages if stage.name == "longest")
    assert (stage.label, stage.kept) == ("Longest titles (as households like them)", 60)  # 12 for each product shown
    titles = engine.items[s.TITLE].astype(str)
    for item in answer.items:
        assert item.score == sum(item.parts.values())
        assert item.facts["characters"] == len(titles[item.row])
    first = answer.items[0]
    assert f"has {len(first.title)} letters, liked by households" in first.reason[:1].lower() + first.reason[1:]


def test_a_title_has_as_much_of_its_share_as_it_is_long(engine: Engine) -> None:
    longest = int(engine.items[s.TITLE].astype(str).str.len().max())
    for item in engine.answer(Request(query="milk", knobs=Knobs(fold="none"))).items:
        # the others ask for all of the score and it for as much again: half of the sum is its own
        assert item.parts["longest"] == pytest.approx(len(item.title) / longest / 2, abs=1e-6)


def test_it_is_drawn_in_its_own_colour_under_its_own_label(engine: Engine) -> None:
    items = engine.answer(Request(query="milk")).items
    bars = {trace.name: trace.marker.color for trace in score_parts(items, engine.parts).data}
    assert bars["Long titles"] == "#0000C0"
    assert "#0000C0" in score_bar_svg(items[0].parts, 1.0, engine.parts)


def test_where_it_has_no_share_it_is_not_asked(engine: Engine) -> None:
    assert "longest" not in {stage.name for stage in engine.answer(Request()).stages}


def test_an_engine_without_it_knows_nothing_of_it(sample_engine: Engine) -> None:
    assert "longest" not in {stage.name for stage in sample_engine.answer(Request(query="milk")).stages}
