"""Two rankings on the storefront's shelf: sides stay hidden, what is taken counts at once, and the verdict runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from recsys.engine.sides import OF
from recsys.settings import Settings
from tests.conftest import MADE_SHOPS
from tests.pages.app_visit import sound
from tests.pages.test_any_shop import text_of, visit

PAGE = "pages/shop/storefront/page.py"


@pytest.fixture(autouse=True)
def on_the_sample() -> None:
    """These tests choose their shop themselves."""


def opened(**address: str) -> AppTest:
    return sound(visit(PAGE, **{"q": "a", "visitor": "two-rankings", "shopper": "new", "mode": "xray", **address}))


def likes(app: AppTest) -> list[str]:
    return [str(each.key) for each in app.button if str(each.key).startswith("like.")]


@pytest.mark.parametrize("made_shop", MADE_SHOPS, indirect=True)
def test_a_like_counts_for_a_side_and_is_taken_back_with_it(made_shop: Settings) -> None:
    app = opened(interleave="popular")
    said = text_of(app)
    if "One ranking alone:" in said:  # a shop in which both show the same
        pytest.skip("both rankings are alike in this shop")
    assert "Nothing is decided yet" in said
    key = likes(app)[0]
    sound(app.button(key=key).click().run())
    said = text_of(app)
    assert "A 1 : B 0" in said or "A 0 : B 1" in said
    assert "Not yet" in said
    sound(app.button(key=key).click().run())
    assert "Nothing is decided yet" in text_of(app)


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_sides_are_hidden_until_they_are_shown_and_then_nothing_counts(made_shop: Settings) -> None:
    app = opened(interleave="popular")
    hidden = text_of(app)
    assert "from A" not in hidden
    assert not any(str(each.key).startswith("why.") for each in app.button)
    sound(app.button(key="interleaving.show").click().run())
    shown = text_of(app)
    assert "from A" in shown
    assert "from B" in shown
    sound(app.button(key=likes(app)[0]).click().run())
    assert "Nothing is decided yet" in text_of(app)
    sound(app.button(key="interleaving.next").click().run())
    assert "from A" not in text_of(app)


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_the_switch_stands_in_the_link_and_one_press_ends_it(made_shop: Settings) -> None:
    app = opened()
    assert "interleaving" not in text_of(app).lower()
    sound(app.selectbox(key="interleaving.pick").set_value("popular").run())
    assert app.query_params["interleave"] in ("popular", ["popular"])
    sound(app.button(key="interleaving.stop").click().run())
    assert "interleave" not in app.query_params
    assert any(str(each.key).startswith("why.") for each in app.button)


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_who_shops_sees_no_switch_but_a_link_works(made_shop: Settings) -> None:
    assert not [each for each in opened(mode="shop").selectbox if each.key == "interleaving.pick"]
    assert "Nothing is decided yet" in text_of(opened(mode="shop", interleave="popular"))


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_each_visitor_counts_on_a_shelf_of_their_own_and_forgetting_takes_it_away(made_shop: Settings) -> None:
    for visitor in ("one", "two"):
        app = opened(interleave="popular", visitor=visitor)
        sound(app.button(key=likes(app)[0]).click().run())
    assert "2 people" in text_of(app)
    sound(app.button(key="forget").click().run())
    assert "1 person" in text_of(app)


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
@pytest.mark.parametrize("link", ["nonsense", "popular~dv-9", "~~~", "diverse~shopper-nobody", "x" * 300])
def test_a_link_that_says_nothing_sensible_leaves_a_shelf(made_shop: Settings, link: str) -> None:
    assert likes(opened(interleave=link))


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_a_ranking_with_nothing_to_go_by_is_said_and_left_out(made_shop: Settings) -> None:
    said = text_of(opened(q="", interleave="words"))
    assert "has nothing to go by here: there is no query" in said
    assert "Nothing is decided yet" not in said


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_a_damaged_database_leaves_the_shelf(made_shop: Settings) -> None:
    file = Path(made_shop.feedback_database.removeprefix("sqlite:///"))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"no database" * 100)
    app = opened(interleave="popular")
    assert likes(app)
    sound(app.button(key=likes(app)[0]).click().run())
    assert likes(app)


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_who_has_decided_often_enough_still_likes_but_counts_no_more(
    made_shop: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recsys.feedback.interleavings.MAX_SHELVES", 0)
    app = opened(interleave="popular")
    key = likes(app)[0]
    sound(app.button(key=key).click().run())
    assert any("this is not counted" in str(each.value) for each in app.toast)
    assert "Nothing is decided yet" in text_of(app)
    assert "could not be read or kept" not in text_of(app)
    assert "Liked" in str(app.button(key=key).label)


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_it_is_said_once_that_nobody_is_picked(made_shop: Settings) -> None:
    said = text_of(opened(interleave="taste", shopper="nobody-of-that-name", q=""))
    assert said.lower().count("nobody is picked") == 1
    assert f"One ranking alone: “{OF['taste'].label}” goes by a " in said
