"""Whether a change made answers slower or larger: two checkouts of this project measured in turn, as ratios.

    .venv/bin/python -m benchmarks.two_checkouts BEFORE [AFTER] [--rounds 5]

BEFORE and AFTER are folders of checkouts, each with a `.venv` and with its data prepared; AFTER is this one where it is
left out. In each round both are started once, in alternating order, as processes of their own that open the engine and
answer the same requests; what is compared is the round's own pair, so that a machine that slows down slows both.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from benchmarks.machine import described
from benchmarks.report import RESULTS
from recsys.settings import PROJECT

RESULT: Final = "two_checkouts.json"
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


def compared(rounds: list[tuple[dict[str, float], dict[str, float]]]) -> list[dict[str, Any]]:
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
    from benchmarks.shopper_queries import first_queries

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path, nargs="?", default=PROJECT)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--result", type=Path, default=RESULTS / RESULT)
    asked = parser.parse_args()
    queries = first_queries(100)
    rounds = []
    for number in range(asked.rounds):
        pair = {}
        for place in (0, 1) if number % 2 == 0 else (1, 0):
            pair[place] = measure((asked.before, asked.after)[place].resolve(), queries)
        rounds.append((pair[0], pair[1]))
        print(f"round {number + 1} of {asked.rounds}", flush=True)
    rows = compared(rounds)
    for row in rows:
        print(f"{row['figure']:<30} {row['before']:>9.2f} {row['after']:>9.2f}  x {row['ratio']:.3f}")
    what = {
        "command": f"python -m benchmarks.two_checkouts BEFORE --rounds {asked.rounds}",
        "protocol": __doc__.split("\n\n")[2],
        "machine": described(),
        "rows": rows,
    }
    asked.result.write_text(json.dumps(what, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
