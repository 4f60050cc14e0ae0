"""Small worlds in which the right thing to do is known by construction."""

from __future__ import annotations

import numpy as np

from recsys.evaluation.learning.running import LearningData
from recsys.evaluation.reinforcement.world import Market, World
from recsys.learning.reinforcement.seeing import Goods
from recsys.shops.contract import Acts, Crowd

PEOPLE = 60
LOVED = 60  # products that all are alike, and bring more
N = 2 * LOVED
DIMS = 16
SIDE = np.random.default_rng(0).normal(size=(LOVED, DIMS - 1))


def respond(who: int, items: np.ndarray, rng: np.random.Generator) -> Acts:
    """Everybody puts what is loved into the basket, and looks at the rest."""
    return tuple(("basket",) if item < LOVED else ("click",) for item in items.tolist())


def vectors() -> np.ndarray:
    """The loved are one and the same; the others have nothing in common with them and little with each other."""
    rest = np.hstack([np.zeros((LOVED, 1)), SIDE / np.linalg.norm(SIDE, axis=1, keepdims=True)])
    return np.vstack([np.tile(np.eye(DIMS)[0], (LOVED, 1)), rest]).astype(np.float32)


CROWD = Crowd(tuple(map(str, range(PEOPLE))), tuple(map(str, range(N))), respond)
WORTH = np.where(np.arange(N) < LOVED, 1.0, 0.3).astype(np.float32)[None].repeat(PEOPLE, axis=0)
MARKET = Market(CROWD, np.arange(N, dtype=np.int32), Goods(vectors(), np.zeros(N, np.float32)), WORTH)
# a second page of what is loved ends it; of the rest one may see pages without end
SOON_TIRED = World("tiring", "Tired of the same at once", same=8.0, keep=0.5, leave=0.0, back=0.0, recall=0.3, pages=12)
NEVER_TIRED = World("tireless", "Never tired", leave=0.0, back=0.0, pages=5)


def data(people: int = PEOPLE, items: int = 200) -> LearningData:
    """The data of an evaluation: half of the products loved by all."""
    rng = np.random.default_rng(4)

    def answer(who: int, shown: np.ndarray, drawn: np.random.Generator) -> Acts:
        return tuple(("click",) if loved else () for loved in (drawn.random(len(shown)) < 0.3).tolist())

    crowd = Crowd(tuple(map(str, range(people))), tuple(map(str, range(items))), answer)
    counts = rng.poisson(1.0, (people, items)).astype(np.float32)
    worth = rng.random((people, items)).astype(np.float32)
    return LearningData(
        "themes", {"dataset": "themes"}, rng.normal(size=(items, 8)).astype(np.float32), counts, crowd, worth
    )
