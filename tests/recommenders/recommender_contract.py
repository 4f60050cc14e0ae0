"""What every recommender promises, on eight items and a few shoppers, with baskets and without."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from recsys.datasets.interactions import Interactions, from_sequences
from recsys.errors import DataError, ModelError
from recsys.recommenders.contract import Recommender, SideInformation, Visits

N_ITEMS = 8


def basket_data(*shoppers: dict[int, list[int]], n_items: int = N_ITEMS) -> Interactions:
    """Dated histories: each shopper is `{day: items of the basket of that day}`, oldest first."""
    rows = [
        (items, number, day)
        for baskets in shoppers
        for number, (day, basket) in enumerate(baskets.items())
        for items in basket
    ]
    items, numbers, days = (np.array([row[i] for row in rows], np.int32) for i in range(3))
    lengths = [sum(len(basket) for basket in baskets.values()) for baskets in shoppers]
    return Interactions(np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64), items, numbers, days, n_items)


def sequence_data(*sequences: list[int], n_items: int = N_ITEMS) -> Interactions:
    """Undated histories without baskets."""
    return from_sequences([np.array(sequence, np.int32) for sequence in sequences], n_items)


def visits_of(histories: Interactions, shoppers: list[int] | None = None, day: int = 100) -> Visits:
    """A visit of each history's shopper, all on one day; they are the training shoppers unless told otherwise."""
    rows = np.arange(len(histories)) if shoppers is None else np.array(shoppers)
    return Visits(histories, rows.astype(np.int32), np.full(len(histories), day, np.int32))


def side_information(n_shoppers: int, n_items: int = N_ITEMS) -> SideInformation:
    """Two attributes per item (its parity and its half), random unit vectors, and two cohorts of shoppers."""
    items = np.arange(n_items)
    attributes = np.zeros((n_items, 4), np.float32)
    attributes[items, items % 2] = 1
    attributes[items, 2 + (items >= n_items // 2)] = 1
    vectors = np.random.default_rng(0).normal(size=(n_items, 5)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    cohorts = (np.arange(n_shoppers) % 2).astype(np.int32)
    return SideInformation(sparse.csr_array(attributes), vectors, cohorts=cohorts)


BASKETS = basket_data(
    {0: [0, 1], 7: [0, 2], 14: [0, 1, 3]},
    {1: [4], 3: [5, 4], 9: [6]},
    {2: [2, 1, 0]},
    {0: [7], 20: [7, 1], 40: [7, 5], 60: [1]},
    {},
    {5: [3, 0], 6: [3, 6]},
)
SEQUENCES = sequence_data([0, 1, 2, 3], [1, 2, 3, 4, 5], [2, 3, 2], [7, 6], [0, 2, 4, 6], [5, 4, 3, 2, 1, 0])
DATA = pytest.mark.parametrize("data", [BASKETS, SEQUENCES], ids=["baskets", "sequences"])


class RecommenderContract:
    """A subclass gives `recommender()`, not fitted yet."""

    def recommender(self) -> Recommender:
        raise NotImplementedError

    def fitted(self, data: Interactions) -> Recommender:
        return self.recommender().fit(data, side_information(len(data)))

    @DATA
    def test_every_item_gets_a_finite_score_for_every_visit(self, data: Interactions) -> None:
        scores = self.fitted(data).score(visits_of(data))
        assert scores.shape == (len(data), N_ITEMS)
        assert scores.dtype == np.float32
        assert np.isfinite(scores).all()

    @DATA
    def test_fitting_twice_gives_the_same_scores(self, data: Interactions) -> None:
        first, second = self.fitted(data), self.fitted(data)
        np.testing.assert_array_equal(first.score(visits_of(data)), second.score(visits_of(data)))

    @DATA
    def test_a_second_fit_forgets_the_first(self, data: Interactions) -> None:
        other = SEQUENCES if data is BASKETS else BASKETS
        again = self.fitted(other).fit(data, side_information(len(data)))
        np.testing.assert_array_equal(again.score(visits_of(data)), self.fitted(data).score(visits_of(data)))

    @DATA
    def test_a_score_does_not_depend_on_the_other_visits(self, data: Interactions) -> None:
        fitted, visits = self.fitted(data), visits_of(data)
        backwards = np.arange(len(data), dtype=np.int32)[::-1]
        scores = fitted.score(visits)
        np.testing.assert_allclose(fitted.score(visits.take(backwards)), scores[backwards], rtol=1e-4, atol=1e-5)
        alone = fitted.score(visits.take(np.array([1], np.int32)))
        np.testing.assert_allclose(alone, scores[1:2], rtol=1e-4, atol=1e-5)

    @DATA
    def test_somebody_new_without_a_history_gets_finite_scores(self, data: Interactions) -> None:
        nothing = basket_data({}) if data.dated else sequence_data([])
        scores = self.fitted(data).score(visits_of(nothing, shoppers=[-1]))
        assert scores.shape == (1, N_ITEMS)
        assert np.isfinite(scores).all()

    @DATA
    def test_somebody_new_with_a_history_gets_finite_scores(self, data: Interactions) -> None:
        scores = self.fitted(data).score(visits_of(data, shoppers=[-1] * len(data)))
        assert np.isfinite(scores).all()

    @DATA
    def test_no_visits_give_no_rows(self, data: Interactions) -> None:
        nobody = visits_of(data).take(np.empty(0, np.int32))
        assert self.fitted(data).score(nobody).shape == (0, N_ITEMS)

    @DATA
    def test_what_was_saved_scores_the_same_when_loaded(self, data: Interactions, tmp_path: Path) -> None:
        fitted = self.fitted(data)
        fitted.save(tmp_path / "saved")
        loaded = type(fitted).load(tmp_path / "saved")
        assert loaded.settings() == fitted.settings()
        np.testing.assert_array_equal(loaded.score(visits_of(data)), fitted.score(visits_of(data)))

    @DATA
    def test_the_histories_stay_as_they_were(self, data: Interactions) -> None:
        before = [part.tolist() for part in (data.indptr, data.items, data.baskets, data.days)]
        self.fitted(data).score(visits_of(data))
        assert [part.tolist() for part in (data.indptr, data.items, data.baskets, data.days)] == before

    def test_scoring_before_fitting_is_refused(self) -> None:
        with pytest.raises(ModelError, match="fit"):
            self.recommender().score(visits_of(BASKETS))

    def test_visits_to_another_catalogue_are_refused(self) -> None:
        with pytest.raises(DataError, match="3 items"):
            self.fitted(BASKETS).score(visits_of(sequence_data([0, 1], n_items=3)))

    def test_histories_that_are_all_empty_are_refused(self) -> None:
        with pytest.raises(DataError, match="all empty"):
            self.recommender().fit(sequence_data([], []), side_information(2))

    def test_its_settings_make_it_again(self) -> None:
        recommender = self.recommender()
        assert type(recommender)(**recommender.settings()).settings() == recommender.settings()
