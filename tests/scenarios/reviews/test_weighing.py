"""A sentence is judged by its heads and by the stars beside it, and is sure where they agree."""

from __future__ import annotations

import numpy as np

from recsys.scenarios.reviews import weighing

ONCE = np.arange(4)


def phrases(n: int = 600) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(truth (12,), place, owner, stars): reviews of three sentences each, whose stars follow from their moods."""
    chance = np.random.default_rng(0)
    truth = np.linspace(-0.9, 0.9, 12)
    place = chance.integers(0, 12, 3 * n)
    owner = np.repeat(np.arange(n), 3)
    stars = np.clip(3 + 2 * truth[place].reshape(n, 3).mean(axis=1) + chance.normal(0, 0.3, n), 1, 5)
    return truth, place, owner, stars


def test_the_stars_beside_a_phrase_overrule_heads_that_are_wrong() -> None:
    truth, place, owner, stars = phrases()
    wrong = -truth
    found = weighing.by_stars(wrong, wrong, place, owner, stars)
    assert np.abs(found.mood - truth).max() < 0.2
    assert found.sure.all()


def test_a_sentence_that_stands_once_is_judged_by_the_heads() -> None:
    truth, place, owner, stars = phrases()
    place = np.append(place, 12)
    owner, stars = np.append(owner, 600), np.append(stars, 1.0)
    own, other = np.append(truth, 0.9), np.append(truth, 0.7)
    found = weighing.by_stars(own, other, place, owner, stars)
    assert found.mood[12] < 0.8
    assert weighing.by_stars(own, np.append(truth, -0.7), place, owner, stars).sure[12] == False  # noqa: E712


def test_where_few_have_stars_the_heads_alone_judge() -> None:
    own, other = np.array([0.8, -0.8, 0.8, 0.1]), np.array([0.4, -0.4, -0.4, 0.1])
    found = weighing.by_stars(own, other, ONCE, ONCE, np.array([5.0, 1.0, np.nan, 4.0]))
    assert np.allclose(found.mood, (own + other) / 2)
    assert found.sure.tolist() == [True, True, False, True]


def test_the_careful_head_is_asked_about_the_most_wanted() -> None:
    asked: list[int] = []

    def careful(rows: np.ndarray) -> np.ndarray:
        asked.extend(rows.tolist())
        return np.full(len(rows), 0.3)

    m = weighing.ASKED + 10
    quick = np.where(np.arange(m) % 2, 0.6, -0.6)
    found = weighing.by_the_careful(quick, np.arange(m, dtype=float), careful)
    assert asked == list(range(10, m))
    assert (found.mood[10:] == 0.3).all()
    assert (found.mood[:10] == quick[:10]).all()
    assert not found.sure[:10].any()
    assert (found.sure[10:] == (quick[10:] > 0)).all()  # weakly told against the quick head: not sure


def test_without_a_careful_head_only_plain_words_are_sure() -> None:
    found = weighing.by_the_careful(np.array([0.9, -0.9, 0.2]), np.zeros(3), None)
    assert found.sure.tolist() == [True, True, False]


def test_what_the_careful_head_knows_no_better_it_is_not_asked_about() -> None:
    asked: list[int] = []

    def careful(rows: np.ndarray) -> np.ndarray:
        asked.extend(rows.tolist())
        return np.full(len(rows), -0.2)

    found = weighing.by_the_careful(np.array([0.9, 0.2, 0.9]), np.array([np.nan, np.nan, 1.0]), careful)
    assert asked == [2]
    assert found.sure.tolist() == [True, False, False]
    assert found.careful.tolist() == [False, False, True]
    assert found.mood.tolist() == [0.9, 0.2, -0.2]


def test_what_words_are_worth_rises_with_them_and_the_middle_is_the_middle() -> None:
    told = np.repeat([-1.0, -0.9, 1.0], 30)
    stars = np.repeat([1.0, 3.0, 5.0], 30)
    assert weighing.as_stars(told, stars)[[0, 30, 60]].tolist() == [-1.0, 0.0, 1.0]
    some = weighing.as_stars(np.append(told, 2.0), np.append(stars, np.nan))
    assert some[-1] == 1.0


def test_what_one_kind_of_reviews_taught_is_sure_where_it_is_plain_and_others_saw_its_side() -> None:
    mood = np.array([0.9, -0.9, 0.9, 0.2, -0.9])
    seen = weighing.Weighed(
        np.array([0.6, 0.8, 0.6, 0.9, -0.6]), np.array([True, True, False, True, True]), ONCE > 9, mood
    )
    found = weighing.witnessed(mood, seen)
    assert found.sure.tolist() == [True, False, False, False, True]
    assert found.mood.tolist() == mood.tolist()
