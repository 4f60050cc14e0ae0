"""What feedback teaches in every shop: replayed from the log alone, step by step, and gone when it is forgotten."""

from __future__ import annotations

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from recsys.engine import Engine
from recsys.engine.learning import SHELF, Lesson
from recsys.engine.scoring import TIE_SHARE
from recsys.errors import BadRequestError
from recsys.ranking.parts import FEEDBACK, TAUGHT
from recsys.schema import NEW_SHOPPER, Answer, Knobs, Learning, Request
from recsys.settings import PROJECT, Settings
from tests.conftest import MADE_SHOPS


@pytest.fixture
def engine(made_shop: Settings) -> Engine:
    """A shop in whose log nothing stands yet."""
    return Engine.open(made_shop)


SOMEBODY = Request(shopper=NEW_SHOPPER, visitor="somebody")


def lesson(
    engine: Engine, request: Request = SOMEBODY, step: float = 0.1, kept: float = 1.0, items: float = 0.0
) -> Lesson:
    return engine.learning.of(request, Learning(step, kept, items, taste_weight=2.0))


def act(engine: Engine, row: int, kind: str = "like", request: Request = SOMEBODY) -> None:
    engine.record(request, str(engine.catalogue.ids[row]), kind)


@pytest.mark.parametrize("made_shop", MADE_SHOPS, indirect=True)
def test_of_nobody_known_nothing_is_learned(engine: Engine) -> None:
    found = lesson(engine)
    assert found.steps == ()
    assert len(found.start) == 0
    assert np.array_equal(found.shelf, found.before)
    assert len(found.shelf) == min(SHELF, len(np.unique(engine.catalogue.kinds)))


@pytest.mark.parametrize("made_shop", MADE_SHOPS, indirect=True)
def test_a_like_brings_the_product_up_and_what_stood_above_was_passed_by(engine: Engine) -> None:
    before = lesson(engine)
    row = int(before.shelf[min(4, len(before.shelf) - 1)])
    act(engine, row)
    found = lesson(engine)
    assert [step.row for step in found.steps] == [row]
    assert found.steps[0].passed == before.shelf.tolist().index(row)
    assert found.steps[0].now <= found.steps[0].was
    assert found.steps[0].moved > 0
    assert found.shelf.tolist().index(row) <= before.shelf.tolist().index(row)
    assert np.array_equal(found.before, before.shelf)


@pytest.mark.parametrize("made_shop", MADE_SHOPS, indirect=True)
def test_what_is_turned_down_leaves_the_shelf(engine: Engine) -> None:
    row = int(lesson(engine).shelf[0])
    act(engine, row, "dislike")
    assert row not in lesson(engine).shelf.tolist()


@pytest.mark.parametrize("made_shop", MADE_SHOPS, indirect=True)
def test_the_same_log_teaches_the_same_in_two_processes(engine: Engine) -> None:
    for row in lesson(engine).shelf[:3].tolist():
        act(engine, row)
    again = Engine.open(engine.settings)
    assert np.array_equal(lesson(again).shelf, lesson(engine).shelf)
    assert len(lesson(again).steps) == 3


@pytest.mark.parametrize("made_shop", MADE_SHOPS, indirect=True)
def test_a_smaller_step_moves_less_and_what_is_not_kept_fades(engine: Engine) -> None:
    for row in lesson(engine).shelf[:2].tolist():
        act(engine, row)
    assert lesson(engine, step=0.01).steps[0].moved < lesson(engine, step=0.1).steps[0].moved
    assert lesson(engine, kept=0.5).steps[-1].moved != lesson(engine).steps[-1].moved
    with pytest.raises(BadRequestError):
        lesson(engine, step=0.0)


@pytest.mark.parametrize("made_shop", MADE_SHOPS, indirect=True)
def test_what_is_forgotten_is_not_known_any_more(engine: Engine) -> None:
    act(engine, 2)
    engine.forget(SOMEBODY)
    assert lesson(engine).steps == ()


@pytest.mark.parametrize("made_shop", MADE_SHOPS, indirect=True)
def test_nobody_else_learns_of_it(engine: Engine) -> None:
    act(engine, 2)
    assert lesson(engine, Request(shopper=NEW_SHOPPER, visitor="another")).steps == ()


@pytest.mark.parametrize("made_shop", MADE_SHOPS, indirect=True)
def test_only_the_latest_pieces_count_and_the_rest_is_counted(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recsys.engine.learning.RECENT_FEEDBACK", 3)
    for row in (0, 1, 2, 3, 4):
        act(engine, row, "click")
    found = lesson(engine)
    assert [step.row for step in found.steps] == [2, 3, 4]
    assert found.forgotten == 2


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_somebody_known_begins_with_their_purchases(engine: Engine) -> None:
    known = lesson(engine, Request(shopper=str(engine.shoppers["shopper_id"].iloc[1])))
    assert len(known.start)
    assert not np.array_equal(known.shelf, lesson(engine).shelf)


LEARNING = Learning(items_step=0.05)


def taught(request: Request = SOMEBODY, **more: Any) -> Request:
    return replace(request, learning=LEARNING, **more)


def ids(answer: Answer) -> list[str]:
    return [str(item.item_id) for item in answer.items]


@pytest.mark.parametrize("made_shop", MADE_SHOPS, indirect=True)
def test_the_shelf_learns_from_presses_and_forgetting_brings_it_back(engine: Engine) -> None:
    before = engine.answer(SOMEBODY)
    assert ids(engine.answer(taught())) == ids(before)  # nothing was pressed yet
    for item in before.items[-3:]:
        engine.record(SOMEBODY, item.item_id, "like")
    after = engine.answer(taught())
    assert ids(after) != ids(before)
    for item in after.items:
        assert item.score == sum(item.parts.values())
        assert FEEDBACK.name not in item.parts
    assert any(item.parts.get(TAUGHT.name) for item in after.items)
    own = [item for item in after.items if item.taught == "because you liked it"]
    assert {str(item.item_id) for item in own} <= {str(item.item_id) for item in before.items[-3:]}
    assert own
    assert after.movement is not None
    assert after.movement.summary.startswith("Learned step by step from 3 presses")
    engine.forget(SOMEBODY)
    assert ids(engine.answer(taught())) == ids(before)


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_without_the_switch_nothing_of_it_is_on_the_shelf(engine: Engine) -> None:
    act(engine, 3)
    items = engine.answer(SOMEBODY).items
    assert all(TAUGHT.name not in item.parts and not item.taught for item in items)
    assert any(FEEDBACK.name in item.parts for item in items)


@pytest.mark.parametrize("made_shop", MADE_SHOPS, indirect=True)
def test_what_is_turned_down_leaves_the_shelf_that_learns(engine: Engine) -> None:
    first = engine.answer(taught()).items[0]
    engine.record(SOMEBODY, first.item_id, "dislike")
    kinds = engine.catalogue.kinds
    assert all(kinds[item.row] != kinds[first.row] for item in engine.answer(taught()).items)


@pytest.mark.parametrize("made_shop", ["outdoor", "bare"], indirect=True)
def test_beside_a_query_it_decides_between_what_answers_nearly_as_well(engine: Engine) -> None:
    query = str(engine.catalogue.titles[0]).split()[-1]
    asked = replace(SOMEBODY, query=query, knobs=Knobs(fold="none"))
    least = min(item.score for item in engine.answer(asked).items)
    for row in (1, 2, 3):
        act(engine, row)
    answer = engine.answer(replace(asked, learning=LEARNING))
    scores = engine.scores(replace(asked, visitor="another"), np.array([item.row for item in answer.items]))
    assert scores.min() >= least - 3 * TIE_SHARE  # what answers the query clearly worse does not come by it
    assert all(abs(item.parts.get(TAUGHT.name, 0.0)) <= TIE_SHARE for item in answer.items)
    nobody = replace(answer.request, knobs=Knobs(fold="none", shopper_weight=0.0))
    assert not any(item.parts.get(TAUGHT.name) for item in engine.answer(nobody).items)


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
@pytest.mark.parametrize("kept", [1.0, 0.7])
def test_the_fit_of_a_product_is_the_sum_of_what_each_act_added(engine: Engine, kept: float) -> None:
    acts = [(2, "like"), (9, "basket"), (4, "dislike"), (6, "click")]
    found = engine.learning.taught(None, acts, Learning(kept=kept))
    assert found is not None
    others = [row for row in range(engine.catalogue.size) if row not in {row for row, _ in acts}]
    assert found.fits[others] == pytest.approx(found.vectors[others] @ found.pushes.sum(axis=0), abs=1e-5)
    for row in others:
        added = found.pushes @ found.vectors[row]
        assert found.because(row) == (acts[int(added.argmax())] if added.max() > 0 else None)


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_purchases_of_before_are_no_part_of_what_presses_taught(engine: Engine) -> None:
    known = replace(taught(), shopper=str(engine.shoppers["shopper_id"].iloc[0]))
    assert ids(engine.answer(known)) == ids(engine.answer(replace(known, learning=None)))
    assert engine.learning.taught(0, [], LEARNING) is None


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_a_step_that_cannot_be_is_said_and_the_shelf_stands(engine: Engine) -> None:
    act(engine, 3)
    answer = engine.answer(replace(SOMEBODY, learning=Learning(step=float("nan"))))
    assert any("could not be learned from" in note for note in answer.notes)
    assert ids(answer) == ids(engine.answer(SOMEBODY))


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_products_move_for_who_pressed_and_are_told_furthest_first(engine: Engine) -> None:
    for row in lesson(engine).shelf[3:6].tolist():
        act(engine, row)
    shifts = lesson(engine, items=0.1).shifts
    assert shifts
    assert [shift.by for shift in shifts] == sorted((shift.by for shift in shifts), reverse=True)
    assert {True, False} == {shift.towards for shift in shifts}
    assert lesson(engine).shifts == ()
    another = Request(shopper=NEW_SHOPPER, visitor="another")
    assert lesson(engine, another, items=0.1).shifts == ()


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_two_tabs_that_press_at_once_learn_one_taste(engine: Engine) -> None:
    other = Engine.open(engine.settings)
    rows = lesson(engine).shelf[:8].tolist()
    with ThreadPoolExecutor(2) as tabs:
        one, two = (tabs.submit(lambda tab, some: [act(tab, row) for row in some], *each)
                    for each in ((engine, rows[:4]), (other, rows[4:])))  # fmt: skip
        one.result(), two.result()
    first, second = engine.answer(taught()), other.answer(taught())
    assert ids(first) == ids(second)
    assert [item.score for item in first.items] == [item.score for item in second.items]
    assert len(lesson(other).steps) == 8


KILLED = """
import os, signal, sys
from recsys.engine import Engine, learning
from recsys.schema import NEW_SHOPPER, Learning, Request
from recsys.settings import load_settings

engine = Engine.open(load_settings())
somebody = Request(shopper=NEW_SHOPPER, visitor="somebody", learning=Learning(items_step=0.05))
for row in (1, 2, 3):
    engine.record(somebody, str(engine.catalogue.ids[row]), "like")
moved, steps = learning.moved, []

def halfway(*args):
    steps.append(args)
    if len(steps) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return moved(*args)

learning.moved = halfway
engine.answer(somebody)
"""


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_a_process_killed_while_it_learns_leaves_all_that_was_pressed_and_nothing_half(
    engine: Engine, made_shop: Settings
) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED], cwd=PROJECT, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert [step.row for step in lesson(engine).steps] == [1, 2, 3]
    found = ids(engine.answer(taught()))
    engine.forget(SOMEBODY)
    for row in (1, 2, 3):
        act(engine, row)
    assert ids(engine.answer(taught())) == found
