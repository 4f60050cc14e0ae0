"""The methods that are compared, the settings each may choose from, and how each is trained."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from recsys.evaluation.reinforcement.episodes import K, Maker, lived
from recsys.evaluation.reinforcement.world import Market, World
from recsys.learning.reinforcement.experience import Experience, joined
from recsys.learning.reinforcement.policies import (
    ByChance,
    ByPopularity,
    Linear,
    Policy,
    Thompson,
    drawn,
    first_logits,
)
from recsys.learning.reinforcement.reinforce import Ascent, Reinforce
from recsys.learning.reinforcement.seeing import Goods, Seen
from recsys.learning.reinforcement.slateq import Pace, SlateQ
from recsys.schema import Rows

Settings = Mapping[str, float]
EXPLORED: Final = 0.15  # of the places of a page while SlateQ and the greedy ranker learn: any free product
ROUNDS: Final = (0.25, 0.5, 1.0)  # of the episodes, after each of which the trained ones learn and are judged


@dataclass(frozen=True, slots=True)
class Method:
    """One way to make pages."""

    name: str
    label: str
    grid: tuple[Settings, ...]
    trained: bool = False  # from episodes of other people, and not only within the episode
    plans: bool = False  # what comes after the next page counts


_WEIGHTS: Final = (4.0, 8.0, 16.0)  # of the regression beside popularity
_AHEAD: Final = (0.6, 0.9)  # discounts of the next page that planners may choose from
METHODS: Final = (
    Method("random", "By chance", ({},)),
    Method("popular", "Bestsellers", ({},)),
    Method("linucb", "LinUCB (bandit)", tuple({"weight": w, "alpha": a} for w in _WEIGHTS for a in (0.2, 0.8))),
    Method("thompson", "Thompson sampling (bandit)",
           tuple({"weight": w, "spread": x} for w in _WEIGHTS for x in (0.05, 0.2))),
    Method("varied", "Rule of thumb: less of what was just shown",
           tuple({"weight": w, "less": x} for w in _WEIGHTS for x in (0.0, 10.0, 20.0, 40.0))),
    Method("greedy", "Greedy: the page that brings most now", ({"discount": 0.0},), trained=True),
    Method("slateq", "SlateQ (plans)", tuple({"discount": d} for d in _AHEAD), trained=True, plans=True),
    Method("reinforce", "REINFORCE, top-k corrected (plans)",
           tuple({"discount": d} for d in _AHEAD), trained=True, plans=True),
)  # fmt: skip
BY_NAME: Final = {method.name: method for method in METHODS}


def untrained(name: str, settings: Settings, goods: Goods, seed: int) -> Policy:
    """A policy that needs no training."""
    if name == "random":
        return ByChance(seed)
    if name == "popular":
        return ByPopularity()
    if name == "thompson":
        return Thompson(goods.vectors, settings["weight"], settings["spread"], seed)
    return Linear(settings["weight"], settings.get("alpha", 0.0), settings.get("less", 0.0))


def made_by(policy: Policy) -> Maker:
    """Pages of a policy as it would be used, without chance."""
    return lambda seen: _certain(policy.slates(seen, K))


def trained(
    name: str,
    settings: Settings,
    market: Market,
    world: World,
    people: Rows,
    episodes: int,
    seed: int,
) -> Iterator[tuple[int, Policy]]:
    """(episodes so far, the policy by then) after each round: experience is gathered, then all of it is learned from.

    The first round is made by what popularity and the regression say, softened, the same for all; later ones by the
    policy in force, with chance: REINFORCE draws its pages, the others give places to any product.
    """
    agent = _agent(name, settings, market.goods, seed)
    rng = np.random.default_rng([seed, 17])
    seen_by_now, kept = 0, list[Experience]()
    for turn, share in enumerate(ROUNDS):
        wanted = max(round(share * episodes) - seen_by_now, 1)
        asked = rng.choice(people, wanted, replace=wanted > len(people)).astype(np.int32)
        make = _first(rng) if turn == 0 else _exploring(agent, rng)
        kept.append(lived(market, world, asked, make, seed + 1, turn + 1)[1])
        agent.learn(joined(kept))
        seen_by_now += wanted
        yield seen_by_now, agent


def _agent(name: str, settings: Settings, goods: Goods, seed: int) -> SlateQ | Reinforce:
    if name == "reinforce":
        return Reinforce(goods, K, Ascent(discount=settings["discount"]), seed)
    return SlateQ(goods, K, Pace(discount=settings["discount"]), seed)


def _first(rng: np.random.Generator) -> Maker:
    return lambda seen: drawn(first_logits(seen), seen.free, K, rng)


def _exploring(agent: SlateQ | Reinforce, rng: np.random.Generator) -> Maker:
    """Pages of the agent, with chance."""
    if isinstance(agent, Reinforce):
        return lambda seen: agent.drawn(seen, K, rng)
    return lambda seen: _certain(_replaced(agent.slates(seen, K), seen, rng))


def _replaced(slates: Rows, seen: Seen, rng: np.random.Generator) -> Rows:
    """Some places given to any free product that is not on the page."""
    any_free = np.where(seen.free, rng.random(seen.free.shape), -1.0)
    np.put_along_axis(any_free, slates.astype(np.int64), -1.0, axis=1)
    others = np.argsort(-any_free, axis=1)[:, : slates.shape[1]].astype(np.int32)
    there = np.take_along_axis(any_free, others.astype(np.int64), axis=1) >= 0
    return np.where((rng.random(slates.shape) < EXPLORED) & there, others, slates)


def _certain(slates: Rows) -> tuple[Rows, np.ndarray]:
    return slates, np.zeros(slates.shape, np.float32)
