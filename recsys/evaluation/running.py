"""One run: every recommender is chosen on the validation, fitted, and asked the test's question once."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import psutil

from recsys.errors import ShelfLensError
from recsys.evaluation.accuracy import accuracy
from recsys.evaluation.full_ranking import top_items
from recsys.evaluation.problems import Problem
from recsys.evaluation.protocol import CHOSEN_BY, VISITS_TO_CHOOSE_BY
from recsys.progress import Progress, silent
from recsys.ranking.models import Model, model_of
from recsys.recommenders.contract import Recommender
from recsys.schema import Rows

LISTED: Final = 20  # items kept of each list, unless a cut-off asks for more
SAMPLE_EVERY: Final = 0.02  # seconds between looks at the memory

Progresses = Callable[[str], Progress]


@dataclass(slots=True)
class Cost:
    """What one recommender took."""

    choose_s: float = 0.0  # trying all settings
    fit_s: float = 0.0  # with the settings chosen; a blend's learning to rank and the recommenders it rests on included
    score_s: float = 0.0
    peak_mb: float = 0.0


@dataclass(slots=True)
class Entrant:
    """One recommender in a run: what was chosen, what it cost, and the lists it gave."""

    model: Model
    settings: dict[str, Any]
    validation: float  # nDCG@10 on the validation visits it was chosen by
    cost: Cost
    recommender: Recommender | None  # fitted for choosing; None once it is not needed any more
    fitted_for_test: Recommender | None = None
    top: Rows = field(default_factory=lambda: np.empty((0, 0), np.int32))  # (b, LISTED)


class CancelledError(ShelfLensError):
    """The run was stopped by the person who started it; nothing was kept."""


class Run:
    """Runs recommenders over a problem. Fits each once and shares it with the blend that rests on it."""

    def __init__(
        self,
        problem: Problem,
        progress_of: Progresses = lambda label: silent,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self.problem, self._progress_of, self._stopped = problem, progress_of, stopped
        self._entrants: dict[str, Entrant] = {}
        validation = problem.split.validation
        seed = problem.protocol.seed
        drawn = np.random.default_rng(seed).permutation(len(validation.visits))[:VISITS_TO_CHOOSE_BY]
        self._choosing = validation.take(np.sort(drawn).astype(np.int32))
        self.listed = max(LISTED, *problem.protocol.cutoffs)

    def entrants(self, names: Sequence[str]) -> list[Entrant]:
        """These recommenders with their lists for the test, in the order given. Raises CancelledError when stopped."""
        out = []
        for name in names:
            progress = self._steps(name)
            entrant = self._chosen(name, progress)
            self._list(entrant, progress)
            progress.finish()
            if not any(name in model_of(other).bases(self.problem) for other in names):
                entrant.recommender = entrant.fitted_for_test = None  # memory for the next one
            out.append(entrant)
            gc.collect()
        return out

    def _steps(self, name: str) -> Steps:
        """The progress of one recommender, the bases that its blend still needs included."""
        fresh = [n for n in (*model_of(name).bases(self.problem), name) if n not in self._entrants]
        refitted = self.problem.split.for_testing is not self.problem.split.for_choosing
        total = sum(2 * len(model_of(n).grid) + int(refitted) for n in fresh) + 1
        return Steps(self._progress_of(model_of(name).label), total, self._stopped)

    # --- choosing -------------------------------------------------------------------------------------------

    def _chosen(self, name: str, progress: Steps) -> Entrant:
        """The recommender with the settings that rank the validation best, fitted without it."""
        if name not in self._entrants:
            model = model_of(name)
            make = self._learned_blend if model.make_blend else self._best_of_grid
            self._entrants[name] = make(model, progress)
        return self._entrants[name]

    def _best_of_grid(self, model: Model, progress: Steps) -> Entrant:
        best, most = None, 0.0
        started = time.perf_counter()
        for number, settings in enumerate(model.grid):
            note = f"choosing {model.name}, settings {number + 1} of {len(model.grid)}"
            recommender, cost = model.make(settings, self.problem.protocol.seed), Cost()
            with _measured(cost, "fit_s"):
                recommender.fit(self.problem.split.for_choosing, self.problem.side, progress.next(note))
            value = self._value(recommender, progress.next(note))
            if best is None or value > best.validation:
                best = Entrant(model, recommender.settings(), value, cost, recommender)
            most = max(most, cost.peak_mb)
        if best is None:
            raise ValueError(f"{model.name} has no settings to choose from")
        best.cost.choose_s, best.cost.peak_mb = time.perf_counter() - started, most
        return best

    def _learned_blend(self, model: Model, progress: Steps) -> Entrant:
        started = time.perf_counter()
        bases = {name: self._chosen(name, progress) for name in model.bases(self.problem)}
        cost = Cost()
        with _measured(cost, "fit_s"):
            if model.make_blend is None:
                raise ValueError(f"{model.name} rests on others and cannot be made of them")
            blend = model.make_blend(
                {name: _there(base.recommender) for name, base in bases.items()}, self.problem.protocol.seed
            )
            blend.fit(self.problem.split.for_choosing, self.problem.side, progress.next("gathering its bases"))
            validation = self.problem.split.validation
            blend.learn(validation.visits, validation.relevant, progress.next("learning how to weigh them"))
        cost.choose_s = time.perf_counter() - started
        settings = blend.settings() | {"learned": blend.report}
        return Entrant(model, settings, max(blend.report["ndcg"].values()), cost, blend)

    def _value(self, recommender: Recommender, progress: Progress) -> float:
        top = top_items(
            recommender, self._choosing.visits, 10, keep_seen=self.problem.protocol.keep_seen, progress=progress
        )
        return float(accuracy(top, self._choosing.relevant, [10])[CHOSEN_BY].mean())

    # --- the test -------------------------------------------------------------------------------------------

    def _fitted(self, entrant: Entrant, progress: Steps) -> Recommender:
        """The recommender as it meets the test: the same under a strict protocol, else fitted with the validation."""
        split, seed = self.problem.split, self.problem.protocol.seed
        if entrant.fitted_for_test is None and split.for_testing is split.for_choosing:
            entrant.fitted_for_test = entrant.recommender
        if entrant.fitted_for_test is None:
            if entrant.model.make_blend:
                bases = {
                    name: self._fitted(self._entrants[name], progress) for name in entrant.model.bases(self.problem)
                }
                recommender: Recommender = _there(entrant.recommender).with_bases(bases)  # type: ignore[attr-defined]
            else:
                recommender = entrant.model.make(entrant.settings, seed)
            if not entrant.model.make_blend:  # a blend's learning to rank is done once and kept
                entrant.cost.fit_s = 0.0
            with _measured(entrant.cost, "fit_s"):
                recommender.fit(split.for_testing, self.problem.side, progress.next(f"fitting {entrant.model.name}"))
            entrant.fitted_for_test = recommender
        return entrant.fitted_for_test

    def _list(self, entrant: Entrant, progress: Steps) -> None:
        recommender = self._fitted(entrant, progress)
        if entrant.model.make_blend:
            entrant.cost.fit_s += sum(self._entrants[name].cost.fit_s for name in entrant.model.bases(self.problem))
        with _measured(entrant.cost, "score_s"):
            entrant.top = top_items(
                recommender,
                self.problem.split.test.visits,
                self.listed,
                keep_seen=self.problem.protocol.keep_seen,
                progress=progress.next("asking the test's question"),
            )


class Steps:
    """Many steps of unequal length on one bar: each gets an equal share of it. Raises CancelledError when stopped."""

    PER_STEP: Final = 1_000

    def __init__(self, progress: Progress, total: int, stopped: Callable[[], bool]) -> None:
        self._progress, self._total, self._stopped = progress, total, stopped
        self._step = -1

    def next(self, what: str) -> Progress:
        """The progress of the next step."""
        self._step = min(self._step + 1, self._total - 1)
        step = self._step

        def progress(done: int, total: int, note: str = "") -> None:
            if self._stopped():
                raise CancelledError("the run was stopped", remedy="start it again; nothing was kept of this run")
            share = self.PER_STEP * done // max(total, 1)
            self._progress(self.PER_STEP * step + share, self.PER_STEP * self._total, what)

        progress(0, 1)
        return progress

    def finish(self) -> None:
        """All is done."""
        self._progress(self.PER_STEP * self._total, self.PER_STEP * self._total, "done")


def _there(recommender: Recommender | None) -> Recommender:
    if recommender is None:
        raise ValueError("the recommender was given up before the blend that rests on it was made")
    return recommender


@contextmanager
def _measured(cost: Cost, what: str) -> Iterator[None]:
    """Add the seconds of the body to the cost, and keep the most memory it took above what was there before."""
    process = psutil.Process()
    before, most, done = process.memory_info().rss, 0, threading.Event()

    def look() -> None:
        nonlocal most
        while not done.wait(SAMPLE_EVERY):
            most = max(most, process.memory_info().rss)

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    started = time.perf_counter()
    try:
        yield
    finally:
        setattr(cost, what, getattr(cost, what) + time.perf_counter() - started)
        done.set()
        watcher.join()
        cost.peak_mb = max(cost.peak_mb, (max(most, process.memory_info().rss) - before) / 2**20)
