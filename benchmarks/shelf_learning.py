"""What a shelf that learns from presses is worth to newcomers of a simulated shop, and how long it takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

import numpy as np

from benchmarks.measurement import Measurement, Row, Workbench
from benchmarks.report import run_alone
from benchmarks.timing import Contender, interleaved, spread
from recsys.engine import Engine
from recsys.evaluation.learning.comparing import compared
from recsys.evaluation.learning.data import of_shop
from recsys.evaluation.learning.running import LearningData
from recsys.evaluation.learning.visits import PAGES, PLACES, K, utility
from recsys.feedback.log import KINDS
from recsys.learning.learners import FEEDBACK
from recsys.schema import NEW_SHOPPER, Knobs, Learning, Request, Rows

SEED: Final = 12
JUDGED: Final = (3, 10, 20)  # acts of a person
WAYS: Final[dict[str, Learning | None]] = {
    "as ever: likes pull the shelf": None,
    "learns from presses": Learning(),
    "learns, and products move": Learning(items_step=0.05),
}
TIMED: Final = (3, 20)  # acts that a timed person has done
NOTHING_FOLDED: Final = Knobs(fold="none")  # full ranking: nothing is left out
PROTOCOL: Final = (
    "people of the simulated shop as visitors without a history; popularity is counted with everybody's purchases, "
    f"theirs too; pages of {PLACES}, {PAGES} a visit, nothing twice in it; they answer by the simulation's model",
    "every way by its first settings, amid what folds of people of the same shop chose for the taste alone",
    f"utility@{K}: of all products the shelf's first {K}; fresh: of those that nothing was done with yet",
    "change against the Storefront as ever, people by people: bootstrap over people, 95 %",
    "milliseconds: shelves of a newcomer and of a known shopper by turns, interleaved block by block, one thread",
)


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured."""

    people: int = 100
    blocks: int = 8


@dataclass(slots=True)
class _Person:
    """One newcomer on one way."""

    request: Request
    row: int  # of the crowd
    seen: set[int] = field(default_factory=set)  # in this visit
    done: set[int] = field(default_factory=set)  # products that something was done with
    acts: int = 0


def measure(bench: Workbench) -> Measurement:
    """Worth and time. Needs a simulated shop that is prepared; raises BadRequestError for any other."""
    plan = bench.engine.plan
    data = of_shop(bench.settings.shop, plan.open("dataset"), plan.open("vectors"))
    return run(bench.engine, data, Effort(people=4, blocks=2) if bench.quick else Effort())


def run(engine: Engine, data: LearningData, effort: Effort) -> Measurement:
    """The measurement with a given effort."""
    people = np.random.default_rng(SEED).permutation(len(data.worth))[: effort.people]
    found = {name: _lived(engine, data, people.tolist(), name, way) for name, way in WAYS.items()}
    first = next(iter(found.values()))
    worth: list[Row] = [
        {"what": name, "acts": acts, **_told("all", lists[acts, False], first[acts, False]),
         **_told("fresh", lists[acts, True], first[acts, True])}
        for name, lists in found.items()
        for acts in JUDGED
    ]  # fmt: skip
    times = list(_timed(engine, effort.blocks))
    return Measurement(
        "shelf_learning", "What a shelf that learns from presses is worth, and what it costs", PROTOCOL, worth,
        facts={"people": effort.people, "times": times},
    )  # fmt: skip


def _told(name: str, values: Sequence[float], base: Sequence[float]) -> Row:
    line = compared("utility", np.array(values), np.array(base))
    low, high = line["change_ci95"]
    return {name: line["utility"], f"{name}_change": line["change"], f"{name}_low": low, f"{name}_high": high}


def _lived(
    engine: Engine, data: LearningData, people: list[int], name: str, way: Learning | None
) -> dict[tuple[int, bool], list[float]]:
    """(acts, of fresh products alone) -> utility of each person."""
    found: dict[tuple[int, bool], list[float]] = {(acts, fresh): [] for acts in JUDGED for fresh in (False, True)}
    for row in people:
        request = Request(NEW_SHOPPER, visitor=f"{list(WAYS).index(name)}-{row}", knobs=NOTHING_FOLDED, learning=way)
        person, rng = _Person(request, row), np.random.default_rng([SEED, row])
        for acts, fresh, worth in _visits(engine, data, person, rng):
            found[acts, fresh].append(worth)
        engine.forget(request)
    return found


def _visits(
    engine: Engine, data: LearningData, person: _Person, rng: np.random.Generator
) -> Iterator[tuple[int, bool, float]]:
    """Pages until the last mark, and at each mark what the shelf is worth: (acts, fresh, utility)."""
    waiting, turns, worth = list(JUDGED), 0, data.worth[person.row]
    while waiting:
        if turns % PAGES == 0:
            person.seen.clear()
        _page(engine, data, person, rng)
        turns += 1
        while waiting and (person.acts >= waiting[0] or turns > PAGES * JUDGED[-1]):
            mark, rows = waiting.pop(0), _rows(engine, person.request)
            yield mark, False, utility(rows, worth)
            left = worth.copy()
            left[list(person.done)] = 0.0
            yield mark, True, utility(rows[~np.isin(rows, list(person.done))], left)


def _page(engine: Engine, data: LearningData, person: _Person, rng: np.random.Generator) -> None:
    rows = _rows(engine, person.request)
    items = rows[~np.isin(rows, list(person.seen))][:PLACES]
    person.seen.update(items.tolist())
    for item, acts in zip(items.tolist(), data.crowd.respond(person.row, items, rng), strict=True):
        for act in acts:
            kind = FEEDBACK.get(act, act)
            if kind in KINDS:
                engine.record(person.request, engine.catalogue.id(item), kind)
            person.acts += 1
            person.done.add(item)


def _rows(engine: Engine, request: Request) -> Rows:
    return np.array([item.row for item in engine.answer(replace(request, k=100)).items], np.int32)


def _timed(engine: Engine, blocks: int) -> Iterator[Row]:
    """Shelves of 12 after some acts, with learning on and off in one run, and how many times as long it takes."""
    shopper = str(engine.shoppers["shopper_id"].iloc[0])
    for acts in TIMED:
        asked = [Request(NEW_SHOPPER, visitor=f"timed{acts}"), Request(shopper)] * 3 * blocks
        for request in asked[:2]:
            engine.forget(request)
            for item in engine.answer(replace(request, k=max(TIMED))).items[:acts]:
                engine.record(request, item.item_id, "like")
        ways = [Contender(name, partial(_answered, engine, way), asked) for name, way in WAYS.items()]
        taken = interleaved(ways, blocks)
        usual = float(np.median(taken[next(iter(WAYS))]))
        for name, ms in taken.items():
            yield {"what": name, "acts": acts, "times": float(np.median(ms)) / usual, **spread(ms)}


def _answered(engine: Engine, way: Learning | None, request: Request) -> object:
    return engine.answer(replace(request, learning=way))


if __name__ == "__main__":
    raise SystemExit(run_alone("shelf_learning", measure))
