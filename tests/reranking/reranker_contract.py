"""What every re-ranker must do, whatever it is good for."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from recsys.reranking.composing import rerank
from recsys.reranking.contract import Pool, Reranker
from recsys.reranking.limiting import Capped
from tests.reranking.pools import drawn, unit


class RerankerContract:
    """Inherited by the tests of each re-ranker, which give one in `made`."""

    def made(self) -> Reranker:
        """The re-ranker under test."""
        raise NotImplementedError

    def pools(self) -> Iterator[tuple[Pool, int]]:
        """Pools of any size, half of them full of ties, each with a length of the slate."""
        for seed in range(80):
            yield drawn(1 + seed % 41, seed, 1 + seed % 7, ties=seed % 2 == 0, codes=1 + seed % 5), 1 + seed % 13

    def test_every_candidate_is_ordered_once_and_the_same_way_each_time(self) -> None:
        for pool, k in self.pools():
            order = self.made().order(pool, k).positions
            assert sorted(order.tolist()) == list(range(len(pool)))
            assert order.tolist() == self.made().order(pool, k).positions.tolist()

    def test_who_is_not_on_the_slate_stays_in_order(self) -> None:
        for pool, k in self.pools():
            assert (np.diff(self.made().order(pool, k).positions[k:]) > 0).all()

    def test_one_candidate_is_the_slate(self) -> None:
        assert self.made().order(drawn(1), 20).positions.tolist() == [0]

    def test_equal_candidates_keep_their_places(self) -> None:
        n = 12
        pool = Pool(unit(np.ones((n, 3))), np.ones(n), {"category": np.zeros(n, np.int32)}, {"category": np.ones(1)})
        assert self.made().order(pool, 5).positions.tolist() == list(range(n))

    def test_what_an_earlier_one_set_is_kept(self) -> None:
        for seed in range(20):
            pool = drawn(60, seed, codes=6)
            slate = rerank(pool, 8, [Capped(2, "brand"), self.made()]).slate
            assert np.bincount(pool.labels["brand"][slate]).max() <= 2
