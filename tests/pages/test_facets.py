"""Category and size on the shelf: offered with counts, kept in the link, taken back with one press."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from recsys.settings import PROJECT, Settings
from tests.pages.app_visit import App


def pressable(app: App, start: str) -> list[str]:
    """The keys of the buttons that begin so."""
    return [b.key for b in app.at.button if b.key and b.key.startswith(start)]


def test_a_category_and_a_size_are_chosen_kept_in_the_link_and_taken_back(open_app: type[App]) -> None:
    app = open_app(q="milk")
    app.facet("Category", "Milk & creamers").facet("Volume", "1 gallon")
    assert app.address == {"q": ["milk"], "category": ["Milk & creamers"], "size": ["1 gallon"]}
    assert pressable(app, "narrowed.") == ["narrowed.category.Milk & creamers", "narrowed.size.1 gallon"]
    assert "20 products match" in app.text
    app.press("narrowed.category.Milk & creamers")
    assert app.address == {"q": ["milk"], "size": ["1 gallon"]}
    app.facet("Volume", "1 gallon")
    assert app.address == {"q": ["milk"]}
    assert pressable(app, "narrowed.") == []


def test_the_link_opens_the_very_shelf(open_app: type[App]) -> None:
    chosen = open_app(q="milk").facet("Volume", "64 oz").facet("Volume", "1 gallon")
    linked = open_app(q="milk", size=["64 oz", "1 gallon"])
    assert linked.cards == chosen.cards
    assert linked.address == chosen.address


def test_what_the_shop_does_not_have_is_left_out_of_a_link_and_said(open_app: type[App]) -> None:
    app = open_app(q="milk", category="Submarines", size="17 stone")
    assert app.address == {"q": ["milk"]}
    assert "The link keeps to the category “Submarines”, which nothing in this shop has." in app.text
    assert "The link keeps to the size “17 stone”, which nothing in this shop has." in app.text


def test_a_choice_that_gives_way_is_struck_through_and_said(open_app: type[App]) -> None:
    app = open_app(q="milk", category="Hair care")
    assert any("“Hair care” was left out" in warning.value for warning in app.at.warning)
    assert "~~Hair care~~" in app.at.button(key="narrowed.category.Hair care").label
    assert len(app.cards) == 12


def test_words_added_to_the_query_keep_the_choice_and_another_query_does_not(open_app: type[App]) -> None:
    app = open_app(q="milk", category="Milk & creamers")
    app.facet("Price", next(iter(app.facets("Price"))))
    assert app.address["category"] == ["Milk & creamers"]
    app.ask("bread")
    assert app.address == {"q": ["bread"]}


def test_without_a_query_what_a_link_keeps_to_can_be_taken_back(open_app: type[App]) -> None:
    app = open_app(category="Hair care")
    app.press("narrowed.category.Hair care")
    assert app.address == {}


@pytest.mark.parametrize("made_shop", ["outdoor", "bare"], indirect=True)
def test_a_shop_without_sizes_or_categories_does_not_show_them(made_shop: Settings) -> None:
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
    app.query_params["q"] = "black"
    app.run()
    assert not app.exception
    groups = {found.key for found in app.button_group if found.key and found.key.startswith("facets.")}
    assert groups <= {"facets.Category", "facets.Price", "facets.Brand"}
    assert ("facets.Category" in groups) is (made_shop.shop == "outdoor")
