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


def test_likes_that_a_closed_window_left_behind_are_taken_back(open_app: type[App], engine: Engine) -> None:
    closed = open_app()
    closed.press("story.begin").press("story.on").press("story.on").press("story.on")
    who = closed.address["shopper"][0]
    own = engine.answer(Request(shopper=who)).items[0].item_id
    engine.record(Request(shopper=who, query="milk"), own, "like")
    reloaded = open_app(**{name: values[0] for name, values in closed.address.items()})
    assert "Because of 3 likes" in " ".join(str(m.value) for m in reloaded.at.markdown)
    reloaded.press("story.back").press("story.on")
    assert len(engine.feedback_of(Request(shopper=who))) == 3  # not five
    reloaded.press("story.end")
    assert [event.item_id for event in engine.feedback_of(Request(shopper=who))] == [str(own)]


def test_on_another_page_the_story_waits_for_its_stop(open_app: type[App]) -> None:
    app = open_app()
    app.press("story.begin").press("story.on")
    told = said(app)
    app.at.switch_page("pages/lab/models/page.py")
    app.run()
    assert said(app).startswith("### :gray[2 of ")
    assert "waits" in said(app)
    assert said(app.press("story.on")) == told


def test_a_stop_on_another_page_keeps_what_is_asked_in_the_address(open_app: type[App]) -> None:
    app = open_app()
    app.press("story.begin")
    while "by what they mean" not in said(app):
        before = dict(app.address)
        app.press("story.on")
    assert app.address["story"] != before["story"]
    assert app.address["q"] == before["q"]


def test_a_number_that_no_stop_has_is_said_in_a_whole_sentence(open_app: type[App]) -> None:
    app = open_app(story="999")
    said_of_it = [str(m.value) for m in [*app.at.markdown, *app.at.info] if "999" in str(m.value)]
    assert said_of_it
    assert all("allowed: 1" in line.replace("\\", "") and "it was left out" in line for line in said_of_it)


def test_of_many_filters_that_are_not_here_a_few_are_named(open_app: type[App]) -> None:
    from pages.shared import address_bar

    assert address_bar._said_at_once(["a", "b"]) == ["“a”", "“b”"]
    assert address_bar._said_at_once(list("abcdefgh")) == ["“a”", "“b”", "“c” (and 5 more)"]
