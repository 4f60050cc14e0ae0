"""Newcomers are met in every shop: the same answers give the same shelf, and what was chosen draws it near."""

from __future__ import annotations

import numpy as np

from recsys.engine import Engine
from recsys.engine.newcomers import SKIPPED

K = 6


def test_nobody_gets_the_bestsellers_and_a_question_where_anything_was_bought(any_engine: Engine) -> None:
    meeting = any_engine.newcomers.meet(k=K)
    assert meeting.interest is None
    assert len(meeting.shelf) == K
    bought = any_engine.catalogue.share.sum() > 0
    assert (len(any_engine.newcomers.pool()) > 0) == bought
    if meeting.question:
        best = np.argmax(any_engine.catalogue.share)
        assert any_engine.catalogue.kinds[meeting.shelf[0].row] == any_engine.catalogue.kinds[best]


def test_a_choice_draws_the_shelf_towards_what_was_chosen(any_engine: Engine) -> None:
    before = any_engine.newcomers.meet(k=K)
    if not before.question:
        return
    after = any_engine.newcomers.meet(["2"], k=K)
    (asked,) = after.asked
    assert asked.chosen == before.question[1]
    index = any_engine.index

    def near(rows: list[int]) -> float:
        assert after.interest is not None
        return float(index.scores_at(after.interest, np.array(rows, np.int32)).mean())

    assert near([met.row for met in after.shelf]) >= near([met.row for met in before.shelf])
    assert after.certainty >= before.certainty
    assert not set(after.question) & set(before.question)


def test_what_is_skipped_says_nothing_and_is_not_asked_again(any_engine: Engine) -> None:
    before, after = any_engine.newcomers.meet(k=K), any_engine.newcomers.meet([SKIPPED], k=K)
    assert [met.row for met in after.shelf] == [met.row for met in before.shelf]
    assert not set(after.question) & set(before.question)


def test_answers_that_fit_no_question_are_counted_and_left_out(any_engine: Engine) -> None:
    meeting = any_engine.newcomers.meet(["9", "x", *["1"] * 40], k=K)
    assert meeting.unused >= 2
    assert len(meeting.asked) + meeting.unused == 42


def test_words_alone_make_a_shelf_of_what_is_near_them(any_engine: Engine) -> None:
    title = str(any_engine.catalogue.titles[0])
    meeting = any_engine.newcomers.meet(words=title, k=K)
    assert meeting.interest is not None
    best = any_engine.index.search(meeting.interest, 1, None).rows[0]
    wanted = any_engine.catalogue.kinds[[met.row for met in meeting.shelf]]
    assert any_engine.catalogue.kinds[best] in wanted


def test_the_same_answers_give_the_same_shelf_and_leave_no_trace(any_engine: Engine) -> None:
    first, again = (any_engine.newcomers.meet(["1", "3"], "something red", k=K) for _ in range(2))
    assert first.shelf == again.shelf
    assert first.question == again.question
