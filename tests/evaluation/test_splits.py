"""Nobody sees what is held out, and what is held out is what came next."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recsys.datasets.interactions import Interactions, from_sequences
from recsys.errors import DataError
from recsys.evaluation.splits import Task, cut_in_time, leave_last_out


def sequences(*rows: list[int], n_items: int = 10) -> Interactions:
    return from_sequences([np.array(row, np.int32) for row in rows], n_items)


def dated(*shoppers: list[tuple[int, list[int]]], n_items: int = 10) -> Interactions:
    """Shoppers as lists of (day, basket)."""
    lines = [[(item, number, day) for number, (day, basket) in enumerate(s) for item in basket] for s in shoppers]
    flat = np.array([line for shopper in lines for line in shopper], np.int32).reshape(-1, 3)
    indptr = np.concatenate([[0], np.cumsum([len(shopper) for shopper in lines])]).astype(np.int64)
    return Interactions(indptr, flat[:, 0], flat[:, 1], flat[:, 2], n_items)


def as_lists(histories: Interactions) -> list[list[int]]:
    return [histories.of(shopper).tolist() for shopper in range(len(histories))]


def answers(task: Task) -> list[list[int]]:
    return [np.flatnonzero(row).tolist() for row in task.relevant.toarray()]


def asked(task: Task) -> dict[int, tuple[list[int], list[int]]]:
    """{training row: (history, what was taken)}."""
    lists = zip(as_lists(task.visits.histories), answers(task), strict=True)
    return dict(zip(task.visits.shoppers.tolist(), lists, strict=True))


LONG_AND_SHORT = ([1, 2, 3, 4], [5, 6], [7, 8, 9])


def test_the_last_item_is_the_test_and_the_one_before_it_the_validation() -> None:
    split = leave_last_out(sequences(*LONG_AND_SHORT), refit=False)
    assert asked(split.validation) == {0: ([1, 2], [3]), 2: ([7], [8])}
    assert asked(split.test) == {0: ([1, 2, 3], [4]), 2: ([7, 8], [9])}


def test_under_the_strict_protocol_nothing_is_learned_from_either_task() -> None:
    split = leave_last_out(sequences(*LONG_AND_SHORT), refit=False)
    assert as_lists(split.for_choosing) == as_lists(split.for_testing) == [[1, 2], [5, 6], [7]]


def test_with_refit_the_validation_items_are_learned_from_before_the_test() -> None:
    split = leave_last_out(sequences(*LONG_AND_SHORT), refit=True)
    assert as_lists(split.for_choosing) == [[1, 2], [5, 6], [7]]
    assert as_lists(split.for_testing) == [[1, 2, 3], [5, 6], [7, 8]]


def test_the_day_of_a_visit_is_the_day_of_what_is_asked_for() -> None:
    split = leave_last_out(sequences(*LONG_AND_SHORT), refit=False)
    assert split.validation.visits.days.tolist() == [2, 1]
    assert split.test.visits.days.tolist() == [3, 2]


def test_baskets_are_held_out_whole_and_an_item_counts_once() -> None:
    shopper = [(0, [1, 2]), (5, [3, 3, 1]), (9, [4, 5])]
    split = leave_last_out(dated(shopper, shopper), refit=False)
    assert asked(split.validation)[0] == ([1, 2], [1, 3])
    assert asked(split.test)[0] == ([1, 2, 3, 3, 1], [4, 5])
    assert split.validation.relevant.max() == 1
    assert split.validation.visits.days.tolist() == [5, 5]
    assert split.test.visits.days.tolist() == [9, 9]


def test_more_baskets_can_be_asked_for() -> None:
    split = leave_last_out(sequences([1, 2, 3, 4], [1, 2, 3, 4], [5, 6, 7]), refit=False, needed=4)
    assert split.test.visits.shoppers.tolist() == [0, 1]
    assert as_lists(split.for_choosing) == [[1, 2], [1, 2], [5, 6, 7]]


def test_where_hardly_anybody_has_enough_baskets_the_remedy_is_said() -> None:
    with pytest.raises(DataError, match="1 of 3 shoppers have 3 baskets") as caught:
        leave_last_out(sequences([1, 2], [3, 4, 5], []), refit=False)
    assert caught.value.remedy


def test_the_two_tasks_never_ask_for_the_same_basket() -> None:
    with pytest.raises((DataError, ValueError)):  # one basket cannot be both the validation and the test
        leave_last_out(sequences([1], [2]), refit=False, needed=1)


SHOPPERS = (
    [(0, [1]), (4, [2]), (7, [3, 4])],  # takes something in both windows
    [(1, [5]), (6, [1])],  # in the last window only
    [(3, [2]), (5, [9])],  # in the first window only
    [(7, [5])],  # new in the last window
)


def test_the_last_days_are_the_test_and_as_many_before_them_the_validation() -> None:
    split = cut_in_time(dated(*SHOPPERS), days=2)  # days 0 to 7: validation 4 and 5, test 6 and 7
    assert asked(split.validation) == {0: ([1], [2]), 2: ([2], [9])}
    assert asked(split.test) == {0: ([1, 2], [3, 4]), 1: ([5], [1]), 3: ([], [5])}


def test_each_window_learns_from_all_that_came_before_it_of_everybody() -> None:
    split = cut_in_time(dated(*SHOPPERS), days=2)
    assert as_lists(split.for_choosing) == [[1], [5], [2], []]
    assert as_lists(split.for_testing) == [[1, 2], [5], [2, 9], []]


def test_every_visit_of_a_window_is_on_its_first_day() -> None:
    split = cut_in_time(dated(*SHOPPERS), days=2)
    assert split.validation.visits.days.tolist() == [4, 4]
    assert split.test.visits.days.tolist() == [6, 6, 6]


def test_what_was_taken_twice_in_a_window_is_asked_for_once() -> None:
    twice = [(0, [1]), (1, [2]), (2, [3]), (3, [3])]
    split = cut_in_time(dated(twice, twice, [(4, [1])], [(4, [2])]), days=1)  # test is day 4, validation day 3
    assert split.validation.relevant.toarray().max() == 1


def test_who_took_too_little_in_the_window_is_not_asked() -> None:
    two = [(0, [1]), (2, [2, 3]), (4, [4, 5])]
    one = [(0, [1]), (2, [2]), (4, [4])]
    split = cut_in_time(dated(two, one, two), days=2, needed=2)
    assert split.validation.visits.shoppers.tolist() == [0, 2]
    assert split.test.visits.shoppers.tolist() == [0, 2]


def test_sequences_without_dates_cannot_be_cut_in_time() -> None:
    with pytest.raises(DataError, match="no dates") as caught:
        cut_in_time(sequences([1, 2, 3], [1, 2, 3]), days=1)
    assert "sequences" in caught.value.remedy


@pytest.mark.parametrize("days", [0, -1, 4, 100])
def test_windows_that_leave_nothing_to_learn_from_are_refused(days: int) -> None:
    with pytest.raises(DataError, match="do not fit into 8 days") as caught:
        cut_in_time(dated(*SHOPPERS), days=days)
    assert caught.value.allowed == "1 to 3 days"


def test_a_window_in_which_hardly_anybody_took_anything_is_refused() -> None:
    with pytest.raises(DataError, match="from day 2 to 3"):
        cut_in_time(dated([(0, [1]), (3, [2])], [(0, [1]), (3, [2])]), days=1)


def test_some_of_a_task_is_those_visits_with_their_answers() -> None:
    task = leave_last_out(sequences(*LONG_AND_SHORT), refit=False).test.take(np.array([1], np.int32))
    assert asked(task) == {2: ([7, 8], [9])}


# --- what holds for all splits ------------------------------------------------------------------------------------

items = st.integers(0, 9)
enough = st.lists(items, min_size=3, max_size=7)  # at least two shoppers must be there to be asked
several = st.tuples(enough, enough, st.lists(st.lists(items, max_size=7), max_size=4)).map(
    lambda drawn: [drawn[0], *drawn[2], drawn[1]]
)


@given(several, st.booleans())
def test_history_and_answers_put_together_are_the_sequence(rows: list[list[int]], refit: bool) -> None:
    split = leave_last_out(sequences(*rows), refit=refit)
    for shopper, (history, taken) in asked(split.test).items():
        assert history + taken == rows[shopper]
    for shopper, (history, taken) in asked(split.validation).items():
        assert history + taken == rows[shopper][:-1]
    assert split.test.visits.shoppers.tolist() == [row for row, items in enumerate(rows) if len(items) >= 3]


days = st.lists(st.tuples(st.integers(0, 11), st.lists(items, min_size=1, max_size=3)), max_size=5).map(sorted)
EVERY_DAY = [(day, [day % 10]) for day in range(12)]


@settings(max_examples=40)
@given(st.lists(days, max_size=4), st.integers(1, 5))
def test_nothing_is_learned_from_the_window_or_after_it(drawn: list[list[tuple[int, list[int]]]], length: int) -> None:
    shoppers = [EVERY_DAY, *drawn, EVERY_DAY]
    split = cut_in_time(dated(*shoppers), days=length)
    for training, task, start in (
        (split.for_choosing, split.validation, 12 - 2 * length),
        (split.for_testing, split.test, 12 - length),
    ):
        assert training.days.max() < start
        assert task.visits.histories.days.max() < start
        for shopper, (history, taken) in asked(task).items():
            baskets = shoppers[shopper]
            assert history == [item for day, basket in baskets if day < start for item in basket]
            window = [item for day, basket in baskets if start <= day < start + length for item in basket]
            assert taken == sorted(set(window))
            assert taken
