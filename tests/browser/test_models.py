"""The page of models in a real browser: nothing trained yet, on a laptop and on a phone; and one short training."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

Screens = Callable[..., Any]


@pytest.mark.parametrize("width", [1440, 420])
def test_a_first_visit_says_what_is_in_use_and_what_to_do(screen: Screens, width: int) -> None:
    window = screen(width=width, height=900).open("/").open("/models")
    expect(window.page.get_by_text("built in").first).to_be_visible()
    expect(window.page.get_by_text("Models in use")).to_be_visible()
    window.page.get_by_text("Train a model").click()
    expect(window.page.get_by_role("button", name="Start", exact=True)).to_be_visible()
    assert window.overflow() <= 0


def test_a_training_is_started_watched_kept_and_discarded(screen: Screens) -> None:
    window = screen().open("/").open("/models")
    window.page.get_by_text("Train a model").click()
    window.settled().page.wait_for_timeout(1000)  # what is drawn anew closes a list that is open
    window.page.get_by_role("combobox", name="Model", exact=False).first.click()
    window.page.get_by_text("Bestsellers (most popular)").click()
    window.page.get_by_role("button", name="Start", exact=True).click()
    window.page.get_by_role("button", name="Keep it").click()
    expect(window.page.get_by_text("finished and kept").first).to_be_visible()
    discard = window.page.locator('[data-testid="stPopover"] button', has_text="Discard")
    expect(discard).to_have_count(1)  # until the page is drawn anew, the one of before stands beside it
    discard.click()
    window.page.get_by_role("button", name="Yes, discard it").click()
    expect(window.page.get_by_text("The training was discarded")).to_be_visible()
