"""What every retriever must do, whatever it looks at. Each retriever's test class inherits this."""

from __future__ import annotations

import numpy as np

from recsys.retrieval.contract import Retriever, Signals


class RetrieverContract:
    """Subclasses give `retriever()`, `signals()` that find at least two of `N_ITEMS` products."""

    N_ITEMS = 6

    def retriever(self) -> Retriever:
        raise NotImplementedError

    def signals(self) -> Signals:
        raise NotImplementedError

    def test_best_come_first_and_ties_go_by_row(self) -> None:
        found = self.retriever().retrieve(self.signals(), self.N_ITEMS)
        assert len(found) >= 2
        keys = list(zip((-found.scores).tolist(), found.rows.tolist(), strict=True))
        assert keys == sorted(keys)

    def test_rows_are_distinct_and_of_the_agreed_types(self) -> None:
        found = self.retriever().retrieve(self.signals(), self.N_ITEMS)
        assert len(set(found.rows.tolist())) == len(found)
        assert found.rows.dtype == np.int32
        assert found.scores.dtype == np.float32

    def test_a_smaller_k_gives_the_head_of_a_larger_one(self) -> None:
        large = self.retriever().retrieve(self.signals(), self.N_ITEMS)
        small = self.retriever().retrieve(self.signals(), 1)
        assert small.rows.tolist() == large.rows[:1].tolist()

    def test_k_beyond_the_catalogue_gives_what_there_is(self) -> None:
        assert len(self.retriever().retrieve(self.signals(), 10_000)) <= self.N_ITEMS

    def test_k_of_zero_gives_nothing(self) -> None:
        assert len(self.retriever().retrieve(self.signals(), 0)) == 0

    def test_only_allowed_products_are_found(self) -> None:
        best = int(self.retriever().retrieve(self.signals(), 1).rows[0])
        allowed = np.ones(self.N_ITEMS, np.bool_)
        allowed[best] = False
        assert best not in self.retriever().retrieve(self.signals(), self.N_ITEMS, allowed).rows

    def test_nothing_allowed_gives_nothing(self) -> None:
        allowed = np.zeros(self.N_ITEMS, np.bool_)
        assert len(self.retriever().retrieve(self.signals(), self.N_ITEMS, allowed)) == 0

    def test_scoring_a_found_row_gives_the_score_it_was_found_with(self) -> None:
        found = self.retriever().retrieve(self.signals(), self.N_ITEMS)
        scores = self.retriever().score(self.signals(), found.rows)
        above = np.maximum(found.scores, 0)  # of a whole catalogue, some are turned away from the vector: no opinion
        np.testing.assert_allclose(scores, above, rtol=1e-5, atol=1e-6)

    def test_scoring_no_rows_gives_no_scores(self) -> None:
        assert self.retriever().score(self.signals(), np.empty(0, np.int32)).shape == (0,)

    def test_the_same_request_gets_the_same_candidates(self) -> None:
        first = self.retriever().retrieve(self.signals(), 3)
        second = self.retriever().retrieve(self.signals(), 3)
        assert first.rows.tolist() == second.rows.tolist()
        assert first.scores.tolist() == second.scores.tolist()
