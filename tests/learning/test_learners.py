"""Pages, and every learner by one contract: it gets to know a person whose taste is known by construction."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from recsys.errors import BadRequestError
from recsys.learning.bandits import EpsilonGreedy, LinearThompson, LinUCB
from recsys.learning.learners import Frozen, Learner, Page, Rocchio
from recsys.learning.neural import NeuralThompson
from recsys.learning.pairwise import Moving, Pace, Pairwise
from recsys.learning.space import centred, reduced, standardised
from recsys.learning.vowpal import VowpalWabbit, is_there
from recsys.schema import Floats

N = 200
RNG = np.random.default_rng(7)
VECTORS: Floats = centred(RNG.normal(size=(N, 16)).astype(np.float32))
POPULAR: Floats = standardised(RNG.poisson(3, N).astype(np.float32))
LIKED = VECTORS[0]  # this person likes what is like product 0

LEARNERS: dict[str, Callable[[], Learner]] = {
    "frozen": lambda: Frozen(POPULAR),
    "feedback": lambda: Rocchio(VECTORS, POPULAR, 1.0),
    "pairwise": lambda: Pairwise(VECTORS, POPULAR, 2.0),
    "moving": lambda: Moving(VECTORS, POPULAR, 2.0, Pace(items=0.05)),
    "epsilon": lambda: EpsilonGreedy(Pairwise(VECTORS, POPULAR, 2.0), 0.1, 10, 3),
    "linucb": lambda: LinUCB(VECTORS, POPULAR, 4.0, 0.1),
    "thompson": lambda: LinearThompson(VECTORS, POPULAR, 4.0, 0.05, 3),
    "neural": lambda: NeuralThompson(VECTORS, POPULAR, 4.0, 0.05, 3),
    **({"vowpal": lambda: VowpalWabbit(VECTORS, POPULAR, 1.0, 0.5)} if is_there() else {}),
}


def shown_to_the_one(learner: Learner, pages: int, who: int = 0) -> None:
    """This many pages, on which the one likes what is near to product 0."""
    for _ in range(pages):
        items = np.argsort(-learner.scores(who), kind="stable")[:10].astype(np.int32)
        learner.learn(who, Page(items, tuple(("like",) if VECTORS[i] @ LIKED > 0.2 else () for i in items.tolist())))


def nearness(learner: Learner, who: int = 0) -> float:
    top = np.argsort(-learner.scores(who))[:10]
    return float((VECTORS[top] @ LIKED).mean())


@pytest.mark.parametrize("name", LEARNERS)
def test_scores_are_a_finite_number_for_every_product(name: str) -> None:
    learner = LEARNERS[name]()
    shown_to_the_one(learner, 3)
    scores = learner.scores(0)
    assert scores.shape == (N,)
    assert scores.dtype == np.float32
    assert np.isfinite(scores).all()
    assert learner.name == name
    assert learner.label


@pytest.mark.parametrize("name", [name for name in LEARNERS if name != "frozen"])
def test_a_taste_is_found_that_is_there(name: str) -> None:
    learner = LEARNERS[name]()
    before = nearness(Frozen(POPULAR))
    shown_to_the_one(learner, 15)
    assert nearness(learner) > before + 0.15


@pytest.mark.parametrize("name", LEARNERS)
def test_another_person_is_served_as_before(name: str) -> None:
    learner, fresh = LEARNERS[name](), LEARNERS[name]()
    expected = fresh.scores(1)
    learner.learn(0, Page(np.array([3, 4], np.int32), (("like",), ("dislike",))))
    assert np.array_equal(learner.scores(1), expected)


def test_what_never_learns_never_changes() -> None:
    learner = Frozen(POPULAR)
    shown_to_the_one(learner, 3)
    assert learner.scores(0) is POPULAR


def test_only_what_stands_above_the_last_act_was_passed_by() -> None:
    page = Page(np.array([5, 6, 7, 8], np.int32), ((), ("click", "like"), (), ()))
    assert page.passed.tolist() == [5]
    assert page.interactions == 2
    assert page.strengths.tolist() == pytest.approx([0, 1.3, 0, 0])
    assert Page(np.array([5], np.int32), ((),)).passed.tolist() == []


def test_a_page_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="2 products"):
        Page(np.array([5, 6], np.int32), ((),))
    with pytest.raises(BadRequestError, match="'stare'"):
        Page(np.array([5], np.int32), (("stare",),))


def test_the_ridge_of_a_bandit_is_the_regression_itself() -> None:
    learner = LinUCB(VECTORS, np.zeros(N, np.float32), 1.0, 0.0)
    items = np.array([3, 9, 12, 40], np.int32)
    learner.learn(0, Page(items, (("click",), (), ("like",), ())))
    seen, rewards = VECTORS[[3, 9, 12]].astype(np.float64), np.array([0.3, 0.0, 1.0])
    theta = np.linalg.solve(np.eye(16) + seen.T @ seen, seen.T @ rewards)
    assert learner.scores(0) == pytest.approx(VECTORS @ theta, abs=1e-5)


def test_less_is_unsure_after_it_was_looked_at() -> None:
    learner = LinUCB(VECTORS, np.zeros(N, np.float32), 1.0, 1.0)
    before = learner.scores(0)
    learner.learn(0, Page(np.array([3, 4], np.int32), ((), ("dislike",))))
    assert learner.scores(0)[3] < before[3]


def test_a_place_by_chance_goes_to_any_product() -> None:
    greedy = EpsilonGreedy(Frozen(POPULAR), 1.0, 10, 0)
    best = set(np.argsort(-POPULAR)[:10].tolist())
    assert len(best & set(np.argsort(-greedy.scores(0))[:10].tolist())) < 5
    never = EpsilonGreedy(Frozen(POPULAR), 0.0, 10, 0)
    assert np.array_equal(never.scores(0), POPULAR)


def test_vectors_lose_what_all_share() -> None:
    cone = RNG.normal(size=(50, 8)).astype(np.float32) + 10
    found = centred(cone)
    assert np.linalg.norm(found, axis=1) == pytest.approx(1)
    assert abs(float((found @ found.T).mean())) < 0.1
    assert centred(np.ones((3, 4), np.float32)).tolist() == np.zeros((3, 4)).tolist()
    assert reduced(found, 3).shape == (50, 3)
    assert reduced(found, 9) is found
    assert standardised(np.zeros(4, np.float32)).tolist() == [0, 0, 0, 0]
