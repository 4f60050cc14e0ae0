"""What is cold, who is asked and what is known are those that can be told by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from recsys.datasets.interactions import Interactions, from_sequences
from recsys.errors import DataError
from recsys.evaluation.cold_start.splits import FOLDS, KNOWN, cold_items, cold_shoppers


def dated(histories: list[list[tuple[int, int]]], n_items: int) -> Interactions:
    """Histories of (item, day), a basket each."""
    table = from_sequences([np.array([item for item, _ in each], np.int32) for each in histories], n_items)
    return replace(table, days=np.array([day for each in histories for _, day in each], np.int32), dated=True)


def table() -> Interactions:
    """Thirty days, windows of ten: items 3 and 4 are new in the last one, item 2 in the one before, nobody took 5."""
    return dated(
        [[(0, 1), (2, 12), (3, 22)], [(1, 2), (2, 15), (4, 25)], [(0, 3), (1, 13), (0, 29)], [(3, 28)]], n_items=6
    )


def test_an_item_is_cold_where_its_first_event_lies_after_the_cut() -> None:
    validation, test = cold_items(table(), None, 10, seed=0)
    assert np.flatnonzero(test.candidates).tolist() == [3, 4]
    assert np.flatnonzero(test.on_offer).tolist() == [3, 4, 5]
    assert np.flatnonzero(validation.candidates).tolist() == [2]
    assert test.task.visits.shoppers.tolist() == [0, 1, 3]
    assert test.task.relevant.toarray().tolist() == [[0, 0, 0, 1, 0, 0], [0, 0, 0, 0, 1, 0], [0, 0, 0, 1, 0, 0]]


def test_nothing_after_the_cut_is_known() -> None:
    for part, cut in zip(cold_items(table(), None, 10, seed=0), (10, 20), strict=True):
        assert part.day == cut
        assert part.known.days.max() < cut
        assert part.task.visits.histories.days.max() < cut


def test_what_is_launched_after_the_window_is_not_on_offer() -> None:
    launched = np.array([0, 0, 11, 21, 21, 99], np.int32)
    _, test = cold_items(table(), launched, 10, seed=0)
    assert np.flatnonzero(test.on_offer).tolist() == [3, 4]


def test_windows_that_do_not_fit_are_refused_in_words() -> None:
    with pytest.raises(DataError, match="do not fit"):
        cold_items(table(), None, 15, seed=0)


def test_without_dates_drawn_items_are_cold_and_histories_end_before_the_first_of_them() -> None:
    rng = np.random.default_rng(1)
    sequences = from_sequences([rng.permutation(40).astype(np.int32)[:12] for _ in range(60)], 40)
    for part in cold_items(sequences, None, 0, seed=3):
        assert part.candidates.sum() == 4
        assert not part.candidates[part.known.items].any()
        assert not part.candidates[part.task.visits.histories.items].any()
    for visit, shopper in enumerate(part.task.visits.shoppers.tolist()):  # of the test
        known, whole = part.task.visits.histories.of(visit).tolist(), sequences.of(shopper).tolist()
        assert whole[: len(known)] == known
        assert part.candidates[whole[len(known)]]
    validation, test = cold_items(sequences, None, 0, seed=3)
    assert not (validation.candidates & test.candidates).any()
    assert not test.candidates[validation.known.items].any()


def long_histories() -> Interactions:
    rng = np.random.default_rng(2)
    return from_sequences([rng.permutation(60).astype(np.int32)[:25] for _ in range(50)], 60)


def test_held_out_shoppers_are_unknown_and_have_the_same_truth_at_every_number_of_events() -> None:
    for validation, test in cold_shoppers(long_histories(), -1, seed=0, rotations=FOLDS):
        for part in (validation, test):
            truths = [task.relevant.toarray() for task in part.tasks.values()]
            assert all((truth == truths[0]).all() for truth in truths)
            for known, task in part.tasks.items():
                assert (task.visits.histories.lengths == known).all()
                assert (part.known.lengths[task.visits.shoppers] == 0).all()
        apart = set(validation.tasks[0].visits.shoppers) & set(test.tasks[0].visits.shoppers)
        assert not apart


def test_every_shopper_is_held_out_once_over_all_rotations() -> None:
    asked = [test.tasks[0].visits.shoppers for _, test in cold_shoppers(long_histories(), -1, seed=0, rotations=FOLDS)]
    assert sorted(np.concatenate(asked).tolist()) == list(range(50))


def test_first_events_come_first_and_the_truth_after_the_last_of_them() -> None:
    histories = long_histories()
    (_, test) = next(iter(cold_shoppers(histories, -1, seed=0, rotations=1)))
    shopper = int(test.tasks[0].visits.shoppers[0])
    whole = histories.of(shopper).tolist()
    assert test.tasks[3].visits.histories.of(0).tolist() == whole[:3]
    assert np.flatnonzero(test.tasks[3].relevant[[0]].toarray()[0]).tolist() == sorted(whole[10:20])
    assert max(KNOWN) == 10


def test_with_dates_others_are_known_up_to_the_day_alone() -> None:
    histories = long_histories()
    steps = replace(histories, dated=True)
    for _, test in cold_shoppers(steps, 8, seed=0, rotations=1):
        assert test.known.days.max() < 8
        assert test.tasks[10].visits.histories.days.min() >= 8


def test_too_short_histories_are_refused_in_words() -> None:
    short = from_sequences([np.array([0, 1], np.int32)] * 20, 2)
    with pytest.raises(DataError, match="took more than 10 items"):
        next(iter(cold_shoppers(short, -1, seed=0, rotations=1)))
