"""The leaderboard in a real browser: a first visit, on a laptop and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

Screens = Callable[..., Any]


@pytest.mark.parametrize("width", [1440, 420])
def test_a_first_visit_begins_with_a_finding_and_nothing_sticks_out(screen: Screens, width: int) -> None:
    window = screen(width=width, height=900).open("/").open("/leaderboard")
    expect(window.page.get_by_text("built in").first).to_be_visible()
    expect(window.page.get_by_text("All recommenders by nDCG@10")).to_be_visible()
    window.page.get_by_text("Start a run", exact=True).click()
    expect(window.page.get_by_role("button", name="Start", exact=True)).to_be_visible()
    assert window.overflow() <= 0


def test_a_phone_has_it_all_within_three_screens(screen: Screens) -> None:
    window = screen(width=420, height=900).open("/").open("/leaderboard")
    for part, said in (
        ("Ranking", "All recommenders by nDCG@10"),
        ("Verdict", "The rules in full"),
        ("Cost and worth", "Up and to the left is better"),
        ("Pair by pair", "The better of the two stands first"),
        ("Side by side", "Lists and figures by shopper are not here"),
    ):
        window.page.get_by_role("tab", name=part).click()
        expect(window.page.get_by_text(said).first).to_be_visible()
        assert window.tall() <= 3 * 900
        assert window.overflow() <= 0


def test_the_form_of_a_file_asks_for_one(screen: Screens) -> None:
    window = screen().open("/").open("/leaderboard")
    window.page.get_by_text("Start a run", exact=True).click()
    window.page.get_by_text("Foretell the last item of every user of a file").click()
    window.page.get_by_role("button", name="Start", exact=True).click()
    expect(window.page.get_by_text("Give a file of sequences")).to_be_visible()
