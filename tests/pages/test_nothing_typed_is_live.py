"""What somebody typed, uploaded or wrote into a title is shown letter by letter: never a link, a picture or a look."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from streamlit.testing.v1 import AppTest

from pages.shared.wording import JOINER, bare, plain
from recsys.engine import Engine
from recsys.evaluation.search.lab import grade_book
from recsys.preparation import prepare
from recsys.settings import PROJECT, Settings, load_settings
from tests.conftest import _clear_streamlit_caches
from tests.pages.shown_text import made_of, markdown_of
from tests.pages.test_any_shop import PAGES, visit
from tests.shops.hostile import HOST, LIVE, NAME

PACK = ("tests.shops.hostile",)
TYPED = " ".join(LIVE[:6])


@pytest.fixture(autouse=True)
def on_the_sample() -> None:
    """These tests choose their shop themselves."""


@pytest.fixture(scope="session")
def hostile_cache() -> Path:
    """The cache folder in which the shop is prepared."""
    cache = PROJECT / "data" / "cache"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SHELFLENS_SHOP_PACKS", json.dumps(PACK))
        prepare(Settings(shop=NAME, cache_dir=cache, shop_packs=PACK))
    return cache


@pytest.fixture
def hostile(hostile_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    for name, value in {"SHOP": NAME, "SHOP_PACKS": json.dumps(PACK), "CACHE_DIR": str(hostile_cache)}.items():
        monkeypatch.setenv(f"SHELFLENS_{name}", value)
    monkeypatch.setenv("SHELFLENS_STATE_DIR", str(tmp_path / "state"))
    _clear_streamlit_caches()
    yield load_settings()
    _clear_streamlit_caches()


def live_on(app: AppTest) -> list[tuple[str, str, list[str]]]:
    """(where, the Markdown, what it would make of it) of everything on the page that is more than letters."""
    assert not app.exception, [error.value for error in app.exception]
    found = [(where, text, made) for where, text in markdown_of(app) if (made := made_of(text))]
    return [(where, text[:300], made) for where, text, made in found]


@pytest.mark.parametrize("text", LIVE)
def test_the_check_sees_what_is_live_and_plain_makes_letters_of_it(text: str) -> None:
    if "\u202e" not in text:  # what a bidirectional mark hides comes to light when it is taken out
        assert made_of(f"The query {text} brings")
    assert made_of(f"The query {bare(text)} brings") == []
    assert made_of(f"The query {plain(text)} brings") == []
    assert made_of(f"**{plain(text)}**  \n:small[{plain(text)}]") == []


@pytest.mark.parametrize("text", LIVE)
def test_letter_by_letter_is_what_was_typed(text: str) -> None:
    shown = plain(text).replace(JOINER, "")
    for sign in "\\`*_{}[]()#+-.!|>~$:<&=":
        shown = shown.replace(f"\\{sign}", sign)
    assert shown == text.replace("\u202e", "").replace("\u2066", "")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("asked", [TYPED, " ".join(LIVE[6:])])
def test_on_every_page_of_a_hostile_shop_nothing_is_live(page: str, asked: str, hostile: Settings) -> None:
    book = grade_book(hostile)
    book.save_set(LIVE[0], list(LIVE))
    book.give(LIVE[5].lower(), "P001", 3, LIVE[0])
    address = {"q": asked, "shopper": "M03", "find": "tent", "run": LIVE[0], "training": LIVE[5], "beside": LIVE[1],
               "department": LIVE[2], "sort": LIVE[0], "language": LIVE[1], "k": LIVE[5]}  # fmt: skip
    assert live_on(visit(page, **address)) == []


@pytest.mark.parametrize("lab", ["compare", "sets", "files"])
def test_in_every_part_of_the_search_lab_nothing_is_live(lab: str, hostile: Settings) -> None:
    book = grade_book(hostile)
    book.save_set(LIVE[0], list(LIVE))
    book.save_set(LIVE[5], list(LIVE))
    book.give(LIVE[5].lower(), "P001", 3, LIVE[0])
    app = visit("pages/lab/search_lab/page.py", q="tent", lab=lab, systems=LIVE[0], queries=LIVE[5])
    assert live_on(app) == []


@pytest.mark.parametrize("section", ["loaded", "missing", "duplicates", "outliers", "departments", "tail"])
def test_in_every_section_of_catalogue_health_nothing_is_live(section: str, hostile: Settings) -> None:
    assert live_on(visit("pages/understand/catalogue_health/page.py", section=section)) == []


@pytest.mark.parametrize("labels", [[], LIVE[:6], LIVE[5:6], [LIVE[5], LIVE[5]]])
def test_tags_that_are_no_letters_alone_are_letters_on_the_page(labels: list[str], hostile: Settings) -> None:
    app = visit("pages/lab/tags/page.py", labels_of=LIVE[5], compare_with=LIVE[0])
    if labels:
        app.text_area(key="tags.labels").set_value("\n".join(labels))
    assert live_on(app.button(key="tags.run").click().run()) == []
    if app.dataframe:
        assert live_on(app.text_input(key="tags.find").set_value(LIVE[5]).run()) == []
        assert live_on(app.text_input(key="tags.find").set_value(f"none {LIVE[0]}").run()) == []


def test_why_something_stands_where_it_does_is_told_in_letters(hostile: Settings) -> None:
    page = "pages/understand/why/page.py"
    app = visit(page, q="tent stove", shopper="M03", why=LIVE[0], without=",".join(LIVE[:3]), instead=LIVE[5])
    assert live_on(app) == []
    assert live_on(app.button(key="whys.smallest").click().run()) == []
    bought = list(app.multiselect(key="control.without").options)
    assert bought
    taste = visit(page, shopper="M03", discovery="1.0", exploration="0.9", q="tent", shopper_weight="0.9")
    assert live_on(taste) == []
    for chart in taste.get("plotly_chart"):
        assert "<a href" not in chart.proto.spec


def test_a_newcomer_and_a_new_product_are_told_in_letters(hostile: Settings) -> None:
    page = "pages/understand/cold_start/page.py"
    app = visit(page, answers="12", about_me=LIVE[0])
    assert live_on(app) == []
    named = {"new_title": LIVE[0], "new_brand": LIVE[1], "new_attributes": LIVE[2], "new_category": LIVE[3]}
    for text in LIVE[4:8]:
        assert live_on(visit(page, newcomer="product", describe="all", new_text=text, new_price=text, **named)) == []
        assert live_on(visit(page, newcomer="product", describe="all", new_text=text, **named)) == []


def test_sides_notes_and_votes_of_a_comparison_are_letters(hostile: Settings) -> None:
    page = "pages/understand/compare/page.py"
    saved = Engine.open(hostile).comparisons.save({"side_a": f"as_set~q-{LIVE[0]}", "side_b": LIVE[5]}, "", LIVE[1])
    for address in (
        {"side_a": f"as_set~q-{LIVE[5]}", "side_b": LIVE[0], "side_c": f"diverse~shopper-{LIVE[2]}~{LIVE[1]}"},
        {"comparison": saved},
        {"comparison": LIVE[0]},
        {"q": LIVE[5], "blind": "yes"},
    ):
        app = visit(page, shopper="M03", **address)
        assert live_on(app) == []
        for chart in app.get("plotly_chart"):
            assert "<a href" not in chart.proto.spec
    voted = next(button for button in app.button if str(button.key).startswith("compare.vote."))
    assert live_on(voted.click().run()) == []


def test_messages_after_a_like_and_after_forgetting_are_letters(hostile: Settings) -> None:
    app = visit("pages/shop/storefront/page.py", q="tent", shopper="M03")
    for place in range(3):
        key = [b.key for b in app.button if b.key and b.key.startswith("basket.")][place]
        app.button(key=key).click().run()
        assert live_on(app) == []


def test_the_dialog_that_explains_a_score_is_letters(hostile: Settings) -> None:
    app = visit("pages/shop/storefront/page.py", q="tent")
    app.button(key=next(b.key for b in app.button if b.key and b.key.startswith("why."))).click().run()
    assert live_on(app) == []


def test_what_nobody_sells_is_said_in_letters(hostile: Settings) -> None:
    for query in (
        '"' + LIVE[0] + '"',
        f"no {LIVE[2]} under 3 eur",
        LIVE[5] * 3,
        f"-{LIVE[0]}",
        f"tent brand {LIVE[0]}",
    ):
        assert live_on(visit("pages/shop/storefront/page.py", q=query)) == []


def test_charts_read_no_link_either(hostile: Settings) -> None:
    app = visit("pages/understand/embedding_map/page.py", q=LIVE[8], find="tent", shopper="M03")
    charts = [each.proto.spec for each in app.get("plotly_chart")]
    assert charts
    assert not [spec for spec in charts if "<a " in spec or "\\u003ca " in spec]
    assert HOST in Engine.open(hostile).items["title"].iloc[0]


BUSINESS = (
    (
        "basket",
        {"basket_of": f"P000*2,P001,{quote(LIVE[5], safe='')}", "basket_reach": "600", "basket_instead": "P000"},
    ),
    ("basket", {"basket_of": TYPED, "basket_reach": LIVE[13][:14], "basket_words": LIVE[5]}),
    ("offers", {"shopper": "M04"}),
    ("offers", {"offers_about": "campaign", "offers_campaign": f"{LIVE[4]} 4", "offers_budget": "9"}),
    ("offers", {"offers_about": "campaign", "offers_campaign": LIVE[5], "offers_budget": LIVE[13]}),
    ("offers", {"offers_about": "promotions"}),
    ("ads", {"ad_places": "4", "ad_floor": "0"}),
    ("stock", {"stock_asks": "demand", "demand_category": LIVE[5]}),
    ("stock", {"stock_asks": "demand", "demand_of": "product", "demand_product": LIVE[5]}),
    ("stock", {"stock_asks": "new"}),
    ("reviews", {"reviews_of": "category", "review_category": LIVE[5]}),
    ("reviews", {"reviews_of": "product", "review_product": LIVE[5], "shopper": "M04"}),
)


@pytest.mark.parametrize(("page", "address"), BUSINESS)
def test_whatever_the_business_asks_nothing_is_live(page: str, address: dict[str, str], hostile: Settings) -> None:
    app = visit(f"pages/business/{page}/page.py", **address)
    assert live_on(app) == []
    assert not [error.value for error in app.error]
    assert not [each.value for each in app.warning if "not ready" in each.value]
