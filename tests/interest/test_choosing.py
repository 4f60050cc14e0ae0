"""Questions that tell most tell more, answers move the weights the right way, and tastes leave out what is common."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from recsys.interest.choosing import OFFERED, Choosing, Tasted, nearest_to, well_known


def corners() -> Choosing:
    """Eight products; shoppers like one of the first two pairs, and all of them the last four alike."""
    near = np.full((4, 8), 0.5)
    near[:2, :2], near[:2, 2:4] = 0.9, 0.1
    near[2:, :2], near[2:, 2:4] = 0.1, 0.9
    return Choosing(np.arange(8, dtype=np.int32), near, np.arange(4, dtype=np.int32))


def test_the_question_is_about_what_tastes_differ_in() -> None:
    question = corners().question(corners().begun)
    assert {0, 1} & set(question)
    assert {2, 3} & set(question)
    assert len(set(question)) == OFFERED


def test_an_answer_makes_those_likelier_who_would_give_it() -> None:
    choosing = corners()
    after = choosing.after(choosing.begun, (0, 2, 4, 5), 2)
    assert after.sum() == pytest.approx(1)
    assert after[2:].sum() > 0.95


def test_no_product_is_asked_about_twice_and_the_last_question_is_the_last() -> None:
    choosing = corners()
    first = choosing.question(choosing.begun)
    second = choosing.question(choosing.begun, first)
    assert not set(first) & set(second)
    assert choosing.question(choosing.begun, [*first, *second]) == ()


def test_the_simple_way_asks_about_the_best_known() -> None:
    pool = np.array([9, 4, 7, 1, 3, 2, 8, 6, 5], np.int32)
    assert well_known(pool, ()) == (0, 1, 2, 3)
    assert well_known(pool, (0, 1, 2, 3)) == (4, 5, 6, 7)
    assert well_known(pool, tuple(range(8))) == ()


def test_the_pool_holds_the_best_known_product_of_each_group() -> None:
    vectors = np.repeat(np.eye(5, dtype=np.float32), 2, axis=0)
    counts = np.array([1, 9, 8, 1, 7, 1, 1, 6, 0, 5], np.float32)
    choosing = Choosing.of(vectors, counts, np.eye(5, dtype=np.float32))
    assert choosing.pool.tolist() == [1, 2, 4, 7, 9]


def test_without_purchases_or_people_nothing_is_asked() -> None:
    vectors = np.eye(6, dtype=np.float32)
    assert Choosing.of(vectors, np.zeros(6, np.float32), vectors).question(np.ones(6) / 6) == ()
    nobody = Choosing.of(vectors, np.ones(6, np.float32), np.empty((0, 6), np.float32))
    assert nobody.question(nobody.begun) == ()


def test_words_make_the_nearest_tastes_likeliest() -> None:
    weights = nearest_to(np.eye(3, dtype=np.float32), np.array([0, 1, 0], np.float32))
    assert weights.argmax() == 1
    assert weights.sum() == pytest.approx(1)


def test_tastes_are_of_length_one_without_what_is_common_and_zero_of_nobody() -> None:
    took = sparse.csr_array(np.array([[1, 1, 0], [1, 0, 1], [0, 0, 0]], np.float32))
    tasted = Tasted.of(took, np.eye(3, dtype=np.float32))
    assert np.linalg.norm(tasted.profiles, axis=1).tolist() == pytest.approx([1, 1, 0])
    assert tasted.profiles[0, 1] > tasted.profiles[0, 0]  # the first product is everybody's
