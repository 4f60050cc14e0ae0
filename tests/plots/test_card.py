"""The bar of likely departments says how likely each is by its width, in the colours of the departments."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from recsys.plots.card import BAR_WIDTH, dot_svg, likelihood_bar_svg
from recsys.plots.style import OTHER_DEPARTMENT

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
