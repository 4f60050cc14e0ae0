"""The report of a page holds what that page shows: its texts, figures, charts and tables, and none of its controls."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from pages.shared import recorded, report, views
from pages.shared.asked import _of_view
from pages.shared.wording import cut
from recsys import __version__
from recsys.engine import Engine
from recsys.reports.contract import Chart, Fact, Group, Part, Table, Words
from recsys.reports.html import MOST_BYTES
from recsys.schema import Request, Reranking
from recsys.schema.money import Money
from recsys.settings import Settings
from tests.conftest import MADE_SHOPS
from tests.pages.app_visit import sound
from tests.pages.test_any_shop import visit
from tests.pages.test_nothing_typed_is_live import hostile, hostile_cache  # noqa: F401
from tests.reports.reading import Page

REPORTED = ("why", "diversity", "portrait", "segments", "embedding_map")
PEOPLED = {"outdoor": "M03", "bare": "u5", "small_demo": "S0003"}
EUROS = Money("EUR", "de_DE")
Make = Callable[[], bytes]
# what a report is made of: nothing that loads, frames, embeds or asks
ELEMENTS = {
    "html", "head", "meta", "title", "style", "script", "body", "header", "main", "section", "footer", "div", "p",
    "h1", "h2", "h3", "dl", "dt", "dd", "ul", "ol", "li", "a", "em", "strong", "s", "code", "pre", "img", "figure",
    "table", "thead", "tbody", "tr", "th", "td", "br", "hr", "blockquote", "span",
}  # fmt: skip


@pytest.fixture(autouse=True)
def on_the_sample() -> None:
    """These tests choose their shop themselves."""


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Make]:
    """What the buttons “Download report” of the pages that were drawn would make, the latest last."""
    found: list[Make] = []
    button = st.download_button

    def noted(label: str, data: Any, *rest: Any, **more: Any) -> bool:
        if label == "Download report":
            found.append(data)
        return button(label, data, *rest, **more)

    monkeypatch.setattr(report.st, "download_button", noted)
    return found


def page_of(name: str) -> str:
    return f"pages/understand/{name}/page.py"


def charts(app: AppTest) -> int:
    return len(app.get("plotly_chart"))


@pytest.mark.parametrize("made_shop", ["outdoor", "bare", "small_demo"], indirect=True)
@pytest.mark.parametrize("name", REPORTED)
def test_a_report_has_the_charts_the_figures_and_the_sentences_of_its_page(
    name: str, made_shop: Settings, made: list[Make]
) -> None:
    engine, shopper = Engine.open(made_shop), PEOPLED[made_shop.shop]
    app = sound(visit(page_of(name), shopper=shopper, q="lantern"))
    assert len(made) == 1
    written = made[0]()
    page = Page(written.decode())
    assert len(written) < MOST_BYTES
    assert len(page.scripts) == (charts(app) + 1 if charts(app) else 0)
    assert engine.shop.title in page.text
    assert shopper in page.text
    assert "“lantern”" in page.text
    for metric in app.metric:
        assert str(metric.label) in page.text
    assert page.count("table") >= len(app.dataframe)
    assert page.loaded() == []
    assert page.handlers() == []


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_it_says_settings_data_date_version_and_the_way_back(made_shop: Settings, made: list[Make]) -> None:
    engine = Engine.open(made_shop)
    address = {"shopper": "S0003", "diversity": "0.4", "category_cap": "2", "k": "9"}
    sound(visit(page_of("diversity"), **address))
    page = Page(made[0]().decode())
    for said in ("Diversity 0.4 (at first 0)", "Most of a category (0: any) 2 (at first 0)", "Products on the shelf 9"):
        assert said in page.text
    for said in (engine.dataset_info["source"], engine.dataset_info["licence"], "2026-03-01 to 2026-08-27, 180 days"):
        assert said in page.text
    assert f"Products {engine.shop.number(len(engine.items))} Shoppers {len(engine.shoppers)}" in page.text
    assert f"ShelfLens {__version__}" in page.text
    assert engine.plan.versions["dataset"] in page.text
    assert f"{datetime.now(UTC):%B %Y}" in page.text
    assert re.search(r"\d\d:\d\d:\d\d \(.*UTC", page.text)
    assert "its people and purchases are made up" in page.text
    link = re.search(r"diversity\?\S+", page.text)
    assert link is not None
    assert link[0] == "diversity?shop=small_demo&shopper=S0003&k=9&diversity=0.4&category_cap=2"


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_the_shelf_is_in_it_with_its_pictures(made_shop: Settings, made: list[Make]) -> None:
    engine = Engine.open(made_shop)
    sound(visit(page_of("diversity"), shopper="S0003", diversity="0.4"))
    page = Page(made[0]().decode())
    found = engine.diversity(Request(shopper="S0003", reranking=Reranking(diversity=0.4)))
    for item in (*found.after.items, *found.before.items):
        assert " ".join(cut(item.title, 30).split()) in page.text
    assert page.count("img") == len(found.after.items) + len(found.before.items)


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_what_is_chosen_on_a_page_is_told_by_its_titles(made_shop: Settings, made: list[Make]) -> None:
    engine = Engine.open(made_shop)
    item = engine.answer(Request(shopper="S0003")).items[2]
    sound(visit(page_of("why"), shopper="S0003", why=str(item.item_id)))
    page = Page(made[0]().decode())
    assert f"Product explained “{item.title}”" in page.text
    assert "What if?" not in page.text  # under which only controls stand


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_what_is_chosen_of_a_few_is_told_in_the_words_of_the_page(made_shop: Settings) -> None:
    engine = Engine.open(made_shop)
    sound(visit(page_of("live_learning"), learning_worth="plan", plan_metric="buyers"))
    assert _of_view(engine, "learning_worth", "plan") == "What would a test take?"
    assert _of_view(engine, "plan_metric", "spend") == f"Spend per {engine.shop.people.one}"
    assert _of_view(engine, "plan_lift", "10") == "10"  # a figure, whatever product has that id


def test_all_that_has_words_is_offered() -> None:
    for name, words in views.SAID.items():
        assert words.keys() <= set(views.VIEWS[name])


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_people_who_buy_alike_are_in_it_though_they_are_buttons(made_shop: Settings, made: list[Make]) -> None:
    engine = Engine.open(made_shop)
    ids = engine.shoppers["shopper_id"].astype(str).tolist()
    shopper = next(each for each in ids if (found := engine.portraits.of(each)) and found.alike)
    portrait = engine.portraits.of(shopper)
    assert portrait is not None
    sound(visit(page_of("portrait"), shopper=shopper))
    assert ids[portrait.alike[0][0]] in Page(made[0]().decode()).text


@pytest.mark.parametrize("made_shop", MADE_SHOPS, indirect=True)
def test_a_page_with_nothing_to_show_has_no_button(made_shop: Settings, made: list[Make]) -> None:
    sound(visit(page_of("portrait")))
    sound(visit("pages/lab/models/page.py"))
    assert made == []


@pytest.mark.parametrize("name", REPORTED)
@pytest.mark.usefixtures("hostile")
def test_hostile_texts_of_a_shop_stay_texts(name: str, made: list[Make]) -> None:
    sound(visit(page_of(name), shopper="M03"))
    page = Page(made[0]().decode())
    assert page.loaded() == []
    assert page.handlers() == []
    assert {tag for tag, _ in page.tags} <= ELEMENTS


# --- by construction ------------------------------------------------------------------------------------------------


def drawn(script: Callable[[], None]) -> tuple[Part, ...]:
    """The parts of what a script draws."""
    kept: list[tuple[Part, ...]] = []

    def page() -> None:
        with recorded.recording() as sent:
            script()
        kept.append(recorded.parts(sent, EUROS))

    holder["page"] = page
    app = AppTest.from_function(_run).run()
    assert not app.exception, [error.value for error in app.exception]
    return kept[0]


holder: dict[str, Callable[[], None]] = {}


def _run() -> None:
    from tests.pages.test_report import holder

    holder["page"]()


def test_texts_figures_and_boxes_keep_their_order_and_place() -> None:
    def script() -> None:
        late = st.container(border=True)
        st.markdown("#### After")
        left, right = st.columns([1, 3])
        with left:
            st.metric("Diversity", "0.25", "-4 %", delta_color="inverse", help="How unlike")
        right.caption("Beside it")
        late.write("First")
        st.info("Nothing is known.", icon=":material/info:")
        st.subheader("Heading")

    assert drawn(script) == (
        Group((Words("First"),), "box"),
        Words("#### After"),
        Group(
            (Fact("Diversity", "0.25", "▼ 4 %", "good", "How unlike"), Words("Beside it", "quiet")),
            "row",
            widths=(0.25, 0.75),
        ),
        Words("Nothing is known.", "notice"),
        Words("### Heading"),
    )


def test_controls_leave_nothing_and_take_their_headings_along() -> None:
    def script() -> None:
        st.markdown("**What if?**")
        st.text_input("Other words")
        st.button("Go")
        st.markdown("**Kept**")
        st.slider("How many", 1, 9)
        st.caption("Of this, something is told.")
        with st.popover("Settings"):
            st.write("Not seen")
        with st.expander("Folded", icon=":material/rule:"):
            st.write("Seen")
        with st.expander("Only a slider"):
            st.slider("x", 0, 1)
        with st.expander("Asked by nobody"):
            st.caption("What the button would find.")
            st.button("Find it")

    assert drawn(script) == (
        Words("**Kept**"),
        Words("Of this, something is told.", "quiet"),
        Group((Words("Seen"),), "box", "Folded"),
    )


def test_what_is_drawn_over_something_takes_its_place() -> None:
    def script() -> None:
        place = st.empty()
        place.write("Working…")
        place.markdown("Done")
        gone = st.empty()
        gone.write("Going")
        gone.empty()

    assert drawn(script) == (Words("Done"),)


def test_a_table_is_as_its_columns_write_it() -> None:
    def script() -> None:
        amounts = {"price": [1234.5, float("nan")], "share": [0.125, 1.0], "n": [2000, 3], "hidden": [1, 2]}
        table = pd.DataFrame({"name": ["Boot", None], "id": [1029743, 5], **amounts})
        number = st.column_config.NumberColumn
        st.dataframe(
            table,
            hide_index=True,
            column_order=["name", "id", "n", "price", "share"],
            column_config={
                "name": st.column_config.TextColumn("Product"),
                "id": st.column_config.TextColumn("Id"),
                "n": number("Bought", format="localized", help="Lines"),
                "price": number("Price", format="euro"),
                "share": number("Share", format="percent"),
            },
        )

    (table,) = drawn(script)
    assert isinstance(table, Table)
    assert [(each.label, each.help, each.numeric) for each in table.columns] == [
        ("Product", "", False), ("Id", "", False), ("Bought", "Lines", True), ("Price", "", True), ("Share", "", True),
    ]  # fmt: skip
    assert table.rows == (("Boot", "1029743", "2.000", "1.234,50\u00a0€", "12.50 %"), ("–", "5", "3", "–", "100.00 %"))


def test_a_chart_is_the_very_figure() -> None:
    import plotly.graph_objects as go

    def script() -> None:
        with st.grid(3, min_column_width=100):
            for at in range(2):
                st.plotly_chart(go.Figure([{"y": [at]}]), key=f"chart.{at}", alt=f"Point {at}")

    (cards,) = drawn(script)
    assert isinstance(cards, Group)
    assert (cards.look, cards.narrowest) == ("cards", 100)
    assert [each.alt for each in cards.parts if isinstance(each, Chart)] == ["Point 0", "Point 1"]


def test_without_a_page_nothing_is_recorded() -> None:
    with recorded.recording() as sent:
        pass
    assert sent == []
    assert recorded.nothing(sent)


@pytest.mark.parametrize(
    ("zone", "said"), [("Europe/Berlin", "CET, UTC+01:00"), ("Asia/Kolkata", "IST, UTC+05:30"), ("UTC", "UTC")]
)
def test_a_moment_is_told_in_its_zone(zone: str, said: str) -> None:
    from zoneinfo import ZoneInfo

    assert report._offset(datetime(2026, 11, 29, 12, 0, tzinfo=ZoneInfo(zone))) == said


@pytest.mark.parametrize("zone", ["", "Nowhere/Land", "../etc/passwd"])
def test_a_zone_that_is_none_is_utc(zone: str) -> None:
    assert report._now(zone).utcoffset() == datetime.now(UTC).utcoffset()
