"""A pool of candidates is what it says, or it is refused."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.reranking.contract import Pool
from tests.reranking.pools import plain


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"vectors": np.ones((2, 3), np.float32)}, "not normalised"),
        ({"vectors": np.full((2, 3), np.nan, np.float32)}, "give finite ones"),
        ({"vectors": np.eye(3, dtype=np.float32)}, "vectors are"),
        ({"relevance": np.array([np.inf, 1.0])}, "finite number"),
        ({"labels": {"brand": np.zeros(3, np.int32)}}, "brand has shape"),
        ({"relevance": np.empty(0), "vectors": np.empty((0, 2), np.float32)}, "give 1 to 500"),
        ({"relevance": np.ones(501), "vectors": np.zeros((501, 2), np.float32)}, "give 1 to 500"),
    ],
)
def test_a_pool_that_is_none_is_refused_in_words(wrong: dict[str, object], said: str) -> None:
    right: dict[str, object] = {"vectors": np.eye(2, dtype=np.float32), "relevance": np.ones(2)}
    with pytest.raises(ValueError, match=said):
        Pool(**{**right, **wrong})  # type: ignore[arg-type]


def test_a_candidate_of_which_nothing_is_known_is_let_in() -> None:
    assert len(Pool(np.zeros((2, 3), np.float32), np.ones(2))) == 2
    assert plain([1.0]).alike
