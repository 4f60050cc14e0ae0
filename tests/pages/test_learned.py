"""The switch "Learn from what I press": likes move the shelf, a line says why, and forgetting brings it back."""

from __future__ import annotations

from contextlib import suppress

import pytest
from streamlit.testing.v1 import AppTest

from pages.shared.learned import line
from recsys.engine import Engine
from recsys.errors import BadRequestError
from recsys.schema import MAX_K, NEW_SHOPPER, Learning, Request
from recsys.settings import Settings
from tests.pages.app_visit import sound
from tests.pages.test_any_shop import text_of, visit

FRONT = "pages/shop/storefront/page.py"
LEARNING = "pages/understand/live_learning/page.py"


@pytest.fixture(autouse=True)
def on_the_sample() -> None:
    """These tests choose their shop themselves."""


def cards(app: AppTest) -> list[str]:
    return [str(each.key).removeprefix("why.") for each in app.button if str(each.key).startswith("why.")]


def press(app: AppTest, *places: int) -> AppTest:
    for place in places:
        sound(app.button(key=f"like.{cards(app)[place]}").click().run())
    return app


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_three_likes_move_the_shelf_and_forgetting_brings_it_back(made_shop: Settings) -> None:
    app = sound(visit(FRONT, shopper=NEW_SHOPPER, visitor="learned"))
    before = cards(app)
    assert not app.toggle(key="control.learn").value
    sound(app.toggle(key="control.learn").set_value(True).run())
    assert app.query_params["learn"] in ("on", ["on"])
    assert cards(app) == before
    press(app, 2, 4, 6)
    assert cards(app) != before
    text = text_of(app)
    assert "Learned step by step from 3 presses" in text
    assert "because you liked" in text
    sound(app.switch_page(LEARNING).run())
    assert set(app.dataframe[0].value["act"]) == {"liked"}
    assert len(app.dataframe[0].value) == 3
    assert app.toggle(key="control.learn").value
    sound(app.switch_page(FRONT).run())
    sound(app.button(key="forget").click().run())
    assert cards(app) == before
    assert "Learned step by step" not in text_of(app)


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_the_shelf_is_what_the_engine_says_at_the_pace_of_the_link(made_shop: Settings) -> None:
    app = press(
        sound(visit(FRONT, shopper=NEW_SHOPPER, visitor="pace", learn="on", step="0.5", items_step="0.1")), 1, 3
    )
    request = Request(NEW_SHOPPER, visitor="pace", learning=Learning(step=0.5, items_step=0.1))
    assert cards(app) == [str(item.item_id) for item in Engine.open(made_shop).answer(request).items]
    strange = sound(visit(FRONT, learn="perhaps"))
    assert not strange.toggle(key="control.learn").value
    assert "allowed: off, on" in text_of(strange)


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_the_products_that_moved_are_listed_where_they_may_move(made_shop: Settings) -> None:
    app = sound(visit(LEARNING, visitor="moves"))
    assert "The shelf on the map of all products" in str(app.get("plotly_chart")[0].proto)
    for place in (2, 3, 4):
        hearts = [str(each.key) for each in app.button if str(each.key).startswith("like.")]
        sound(app.button(key=hearts[place]).click().run())
    assert len(app.dataframe) == 1
    assert "Products stay where they are" in text_of(app)
    sound(app.select_slider(key="control.items_step").set_value("0.1").run())
    moved = app.dataframe[1].value
    assert (moved["by"].diff().dropna() <= 0).all()
    assert {"towards the taste", "away from it"} == set(moved["way"])
    assert "Dotted arrows" in text_of(app)


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_a_line_says_how_far_it_came_up_and_nothing_where_it_did_not(made_shop: Settings) -> None:
    engine, request = Engine.open(made_shop), Request(NEW_SHOPPER, visitor="line", learning=Learning())
    for item in engine.answer(request).items[5:8]:
        engine.record(request, item.item_id, "like")
    items = engine.answer(request).items
    for item in items:
        said, was = line(item), item.was_rank
        if item.taught and was is not None and was > item.rank:
            step = was - item.rank
            assert said == f"Moved up {step} place{'s' if step > 1 else ''} {item.taught}"
        else:
            assert said == ""
    assert any(line(item) for item in items)


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_a_place_that_somebody_left_is_credited_to_no_like(made_shop: Settings) -> None:
    engine, request = Engine.open(made_shop), Request(NEW_SHOPPER, visitor="left", learning=Learning(), k=MAX_K)
    before = [item.item_id for item in engine.answer(request).items]
    engine.record(request, before[10], "like")
    engine.record(request, before[0], "dislike")
    after = engine.answer(request).items
    wanted = before[1:]  # of the order that nothing was learned for
    known = [(now, item) for now, item in enumerate(after) if item.item_id in wanted]
    assert len(known) > 30
    for now, item in known:
        assert item.facts["brought_up"] == wanted.index(item.item_id) - now
        assert line(item).startswith("Moved up") == (item.facts["brought_up"] > 0 and bool(item.taught))


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_a_like_that_two_tabs_press_is_one_like_and_taken_back_at_once(made_shop: Settings) -> None:
    one, other = (sound(visit(FRONT, learn="on", shopper=NEW_SHOPPER, visitor="tabs")) for _ in range(2))
    key = f"like.{cards(one)[2]}"
    for tab in (one, other):  # what the other has drawn is late
        sound(tab.button(key=key).click().run())
    assert "Learned step by step from 1 press:" in text_of(other)
    sound(other.button(key=key).click().run())
    assert "Learned step by step" not in text_of(other)


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_what_was_said_twice_before_is_taken_back_as_one(made_shop: Settings) -> None:
    app = sound(visit(FRONT, learn="on", shopper=NEW_SHOPPER, visitor="twice"))
    item, engine = cards(app)[2], Engine.open(made_shop)
    for _ in range(2):
        engine.record(Request(shopper=NEW_SHOPPER, visitor="twice"), item, "like")
    sound(app.run())
    assert "from 2 presses" in text_of(app)
    sound(app.button(key=f"dislike.{item}").click().run())
    assert "Learned step by step from 1 press:" in text_of(app)


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_one_press_too_many_is_said_not_to_be_kept_and_nothing_more(made_shop: Settings) -> None:
    engine = Engine.open(made_shop)
    for item in engine.catalogue.ids[:100].tolist() * 3:
        with suppress(BadRequestError):
            engine.record(Request(shopper=NEW_SHOPPER, visitor="much"), item, "click")
    app = sound(visit(FRONT, learn="on", shopper=NEW_SHOPPER, visitor="much"))
    press(app, 0)
    (said,) = [each.value for each in app.warning]
    assert said.startswith("This was not kept: more than 240 pieces of feedback")
    assert "could not be read" not in said


def row_with(app: AppTest, button: str) -> list[str]:
    """The kinds of what stands in the horizontal row that holds this popover, in its order."""

    def rows(block: object) -> list[object]:
        inner = list(getattr(block, "children", {}).values())
        return [block, *(row for each in inner for row in rows(each))]

    for block in rows(app.main):
        children = list(getattr(block, "children", {}).values())
        if any(getattr(getattr(each, "proto", None), "popover", None) is not None and each.proto.popover.label == button
               for each in children):  # fmt: skip
            return [str(each.type) for each in children]
    return []


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_what_a_press_changed_stands_in_the_row_itself_so_that_a_narrow_one_is_not_shared(made_shop: Settings) -> None:
    app = press(sound(visit(FRONT, shopper=NEW_SHOPPER, visitor="narrow")), 1)
    assert row_with(app, "Forget my feedback")[0] == "markdown"  # a container of its own would be squeezed beside it


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_what_a_link_says_twice_is_told_and_the_last_one_counts(made_shop: Settings) -> None:
    app = sound(visit(FRONT, learn=["on", "off"], step=["0.5", "0.2"], k=["9", "9"], category=["x", "y"]))
    (said,) = [each for each in text_of(app).splitlines() if "more than once" in each]
    assert "learn (“on”, “off”), step (“0.5”, “0.2”). The last one counts." in said
    assert "k (" not in said  # the same twice is no doubt
    assert "category" not in said  # there may be several
    assert not app.toggle(key="control.learn").value
    assert len(cards(app)) == 9


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_the_page_of_learning_says_that_its_shelf_is_another_one(made_shop: Settings) -> None:
    app = sound(visit(LEARNING, shopper=NEW_SHOPPER, visitor="other", learn="on"))
    assert "The Storefront’s weighs more" in text_of(app)
