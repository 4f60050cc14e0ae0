"""Of two products one brings most now and ends it: looking ahead finds the other, looking at now does not."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.learning.reinforcement.experience import LAST, Experience, joined
from recsys.learning.reinforcement.seeing import Goods, Watching
from recsys.learning.reinforcement.slateq import Pace, SlateQ

GOODS = Goods(np.eye(2, dtype=np.float32), np.zeros(2, np.float32))
LASTS, NOW, LATER = 6, 1.0, 0.6  # pages at most; what the product that ends it brings, and the other
RNG = np.random.default_rng(0)
ANYBODY = Watching(GOODS, 1).see(np.zeros(1, np.int32))


def lived(*, ends: bool) -> Experience:
    """One person to whom one product a page is shown by chance; product 0 `ends` it."""
    shown = RNG.integers(0, 2, LASTS)
    stop = int(np.argmax(shown == 0)) + 1 if ends and (shown == 0).any() else LASTS
    shown = shown[:stop].astype(np.int32)
    t = len(shown)
    return Experience(
        np.repeat(ANYBODY.features, t, axis=0).astype(np.float16),
        np.repeat(ANYBODY.state, t, axis=0),
        np.ones((t, 2), np.bool_),
        shown[:, None],
        np.where(shown == 0, NOW, LATER).astype(np.float32)[:, None],
        np.full((t, 1), np.log(0.5), np.float32),
        np.array([*range(1, t), LAST]),
    )


def first_page(discount: float, *, ends: bool) -> int:
    """What is shown after learning from 200 people."""
    agent = SlateQ(GOODS, 1, Pace(discount=discount, rate=1e-2), seed=0)
    log = joined([lived(ends=ends) for _ in range(200)])
    for _ in range(4):
        agent.learn(log)
    return int(agent.slates(ANYBODY, 1)[0, 0])


def test_what_brings_most_now_is_shown_by_who_looks_at_now() -> None:
    assert first_page(0.0, ends=True) == 0


def test_who_looks_ahead_shows_what_lets_the_person_stay() -> None:
    """0.6 and then more is worth more than 1 and nothing."""
    assert first_page(0.9, ends=True) == 1


def test_where_no_page_changes_what_comes_after_both_show_the_same() -> None:
    assert first_page(0.9, ends=False) == first_page(0.0, ends=False) == 0


def test_returns_are_sums_of_what_comes_after() -> None:
    one = lived(ends=False)
    whole = sum(0.5**page * reward for page, reward in enumerate(one.rewards.tolist()))
    assert joined([one, one]).returns(0.5)[LASTS] == pytest.approx(whole)
