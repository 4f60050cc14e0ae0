"""The storefront's drawings show the figures they were given, and nothing that a title could smuggle in."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from recsys.plots.card import score_bar_svg
from recsys.plots.picture import looks, picture_svg
from recsys.plots.shelf import (
    FAINT_POINTS,
    faint_sample,
    score_parts,
    shorten,
    similarity_histogram,
    small_map,
    waterfall,
)
from recsys.plots.style import DEPARTMENT_COLOURS, OTHER_DEPARTMENT, department_colours
from recsys.ranking.parts import PARTS
from recsys.schema import RankedItem
from tests.plots.figure_json import LINK, texts_of

MILK = RankedItem(
    row=0,
    item_id=7,
    title="Milk, 1 gal",
    icon="🥛",
    department="Dairy",
    category="Milk",
    price=2.5,
    rank=1,
    score=0.75,
    parts={"words": 0.5, "meaning": 0.25},
    facts={},
    reason="Has “milk”",
    similarity=0.9,
)
SOAP = replace(MILK, row=2, item_id=9, title="Soap", rank=2, score=0.2, parts={"words": 0.0, "meaning": 0.2})


def test_each_product_is_a_bar_made_of_its_parts_in_points_of_100() -> None:
    figure = score_parts([MILK, SOAP])
    drawn = {trace.name: list(trace.x) for trace in figure.data}
    assert drawn == {"Matching words": [50.0, 0.0], "Meaning": [25.0, 20.0]}
    assert list(figure.data[0].y) == ["1 · Milk, 1 gal", "2 · Soap"]


def test_a_part_that_no_product_has_is_left_out_of_the_chart() -> None:
    assert "Popular" not in {trace.name for trace in score_parts([MILK]).data}


def test_a_part_that_takes_points_away_goes_to_the_left_of_zero() -> None:
    unwanted = replace(MILK, parts={"taste": 0.3, "feedback": -0.1})
    assert min(trace.x[0] for trace in score_parts([unwanted]).data) == -10.0
    assert score_parts([unwanted]).layout.barmode == "relative"


def test_the_steps_of_a_score_add_up_to_the_score_that_is_shown() -> None:
    figure = waterfall({"words": 0.40045, "meaning": 0.3003, "kind": 0.2373})  # 40.045 + 30.03 + 23.73 = 93.805
    steps = figure.data[0]
    assert list(steps.x) == [40.1, 30.0, 23.7, 93.8]  # rounded each for itself: 40.0, 30.0, 23.7, which lack a tenth
    assert list(steps.text) == ["+40.1", "+30.0", "+23.7", "<b>93.8</b>"]


def test_the_histogram_counts_every_product_once_and_marks_those_shown() -> None:
    values = np.array([0.1, 0.2, 0.9, 0.2], np.float32)
    bars, shown = similarity_histogram(values, [MILK, SOAP], "the query").data
    assert sum(bars.y) == 4
    assert list(shown.x) == pytest.approx([0.1, 0.9])


def test_the_small_map_marks_the_shelf_the_query_and_the_shopper() -> None:
    positions = np.array([[0, 0], [1, 1], [2, 4]], np.float32)
    places = {"query": np.array([1.0, 2.0]), "shopper": np.array([0.5, 0.5])}
    figure = small_map(positions, [MILK, SOAP], places, {"query": "“milk”", "shopper": "the shopper's taste"})
    by_name = {trace.name: (list(trace.x), list(trace.y)) for trace in figure.data}
    assert by_name["on the shelf"] == ([0.0, 2.0], [0.0, 4.0])
    assert by_name["“milk”"] == ([1.0], [2.0])
    assert by_name["the shopper's taste"] == ([0.5], [0.5])


def test_the_small_map_of_nobody_and_nothing_shown_is_only_the_background() -> None:
    figure = small_map(np.zeros((3, 2), np.float32), [], {}, {})
    assert [len(trace.x) for trace in figure.data] == [3, 0]


def test_a_large_catalogue_is_stood_for_by_the_same_sample_each_time() -> None:
    first, second = faint_sample(68_000), faint_sample(68_000)
    assert len(set(first.tolist())) == FAINT_POINTS
    assert np.array_equal(first, second)


def test_the_small_map_of_a_large_catalogue_stays_a_small_payload() -> None:
    positions = np.random.default_rng(1).normal(size=(68_000, 2)).astype(np.float32)
    assert len(small_map(positions, [MILK], {}, {}).to_json()) < 100_000


def test_every_chart_has_a_title_and_labelled_axes() -> None:
    values = np.array([0.1, 0.2, 0.9], np.float32)
    for figure in (score_parts([MILK]), similarity_histogram(values, [MILK], "the query")):
        assert figure.layout.title.text
        assert figure.layout.xaxis.title.text


def test_a_title_with_markup_is_shown_as_it_is_spelt() -> None:
    assert shorten("<b>Tea</b> & milk", 40) == "&lt;b&gt;Tea&lt;/b&gt; &amp; milk"
    assert "<script" not in picture_svg("<script>", "#123456", looks([(1, "<script>")])[0])


def test_no_title_or_query_is_read_as_html_or_as_a_field_of_plotly() -> None:
    named = replace(MILK, title=LINK)
    query = f"“{LINK} %{{x}}”"
    mapped = small_map(np.zeros((1, 2), np.float32), [named], {"query": [0, 0]}, {"query": query})
    for figure in (mapped, score_parts([named]), similarity_histogram(np.ones(1, np.float32), [named], LINK)):
        assert LINK not in texts_of(figure)
        assert "&lt;a href=//e.co&gt;x&lt;/a&gt;" in texts_of(figure)
    assert mapped.data[2].name == "“&lt;a href=//e.co&gt;x&lt;/a&gt; %{x}”"
    assert mapped.data[2].hovertemplate == "%{fullData.name}<extra></extra>"


def test_the_thin_bar_is_as_wide_as_the_parts_are_of_the_best_score() -> None:
    bar = score_bar_svg({"words": 0.25, "meaning": 0.25, "feedback": -0.1}, full=1.0)
    assert bar.count('width="60.0"') == 2  # 240 * 0.25
    assert PARTS.colours["feedback"] not in bar
    assert "<rect" in score_bar_svg({}, full=0.0)


def test_every_part_of_a_score_has_a_colour_of_its_own() -> None:
    assert len(set(PARTS.colours.values())) == len(PARTS)


def test_departments_past_the_palette_share_a_grey() -> None:
    colours = department_colours([f"d{i}" for i in range(len(DEPARTMENT_COLOURS) + 2)])
    assert list(colours.values())[-2:] == [OTHER_DEPARTMENT] * 2
    assert len(set(colours.values())) == len(DEPARTMENT_COLOURS) + 1


@pytest.mark.parametrize("background", ["#FCFBF8", "#15191B"])
def test_every_colour_stands_out_from_the_page_in_light_and_dark(background: str) -> None:
    for colour in (*PARTS.colours.values(), *DEPARTMENT_COLOURS):
        assert contrast(colour, background) >= 2.5, colour


def contrast(first: str, second: str) -> float:
    """The contrast ratio of the Web Content Accessibility Guidelines 2.1, from 1 to 21."""
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance of an sRGB colour, as the same guidelines define it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else math.pow((c + 0.055) / 1.055, 2.4) for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
