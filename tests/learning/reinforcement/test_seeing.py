"""What is known of many people at once is what the linear bandits know of each."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.learning.bandits import LinUCB
from recsys.learning.learners import Page
from recsys.learning.reinforcement.policies import Linear
from recsys.learning.reinforcement.seeing import STATE, Goods, Watching, looked_at
from recsys.learning.space import centred

N, K, PEOPLE = 30, 5, 3
RNG = np.random.default_rng(2)
GOODS = Goods(centred(RNG.normal(size=(N, 8)).astype(np.float32)), RNG.normal(size=N).astype(np.float32))
LANES = np.arange(PEOPLE, dtype=np.int32)
STRENGTH = {0: (), 1: ("click",), 2: ("click", "like")}


def test_the_scores_are_those_of_the_bandit_that_learned_from_the_same_pages() -> None:
    watching, bandit = Watching(GOODS, PEOPLE), LinUCB(GOODS.vectors, GOODS.popular, 8.0, 0.2)
    for _ in range(4):
        slates = np.stack([RNG.permutation(N)[:K] for _ in LANES]).astype(np.int32)
        acts = [[STRENGTH[int(RNG.integers(3))] for _ in range(K)] for _ in LANES]
        pages = [Page(slate, tuple(did)) for slate, did in zip(slates, acts, strict=True)]
        for who, page in enumerate(pages):
            bandit.learn(who, page)
        watching.take_in(LANES, slates, np.stack([page.strengths for page in pages]))
    watching.visit_over(LANES)  # everything may be shown again
    seen = watching.see(LANES)
    scores = GOODS.popular + 8.0 * (seen.feature("expected") + 0.2 * seen.feature("unsure"))
    for who in range(PEOPLE):
        assert scores[who] == pytest.approx(bandit.scores(who), abs=1e-3)
    best = np.argsort(-bandit.scores(0))[:K]
    assert Linear(8.0, 0.2).slates(seen, K)[0].tolist() == best.tolist()


def test_what_stands_above_the_last_act_was_looked_at() -> None:
    strengths = np.array([[0, 0.3, 0, 1, 0], [0, 0, 0, 0, 0]], np.float32)
    assert looked_at(strengths).tolist() == [[True, True, True, True, False], [False] * 5]


def test_a_visit_shows_nothing_twice_and_the_next_one_may() -> None:
    watching = Watching(GOODS, PEOPLE)
    slates = np.tile(np.arange(K, dtype=np.int32), (PEOPLE, 1))
    watching.take_in(LANES, slates, np.zeros((PEOPLE, K), np.float32))
    assert not watching.see(LANES).free[:, :K].any()
    watching.visit_over(LANES[:1])
    seen = watching.see(LANES)
    assert seen.free[0].all()
    assert seen.feature("shown_before")[0, :K].all()
    assert not seen.free[1, :K].any()


def test_the_state_counts_pages_visits_and_acts() -> None:
    watching = Watching(GOODS, 1)
    lane = LANES[:1]
    for strength in (0.0, 0.0, 1.0):
        slates = np.flatnonzero(watching.see(lane).free[0])[None, :K].astype(np.int32)
        watching.take_in(lane, slates, np.full((1, K), strength, np.float32))
    state = dict(zip(STATE, watching.see(lane).state[0].tolist(), strict=True))
    assert state["page"] == pytest.approx(0.3)
    assert state["acting"] == pytest.approx(1 / 3)
    assert state["idle"] == 0
