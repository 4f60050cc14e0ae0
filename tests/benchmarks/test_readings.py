"""What the measurement of how words are read makes of what was read, on answers made up here."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from benchmarks.languages import CHOOSING, HELD_OUT, authored
from benchmarks.readings import failures, is_wrong, table
from recsys.engine.nearness import ACROSS, NOTHING_CLOSE
from recsys.schema import Answer, Request
from recsys.schema.understood import Named, Understood

FOUND: dict[str, Any] = {"language": "es", "query": "falda", "category": "Skirt", "code": "es", "told": True,
                         "first": "Skirt", "guess": False, "lines": []}  # fmt: skip
MISSED = FOUND | {"query": "nevera", "category": "", "first": "Kettle", "guess": True, "lines": [NOTHING_CLOSE, "x"]}


def test_figures_are_of_what_they_say() -> None:
    both = table([FOUND, MISSED, FOUND | {"language": "de", "told": False, "first": "Rug", "lines": ["x"]}])
    assert both["es"] == {"queries": 2, "told": 1.0, "first_right": 1.0, "false_alarm": 0.0, "weak_told": 1.0,
                          "two_stories": 0.0, "messages": 2.0}  # fmt: skip
    assert both["all"]["told"] == pytest.approx(0.667)
    assert both["all"]["first_right"] == 0.5
    assert both["all"]["two_stories"] == pytest.approx(0.333)


def test_what_is_not_as_it_should_be() -> None:
    assert not is_wrong(FOUND)
    assert is_wrong(MISSED)
    assert not is_wrong(MISSED | {"lines": [NOTHING_CLOSE]})
    assert is_wrong(FOUND | {"guess": True})
    assert is_wrong(FOUND | {"told": False})


def test_a_line_that_is_no_failure_does_not_count() -> None:
    named = Named("blouse", "Shirt", 0.6, sure=True)
    answer = Answer(Request(query="x"), (), (), (ACROSS,), None, Understood("x", "x", named=named))
    assert failures(answer) == []
    asked = Understood("x", "x", named=Named("x", "Shirt", 0.6, sure=False))
    assert len(failures(Answer(Request(query="x"), (), (), (NOTHING_CLOSE,), None, asked))) == 2


def test_every_language_has_both_halves() -> None:
    halves = Counter((row["language"], row["half"]) for row in authored("things.csv"))
    assert len(halves) == 24
    assert min(halves.values()) >= 7
    for half in (CHOOSING, HELD_OUT):
        assert sum(n for (_, which), n in halves.items() if which == half) >= 150
