"""Whatever is typed is answered or refused in words: for a bounded time, from two seeds, on every shop."""

from __future__ import annotations

import json
import math
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from types import FrameType
from typing import Any, Final

import pytest

from pages.shared.wording import plain
from recsys.engine import Engine
from recsys.query.cleaning import read_query
from recsys.schema import MAX_QUERY_CHARS, Answer, Request
from tests.fuzzing import seeded, taken_or_refused
from tests.pages.shown_text import made_of
from tests.shops.hostile import LIVE

AT_MOST: Final = 300  # queries for each shop and seed
SECONDS: Final = 3.0  # for each shop and seed: 24 in all

NAMES: Final = ["milk", "dog food", "whole milk", "pasta", "choclate", "half & half", "7-up", "cocacola", "m&ms",
                "toilet paper", "green tea", "tent", "store brand", "easter candy", "diapers size 4"]  # fmt: skip
NUMBERS: Final = ["0", "1", "12", "007", "-5", "+3", "1.5", "1,5", "1.234,56", "1e400", "-1e999", "9" * 40, "9" * 400,
                  "½", "٣", "４２", "Ⅷ", "²", "1/0", "0x1f", "nan", "inf", "Infinity", "NaN", "1_000"]  # fmt: skip
UNITS: Final = ["oz", "fl oz", "lb", "g", "mg", "kg", "ml", "l", "%", "pack", "ct", "rolls", "watt", "inch", '"', "°",
                "x", "x 6", "size 4", "for 10 people"]  # fmt: skip
MONEY: Final = ["under $3", "$", "$0", "$5 to $2", "between $2 and $2", "over €1.000,50", "below £", "< 3", "> 3", "<",
                "3 bucks", "99 cents", "cheap", "¥100", "CHF 3", "less than", "at most $ 9999999999", "₹5"]  # fmt: skip
WITHOUT: Final = ["no", "not", "without", "w/out", "w/o", "-milk", "non-", "free of", "milk free",
                  "sugar-free", "no egg",
                  "sin azúcar", "ohne Zucker", "sans sucre", "不要 牛奶", "no no", "not not", "except",
                  "minus"]  # fmt: skip
TONGUES: Final = ["牛奶", "queso rallado", "Hundefutter", "pâté", "молоко", "كلب", "חלב", "ミルク", "우유",
"café au lait",
                  "für", "ñ", "İstanbul", "ß", "ﬁsh", "Å", "e\u0301" * 20]  # fmt: skip
SIGNS: Final = ['"', '""', "'", "\u201c", "\u201d", "[", "]", "(", ")", "{{7*7}}", "%s", "%", "\\", "\\n", "/",
                "//", "*",
                "`", "~", "^", "$$", "|", "&", "&amp;", "&#x110000;", "&uuml;", "<b>", "</script>", "<!--",
                "-->", "---",
                "- ", "–", "—", "+", "=1+1", "@SUM(A1)", "|calc", "#", ":", "::", ";", ",", ".", "...", "?",
                "!"]  # fmt: skip
HIDDEN: Final = ["\0", "\x07", "\x1b[31m", "\x7f", "\x85", "\t", "\n", "\r\n", "\u00a0", "\u00ad", "\u200b", "\u200d",
                 "\u200e", "\u202e", "\u2066", "\u2069", "\u2028", "\ufeff", "\ufffd", "\uffff", "\ud800", "\udfff",
                 "\U000e0041", "\U0010ffff", "\ufe0f", "🍕", "👩‍👩‍👧", "🏽", "🇫🇷"]  # fmt: skip
ADDRESSES: Final = [*LIVE, "javascript:alert(1)", "file:///etc/passwd", "ftp://a.b", "a.b/c", "=HYPERLINK(\"//a.b\")",
                    "data:text/html,x", "//evil.example", "http://[::1]:80", "example.com", "a@b.cd"]  # fmt: skip
KINDS: Final = (NAMES, NAMES, NUMBERS, UNITS, MONEY, WITHOUT, TONGUES, SIGNS, HIDDEN, ADDRESSES)


def typed(random_: random.Random, words: list[str]) -> str:
    """A query of some pieces of any kind, of words of the shop, and of signs from all of Unicode."""
    pieces = []
    for _ in range(random_.randint(1, 10)):
        kind = random_.randrange(len(KINDS) + 4)
        if kind < len(KINDS):
            piece = random_.choice(KINDS[kind])
        elif kind == len(KINDS):
            piece = "".join(chr(random_.randrange(0x110000)) for _ in range(random_.randint(1, 12)))
        elif kind == len(KINDS) + 1:
            plane = random_.choice((0, 0x1000, 0xF000, 0x10000, 0x1F000, 0x20000, 0xE0000, 0x100000))
            piece = "".join(chr(plane + random_.randrange(0x1000)) for _ in range(random_.randint(1, 12)))
        else:
            piece = random_.choice(words)
        if random_.random() < 0.15:
            piece = (piece + random_.choice(("", " ", ", "))) * random_.choice((2, 7, 70, 300))
        if random_.random() < 0.1:
            piece = "".join(random_.sample(piece, len(piece)))  # a slip, or nonsense
        pieces.append(random_.choice((piece, piece, piece.upper(), piece.title())))
    return random_.choice((" ", " ", " ", "", ", ", "-", "  ", "\u00a0")).join(pieces)


@seeded
def test_anything_typed_is_answered_or_refused_in_words(any_engine: Engine, seed: int) -> None:
    random_ = random.Random(f"{any_engine.shop.name} {seed}")
    words = [*dict.fromkeys(" ".join(map(str, any_engine.items["title"].iloc[:200])).split())]
    ends = time.monotonic() + SECONDS
    for number in range(AT_MOST):
        if time.monotonic() > ends:
            break
        query = typed(random_, words)
        _ask(
            any_engine, query, f"{any_engine.shop.name}, seed {seed} (FUZZ_SEED={seed}), query {number}: {query!r:.900}"
        )


def _ask(engine: Engine, query: str, told: str) -> None:
    taken_or_refused(
        lambda: engine.answer(Request(query=query, k=12)), told, lambda answer: _check(engine, answer, told)
    )


def _check(engine: Engine, answer: Answer, told: str) -> None:
    for item in answer.items:
        assert item.score == sum(item.parts.values()), told
        assert all(map(math.isfinite, (item.score, *item.parts.values()))), told
    json.dumps(answer.as_json(), allow_nan=False)  # no number in it is none
    for text in _texts([asdict(answer.understood) if answer.understood else {}, answer.notes]):
        assert not made_of(plain(text)), f"{made_of(plain(text))} of {text[:200]!r}\n{told}"
    if answer.understood is not None:
        for chip in answer.understood.chips[:2]:  # what a click leads to can be asked for as well
            engine.answer(Request(query=chip.without, k=1))
            engine.answer(Request(query=chip.as_words, k=1))


def _texts(found: Any) -> Iterator[str]:
    if isinstance(found, str):
        yield found
    elif isinstance(found, dict):
        yield from _texts([*found.values()])
    elif isinstance(found, list | tuple):
        for each in found:
            yield from _texts(each)


# --- twice as much takes at most twice as long ------------------------------------------------------------------------

REPEATED: Final = [*NAMES[:8], *NUMBERS[:12], *MONEY, *WITHOUT, *TONGUES, "half & half n", '"a" ', "a-b ", "a",
                   "1", "é",
                   "🍕", "<", "&", "(", "-", "no ", "1x", "12 oz ", "$1 "]  # fmt: skip


def steps_of(ask: Callable[[], object]) -> int:
    """How many functions are called until it is answered: what counts work whatever the machine is busy with."""
    count = 0

    def counted(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        ask()
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("piece", REPEATED)
def test_twice_as_long_a_query_takes_at_most_twice_the_steps(sample_engine: Engine, piece: str) -> None:
    whole = (piece + " ") * (MAX_QUERY_CHARS // (len(piece) + 1))
    half = whole[: len(whole) // 2]

    def ask(query: str) -> Callable[[], object]:
        return lambda: sample_engine.answer(Request(query=query, k=5))

    for query in (half, whole):
        ask(query)()  # what is loaded or compiled once
    once, twice = steps_of(ask(half)), steps_of(ask(whole))
    assert twice < 2.5 * once, f"{piece!r}: {once:,} steps for half of it, {twice:,} for all"


@pytest.mark.parametrize("piece", ["no egg ", "a", "<", "&amp;", "\u202e", "9", "牛", "🍕", "- ", '"'])
def test_however_long_it_is_only_its_beginning_is_read(piece: str) -> None:
    long, longer = (piece * (1_000 * n) for n in (1, 100))
    assert read_query(long).text == read_query(longer).text
    assert steps_of(lambda: read_query(longer)) == steps_of(lambda: read_query(long))
