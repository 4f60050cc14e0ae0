"""The embedding map: what is sent to the browser, and how little of it."""

from __future__ import annotations

import itertools

import numpy as np
import plotly.graph_objects as go
import plotly.io
import pytest

from recsys.plots.maps import (
    NAME_HEIGHT,
    UNIT,
    Groups,
    Marks,
    Scale,
    apart,
    by_department,
    by_value,
    embedding_map,
    hover_labels,
    join,
    logarithmic,
    name_regions,
    spread,
    tiles,
    true_colours,
)
from recsys.schema.money import DOLLARS
from tests.plots.figure_json import LINK, texts_of

SQUARE = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], np.float32)
LABELS = np.array(["a", "b", "c", "d"], dtype=object)
ALL = np.arange(4, dtype=np.int32)


def test_products_at_one_place_are_fanned_out_and_others_stay() -> None:
    positions = np.array([[0, 0], [0.5, 0.5], [0, 0], [0, 0]], np.float32)
    out = spread(positions)
    assert out[0].tolist() == [0, 0]  # the first of a place stays: sqrt(0) = 0
    assert out[1].tolist() == [0.5, 0.5]
    away = np.linalg.norm(out[[2, 3]], axis=1)
    assert away == pytest.approx([0.0013 * 1, 0.0013 * 2**0.5], abs=1e-6)
    assert (spread(positions) == out).all()


def test_fanning_out_works_in_a_cube() -> None:
    assert len(np.unique(spread(np.zeros((50, 3), np.float32)), axis=0)) == 50


def test_hover_tells_title_and_price_and_never_holds_html() -> None:
    labels = hover_labels(["Milk", "x" * 60, "<b>Ham"], np.array([1.5, np.nan, 2]), DOLLARS)
    assert labels[0] == "Milk · $1.50"
    assert labels[1] == "x" * 43 + "… · price unknown"
    assert labels[2] == "&lt;b&gt;Ham · $2.00"


def test_no_name_of_the_data_or_of_a_person_is_read_as_html() -> None:
    labels = hover_labels([LINK] * 4, np.ones(4), DOLLARS)
    marks = [
        Marks(f"found {LINK}", SQUARE[:1], "#333333", rows=ALL[:1]),
        Marks(f"“{LINK}”", SQUARE[:1], "#333333"),
    ]
    for colouring in (Groups([LINK], np.zeros(4, np.int16), ["#111111"]), Scale(LINK, np.ones(4, np.float32))):
        sent = texts_of(embedding_map(SQUARE, labels, colouring, ALL, marks, "UMAP, 2-D"))
        assert LINK not in sent
        assert "found &lt;a href=//e.co&gt;x&lt;/a&gt;" in sent
        assert "“&lt;a href=//e.co&gt;x&lt;/a&gt;”" in sent
        assert sent.count("&amp;lt;") == 0, "escaped twice"


def test_a_marked_product_says_what_products_say_and_another_mark_its_name() -> None:
    groups = Groups(["all"], np.zeros(4, np.int16), ["#111111"])
    marks = [Marks("bought", SQUARE[2:3], "#333333", rows=ALL[2:3]), Marks("“%{x}”", SQUARE[:1], "#333333")]
    _, bought, query = embedding_map(SQUARE, LABELS, groups, ALL, marks, "UMAP, 2-D").data
    assert list(bought.text) == ["c"]
    assert query.name == "“%{x}”"
    assert query.hovertemplate == "%{fullData.name}<extra></extra>"


def test_small_departments_share_one_grey_entry() -> None:
    order = [f"d{i}" for i in range(14)]
    groups = by_department(np.array(["d0", "d11", "d12", "d13"], dtype=object), order)
    assert groups.codes.tolist() == [0, 11, 12, 12]
    assert groups.names[12] == "2 smaller departments"
    assert len(groups.colours) == 13


def test_a_log_scale_has_round_ticks_and_places_for_unknown_values() -> None:
    scale = logarithmic(np.array([1, 10, 100, np.nan]), "US dollars", "${:g}", 1)
    assert scale.ticks[0.0] == "$1"
    assert scale.ticks[1.0] == "$10"
    assert scale.values[3] == scale.values[0]


def test_every_product_is_drawn_with_its_row_and_marks_lie_over_them() -> None:
    groups = Groups(["even", "odd"], np.array([0, 1, 0, 1]), ["#111111", "#222222"])
    star = Marks("the query", np.array([[0, 0.5]], np.float32), "#333333", "star")
    figure = embedding_map(SQUARE, LABELS, groups, ALL, [star], "UMAP, 2-D")
    assert [t.name for t in figure.data] == ["even", "odd", "the query"]
    assert figure.data[0].customdata.tolist() == [0, 2]
    assert figure.data[1].text.tolist() == ["b", "d"]
    assert figure.data[2].y.tolist() == [UNIT // 2]
    assert figure.data[2].customdata is None


def test_only_the_rows_asked_for_are_drawn_and_high_values_lie_on_top() -> None:
    scale = Scale("cosine", np.array([0.9, 0.1, 0.5, 0.2], np.float32))
    figure = embedding_map(SQUARE, LABELS, scale, np.array([0, 1, 2], np.int32), [], "UMAP, 2-D")
    assert figure.data[0].customdata.tolist() == [1, 2, 0]
    # .1 to .9 over the shades 0 to 255: .5 lies half-way, at 127.5
    assert figure.data[0].marker.color.tolist() == pytest.approx([0, 127.5, 255], abs=0.6)


def test_a_cube_is_drawn_in_three_dimensions_with_shapes_that_it_knows() -> None:
    corners = np.array([[0, 0, 0], [1, 1, 1]], np.float32)
    groups = Groups(["all"], np.zeros(2, np.int16), ["#111111"])
    star = Marks("the query", corners[:1], "#333333", "star")
    figure = embedding_map(corners, LABELS[:2], groups, ALL[:2], [star], "UMAP, 3-D")
    assert [t.type for t in figure.data] == ["scatter3d", "scatter3d"]
    assert figure.data[1].marker.symbol == "diamond"


def test_an_empty_mark_leaves_no_entry_in_the_legend() -> None:
    nobody = Marks("nobody", np.empty((0, 2), np.float32), "#333333")
    figure = embedding_map(SQUARE, LABELS, Groups(["all"], np.zeros(4, np.int16), ["#111111"]), ALL, [nobody], "x")
    assert [t.name for t in figure.data] == ["all"]


def test_the_map_of_68000_products_is_sent_in_less_than_four_megabytes() -> None:
    rng = np.random.default_rng(0)
    positions = rng.uniform(-1, 1, (68_000, 2)).astype(np.float32)
    labels = hover_labels(["Frozen waffles & pancakes, 12 oz"] * 68_000, rng.uniform(1, 9, 68_000), DOLLARS)
    groups = Groups(["all"], np.zeros(68_000, np.int16), ["#111111"])
    figure = embedding_map(positions, labels, groups, np.arange(68_000, dtype=np.int32), [], "UMAP, 2-D")
    assert len(plotly.io.to_json(figure, validate=False)) < 4e6


def test_a_name_gives_way_to_one_that_it_would_lie_on() -> None:
    figure = go.Figure()
    name_regions(figure, [(0.0, 0.0, "toys & christmas"), (0.02, 0.01, "magazines"), (0.0, -0.9, "bath")])
    first, second, far = figure.layout.annotations
    assert (first.yshift, far.yshift) == (0, 0)
    assert abs(second.yshift) >= NAME_HEIGHT
    assert [note.text for note in (first, second)] == ["<b>toys &amp; christmas</b>", "<b>magazines</b>"]


def test_a_crowd_of_names_in_one_place_is_shown_all_the_same() -> None:
    figure = go.Figure()
    name_regions(figure, [(0.0, 0.0, "bread")] * 20)
    assert len(figure.layout.annotations) == 20


def test_products_without_a_place_are_left_out_and_so_are_marks_and_lines() -> None:
    places = SQUARE.copy()
    places[1] = np.nan
    groups = Groups(["all"], np.zeros(4, np.int16), ["#111111"])
    marks = [Marks("on the shelf", places[[0, 1]], "#333333", rows=ALL[:2]), Marks("gone", places[1:2], "#333333")]
    figure = embedding_map(spread(places), LABELS, groups, ALL, marks, "UMAP, 2-D")
    products, shelf = figure.data
    assert list(products.customdata) == [0, 2, 3]
    assert list(shelf.customdata) == [0]
    join(figure, SQUARE[2], places[[0, 1]], "#222222")
    assert len(figure.data[-1].x) == 3


def test_values_that_name_colours_are_shown_in_them() -> None:
    values = np.array(["red", "sky blue", "red", "", "mustard"], dtype=object)
    groups = by_value(values, "colour")
    assert groups.true
    assert list(groups.names) == ["red", "mustard", "sky blue", "colour unknown"]
    assert groups.codes.tolist() == [0, 2, 0, 3, 1]
    assert list(groups.colours[:3]) == ["#ff0000", "#d8a520", "#87ceeb"]


def test_other_values_have_colours_that_are_told_apart() -> None:
    groups = by_value(np.array(["wool", "silk", "wool", ""], dtype=object), "material")
    assert not groups.true
    assert list(groups.names) == ["wool", "silk", "material unknown"]
    assert len(set(groups.colours)) == 3


def test_a_shade_is_its_colour_and_a_list_without_colours_has_none() -> None:
    assert true_colours(["dark red", "light-blue", "heather grey", "navy"]) == [
        "#8b0000", "#add8e6", "#808080", "#000080",
    ]  # fmt: skip
    assert true_colours(["wool", "silk"]) == []
    assert true_colours([]) == []


def test_the_names_at_the_edges_grow_inwards() -> None:
    figure = go.Figure()
    name_regions(figure, [(-0.95, 0.5, "mug"), (0.95, 0.5, "lipstick"), (0, 0, "lamp")])
    assert [each.xanchor for each in figure.layout.annotations] == ["left", "right", "center"]


def test_small_pictures_lie_beside_each_other_the_first_first() -> None:
    positions = np.array([[0, 0], [0.01, 0], [0.5, 0.5], [np.nan, np.nan], [-0.9, 0], [0.52, 0.9]], np.float32)
    chosen = apart(positions, np.array([1, 3], np.int32)).tolist()
    assert chosen[0] == 1
    assert set(chosen) == {1, 2, 4, 5}  # 0 would lie on 1, and 3 has no place
    figure = go.Figure()
    tiles(figure, [(positions[row], f"data:{row}") for row in chosen])
    assert [image.source for image in figure.layout.images] == [f"data:{row}" for row in chosen]
    for one, other in itertools.combinations(figure.layout.images, 2):
        assert abs(one.x - other.x) >= one.sizex - 1 or abs(one.y - other.y) >= one.sizey - 1
    assert apart(np.full((3, 2), np.nan), np.empty(0, np.int32)).tolist() == []
