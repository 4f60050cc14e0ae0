"""Each retriever on six products whose right order is known by construction."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recsys.index.shared_rows import SharedRowsIndex
from recsys.interest.history import History, affinity
from recsys.query.tokens import Tokenizer
from recsys.retrieval.contract import Retriever, Signals
from recsys.retrieval.dense import DenseRetriever
from recsys.retrieval.lexical import LexicalRetriever, heads
from recsys.retrieval.popularity import PopularityRetriever
from recsys.retrieval.repeat import RepeatRetriever
from tests.retrieval.contract import RetrieverContract

TEXTS = ["Gluten free pasta", "Whole wheat pasta", "Kids' frozen dinner", "Dog food"]
TEXT_OF_ITEM = np.array([0, 1, 1, 2, 3, 0], np.int32)  # products 1, 2 and 0, 5 share a text


def on_a_circle(*degrees: float) -> np.ndarray:
    angles = np.radians(degrees)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


class TestDense(RetrieverContract):
    def retriever(self) -> Retriever:
        vectors = on_a_circle(0, 30, 60, 90)
        return DenseRetriever("meaning", "query_vector", SharedRowsIndex.of(vectors, TEXT_OF_ITEM))

    def signals(self) -> Signals:
        return Signals(query_vector=on_a_circle(0)[0])

    def test_products_of_one_text_stand_together_by_row(self) -> None:
        assert self.retriever().retrieve(self.signals(), 4).rows.tolist() == [0, 5, 1, 2]

    def test_the_score_is_the_cosine(self) -> None:
        scores = self.retriever().score(self.signals(), np.array([0, 1, 3], np.int32))
        assert scores == pytest.approx([1.0, np.cos(np.radians(30)), 0.5], abs=1e-6)

    def test_without_a_vector_nothing_is_found(self) -> None:
        assert len(self.retriever().retrieve(Signals(), 3)) == 0


class TestLexical(RetrieverContract):
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        LexicalRetriever.build({"title": TEXTS}, TEXT_OF_ITEM, tmp_path)
        self._found = LexicalRetriever(tmp_path)

    def retriever(self) -> Retriever:
        return self._found

    def signals(self) -> Signals:
        return Signals(query="gluten free pasta")

    def test_the_text_with_most_of_the_words_comes_first(self) -> None:
        assert self._found.retrieve(self.signals(), 6).rows.tolist() == [0, 5, 1, 2]

    def test_a_text_without_any_word_is_not_found(self) -> None:
        assert 4 not in self._found.retrieve(self.signals(), 6).rows

    @pytest.mark.parametrize("query", ["PASTAS", "p\u00e1sta", "pasta?!", "the pasta"])
    def test_case_accents_plurals_and_stop_words_do_not_matter(self, query: str) -> None:
        assert set(self._found.retrieve(Signals(query=query), 6).rows.tolist()) == {0, 1, 2, 5}

    @pytest.mark.parametrize("query", ["", "the of and", "\u05e9\u05dc\u05d5\u05dd", "'; DROP TABLE items; --", "zzz"])
    def test_a_query_of_unknown_words_finds_nothing(self, query: str) -> None:
        assert len(self._found.retrieve(Signals(query=query), 6)) == 0

    def test_known_and_unknown_words_are_told_apart(self) -> None:
        look = self._found.look("Pasta for zebras")
        assert (look.known, look.unknown) == (("pasta",), ("zebras",))

    def test_a_query_is_covered_as_far_as_one_text_holds_its_words(self) -> None:
        assert self._found.look("gluten free pasta").coverage == pytest.approx(1.0)
        assert 0 < self._found.look("gluten free dog food").coverage < 1
        assert self._found.look("zebra").coverage == self._found.look("").coverage == 0.0

    def test_what_was_looked_up_once_finds_and_scores_as_before(self) -> None:
        looked = Signals(query="gluten free pasta", words=self._found.look("gluten free pasta"))
        rows = np.arange(6, dtype=np.int32)
        assert self._found.score(looked, rows).tolist() == self._found.score(self.signals(), rows).tolist()
        assert self._found.retrieve(looked, 6).rows.tolist() == self._found.retrieve(self.signals(), 6).rows.tolist()

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("Pasta sauce with meat", "sauce"),
            ("Salsa & dips", "Salsa dips"),
            ("Rice cakes", "cakes"),
            ("Apple juice & cider, over 50% juice", "juice cider"),
            ("Milk", "Milk"),
            ("", ""),
        ],
    )
    def test_the_head_of_a_name_says_what_the_thing_is(self, name: str, said: str) -> None:
        assert heads(name) == said

    def test_an_apostrophe_does_not_split_a_word(self) -> None:
        assert Tokenizer().tokens("Kids' kid\u2019s") == ["kid", "kid"]


class TestRepeat(RetrieverContract):
    def retriever(self) -> Retriever:
        return RepeatRetriever()

    def signals(self) -> Signals:
        past = History(np.array([4, 2, 4, 1], np.int32), np.array([0, 10, 10, 10], np.int16))
        return Signals(affinity=affinity(past, today=10, half_life_days=10))

    def test_faded_counts_order_what_was_bought(self) -> None:
        found = self.retriever().retrieve(self.signals(), 6)
        assert found.rows.tolist() == [4, 1, 2]
        assert found.scores.tolist() == [1.5, 1.0, 1.0]

    def test_what_was_never_bought_scores_zero(self) -> None:
        assert self.retriever().score(self.signals(), np.array([0, 4, 5], np.int32)).tolist() == [0.0, 1.5, 0.0]

    def test_without_a_history_nothing_is_found(self) -> None:
        assert len(self.retriever().retrieve(Signals(), 3)) == 0


class TestPopularity(RetrieverContract):
    def retriever(self) -> Retriever:
        return PopularityRetriever(np.array([5, 9, 9, 0, 1, 2], np.int32))

    def signals(self) -> Signals:
        return Signals()

    def test_most_buyers_come_first(self) -> None:
        assert self.retriever().retrieve(Signals(), 6).rows.tolist() == [1, 2, 0, 5, 4, 3]
