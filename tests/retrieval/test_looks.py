"""Products that look like a picture, on six products whose pictures lie on a circle; one of them has none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recsys.artifacts import write_array
from recsys.ranking.parts import PARTS
from recsys.ranking.weighted_parts import Weights
from recsys.retrieval.contract import Retriever, Signals
from recsys.retrieval.looks import LOOKS, PICTURES, SHOWN, LooksRetriever
from recsys.retrieval.part import Known
from recsys.schema import Knobs
from tests.retrieval.contract import RetrieverContract
from tests.retrieval.test_retrievers import on_a_circle


class TestLooks(RetrieverContract):
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        vectors = on_a_circle(0, 30, 60, 30, 0, 180)
        vectors[4] = 0  # no picture
        write_array(tmp_path / f"{PICTURES}.npy", vectors)
        self._found = LooksRetriever.load("looks", PICTURES, tmp_path)

    def retriever(self) -> Retriever:
        return self._found

    def signals(self) -> Signals:
        return Signals(looks=on_a_circle(0)[0])

    def test_the_nearest_come_first_and_what_has_no_picture_is_never_found(self) -> None:
        assert self.retriever().retrieve(self.signals(), 9).rows.tolist() == [0, 1, 3, 2]

    def test_the_score_is_the_cosine_and_nothing_below_it(self) -> None:
        scores = self.retriever().score(self.signals(), np.arange(6, dtype=np.int32))
        assert scores == pytest.approx([1, np.cos(np.radians(30)), 0.5, np.cos(np.radians(30)), 0, 0], abs=1e-6)

    def test_without_a_picture_nothing_is_found(self) -> None:
        assert len(self.retriever().retrieve(Signals(query="red"), 3)) == 0
        assert self.retriever().score(Signals(query="red"), np.arange(3, dtype=np.int32)).tolist() == [0, 0, 0]


def shares(**known: bool) -> dict[str, float]:
    weights = Weights.of(PARTS, Known(Knobs(popularity=0.0, kind_weight=0.0, looks_weight=0.6), **known))
    return {part.name: weights[part.name] for part in PARTS if weights[part.name] > 0}


def test_a_picture_alone_is_all_that_counts() -> None:
    found = shares(looks=True)
    assert found.keys() == {LOOKS.name, SHOWN.name}
    assert sum(found.values()) == pytest.approx(1.0)
    assert found[LOOKS.name] > found[SHOWN.name]


def test_words_beside_it_get_what_the_slider_leaves() -> None:
    found = shares(looks=True, query=True, words=True)
    assert found[LOOKS.name] + found[SHOWN.name] == pytest.approx(0.6)
    assert found["words"] + found["meaning"] == pytest.approx(0.4)


def test_without_a_picture_nothing_changes() -> None:
    assert shares(query=True, words=True) == shares(query=True, words=True, looks=False)
    assert LOOKS.name not in shares(query=True)


def test_a_shopper_beside_a_picture_counts_as_beside_words() -> None:
    found = shares(looks=True, history=True, interest=True)
    assert found[LOOKS.name] + found[SHOWN.name] == pytest.approx(1.0 - Knobs().shopper_weight)
