"""What a person who has never seen it does: pick, type, understand, like, look at the map, send the link."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

QUERY = "quick dinner for kids"

Screens = Callable[..., Any]


def choose_household(window: Any, household: str) -> None:
    window.page.get_by_role("button", name="Somebody else").click()
    picker = window.page.get_by_role("combobox", name="Who is shopping?")
    picker.click()
    picker.fill(household)
    window.page.get_by_role("option", name=re.compile(rf"^{household} · ")).first.click()
    expect(window.page).to_have_url(re.compile(rf"shopper={household}"))
    window.page.keyboard.press("Escape")
    window.settled()


def ask(window: Any, query: str) -> None:
    field = window.page.get_by_label("What are you looking for?")
    field.fill(query)
    field.press("Enter")
    expect(window.page.get_by_text(re.compile(rf"products for .*{re.escape(query)}")).first).to_be_visible()
    window.settled()


def like(window: Any, place: int) -> None:
    """Press the heart of the card in that place, and wait until it is shown as pressed."""
    key = window.cards().nth(place).locator('[class*="st-key-like-"]').first.get_attribute("class")
    mine = next(name for name in key.split() if name.startswith("st-key-like-"))
    heart = window.page.locator(f".{mine} button").first
    heart.click()
    expect(window.page.get_by_text(re.compile(r"^Liked"))).not_to_have_count(0)
    window.settled()


def test_the_first_screen_shows_products_without_being_asked(screen: Screens) -> None:
    window = screen().open("/").wait_for_cards()
    assert window.cards().count() == 12
    expect(window.page).to_have_title(re.compile("ShelfLens|Storefront"))


def test_a_household_and_a_query_bring_products_with_their_reasons(screen: Screens, households: list[str]) -> None:
    window = screen().open("/").wait_for_cards()
    before = window.titles()
    choose_household(window, households[0])
    ask(window, QUERY)
    assert window.titles() != before
    assert window.cards().count() == 12
    for card in window.cards().all():
        text = card.inner_text()
        assert re.search(r"\$\d|price unknown", text), text
        assert len(card.locator('[data-testid="stCaptionContainer"]').last.inner_text()) > 10  # the reason
    window.cards().first.get_by_role("button", name="Why?").click()
    dialog = window.page.get_by_role("dialog")
    expect(dialog).to_contain_text("nothing stands above it")
    expect(dialog.locator(".js-plotly-plot")).to_be_visible()


def test_two_likes_move_the_shelf_and_forgetting_moves_it_back(screen: Screens, households: list[str]) -> None:
    window = screen().open(f"/?shopper={households[1]}&q=snacks&mode=xray").wait_for_cards()
    before = window.titles()
    like(window, 3)
    like(window, 6)
    expect(window.page.get_by_text(re.compile(r"turned \d+°.*you liked 2"))).to_be_visible()
    assert window.titles() != before

    window.page.get_by_role("button", name="Forget my feedback").click()
    window.page.get_by_role("button", name="Yes, forget it").click()
    expect(window.page.get_by_text(re.compile("you liked"))).to_have_count(0)
    assert window.titles() == before


def test_the_link_shows_a_colleague_the_same_screen(screen: Screens, households: list[str]) -> None:
    mine = screen().open("/").wait_for_cards()
    choose_household(mine, households[2])
    ask(mine, QUERY)
    like(mine, 2)
    link = mine.page.url
    colleague = screen().open(link)
    assert colleague.titles() == mine.titles()
    expect(colleague.page.get_by_label("What are you looking for?")).to_have_value(QUERY)
    assert colleague.page.url == link


def test_a_new_shopper_learns_from_the_first_like(screen: Screens) -> None:
    window = screen().open("/?shopper=new").wait_for_cards()
    like(window, 0)
    expect(window.page).to_have_url(re.compile("visitor="))
    window.page.get_by_role("button", name="Undo").click()
    expect(window.page.get_by_text(re.compile(r"^Liked"))).to_have_count(0)


def test_three_likes_teach_a_shelf_that_learns_and_forgetting_brings_it_back(screen: Screens) -> None:
    window = screen().open("/?shopper=new").wait_for_cards()
    before = window.titles()
    window.page.get_by_text("Learn from what I press").click()
    expect(window.page).to_have_url(re.compile("learn=on"))
    window.settled()
    for place in (2, 5, 7):
        like(window, place)
    expect(window.page.get_by_text(re.compile("Learned step by step from 3 presses"))).to_be_visible()
    expect(window.page.get_by_text(re.compile(r"^Moved up \d+ places? because you liked")).first).to_be_visible()
    assert window.titles() != before
    window.page.get_by_role("link", name="See what moved").click()
    expect(window.page).to_have_url(re.compile("live_learning.*learn=on"))
    expect(window.page.get_by_text(re.compile("After 3 acts"))).to_be_visible()
    window.settled()  # going back while it is drawn goes back to its own beginning
    window.page.go_back()
    window.wait_for_cards()
    window.page.get_by_role("button", name="Forget my feedback").click()
    window.page.get_by_role("button", name="Yes, forget it").click()
    expect(window.page.get_by_text(re.compile("Learned step by step"))).to_have_count(0)
    assert window.titles() == before


def test_the_query_is_found_on_the_map(screen: Screens, households: list[str]) -> None:
    window = screen().open(f"/?shopper={households[0]}&q=quick+dinner+for+kids").wait_for_cards()
    window.page.get_by_role("link", name="Map", exact=True).first.click()
    expect(window.page).to_have_url(re.compile("embedding_map"))
    expect(window.page.locator(".js-plotly-plot").first).to_be_visible()
    window.settled()
    assert window.page.locator(".js-plotly-plot canvas").count() > 0, "the map is drawn with WebGL"
    drawn = window.page.evaluate(
        "() => Math.max(...[...document.querySelectorAll('.js-plotly-plot')].map("
        "plot => plot._fullData.reduce((n, trace) => n + (trace._length || 0), 0)))"
    )
    assert drawn > 1_000
    marked = window.page.evaluate(
        "() => [...document.querySelectorAll('.js-plotly-plot')].flatMap(plot => plot._fullData)"
        ".filter(trace => trace.visible === true && trace._length > 0).map(trace => trace.name)"
    )
    assert f"“{QUERY}”" in marked, marked
    first = window.page.locator('[class*="st-key-dot-"]').first
    first.hover()
    ring = window.page.locator(".js-plotly-plot > div[style*='border-radius: 50%']")
    expect(ring).to_be_visible()  # around the dot of the product that is pointed at


@pytest.mark.parametrize(("width", "whole"), [(1400, 8), (420, 2)])
def test_the_first_screen_holds_whole_products(screen: Screens, width: int, whole: int) -> None:
    window = screen(width, 900).open("/").wait_for_cards()
    window.page.wait_for_timeout(1000)  # what comes in late may push them down
    boxes = [card.bounding_box() for card in window.cards().all()]
    assert sum(box["y"] + box["height"] <= 900 for box in boxes if box) >= whole


def test_the_story_is_told_with_the_arrow_keys(screen: Screens) -> None:
    window = screen().open("/").wait_for_cards()
    window.page.get_by_role("button", name="Tell the story").first.click()
    for stop in range(1, 7):
        expect(window.page.get_by_text(re.compile(rf"^{stop} of \d"))).to_be_visible()
        window.settled()
        window.page.keyboard.press("ArrowRight")
    window.settled()


def test_back_in_the_browser_goes_through_the_stops_of_the_story(screen: Screens) -> None:
    window = screen(1400, 900).open("/").wait_for_cards()
    window.page.get_by_role("button", name="Tell the story").first.click()
    heading = window.page.locator(".st-key-story h3")
    expect(heading).to_have_text(re.compile("^1 of "))
    last = int(heading.inner_text().split(" of ")[1].split()[0])
    told = [heading.inner_text()]
    for stop in range(2, last + 1):
        window.page.keyboard.press("ArrowRight")
        expect(heading).to_have_text(re.compile(f"^{stop} of "))
        window.settled()
        window.page.wait_for_function(f"() => location.search.includes('story={stop}')")
        told.append(heading.inner_text())
    seen = [heading.inner_text()]
    for _ in range(2 * last):  # turning to another page leaves two entries
        window.page.go_back()
        window.page.wait_for_timeout(1000)
        window.settled()
        if (now := heading.inner_text()) != seen[-1]:
            seen.append(now)
        if now.startswith("2 of "):
            break
    assert seen == told[:0:-1]


def test_the_story_is_read_and_turned_on_a_phone(screen: Screens) -> None:
    window = screen(420, 900).open("/?story=3&q=snacks").wait_for_cards()
    sentence = window.page.locator(".st-key-story h3").bounding_box()
    buttons = [window.page.locator(f".st-key-story-{name} button").bounding_box() for name in ("back", "on", "end")]
    assert sentence["width"] >= 300
    assert sentence["height"] <= 200
    assert all(each["y"] >= sentence["y"] + sentence["height"] for each in buttons)
    assert all(each["x"] >= 0 and each["x"] + each["width"] <= 420 and each["y"] < 900 for each in buttons)
    assert window.overflow() <= 0


@pytest.mark.parametrize("width", [420, 900])
def test_the_tile_of_whoever_is_picked_is_seen_whole(screen: Screens, width: int) -> None:
    window = screen(width, 900).open("/").wait_for_cards()
    tiles = window.page.locator('[class*="st-key-tile-"]')
    last = tiles.nth(tiles.count() - 1).get_attribute("class")
    picked = next(name.removeprefix("st-key-tile-") for name in last.split() if name.startswith("st-key-tile-"))
    window.open(f"/?shopper={picked}").wait_for_cards()
    tile = window.page.locator(f".st-key-tile-{picked}")
    expect(tile).to_be_in_viewport(ratio=0.99)


def test_what_is_chosen_stands_in_the_popovers_that_are_opened_later(screen: Screens, households: list[str]) -> None:
    window = screen(1400, 900).open(f"/?shopper={households[0]}&q=milk&sort=price").wait_for_cards()
    like(window, 2)  # a run in which neither was chosen
    window.page.get_by_role("button", name="Somebody else").click()
    picker = window.page.get_by_role("combobox", name="Who is shopping?")
    expect(picker).to_have_value(re.compile(rf"^{households[0]} · "))
    window.page.keyboard.press("Escape")
    window.page.get_by_role("button", name="Cheapest first").click()
    expect(window.page.get_by_role("combobox", name="Order")).to_have_value("Cheapest first")


def test_the_catalogue_health_page_opens(screen: Screens) -> None:
    window = screen().open("/catalogue_health")
    expect(window.page.get_by_text(re.compile("dropped", re.IGNORECASE)).first).to_be_visible()
    window.settled()


@pytest.mark.parametrize("page", ["/", "/embedding_map", "/diversity", "/catalogue_health"])
def test_a_first_visit_can_start_at_any_page(screen: Screens, page: str) -> None:
    window = screen().open(page)
    expect(window.page.get_by_role("link", name="Storefront").first).to_be_visible()
    expect(window.page.get_by_text("Page not found")).to_have_count(0)


@pytest.mark.parametrize("page", ["/?q=soup", "/embedding_map", "/diversity?diversity=0.7", "/catalogue_health"])
def test_nothing_sticks_out_on_a_phone(screen: Screens, page: str) -> None:
    window = screen(width=420, height=900).open(page)
    assert window.overflow() <= 0


def test_a_dark_system_gets_a_dark_page(screen: Screens) -> None:
    window = screen(color_scheme="dark").open("/").wait_for_cards()
    app = window.page.get_by_test_id("stApp")
    colour = app.evaluate("element => getComputedStyle(element).backgroundColor")
    red, green, blue = (int(part) for part in re.findall(r"\d+", colour)[:3])
    assert max(red, green, blue) < 80, colour


@pytest.mark.parametrize(
    "address",
    [
        "/?k=1000000000",
        "/?shopper_weight=7",
        "/?shopper=nobody-has-this-id",
        "/?q=%27%3B%20DROP%20TABLE%20x%3B--",
        "/?q=%F0%9F%A5%A6",
        "/?meaning_weight=NaN&half_life_days=-1&fold=x&k=-1",
    ],
)
def test_a_bad_link_is_answered_with_products_and_plain_words(screen: Screens, address: str) -> None:
    window = screen().open(address)
    window.page.get_by_text("Nothing fits").or_(window.cards()).first.wait_for()
    assert "Traceback" not in window.page.inner_text("body")
