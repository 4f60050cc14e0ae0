"""Past searches complete what their own person types, reach others once many asked, and cost no keystroke its time."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pytest

from recsys.engine import Engine
from recsys.engine.memory import FRESH_SECONDS, SETTLED_SECONDS, SearchMemory
from recsys.errors import BadRequestError
from recsys.feedback import FeedbackLog, SearchLog
from recsys.query.completions import Completion, Completions
from recsys.query.vocabulary import Names
from recsys.schema import NEW_SHOPPER, Request

CATALOGUE = Completions.of(Names.of(pd.Series(["Pasta sauce"] * 8 + ["Pasta bake"] * 4 + ["Milk"])), {})
SAUCE, BAKE = Completion("Pasta sauce", "product", 8), Completion("Pasta bake", "product", 4)


@dataclass
class People:
    """Anybody is a household here, but for "nobody-knows"."""

    log: FeedbackLog

    def row(self, shopper: str | None) -> int | None:
        if shopper == "nobody-knows":
            raise BadRequestError("there is no such shopper")
        return None


@dataclass
class Timer:
    """Something to happen later, when the test says so."""

    seconds: float
    work: Callable[[], None]
    cancelled: bool = False

    def cancel(self) -> None:
        self.cancelled = True


@dataclass
class Home:
    """A memory in a test's own folder, with a clock and timers that the test moves."""

    folder: Path
    now: float = 0.0
    timers: list[Timer] = field(default_factory=list)
    counted: int = 0

    def memory(self) -> SearchMemory:
        url = f"sqlite:///{self.folder / 'feedback.sqlite3'}"
        people = People(FeedbackLog(url, "shop", self.folder / "salt"))
        return SearchMemory(
            SearchLog(url, "shop"),
            people,
            CATALOGUE,  # type: ignore[arg-type]
            clock=lambda: self.now,
            later=self.later,
            beside=self.beside,
        )

    def later(self, seconds: float, work: Callable[[], None]) -> Timer:
        self.timers.append(Timer(seconds, work))
        return self.timers[-1]

    def beside(self, work: Callable[[], None]) -> None:
        self.counted += 1
        work()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def memory(home: Home) -> SearchMemory:
    return home.memory()


def by(shopper: str, query: str = "") -> Request:
    return Request(shopper=shopper, query=query)


def recent(memory: SearchMemory, request: Request) -> list[tuple[str, int]]:
    return [(past.query, past.times) for past in memory.recent(request, 5)]


def test_a_search_is_there_at_once_and_after_a_restart(memory: SearchMemory, home: Home) -> None:
    memory.searched(by("1", "  pasta   primavera "))
    assert recent(memory, by("1")) == [("pasta primavera", 1)]
    assert recent(home.memory(), by("1")) == [("pasta primavera", 1)]
    assert recent(memory, by("2")) == recent(memory, Request()) == []


def test_a_new_shopper_is_told_apart_by_the_visit_and_nobody_is_not_kept(memory: SearchMemory) -> None:
    memory.searched(Request(shopper=NEW_SHOPPER, visitor="a", query="milk"))
    memory.searched(Request(query="bread"))
    memory.searched(Request(shopper=NEW_SHOPPER, query="soup"))
    assert recent(memory, Request(shopper=NEW_SHOPPER, visitor="a")) == [("milk", 1)]
    assert recent(memory, Request(visitor="a")) == [("milk", 1)]
    assert recent(memory, Request(shopper=NEW_SHOPPER, visitor="b")) == recent(memory, Request()) == []


@pytest.mark.parametrize("query", ["", "  ", "?!", "\0"])
def test_what_holds_nothing_to_search_for_is_not_kept(memory: SearchMemory, query: str) -> None:
    memory.searched(by("1", query))
    memory.typed(by("1", query))
    assert recent(memory, by("1")) == []


def test_ones_own_searches_complete_first_and_only_for_oneself(memory: SearchMemory) -> None:
    assert memory.complete("pas", 5, by("1")) == [SAUCE, BAKE]
    memory.searched(by("1", "fresh pasta"))
    assert memory.complete("pas", 5, by("1")) == [Completion("fresh pasta", "search", 1), SAUCE, BAKE]
    assert memory.complete("pas fr", 5, by("1")) == [Completion("fresh pasta", "search", 1)]
    assert memory.complete("pas", 5, by("2")) == memory.complete("pas", 5, Request()) == [SAUCE, BAKE]


def test_ones_own_searches_leave_room_for_what_the_shop_has(memory: SearchMemory) -> None:
    for query in ("pasta one", "pasta two", "pasta three"):
        memory.searched(by("1", query))
    assert [one.text for one in memory.complete("pas", 3, by("1"))] == ["pasta three", "pasta two", "Pasta sauce"]
    assert len(memory.complete("pas", 1, by("1"))) == 1


def test_others_are_shown_a_search_once_three_people_asked_it(memory: SearchMemory, home: Home) -> None:
    for shopper in ("1", "2"):
        memory.searched(by(shopper, "pasta primavera"))
    home.now += 1
    assert memory.complete("prim", 5, by("9")) == []
    memory.searched(by("3", "pasta primavera"))
    home.now += 1
    memory.complete("prim", 5, by("9"))  # counted beside this one, so it may come with the next
    assert memory.complete("prim", 5, by("9")) == [Completion("pasta primavera", "search", 3)]
    assert memory.complete("prim", 5, by("1")) == [Completion("pasta primavera", "search", 3)]  # said once


def test_what_was_shown_to_others_is_not_once_one_of_three_forgets(memory: SearchMemory, home: Home) -> None:
    for shopper in ("1", "2", "3"):
        memory.searched(by(shopper, "pasta primavera"))
    home.now += 1
    memory.complete("prim", 5, by("9"))
    assert memory.forget(by("3")) == 1
    home.now += 1
    memory.complete("prim", 5, by("9"))
    assert memory.complete("prim", 5, by("9")) == memory.complete("prim", 5, by("3")) == []


def test_everybodys_searches_are_counted_seldom(memory: SearchMemory, home: Home) -> None:
    for _ in range(50):
        memory.complete("pas", 5, by("1"))
    assert home.counted == 1
    home.now += FRESH_SECONDS
    memory.complete("pas", 5, by("1"))
    assert home.counted == 2
    for number in range(20):  # within a second
        memory.searched(by("1", f"soup {number}"))
        memory.complete("pas", 5, by("1"))
    assert home.counted == 2
    home.now += 1
    memory.complete("pas", 5, by("1"))
    assert home.counted == 3


def test_what_another_process_keeps_completes_within_half_a_minute(memory: SearchMemory, home: Home) -> None:
    memory.complete("prim", 5, by("1"))
    home.memory().searched(by("1", "pasta primavera"))
    home.now += FRESH_SECONDS - 1
    assert memory.complete("prim", 5, by("1")) == []
    home.now += 1
    assert memory.complete("prim", 5, by("1")) == [Completion("pasta primavera", "search", 1)]


def test_what_is_typed_is_kept_once_it_has_stood_for_a_while(memory: SearchMemory, home: Home) -> None:
    for query in ("m", "mi", "milk"):
        memory.typed(by("1", query))
    assert [timer.cancelled for timer in home.timers] == [True, True, False]
    assert home.timers[-1].seconds == SETTLED_SECONDS
    assert recent(memory, by("1")) == []
    home.timers[-1].work()
    assert recent(memory, by("1")) == [("milk", 1)]


def test_what_was_kept_or_emptied_or_forgotten_meanwhile_is_not_kept_later(memory: SearchMemory, home: Home) -> None:
    memory.typed(by("1", "milk"))
    memory.searched(by("1", "milk"))
    memory.typed(by("1", "bread"))
    memory.typed(by("1", ""))
    memory.typed(by("1", "soup"))
    assert memory.forget(by("1")) == 1
    assert [timer.cancelled for timer in home.timers] == [True, True, True]


def test_what_was_on_its_way_when_it_was_forgotten_is_not_kept(memory: SearchMemory, home: Home) -> None:
    memory.typed(by("7", "secret"))
    memory.typed(by("7", "secrets"))
    first, second = home.timers
    memory.forget(by("7"))
    first.work()  # both had begun before they could be cancelled
    second.work()
    assert recent(memory, by("7")) == []


def test_a_search_longer_than_a_query_can_be_is_kept_as_far_as_it_goes(memory: SearchMemory, home: Home) -> None:
    memory.searched(by("7", "\N{SLICE OF PIZZA} " * 60))  # each is read as three words
    memory.typed(by("8", "\N{SQUARE KG}" * 500))
    home.timers[-1].work()
    assert [len(query) for query, _ in recent(memory, by("7")) + recent(memory, by("8"))] == [500, 500]


def test_completions_come_without_a_database_and_an_unknown_household_is_refused(
    memory: SearchMemory, home: Home
) -> None:
    (home.folder / "feedback.sqlite3").write_bytes(b"no database at all, but some other file" * 40)
    assert memory.complete("pas", 5, by("1")) == [SAUCE, BAKE]
    memory.typed(by("1", "milk"))
    home.timers[-1].work()  # nobody is there to be told
    with pytest.raises(BadRequestError):
        memory.searched(by("nobody-knows", "milk"))


def test_a_locked_database_delays_completions_once_at_most(memory: SearchMemory, home: Home) -> None:
    memory.searched(by("1", "milk"))
    home.now += FRESH_SECONDS
    holder = sqlite3.connect(home.folder / "feedback.sqlite3", isolation_level=None)
    holder.execute("PRAGMA locking_mode=EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")
    try:
        memory.complete("pas", 5, by("1"))
        started = time.perf_counter()
        for _ in range(100):
            assert memory.complete("pas", 5, by("1")) == [SAUCE, BAKE]
        assert time.perf_counter() - started < 2
    finally:
        holder.close()


def test_the_engine_keeps_completes_and_forgets(sample_engine: Engine) -> None:
    request = Request(shopper=NEW_SHOPPER, visitor="searcher", query="zzz unheard of")
    sample_engine.searched(request)
    assert [past.query for past in sample_engine.recent_searches(request)] == ["zzz unheard of"]
    assert sample_engine.complete("unh", 5, request)[0] == Completion("zzz unheard of", "search", 1)
    assert "zzz unheard of" not in [one.text for one in sample_engine.complete("unh", 5)]
    gone = sample_engine.forget(request)
    assert (gone.feedback, gone.searches) == (0, 1)
    assert sample_engine.recent_searches(request) == []
