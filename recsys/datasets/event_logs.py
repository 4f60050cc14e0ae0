"""Files of who took what as codes: a line per user, a row or a JSON object per event, or parquet; ids are text."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from recsys.datasets import json_logs
from recsys.datasets.event_columns import HISTORY, MEANINGS, USER
from recsys.datasets.times import Doubles, Times
from recsys.errors import DataError
from recsys.files.bounds import MAX_EVENTS
from recsys.files.json_lines import looks_like
from recsys.files.source import Source
from recsys.files.tables import BLANK, SEPARATORS, Columns, cut, first_lines, header_of, plain_name, rows, separators_of
from recsys.files.text import Text, text_of
from recsys.files.values import is_whole, nothing, without_point
from recsys.schema import Rows
from recsys.schema.cells import unguarded

EXAMPLE: Final = (
    "a line per user, the user and then the items in order, as in `7 12 5 90`; or a row per event, CSV, parquet or a "
    "JSON object a line, with user,item[,time][,event]"
)
FEW_KINDS: Final = 20  # of events: more are no kinds but values
_NAME: Final = re.compile(r"[^\W\d][^\W\d .:-]{0,40}[^\W\d]")
EVENTS_PER_VALUE: Final = 5  # where a third column without a name holds so few values, it is a rating


@dataclass(slots=True)
class Log:
    """Events as codes, and how a code turns back into the file's own id."""

    users: Rows  # (m,) code of each event's user, in the order of the file
    items: Rows  # (m,)
    user_ids: list[str]  # by code, in the order in which they come
    item_ids: list[str]
    times: Doubles | None  # (m,) in a unit of the file, ascending with time; None: the file's order is the order
    said: str  # how the file was read
    notes: list[str] = field(default_factory=list)  # what was left out, and how many


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a text is cut: `columns` for a row per event, None for a line per user."""

    separator: str
    columns: Columns | None = None
    header: bool = False
    guessed: bool = False  # columns told by what they hold

    def said(self) -> str:
        cut_by = f"separated by {SEPARATORS[self.separator]}"
        if self.columns is None:
            return f"a line per user, the items in order, {cut_by}"
        named = ", ".join(f"{m} <- column {p + 1}" for m, p in self.columns.places.items())
        return f"a row per event, {cut_by}; {named if self.guessed else self.columns.said()}"


class _Codes:
    """Texts numbered in the order in which they come."""

    def __init__(self) -> None:
        self.of: dict[str, int] = {}
        self.codes = array("i")

    def add(self, text: str) -> None:
        self.codes.append(self.of.setdefault(text, len(self.of)))

    def array(self) -> Rows:
        return np.frombuffer(self.codes, np.int32) if len(self.codes) else np.empty(0, np.int32)

    def ids(self) -> list[str]:
        """The texts; those of a float column without the point that it put there."""
        found = list(self.of)
        bare = [without_point(text) for text in found]
        all_floats = all(a != b for a, b in zip(found, bare, strict=True)) and len(set(bare)) == len(found)
        return bare if all_floats else found


def read(source: Source) -> Log:
    """The events of a file, whatever its form. Raises DataError naming the file, the line and what is wrong there."""
    if source.first(4) == b"PAR1":
        from recsys.datasets.parquet_logs import events

        return _of_events(source.name, *events(source))
    text = text_of(source)
    lines = first_lines(text)
    if not lines:
        raise DataError(f"{source.name} is empty", allowed=EXAMPLE, remedy="check that this is the right file")
    if looks_like(lines):
        return _of_events(source.name, *json_logs.events(text, lines))
    layout = _layout(text.name, lines)
    if layout.columns is None:
        return _of_lines(text, layout)
    return _of_events(
        source.name, _cells(text, layout), f"{text.said}, {layout.said()}", timed="time" in layout.columns.places
    )


def _layout(name: str, lines: Sequence[str]) -> _Layout:
    found = header_of(lines, {"user": USER, "history": HISTORY}, ("user", "history"))
    if found and plain_name(found[1].names["history"]) in HISTORY:  # "product_sku" holds "products" within
        return _Layout(_within(lines[1:]) or found[0], header=True)
    if found := header_of(lines, MEANINGS, ("user", "item")):
        return _Layout(*found, header=True)
    for separator in separators_of(lines):
        cells = [cut(line, separator) for line in lines]
        _check_names(name, cells)
        if columns := _unnamed(cells, blanks=separator == BLANK):
            return _Layout(separator, columns, guessed=True)
    return _Layout(_within(lines) or BLANK)


def _check_names(name: str, cells: Sequence[Sequence[str]]) -> None:
    """Names of columns that nobody knows must not become a user who took items."""
    first, others = cells[0], cells[1:]
    named = all(_NAME.fullmatch(cell.strip()) for cell in first)
    if named and others and all(any(c.isdigit() for c in cell) for row in others for cell in row[1:]):
        raise DataError(
            f"{name}: line 1 names columns, but none that is known as the user's and the item's",
            allowed=EXAMPLE,
            remedy="rename them to user, item and time",
        )


def _within(lines: Sequence[str]) -> str:
    """What separates the items of a line, "" where nothing does in all of them.

    One tab behind the user and blanks between the items are blanks both; with more tabs, ids may hold blanks.
    """
    for separator in separators_of(lines):
        if separator != "\t" or any(line.count("\t") > 1 or not line.replace("\t", "").count(" ") for line in lines):
            return separator
    return ""


def _unnamed(cells: Sequence[Sequence[str]], *, blanks: bool) -> Columns | None:
    """The columns of rows without a header; None where these are no rows of events: a user stands on one line only.

    Between blanks three whole numbers may be a user on two lines, which is a fault; between anything else they are a
    user, an item, and a number by which events are ordered, or a rating.
    """
    width = len(cells[0])
    if any(len(row) != width for row in cells) or not 2 <= width <= 5 or len({row[0] for row in cells}) == len(cells):
        return None
    times = [place for place in range(2, width) if Times.looks_like([row[place] for row in cells])]
    values = [[row[place] for row in cells] for place in range(2, width) if place not in times[-1:]]
    rated = all(_is_rating(column) for column in values)
    if width > 2 and not times and not rated and (width > 3 or blanks):
        return None
    if width == 3 and not times and not rated and all(is_whole(row[2]) for row in cells):
        times = [2]
    places = {"user": 0, "item": 1} | ({"time": times[-1]} if times else {})
    return Columns(places, {meaning: str(place + 1) for meaning, place in places.items()})


def _is_rating(column: Sequence[str]) -> bool:
    return any("." in cell for cell in column) or len(set(column)) * EVENTS_PER_VALUE <= len(column)


# --- a line per user ----------------------------------------------------------------------------------------


def _of_lines(text: Text, layout: _Layout) -> Log:
    users, items = _Codes(), _Codes()
    line_of: dict[str, int] = {}
    for number, (user, *taken) in _histories(text, layout):
        if not user or not taken:
            raise DataError(
                f"{text.name} line {number}: the user has no items" if user else f"{text.name} line {number}: no user",
                allowed=EXAMPLE,
                remedy="remove the line or add what is missing",
            )
        if user in line_of:
            raise DataError(
                f"{text.name} line {number}: its user stands on line {line_of[user]} already",
                allowed="one line per user",
                remedy="join the two lines",
            )
        line_of[user] = number
        _check_count(text.name, len(items.codes) + len(taken))
        for item in taken:
            users.add(user)
            items.add(item)
    _check_any(text.name, len(items.codes))
    names = users.ids()
    if all(len(user) > 1 and user.endswith(":") for user in names):  # `anna: soup bread`
        names = [user[:-1] for user in names]
    return Log(users.array(), items.array(), names, items.ids(), None, f"{text.said}, {layout.said()}")


def _histories(text: Text, layout: _Layout) -> Iterator[tuple[int, list[str]]]:
    skip = layout.header
    for number, row in rows(text, layout.separator, text.source.bounds.cells):
        if skip:
            skip = False
            continue
        cells = [cell.strip() for cell in row]
        if layout.header and len(cells) == 2:  # `user,"item item item"`
            cells = [cells[0], *cells[1].replace(",", " ").split()]
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) > 1 and not all(cells):
            cells = [cells[0], *filter(None, cells[1:])]
        yield number, cells


# --- a row per event ----------------------------------------------------------------------------------------

Event = tuple[str, str, str, str]  # user, item, time, event; "" where there is none


def _cells(text: Text, layout: _Layout) -> Iterator[Event]:
    columns = layout.columns
    assert columns is not None
    places = [columns.places.get(meaning, -1) for meaning in MEANINGS]
    skip = layout.header
    for _, row in rows(text, layout.separator, 1_000):
        if skip:
            skip = False
            continue
        user, item, time, event = (unguarded(row[place].strip()) if 0 <= place < len(row) else "" for place in places)
        yield user, item, time, event


def _of_events(name: str, events: Iterable[Event], said: str, timed: bool) -> Log:
    users, items, kinds = _Codes(), _Codes(), Counter[str]()
    times, incomplete = Times(name), 0
    for user, item, time, event in events:
        if nothing(user) or nothing(item):
            incomplete += 1
            continue
        users.add(user)
        items.add(item)
        if timed:
            times.add(time)
        if event and len(kinds) <= FEW_KINDS:
            kinds[event] += 1
        if len(items.codes) & 0xFFFF == 0:
            _check_count(name, len(items.codes))
    _check_count(name, len(items.codes))
    _check_any(name, len(items.codes))
    log = Log(users.array(), items.array(), users.ids(), items.ids(), None, said)
    if incomplete:
        log.notes.append(f"{incomplete:,} rows without a user or an item were left out")
    if 1 < len(kinds) <= FEW_KINDS:
        counts = ", ".join(f"{kind[:20]} {count:,}" for kind, count in kinds.most_common(5))
        log.notes.append(f"events of every kind count alike ({counts})")
    return _in_time(log, times) if timed else _untimed(log)


def _untimed(log: Log) -> Log:
    log.said += "; the order is that of the file"
    return log


def _in_time(log: Log, times: Times) -> Log:
    """The log with its times; events without a readable one are left out, for nobody knows where they belong."""
    found = times.array()
    known = np.isfinite(found)
    log.said += f"; times are {times.said}"
    if lost := int((~known).sum()):
        log.notes.append(f"{lost:,} rows without a readable time were left out")
        log.users, log.items, found = log.users[known], log.items[known], found[known]
    log.times = found
    return log


def _check_count(name: str, events: int) -> None:
    if events > MAX_EVENTS:
        raise DataError(f"{name} has more than {MAX_EVENTS:,} events", remedy="give a sample of its users")


def _check_any(name: str, events: int) -> None:
    if not events:
        raise DataError(
            f"{name} has no event with a user and an item", allowed=EXAMPLE, remedy="check that this is the right file"
        )
