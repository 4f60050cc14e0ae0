"""Logs that people bring: CSV tables of impressions with position, reward and propensity, checked row by row."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from recsys.errors import DataError
from recsys.evaluation.off_policy.data import ALLOWED, LEAST, REMEDY, SMALLEST, Doubles, Rows
from recsys.files.bounds import MB, Bounds
from recsys.files.source import Source, readable
from recsys.files.tables import Columns, columns_of, cut, first_lines, header_of, plain_name, rows
from recsys.files.text import Text, text_of

BOUNDS: Final = Bounds(2_000 * MB, "give a part of the log", lines=2_000_001)
MAX_FILES: Final = 100
MAX_DEPTH: Final = 6  # folders within each other
ENDINGS: Final = (".csv", ".csv.gz", ".tsv")
EXAMPLE: Final = "a table with the columns item_id, position, click, propensity_score"
MEANINGS: Final = {
    "item": ("itemid", "item", "productid", "product", "sku", "asin", "actionid", "action", "arm"),
    "position": ("position", "pos", "place", "slot", "rank"),
    "reward": ("reward", "click", "clicked", "clicks", "conversion", "purchase", "bought"),
    "propensity": ("propensityscore", "propensity", "pscore", "loggingprobability", "actionprobability",
                   "actionprob", "probability", "prob"),
    "target": ("targetpropensity", "targetprobability", "evaluationpropensity", "newpropensity"),
    "page": ("pageid", "page", "slateid", "slate", "impressionid", "requestid"),
    "session": ("sessionid", "session", "visitid", "visit"),
}  # fmt: skip
NEEDED: Final = ("item", "reward", "propensity")
CONTEXT: Final = ("context", "userfeature")  # how the plain name of a column of what was known beforehand begins
FEWEST: Final = 10  # rows, and sessions: of fewer nothing says how much they differ
MOST_CELLS: Final = 2_000  # different products, and positions
MOST_NUMBERS: Final = 100_000_000  # of the reward model's table: 800 MB
MOST_VALUES: Final = 50  # of a context column in words: the rarer ones are one value together
MOST_CONTEXT: Final = 20  # context columns


@dataclass(frozen=True, slots=True, eq=False)
class Impressions:
    """A log of one policy, an impression a row; n >= 2."""

    name: str  # of the file, within the folder
    items: tuple[str, ...]  # (n,) ids as written
    positions: Rows  # (n,)
    rewards: Doubles  # (n,) finite
    propensities: Doubles  # (n,) above 0, up to 1
    sessions: Rows  # (n,) numbers from 0 of what was drawn together: a session, a page, else each row on its own
    context: Doubles  # (n, f)
    target: Doubles | None = None  # (n,) the chance by which a policy to be judged shows the same, 0 to 1
    notes: tuple[str, ...] = ()


def read_logs(path: Path) -> tuple[list[Impressions], list[str]]:
    """The logs of a file, or of a folder and those within, by name; and what was passed over.

    Raises DataError, naming file and line, for a log that lacks a column or has a value that cannot be: nothing of
    such a log is used.
    """
    single = not path.is_dir()
    files = [path] if single else _found(path)
    logs, notes = [], []
    for file in files:
        name = readable(file.name if single else file.relative_to(path).as_posix())
        source = Source.of_path(file, BOUNDS)
        text = text_of(source)
        if not single and not _is_log(text):
            notes.append(f"{name} was passed over: it is no log, as it has neither rewards nor propensities")
            continue
        logs.append(_read(text, name))
    if not logs:
        raise DataError(f"no log was found in {readable(path.name)}", allowed=EXAMPLE, remedy="check the folder")
    return logs, notes


def _found(folder: Path) -> list[Path]:
    every = (path for path in sorted(folder.rglob("*")) if path.name.lower().endswith(ENDINGS) and path.is_file())
    found = [path for path in every if len(path.relative_to(folder).parts) <= MAX_DEPTH]
    if len(found) > MAX_FILES:
        raise DataError(
            f"{len(found):,} tables in {readable(folder.name)}", allowed=f"at most {MAX_FILES}", remedy="give fewer"
        )
    return found


def _is_log(text: Text) -> bool:
    """Whether a table's first line names rewards or propensities: one of products does not."""
    lines = first_lines(text, 1)
    columns = [columns_of(cut(lines[0], separator), MEANINGS).places for separator in (",", ";", "\t")] if lines else []
    return any("reward" in places or "propensity" in places for places in columns)


@dataclass(slots=True)
class _Cells:
    """What was read so far."""

    items: list[str] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)
    rewards: list[float] = field(default_factory=list)
    propensities: list[float] = field(default_factory=list)
    target: list[float] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    sessions: list[str] = field(default_factory=list)
    context: list[list[str]] = field(default_factory=list)


def _read(text: Text, name: str) -> Impressions:
    lines = first_lines(text, 1)
    if not lines:
        raise DataError(f"{name} is empty", allowed=EXAMPLE, remedy="check the file")
    found = header_of(lines, MEANINGS, NEEDED)
    if found is None:
        raise _missing(name, lines[0])
    separator, columns = found
    header = cut(lines[0], separator)
    _refuse_doubled(name, header, columns)
    taken = set(columns.places.values())
    context = [i for i, cell in enumerate(header) if i not in taken and plain_name(cell).startswith(CONTEXT)]
    cells = _cells(text, name, separator, columns, context[:MOST_CONTEXT], len(header))
    if len(cells.items) < LEAST:
        raise DataError(
            f"{name} has too few rows: {len(cells.items)}", allowed=f"at least {LEAST}", remedy="give a longer log"
        )
    return _made(name, cells, columns)


def _refuse_doubled(name: str, header: Sequence[str], columns: Columns) -> None:
    """Raises DataError where two columns bear the name of one that is used: either may be meant."""
    plain = [plain_name(cell) for cell in header]
    for place in columns.places.values():
        if (times := plain.count(plain[place])) > 1:
            raise DataError(
                f"{name} names {times} columns {readable(header[place].strip())} in line 1",
                allowed="each column once",
                remedy="leave out, or call otherwise, those that are not meant",
            )


def _missing(name: str, first: str) -> DataError:
    best = max((columns_of(cut(first, each), MEANINGS).places for each in (",", ";", "\t")), key=len)
    missing = [each for each in NEEDED if each not in best]
    why = {"propensity": REMEDY, "reward": "add a column of what was earned, 0 for nothing"}
    return DataError(
        f"{name} names no column of {', '.join(missing)} in line 1",
        allowed=EXAMPLE,
        remedy=why.get(missing[-1] if missing else "", "name the columns in the first line"),
    )


def _cells(text: Text, name: str, separator: str, columns: Columns, context: Sequence[int], width: int) -> _Cells:
    at, cells = columns.places, _Cells()
    for line, row in _body(text, separator):
        if len(row) != width:
            raise DataError(f"{name} line {line} has {len(row)} cells", allowed=str(width), remedy="check that line")
        where = f"{name} line {line}"
        cells.items.append(_filled(row[at["item"]], where, "item"))
        cells.positions.append(_position(row[at["position"]], where) if "position" in at else 1)
        cells.rewards.append(_reward(row[at["reward"]], where))
        cells.propensities.append(_chance(row[at["propensity"]], where, "propensity", allow_none=False))
        if "target" in at:
            cells.target.append(_chance(row[at["target"]], where, "target propensity", allow_none=True))
        if "page" in at:
            cells.pages.append(_filled(row[at["page"]], where, "page"))
        if "session" in at:
            cells.sessions.append(_filled(row[at["session"]], where, "session"))
        cells.context.append([row[place].strip() for place in context])
    return cells


def _body(text: Text, separator: str) -> Iterator[tuple[int, list[str]]]:
    """All rows but the first, which names the columns."""
    every = rows(text, separator, BOUNDS.cells)
    next(every, None)
    return every


def _filled(cell: str, where: str, what: str) -> str:
    if not cell.strip():
        raise DataError(f"{where} has no {what}", allowed=f"a {what} in every row", remedy="fill it in or drop the row")
    return cell.strip()


def _number(cell: str) -> float:
    """NaN for what is none; digits of other scripts and underscores are none."""
    cell = cell.strip()
    if not cell.isascii() or "_" in cell:
        return math.nan
    try:
        return float(cell)
    except ValueError:
        return math.nan


def _position(cell: str, where: str) -> int:
    value = _number(cell)
    if not (math.isfinite(value) and value == int(value) and 0 <= value <= 10_000):
        raise DataError(f"{where} has a position that is none", allowed="whole numbers from 0 to 10,000")
    return int(value)


def _reward(cell: str, where: str) -> float:
    value = _number(cell)
    if not math.isfinite(value) or abs(value) > 1e12:
        raise DataError(f"{where} has a reward that is no number", allowed="finite numbers from -1e12 to 1e12",
                        remedy="write 0 where nothing was earned")  # fmt: skip
    return value


def _chance(cell: str, where: str, what: str, *, allow_none: bool) -> float:
    """A chance; 0 only where that is one, as of a policy that would never show it."""
    value = _number(cell)
    if not (0.0 <= value <= 1.0) or (value < SMALLEST and not (value == 0.0 and allow_none)):
        seen = "that is no number" if math.isnan(value) else f"of {value:g}"
        allowed = "numbers from 0 to 1" if allow_none else ALLOWED
        raise DataError(f"{where} has a {what} {seen}", allowed=allowed, remedy=REMEDY)
    return value


def _made(name: str, cells: _Cells, columns: Columns) -> Impressions:
    positions = np.array(cells.positions, np.int64)
    pages = _codes(cells.pages) if cells.pages else None
    if pages is not None:
        _refuse_repeated_places(name, pages, positions)
    sessions = _codes(cells.sessions) if cells.sessions else pages
    _refuse_sizes(name, cells)
    said = [] if "position" in columns.places else [f"{name} has no positions: every row counts as position 1"]
    return Impressions(
        name,
        tuple(cells.items),
        positions,
        np.array(cells.rewards),
        np.array(cells.propensities),
        np.arange(len(positions)) if sessions is None else sessions,
        _context(cells.context),
        np.array(cells.target) if cells.target else None,
        tuple(said),
    )


def refuse_few(log: Impressions) -> None:
    """Raises DataError for a log of so few rows or sessions that nothing says how much they differ."""
    for what, number in (("rows", len(log.items)), ("sessions", len(np.unique(log.sessions)))):
        if number < FEWEST:
            raise DataError(
                f"{log.name} has {number} {what}: of so few nothing says how much they differ",
                allowed=f"at least {FEWEST}",
                remedy="give a longer log, or check the columns of page and session",
            )


def _refuse_sizes(name: str, cells: _Cells) -> None:
    """Raises DataError for a log whose reward model would not fit in memory."""
    for what, values in (("products", set(cells.items)), ("positions", set(cells.positions))):
        if len(values) > MOST_CELLS:
            raise DataError(
                f"{name} has {len(values):,} {what}",
                allowed=f"up to {MOST_CELLS:,}",
                remedy="give the part of the log on the products that are shown most",
            )
    size = (len(set(cells.items)) + len(set(cells.positions))) * len(cells.items)
    if size > MOST_NUMBERS:
        raise DataError(
            f"{name} has {len(cells.items):,} rows of {len(set(cells.items)):,} products, too many together",
            allowed=f"rows times products and positions up to {MOST_NUMBERS:,}",
            remedy="give a part of the log",
        )


def _codes(values: Sequence[str]) -> Rows:
    known: dict[str, int] = {}
    return np.array([known.setdefault(value, len(known)) for value in values], np.int64)


def _refuse_repeated_places(name: str, pages: Rows, positions: Rows) -> None:
    """Raises DataError where a page has two products at one position."""
    pairs, counts = np.unique(np.stack([pages, positions], axis=1), axis=0, return_counts=True)
    if (twice := counts > 1).any():
        page, position = pairs[twice][0]
        row = int(np.flatnonzero((pages == page) & (positions == position))[1]) + 2
        raise DataError(
            f"{name} shows {int(twice.sum()):,} times two products of a page at one position, first in line {row}",
            allowed="each position once on a page",
            remedy="check the columns of page and position",
        )


def _context(cells: Sequence[Sequence[str]]) -> Doubles:
    """(n, f): numbers as they are, standardised; words as a column for each value that is not too rare."""
    columns = []
    for values in zip(*cells, strict=True):
        numbers = np.array([_number(value) for value in values])
        if np.isfinite(numbers).all():
            numbers = np.clip(numbers, -1e100, 1e100)  # squares of larger ones are no numbers
            spread = float(numbers.std())
            if spread > 0:
                columns.append((numbers - numbers.mean()) / spread)
            continue
        known, codes, counts = np.unique(np.array(values), return_inverse=True, return_counts=True)
        for code in np.argsort(-counts, kind="stable")[: min(MOST_VALUES, len(known) - 1)]:
            columns.append((codes == code).astype(np.float64))
    return np.stack(columns, axis=1) if columns else np.zeros((len(cells), 0))
