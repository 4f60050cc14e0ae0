"""People tire of the same and of poor pages, leave, and come back, as the world says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from recsys.evaluation.reinforcement.episodes import DISCOUNT, K, lived
from recsys.evaluation.reinforcement.methods import made_by, trained
from recsys.evaluation.reinforcement.world import TIRELESS, Sessions
from recsys.learning.reinforcement.experience import LAST
from recsys.learning.reinforcement.policies import ByChance, ByPopularity, Linear
from recsys.learning.reinforcement.seeing import Seen
from recsys.schema import Rows
from tests.evaluation.reinforcement.small_worlds import LOVED, MARKET, NEVER_TIRED, PEOPLE, SOON_TIRED

ALL = np.arange(PEOPLE, dtype=np.int32)
FIRST = np.arange(K, dtype=np.int32)


class Loved:
    """Always what brings most now."""

    def slates(self, seen: Seen, k: int) -> Rows:
        return np.argsort(~seen.free, axis=1, kind="stable")[:, :k].astype(np.int32)


class Others:
    """Never what is loved."""

    def slates(self, seen: Seen, k: int) -> Rows:
        return (LOVED + np.argsort(~seen.free[:, LOVED:], axis=1, kind="stable")[:, :k]).astype(np.int32)


def test_tiredness_is_the_arithmetic_of_the_world() -> None:
    world = replace(SOON_TIRED, poor=0.5, relief=0.2, pages=100)
    sessions = Sessions(MARKET, world, ALL[:1], 0)
    sessions.show(ALL[:1], FIRST[None])
    assert sessions.tired[0] == 0  # nothing was shown before: 0 - relief, and never below 0
    sessions.show(ALL[:1], FIRST[None] + K)
    same = 8.0 * (1 - 0.3)  # cosine 1 with a fading mean that holds one page
    assert sessions.tired[0] == pytest.approx(same - 0.2)


def test_who_never_tires_stays_for_all_pages_whatever_is_shown() -> None:
    for policy in (Loved(), Others(), ByChance(0)):
        told, _, _ = lived(MARKET, NEVER_TIRED, ALL, made_by(policy), 0)
        assert told.pages.tolist() == [5.0] * PEOPLE
    loved, _, _ = lived(MARKET, NEVER_TIRED, ALL, made_by(Loved()), 0)
    assert loved.value == pytest.approx(sum(10 * DISCOUNT**page for page in range(5)))


def test_the_same_twice_ends_it_and_variety_does_not() -> None:
    loved, _, story = lived(MARKET, SOON_TIRED, ALL, made_by(Loved()), 0)
    others, _, _ = lived(MARKET, SOON_TIRED, ALL, made_by(Others()), 0)
    assert loved.pages.mean() == pytest.approx(2, abs=0.1)
    assert others.pages.mean() > 3
    assert story.pages[-1]["over"]


def test_people_come_back_as_often_as_the_world_says() -> None:
    told, _, _ = lived(MARKET, replace(TIRELESS, leave=1.0, back=1.0, visits=3), ALL, made_by(Loved()), 0)
    assert told.visits.tolist() == [3.0] * PEOPLE
    never, _, _ = lived(MARKET, replace(TIRELESS, leave=1.0, back=0.0), ALL, made_by(Loved()), 0)
    assert never.pages.tolist() == [1.0] * PEOPLE


def test_the_same_seed_tells_the_same_story_and_pages_know_the_next() -> None:
    one, seen, _ = lived(MARKET, SOON_TIRED, ALL, made_by(Linear(1.0)), 3)
    other, _, _ = lived(MARKET, SOON_TIRED, ALL, made_by(Linear(1.0)), 3)
    assert np.array_equal(one.value, other.value)
    assert len(seen) == one.pages.sum()
    assert (seen.after == LAST).sum() == PEOPLE
    assert seen.returns(DISCOUNT)[:PEOPLE] == pytest.approx(one.value, rel=1e-4)  # the first pages of all


def test_where_nobody_tires_greedy_is_best() -> None:
    greedy = list(trained("greedy", {"discount": 0.0}, MARKET, NEVER_TIRED, ALL, 40, 0))[-1][1]
    best = lived(MARKET, NEVER_TIRED, ALL, made_by(Loved()), 9)[0].value.mean()
    assert lived(MARKET, NEVER_TIRED, ALL, made_by(greedy), 9)[0].value.mean() > 0.97 * best
    assert lived(MARKET, NEVER_TIRED, ALL, made_by(ByPopularity()), 9)[0].value.mean() <= best
