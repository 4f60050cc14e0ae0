"""The search lab in a real browser: a query graded by a click, a set run and its worst query opened; on a phone too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

Screens = Callable[..., Any]


@pytest.mark.parametrize("width", [1440, 420])
def test_systems_stand_side_by_side_and_fit_the_window(screen: Screens, width: int) -> None:
    window = screen(width=width, height=900).open("/").open("/search_lab?q=milk")
    expect(window.page.locator('[class*="st-key-search_lab-result-words"]')).to_have_count(10)
    assert width > 420 or window.tall() <= 3 * 900
    assert window.overflow() <= 0
    for part, said in (
        ("Rank changes", "How ranks change from system to system"),
        ("Milliseconds", "the systems take turns"),
        ("All scores", "Ranks and scores by system"),
    ):
        window.page.get_by_role("tab", name=part).click()
        expect(window.page.get_by_text(said)).to_be_visible()


def test_a_query_is_graded_and_a_set_of_graded_queries_is_run(screen: Screens) -> None:
    window = screen().open("/").open("/search_lab?q=milk")
    window.page.locator('[class*="st-key-search_lab-grade-words"] button', has_text="3").first.click()
    expect(window.page.get_by_text("1 grade for this query")).to_be_visible()
    window.page.get_by_role("radio", name="Query sets").click()
    window.page.get_by_role("combobox", name="Query set").click()  # it begins with what came with the shop
    window.page.get_by_role("option", name="All queries with a grade").click()
    window.page.get_by_role("button", name="Run over all systems").click()
    expect(window.page.get_by_text("Worst queries first")).to_be_visible()
    expect(window.page.get_by_text("All queries with a grade:")).to_be_visible()
    assert window.overflow() <= 0
