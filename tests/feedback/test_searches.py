"""Past searches: kept at once, bounded in number and age, shown to others only when many asked, and forgotten."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from recsys.errors import BadRequestError, FeedbackError
from recsys.feedback import FeedbackLog, SearchLog
from recsys.feedback.searches import DAY, ENOUGH_PEOPLE, KEPT, MOST_PER_PERSON, SAME_SEARCH, TYPED_ON
from recsys.schema import MAX_QUERY_CHARS
from tests.feedback.logs import bytes_on_disk

HOUR = timedelta(hours=1)


class Watch:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.time = datetime(2024, 5, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def wait(self, a_while: timedelta = HOUR) -> None:
        self.time += a_while


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def searches(database: Path, watch: Watch) -> SearchLog:
    return SearchLog(f"sqlite:///{database}", "shop", now=watch)


def stored(database: Path) -> list[str]:
    """All queries on disk, in the order in which they were kept."""
    with sqlite3.connect(database) as connection:
        return [query for (query,) in connection.execute("SELECT query FROM shelflens_searches ORDER BY id")]


def asked(searches: SearchLog, person: str) -> list[tuple[str, int]]:
    return [(past.query, past.times) for past in searches.of(person)]


def test_a_person_gets_back_what_they_asked_the_latest_first_and_how_often(searches: SearchLog, watch: Watch) -> None:
    for query in ("milk", "bread", "Milk ", "soup"):
        searches.keep("ann", query)
        watch.wait()
    assert asked(searches, "ann") == [("soup", 1), ("Milk", 2), ("bread", 1)]
    assert searches.of("ann")[0].at == watch.time - HOUR
    assert [past.query for past in searches.of("ann", 2)] == ["soup", "Milk"]
    assert searches.of("bob") == searches.of("") == []


def test_it_is_there_for_another_process_on_the_same_file(searches: SearchLog, database: Path, watch: Watch) -> None:
    searches.keep("ann", "milk")
    assert asked(SearchLog(f"sqlite:///{database}", "shop", now=watch), "ann") == [("milk", 1)]
    assert asked(SearchLog(f"sqlite:///{database}", "another shop", now=watch), "ann") == []


def test_a_query_typed_further_takes_the_place_of_its_beginning(searches: SearchLog, watch: Watch) -> None:
    searches.keep("ann", "pas")
    watch.wait(TYPED_ON)
    searches.keep("ann", "Pasta")
    assert asked(searches, "ann") == [("Pasta", 1)]
    watch.wait(TYPED_ON + timedelta(seconds=1))
    searches.keep("ann", "pasta sauce")
    assert asked(searches, "ann") == [("pasta sauce", 1), ("Pasta", 1)]


def test_the_same_query_is_asked_again_only_after_a_while_or_another(searches: SearchLog, watch: Watch) -> None:
    searches.keep("ann", "milk")
    watch.wait(SAME_SEARCH)
    searches.keep("ann", "milk")
    assert asked(searches, "ann") == [("milk", 1)]
    watch.wait(SAME_SEARCH + timedelta(seconds=1))
    searches.keep("ann", "milk")
    searches.keep("ann", "bread")
    searches.keep("ann", "milk")
    assert asked(searches, "ann") == [("milk", 3), ("bread", 1)]


def test_what_somebody_else_types_replaces_nothing_of_mine(searches: SearchLog) -> None:
    searches.keep("ann", "pas")
    searches.keep("bob", "pasta")
    assert asked(searches, "ann") == [("pas", 1)]


def test_only_the_latest_searches_of_a_person_are_kept(searches: SearchLog, database: Path, watch: Watch) -> None:
    searches.keep("bob", "bread")
    for number in range(MOST_PER_PERSON + 5):
        searches.keep("ann", f"soup number {number}")
        watch.wait(timedelta(seconds=1))
    found = [past.query for past in searches.of("ann")]
    assert (len(found), found[0], found[-1]) == (200, "soup number 204", "soup number 5")
    assert asked(searches, "bob") == [("bread", 1)]
    with sqlite3.connect(database) as connection:
        assert connection.execute("SELECT count(*) FROM shelflens_searches").fetchone() == (201,)


def test_what_is_ninety_days_old_is_left_out_at_once_and_goes_on_the_third_day_of_use(
    searches: SearchLog, database: Path, watch: Watch
) -> None:
    for person in ("ann", "bob", "cid"):
        searches.keep(person, "soup")
    watch.wait(KEPT)
    assert asked(searches, "ann") == [("soup", 1)]
    watch.wait(timedelta(seconds=1))
    assert searches.of("ann") == []
    assert searches.asked_by_many() == {}
    for query in ("bread", "milk"):
        searches.keep("ann", query)
        assert stored(database)[:3] == ["soup"] * 3
        watch.wait(DAY)
    searches.keep("bob", "rice")
    assert stored(database) == ["bread", "milk", "rice"]


def test_who_searches_every_day_has_ninety_days_and_two_on_disk(
    searches: SearchLog, database: Path, watch: Watch
) -> None:
    for day in range(100):
        searches.keep("ann", f"day {day}")
        watch.wait(DAY)
    # on day 99 the third latest day of use is day 97: day 7 is 90 days before it, day 6 is older
    assert stored(database) == [f"day {day}" for day in range(7, 100)]


# --- clocks that are wrong ----------------------------------------------------------------------------------------


def lived(searches: SearchLog, watch: Watch, days: int = 80) -> list[str]:
    """A search every fourth day, by Ann and Bob in turn; what they asked."""
    queries = [f"query {day}" for day in range(0, days, 4)]
    for number, query in enumerate(queries):
        searches.keep("ann" if number % 2 else "bob", query)
        watch.wait(4 * DAY)
    return queries


@pytest.mark.parametrize("days", [200, 100_000, -200, -19_000])
@pytest.mark.parametrize("times", [1, 5])
def test_searches_of_a_day_with_a_wrong_clock_delete_nothing_of_anybodys(
    searches: SearchLog, database: Path, watch: Watch, days: int, times: int
) -> None:
    queries = lived(searches, watch)
    right = watch.time
    watch.wait(days * DAY)
    for number in range(times):
        searches.keep("ann", f"wrong {number}")
    wrong = [f"wrong {number}" for number in range(times)]
    assert stored(database) == queries + wrong
    watch.time = right
    for _ in range(4):  # and nothing goes later that would not have gone anyway
        searches.keep("bob", f"after {watch.time}")
        watch.wait(DAY)
    assert stored(database)[: len(queries) + times] == queries + wrong
    assert [past.query for past in searches.of("bob")][4:] == queries[::2][::-1]


def test_a_clock_that_jumps_to_two_wrong_days_deletes_nothing(
    searches: SearchLog, database: Path, watch: Watch
) -> None:
    queries, right = lived(searches, watch), watch.time
    for days in (400, 700):
        watch.time = right + days * DAY
        searches.keep("ann", f"wrong {days}")
    watch.time = right
    searches.keep("ann", "right")
    assert stored(database) == [*queries, "wrong 400", "wrong 700", "right"]


@pytest.mark.parametrize("days", [200, -200])
def test_a_search_with_a_wrong_time_goes_with_those_of_its_day(
    searches: SearchLog, database: Path, watch: Watch, days: int
) -> None:
    searches.keep("ann", "before")
    watch.wait(days * DAY)
    searches.keep("ann", "wrong")
    watch.wait(-days * DAY)
    searches.keep("ann", "after")
    watch.wait(KEPT)
    for day in range(3):
        watch.wait(DAY)
        searches.keep("bob", f"day {day}")
    assert stored(database) == ["day 0", "day 1", "day 2"]


@pytest.mark.parametrize("put_back", [DAY, 200 * DAY])
def test_a_query_typed_with_the_clock_ahead_is_not_taken_for_the_one_typed_after_it(
    searches: SearchLog, database: Path, watch: Watch, put_back: timedelta
) -> None:
    searches.keep("ann", "pas")
    watch.wait(-put_back)
    searches.keep("ann", "pasta")
    assert stored(database) == ["pas", "pasta"]


@pytest.mark.parametrize("impossible", [10**18, -(10**18), 9e18, "yesterday"])
def test_a_stored_time_that_no_calendar_has_costs_nothing(
    searches: SearchLog, database: Path, impossible: object
) -> None:
    searches.keep("ann", "milk")
    searches.keep("ann", "bread")
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE shelflens_searches SET at_us = ? WHERE query = 'milk'", (impossible,))
    searches.keep("ann", "soup")
    assert {"bread", "soup"} <= {query for query, _ in asked(searches, "ann")}
    assert stored(database) == ["milk", "bread", "soup"]


def test_others_see_a_query_once_three_different_people_asked_it(searches: SearchLog, watch: Watch) -> None:
    for _ in range(5):
        searches.keep("ann", "a secret")
        searches.keep("ann", "gluten free pasta")
        watch.wait()
    searches.keep("bob", "Gluten  Free Pasta")
    assert ENOUGH_PEOPLE == 3
    assert searches.asked_by_many() == {}
    searches.keep("cid", "gluten free pasta")
    assert searches.asked_by_many() == {"gluten free pasta": 7}  # 5 by Ann, 1 by Bob, 1 by Cid


def test_of_everybodys_queries_the_most_asked_come_first(searches: SearchLog) -> None:
    for person in ("ann", "bob", "cid", "dee"):
        searches.keep(person, "milk")
        if person != "dee":
            searches.keep(person, "bread")
    assert list(searches.asked_by_many().items()) == [("milk", 4), ("bread", 3)]
    assert searches.asked_by_many(most=1) == {"milk": 4}


def test_forgetting_leaves_no_byte_of_it_and_everybody_else_theirs(searches: SearchLog, database: Path) -> None:
    searches.keep("ann", "zucchini-for-ann")
    searches.keep("ann", "xylophone-for-ann")
    searches.keep("bob", "milk")
    assert searches.forget("ann") == 2
    assert (searches.of("ann"), searches.forget("ann"), searches.forget("")) == ([], 0, 0)
    assert asked(searches, "bob") == [("milk", 1)]
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"for-ann" not in bytes_on_disk(database.parent)


def test_searches_and_feedback_share_a_database(searches: SearchLog, log: FeedbackLog) -> None:
    log.record("ann", 7, "like")
    searches.keep("ann", "milk")
    assert searches.forget("ann") == 1
    assert len(log.of("ann")) == 1


@pytest.mark.parametrize("query", ["", " \t\n", "x" * (MAX_QUERY_CHARS + 1)])
def test_a_query_that_is_blank_or_too_long_is_refused(searches: SearchLog, database: Path, query: str) -> None:
    with pytest.raises(BadRequestError, match="1 to 500 characters"):
        searches.keep("ann", query)
    assert not database.exists()


def test_a_search_of_nobody_is_refused_and_reading_makes_no_file(searches: SearchLog, database: Path) -> None:
    with pytest.raises(BadRequestError, match="nobody"):
        searches.keep("", "milk")
    assert (searches.of("ann"), searches.asked_by_many(), searches.forget("ann")) == ([], {}, 0)
    assert not database.exists()


@given(st.text(min_size=1, max_size=MAX_QUERY_CHARS))
@hypothesis_settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_comes_back_or_is_refused(searches: SearchLog, query: str) -> None:
    try:
        searches.keep("ann", query)
    except BadRequestError:
        assert not query.strip()
    else:
        assert searches.of("ann")[0].query == query.replace("\0", "\ufffd").strip()


def test_a_locked_database_is_said(searches: SearchLog, database: Path) -> None:
    searches.keep("ann", "milk")
    holder = sqlite3.connect(database, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(FeedbackError, match="locked"):
        searches.keep("ann", "bread")
    holder.execute("ROLLBACK")
    holder.close()
    assert asked(searches, "ann") == [("milk", 1)]


def test_half_a_surrogate_pair_is_kept_as_a_replacement_sign(searches: SearchLog) -> None:
    searches.keep("ann", "milk \ud83d")
    assert asked(searches, "ann") == [("milk \ufffd", 1)]
