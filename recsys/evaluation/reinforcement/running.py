"""`python -m recsys evaluate reinforcement`: planners against bandits, a greedy ranker and a rule of thumb."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any, Final

import numpy as np

from recsys.errors import BadRequestError
from recsys.evaluation.learning.running import LearningData
from recsys.evaluation.reinforcement.episodes import DISCOUNT, K, Story, Told, lived
from recsys.evaluation.reinforcement.keeping import Piece, Pieces
from recsys.evaluation.reinforcement.methods import (
    METHODS,
    ROUNDS,
    Method,
    Settings,
    made_by,
    trained,
    untrained,
)
from recsys.evaluation.reinforcement.reporting import report_of
from recsys.evaluation.reinforcement.world import WORLDS, Market, World
from recsys.learning.reinforcement.network import one_thread
from recsys.learning.reinforcement.policies import Policy
from recsys.learning.reinforcement.seeing import Goods
from recsys.learning.space import DIMS, centred, reduced, standardised
from recsys.progress import Progress, silent
from recsys.schema import Rows

SHOWABLE: Final = 150  # products that may be shown, the most bought; a visit shows each once at most
CHOOSING: Final = 0.2  # of the people: settings are chosen by them, and they are never learned from nor tested
FOLDS: Final = 10  # at least: so many people stay to learn from
LEAST_PEOPLE: Final = 40
FIGURES: Final = ("value", "purchases", "pages", "visits", "utility")
STORY_PAGES: Final = 12
STORY_FIRST: Final = 3  # products of a page that are named in the example


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is tried."""

    episodes: int = 300  # of training, a method and seed
    seeds: int = 10  # folds of people, each with random numbers of its own
    seed: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Fold:
    """The people of one seed, rows of the crowd, nobody in two of the three; and what may be shown to them."""

    number: int
    seed: int
    choosing: Rows
    learning: Rows
    tested: Rows
    market: Market


def evaluated(
    data: LearningData,
    titles: Sequence[str],
    effort: Effort,
    state: Path,
    progress_of: Callable[[str], Progress] = lambda label: silent,
) -> dict[str, Any]:
    """The report, as plain data; `state` is the folder in which finished pieces wait for the rest.

    Raises BadRequestError for a shop of too few people or products.
    """
    _check(data)
    parts = max(effort.seeds, FOLDS)  # fewer seeds are some of these
    pieces = Pieces(state, {"source": data.source, "episodes": effort.episodes, "seed": effort.seed, "parts": parts})
    folds = list(folds_of(data, effort))
    with one_thread():
        found = _measured(folds, effort, pieces, titles, progress_of("Planning ahead"))
    source = data.source | {"people": len(data.worth), "items": SHOWABLE}
    report = {"dataset": data.name, "source": source} | report_of(found) | {"protocol": _rules(effort, folds)}
    pieces.forget()
    return report


def folds_of(data: LearningData, effort: Effort) -> Iterator[Fold]:
    """The seeds; the people who are chosen by are the same in all, every other one is tested once at most."""
    order = np.random.default_rng(effort.seed).permutation(len(data.worth)).astype(np.int32)
    some = round(CHOOSING * len(order))
    choosing, others = order[:some], order[some:]
    vectors = reduced(centred(data.vectors), DIMS)
    parts = np.array_split(others, max(effort.seeds, FOLDS))
    for number in range(effort.seeds):
        learning = np.setdiff1d(others, parts[number]).astype(np.int32)
        bought = data.counts[learning].sum(axis=0)
        items = np.argsort(-bought, kind="stable")[:SHOWABLE].astype(np.int32)
        market = Market(data.crowd, items, Goods(vectors[items], standardised(bought[items])), data.worth[:, items])
        yield Fold(number, effort.seed * 1_000 + number, choosing, learning, parts[number], market)


def _check(data: LearningData) -> None:
    people, items = data.worth.shape
    if people < LEAST_PEOPLE or items < SHOWABLE:
        raise BadRequestError(
            f"{people} people and {items} products are too few to learn to plan from",
            allowed=f"at least {LEAST_PEOPLE} people and {SHOWABLE} products",
            remedy="set SHELFLENS_SIMULATED_SHOPPERS or SHELFLENS_SIMULATED_PRODUCTS, and prepare again",
        )


def _measured(
    folds: Sequence[Fold], effort: Effort, pieces: Pieces, titles: Sequence[str], progress: Progress
) -> dict[str, Any]:
    """By world and method: the settings that were chosen, the value they were chosen by, and a piece a seed."""
    both = [(world, method) for world in WORLDS for method in METHODS]
    total, done = sum(len(method.grid) for _, method in both) + len(both) * len(folds), 0
    found: dict[str, Any] = {world.name: {} for world in WORLDS}
    for world, method in both:
        tried = list[float]()
        for number, settings in enumerate(method.grid):
            progress(done, total, f"{world.label}: settings of {method.label}")
            name = f"{world.name}_{method.name}_settings_{number}"
            tried.append(pieces.of(name, _tried(method, settings, world, folds[0], effort))["value"])
            done += 1
        best = method.grid[int(np.argmax(tried))]
        found[world.name][method.name] = {"settings": dict(best), "chosen_by": max(tried), "seeds": []}
    for fold, (world, method) in product(folds, both):
        progress(done, total, f"{world.label}: {method.label}, seed {fold.number + 1}")
        mine = found[world.name][method.name]
        name = f"{world.name}_{method.name}_seed_{fold.number}"
        piece = pieces.of(name, _tested(method, mine["settings"], world, fold, effort, titles))
        mine["seeds"].append(piece)
        done += 1
    progress(total, total, "")
    return found


def _tried(method: Method, settings: Settings, world: World, fold: Fold, effort: Effort) -> Callable[[], Piece]:
    """What a setting brings the people who are chosen by."""

    def made() -> Piece:
        *_, (_, policy) = _judged(method, settings, world, fold, effort)
        return {"value": float(_asked(policy, world, fold, fold.choosing, fold.seed + 500)[0].value.mean())}

    return made


def _tested(
    method: Method, settings: Settings, world: World, fold: Fold, effort: Effort, titles: Sequence[str]
) -> Callable[[], Piece]:
    """What the method brings the people of the test: after each round of training, and in the end."""

    def made() -> Piece:
        curve = list[dict[str, float]]()
        for episodes, policy in _judged(method, settings, world, fold, effort):
            told, story = _asked(policy, world, fold, fold.tested, fold.seed + 900)
            curve.append({"episodes": episodes, "value": float(told.value.mean())})
        final = {name: float(getattr(told, name).mean()) for name in FIGURES}
        return final | {"curve": curve, "people": len(fold.tested), "story": _named(story, fold, titles)}

    return made


def _judged(
    method: Method, settings: Settings, world: World, fold: Fold, effort: Effort
) -> Iterator[tuple[int, Policy]]:
    if not method.trained:
        yield 0, untrained(method.name, settings, fold.market.goods, fold.seed)
        return
    yield from trained(method.name, settings, fold.market, world, fold.learning, effort.episodes, fold.seed)


def _asked(policy: Policy, world: World, fold: Fold, people: Rows, seed: int) -> tuple[Told, Story]:
    """An episode of each of these people, the same random numbers for every method."""
    told, _, story = lived(fold.market, world, people, made_by(policy), seed, judged=True)
    return told, story


def _named(story: Story, fold: Fold, titles: Sequence[str]) -> list[dict[str, Any]]:
    """The first person's episode with the names of products."""

    def named(page: dict[str, Any]) -> dict[str, Any]:
        names = [titles[int(fold.market.items[item])] for item in page["items"]]
        did = [[name, ", ".join(acts)] for name, acts in zip(names, page["acts"], strict=True) if acts]
        return {"first": names[:STORY_FIRST], "did": did} | {key: page[key] for key in ("tired", "left", "over")}

    return [named(page) for page in story.pages[:STORY_PAGES]]


def _rules(effort: Effort, folds: Sequence[Fold]) -> dict[str, str]:
    least, tiring = min(len(fold.tested) for fold in folds), WORLDS[0]
    return {
        "people": f"{len(folds[0].choosing)} of them choose settings and are never learned from nor tested; the others "
        f"in folds of {least} or more, each tested once at most, with what was learned from the rest",
        "episode": f"pages of {K} of the {SHOWABLE} most bought products, nothing twice in a visit; after a page the "
        f"person leaves, and comes back or not: at most {tiring.visits} visits and {tiring.pages} pages",
        "acts": "the simulation's own model of choice; what tires is added by this measurement, and its sizes are "
        "assumed: " + ", ".join(f"{name} {getattr(tiring, name):g}" for name in
                                 ("same", "poor", "relief", "keep", "dull", "rest", "recall", "leave", "back"))
        + "; where people do not tire the first three are 0",
        "value": f"sum over pages of {DISCOUNT:g} ** page times what was done: look 0.3, like 1, basket 1, buy 1.5",
        "known": "to every method the same: what was done on this person's earlier pages and what everybody buys; "
        "never the truth, nor how tired somebody is",
        "training": f"{effort.episodes:,} episodes of the people to learn from, in {len(ROUNDS)} rounds, all of them "
        "learned from again after each; the bandits and the rule of thumb learn within the episode alone",
        "chosen": "settings and the design by the value of an episode of each person who chooses, never by the "
        "tested; " + "; ".join(f"{method.name} of {len(method.grid)}" for method in METHODS if len(method.grid) > 1),
        "compared": "each planner with the greedy ranker, with the better bandit and with the best of all that do not "
        "plan, which ones these are being chosen like settings; p: paired randomisation over seeds, Holm's correction "
        "over the planners",
        "interval": f"95 %, Student's t over {len(folds)} seeds: people, training and chance all differ",
        "seeds": f"{effort.seeds}, from {effort.seed}",
    }  # fmt: skip
