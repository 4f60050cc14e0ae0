"""The answers to a hundred fixed requests: written once, and compared after each change that should change nothing.

    .venv/bin/python -m benchmarks.same_answers            # compare with what is written; exit code 1 when they differ
    .venv/bin/python -m benchmarks.same_answers --write    # write anew, after a change that is meant to change answers

The requests are spread evenly over the queries of `grocery_queries.csv`, four languages, filters and slips, households
of the short list and others, every knob, orders and departments. Items must be the same in the same order, and scores
to 1e-6, on The Complete Journey with an empty feedback database.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import tempfile
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from typing import Any, Final

from benchmarks.report import RESULTS
from recsys.engine import Engine
from recsys.schema import FEATURED, NEW_SHOPPER, SHOPPER_ID, Answer, Knobs, Request
from recsys.settings import load_settings

HERE: Final = Path(__file__).parent
RESULT: Final = "answers_of_100_requests.json"
CLOSE: Final = 1e-6
PLAIN_QUERIES: Final = 40
HOUSEHOLDS: Final = 16
BOTH: Final = 16
READ_QUERIES: Final = (
    "cheap gluten free psata under $3, no egg, store brand, 16 oz",
    "coke",
    "milk 1 gallon",
    "soup without chicken between 1 and 2 dollars",
    "dog food over $10",
    "bred",
    "piz",
    "6 pack beer",
    "牛奶",
    "queso rallado",
    "Hundefutter",
    "pain sans gluten",
    "зеленый чай",
    "printer ink",
    "asdfgh qwerty",
    "under $2",
)
KNOBS: Final = (
    Knobs(shopper_weight=0.8),
    Knobs(meaning_weight=0.0),
    Knobs(meaning_weight=1.0),
    Knobs(kind_weight=0.0),
    Knobs(exploration=1.0),
    Knobs(discovery=0.9, popularity=0.4),
    Knobs(half_life_days=14.0, fold="title"),
    Knobs(fold="none", exploration=0.5),
)


def requests(engine: Engine) -> list[Request]:
    """The hundred requests over this catalogue and its shoppers."""
    with (HERE / "grocery_queries.csv").open(encoding="utf-8", newline="") as handle:
        queries = [row["query"] for row in csv.DictReader(handle)]
    spread = queries[:: max(len(queries) // (PLAIN_QUERIES + BOTH), 1)]
    table = engine.shoppers
    featured = table[table[FEATURED] >= 0].sort_values(FEATURED)[SHOPPER_ID].astype(str).tolist()
    people = [*featured[:8], *table[SHOPPER_ID].astype(str).tolist()[:: len(table) // 8][:8]]
    departments = sorted(engine.items["department"].astype(str).unique())
    plain = [Request(query=query) for query in spread[:PLAIN_QUERIES]]
    alone = [Request(shopper=person) for person in people[:HOUSEHOLDS]]
    both = [
        Request(query=query, shopper=person)
        for query, person in zip(spread[PLAIN_QUERIES : PLAIN_QUERIES + BOTH], cycle(people), strict=False)
    ]
    read = [Request(query=query) for query in READ_QUERIES]
    knobs = [
        replace(request, knobs=setting)
        for request, setting in zip(islice(cycle([both[0], both[5], alone[3], plain[7]]), 8), KNOBS, strict=True)
    ]
    rest = [
        Request(),
        Request(shopper=NEW_SHOPPER),
        Request(query="wine", sort="price"),
        Request(query="apples", departments=(departments[0], departments[3])),
    ]
    return [*plain, *alone, *both, *read, *knobs, *rest]


def recorded(answer: Answer) -> dict[str, Any]:
    """What must stay the same of an answer."""
    return {
        "query": answer.request.query,
        "shopper": answer.request.shopper,
        "knobs": answer.request.knobs.changed(),
        "items": [str(item.item_id) for item in answer.items],
        "scores": [round(item.score, 9) for item in answer.items],
        "reasons": [item.reason for item in answer.items],
        "notes": list(answer.notes),
    }


def differences(before: list[dict[str, Any]], now: list[dict[str, Any]]) -> list[str]:
    """One line for each request whose answer is another one."""
    found = [] if len(before) == len(now) else [f"{len(before)} requests before, {len(now)} now"]
    for number, (old, new) in enumerate(zip(before, now, strict=False)):
        where = f"request {number} ({old['query']!r}, shopper {old['shopper']})"
        far = max((abs(a - b) for a, b in zip(old["scores"], new["scores"], strict=False)), default=0.0)
        if old["items"] != new["items"]:
            found.append(f"{where}: other items")
        elif far > CLOSE:
            found.append(f"{where}: scores differ by up to {far:.2g}")
        found += [f"{where}: other {what}" for what in ("query", "shopper", "knobs") if old[what] != new[what]]
    return found


def main() -> int:
    """Write or compare; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the answers anew")
    parser.add_argument("--result", type=Path, default=RESULTS / RESULT)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as state:
        engine = Engine.open(load_settings().model_copy(update={"state_dir": Path(state)}))
        now = [recorded(engine.answer(request)) for request in requests(engine)]
    if asked.write:
        what = {"command": "python -m benchmarks.same_answers --write", "answers": now}
        asked.result.write_text(json.dumps(what, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        print(f"{len(now)} answers written to {asked.result}")
        return 0
    before = json.loads(asked.result.read_text(encoding="utf-8"))["answers"]
    found = differences(before, now)
    worded = sum(
        (old["reasons"], old["notes"]) != (new["reasons"], new["notes"]) for old, new in zip(before, now, strict=False)
    )
    print("\n".join(found) or f"{len(now)} answers are the same: items in order, scores to {CLOSE:g}")
    print(f"{worded} answers are worded otherwise")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
