"""What a person searched for comes back while the field is empty, after a restart too, and is theirs alone."""

from __future__ import annotations

from pathlib import Path

import pytest
import streamlit as st

from recsys.engine import Engine, memory
from recsys.schema import NEW_SHOPPER, Request
from recsys.settings import Settings
from tests.pages.app_visit import App


@pytest.fixture(autouse=True)
def no_search_is_kept_by_standing_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine takes seconds for a few drawings; what standing does is tested with a clock of its own."""
    monkeypatch.setattr(memory, "SETTLED_SECONDS", 3600.0)


def recent(app: App) -> list[str]:
    """The queries that are offered to be asked again."""
    return [
        b.label.removeprefix(":material/history: ").replace("\\", "")
        for b in app.at.button
        if b.key and b.key.startswith("recent.")
    ]


def kept(engine: Engine, shopper: str) -> list[tuple[str, int]]:
    return [(past.query, past.times) for past in engine.recent_searches(Request(shopper=shopper), 50)]


def test_a_households_searches_come_back_after_a_restart(open_app: type[App], engine: Engine, household: str) -> None:
    open_app(shopper=household).ask("milk").ask("bread").ask("")
    assert kept(engine, household) == [("bread", 1), ("milk", 1)]
    st.cache_resource.clear()  # the server's engine is opened anew
    app = open_app(shopper=household)
    assert recent(app) == ["bread", "milk"]
    app.press("recent.1")
    assert app.address == {"shopper": [household], "q": ["milk"]}
    assert kept(engine, household) == [("milk", 2), ("bread", 1)]  # a press is a search at once
    assert recent(app.ask("")) == ["milk", "bread"]


def test_searches_are_of_the_person_who_is_chosen(open_app: type[App], engine: Engine, household: str) -> None:
    app = open_app(shopper=household).ask("milk").ask("")
    assert recent(app.pick(None)) == []
    assert recent(app.pick(NEW_SHOPPER)) == []
    assert recent(app.ask("soup").ask("")) == ["soup"]
    visitor = app.address["visitor"][0]
    assert recent(open_app(shopper=NEW_SHOPPER, visitor=visitor)) == ["soup"]
    assert recent(app.pick(household)) == ["milk"]


def test_looking_at_a_query_as_another_household_is_no_search_of_theirs(
    open_app: type[App], engine: Engine, household: str
) -> None:
    ids = [str(shopper) for shopper in engine.shoppers["shopper_id"]]
    other = next(shopper for shopper in ids if shopper != household)
    app = open_app(shopper=household).ask("private rash cream")
    app.pick(other).pick(household).ask("")
    assert kept(engine, other) == []


def test_of_nobody_searches_are_kept_for_the_session_only(open_app: type[App], prepared: Settings) -> None:
    app = open_app().ask("milk").ask("bread").ask("")
    assert recent(app) == ["bread", "milk"]
    assert not any(b.key == "forget.searches" for b in app.at.button)
    assert recent(open_app()) == []
    assert not (prepared.state_dir / "feedback.sqlite3").exists()


def test_letters_on_the_way_and_drawing_again_are_no_searches(
    open_app: type[App], engine: Engine, household: str
) -> None:
    app = open_app(shopper=household, mode="xray").ask("p").ask("past").ask("pasta s").ask("pasta").run().run()
    assert kept(engine, household) == []
    app.press("more").run().press("reset")
    assert kept(engine, household) == [("pasta", 1)]


def test_whoever_acts_on_what_was_found_has_searched_for_it(
    open_app: type[App], engine: Engine, household: str
) -> None:
    app = open_app(shopper=household).ask("pasta")
    app.press(f"like.{app.cards[0]}")
    assert kept(engine, household) == [("pasta", 1)]


def test_what_a_link_brought_nobody_has_searched_for(open_app: type[App], engine: Engine, household: str) -> None:
    app = open_app(shopper=household, q="something rude")
    app.run().press("more")
    app.ask("")
    assert kept(engine, household) == []


def test_a_past_search_completes_what_is_typed_and_says_how_often_it_was_asked(
    open_app: type[App], engine: Engine, household: str
) -> None:
    engine.searched(Request(shopper=household, query="unheard of (zzz)"))
    first = next(b for b in open_app(shopper=household).ask("unhe").at.button if b.key == "completion.0")
    assert first.label == ":material/history: unheard of \\(zzz\\) :small[:gray[1]]"
    assert first.help == "Asked 1 time: search for it"


def test_forgetting_forgets_the_searches_and_says_so(open_app: type[App], engine: Engine, household: str) -> None:
    app = open_app(shopper=household).ask("milk").ask("")
    assert "likes, basket, clicks and searches" in app.text
    app.press("forget.searches")
    assert app.at.toast[0].value == "Forgotten: 0 pieces of feedback and 1 search removed."
    assert recent(app) == kept(engine, household) == []


def test_forgetting_while_a_search_stands_does_not_keep_it_again(
    open_app: type[App], engine: Engine, household: str
) -> None:
    app = open_app(shopper=household)
    app.press(f"like.{app.cards[0]}").ask("milk").press("forget")
    app.run().ask("")
    assert kept(engine, household) == []


def test_searching_goes_on_where_nothing_can_be_kept(open_app: type[App], prepared: Settings, household: str) -> None:
    database = Path(prepared.state_dir / "feedback.sqlite3")
    database.parent.mkdir(parents=True, exist_ok=True)
    database.write_bytes(b"this is no database" * 100)
    app = open_app(shopper=household).ask("milk")
    assert app.cards
    app.ask("bread").ask("")
    assert "Your feedback and searches could not be read or kept" in app.text
    assert app.cards
