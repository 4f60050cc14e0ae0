"""Twenty people at once, through one engine: what each of them waits, what goes wrong, and whether memory grows."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import numpy as np

from benchmarks.answers import give_feedback
from benchmarks.machine import resident_mb
from benchmarks.measurement import Bar, Measurement, Workbench
from benchmarks.report import run_alone
from benchmarks.shopper_queries import QUERIES, shopper_ids
from benchmarks.timing import milliseconds, spread
from recsys.engine import Engine
from recsys.schema import NEW_SHOPPER, Knobs, Request

P95_BAR_MS: Final = 250.0
GROWTH_BAR_MB: Final = 30.0  # from the first third to the end; what an allocator keeps, not what a leak takes
HOUSEHOLDS: Final = 100
WITH_FEEDBACK: Final = 20
THIRDS: Final = 3

PROTOCOL: Final = (
    "one engine in one process, one thread per person, all let go at once; each asks again the moment the answer is "
    "there, with no time to read it: twenty requests are under way at any moment",
    "a mixed bag: queries, households, both, new shoppers, households with feedback, filters, short and long shelves, "
    "changed sliders; the feedback database is read by each answer that has a person",
    "every person first asks once, not counted",
    "resident memory of the process before, after each third of the requests, and its growth from the first third on",
)


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured."""

    people: int = 20
    requests_each: int = 30


QUICK: Final = Effort(people=20, requests_each=9)


@dataclass(slots=True)
class Watch:
    """What the threads report, and the memory at each third of the way."""

    total: int
    times: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _done: int = 0

    def note(self, ms: float, error: str) -> None:
        """One request is through."""
        with self._lock:
            self._done += 1
            if error:
                self.errors.append(error)
            else:
                self.times.append(ms)
            if self._done * THIRDS // self.total > (self._done - 1) * THIRDS // self.total:
                self.memory.append(resident_mb())


def measure(bench: Workbench) -> Measurement:
    """Percentiles under load, errors, and memory."""
    return run(bench.engine, QUICK if bench.quick else Effort())


def run(engine: Engine, effort: Effort) -> Measurement:
    """The measurement with a given effort."""
    households = shopper_ids(engine, HOUSEHOLDS)
    give_feedback(engine, households[:WITH_FEEDBACK])
    bags = [mixed_bag(households, person, effort.requests_each + 1) for person in range(effort.people)]
    before = resident_mb()
    watch = let_go(engine.answer, bags)
    growth = watch.memory[-1] - watch.memory[0]
    rows: list[dict[str, Any]] = [
        {"what": f"{effort.people} at once", **spread(watch.times or [0.0]), "errors": len(watch.errors)}
    ]
    facts = {
        "requests": effort.people * effort.requests_each,
        "errors": sorted(set(watch.errors))[:5],
        "resident_mb": {"before": before, "after_each_third": watch.memory},
        "growth_mb": growth,
    }
    bars = [
        Bar("errors", 0, "", len(watch.errors)),
        Bar("p95 of Engine.answer", P95_BAR_MS, "ms", float(np.percentile(watch.times or [np.inf], 95))),
        Bar("growth of resident memory after the first third", GROWTH_BAR_MB, "MB", growth),
    ]
    return Measurement("crowd", f"{effort.people} people at once", PROTOCOL, rows, bars, facts)


def mixed_bag(households: Sequence[str], person: int, n: int) -> list[Request]:
    """n requests of one person: every kind there is, in an order of their own."""
    out = []
    for i in range(n):
        query = QUERIES[(person * 31 + i * 7) % len(QUERIES)]
        household = households[(person * 17 + i * 5) % len(households)]
        kinds = (
            Request(query=query),
            Request(shopper=household),
            Request(shopper=household, query=query),
            Request(shopper=NEW_SHOPPER, query=query, visitor=f"visitor{person}"),
            Request(shopper=household, query=query, k=40, knobs=Knobs(half_life_days=30.0, shopper_weight=0.6)),
            Request(query=query, departments=("Grocery", "Produce")),
            Request(shopper=household, k=24, knobs=Knobs(fold="title", discovery=0.8)),
            Request(shopper=NEW_SHOPPER),
        )
        out.append(kinds[(person + i) % len(kinds)])
    return out


def let_go(ask: Callable[[Request], object], bags: Sequence[Sequence[Request]]) -> Watch:
    """Every bag in its own thread, the first request of each uncounted; all start the counted ones together."""
    watch = Watch(sum(len(bag) - 1 for bag in bags))
    start = threading.Barrier(len(bags))

    def one_person(bag: Sequence[Request]) -> None:
        ask(bag[0])
        start.wait()
        for request in bag[1:]:
            ms, error = 0.0, ""
            try:
                ms = milliseconds(partial(ask, request))
            except Exception as problem:  # a crowd counts errors, whatever they are
                error = f"{type(problem).__name__}: {problem}"
            watch.note(ms, error)

    with ThreadPoolExecutor(len(bags)) as pool:
        for future in [pool.submit(one_person, bag) for bag in bags]:
            future.result()
    return watch


if __name__ == "__main__":
    raise SystemExit(run_alone("crowd", measure))
