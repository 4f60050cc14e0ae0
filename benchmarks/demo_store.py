"""How long the simulated store takes to make, and whether it is the same twice: `python -m benchmarks.demo_store`.

Everything is made in a process of its own, nothing else beside it: tables by one process, pictures by as many as there
are processors. Twice at the size that is shipped, once with ten times the products (tables alone).
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from typing import Any, Final

import pandas as pd

from benchmarks import machine
from benchmarks.report import RESULTS
from recsys.artifacts import write_whole
from recsys.settings import PROJECT, Settings

SIZE: Final = {name: Settings.model_fields[f"simulated_{name}"].default for name in ("products", "shoppers", "seed")}
LARGER: Final = SIZE | {"products": 10 * SIZE["products"]}
BAR_SECONDS: Final = 120.0


def made(products: int, shoppers: int, seed: int, *, pictures: bool) -> dict[str, Any]:
    """Seconds, counts and hashes of one store."""
    import resource

    from recsys.progress import silent
    from recsys.shops import picturing
    from recsys.shops.demo_store import drawer
    from recsys.shops.demo_store.loader import Size, load

    started = time.perf_counter()
    store = load(silent, Size(products, shoppers, seed))
    found: dict[str, Any] = {"products": products, "shoppers": shoppers, "seed": seed}
    found["tables_s"] = round(time.perf_counter() - started, 1)
    tables = {"items": store.items, "shoppers": store.shoppers, "events": store.events, **store.tables}
    found["rows"] = {name: len(table) for name, table in tables.items()}
    found["tables_sha256"] = _hash(pd.util.hash_pandas_object(table).to_numpy().tobytes() for table in tables.values())
    if pictures:
        started = time.perf_counter()
        files = list(picturing.drawn(drawer.__name__, store.items, store.tables["attributes"], silent))
        found["pictures_s"] = round(time.perf_counter() - started, 1)
        found["picture_kb"] = round(sum(map(len, files)) / len(files) / 1000, 1)
        found["distinct_pictures"] = len(set(files))
        found["pictures_sha256"] = _hash(files)
    found["peak_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return found


def _hash(parts: Any) -> str:
    whole = hashlib.sha256()
    for part in parts:
        whole.update(part)
    return whole.hexdigest()


def _alone(size: dict[str, int], *, pictures: bool) -> dict[str, Any]:
    """`made` in a fresh process, so that neither memory nor caches are shared."""
    asked = json.dumps(size | {"pictures": pictures})
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.demo_store", asked], cwd=PROJECT, stdout=subprocess.PIPE, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main() -> None:
    """Make the stores and write what was measured."""
    if len(sys.argv) > 1:
        print(json.dumps(made(**json.loads(sys.argv[1]))))
        return
    runs = [_alone(SIZE, pictures=True), _alone(SIZE, pictures=True), _alone(LARGER, pictures=False)]
    seconds = [run["tables_s"] + run["pictures_s"] for run in runs[:2]]
    hashes = [{key: value for key, value in run.items() if key.endswith("sha256")} for run in runs[:2]]
    report = {
        "command": "python -m benchmarks.demo_store",
        "question": "How long the simulated store takes to make",
        "protocol": __doc__.splitlines()[2:4],
        "machine": machine.described(),
        "versions": machine.versions(),
        "runs": runs,
        "bars": [
            {"what": "seconds until tables and pictures are made", "bar": f"<= {BAR_SECONDS:g}", "measured": seconds,
             "holds": max(seconds) <= BAR_SECONDS},
            {"what": "the same bytes twice", "bar": "yes", "measured": hashes[0] == hashes[1],
             "holds": hashes[0] == hashes[1]},
        ],
    }  # fmt: skip
    write_whole(RESULTS / "demo_store.json", json.dumps(report, indent=1).encode())
    for bar in report["bars"]:
        print(bar)


if __name__ == "__main__":
    main()
