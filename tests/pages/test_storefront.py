"""The storefront, as a person meets it: through the shell, by its controls and its address."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from pages.shared.wording import cut
from recsys.engine import Engine
from recsys.errors import FeedbackError
from recsys.schema import FEATURED, MAX_K, NEW_SHOPPER, SHOPPER_ID, Request
from recsys.settings import PROJECT
from tests.pages.app_visit import App

# --- the first screen ---------------------------------------------------------------------------------------


def test_the_first_screen_shows_popular_products_and_says_why(open_app: type[App]) -> None:
    app = open_app()
    assert len(app.cards) == Request().k
    assert app.address == {}
    assert "that most households buy" in app.text


def test_an_example_query_is_one_press_away(open_app: type[App]) -> None:
    app = open_app().press("example.0")
    assert app.address == {"q": ["quick dinner for kids"]}
    assert app.cards


# --- the address bar ----------------------------------------------------------------------------------------


def test_a_link_opens_the_same_screen(open_app: type[App], household: str) -> None:
    first = open_app(mode="xray").pick(household).ask("quick dinner for kids")
    first.at.slider(key="control.shopper_weight").set_value(0.6)
    first.run()
    first.at.slider(key="control.k").set_value(7)
    first.run()
    assert first.address == {
        "shopper": [household],
        "q": ["quick dinner for kids"],
        "k": ["7"],
        "shopper_weight": ["0.6"],
        "mode": ["xray"],
    }
    second = open_app(**first.address)
    assert second.cards == first.cards
    assert len(second.cards) == 7
    assert second.address == first.address
    assert second.at.slider(key="control.shopper_weight").value == 0.6


def test_a_link_carries_the_department_filter(open_app: type[App], engine: Engine) -> None:
    department = str(engine.items["department"].value_counts().index[0])
    app = open_app(department=[department])
    assert app.at.multiselect(key="control.departments").value == [department]
    assert app.address == {"department": [department]}
    assert len(app.cards) == Request().k


def test_reset_takes_the_sliders_out_of_the_address_and_keeps_the_question(open_app: type[App]) -> None:
    app = open_app(q="milk", meaning_weight="0.1", fold="none", k="5")
    assert app.press("reset").address == {"q": ["milk"], "mode": ["xray"]}  # a link with sliders shows them
    assert app.at.slider(key="control.meaning_weight").value == 0.5


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("shopper_weight", "7"),
        ("shopper_weight", "nan"),
        ("meaning_weight", "lots"),
        ("half_life_days", "-3"),
        ("discovery", ""),
        ("fold", "origami"),
        ("k", "0"),
        ("k", "-1"),
        ("k", "1000000000"),
        ("k", "9" * 400),
        ("k", "²"),
        ("shopper", "nobody-we-know"),
        ("shopper", "'; DROP TABLE feedback; --"),
        ("department", "Unicorns"),
        ("visitor", "../../etc/passwd"),
    ],
)
def test_a_bad_value_in_the_address_is_said_and_the_default_used(open_app: type[App], name: str, value: str) -> None:
    app = open_app(q="milk", **{name: value})
    assert app.address == {"q": ["milk"]}
    assert app.cards
    if value:
        assert app.at.info, "nothing says that the link could not be followed"


def test_the_complaint_about_a_link_goes_once_the_person_moves_on(open_app: type[App]) -> None:
    app = open_app(k="0")
    assert "k='0'" in app.text
    assert "k='0'" not in app.ask("milk").text


def test_unknown_parameters_are_dropped(open_app: type[App]) -> None:
    assert open_app(utm_source="mail", q="milk").address == {"q": ["milk"]}


def test_k_in_the_address_goes_up_to_the_most_the_engine_shows(open_app: type[App]) -> None:
    assert len(open_app(k=str(MAX_K), fold="none").cards) == MAX_K


# --- queries of all kinds -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "",
        "   ",
        "🍕🍕🍕",
        "حليب طازج",
        "'; DROP TABLE items; --",
        "x" * 10_000,
        "**bold** <script>alert(1)</script> $x$",
        "\x00",
    ],
    ids=["empty", "blank", "emoji", "right-to-left", "sql", "10,000 characters", "markup", "null"],
)
def test_any_query_gives_a_shelf_or_a_plain_message(open_app: type[App], query: str) -> None:
    app = open_app().ask(query)
    assert app.cards or app.at.info or app.at.warning
    assert "Traceback" not in app.text
    assert "went wrong" not in app.text


# --- feedback -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["basket", "like", "dislike"])
def test_a_feedback_button_stores_at_once_and_pressing_again_takes_it_back(
    open_app: type[App], engine: Engine, household: str, kind: str
) -> None:
    app = open_app(shopper=household, q="milk", k="30")
    item = app.cards[2]
    app.press(f"{kind}.{item}")
    request = Request(shopper=household)
    assert [(e.item_id, e.kind) for e in engine.feedback_of(request)] == [(item, kind)]
    if any(b.key == f"{kind}.{item}" for b in app.at.button):  # what is not wanted leaves the shelf
        app.press(f"{kind}.{item}")
        assert engine.feedback_of(request) == []


def test_liking_what_was_unwanted_takes_the_no_back(open_app: type[App], engine: Engine, household: str) -> None:
    item = open_app(shopper=household).cards[0]
    request = Request(shopper=household)
    engine.record(request, item, "dislike")
    app = open_app(shopper=household, k=str(MAX_K), fold="none")
    if any(b.key == f"like.{item}" for b in app.at.button):
        app.press(f"like.{item}")
        assert [e.kind for e in engine.feedback_of(request)] == ["like"]


def test_what_somebody_pressed_is_named_above_their_shelf_until_it_is_forgotten(open_app: type[App]) -> None:
    app = open_app()
    app.press(f"like.{app.cards[1]}")
    assert "for you, by what you pressed" in app.text
    assert "that most households buy" not in app.text
    assert "that most households buy" in app.press("forget").text


def test_two_likes_move_the_shelf_and_the_page_says_how(open_app: type[App], household: str) -> None:
    app = open_app(shopper=household, q="quick dinner for kids", mode="xray")
    first = app.cards[3]
    app.press(f"like.{first}")
    second = next(card for card in app.cards[3:] if card != first)  # of the shelf as the first like left it
    app.press(f"like.{second}")
    assert "liked 2 products" in app.text
    assert app.at.button(key=f"like.{second}")


def test_forgetting_brings_back_the_shelf_as_it_was(open_app: type[App], engine: Engine, household: str) -> None:
    app = open_app(shopper=household, q="quick dinner for kids")
    before = app.cards
    app.press(f"like.{before[4]}").press("forget")
    assert app.cards == before
    assert engine.feedback_of(Request(shopper=household)) == []
    assert not any(b.key == "forget" for b in app.at.button)


def test_asking_why_draws_the_score_and_changes_nothing(open_app: type[App], engine: Engine, household: str) -> None:
    app = open_app(shopper=household, q="milk")
    before = app.cards
    app.press(f"why.{before[1]}")
    assert len(app.at.get("plotly_chart")) == 1
    assert "would make it number 1" in app.text or "the order between them is chance" in app.text
    assert app.cards == before
    assert engine.feedback_of(Request(shopper=household)) == []
    assert app.run().cards == before


def test_a_press_that_moves_nothing_says_that_nothing_moved(open_app: type[App], engine: Engine) -> None:
    """What everybody of the short list has first goes into the basket; where every place stays, that is said."""
    table = engine.shoppers
    still = 0
    for shopper in table[table[FEATURED] >= 0][SHOPPER_ID].astype(str).head(6):
        app = open_app(shopper=shopper)
        before = app.cards
        app.press(f"basket.{before[0]}")
        said = next(str(m.value) for m in app.at.markdown if "In the basket: " in str(m.value))
        assert ("Nothing moved" in said) == (app.cards == before)
        assert ("The order changed" in said) == (app.cards != before and set(app.cards) == set(before))
        still += app.cards == before
    assert still


def test_all_feedback_together_names_what_came_and_went(open_app: type[App], engine: Engine, household: str) -> None:
    request = Request(shopper=household, query="snacks")
    for item in engine.answer(request).items[8:10]:
        engine.record(request, item.item_id, "like")
    movement = engine.answer(request).movement
    assert movement is not None
    line = next(
        str(m.value).replace("\\", "")
        for m in open_app(shopper=household, q="snacks").at.markdown
        if "Because of 2 likes" in str(m.value)
    )
    assert movement.entered
    assert cut(movement.entered[0], 40) in line
    assert cut(movement.left[0], 40) in line
    assert "…." not in line


def test_what_a_like_changed_is_said_and_undone_on_its_card(
    open_app: type[App], engine: Engine, household: str
) -> None:
    app = open_app(shopper=household)
    before = app.cards
    app.press(f"like.{before[5]}")
    assert "Liked: " in app.text
    gone = set(before) - set(app.cards)
    assert ("Gone: " in app.text) == bool(gone)
    app.press("undo")
    assert app.cards == before
    assert engine.feedback_of(Request(shopper=household)) == []
    assert "Liked: " not in app.text


def test_the_query_and_the_shopper_survive_every_change_of_page(open_app: type[App], household: str) -> None:
    app = open_app(shopper=household, q="milk")
    for page in ("understand/embedding_map", "shop/storefront", "lab/search_lab", "shop/storefront"):
        app.at.switch_page(f"pages/{page}/page.py")
        app.run()
        if page != "lab/search_lab":
            assert app.at.text_input(key="control.q").value == "milk"
            assert app.at.selectbox(key="control.shopper").value == household
        assert app.address["q"] == ["milk"]
        assert app.address["shopper"] == [household]


def test_a_shop_shows_no_machinery_until_it_is_asked_for(open_app: type[App]) -> None:
    app = open_app(q="milk")
    assert not app.at.slider
    assert not app.at.get("plotly_chart")
    assert " ms" not in app.text
    app.at.toggle(key="control.mode").set_value(True)
    app.run()
    assert app.at.slider
    assert app.at.get("plotly_chart")
    assert " ms" in app.text
    assert app.address == {"q": ["milk"], "mode": ["xray"]}


def test_the_words_for_nobody_fit_into_the_picker(open_app: type[App]) -> None:
    """At the width of its popover there is room for some 24 characters beside the two icons."""
    picker = open_app().at.selectbox(key="control.shopper")
    assert len(picker.options[0]) <= 24


def test_a_tile_picks_somebody_and_says_what_kind_of_person_that_is(open_app: type[App]) -> None:
    app = open_app()
    tiles = [button for button in app.at.button if button.key and button.key.startswith("tile.")]
    assert len(tiles) >= 5
    assert all("\n" in tile.label and "…" not in tile.label for tile in tiles)
    app.press(str(tiles[2].key))
    assert app.address["shopper"] == [str(tiles[2].key).removeprefix("tile.")]
    assert app.press("tile.nobody").address == {}


def test_the_basket_holds_what_was_added_with_its_total(open_app: type[App]) -> None:
    app = open_app(q="milk")
    app.press(f"basket.{app.cards[0]}")
    assert "Total $" in app.text


# --- people with no history ---------------------------------------------------------------------------------


def test_a_new_shopper_gets_a_name_in_the_address_so_that_the_link_shows_the_same(
    open_app: type[App],
) -> None:
    app = open_app().pick(NEW_SHOPPER)
    assert app.address["shopper"] == [NEW_SHOPPER]
    assert app.address["visitor"][0]
    app.press(f"like.{app.cards[6]}")
    assert open_app(**app.address).cards == app.cards


def test_two_new_shoppers_do_not_see_each_others_feedback(open_app: type[App]) -> None:
    first = open_app(shopper=NEW_SHOPPER)
    second = open_app(shopper=NEW_SHOPPER)
    assert first.address["visitor"] != second.address["visitor"]
    before = second.cards
    first.press(f"like.{first.cards[6]}")
    assert second.run().cards == before


# --- when something is broken -------------------------------------------------------------------------------


def test_the_shelf_works_on_when_feedback_cannot_be_kept(open_app: type[App], monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_: object, **__: object) -> None:
        raise FeedbackError("the feedback database is locked", remedy="close the other program")

    app = open_app(q="milk")
    monkeypatch.setattr(Engine, "record", locked)
    app.press(f"like.{app.cards[0]}")
    assert "the feedback database is locked" in app.text
    assert "close the other program" in app.text
    assert app.cards


def test_a_corrupt_feedback_database_is_said_and_kept(open_app: type[App], household: str, tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.mkdir(exist_ok=True)
    database = state / "feedback.sqlite3"
    database.write_bytes(b"this is no database" * 100)
    app = open_app(shopper=household)
    app.press(f"like.{app.cards[0]}")
    assert app.at.warning
    assert app.cards
    assert database.read_bytes().startswith(b"this is no database")


def test_an_unprepared_catalogue_is_a_page_with_the_command(
    open_app: type[App], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHELFLENS_CACHE_DIR", str(tmp_path / "empty"))
    app = open_app()
    assert app.at.code[0].value == "make prepare"
    assert "not ready" in app.text


def test_an_unknown_data_set_is_a_plain_message(open_app: type[App], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELFLENS_SHOP", "atlantis")
    app = open_app()
    assert "atlantis" in app.text
    assert "What to do" in app.text


def test_an_unexpected_error_gives_a_reference_and_never_a_traceback(
    open_app: type[App], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(Engine, "answer", broken)
    with caplog.at_level(logging.ERROR, "shelflens"):
        app = open_app()
    reference = caplog.records[-1].getMessage().rsplit(" ", 1)[-1]
    assert reference in app.text
    assert "secret detail" not in app.text


# --- the shape of the pages ---------------------------------------------------------------------------------


def test_pages_have_sub_folders_only() -> None:
    pages = sorted((PROJECT / "pages").glob("*/*/page.py"))
    assert PROJECT / "pages" / "shop" / "storefront" / "page.py" in pages
    assert not list((PROJECT / "pages").glob("*.py"))
