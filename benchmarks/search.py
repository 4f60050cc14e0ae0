"""Search quality from nothing: `python -m benchmarks.search --catalogue FOLDER --judgments FILE`.

Writes benchmarks/results/search_icecat.json: what `python -m recsys evaluate search` prints; the same plain systems on
the source's short names; our settings chosen by cross-validation over queries; how exact model numbers are
found; and the time of a query beside word indexes.
"""

from __future__ import annotations

import argparse
import itertools
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from benchmarks.machine import described
from benchmarks.search_speed import compared
from recsys.artifacts import fingerprint, write_whole
from recsys.engine import Engine, imported
from recsys.evaluation.search import judgments as reading
from recsys.evaluation.search import searching as search
from recsys.evaluation.search import systems as search_systems
from recsys.evaluation.search.systems import EVERY_PRODUCT
from recsys.evaluation.significance import intervals
from recsys.retrieval.fielded import codes
from recsys.schema import Knobs
from recsys.settings import PROJECT, load_settings
from recsys.shops.imported import catalogue as reading_products
from recsys.shops.imported.catalogue import SearchCatalogue

RESULT: Final = PROJECT / "benchmarks" / "results" / "search_icecat.json"
PLAIN: Final = ("bm25", "meaning", "rrf", "mix")
FOLDS: Final = 10
BEST_MEANT: Final = 5  # the best settings whose held-out figures are averaged: one winner of 60 queries is luck
AIMS: Final = {"pooled": (1.0, 0.0), "pooled and full": (0.5, 0.5)}  # what is chosen by: weights of the two figures
CHOICES: Final[list[Knobs]] = [
    replace(EVERY_PRODUCT, meaning_weight=meaning, kind_weight=kind)
    for meaning, kind in itertools.product((0.2, 0.3, 0.4, 0.5, 0.6, 0.7), (0.0, 0.1, 0.2, 0.3))
]


def short_names(catalogue: SearchCatalogue) -> SearchCatalogue:
    """The catalogue with the shop's own short name ("iPAQ 214") for a title, where it has one beside the title."""
    names = [
        dict(pairs).get("name", title) for pairs, title in zip(catalogue.attributes, catalogue.titles, strict=True)
    ]
    return replace(catalogue, titles=tuple(names), fingerprint=fingerprint(catalogue.fingerprint, "names"))


def figures(engine: Engine, judgments: reading.Judgments, names: Sequence[str]) -> list[dict[str, Any]]:
    """Figures of some systems on one catalogue."""
    asked = search_systems.systems(imported.searched(engine), names)
    found = [search.judge(system, ids_of(engine), judgments) for system in asked]
    rows: list[dict[str, Any]] = search.summed_up(found, judgments)["systems"]
    return rows


def ids_of(engine: Engine) -> list[str]:
    """The products' own ids, by row."""
    return [str(each) for each in engine.catalogue.ids.tolist()]


def cross_validated(engine: Engine, judgments: reading.Judgments) -> dict[str, Any]:
    """Settings chosen on nine tenths of the queries, judged on the tenth; the defaults on all of them for comparison.

    Only the held-out figures say what to expect, and even they know the parts that there are.
    """
    found = _all_choices(engine, judgments)
    return {
        "settings_tried": len(CHOICES),
        "folds": FOLDS,
        "best_averaged": BEST_MEANT,
        "held_out": {aim: _held_out(found, np.array(weights)) for aim, weights in AIMS.items()},
        "defaults": _with_intervals(found[CHOICES.index(EVERY_PRODUCT)]),
    }


def _held_out(found: Any, weights: Any) -> dict[str, Any]:
    """Figures of queries that the choice has not seen; `found` is (settings, queries, 2)."""
    aim = found @ weights  # (settings, queries, 2) @ (2,) -> (settings, queries)
    order = np.random.default_rng(0).permutation(aim.shape[1])
    held, winners = np.empty((aim.shape[1], 2)), []
    for fold in range(FOLDS):
        out = order[fold::FOLDS]
        best = np.argsort(-np.delete(aim, out, axis=1).mean(axis=1), kind="stable")[:BEST_MEANT]
        held[out] = found[best][:, out].mean(axis=0)
        winners.append(CHOICES[int(best[0])].changed())
    return _with_intervals(held) | {"winner_of_each_fold": winners}


def _with_intervals(values: Any) -> dict[str, Any]:
    table = intervals(pd.DataFrame(values, columns=["pooled_ndcg@10", "ndcg@10"]))
    return {str(m): {"mean": row["mean"], "ci95": [row["low"], row["high"]]} for m, row in table.iterrows()}


def _all_choices(engine: Engine, judgments: reading.Judgments) -> Any:
    """(settings, queries, 2) pooled and full nDCG."""
    found = []
    for knobs in CHOICES:
        judged = search.judge(search_systems.Ranked("", "", engine, knobs), ids_of(engine), judgments).values
        found.append(judged[["pooled_ndcg@10", "ndcg@10"]].to_numpy())
    return np.array(found)


def model_numbers(engine: Engine, names: Sequence[str], asked: int = 300) -> dict[str, Any]:
    """Mean reciprocal rank of a product whose title alone holds a model number, when that number is typed."""
    holders: dict[str, list[int]] = {}
    for row, title in enumerate(engine.catalogue.titles.tolist()):
        for code in set(codes(title)):
            holders.setdefault(code, []).append(row)
    only = sorted((code, rows[0]) for code, rows in holders.items() if len(rows) == 1 and len(code) >= 5)
    drawn = np.random.default_rng(0).choice(len(only), min(asked, len(only)), replace=False)
    ranks = {}
    for system in search_systems.systems(imported.searched(engine), names):
        places = [np.flatnonzero(system.top(only[i][0], 100) == only[i][1]) for i in drawn]
        ranks[system.name] = float(np.mean([1 / (p[0] + 1) if len(p) else 0.0 for p in places]))
    return {"asked": len(drawn), "mrr": ranks}


def main() -> None:
    """Run everything and write the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--catalogue", type=lambda text: Path(text).resolve(), required=True, help="product folder")
    parser.add_argument("--judgments", type=lambda text: Path(text).resolve(), required=True, help="CSV of judgments")
    options = parser.parse_args()
    arguments = ["--catalogue", str(options.catalogue), "--judgments", str(options.judgments), "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "recsys", "evaluate", "search", *arguments],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        check=True,
    )
    report = json.loads(done.stdout) | {"machine": described()}
    settings, catalogue = load_settings(), reading_products.load(options.catalogue).by_id()
    judgments = reading.load(options.judgments).known(frozenset(catalogue.ids))
    report["short_names"] = figures(imported.open_catalogue(short_names(catalogue), settings), judgments, PLAIN)
    engine = imported.open_catalogue(catalogue, settings)
    report["cross_validated"] = cross_validated(engine, judgments)
    report["model_numbers"] = model_numbers(engine, search_systems.NAMES)
    report["speed"] = compared(engine, judgments.answerable() * 5, blocks=5)[0]
    write_whole(RESULT, json.dumps(report, ensure_ascii=False, indent=1).encode())
    for part in ("short_names", "cross_validated", "model_numbers", "speed"):
        print(part, json.dumps(report[part])[:1500])


if __name__ == "__main__":
    main()
