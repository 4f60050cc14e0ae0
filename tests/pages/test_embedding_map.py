"""The embedding map page on the prepared sample."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import plotly.io
import pytest
from streamlit.testing.v1 import AppTest

from pages.understand.embedding_map import view as map_view
from recsys import schema as s
from recsys.engine import Engine
from recsys.settings import PROJECT

pytestmark = pytest.mark.usefixtures("prepared")

PAGE = "pages/understand/embedding_map/page.py"


def opened(**address: str) -> AppTest:
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
    for name, value in address.items():
        app.query_params[name] = value
    app.run()
    app.switch_page(PAGE).run()
    assert not app.exception, app.exception
    return app


def chart(app: AppTest) -> dict[str, Any]:
    (element,) = app.get("plotly_chart")
    figure = plotly.io.from_json(element.proto.spec, skip_invalid=True)
    return {trace.name: trace for trace in figure.data}


def rows_of(trace: Any) -> list[int]:
    """The products of a trace, as they were packed for the browser."""
    packed = trace.customdata
    return [int(row) for row in np.frombuffer(base64.b64decode(packed["bdata"]), packed["dtype"])]


def words(app: AppTest) -> str:
    return "\n".join([m.value for m in app.markdown] + [c.value for c in app.caption] + [i.value for i in app.info])


def test_every_product_is_on_the_map_and_the_page_says_how_faithful_it_is(sample_engine: Engine) -> None:
    app = opened()
    rows = [row for trace in chart(app).values() for row in rows_of(trace)]
    assert sorted(rows) == list(range(len(sample_engine.items)))
    assert "truly nearest neighbours" in words(app)
    assert "among their 12 nearest products" in words(app)


@pytest.mark.parametrize("chosen", [("q",), ("shopper",), ("q", "shopper"), ("q", "shopper", "product")])
def test_every_mark_on_the_map_is_said_and_no_other(sample_engine: Engine, chosen: tuple[str, ...]) -> None:
    table = sample_engine.shoppers
    known = {
        "q": "birthday cake",
        "shopper": str(table[table[s.FEATURED] >= 0][s.SHOPPER_ID].iloc[0]),
        "product": str(sample_engine.items[s.ITEM_ID].iloc[0]),
    }
    app = opened(**{name: known[name] for name in chosen})
    drawn, said = chart(app), words(app)
    for name, mark in (
        ("“birthday cake”", "star is what is asked"),
        ("the shopper's taste", "diamond who asks"),
        ("bought most often", "green squares what was bought most often"),
        ("on the shelf", "orange circles, where the lines lead, what is on the shelf"),
        ("the product you clicked", "cross the product you clicked"),
    ):
        assert (name in drawn) == (mark in said), name


def test_the_query_is_drawn_on_the_map() -> None:
    assert "“birthday cake”" in chart(opened(q="birthday cake"))


def test_the_shopper_and_the_history_are_drawn_on_the_map(sample_engine: Engine) -> None:
    household = str(sample_engine.shoppers[s.SHOPPER_ID].iloc[0])
    drawn = chart(opened(shopper=household))
    assert {"the shopper's taste", "bought most often"} <= set(drawn)


@pytest.mark.parametrize("method", ["umap", "tsne", "pca"])
@pytest.mark.parametrize("dims", ["2", "3"])
def test_each_map_opens_from_its_link(method: str, dims: str) -> None:
    app = opened(map=method, dims=dims)
    assert {t.type for t in chart(app).values()} == {"scattergl" if dims == "2" else "scatter3d"}


@pytest.mark.parametrize("colour", ["price", "popularity"])
def test_numbers_are_coloured_with_one_scale(colour: str) -> None:
    drawn = chart(opened(colour=colour))
    assert list(drawn) == ["products"]
    assert drawn["products"].marker.colorbar.title.text


def test_similarity_without_a_query_or_a_shopper_says_what_to_do() -> None:
    app = opened(colour="similarity")
    assert "Type a query or pick a household" in words(app)


def test_a_clicked_product_shows_its_neighbours_with_scores(sample_engine: Engine) -> None:
    app = opened(product=str(sample_engine.catalogue.id(0)))
    drawn = chart(app)
    assert rows_of(drawn["the product you clicked"]) == [0]
    rows, scores, _ = map_view.neighbours(sample_engine, 0)
    assert rows_of(drawn["its nearest neighbours"]) == rows.tolist()
    table = app.dataframe[0].value
    assert table["score"].tolist() == pytest.approx(scores.tolist())
    assert sample_engine.items[s.TITLE].iloc[0] not in table[s.TITLE].tolist()


def test_words_to_find_mark_the_products_and_list_them() -> None:
    app = opened(find="milk")
    assert any(name.startswith("found") for name in chart(app))
    assert all("milk" in title.lower() for title in app.dataframe[0].value[s.TITLE])


def test_words_that_no_title_holds_say_so() -> None:
    assert "No title holds all of these words" in words(opened(find="zzzz"))


def test_a_region_is_listed_counted_and_exported() -> None:
    app = opened()
    app.session_state[map_view.REGION] = [3, 1, 2]
    app.run()
    assert not app.exception
    assert "The region you drew: 3 products" in words(app)
    assert len(app.dataframe[0].value) == 3
    assert [each.proto.label for each in app.get("download_button")] == ["Save as CSV", "Download report"]


def test_a_department_filter_draws_only_its_products(sample_engine: Engine) -> None:
    app = opened(department="Bakery")
    rows = [row for trace in chart(app).values() for row in rows_of(trace)]
    assert len(rows) == int((sample_engine.items[s.DEPARTMENT] == "Bakery").sum())


def test_a_link_with_an_unknown_map_is_answered_with_the_default_and_a_note() -> None:
    app = opened(map="sphere")
    assert "sphere" in words(app)
    assert chart(app)


def test_an_unknown_product_in_the_link_is_ignored() -> None:
    assert "the product you clicked" not in chart(opened(product="no-such-id"))
