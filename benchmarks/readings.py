"""How words of a general shop are read in twelve languages: `python -m benchmarks.readings [--half NAME] [--each]`.

Without a half it measures both and writes benchmarks/results/readings.json.

`languages/things.csv` holds names of things in everyday words, each with its language and, where the demo store sells
it, its category. Half of each language was for choosing; the other half was asked before and after, and never read.
Nothing of it is in any table of the shop.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np

from benchmarks.languages import CHOOSING, HELD_OUT, authored
from benchmarks.machine import described
from recsys.artifacts import write_whole
from recsys.engine import Engine
from recsys.engine.nearness import ACROSS
from recsys.schema import Answer, Request
from recsys.schema.understood import LANGUAGES
from recsys.settings import PROJECT, load_settings

RESULT: Final = PROJECT / "benchmarks" / "results" / "readings.json"
SHOP: Final = "demo_store"
FACTS: Final = {
    "told": "the language: its own where a person can choose it, else any but English",
    "first_right": "of what is sold, that the first product is of the right category",
    "false_alarm": "of what is sold and stands first, that it is called a guess all the same",
    "weak_told": "of what is not sold, that the cards say it is a guess",
    "two_stories": "that the line above calls it weak and the cards do not, or the other way round",
    "messages": "lines on one failure, the mean over what is told to be weak",
}


def read(engine: Engine, row: Mapping[str, str]) -> dict[str, Any]:
    """What the shop made of one query."""
    answer = engine.answer(Request(query=row["query"], k=6))
    assert answer.understood is not None
    code, right = answer.understood.language_code, row["language"]
    lines = failures(answer)
    guess = any("guess" in item.facts for item in answer.items)
    return {
        **row,
        "code": code,
        "told": code == right if right in LANGUAGES else code != "en",
        "first": answer.items[0].category if answer.items else "",
        "guess": guess,
        "lines": lines,
    }


def failures(answer: Answer) -> list[str]:
    """The lines above the shelf that say that something was not found."""
    read = answer.understood
    lines = [note for note in answer.notes if note != ACROSS]
    if read is not None and read.named is not None and not read.named.sure:
        lines.append(f"named {read.named.name}")
    if read is not None and read.suggestion:
        lines.append(f"did you mean {read.suggestion}")
    return list(dict.fromkeys(lines))


def table(found: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, float]]:
    """The figures of FACTS, by language and for all."""
    out = {}
    for code in [*dict.fromkeys(one["language"] for one in found), "all"]:
        its = [one for one in found if code in ("all", one["language"])]
        sold, others = [one for one in its if one["category"]], [one for one in its if not one["category"]]
        first = [one for one in sold if one["first"] == one["category"]]
        weak = [one for one in its if one["guess"]]
        out[code] = {
            "queries": len(its),
            "told": mean(one["told"] for one in its),
            "first_right": mean(one["first"] == one["category"] for one in sold),
            "false_alarm": mean(one["guess"] for one in first),
            "weak_told": mean(one["guess"] for one in others),
            "two_stories": mean(one["guess"] != bool(one["lines"]) for one in its),
            "messages": mean(len(one["lines"]) for one in weak),
        }
    return out


def mean(values: Iterable[float]) -> float:
    """Rounded to three digits; 0 of nothing."""
    seen = [float(value) for value in values]
    return round(float(np.mean(seen)), 3) if seen else 0.0


def main() -> None:
    """Ask and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=(CHOOSING, HELD_OUT), help="print this one alone, and write nothing")
    parser.add_argument("--each", action="store_true", help="also a line for each query that is not as it should be")
    chosen = parser.parse_args()
    engine = Engine.open(load_settings().model_copy(update={"shop": SHOP}))
    halves = (chosen.half,) if chosen.half else (CHOOSING, HELD_OUT)
    found = {half: [read(engine, row) for row in authored("things.csv") if row["half"] == half] for half in halves}
    for half in halves:
        for one in found[half] if chosen.each else ():
            if is_wrong(one):
                print(json.dumps({key: one[key] for key in one if key != "half"}, ensure_ascii=False))
        for code, figures in table(found[half]).items():
            print(half, code, " ".join(f"{name} {value:g}" for name, value in figures.items()))
    if not chosen.half:
        report = {
            "command": "python -m benchmarks.readings",
            "shop": SHOP,
            "protocol": FACTS,
            "figures": {half: table(found[half]) for half in halves},
            "machine": described(),
        }
        write_whole(RESULT, json.dumps(report, ensure_ascii=False, indent=1).encode())


def is_wrong(one: Mapping[str, Any]) -> bool:
    """Whether a query is not as it should be in any respect."""
    right = one["first"] == one["category"] if one["category"] else one["guess"]
    return not (one["told"] and right) or len(one["lines"]) > 1 or (bool(one["category"]) and one["guess"])


if __name__ == "__main__":
    main()
