"""Reviews from a file that somebody brings: delimited text, packed or not, every row read or counted as left out."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from recsys.errors import DataError
from recsys.files.bounds import MB, Bounds
from recsys.files.source import Source
from recsys.files.text import text_of
from recsys.files.values import nothing
from recsys.scenarios.reviews.columns import MEANINGS, NONE, places_of, table_of, year_first
from recsys.scenarios.reviews.texts import plain_text

MOST_REVIEWS: Final = 200_000
PART: Final = "give a part of it"
BOUNDS: Final = Bounds(500 * MB, PART)
MAX_MB: Final = 20  # of a file that is brought to the page
UPLOAD: Final = Bounds(MAX_MB * MB, PART, seconds=60.0)
GOOD_WORDS: Final = frozenset({"1", "pos", "positive", "good", "true", "yes", "正面"})
BAD_WORDS: Final = frozenset({"0", "-1", "neg", "negative", "bad", "false", "no", "负面"})
SPELT: Final = {"one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0}
NO_STARS: Final = -1.0  # what is no number of stars: as one outside the range
_OF_FIVE: Final = re.compile(
    r"([+-]?\d+(?:[.,]\d+)?|[a-z]+)\s*(?:(?:/|out of|of)\s*5(?:[.,]0)?)?\s*(?:stars?|[★⭐]\ufe0f?)?"
)
_DRAWN: Final = re.compile(r"([★⭐]\ufe0f?)+[☆✩]*")
WIDTH, STARS, WORDLESS = range(3)  # why a row is left out
WHY: Final = (
    "with more or fewer cells than the header",
    "with stars that are not 1 to 5",
    "without a word",
)


@dataclass(frozen=True, slots=True, eq=False)
class ReviewFile:
    """The reviews of a file: texts (n) plain, stars (n,) NaN where none, good (n,) 1, 0 or NaN, and what was left out.

    `bucket` (n,) is a number from 0 to 99 by the SHA-256 of the row's cells joined by U+001F: copies stay together.
    """

    name: str
    texts: tuple[str, ...]
    stars: npt.NDArray[np.float64]
    good: npt.NDArray[np.float64]
    items: tuple[str, ...]
    times: npt.NDArray[np.datetime64]
    bucket: npt.NDArray[np.int64]
    columns: str  # which column was read as what
    notes: tuple[str, ...]  # what was left out, in words
    named: Mapping[str, str]  # what the file calls each of "text", "stars", "label", "item", "time" that was read


def read(source: Source, text: Sequence[str] = (), stars: str | None = None, label: str | None = None) -> ReviewFile:
    """The reviews of a file, by the names of its columns or, where none is given, by what they are called.

    Several text columns are joined, a title first say. Raises DataError for what is no such file, a column that is
    missing, and a file without a single review.
    """
    content = text_of(source)
    header, table = table_of(content)
    known = places_of(header)
    places = _text_places(source.name, header, text, known)
    at = {
        "stars": _place(source.name, header, stars, known.get("stars")),
        "label": _place(source.name, header, label, known.get("label")),
        "item": known.get("item"),
        "time": known.get("time"),
    }
    at = {meaning: place for meaning, place in at.items() if place is None or place not in places}
    twice = {header[p] for p in (*places, *at.values()) if p is not None and header.count(header[p]) > 1}
    notes = tuple(f"several columns are called “{name[:40]}”: the first of them is read" for name in sorted(twice))
    return _gathered(content.name, table, header, places, at, notes)


def of_path(path: Path, text: Sequence[str] = (), stars: str | None = None, label: str | None = None) -> ReviewFile:
    """As `read`, of a file on disk."""
    return read(Source.of_path(path, BOUNDS), text, stars, label)


def _place(name: str, header: list[str], asked: str | None, guessed: int | None) -> int | None:
    if asked is None:
        return guessed
    if asked == NONE:
        return None
    if asked not in header:
        raise DataError(
            f"{name} has no column {asked[:60]!r}",
            allowed=", ".join(repr(cell[:40]) for cell in header[:20]),
            remedy="name one of its columns",
        )
    return header.index(asked)


def _text_places(name: str, header: list[str], asked: Sequence[str], known: dict[str, int]) -> list[int]:
    if asked:
        return [place for column in asked if (place := _place(name, header, column, None)) is not None]
    if "text" not in known:
        raise DataError(
            f"no column of {name} is called as a review's text would be",
            allowed=f"one of {', '.join(MEANINGS['text'][:5])}; there are "
            + ", ".join(repr(c[:30]) for c in header[:12]),
            remedy="name the column that holds the texts",
        )
    return [known[meaning] for meaning in ("title", "text") if meaning in known]


def _gathered(
    name: str,
    table: Iterator[tuple[int, list[str]]],
    header: list[str],
    places: list[int],
    at: dict[str, int | None],
    notes: tuple[str, ...],
) -> ReviewFile:
    texts, items, times = list[str](), list[str](), list[str]()
    stars, good, bucket = list[float](), list[float](), list[int]()
    left = [0] * len(WHY)
    for _, row in table:
        if len(texts) >= MOST_REVIEWS:
            raise DataError(
                f"{name} has more than {MOST_REVIEWS:,} reviews",
                allowed=f"at most {MOST_REVIEWS:,}",
                remedy="give a part of it",
            )
        if len(row) < len(header) or any(cell.strip() for cell in row[len(header) :]):
            left[WIDTH] += 1
            continue
        text = plain_text(". ".join(row[place].strip().rstrip(".") for place in places if row[place].strip()))
        value = _number(row, at.get("stars"))
        if not text or value == NO_STARS:
            left[STARS if text else WORDLESS] += 1
            continue
        texts.append(text)
        stars.append(value)
        good.append(_side(row, at.get("label")))
        items.append("" if (place := at.get("item")) is None else row[place].strip()[:100])
        times.append("" if (place := at.get("time")) is None else row[place].strip()[:40])
        cells = "\x1f".join(row).encode("utf-8", "replace")
        bucket.append(int.from_bytes(hashlib.sha256(cells).digest()[:8], "big") % 100)
    out = tuple(f"{n:,} row{'s'[n == 1 :]} {why}" for n, why in zip(left, WHY, strict=True) if n)
    if not texts:
        raise DataError(
            f"{name} holds no review" + (f" that can be read: it has {', '.join(out)}" if out else ""),
            allowed="a row for each review, with words and, if any, 1 to 5 stars",
            remedy="check its columns",
        )
    named = {"text": " + ".join(header[place][:40] for place in places)}
    named |= {meaning: header[place][:40] for meaning, place in at.items() if place is not None}
    found = ", ".join(f'{meaning} <- "{column}"' for meaning, column in named.items())
    notes = (*notes, *(f"{each} {'was' if each.startswith('1 row ') else 'were'} left out" for each in out))
    when = _dates(year_first(named.get("time", ""), times))
    return ReviewFile(
        name, tuple(texts), np.array(stars), np.array(good), tuple(items), when, np.array(bucket), found, notes, named
    )


def _dates(times: Sequence[str]) -> npt.NDArray[np.datetime64]:
    """(n,) of each its moment, NaT of what is none."""
    when = pd.to_datetime(pd.Series(times, dtype="str"), errors="coerce", format="mixed", utc=True)
    return when.dt.tz_localize(None).to_numpy("datetime64[ns]")


def _number(row: list[str], place: int | None) -> float:
    """The stars of a row: "4", "4,5", "4/5", "4 out of 5 stars", "four", "★★★★☆"; NaN of none, NO_STARS of no stars."""
    if place is None or nothing(row[place]):
        return float("nan")
    cell = row[place].strip().lower()
    if _DRAWN.fullmatch(cell):
        value = float(sum(map(cell.count, "★⭐")))
    else:
        told = _OF_FIVE.fullmatch(cell)
        value = SPELT.get(told[1]) or _float(told[1]) if told else _float(cell)
    return value if 1 <= value <= 5 else NO_STARS  # NaN too


def _float(text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return NO_STARS


def _side(row: list[str], place: int | None) -> float:
    if place is None:
        return float("nan")
    word = row[place].strip().lower()
    return 1.0 if word in GOOD_WORDS else 0.0 if word in BAD_WORDS else float("nan")
