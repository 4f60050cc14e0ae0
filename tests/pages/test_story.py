"""The story: every stop opens where it should, likes are taken back, a link opens a stop."""

from __future__ import annotations

import pytest

from pages.shared import story
from recsys.engine import Engine
from recsys.schema import Request
from tests.pages.app_visit import App


def said(app: App) -> str:
    """The sentence of the stop."""
    return next(str(m.value).replace("\\", "") for m in app.at.markdown if str(m.value).startswith("### :gray["))


def test_the_story_goes_from_nobody_to_who_wins_and_leaves_nothing_behind(open_app: type[App], engine: Engine) -> None:
    app = open_app()
    app.press("story.begin")
    assert said(app).startswith("### :gray[1 of ")
    stops = int(said(app).split(" of ")[1].split("]")[0])
    assert stops >= 6
    shoppers, sentences = set(), [said(app)]
    for _ in range(stops - 1):
        app.press("story.on")
        sentences.append(said(app))
        shoppers |= set(app.address.get("shopper", []))
        likes = {event.kind for who in shoppers for event in engine.feedback_of(Request(shopper=who))}
        assert (likes == {"like"}) == ("Two likes" in said(app)) or "Two likes" in "".join(sentences)
    assert len(set(sentences)) == stops
    assert "Who wins" in sentences[-1]
    app.press("story.end")
    assert app.address == {}
    assert all(engine.feedback_of(Request(shopper=who)) == [] for who in shoppers)


def test_what_the_story_says_of_its_query_is_what_its_shelf_shows(open_app: type[App], engine: Engine) -> None:
    app = open_app()
    app.press("story.begin").press("story.on").press("story.on")
    assert "found by what it means" in said(app)
    query, who = app.address["q"][0], app.address["shopper"][0]
    answer = engine.answer(Request(query=query, shopper=who))
    assert answer.understood is not None
    assert not answer.understood.swaps
    assert query in said(app)
    words = {word for word in query.split() if len(word) > 2}
    assert not [item.title for item in answer.items if words & set(item.title.lower().split())]
    assert not [item.reason for item in answer.items if "has “" in item.reason.lower()]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("quick dinner for kids", "“quick dinner” is frozen dinners & entrees here"),
        ("milk", "found by its words and by what it means"),
    ],
)
def test_a_query_that_is_found_otherwise_is_told_otherwise(engine: Engine, query: str, told: str) -> None:
    assert told in story._found(engine.answer(Request(query=query)))


def test_what_came_and_what_went_by_the_likes_of_the_story_is_named(open_app: type[App]) -> None:
    app = open_app()
    app.press("story.begin").press("story.on").press("story.on")
    before = app.cards
    app.press("story.on")
    line = next(str(m.value) for m in app.at.markdown if "Because of 2 likes" in str(m.value)).replace("\\", "")
    came, gone = set(app.cards) - set(before), set(before) - set(app.cards)
    assert ("New: " in line) == bool(came)
    assert ("Gone: " in line) == bool(gone)
    assert "new on the shelf" not in line


def test_what_the_story_asks_is_nobodys_search(open_app: type[App], engine: Engine) -> None:
    app = open_app()
    app.press("story.begin")
    stops = int(said(app).split(" of ")[1].split("]")[0])
    shoppers = set()
    for _ in range(stops - 1):
        app.press("story.on")
        shoppers |= set(app.address.get("shopper", []))
    app.press("story.end")
    app.at.switch_page("pages/shop/storefront/page.py")
    app.run()
    assert not [button.key for button in app.at.button if str(button.key).startswith("recent.")]
    assert shoppers
    assert all(engine.recent_searches(Request(shopper=who), 50) == [] for who in shoppers)


def test_what_is_typed_while_the_story_is_told_is_a_search(open_app: type[App], engine: Engine) -> None:
    app = open_app()
    app.press("story.begin").press("story.on").press("story.on")
    who = app.address["shopper"][0]
    app.ask("bread").press("story.end")
    assert [past.query for past in engine.recent_searches(Request(shopper=who), 50)] == ["bread"]


def test_a_link_opens_a_stop(open_app: type[App]) -> None:
    app = open_app(q="milk", story="3")
    assert said(app).startswith("### :gray[3 of ")
    assert app.cards
    assert app.press("story.back").address["story"] == ["2"]


def test_a_stop_that_this_shop_has_not_ends_the_story(open_app: type[App]) -> None:
    assert not any("### :gray[" in str(m.value) for m in open_app(story="9").at.markdown)
