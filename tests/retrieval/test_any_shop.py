"""The contract of retrievers on the prepared data of every shop that tests know, by whatever each shop has."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from recsys import schema as s
from recsys.engine import Engine
from recsys.interest.history import History, affinity
from recsys.query.words import ShopWords
from recsys.ranking.parts import PARTS
from recsys.retrieval.contract import Retriever, Signals
from recsys.retrieval.looks import LooksRetriever
from recsys.retrieval.part import Prepared
from tests.retrieval.contract import RetrieverContract

FINDING: Final = [part.name for part in PARTS if part.retriever]


def made_of(engine: Engine, name: str) -> Retriever | None:
    make = PARTS[name].retriever
    assert make is not None

    def folder(artefact: str) -> Path:
        return engine.plan.open(artefact).path

    def there(artefact: str) -> bool:
        return artefact in engine.plan.versions and artefact not in engine.waiting

    return make(Prepared(engine.items, engine.index, folder, ShopWords.of(engine.shop), there))


def signals_of(engine: Engine) -> Signals:
    """A word of a name as words and as a vector, a taste between two products, three products bought, and a wish."""
    row = len(engine.items) // 3
    word = str(engine.items[s.NAME].iloc[row]).split()[-1]
    between = engine.index.vectors_at(np.array([row, row + 1], np.int32)).sum(axis=0)  # (2, d) -> (d,)
    past = History(np.array([4, 2, 4, 1], np.int32), np.array([0, 10, 10, 10], np.int16))
    return Signals(
        query=word,
        query_vector=engine.encoder.encode([word])[0],
        affinity=affinity(past, today=10, half_life_days=10),
        interest=(between / np.linalg.norm(between)).astype(np.float32),
        wished=np.linspace(0.0, 1.0, len(engine.items), dtype=np.float32),
    )


class TestOnEveryShop(RetrieverContract):
    @pytest.fixture(autouse=True, params=FINDING)
    def _made(self, request: pytest.FixtureRequest, any_engine: Engine) -> None:
        found = made_of(any_engine, request.param)
        if found is None:
            pytest.skip(f"{any_engine.shop.name} has no retriever {request.param}")
        self._retriever, self._signals = found, signals_of(any_engine)
        if isinstance(found, LooksRetriever):
            self._signals = replace(self._signals, looks=found.vectors[len(any_engine.items) // 3])
        self.N_ITEMS = len(any_engine.items)

    def retriever(self) -> Retriever:
        return self._retriever

    def signals(self) -> Signals:
        return self._signals

    def test_every_product_of_the_shop_has_a_finite_score(self) -> None:
        scores = self.retriever().score(self.signals(), np.arange(self.N_ITEMS, dtype=np.int32))
        assert scores.shape == (self.N_ITEMS,)
        assert np.isfinite(scores).all()
