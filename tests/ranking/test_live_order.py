"""The learned order of one shopper made again, with some of what they bought left out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recsys.ranking.learned_order import learn
from recsys.ranking.live_order import LiveOrder, without
from recsys.recommenders.contract import SideInformation
from tests.ranking.blend.made import shopping
from tests.ranking.test_learned_order import VISITS, N, bases, opened, ring

NOTHING = np.empty(0, np.int32)


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object]]:
    folder = tmp_path_factory.mktemp("order")
    prices = np.linspace(1, 5, N, dtype=np.float32)
    return folder, learn(bases(), shopping(*ring(), n_items=N), SideInformation(prices=prices), folder)


def live(folder: Path) -> LiveOrder:
    return LiveOrder(folder, lambda: shopping(*ring(), n_items=N))


def test_with_nothing_left_out_it_is_the_shortlist_that_was_made(learned: tuple[Path, dict[str, object]]) -> None:
    lists, again = opened(*learned), live(learned[0])
    for household in range(0, 60, 9):
        kept, made = lists.of(household), again.of(household, NOTHING)
        assert kept is not None
        assert made is not None
        assert made.rows.tolist() == kept.rows.tolist()
        assert all(np.array_equal(made.parts[name], kept.parts[name]) for name in kept.parts)


def test_without_the_last_thing_bought_a_household_stands_one_step_back_on_the_ring(
    learned: tuple[Path, dict[str, object]],
) -> None:
    again = live(learned[0])
    for household in range(0, 60, 9):
        last = 1 + (household + VISITS - 1) % (N - 1)
        made = again.of(household, np.array([last], np.int32))
        assert made is not None
        assert set(made.rows[:2].tolist()) == {0, last}


def test_who_bought_nothing_else_has_no_order(learned: tuple[Path, dict[str, object]]) -> None:
    assert live(learned[0]).of(3, np.arange(N, dtype=np.int32)) is None


def test_where_nothing_was_learned_there_is_no_order(tmp_path: Path) -> None:
    assert not live(tmp_path).there
    assert live(tmp_path).of(3, NOTHING) is None


def test_a_basket_of_which_nothing_is_left_was_never_made() -> None:
    history = shopping([(0, [1]), (7, [2]), (9, [1, 3])], n_items=5)
    left = without(history, np.array([2], np.int32))
    assert left.items.tolist() == [1, 1, 3]
    assert left.baskets.tolist() == [0, 1, 1]
    assert left.days.tolist() == [0, 9, 9]
