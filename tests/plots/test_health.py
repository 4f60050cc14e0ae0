"""The drawings of the Catalogue health page, from figures a reader can redo."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.plots.health import count_bars, dropped_waterfall, lorenz_curve, price_scatter, share_bars
from recsys.schema.money import DOLLARS, Money
from tests.plots.figure_json import LINK, texts_of

EUROS = Money("EUR", "de_DE")


def test_the_waterfall_ends_at_what_was_kept() -> None:
    bars = dropped_waterfall(100, ["fuel", "no quantity"], [10, 5], "purchase lines").data[0]
    assert list(bars.x) == [100, -10, -5, 85]
    assert list(bars.measure) == ["absolute", "relative", "relative", "total"]
    assert list(bars.text) == ["100", "-10", "-5", "85"]


def test_a_waterfall_in_which_nothing_was_dropped_is_still_drawn() -> None:
    figure = dropped_waterfall(100, ["fuel"], [0], "purchase lines")
    assert list(figure.data[0].text) == ["100", "0", "100"]


def test_shares_are_shown_in_per_cent() -> None:
    bars = share_bars(["size", "price"], [0.25, 0.0], "Empty values", "share of products").data[0]
    assert list(bars.x) == [25, 0]
    assert list(bars.text) == ["25.0%", "0.0%"]


def test_departments_of_very_different_size_share_a_log_axis() -> None:
    figure = count_bars(["Grocery", "Floral"], [10_000, 10], "Products by department", "products")
    assert figure.layout.xaxis.type == "log"
    assert list(figure.data[0].text) == ["10,000", "10"]


def test_the_line_of_usual_prices_spans_all_points_and_titles_are_shown_as_spelt() -> None:
    figure = price_scatter(np.array([2.0, 4.0]), np.array([40.0, 0.5]), ["<i>Ham", "Tea"], DOLLARS)
    assert list(figure.data[0].text) == ["&lt;i&gt;Ham", "Tea"]
    assert list(figure.data[1].x) == [0.5, 40]


def test_the_lorenz_curve_is_drawn_in_per_cent_beside_perfect_equality() -> None:
    figure = lorenz_curve([0, 0.5, 1], [0, 0.1, 1], 0.4)
    assert list(figure.data[0].x) == [0, 100]
    assert list(figure.data[1].y) == pytest.approx([0, 10, 100])
    assert "0.40" in figure.layout.title.text


def test_no_name_of_the_data_is_read_as_html() -> None:
    figures = [
        dropped_waterfall(9, [LINK], [1], LINK),
        share_bars([LINK], [0.5], LINK, LINK),
        count_bars([LINK], [5], LINK, LINK),
        price_scatter(np.array([1.0]), np.array([2.0]), [LINK], DOLLARS),
    ]
    for figure in figures:
        assert LINK not in texts_of(figure)
        assert "&lt;a href=//e.co&gt;x&lt;/a&gt;" in texts_of(figure)


@pytest.mark.parametrize(("money", "written", "separators"), [(DOLLARS, "1,234", None), (EUROS, "1.234", ",.")])
def test_numbers_are_written_as_in_the_shop_s_country(money: Money, written: str, separators: str | None) -> None:
    bars = count_bars(["Shelter"], [1_234], "Products", "products", money)
    steps = dropped_waterfall(1_234, ["fuel"], [0], "purchases", money)
    assert [bars.data[0].text[0], steps.data[0].text[0]] == [written, written]
    assert f"From {written} to {written}" in steps.layout.title.text
    assert bars.layout.separators == steps.layout.separators == separators
