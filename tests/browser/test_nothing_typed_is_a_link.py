"""A browser makes no link, picture or look of what somebody typed, on any page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.shops.hostile import HOST, LIVE

Screens = Callable[..., Any]
TYPED = " ".join((LIVE[0], LIVE[2], LIVE[3], LIVE[5], LIVE[7], ":pizza: :material/rocket: **bold** a -> b"))
# `code`, and the icons and emoji that the page itself draws, are not looked for: only what holds what was typed
MADE = f'a[href*="{HOST}"], img[src*="{HOST}"], [href^="mailto:"]'


@pytest.mark.parametrize(
    "page",
    ["", "embedding_map", "compare", "diversity", "catalogue_health", "search_lab", "tags", "leaderboard", "models"],
)
def test_a_query_with_addresses_makes_no_link(screen: Screens, page: str) -> None:
    window = screen().open(f"/{page}?q={quote(TYPED)}&find={quote(LIVE[0])}&department={quote(LIVE[2])}")
    expect(window.page.get_by_text("which this catalogue does not have").first).to_be_visible()
    window.settled()
    assert window.page.locator(MADE).count() == 0


def test_it_is_shown_as_it_was_typed(screen: Screens) -> None:
    window = screen().open(f"/?q={quote('https://evil.example/a **b** :pizza: -> www.evil.example')}")
    heading = window.page.locator("strong").filter(has_text="products for").first
    expect(heading).to_be_visible()
    shown = heading.inner_text().replace("\u2060", "")
    assert "https://evil.example/a **b** :pizza: -> www.evil.example" in shown
    assert heading.locator("a[target=_blank], strong, img").count() == 0
