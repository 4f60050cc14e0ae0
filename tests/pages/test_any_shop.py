"""Every page works on a shop that is no grocer, and says what it cannot show where a shop has next to nothing."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

from recsys.settings import PROJECT, Settings
from recsys.shops.registry import shops
from tests.conftest import MADE_SHOPS

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
    said = "\n".join(parts).replace("\\", "")
    for other in shops():  # they are listed to be chosen
        said = said.replace(other.title, "")
    return said


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
def test_a_member_and_a_query_fill_the_shelf(made_shop: Settings) -> None:
    person = {"outdoor": "M03", "bare": "u5"}[made_shop.shop]
    app = visit("pages/shop/storefront/page.py", shopper=person, q="lantern")
    assert not app.exception
    assert len([b for b in app.button if b.key and b.key.startswith("why.")]) == 12


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_prices_are_in_euros(made_shop: Settings) -> None:
    assert re.search(r"\d+,\d\d\s*€", text_of(visit("pages/shop/storefront/page.py")))


@pytest.mark.parametrize("made_shop", MADE_SHOPS, indirect=True)
def test_counts_are_written_as_in_the_shop_s_country(made_shop: Settings) -> None:
    app = visit("pages/lab/models/page.py")
    told = next(table.value for table in app.dataframe if "facts" in table.value)["facts"].iloc[0]
    assert {"outdoor": "2.240 purchases", "bare": "480 purchases"}[made_shop.shop] in told
