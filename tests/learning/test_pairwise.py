"""Steps on a pairwise loss, against gradients worked out by hand, and what may not happen to a taste."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from recsys.errors import BadRequestError
from recsys.learning.learners import Page
from recsys.learning.pairwise import (
    FIRST,
    MOST_AWAY,
    MOST_ITEMS,
    MOST_MOVED,
    MOST_PEOPLE,
    OWN,
    Moving,
    Pace,
    Pairwise,
    Taste,
    fits,
    moved,
)
from recsys.schema import Floats, Rows

VECTORS = np.eye(4, dtype=np.float32)
NOBODY = np.empty(0, np.int32)


def rows(*items: int) -> Rows:
    return np.array(items, np.int32)


def page(items: list[int], **acts: str) -> Page:
    return Page(rows(*items), tuple(tuple(acts.get(f"p{item}", "").split()) for item in items))


def test_the_first_step_is_adagrads() -> None:
    after = moved(Taste.begun(4), 0, rows(1, 2), 1.0, VECTORS, Pace(0.1))
    gradient = 0.5 * np.array([1.0, -0.5, -0.5, 0.0])  # sigmoid(0) of v_0 less the mean of v_1 and v_2
    assert after.squares == pytest.approx(FIRST + gradient**2)
    assert after.vector == pytest.approx(0.1 * gradient / np.sqrt(FIRST + gradient**2))
    assert after.own == {0: pytest.approx(OWN * 0.1 * 0.5)}
    assert after.acts == 1


def test_the_step_goes_down_the_loss() -> None:
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(20, 8)).astype(np.float32)
    taste = Taste.begun(8)

    def loss(now: Taste) -> float:
        margin = float(now.vector @ (vectors[3] - vectors[[5, 6]].mean(axis=0))) + now.own.get(3, 0.0)
        return float(np.log1p(np.exp(-margin)))

    losses = [loss(taste)]
    for _ in range(5):
        taste = moved(taste, 3, rows(5, 6), 1.0, vectors, Pace(0.05))
        losses.append(loss(taste))
    assert all(later < earlier for earlier, later in pairwise(losses))


def test_a_dislike_moves_the_other_way() -> None:
    liked, turned_down = (moved(Taste.begun(4), 0, NOBODY, strength, VECTORS, Pace()) for strength in (1.0, -1.0))
    assert turned_down.vector == pytest.approx(-liked.vector)
    assert turned_down.own[0] == pytest.approx(-liked.own[0])


def test_a_like_and_a_dislike_of_the_same_end_near_where_they_began() -> None:
    taste = moved(Taste.begun(4), 0, NOBODY, 1.0, VECTORS, Pace())
    assert abs(float(moved(taste, 0, NOBODY, -1.0, VECTORS, Pace()).vector[0])) < 0.5 * float(taste.vector[0])


def test_what_is_learned_fades_where_that_is_wished() -> None:
    taste = moved(Taste.begun(4), 0, NOBODY, 1.0, VECTORS, Pace())
    later = moved(taste, 1, NOBODY, 1.0, VECTORS, Pace(kept=0.5))
    assert later.vector[0] == pytest.approx(0.5 * taste.vector[0])
    assert later.own[0] == pytest.approx(0.5 * taste.own[0])


def test_a_step_that_gives_no_number_is_refused_and_nothing_is_lost() -> None:
    broken = VECTORS.copy()
    broken[2, 0] = np.nan
    learner = Pairwise(broken, np.zeros(4, np.float32), 1.0)
    learner.learn(0, page([0, 1], p0="like"))
    before = learner.taste(0)
    with pytest.raises(BadRequestError, match="gave no number"):
        learner.learn(0, page([1, 2], p1="like", p2="like"))
    assert learner.taste(0) is before


@pytest.mark.parametrize("step", [0.0, -1.0, np.nan, np.inf, 11.0])
def test_a_pace_that_cannot_be_is_refused(step: float) -> None:
    with pytest.raises(BadRequestError, match="allowed"):
        Pace(step)


def test_what_is_remembered_of_one_person_is_bounded() -> None:
    taste, vectors = Taste.begun(2), np.ones((MOST_ITEMS + 5, 2), np.float32)
    for item in range(MOST_ITEMS + 5):
        taste = moved(taste, item, NOBODY, 1.0, vectors, Pace())
    assert len(taste.own) == MOST_ITEMS
    assert min(taste.own) == 5


def test_people_are_bounded_too() -> None:
    learner = Pairwise(VECTORS, np.zeros(4, np.float32), 1.0)
    for who in range(MOST_PEOPLE + 1):
        learner.learn(who, page([0], p0="like"))
    assert learner.taste(0).acts == 0
    assert learner.taste(1).acts == 1


def test_nobody_learns_from_another() -> None:
    learner = Pairwise(VECTORS, np.arange(4, dtype=np.float32), 1.0)
    learner.learn(0, page([0, 1], p0="like"))
    assert learner.scores(1).tolist() == [0, 1, 2, 3]
    assert learner.scores(0)[0] > 0


def test_a_page_on_which_nothing_was_done_teaches_nothing() -> None:
    learner = Pairwise(VECTORS, np.zeros(4, np.float32), 1.0)
    learner.learn(0, page([0, 1, 2]))
    assert learner.taste(0).acts == 0


MOVES = Pace(0.1, items=0.05)


def test_a_product_moves_down_the_loss_by_a_step_of_adagrad() -> None:
    before = moved(Taste.begun(4), 0, rows(1, 2), 1.0, VECTORS, Pace(0.1))
    after = moved(before, 3, rows(1, 2), 1.0, VECTORS, MOVES)
    u = before.vector
    pull = 1.0 / (1.0 + np.exp(float(u @ (VECTORS[3] - VECTORS[[1, 2]].mean(axis=0)))))
    for row, share in ((3, 1.0), (1, -0.5), (2, -0.5)):
        gradient = pull * share * u
        expected = 0.05 * gradient / np.sqrt(FIRST + np.square(gradient).mean())
        assert after.shifted is not None
        assert after.shifted.at(rows(row))[0] == pytest.approx(expected, rel=1e-5)
    assert after.at(rows(0, 3), VECTORS)[0] == pytest.approx(VECTORS[0])  # that nothing was done with


def test_products_that_move_lower_the_loss_further_than_a_taste_alone() -> None:
    rng = np.random.default_rng(3)
    vectors = rng.normal(size=(20, 8)).astype(np.float32)

    def margin(pace: Pace) -> float:
        taste = Taste.begun(8)
        for _ in range(5):
            taste = moved(taste, 3, rows(5, 6), 1.0, vectors, pace)
        fit = fits(taste, vectors)
        return float(fit[3] - fit[[5, 6]].mean())

    assert margin(MOVES) > margin(Pace(0.1))


def test_what_is_turned_down_goes_away_from_the_taste() -> None:
    taste = moved(Taste.begun(4), 0, NOBODY, 1.0, VECTORS, MOVES)
    for strength, way in ((1.0, 1), (-1.0, -1)):
        after = moved(taste, 1, NOBODY, strength, VECTORS, MOVES).shifted
        assert after is not None
        assert np.sign(after.at(rows(1))[0] @ taste.vector) == way


def test_products_are_drawn_back_to_where_they_came_from() -> None:
    taste = moved(moved(Taste.begun(4), 0, NOBODY, 1.0, VECTORS, MOVES), 0, NOBODY, 1.0, VECTORS, MOVES)
    later = moved(taste, 1, NOBODY, 1.0, VECTORS, Pace(0.1, kept=0.5, items=0.05))
    assert taste.shifted is not None
    assert later.shifted is not None
    assert np.abs(taste.shifted.at(rows(0))).max() > 0
    assert later.shifted.at(rows(0)) == pytest.approx(0.5 * taste.shifted.at(rows(0)))


def test_how_many_products_move_and_how_far_is_bounded() -> None:
    many = np.ones((MOST_MOVED + 9, 2), np.float32)
    taste = Taste.begun(2)
    for item in range(len(many)):
        taste = moved(taste, item, NOBODY, 1.0, many, MOVES)
    assert taste.shifted is not None
    assert taste.shifted.rows.tolist() == list(range(9, MOST_MOVED + 9))
    for _ in range(50):
        taste = moved(taste, 0, rows(1), 1.0, many + np.eye(len(many), 2, dtype=np.float32), Pace(1.0, items=10.0))
    assert float(np.linalg.norm(taste.shifted.by, axis=1).max()) <= MOST_AWAY + 1e-5


def test_a_product_that_stays_leaves_everything_as_it_was() -> None:
    assert moved(Taste.begun(4), 0, rows(1), 1.0, VECTORS, Pace()).shifted is None


def test_a_move_that_gives_no_number_is_refused_and_nothing_is_lost() -> None:
    broken = VECTORS.copy()
    broken[2, 0] = np.inf
    learner = Moving(broken, np.zeros(4, np.float32), 1.0, MOVES)
    learner.learn(0, page([0, 1], p0="like", p1="like"))
    before = learner.taste(0)
    with pytest.raises(BadRequestError, match="gave no number"):
        learner.learn(0, page([1, 2], p1="like", p2="like"))
    assert learner.taste(0) is before
    assert before.shifted is not None
    assert len(before.shifted)


@pytest.mark.parametrize("items", [-0.1, np.nan, 11.0])
def test_a_step_of_products_that_cannot_be_is_refused(items: float) -> None:
    with pytest.raises(BadRequestError, match="allowed"):
        Pace(items=items)


acted = some.lists(
    some.sampled_from(["", "click", "like", "click like", "dislike", "basket buy"]), min_size=1, max_size=8
)


@settings(max_examples=60, deadline=None)
@given(some.lists(acted, max_size=12), some.floats(1e-3, 10), some.floats(0.01, 1))
def test_whatever_is_done_the_scores_stay_numbers(pages: list[list[str]], step: float, kept: float) -> None:
    rng = np.random.default_rng(1)
    vectors: Floats = rng.normal(size=(30, 5)).astype(np.float32)
    learner = Moving(vectors, np.zeros(30, np.float32), 2.0, Pace(step, kept, step))
    for done in pages:
        items = rng.choice(30, len(done), replace=False).tolist()
        learner.learn(0, Page(rows(*items), tuple(tuple(each.split()) for each in done)))
    assert np.isfinite(learner.scores(0)).all()
