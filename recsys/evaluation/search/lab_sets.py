"""The search lab over whole query sets: asking every system, tables with intervals, and judgments in and out."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from recsys.errors import DataError
from recsys.evaluation.search import judgments, set_answers
from recsys.evaluation.search.judgments import Judgments
from recsys.evaluation.search.lab import (
    ANYWHERE,
    DEPTH,
    METRICS,
    Ask,
    Grades,
    Scope,
    System,
    Twins,
    figures,
    normalised,
    request_of,
)
from recsys.evaluation.search.set_answers import Answered, Asked, Found, Keeping
from recsys.evaluation.significance import compare, intervals
from recsys.feedback.grades import checked_set
from recsys.files.bounds import QUERIES
from recsys.files.source import Source
from recsys.files.text import text_of
from recsys.progress import Progress, silent

MAX_UPLOAD: Final = 2_000_000  # bytes
ALL_DIFFER: Final = Twins()
GRADED: Final = "All queries with a grade"  # a set that is always there


@dataclass(frozen=True, slots=True)
class SetRun:
    """What systems answered to the queries of a set."""

    name: str
    systems: tuple[System, ...]
    scope: Scope
    found: dict[str, dict[str, Found]]  # system -> query -> products
    ms: dict[str, list[float]]  # system -> milliseconds of each answer
    twins: Twins = ALL_DIFFER

    @property
    def queries(self) -> list[str]:
        """The queries that were asked, in order."""
        return list(next(iter(self.found.values())))


def run_set(
    ask: Ask,
    name: str,
    queries: Sequence[str],
    chosen: Sequence[System],
    *,
    scope: Scope = ANYWHERE,
    progress: Progress = silent,
    twins: Twins = ALL_DIFFER,
    folder: Path | None = None,
    version: str = "",
) -> SetRun:
    """Ask every system every query; with a folder each answer is kept there, and what was answered is not asked again.

    `version` is that of the prepared shop: answers of another one are asked anew. Raises DataError for a set without a
    readable query, StorageError when the folder does not take an answer, and what the engine raises.
    """
    wanted = tuple(dict.fromkeys(filter(None, map(normalised, queries))))
    if not wanted or not chosen:
        raise DataError(f"the set {name!r} holds no readable query", allowed="one query a line", remedy="add some")
    asked = Asked(name, wanted, tuple(chosen), scope, version)
    keeping = Keeping(folder, asked) if folder else None
    answers = dict(keeping.earlier) if keeping else {}
    for system in chosen:  # the first answers load what later ones find loaded: 0.3 s that are of no system
        ask(request_of(system, wanted[0], DEPTH, scope))
    for query in [query for query in wanted if query not in answers]:
        progress(len(answers), len(wanted), query)
        answers[query] = _answered(ask, asked, query, twins)
        if keeping:
            keeping.keep(query, answers[query])
    progress(len(wanted), len(wanted))
    return _run_of(asked, answers, twins)


def _answered(ask: Ask, asked: Asked, query: str, twins: Twins) -> Answered:
    answered = Answered({}, {})
    for system in asked.systems:
        started = time.perf_counter()
        answer = ask(request_of(system, query, DEPTH, asked.scope))
        answered.ms[system.name] = 1000 * (time.perf_counter() - started)
        scores: dict[str, float] = {}
        for item in answer.items:
            scores.setdefault(twins.one(item.item_id), item.score)  # of twins the best one
        answered.found[system.name] = list(scores.items())
    return answered


def _run_of(asked: Asked, answers: Mapping[str, Answered], twins: Twins) -> SetRun:
    found = {system.name: {q: answers[q].found[system.name] for q in asked.queries} for system in asked.systems}
    ms = {system.name: [answers[q].ms[system.name] for q in asked.queries] for system in asked.systems}
    return SetRun(asked.name, asked.systems, asked.scope, found, ms, twins)


def opened(folder: Path, twins: Callable[[str], Twins]) -> SetRun:
    """A finished run as it lies in its folder; `twins(fold)` are the products that cannot be told apart.

    Raises ArtifactError when it is not whole.
    """
    asked, answers = set_answers.opened(folder)
    return _run_of(asked, answers, twins(asked.fold))


def trec_run(run: SetRun, system: str) -> str:
    """One system's lists in TREC form."""
    return judgments.trec_run(f"shelflens-{system}", run.found[system])


# --- figures --------------------------------------------------------------------------------------------------


def measured(run: SetRun, grades: Grades) -> dict[str, pd.DataFrame]:
    """`figures` of each system, by its name."""
    grades = run.twins.grades(grades)
    return {
        name: figures({query: [item for item, _ in products] for query, products in lists.items()}, grades)
        for name, lists in run.found.items()
    }


def standings(run: SetRun, values: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """A row per system, best nDCG@10 first: system, label, count (queries with something relevant), p50_ms, p95_ms.

    For each of METRICS its mean over these queries, and with ` low` and ` high` behind it the 95 % bootstrap interval.
    """
    rows = []
    for system in run.systems:
        counted = values[system.name].dropna(subset="ndcg@10")
        table = intervals(counted)
        row: dict[str, object] = {"system": system.name, "label": system.label}
        for metric in METRICS:
            row |= {
                metric: table.loc[metric, "mean"],
                f"{metric} low": table.loc[metric, "low"],
                f"{metric} high": table.loc[metric, "high"],
            }
        p50, p95 = np.percentile(run.ms[system.name], [50, 95])
        rows.append(row | {"count": len(counted), "p50_ms": p50, "p95_ms": p95})
    return pd.DataFrame(rows).sort_values("ndcg@10", ascending=False, kind="stable", ignore_index=True)


def pairs(run: SetRun, values: Mapping[str, pd.DataFrame], metric: str = "ndcg@10") -> pd.DataFrame:
    """Every pair of systems by one metric, the better one first: the columns of `significance.compare`.

    Empty with fewer than two systems, or where no query has anything relevant.
    """
    table = pd.DataFrame({system.name: values[system.name][metric] for system in run.systems}).dropna()
    if table.empty or len(table.columns) < 2:
        return pd.DataFrame(columns=["model", "against", "difference", "low", "high", "p", "p_corrected", "count"])
    best_first = table.mean().sort_values(ascending=False, kind="stable").index
    return compare(table[best_first])


def worst(values: Mapping[str, pd.DataFrame], system: str) -> pd.DataFrame:
    """A row per query, the lowest nDCG@10 of `system` first: query, nDCG@10 under each system's name, judged@10.

    Queries with nothing relevant stand last, those of which most is graded first among them. judged@10 is the system's.
    """
    table = pd.DataFrame({name: found["ndcg@10"] for name, found in values.items()})
    table["judged@10"] = values[system]["judged@10"]
    table = table.reset_index()
    order = np.lexsort((-table["judged@10"], table[system].fillna(np.inf)))
    return table.iloc[order].reset_index(drop=True)


# --- in and out -----------------------------------------------------------------------------------------------


def as_judgments(grades: Grades, name: str = "grades") -> Judgments:
    """Grades in the shape that is written to files."""
    return Judgments(name, {query: dict(graded) for query, graded in grades.items()})


def read_judgments(name: str, data: bytes, ids: Collection[str]) -> Judgments:
    """The judgments of an uploaded file (a table `query,docid,rating` or TREC qrels), of products of the catalogue.

    Queries are normalised; what was left out is said in `notes`. Raises DataError as `judgments.load_bytes` does, and
    for a file of more than MAX_UPLOAD bytes.
    """
    _check_size(name, data)
    found = judgments.load_bytes(name, data).known(ids)
    ratings: dict[str, dict[str, int]] = {}
    lost = 0
    for query, graded in found.ratings.items():
        if kept := normalised(query):
            ratings.setdefault(kept, {}).update(graded)
        else:
            lost += len(graded)
    notes = (*found.notes, f"{lost:,} judgments have an unreadable query; left out") if lost else found.notes
    return Judgments(found.name, ratings, notes, found.said)


def read_queries(name: str, data: bytes) -> list[str]:
    """The distinct queries of an uploaded text file, one a line.

    Raises DataError for a file of more than MAX_UPLOAD bytes or another encoding, BadRequestError for too many queries.
    """
    _check_size(name, data)
    text = text_of(Source.of_bytes(name, data, QUERIES))
    return checked_set("upload", (normalised(line) for line in text.lines()))[1]


def _check_size(name: str, data: bytes) -> None:
    if len(data) > MAX_UPLOAD:
        raise DataError(
            f"{name} has {len(data) / 1e6:.1f} MB",
            allowed=f"at most {MAX_UPLOAD / 1e6:.0f} MB",
            remedy="give a part of it",
        )
