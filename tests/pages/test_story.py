"""The story: every stop opens where it should, likes are taken back, a link opens a stop."""

from __future__ import annotations

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


def test_a_link_opens_a_stop(open_app: type[App]) -> None:
    app = open_app(q="milk", story="3")
    assert said(app).startswith("### :gray[3 of ")
    assert app.cards
    assert app.press("story.back").address["story"] == ["2"]


def test_a_stop_that_this_shop_has_not_ends_the_story(open_app: type[App]) -> None:
    assert not any("### :gray[" in str(m.value) for m in open_app(story="9").at.markdown)
