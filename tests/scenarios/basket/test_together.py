"""Lift, confidence and what few visits can bear out, against arithmetic that a reader can redo."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from recsys.scenarios.basket.baskets import Baskets, grouped
from recsys.scenarios.basket.relations import complements, substitutes
from recsys.scenarios.basket.together import Together, largest, summed
from recsys.scenarios.basket.vectors import basket_vectors
from tests.scenarios.basket.made_up import GROUPS, OTHER_SAUCE, PASTA, SAUCE, SHOPPERS, SOAP, SPONGE, VISITS, N, table

FIVE = sparse.csr_array(np.array([[1, 1, 0], [1, 1, 0], [1, 0, 1], [0, 0, 1], [1, 1, 1]], np.float32))


def test_lift_and_confidence_are_those_of_the_definition() -> None:
    together = Together.counted(FIVE, least=1)
    assert together.each.tolist() == [4, 3, 3]
    assert together.both.toarray().tolist() == [[0, 3, 2], [3, 0, 1], [2, 1, 0]]
    assert together.lifts(1)[0, 1] == pytest.approx(3 / (4 * 3 / 5))
    assert together.confidences(1)[0, 1] == pytest.approx(3 / 4)
    assert together.confidences(1)[1, 0] == pytest.approx(3 / 3)


def test_pairs_below_the_support_say_nothing() -> None:
    assert Together.counted(FIVE, least=2).both[1, 2] == 0
    assert Together.counted(FIVE, least=1).lifts(3).nnz == 2  # the one pair of three visits, in both orders
    with pytest.raises(ValueError, match="least=0"):
        Together.counted(FIVE, least=0)


def test_evidence_is_the_logarithm_of_the_shrunken_lift_where_that_is_above_chance() -> None:
    together = Together.counted(FIVE, least=1)
    assert together.evidence()[0, 1] == pytest.approx(np.log((3 + 1) / (2.4 + 1)), rel=1e-5)
    assert together.evidence()[0, 2] == 0  # 2 visits where 2.4 are expected


def test_the_posterior_of_a_lift_is_wide_for_few_visits_and_narrow_for_many() -> None:
    many = Together(sparse.csr_array(np.array([[0, 400.0], [400, 0]])), np.array([1000.0, 1000.0]), 5000)
    few = Together(sparse.csr_array(np.array([[0, 4.0], [4, 0]])), np.array([10.0, 10.0]), 50)
    other = np.array([1], np.int32)
    (count, low, high), (_, low_few, high_few) = many.bounds(0, other), few.bounds(0, other)
    assert count[0] == 400
    assert low_few[0] < low[0] < 2.0 < high[0] < high_few[0]


def test_rows_are_added_and_compared_and_no_row_is_zeros() -> None:
    matrix = sparse.csr_array(np.array([[0, 1.0, 3], [2, 0, 1], [0, 0, 0]], np.float32))
    rows = np.array([0, 1], np.int32)
    assert summed(matrix, rows).tolist() == [2, 1, 4]
    assert largest(matrix, rows).tolist() == [2, 1, 3]
    assert summed(matrix, rows[:0]).tolist() == largest(matrix, rows[:0]).tolist() == [0, 0, 0]


def test_baskets_are_the_visits_and_groups_are_held_once() -> None:
    baskets = Baskets.of(table())
    assert len(baskets) == SHOPPERS * VISITS
    assert baskets.holds.sum() == len(table().items)
    of_groups = grouped(baskets.holds, GROUPS, 6)
    assert of_groups.max() == 1
    assert of_groups[:, [0]].sum() == baskets.holds[:, [PASTA]].sum()


def test_what_was_planted_is_a_complement_and_the_two_sauces_are_substitutes() -> None:
    histories = table()
    together = Together.counted(Baskets.of(histories).holds)
    assert {each.row for each in complements(together, PASTA, 2)} == {SAUCE, OTHER_SAUCE}
    assert complements(together, SOAP, 1)[0].row == SPONGE
    cosines = np.zeros(N, np.float32)
    cosines[[SAUCE, OTHER_SAUCE]] = 0.9
    nothing = np.zeros(N, np.bool_)
    found = substitutes(together, histories.matrix(), SAUCE, cosines, GROUPS, nothing, 3)
    assert [each.row for each in found] == [OTHER_SAUCE]
    assert found[0].visits == 0
    often = histories.matrix()
    often.data *= 3
    (again,) = substitutes(together, often, SAUCE, cosines, GROUPS, nothing, 3)
    assert again.people == found[0].people <= SHOPPERS  # people, however often they bought
    assert not substitutes(together, histories.matrix(), SAUCE, cosines, GROUPS, ~nothing, 3)


def test_what_is_always_taken_together_is_no_substitute_however_alike() -> None:
    histories = table()
    together = Together.counted(Baskets.of(histories).holds)
    alike = np.full(N, 0.9, np.float32)
    found = substitutes(together, histories.matrix(), PASTA, alike, np.zeros(N, np.int32), np.zeros(N, np.bool_), N)
    rows = {each.row for each in found}
    assert not rows & {PASTA, SAUCE, OTHER_SAUCE}
    assert SOAP in rows


def test_vectors_of_what_is_in_the_same_baskets_point_the_same_way() -> None:
    vectors = basket_vectors(Together.counted(Baskets.of(table()).holds), dimension=8)
    assert vectors.shape == (N, 8)
    assert vectors[SAUCE] @ vectors[OTHER_SAUCE] > vectors[SAUCE] @ vectors[SPONGE]
    nobody = Together.counted(sparse.csr_array((5, N), dtype=np.float32))
    assert not basket_vectors(nobody).any()
