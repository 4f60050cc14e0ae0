"""Item neighbours: cosines, shrinkage and the cut to the nearest, by hand."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from scipy import sparse

from recsys.errors import SettingsError
from recsys.recommenders import item_knn
from recsys.recommenders.contract import Recommender, SideInformation
from recsys.recommenders.item_knn import ItemKNN, strongest_per_row
from tests.recommenders.recommender_contract import RecommenderContract, sequence_data, visits_of

# 0 and 1 are taken by shoppers 0 and 1, 2 by shopper 1 and 2
TRAINING = sequence_data([0, 1], [0, 1, 2], [2], n_items=3)


def scores(history: list[int], **settings: float) -> list[float]:
    fitted = ItemKNN(**settings).fit(TRAINING, SideInformation())
    return fitted.score(visits_of(sequence_data(history, n_items=3)))[0].tolist()


class TestItemKNN(RecommenderContract):
    def recommender(self) -> Recommender:
        return ItemKNN()

    def test_an_item_scores_its_cosine_to_the_history(self) -> None:
        assert scores([0], shrinkage=0.0) == pytest.approx([0, 2 / sqrt(2 * 2), 1 / sqrt(2 * 2)])

    def test_shrinkage_holds_back_what_few_shoppers_share(self) -> None:
        assert scores([0], shrinkage=2.0) == pytest.approx([0, 2 / (2 + 2), 1 / (2 + 2)])

    def test_older_entries_of_the_history_fade_and_add_up(self) -> None:
        assert scores([0, 2], shrinkage=0.0, history_fading=0.5) == pytest.approx([0.5, 0.5 + 0.5 * 1, 0.5 * 0.5])

    def test_an_item_can_count_as_its_own_neighbour(self) -> None:
        assert scores([0, 0], shrinkage=0.0, history_fading=0.5, itself=3.0)[0] == pytest.approx(3 * (1 + 0.5))

    def test_taking_an_item_twice_makes_no_second_shopper(self) -> None:
        twice = sequence_data([0, 1, 1], [0, 1, 2], [2], n_items=3)
        similar = [ItemKNN().fit(data, SideInformation()).learned["similarity"] for data in (TRAINING, twice)]
        assert similar[0].toarray().tolist() == similar[1].toarray().tolist()

    def test_only_the_nearest_are_kept(self) -> None:
        assert scores([0], neighbours=1, shrinkage=0.0) == pytest.approx([0, 1, 0])

    def test_no_history_gives_no_opinion(self) -> None:
        assert scores([]) == [0, 0, 0]

    def test_counting_block_by_block_changes_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        at_once = ItemKNN().fit(TRAINING, SideInformation()).learned["similarity"].toarray()
        monkeypatch.setattr(item_knn, "PAIRS_AT_ONCE", 1)
        in_blocks = ItemKNN().fit(TRAINING, SideInformation()).learned["similarity"].toarray()
        assert in_blocks.tolist() == at_once.tolist()

    @pytest.mark.parametrize(
        "wrong",
        [
            {"neighbours": 0},
            {"shrinkage": -1.0},
            {"shrinkage": float("nan")},
            {"neighbours": 2.5},
            {"history_fading": True},
        ],
    )
    def test_a_setting_out_of_range_is_refused(self, wrong: dict[str, float]) -> None:
        with pytest.raises(SettingsError, match="the default is"):
            ItemKNN(**wrong)


def test_the_strongest_of_a_row_are_kept_and_ties_go_to_the_smaller_column() -> None:
    matrix = sparse.csr_array(np.array([[1, 3, 2, 3], [0, 0, 0, 0], [5, 5, 5, 0], [-1, 0, 0, 2]], np.float32))
    expected = [[0, 3, 0, 3], [0, 0, 0, 0], [5, 5, 0, 0], [0, 0, 0, 2]]
    assert strongest_per_row(matrix, 2).toarray().tolist() == expected
