"""Every page works on a shop that is no grocer, and says what it cannot show where a shop has next to nothing."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

from pages.understand.catalogue_health.sections import NEEDS, SECTIONS
from pages.understand.embedding_map.colours import COLOUR_NEEDS, COLOURS
from recsys.engine import Engine
from recsys.settings import PROJECT, Settings
from recsys.shops.registry import shops
from tests.conftest import MADE_SHOPS
from tests.pages.app_visit import App
from tests.shops.demo_store.made_up import NO_DRAWING

PAGES = sorted(path.relative_to(PROJECT).as_posix() for path in (PROJECT / "pages").glob("*/*/page.py"))
GROCERS_WORDS = re.compile(r"household|grocer|store brand|Complete Journey|\$", re.IGNORECASE)


@pytest.fixture(autouse=True)
def on_the_sample() -> None:
    """These tests choose their shop themselves."""


def visit(page: str, **address: str) -> AppTest:
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
    for name, value in address.items():
        app.query_params[name] = value
    app.run()
    return app if page.endswith("storefront/page.py") else app.switch_page(page).run()


def text_of(app: AppTest) -> str:
    """All that the page says, labels and choices included."""
    kinds = ("title", "header", "subheader", "markdown", "caption", "info", "warning", "error", "button", "selectbox",
             "text_input", "slider", "metric", "multiselect")  # fmt: skip
    found = [element for kind in kinds for element in getattr(app, kind)]
    sides = ("label", "value", "help", "options", "placeholder")
    parts = [str(part) for element in found for side in sides if (part := getattr(element, side, ""))]
    said = "\n".join(parts).replace("\\", "").replace("\u00a0", " ")  # they look alike
    for other in shops():  # they are listed to be chosen
        said = said.replace(other.title, "")
    return said.replace("grocery_complements", "")  # a data set's own name, in the command that measured it


def test_there_are_pages() -> None:
    assert len(PAGES) >= 6


@pytest.mark.parametrize("made_shop", MADE_SHOPS, indirect=True)
@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_and_speaks_of_this_shop(page: str, made_shop: Settings) -> None:
    app = visit(page)
    assert not app.exception
    assert not [error.value for error in app.error]
    words = text_of(app)
    assert words
    found = GROCERS_WORDS.search(words)
    assert found is None, words[max(found.start() - 80, 0) : found.end() + 80]


@pytest.mark.parametrize("made_shop", MADE_SHOPS, indirect=True)
@pytest.mark.parametrize("page", PAGES)
def test_every_page_of_a_simulated_shop_says_that_it_is_one(page: str, made_shop: Settings) -> None:
    labelled = "orange-badge[:material/casino: simulated]" in text_of(visit(page))
    assert labelled == (made_shop.shop in {"outdoor", "bare", "small_demo"})


@pytest.mark.parametrize("made_shop", ["outdoor", "small_demo"], indirect=True)
def test_cards_show_the_products_own_pictures(made_shop: Settings) -> None:
    pytest.importorskip("skia", reason=NO_DRAWING, exc_type=ImportError)
    app = visit("pages/shop/storefront/page.py")
    shown = [each.value for each in app.markdown if each.value.startswith("![Picture of ")]
    assert len(shown) == 12
    assert all("](data:image/jpeg;base64,/9j/" in each for each in shown)


@pytest.mark.parametrize("made_shop", MADE_SHOPS, indirect=True)
def test_a_member_and_a_query_fill_the_shelf(made_shop: Settings) -> None:
    person = {"outdoor": "M03", "bare": "u5", "catalogue": "new", "small_demo": "S0003"}[made_shop.shop]
    app = visit("pages/shop/storefront/page.py", shopper=person, q="lantern")
    assert not app.exception
    assert len([b for b in app.button if b.key and b.key.startswith("why.")]) == 12


@pytest.mark.parametrize("made_shop", ["catalogue"], indirect=True)
@pytest.mark.parametrize("page", [page for page in PAGES if "storefront" in page or "embedding_map" in page])
def test_a_shop_without_people_says_so_where_one_would_be_picked(page: str, made_shop: Settings) -> None:
    app = visit(page, q="lighthouse", colour="similarity")
    assert not app.exception
    assert "This shop knows no readers yet." in text_of(app)
    assert not [box for box in app.selectbox if box.label == "Who is shopping?"]


@pytest.mark.parametrize("made_shop", ["catalogue"], indirect=True)
def test_a_link_to_somebody_in_a_shop_without_people_is_answered_in_words(made_shop: Settings) -> None:
    words = text_of(visit("pages/shop/storefront/page.py", shopper="M03"))
    assert "The link asks for shopper “M03”. This shop knows no readers yet." in words
    assert "12 products of the catalogue" in words
    assert "No readers yet: the order of the catalogue" in words


@pytest.mark.parametrize("made_shop", ["catalogue"], indirect=True)
def test_what_is_liked_in_a_shop_without_people_moves_its_shelf(made_shop: Settings) -> None:
    app = visit("pages/shop/storefront/page.py")
    liked = [b for b in app.button if b.key and b.key.startswith("like.")][-1].click().run()
    assert not liked.exception
    assert "bent towards what you picked" in text_of(liked)


@pytest.mark.parametrize("made_shop", MADE_SHOPS, indirect=True)
@pytest.mark.parametrize("address", [{"section": name} for name in SECTIONS] + [{"colour": name} for name in COLOURS])
def test_every_section_and_every_colour_works_or_says_why_not(address: dict[str, str], made_shop: Settings) -> None:
    where = "catalogue_health" if "section" in address else "embedding_map"
    app = visit(f"pages/understand/{where}/page.py", **address)
    assert not app.exception
    assert not [error.value for error in app.error]
    needed = {**NEEDS, **COLOUR_NEEDS}.get(next(iter(address.values())))
    shop = Engine.open(made_shop)
    if needed is not None and not shop.capabilities.has(needed) and address != {"colour": "department"}:
        assert needed.missing in text_of(app)


@pytest.mark.parametrize("made_shop", MADE_SHOPS, indirect=True)
def test_a_run_can_ask_what_the_shop_has_data_for(made_shop: Settings) -> None:
    app = visit("pages/lab/leaderboard/page.py")
    offered = next(group for group in app.button_group if group.label == "Question").options
    assert len(offered) == {"outdoor": 3, "bare": 2, "catalogue": 1, "small_demo": 3}[made_shop.shop]
    words = text_of(app)
    assert ("Nobody has done anything in this shop yet" in words) is (made_shop.shop == "catalogue")
    assert ("This shop has no dates of what people did" in words) is (made_shop.shop == "bare")


@pytest.mark.parametrize("made_shop", MADE_SHOPS, indirect=True)
def test_a_model_learns_from_the_shop_where_somebody_did_something(made_shop: Settings) -> None:
    app = visit("pages/lab/models/page.py")
    offered = app.radio(key="models.form.data").options
    assert len(offered) == (1 if made_shop.shop == "catalogue" else 2)


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_prices_are_in_euros(made_shop: Settings) -> None:
    assert re.search(r"\d+,\d\d\s*€", text_of(visit("pages/shop/storefront/page.py")))


@pytest.mark.parametrize("made_shop", MADE_SHOPS, indirect=True)
def test_counts_are_written_as_in_the_shop_s_country(made_shop: Settings) -> None:
    app = visit("pages/lab/models/page.py")
    told = next(table.value for table in app.dataframe if "facts" in table.value)["facts"].iloc[0]
    assert {
        "outdoor": "2.240 purchases",
        "bare": "480 purchases",
        "catalogue": "40 items",
        "small_demo": "80 shoppers",
    }[made_shop.shop] in told


@pytest.mark.parametrize("made_shop", MADE_SHOPS, indirect=True)
def test_a_shop_without_pictures_has_no_slider_for_looks(made_shop: Settings) -> None:
    engine = Engine.open(made_shop)
    app = App(mode="xray")
    labels = [each.label for each in app.at.slider]
    assert "Kind of product asked for" in labels or "Kind of product asked for" in app.text
    assert ("Looks against words" in labels or "Looks against words" in app.text) is engine.sees
