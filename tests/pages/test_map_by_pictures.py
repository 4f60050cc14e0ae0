"""The map of a shop with pictures: placed by them, with the picture that was asked with, thumbnails and the gap."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import plotly.io
import pytest

from pages.understand.embedding_map import gap, thumbnails
from recsys import schema as s
from recsys.engine import Engine
from recsys.plots.maps import ASKED
from recsys.settings import Settings
from tests.pages.app_visit import App
from tests.shops.demo_store.made_up import NO_DRAWING

PAGE = "pages/understand/embedding_map/page.py"
CONTROL = "map.placed"
with_pictures = pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
without = pytest.mark.parametrize("made_shop", ["bare", "catalogue"], indirect=True)


@pytest.fixture(autouse=True)
def on_the_sample() -> None:
    """These tests choose their shop themselves."""


@pytest.fixture
def engine(made_shop: Settings) -> Engine:
    if made_shop.shop == "small_demo":
        pytest.importorskip("skia", reason=NO_DRAWING, exc_type=ImportError)
    return Engine.open(made_shop)


def opened(**address: str) -> App:
    app = App(**address)
    app.at.switch_page(PAGE)
    return app.run()


def chart(app: App) -> dict[str, Any]:
    element = app.at.get("plotly_chart")[0]
    figure = plotly.io.from_json(element.proto.spec, skip_invalid=True)
    return {str(trace.name): trace for trace in figure.data}


def controls(app: App) -> list[str]:
    return [str(group.key) for group in app.at.button_group]


def an_id(engine: Engine, kind: str) -> str:
    return str(engine.items[s.ITEM_ID].iloc[int(np.flatnonzero(engine.items[s.CATEGORY] == kind)[0])])


@with_pictures
@pytest.mark.parametrize(("placed", "near"), [("pictures", "look the same"), ("everything", "attributes and prices")])
def test_a_link_places_products_by_what_it_says(engine: Engine, placed: str, near: str) -> None:
    app = opened(placed=placed)
    assert near in app.text
    assert app.at.button_group(key=CONTROL).value == placed
    assert app.address["placed"] == [placed]


@with_pictures
def test_the_control_moves_the_products_and_the_link_follows(engine: Engine) -> None:
    app = opened()
    before = [trace.x["bdata"] for trace in chart(app).values()]
    app.at.button_group(key=CONTROL).set_value("pictures")
    app.run()
    assert app.address["placed"] == ["pictures"]
    assert [trace.x["bdata"] for trace in chart(app).values()] != before


@with_pictures
def test_a_picture_that_is_asked_with_is_on_the_map_without_being_asked_for(engine: Engine) -> None:
    app = opened(like=an_id(engine, "Mug"))
    drawn = chart(app)
    assert drawn["that product's picture"].meta == ASKED
    assert "on the shelf" in drawn
    assert any(trace.mode == "lines" for trace in drawn.values())
    assert "The picture stands where it belongs" in app.text
    assert "Leave the picture out" in [button.label for button in app.at.button]
    by_words = opened(like=an_id(engine, "Mug"), placed="words")
    assert "that product's picture" not in chart(by_words)
    assert "The picture stands" not in by_words.text


@with_pictures
def test_a_picture_that_is_brought_is_the_mark_called_yours(engine: Engine) -> None:
    app = opened()
    row = int(np.flatnonzero(engine.items[s.CATEGORY] == "Sneakers")[0])
    file = engine.picture(row)
    assert file is not None
    app.at.file_uploader(key="picture.upload").set_value(("mine.jpg", file, "image/jpeg"))
    app.run()
    assert chart(app)["your picture"].meta == ASKED
    assert "for your picture" in app.text


@with_pictures
@pytest.mark.parametrize("placed", ["words", "pictures", "everything"])
def test_in_x_ray_only_maps_that_there_are_can_be_chosen(engine: Engine, placed: str) -> None:
    app = opened(mode="xray", placed=placed, map="tsne", q="mug")
    offered = app.at.button_group(key="control.map").options
    assert ("t-SNE" in offered) == (placed == "words")
    assert "“mug”" in chart(app)


@with_pictures
def test_products_are_coloured_in_the_colours_that_they_have(engine: Engine) -> None:
    app = opened(mode="xray", colour="attribute")
    drawn = chart(app)
    assert drawn["red"].marker.color == "#ff0000"
    app.at.selectbox(key="control.attribute").set_value("season")
    app.run()
    assert {"summer", "winter"} <= set(chart(app))
    assert app.address["attribute"] == ["season"]


@with_pictures
def test_the_product_that_was_clicked_shows_its_picture_and_its_neighbours_by_looks(engine: Engine) -> None:
    app = opened(product=an_id(engine, "Kettle"), placed="pictures")
    assert any(each.value.startswith("![Picture of") for each in app.at.markdown)
    assert "its nearest neighbours" in chart(app)


@with_pictures
def test_no_more_pictures_are_sent_than_are_on_the_shelf(engine: Engine) -> None:
    app = opened(q="mug")
    (sent,) = [each for each in app.at.get("bidi_component") if "pictures" in each.proto.json]
    assert len(json.loads(sent.proto.json)["pictures"]) == 12
    assert len(sent.proto.json) < 20_000


def test_around_a_product_are_those_that_lie_nearest_and_none_around_what_is_no_row() -> None:
    line = np.stack([np.arange(100), np.zeros(100)], axis=1).astype(np.float32)
    line[7] = np.nan
    found = thumbnails.around(line, 5)
    assert found[:3] == [5, 4, 6]
    assert len(found) == thumbnails.AROUND + 1
    assert 7 not in found
    assert thumbnails.around(line, -1) == thumbnails.around(line, 100) == []


@with_pictures
def test_the_gap_is_told_with_its_figures(engine: Engine) -> None:
    app = opened()
    found = engine.modality_gap
    said = [each.value for each in app.at.markdown]
    assert gap.said(found, "600") in said
    assert gap.lacking(found, engine.shop) in said
    assert 0 < found["missing"]["kept_by_words"] <= 1
    assert "No product of this shop lacks a picture" in gap.lacking(found, engine.shop)
    three = {**found, "missing": {**found["missing"], "without_picture": 3}}
    assert "3 products of this shop have no picture: by what" in gap.lacking(three, engine.shop)
    assert f"{found['after']['distance']:.2f}" in gap.table(found)
    assert len(app.at.get("plotly_chart")) == 2


@without
def test_a_shop_without_pictures_has_no_choice_and_no_gap(engine: Engine) -> None:
    app = opened()
    assert CONTROL not in controls(app)
    assert len(app.at.get("plotly_chart")) == 1
    assert "Before" not in app.text
    assert "no map by pictures" not in app.text


@without
def test_a_link_to_a_map_of_pictures_is_answered_in_words_where_there_are_none(engine: Engine) -> None:
    app = opened(placed="pictures")
    assert "This shop has no map by pictures" in app.text
    assert app.at.get("plotly_chart")


def points(app: App) -> int:
    """How many products are drawn as such."""
    drawn = [trace for name, trace in chart(app).items() if name not in ("on the shelf", "that product's picture")]
    return sum(len(trace.text) for trace in drawn if trace.text is not None)


@with_pictures
def test_near_a_picture_those_most_like_it_are_shown_as_pictures_and_the_whole_shop_is_a_click_away(
    engine: Engine,
) -> None:
    asked = opened(like=an_id(engine, "Mug"), q="in blue")
    assert not any("in blue" in name for name in chart(asked))  # the picture stands alone there
    assert "the star is what is asked" not in asked.text
    app = opened(like=an_id(engine, "Mug"))
    near = app.at.get("plotly_chart")[0].proto.spec
    pictures = json.loads(near)["layout"]["images"]
    assert 5 <= len(pictures) <= 60
    assert all(each["source"].startswith("data:image/webp;base64,") for each in pictures)
    assert "products most like the picture" in app.text
    app.at.button_group(key="map.window").set_value("whole")
    app.run()
    assert app.address["window"] == ["whole"]
    whole = json.loads(app.at.get("plotly_chart")[0].proto.spec)
    assert "images" not in whole["layout"]
    assert whole["layout"]["annotations"]
    assert points(app) >= len(engine.items)
    assert "products most like the picture" not in app.text


@with_pictures
def test_without_a_picture_there_is_nothing_to_be_near_to(engine: Engine) -> None:
    for address in ({"placed": "pictures"}, {"like": an_id(engine, "Mug"), "placed": "words"}):
        app = opened(**address)
        assert "map.window" not in controls(app)
        assert "products most like the picture" not in app.text
