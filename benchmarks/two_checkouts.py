"""Whether a change made answers slower or larger: two checkouts of this project measured in turn, as ratios.

    .venv/bin/python -m benchmarks.two_checkouts BEFORE [AFTER] [--rounds 5] [--screen]

BEFORE and AFTER are folders of checkouts, each with a `.venv` and with its data prepared; AFTER is this one where it is
left out. In each round both are started once, in alternating order, as processes of their own that open the engine and
answer the same requests; what is compared is the round's own pair, so that a machine that slows down slows both. With
`--screen` both serve, each is opened once by no browser, and then three times in turn by a real one: seconds from the
address to the first product.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from benchmarks.machine import described
from benchmarks.report import RESULTS
from recsys.settings import PROJECT

RESULT: Final = "two_checkouts.json"
SCREEN_RESULT: Final = "two_checkouts_screen.json"
VISITS: Final = ("first visit, s", "second visit, s", "third visit, s")
Pair = tuple[dict[str, float], dict[str, float]]
ASK: Final = r"""
import json, sys, time
import numpy as np, psutil
began = time.perf_counter()
from recsys.engine import Engine
from recsys.schema import Request
from recsys.settings import load_settings
engine = Engine.open(load_settings())
people = engine.shoppers["shopper_id"].astype(str).tolist()[::50][:40]
queries = json.loads(sys.argv[1])
first = engine.answer(Request(query=queries[0], shopper=people[0]))
opened = time.perf_counter() - began
engine.warm()
kinds = {
    "query": [Request(query=q) for q in queries],
    "shopper": [Request(shopper=p) for p in people],
    "query and shopper": [Request(query=q, shopper=p) for q, p in zip(queries, people * 5)],
}
found = {"seconds to the first answer": opened}
for kind, requests in kinds.items():
    for request in requests[:5]:
        engine.answer(request)
    spent = []
    for request in requests * 2:
        start = time.perf_counter()
        engine.answer(request)
        spent.append((time.perf_counter() - start) * 1000)
    found[f"{kind}, p50 ms"] = float(np.percentile(spent, 50))
    found[f"{kind}, p95 ms"] = float(np.percentile(spent, 95))
found["resident MB"] = psutil.Process().memory_info().rss / 2**20
print(json.dumps(found))
"""


def measure(checkout: Path, queries: list[str]) -> dict[str, float]:
    """The figures of one fresh process over one checkout."""
    with tempfile.TemporaryDirectory() as state:
        environment = {**os.environ, "SHELFLENS_STATE_DIR": state, "PYTHONPATH": str(checkout)}
        done = subprocess.run(
            [str(checkout / ".venv" / "bin" / "python"), "-c", ASK, json.dumps(queries)],
            cwd=checkout, env=environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _answers(checkouts: tuple[Path, Path], rounds: int) -> list[Pair]:
    """Each round's figures of answers, before and after."""
    from benchmarks.shopper_queries import first_queries

    queries, found = first_queries(100), []
    for number in range(rounds):
        pair = {place: measure(checkouts[place], queries) for place in _turn(number)}
        found.append((pair[0], pair[1]))
        print(f"round {number + 1} of {rounds}", flush=True)
    return found


def _screens(checkouts: tuple[Path, Path], rounds: int) -> list[Pair]:
    """Each round's seconds until the server is up and until a browser shows the first product, before and after."""
    from playwright.sync_api import sync_playwright

    from benchmarks.first_screen import FLAGS, server, until_the_first_card, window
    from recsys.settings import load_settings

    browser_path = next(path for name in ("chromium", "google-chrome") if (path := shutil.which(name)))
    found = []
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as state:
        browser = playwright.chromium.launch(executable_path=browser_path, args=list(FLAGS))
        for number in range(rounds):
            pair: tuple[dict[str, float], dict[str, float]] = ({}, {})
            with ExitStack() as running:
                address = {}
                for place in _turn(number):
                    there = checkouts[place]
                    at = {"cache_dir": there / "data" / "cache", "state_dir": Path(state) / str(place)}
                    started = server(load_settings().model_copy(update=at), visited=True, project=there)
                    _, address[place], pair[place]["server up, s"] = running.enter_context(started)
                for turn, visit in enumerate(VISITS):
                    for place in _turn(number + turn):
                        with window(browser) as page:
                            pair[place][visit] = until_the_first_card(page, address[place])
                            page.wait_for_timeout(1000)  # what is drawn after the first card is not in the other's way
            found.append(pair)
            print(f"round {number + 1} of {rounds}", flush=True)
        browser.close()
    return found


def _turn(number: int) -> tuple[int, int]:
    return (0, 1) if number % 2 == 0 else (1, 0)


def compared(rounds: list[Pair]) -> list[dict[str, Any]]:
    """A row per figure: the medians before and after, and the median, least and greatest ratio of a round."""
    rows = []
    for name in rounds[0][0]:
        ratios = [after[name] / before[name] for before, after in rounds]
        rows.append(
            {
                "figure": name,
                "before": round(statistics.median(before[name] for before, _ in rounds), 3),
                "after": round(statistics.median(after[name] for _, after in rounds), 3),
                "ratio": round(statistics.median(ratios), 3),
                "least": round(min(ratios), 3),
                "greatest": round(max(ratios), 3),
            }
        )
    return rows


def main() -> int:
    """Measure and write; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path, nargs="?", default=PROJECT)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--screen", action="store_true", help="the first screen in a browser instead of answers")
    parser.add_argument("--result", type=Path, help="where to write (default: beside the other results)")
    asked = parser.parse_args()
    checkouts = asked.before.resolve(), asked.after.resolve()
    rows = compared((_screens if asked.screen else _answers)(checkouts, asked.rounds))
    for row in rows:
        print(f"{row['figure']:<30} {row['before']:>9.2f} {row['after']:>9.2f}  x {row['ratio']:.3f}")
    what = {
        "command": f"python -m benchmarks.two_checkouts BEFORE --rounds {asked.rounds}{' --screen' * asked.screen}",
        "protocol": __doc__.split("\n\n")[2],
        "machine": described(),
        "rows": rows,
    }
    result = asked.result or RESULTS / (SCREEN_RESULT if asked.screen else RESULT)
    result.write_text(json.dumps(what, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
