"""The bar of likely departments says how likely each is by its width, in the colours of the departments."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from recsys.plots.card import BAR_WIDTH, FUNNEL_HEIGHT, FUNNEL_WIDTH, dot_svg, funnel_svg, likelihood_bar_svg
from recsys.plots.style import OTHER_DEPARTMENT
from recsys.schema import Stage

COLOURS = {"Grocery": "#4477AA", "Deli": "#228833"}
SVG = "{http://www.w3.org/2000/svg}"


def pieces(svg: str) -> list[tuple[str, float, float]]:
    """(colour, where it begins, how wide it is) of each piece of the bar, from left to right."""
    group = ElementTree.fromstring(svg).find(f"{SVG}g")
    assert group is not None
    return [(r.attrib["fill"], float(r.attrib["x"]), float(r.attrib["width"])) for r in group]


def test_each_department_is_as_wide_as_it_is_likely_less_a_gap_of_two() -> None:
    assert BAR_WIDTH == 420
    found = pieces(likelihood_bar_svg([("Grocery", 0.5), ("Deli", 0.25)], COLOURS))
    assert found == [("#4477AA", 0, 208), ("#228833", 210, 103), ("#808894", 315, 105)]  # the rest is a quarter


def test_departments_that_are_all_there_is_leave_no_rest() -> None:
    assert [width for _, _, width in pieces(likelihood_bar_svg([("Grocery", 0.75), ("Deli", 0.25)], COLOURS))] == [
        313,
        103,
    ]


def test_a_department_without_a_colour_and_one_that_is_hardly_likely_are_drawn_all_the_same() -> None:
    colour, start, width = pieces(likelihood_bar_svg([("Odd", 0.001)], COLOURS))[0]
    assert (colour, start, width) == (OTHER_DEPARTMENT, 0, 1)


@pytest.mark.parametrize("likely", [[], [("Grocery", -0.5)], [("Grocery", 7.0)]])
def test_odd_shares_stay_within_the_bar(likely: list[tuple[str, float]]) -> None:
    for _, start, width in pieces(likelihood_bar_svg(likely, COLOURS)):
        assert 0 <= start <= start + width <= BAR_WIDTH


def test_a_dot_has_its_colour() -> None:
    circle = ElementTree.fromstring(dot_svg("#4477AA")).find(f"{SVG}circle")
    assert circle is not None
    assert circle.attrib["fill"] == "#4477AA"


def shapes(svg: str) -> list[list[tuple[float, float]]]:
    """The corners of each stage of a funnel: above left, above right, below right, below left."""
    drawn = ElementTree.fromstring(svg).findall(f"{SVG}polygon")
    return [[(float(x), float(y)) for x, y in (c.split(",") for c in p.attrib["points"].split())] for p in drawn]


def test_each_stage_of_a_funnel_is_as_wide_as_its_time_and_as_high_as_its_products() -> None:
    stages = [
        Stage("words", "Words", 999, 99, 6.0),
        Stage("folded", "Folded", 99, 9, 2.0),
        Stage("ask", "Ask", 1, 1, 2),
    ]
    wide, half, line = shapes(funnel_svg(stages, "#000000"))
    assert [corners[1][0] - corners[0][0] + 2 for corners in (wide, half, line)] == [576, 192, 192]
    heights = [corners[3][1] - corners[0][1] for corners in (wide, half, line)]
    assert heights == pytest.approx([FUNNEL_HEIGHT, FUNNEL_HEIGHT * 2 / 3, 2], abs=0.2)  # log 1000 : log 100, a line
    assert wide[2][1] - wide[1][1] == pytest.approx(heights[1], abs=0.2)  # it ends as high as the next begins


def test_a_funnel_of_no_time_and_of_no_products_is_drawn_within_its_width() -> None:
    corners = shapes(funnel_svg([Stage("a", "A", 0, 0, 0.0), Stage("b", "B", 0, 0, 0.0)], "#000000"))
    assert all(0 <= x <= FUNNEL_WIDTH and 0 <= y <= FUNNEL_HEIGHT for shape in corners for x, y in shape)
    assert funnel_svg([], "#000000").endswith("></svg>")
