"""Every benchmark in one run: `python -m recsys benchmark [--quick] [--json]`."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

from benchmarks import (
    answers,
    crowd,
    encoding,
    first_screen,
    grocery_search,
    index,
    languages,
    preparation,
    reranking,
    search_speed,
    understanding,
)
from benchmarks.measurement import Measurement, Workbench, workbench
from benchmarks.report import envelope, keep, show, stderr
from recsys.settings import Settings

COMMAND: Final = "python -m recsys benchmark"

# In this order: the crowd's memory is that of the engine alone only while no peer has been imported.
MEASUREMENTS: Final[dict[str, Callable[[Workbench], Measurement]]] = {
    "crowd": crowd.measure,
    "answers": answers.measure,
    "index": index.measure,
    "reranking": reranking.measure,
    "understanding": understanding.measure,
    "search_speed": search_speed.measure,
    "grocery_search": grocery_search.measure,
    "languages": languages.measure,
    "encoding": encoding.measure,
    "preparation": preparation.measure,
    "first_screen": first_screen.measure,
}
LONG: Final = ("preparation", "first_screen")  # minutes, and a browser


def run_suite(settings: Settings, *, quick: bool) -> dict[str, Any]:
    """Measure everything, print tables on standard error, and return the results as plain data.

    Keys: what `report.envelope` says of the run, `products`, `distinct_texts`, `shoppers`, `seconds`, `measurements` by
    name, `bars` (all of them, each with its benchmark) and `bars_hold`. A quick run leaves out the preparation and the
    browser and takes under a minute. A full run over the whole catalogue also writes benchmarks/results/.
    Raises ArtifactError when the data set is not prepared.
    """
    console = stderr()
    started = time.perf_counter()
    with workbench(settings, quick=quick) as bench:
        head = envelope(bench, COMMAND)
        engine = bench.engine
        size = {
            "products": engine.catalogue.size,
            "distinct_texts": engine.index.shared.n_rows,
            "shoppers": len(engine.shoppers),
        }
        found: dict[str, dict[str, Any]] = {}
        for name, measure in MEASUREMENTS.items():
            if quick and name in LONG:
                continue
            console.print(f"\nmeasuring {name} ...", style="dim")
            measurement = measure(bench)
            found[name] = measurement.as_json()
            show(measurement, console)
            keep(head | size | found[name], name, console)
    bars = [{"benchmark": name} | bar for name, one in found.items() for bar in one["bars"]]
    results = (
        head
        | size
        | {
            "seconds": round(time.perf_counter() - started, 1),
            "bars_hold": all(bar["holds"] for bar in bars),
            "bars": bars,
            "measurements": found,
        }
    )
    held = sum(bar["holds"] for bar in bars)
    console.print(f"\n{held} of {len(bars)} bars hold; {results['seconds']:.0f} s in all.")
    return results
