"""axe-core finds nothing serious on any page, in light and in dark."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.conftest import Screen, windows

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PAGES = (
    "/?q=milk",
    "/?q=milk&mode=xray",
    "/embedding_map?q=milk",
    "/diversity?diversity=0.7&category_cap=2",
    "/compare?q=milk&side_a=as_set&side_b=words&side_c=diverse",
    "/compare?blind=yes",
    "/catalogue_health",
    "/leaderboard",
    "/models",
    "/search_lab?q=milk",
    "/tags",
    "/why?q=milk",
    "/why?shopper=9",
    "/portrait?shopper=18",
    "/segments",
    "/cold_start?answers=12",
    "/live_learning?shopper=18",
    "/live_learning?learning_worth=ahead",
    "/live_learning?learning_worth=logs",
    "/live_learning?learning_worth=plan",
    "/models?studio=encoders",
    "/cold_start?newcomer=product&new_title=oat+milk",
    "/basket?shopper=18",
    "/offers?shopper=18",
    "/ads",
    "/stock",
    "/reviews",
)
SERIOUS = {"serious", "critical"}
TABS_TO_WHY = 45  # from the top of the page, 18 of them in the bar of pages: the most it may be
STOP = """() => { const at = document.activeElement;
    return at.tagName + " " + (at.innerText || at.getAttribute("aria-label") || "").trim().slice(0, 40); }"""


def findings(window: Screen) -> list[str]:
    """What axe-core calls serious or worse: the rule and the first elements it names."""
    from axe_playwright_python.sync_playwright import Axe

    found: dict[str, Any] = Axe().run(window.page).response
    return [
        f"{each['id']}: {node['html'][:160]}"
        for each in found["violations"]
        if each["impact"] in SERIOUS
        for node in each["nodes"][:3]
    ]


@pytest.fixture(
    scope="module", params=[(1400, "light"), (1400, "dark"), (420, "dark")], ids=lambda it: f"{it[0]}-{it[1]}"
)
def visitor(
    request: pytest.FixtureRequest, browser: Browser, server: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Screen]:
    """One window that goes through all pages: every new one would fetch the whole front end again."""
    width, scheme = request.param
    with windows(browser, server, tmp_path_factory.mktemp("pages") / f"{width}-{scheme}") as new:
        yield new(width, 900, color_scheme=scheme).open("/").wait_for_cards()


@pytest.mark.parametrize("address", PAGES)
def test_nothing_serious_is_found_on_a_page(visitor: Screen, address: str) -> None:
    visitor.open(address)
    if "map" in address:  # its row of products is reached by the keyboard once it is linked with the map
        visitor.page.locator('[class*="st-key-dot-"][tabindex="0"]').first.wait_for()
    visitor.page.wait_for_timeout(1500)  # what comes in late: charts
    assert findings(visitor) == []
    assert visitor.errors == []


def test_the_first_why_is_few_tabs_away(screen: Callable[..., Screen]) -> None:
    window = screen(1400, 900)
    window.open("/").wait_for_cards()
    window.page.wait_for_timeout(1500)  # what comes in late is drawn anew and would take the focus along
    passed: list[str] = []
    while len(passed) < TABS_TO_WHY:
        window.page.keyboard.press("Tab")
        # A scrolling part of the page is a stop too; its text is the whole page's.
        passed.append(window.page.evaluate(STOP))
        if passed[-1].startswith("BUTTON Why?"):
            return
    pytest.fail(f"{TABS_TO_WHY} presses of Tab do not reach the first Why?, they reach {passed}")


FILLED = """() => document.querySelectorAll('[data-testid="stPopoverBody"] :is(input, button)').length > 6"""
INSIDE = """() => Boolean(document.activeElement.closest('[data-testid="stPopoverBody"]'))"""


def test_what_is_open_is_reached_left_and_closed_by_the_keyboard(screen: Callable[..., Screen]) -> None:
    window = screen(1400, 900)
    window.open("/?q=milk").wait_for_cards()
    window.page.locator('html[data-popovers="reached"]').wait_for(state="attached")
    window.page.wait_for_timeout(1500)
    keys, opener = window.page.keyboard, window.page.get_by_role("button", name="Sort and filter").last
    opener.focus()
    keys.press("Enter")
    keys.press("Tab")  # at once: what is in it may come in later
    window.page.wait_for_function(INSIDE)
    window.page.wait_for_function(FILLED)  # what is in it comes in one after another
    assert findings(window) == []
    opener.focus()
    keys.press("Tab")
    assert window.page.evaluate(INSIDE), window.page.evaluate(STOP)
    keys.press("Shift+Tab")
    assert window.page.evaluate(STOP).startswith("BUTTON tune")
    inside = 0
    keys.press("Tab")
    while window.page.evaluate(INSIDE):
        inside += 1
        keys.press("Tab")
        assert inside < 30, "Tab does not leave the popover"
    assert inside > 4  # the order, the departments, the facets
    opener.focus()
    opener.blur()  # as when the page is drawn anew and takes the focus along
    keys.press("Tab")
    assert window.page.evaluate(INSIDE), window.page.evaluate(STOP)
    keys.press("Escape")
    window.page.get_by_test_id("stPopoverBody").wait_for(state="detached")
    window.page.wait_for_function("() => document.activeElement.innerText.startsWith('tune')")
