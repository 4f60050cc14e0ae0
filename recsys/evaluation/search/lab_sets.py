"""The search lab over whole query sets: asking every system, tables with intervals, and judgments in and out."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd

from recsys.errors import DataError, ShelfLensError
from recsys.evaluation.search import judgments
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
from recsys.evaluation.significance import compare, intervals
from recsys.feedback.grades import checked_set
from recsys.progress import Progress, silent

MAX_UPLOAD: Final = 2_000_000  # bytes
ALL_DIFFER: Final = Twins()

Found = list[tuple[str, float]]  # (product id, score), best first


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
    stopped: Callable[[], bool] = bool,
    twins: Twins = ALL_DIFFER,
) -> SetRun | None:
    """Ask every system every query; None when `stopped` says so meanwhile. Raises what the engine raises."""
    wanted = list(dict.fromkeys(filter(None, map(normalised, queries))))
    if not wanted or not chosen:
        raise DataError(f"the set {name!r} holds no readable query", allowed="one query a line", remedy="add some")
    found: dict[str, dict[str, Found]] = {system.name: {} for system in chosen}
    ms: dict[str, list[float]] = {system.name: [] for system in chosen}
    for system in chosen:  # the first answers load what later ones find loaded: 0.3 s that are of no system
        ask(request_of(system, wanted[0], DEPTH, scope))
    for done, query in enumerate(wanted):
        progress(done, len(wanted), query)
        for system in chosen:
            if stopped():
                return None
            started = time.perf_counter()
            answer = ask(request_of(system, query, DEPTH, scope))
            ms[system.name].append(1000 * (time.perf_counter() - started))
            scores: dict[str, float] = {}
            for item in answer.items:
                scores.setdefault(twins.one(item.item_id), item.score)  # of twins the best one
            found[system.name][query] = list(scores.items())
    progress(len(wanted), len(wanted))
    return SetRun(name, tuple(chosen), scope, found, ms, twins)


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


# --- a run beside the page ------------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class SetJob:
    """A set run in a thread of its own: it can be watched and stopped."""

    name: str
    total: int
    done: int = 0
    run: SetRun | None = None
    error: str = ""
    started: float = field(default_factory=time.monotonic)
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    @classmethod
    def start(
        cls, ask: Ask, name: str, queries: Sequence[str], chosen: Sequence[System], scope: Scope, twins: Twins
    ) -> SetJob:
        """Begin to ask every system every query."""
        job = cls(name, len(queries))

        def work() -> None:
            try:
                job.run = run_set(
                    ask, name, queries, chosen, scope=scope, twins=twins, progress=job._told, stopped=job._stop.is_set
                )
            except ShelfLensError as error:
                job.error = error.one_line()
            except Exception as error:  # a thread that ends with a traceback would be waited for in vain
                job.error = f"It ended unexpectedly: {type(error).__name__}."

        job._thread = threading.Thread(target=work, name="query-set", daemon=True)
        job._thread.start()
        return job

    def _told(self, done: int, total: int, note: str = "") -> None:
        self.done, self.total = done, total

    @property
    def running(self) -> bool:
        """Whether it is still at work."""
        return self._thread is not None and self._thread.is_alive()

    @property
    def seconds_left(self) -> float | None:
        """At the pace so far; None before the first query is done."""
        return (time.monotonic() - self.started) * (self.total - self.done) / self.done if self.done else None

    def cancel(self) -> None:
        """Stop after the answer it is at; what it found is dropped."""
        self._stop.set()

    def wait(self, seconds: float) -> bool:
        """Wait so long for its end; whether it has ended."""
        if self._thread is not None:
            self._thread.join(seconds)
        return not self.running


# --- in and out -----------------------------------------------------------------------------------------------


def as_judgments(grades: Grades, name: str = "grades") -> Judgments:
    """Grades in the shape that is written to files."""
    return Judgments(name, {query: dict(graded) for query, graded in grades.items()})


def read_judgments(name: str, data: bytes, ids: Collection[str]) -> Judgments:
    """The judgments of an uploaded file (CSV `query,docid,rating` or TREC qrels), of products of the catalogue.

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
    return Judgments(name, ratings, notes)


def read_queries(name: str, data: bytes) -> list[str]:
    """The distinct queries of an uploaded text file, one a line.

    Raises DataError for a file of more than MAX_UPLOAD bytes or another encoding, BadRequestError for too many queries.
    """
    _check_size(name, data)
    text = judgments.decoded(name, data, "a text file in UTF-8, one query a line")
    return checked_set("upload", (normalised(line) for line in text.splitlines()))[1]


def _check_size(name: str, data: bytes) -> None:
    if len(data) > MAX_UPLOAD:
        raise DataError(
            f"{name} has {len(data) / 1e6:.1f} MB",
            allowed=f"at most {MAX_UPLOAD / 1e6:.0f} MB",
            remedy="give a part of it",
        )
