"""Interleaving beside a test of two groups, where people answer any page and the truth is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from recsys.evaluation.experiments import sample_size
from recsys.evaluation.experiments.anytime import WAIT, coin_evidence, p_values, weight_for
from recsys.evaluation.experiments.checking import Doubles
from recsys.evaluation.experiments.interleaving import team_draft, winner
from recsys.evaluation.experiments.looks import ALPHA, share_of
from recsys.evaluation.full_ranking import best_of_each
from recsys.evaluation.learning.running import LearningData
from recsys.evaluation.significance import intervals
from recsys.evaluation.truth import utility_captured
from recsys.learning.space import DIMS, centred, reduced, standardised
from recsys.progress import Progress, silent
from recsys.schema import Floats, Rows

PLACES: Final = 10  # of a page
TASTE: Final = 4.0  # weight of taste beside popularity, as page Learning has it
BLUR: Final = (0.5, 1.0)  # standard deviations of noise, where popularity has 1
MOST: Final = {"interleaving": 20_000, "groups": 200_000}  # pages until a test is given up
EVERY: Final = 100  # pages between two looks at a test of two groups
POWER: Final = 0.8


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rankings, and whether the truth knows a better one."""

    first: str
    second: str
    what: str
    alike: bool = False  # by how they were made, none is better


PAIRS: Final = (
    Pair("taste", "popular", "popularity alone against popularity and taste"),
    Pair("taste", "blurred", "the same ranking with as much noise as popularity varies"),
    Pair("taste", "slightly_blurred", "the same ranking with half as much noise"),
    Pair("blurred", "blurred_too", "two rankings with as much noise each: none is better", alike=True),
)


@dataclass(frozen=True, slots=True, eq=False)
class Answered:
    """Pages that people answered."""

    acted: Doubles  # (pages,) products that something was done with
    bought: Doubles  # (pages,) 1 where something was bought


def compared(data: LearningData, pages: int, runs: int, seed: int, progress: Progress = silent) -> list[dict[str, Any]]:
    """A line for each of PAIRS: how many pages each kind of test takes until a verdict, and how often it is right.

    `pages` are answered for each pair interleaved, and for each ranking alone; `runs` tests of each kind draw from
    these with replacement, page by page.
    """
    lists = rankings(data, seed)
    alone: dict[str, Answered] = {}
    told = []
    for turn, pair in enumerate(PAIRS):
        progress(turn, len(PAIRS), pair.what)
        for place, name in enumerate((pair.first, pair.second)):
            if name not in alone:
                alone[name] = _alone(data, lists[name], pages, [seed, turn, place])
        answered = (alone[pair.first], alone[pair.second])
        winners = _interleaved(data, lists[pair.first], lists[pair.second], pages, [seed, turn, 9])
        if pair.alike:
            answered, winners = _without_difference(answered, winners)
        better = _better(data.worth, lists[pair.first], lists[pair.second])
        told.append(
            {"first": pair.first, "second": pair.second, "what": pair.what}
            | better
            | {"interleaving": _told_by_coin(winners, better["better"], runs, [seed, turn, 10])}
            | {"groups": _told_by_groups(answered, better["better"], runs, [seed, turn, 11])}
        )
    progress(len(PAIRS), len(PAIRS), "")
    return told


def rankings(data: LearningData, seed: int) -> dict[str, Rows]:
    """(n_people, PLACES) the best products of each ranking, finished before anybody looks at the truth."""
    vectors = reduced(centred(data.vectors), DIMS)
    popular = standardised(data.counts.sum(axis=0))
    tastes = data.counts @ vectors  # (p, n) @ (n, d) -> (p, d)
    lengths = np.linalg.norm(tastes, axis=1, keepdims=True)
    unit = np.divide(tastes, lengths, out=np.zeros_like(tastes), where=lengths > 0)
    taste = popular + TASTE * unit @ vectors.T  # (p, n)
    rng = np.random.default_rng([seed, 1])

    def blurred(spread: float) -> Rows:
        noise = rng.standard_normal(taste.shape, dtype=np.float32) * np.float32(spread)
        return best_of_each(np.asarray(taste + noise, np.float32), PLACES)

    everybody = np.repeat(best_of_each(popular[None], PLACES), len(taste), axis=0)
    return {
        "popular": everybody,
        "taste": best_of_each(np.asarray(taste, np.float32), PLACES),
        "slightly_blurred": blurred(BLUR[0]),
        "blurred": blurred(BLUR[1]),
        "blurred_too": blurred(BLUR[1]),
    }


def _better(worth: Floats, first: Rows, second: Rows) -> dict[str, Any]:
    """What each ranking is truly worth, and which is better: "" where the interval of the difference holds 0."""
    captured = [utility_captured(lists, worth, PLACES).astype(np.float64) for lists in (first, second)]
    known = np.isfinite(captured[0]) & np.isfinite(captured[1])
    told = intervals(pd.DataFrame({"difference": (captured[1] - captured[0])[known]})).iloc[0]
    low, high = float(told["low"]), float(told["high"])
    return {
        "utility": [round(float(each[known].mean()), 5) for each in captured],
        "difference": round(float(told["mean"]), 5),
        "difference_ci95": [round(low, 5), round(high, 5)],
        "better": "first" if high < 0 else "second" if low > 0 else "",
    }


def _alone(data: LearningData, lists: Rows, pages: int, seed: list[int]) -> Answered:
    rng = np.random.default_rng(seed)
    acted, bought = np.zeros(pages), np.zeros(pages)
    for page, who in enumerate(rng.integers(0, len(lists), pages).tolist()):
        acts = data.crowd.respond(who, lists[who], rng)
        acted[page] = sum(bool(done) for done in acts)
        bought[page] = any("buy" in done for done in acts)
    return Answered(acted, bought)


def _interleaved(data: LearningData, first: Rows, second: Rows, pages: int, seed: list[int]) -> Rows:
    """(pages,) who won each: -1 the first, 1 the second, 0 nobody."""
    rng = np.random.default_rng(seed)
    won = np.zeros(pages, np.int32)
    for page, who in enumerate(rng.integers(0, len(first), pages).tolist()):
        drawn = team_draft(first[who].tolist(), second[who].tolist(), PLACES, int(rng.integers(2**60)))
        acts = data.crowd.respond(who, np.array(drawn.items, np.int32), rng)
        side = winner(side for side, done in zip(drawn.sides, acts, strict=True) if done)
        won[page] = 0 if side is None else 2 * side - 1
    return won


def _without_difference(answered: tuple[Answered, Answered], won: Rows) -> tuple[tuple[Answered, Answered], Rows]:
    """The same pages without what sets both sides apart by luck: tests that draw many more would find just that."""
    acted, bought = (np.concatenate([getattr(each, name) for each in answered]) for name in ("acted", "bought"))
    both = Answered(acted, bought)
    return (both, both), np.concatenate([won, -won])


def _told_by_coin(won: Rows, better: str, runs: int, seed: list[int]) -> dict[str, Any]:
    """Tests that draw interleaved pages until the verdict."""
    rng = np.random.default_rng(seed)
    stops, said = np.full(runs, np.inf), np.zeros(runs, np.int32)
    for run in range(runs):
        drawn = won[rng.integers(0, len(won), MOST["interleaving"])]
        a, b = np.cumsum(drawn == -1), np.cumsum(drawn == 1)
        sure = coin_evidence(a, b) >= -np.log(ALPHA)
        if sure.any():
            at = int(sure.argmax())
            stops[run], said[run] = at + 1, 1 if b[at] > a[at] else -1
    decided = won[won != 0]
    share = share_of(int((decided == 1).sum()), len(decided)) if len(decided) else {"share": None, "share_ci95": None}
    return {"decided": share_of(len(decided), len(won)), "second": share} | _stopped(stops, said, better, runs)


def _told_by_groups(alone: tuple[Answered, Answered], better: str, runs: int, seed: list[int]) -> dict[str, Any]:
    """Tests that send each page to one of two groups and count products acted on, until the verdict; fixed sizes."""
    rng = np.random.default_rng(seed)
    looks = MOST["groups"] // EVERY
    people = np.arange(1, looks + 1) * float(EVERY)
    half = EVERY // 2  # as many pages of each group between two looks
    fixed = _fixed(*alone)
    rho = weight_for(fixed["acted"]["pages"] or MOST["groups"], ALPHA)
    wait = people >= WAIT
    stops, said = np.full(runs, np.inf), np.zeros(runs, np.int32)
    for run in range(runs):
        means, errors = zip(*(_running(each.acted, looks, half, rng) for each in alone), strict=True)
        difference, error = means[1] - means[0], np.sqrt(errors[0] + errors[1])
        sure = (p_values(difference, error, people, rho) < ALPHA) & wait
        if sure.any():
            at = int(sure.argmax())
            stops[run], said[run] = people[at], 1 if difference[at] > 0 else -1
    return {"fixed": fixed} | _stopped(stops, said, better, runs)


def _running(
    values: Doubles, looks: int, each: int, rng: np.random.Generator
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """(mean, its variance) at each look, of values drawn with replacement."""
    drawn = values[rng.integers(0, len(values), (looks, each))]
    n = np.arange(1, looks + 1) * float(each)
    mean = np.cumsum(drawn.sum(axis=1)) / n
    return mean, np.maximum(np.cumsum((drawn**2).sum(axis=1)) / n - mean**2, 0.0) / np.maximum(n - 1, 1)


def _fixed(first: Answered, second: Answered) -> dict[str, dict[str, Any]]:
    """The pages of a usual test that is looked at once, with POWER, for each measure: None where nothing differs."""
    design = sample_size.Design(ALPHA, POWER)
    told: dict[str, dict[str, Any]] = {}
    for name in ("acted", "bought"):
        a, b = (np.asarray(getattr(each, name)) for each in (first, second))
        change, deviation = float(b.mean() - a.mean()), float(np.sqrt((a.var() + b.var()) / 2))
        pages = sample_size.for_mean(deviation, change, design) if change and deviation else None
        means = [round(float(each.mean()), 5) for each in (a, b)]
        told[name] = {"means": means, "pages": None if pages is None else int(np.ceil(pages))}
    return told


def _stopped(stops: Doubles, said: Rows, better: str, runs: int) -> dict[str, Any]:
    """How many tests came to a verdict, which, and after how many pages."""
    verdicts: Mapping[str, int] = {"first": int((said == -1).sum()), "second": int((said == 1).sum())}
    right = verdicts.get(better, 0)
    reached = np.quantile(stops, [0.5, POWER], method="inverted_cdf")
    return {
        "runs": runs,
        "right": share_of(right, runs),
        "wrong": share_of(sum(verdicts.values()) - right, runs),
        "pages_half": int(reached[0]) if np.isfinite(reached[0]) else None,
        "pages_power": int(reached[1]) if np.isfinite(reached[1]) else None,
    }
