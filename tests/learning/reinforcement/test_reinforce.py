"""The top-k off-policy correction against counting all pages, and a policy that learns from another's log."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from recsys.learning.reinforcement.experience import LAST, Experience
from recsys.learning.reinforcement.policies import drawn, first_logits
from recsys.learning.reinforcement.reinforce import Ascent, Reinforce, top_k
from recsys.learning.reinforcement.seeing import Goods, Watching
from recsys.schema import Floats

N, K = 4, 2
RNG = np.random.default_rng(1)


def chances(logits: Floats) -> Floats:
    return np.asarray(np.exp(logits) / np.exp(logits).sum(), np.float64)


def reached(logits: Floats, rewards: Floats) -> float:
    """Expected reward of a page of K draws in which each product that is there counts once: all N ** K counted."""
    pi = chances(logits)
    return sum(
        float(np.prod(pi[list(page)])) * float(sum(rewards[item] for item in set(page)))
        for page in product(range(N), repeat=K)
    )


def test_the_correction_gives_the_gradient_of_being_among_the_k() -> None:
    """Over a log of beta, E[pi / beta * lambda_K * r * grad log pi] is the gradient of what a page of K brings."""
    logits, rewards = RNG.normal(size=N), RNG.random(N)
    pi, beta = chances(logits), chances(RNG.normal(size=N))
    grad_log = np.eye(N) - pi  # of log pi(a) in the logits, a row an a
    weights = beta * (pi / beta) * top_k(pi, K) * rewards
    by_formula = weights @ grad_log
    step = 1e-5
    by_counting = [
        (reached(logits + step * one, rewards) - reached(logits - step * one, rewards)) / (2 * step)
        for one in np.eye(N)
    ]
    assert by_formula == pytest.approx(by_counting, abs=1e-6)


def test_one_of_one_is_not_corrected() -> None:
    assert top_k(np.array([0.1, 0.9]), 1).tolist() == [1.0, 1.0]


def test_draws_come_with_their_chances() -> None:
    logits = np.log(np.array([[0.5, 0.3, 0.2, 0.0001]])).astype(np.float32).repeat(4_000, axis=0)
    free = np.array([[True, True, True, False]]).repeat(4_000, axis=0)
    slates, logs = drawn(logits, free, 2, np.random.default_rng(0))
    assert not (slates == 3).any()
    assert np.mean(slates[:, 0] == 0) == pytest.approx(0.5, abs=0.03)
    assert np.exp(logs[slates[:, 0] == 1, 0]) == pytest.approx(0.3, abs=1e-3)


def test_it_learns_from_a_log_that_others_made_what_they_rarely_showed() -> None:
    goods = Goods(np.eye(N, dtype=np.float32), np.array([2.0, 1.0, 0.0, -1.0], np.float32))
    pages, lanes = 3_000, np.arange(3_000, dtype=np.int32)
    seen = Watching(goods, pages).see(lanes)
    slates, logs = drawn(first_logits(seen), seen.free, K, RNG)
    strengths = (slates == 3).astype(np.float32)  # only the least popular one is ever taken
    after = np.full(pages, LAST)
    log = Experience(seen.features.astype(np.float16), seen.state, seen.free, slates, strengths, logs, after)
    agent = Reinforce(goods, K, Ascent(), seed=0)
    assert 3 not in agent.slates(Watching(goods, 1).see(lanes[:1]), K)[0]
    for _ in range(3):
        agent.learn(log)
    assert agent.slates(Watching(goods, 1).see(lanes[:1]), K)[0, 0] == 3
