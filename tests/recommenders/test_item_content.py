"""Likeness by description and by attributes, by hand; items nobody took are reached too."""

from __future__ import annotations

from math import log, sqrt

import numpy as np
import pytest
from scipy import sparse

from recsys.errors import DataError
from recsys.recommenders.contract import Recommender, SideInformation
from recsys.recommenders.item_content import ContentByAttributes, ContentByText, rarity_weighted
from tests.recommenders.recommender_contract import RecommenderContract, sequence_data, visits_of

TRAINING = sequence_data([0, 1], n_items=4)  # nobody takes 2 and 3


class TestContentByText(RecommenderContract):
    def recommender(self) -> Recommender:
        return ContentByText()

    SIDE = SideInformation(vectors=np.array([[1, 0], [0, 1], [0.6, 0.8], [-1, 0]], np.float32))

    def scores(self, history: list[int], **settings: float) -> list[float]:
        fitted = ContentByText(**settings).fit(TRAINING, self.SIDE)
        return fitted.score(visits_of(sequence_data(history, n_items=4)))[0].tolist()

    def test_one_item_scores_the_others_by_cosine_also_those_nobody_took(self) -> None:
        assert self.scores([0]) == pytest.approx([1, 0, 0.6, -1])

    def test_the_profile_is_a_faded_mean_of_length_one(self) -> None:
        # 0 weighs 1/2 and 1 weighs 1: (1/2, 1) / sqrt(5/4)
        expected = [0.5, 1, 0.5 * 0.6 + 0.8, -0.5]
        assert self.scores([0, 1], history_fading=0.5) == pytest.approx([x / sqrt(5 / 4) for x in expected])

    def test_no_history_gives_no_opinion(self) -> None:
        assert self.scores([]) == [0, 0, 0, 0]

    def test_without_vectors_it_says_what_is_missing(self) -> None:
        with pytest.raises(DataError, match="text vectors of 0 items"):
            ContentByText().fit(TRAINING, SideInformation())


class TestContentByAttributes(RecommenderContract):
    def recommender(self) -> Recommender:
        return ContentByAttributes()

    # attribute 0: all four items, 1: items 0 and 2, 2: items 1 and 2, 3: item 0 alone
    SIDE = SideInformation(
        sparse.csr_array(np.array([[1, 1, 0, 1], [1, 0, 1, 0], [1, 1, 1, 0], [1, 0, 0, 0]], np.float32))
    )

    def scores(self, history: list[int]) -> list[float]:
        fitted = ContentByAttributes().fit(TRAINING, self.SIDE)
        return fitted.score(visits_of(sequence_data(history, n_items=4)))[0].tolist()

    def test_rare_attributes_weigh_more_and_one_that_all_items_have_nothing(self) -> None:
        weights = rarity_weighted(self.SIDE.attributes).toarray()
        length = sqrt(log(2) ** 2 + log(4) ** 2)  # item 0: half of the items, a quarter of them
        np.testing.assert_allclose(weights[0], [0, log(2) / length, 0, log(4) / length], rtol=1e-6)
        np.testing.assert_allclose(weights[3], 0)

    def test_one_item_scores_the_others_by_cosine_also_those_nobody_took(self) -> None:
        # log 4 = 2 log 2: item 0 is (1, 0, 2) / sqrt(5), item 2 is (1, 1, 0) / sqrt(2)
        assert self.scores([0]) == pytest.approx([1, 0, 1 / sqrt(10), 0])

    def test_no_history_gives_no_opinion(self) -> None:
        assert self.scores([]) == [0, 0, 0, 0]

    def test_attributes_of_another_catalogue_are_refused(self) -> None:
        with pytest.raises(DataError, match="attributes of 4 items"):
            ContentByAttributes().fit(sequence_data([0], n_items=9), self.SIDE)
