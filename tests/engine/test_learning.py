"""What feedback teaches in every shop: replayed from the log alone, step by step, and gone when it is forgotten."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.engine import Engine
from recsys.engine.learning import SHELF, Lesson
from recsys.errors import BadRequestError
from recsys.schema import NEW_SHOPPER, Learning, Request
from recsys.settings import Settings
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
