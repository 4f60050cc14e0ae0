"""Tiny histories whose right answers are known, and settings that train on them in a moment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch

from recsys.datasets.interactions import Interactions
from recsys.recommenders.contract import SideInformation
from recsys.recommenders.transformer.items import Content
from recsys.recommenders.transformer.model import InterestNetwork
from recsys.recommenders.transformer.recommender import TransformerRecommender
from recsys.recommenders.transformer.settings import TransformerSettings
from recsys.recommenders.transformer.training import sizes
from recsys.schema import Floats
from tests.recommenders.recommender_contract import basket_data, sequence_data, side_information

N = 12
NOTHING = SideInformation()
SMALL: dict[str, Any] = {"dimension": 8, "feed_forward": 8, "epochs": 3, "positions_per_step": 32, "threads": 1}
CPU = torch.device("cpu")


def circles(n_shoppers: int = 60, length: int = 6) -> Interactions:
    """Sequences that always go from item i to item i + 1, and from the last to the first."""
    return sequence_data(*[((np.arange(length) + shopper) % N).tolist() for shopper in range(n_shoppers)], n_items=N)


def outings(n_shoppers: int = 5, baskets: int = 6, seed: int = 0) -> Interactions:
    """Dated baskets of one to three items out of eight, some of them taken again and again."""
    rng = np.random.default_rng(seed)
    histories = []
    for shopper in range(n_shoppers):
        days = np.cumsum(rng.integers(1, 40, baskets - shopper % 3))
        histories.append({int(day): rng.permutation(8)[: rng.integers(1, 4)].tolist() for day in days})
    return basket_data(*histories)


def everything_known(n_shoppers: int) -> SideInformation:
    """Attributes, text vectors and kinds of eight items."""
    side = side_information(n_shoppers)
    return SideInformation(side.attributes, side.vectors, kinds=np.arange(8, dtype=np.int32) // 3)


def network(side: SideInformation, data: Interactions, **settings: Any) -> tuple[InterestNetwork, Content]:
    """A network, in evaluation mode, of which every weight differs from 0 and from 1; and the items' content."""
    made = InterestNetwork(TransformerSettings(**SMALL | settings), sizes(side, data.n_items, data.dated))
    generator = torch.Generator().manual_seed(1)
    made.initialise(generator)
    with torch.no_grad():
        for parameter in made.parameters():
            parameter.add_(torch.randn(parameter.shape, generator=generator) * 0.2)
    return made.eval(), Content(side, data.n_items, CPU, torch.float32)


def small(**settings: Any) -> TransformerRecommender:
    """A small recommender, not fitted yet."""
    return TransformerRecommender(**SMALL | settings)


def arrays(fitted: TransformerRecommender) -> dict[str, Floats]:
    """What it learned, copied."""
    return {name: np.array(value) for name, value in fitted.learned.items()}


def same(one: dict[str, Floats], other: dict[str, Floats]) -> bool:
    """Whether two sets of learned arrays agree in every bit."""
    return one.keys() == other.keys() and all(one[name].tobytes() == other[name].tobytes() for name in one)


def files(folder: Path) -> dict[str, bytes]:
    """Every file below the folder, by its path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
