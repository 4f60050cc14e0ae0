"""EASE against its closed form, by hand for two items and by the plain inverse for more."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from recsys.errors import ModelError
from recsys.recommenders import ease
from recsys.recommenders.contract import Recommender, SideInformation
from recsys.recommenders.ease import EASE, furthest_from_zero, item_weights
from tests.recommenders.recommender_contract import RecommenderContract, sequence_data, visits_of


def scores(training: list[list[int]], history: list[int], n_items: int, **settings: float) -> list[float]:
    fitted = EASE(**settings).fit(sequence_data(*training, n_items=n_items), SideInformation())
    return fitted.score(visits_of(sequence_data(history, n_items=n_items)))[0].tolist()


class TestEASE(RecommenderContract):
    def recommender(self) -> Recommender:
        return EASE(penalty=1.0)

    def test_of_two_items_one_is_explained_by_shared_shoppers_over_its_shoppers_and_the_penalty(self) -> None:
        # X.T @ X + 2 I = [[3 + 2, 2], [2, 2 + 2]], so B[0, 1] = 2 / 5 and B[1, 0] = 2 / 4
        training = [[0, 1], [1, 0], [0]]
        assert scores(training, [0], 2, penalty=2.0) == pytest.approx([0, 2 / 5])
        assert scores(training, [1], 2, penalty=2.0) == pytest.approx([2 / 4, 0])

    def test_older_entries_of_the_history_fade(self) -> None:
        assert scores([[0, 1], [1, 0], [0]], [0, 1], 2, penalty=2.0, history_fading=0.5) == pytest.approx(
            [2 / 4, 0.5 * 2 / 5]
        )

    def test_items_beyond_the_most_taken_score_nothing(self) -> None:
        training = [[0, 2], [0, 2], [1, 2]]
        assert scores(training, [0, 1], 3, max_items=2)[1] == 0
        assert scores(training, [1], 3, max_items=2) == [0, 0, 0]
        assert scores(training, [0], 3, max_items=2)[2] > 0

    def test_no_history_gives_no_opinion(self) -> None:
        assert scores([[0, 1]], [], 2) == [0, 0]


@pytest.mark.parametrize("rows_at_once", [1, 3, 1_000])
def test_the_weights_are_those_of_the_closed_form(rows_at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ease, "ROWS_AT_ONCE", rows_at_once)
    taken = (np.random.default_rng(0).random((40, 7)) < 0.4).astype(np.float32)
    inverse = np.linalg.inv(taken.T @ taken + 3 * np.eye(7))
    expected = -inverse / np.diagonal(inverse)
    np.fill_diagonal(expected, 0)
    np.testing.assert_allclose(item_weights(sparse.csr_array(taken), 3.0), expected, atol=1e-5)


def test_a_penalty_too_small_for_the_inverse_is_refused() -> None:
    alike = sparse.csr_array(np.ones((100_000, 2), np.float32))  # in float32 100,000 + .001 is 100,000
    with pytest.raises(ModelError, match="choose a larger penalty"):
        item_weights(alike, 1e-3)


def test_the_weights_furthest_from_zero_are_kept_with_their_sign() -> None:
    kept = furthest_from_zero(np.array([[0, -3, 2], [1, 0, -2], [0, 0, 1]], np.float32), 1)
    assert kept.toarray().tolist() == [[0, -3, 0], [0, 0, -2], [0, 0, 1]]
