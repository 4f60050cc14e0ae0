"""Making what is missing: two steps at a time, each as soon as what it rests on is there, what a shelf needs first."""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from recsys.artifacts import storage_errors
from recsys.errors import StorageError
from recsys.preparation.graph import STEPS
from recsys.preparation.plan import Plan
from recsys.preparation.presence import present
from recsys.preparation.tidying import remove_the_flat_layout
from recsys.progress import Progress, Stopped, silent
from recsys.settings import Settings
from recsys.steps.code import Code
from recsys.steps.contract import Step

WORKERS: Final = 2
LAST: Final = 19  # niceness of the steps that a shelf can do without: they take what the others leave


@dataclass(frozen=True, slots=True)
class StepResult:
    """What preparing one step came to."""

    name: str
    label: str
    made: bool
    seconds: float
    path: str
    info: dict[str, Any]


def prepare(
    settings: Settings,
    progress_of: Callable[[str], Progress] = lambda label: silent,
    say: Callable[[str], None] = lambda message: None,
    steps: Mapping[str, Step] = STEPS,
) -> list[StepResult]:
    """Make every artefact that is missing, stale or damaged; returns what became of each, in the order of the graph.

    `progress_of(label)` gives the progress of one step; `say` is told of waits. Both are called from several threads.
    Two of these at once do no harm: one makes a step, the other waits and finds it done. Raises StorageError,
    DataError, ModelError or ArtifactError; what was finished stays.
    """
    run = _Run(settings, steps, progress_of, say)
    results = run.find_all()
    if results is None:
        with present(settings.cache_dir / settings.shop):
            results = run.make_all()
        remove_the_flat_layout(settings.cache_dir, steps)
    Code.of(settings).remember()
    return results


@dataclass(slots=True)
class _Run:
    """One preparation: which steps are done, which are being made."""

    settings: Settings
    steps: Mapping[str, Step]
    progress_of: Callable[[str], Progress]
    say: Callable[[str], None]
    results: dict[str, StepResult] = field(default_factory=dict)
    making: dict[Future[StepResult], Step] = field(default_factory=dict)
    stopping: threading.Event = field(default_factory=threading.Event)

    def find_all(self) -> list[StepResult] | None:
        """Everything as it lies there, checked; None when something has to be made. Writes nothing."""
        plan = Plan.of(self.settings, self.steps)
        found = []
        for step in self.steps.values():
            started = time.perf_counter()
            if (artifact := plan.find(step.name)) is None:
                return None
            seconds = time.perf_counter() - started
            found.append(StepResult(step.name, step.label, False, seconds, str(artifact.path), artifact.info))
        for step in self.steps.values():
            self.progress_of(step.label)(1, 1, "already there")
        return found

    def make_all(self) -> list[StepResult]:
        """Make what is missing, WORKERS steps at a time; what a shelf can do without in threads that stand back."""
        with (
            ThreadPoolExecutor(WORKERS, thread_name_prefix="step") as first,
            ThreadPoolExecutor(WORKERS, thread_name_prefix="later", initializer=_stand_back) as later,
            self._stopped_at_the_end(),
        ):
            while len(self.results) < len(self.steps):
                for step in self._ready():
                    pool = first if step.needed else later
                    self.making[pool.submit(self._make, step)] = step
                done, _ = wait(self.making, return_when=FIRST_COMPLETED)
                for future in done:
                    del self.making[future]
                    result = future.result()
                    self.results[result.name] = result
        return [self.results[name] for name in self.steps]

    @contextmanager
    def _stopped_at_the_end(self) -> Iterator[None]:
        """However it ends, what is still being made is told to end too, and no more is begun."""
        try:
            yield
        finally:
            self.stopping.set()
            for future in self.making:
                future.cancel()

    def _ready(self) -> list[Step]:
        """The steps to begin now, as many as there are workers free."""
        running = list(self.making.values())
        begun = []
        for step in self.steps.values():
            if len(running) == WORKERS:
                break
            waits = step.name in self.results or step in running
            waits = waits or any(basis.step not in self.results for basis in step.rests_on)
            if waits or (step.library and any(other.library == step.library for other in running)):
                continue
            if not step.needed and self._shelf_waits() and any(not other.needed for other in running):
                continue  # one place is kept for what a shelf needs
            running.append(step)
            begun.append(step)
        return begun

    def _shelf_waits(self) -> bool:
        """Whether something that a shelf needs is still to be made."""
        return any(step.needed and step.name not in self.results for step in self.steps.values())

    def _make(self, step: Step) -> StepResult:
        plan = Plan.of(self.settings, self.steps)  # anew for each: it may rest on what an earlier one noted
        progress = self.progress_of(step.label)
        started = time.perf_counter()
        artifact, made = plan.find(step.name), False
        if artifact is None:
            _need_space(self.settings)
            make = partial(step.make, plan.context(step.name), self._heeded(progress))
            store = plan.store_of(step.name)
            artifact, made = store.build(step.name, plan.versions[step.name], make, self.say)
        progress(1, 1, "done" if made else "already there")
        seconds = time.perf_counter() - started
        return StepResult(step.name, step.label, made, seconds, str(artifact.path), artifact.info)

    def _heeded(self, progress: Progress) -> Progress:
        """The progress of a step that ends at its next word once the preparation is stopped."""

        def heeded(done: int, total: int, note: str = "") -> None:
            if self.stopping.is_set():
                raise Stopped
            progress(done, total, note)

        return heeded


def _stand_back() -> None:
    """Let every other thread go before this one and those that it starts, on a system whose threads have priorities.

    For good: an ordinary user may not raise a priority again, hence threads of their own.
    """
    if sys.platform == "linux":  # elsewhere a priority is the whole process's
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LAST)


def _need_space(settings: Settings) -> None:
    """Say early that the disk is too full, rather than half-way."""
    with storage_errors(settings.cache_dir):
        settings.cache_dir.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(settings.cache_dir).free // 2**20
    if free < settings.minimum_free_mb:
        raise StorageError(
            f"{free} MB are free on the disk of {settings.cache_dir}",
            allowed=f"at least {settings.minimum_free_mb} MB",
            remedy="free some space, or set SHELFLENS_CACHE_DIR to another disk",
        )
