"""Requests are let in one after the other, in the order in which they came."""

from __future__ import annotations

import threading

import pytest

from recsys.engine.turns import Turns


def test_no_more_than_the_places_are_taken_at_once() -> None:
    turns, lock = Turns(2), threading.Lock()
    inside = most = 0

    def work() -> None:
        nonlocal inside, most
        with turns.turn():
            with lock:
                inside += 1
                most = max(most, inside)
            threading.Event().wait(0.002)
            with lock:
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (inside, most) == (0, 2)


def test_who_came_first_is_let_in_first() -> None:
    turns, order, threads = Turns(1), [], []
    with turns.turn():
        for i in range(5):
            thread = threading.Thread(target=lambda i=i: _enter(turns, order, i))
            thread.start()
            while len(turns._waiting) <= i:  # it stands in the queue before the next one comes
                threading.Event().wait(0.001)
            threads.append(thread)
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4]


def _enter(turns: Turns, order: list[int], i: int) -> None:
    with turns.turn():
        order.append(i)


def test_a_failing_request_gives_its_place_back() -> None:
    turns = Turns(1)
    with pytest.raises(RuntimeError), turns.turn():
        raise RuntimeError("failed")
    with turns.turn():
        pass


def test_no_places_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Turns(0)
