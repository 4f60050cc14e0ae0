"""What the evaluation of learning rests on: a shop's products and purchases, and a simulated one's people."""

from __future__ import annotations

from typing import Any

import numpy as np

from recsys import schema as s
from recsys.artifacts import Artifact
from recsys.datasets import storage
from recsys.errors import BadRequestError
from recsys.evaluation.learning.replay import ReplayData
from recsys.evaluation.learning.running import LearningData
from recsys.evaluation.truth import aligned
from recsys.index.shared_rows import SharedRowsIndex
from recsys.schema import Floats
from recsys.shops import registry


def of_shop(name: str, dataset: Artifact, vectors: Artifact) -> LearningData:
    """The data of a prepared shop that is simulated. Raises BadRequestError for any other."""
    shop = registry.shop(name)
    if shop.crowd is None or shop.truth is None:
        others = [each.name for each in registry.shops() if each.crowd]
        raise BadRequestError(
            f"nobody of the shop {name!r} can be asked what they would have done with another page",
            allowed=f"a simulated shop: {', '.join(others)}",
            remedy=f"set SHELFLENS_SHOP={others[0]}" if others else "",
        )
    items = _items(dataset)
    people = [str(one) for one in storage.load_shoppers(dataset.path)[s.SHOPPER_ID]]
    crowd = shop.crowd()
    if list(crowd.item_ids) != items or list(crowd.shopper_ids) != people:
        raise BadRequestError(
            "the people of this shop are not those whose purchases were prepared",
            allowed="the shop as it was prepared",
            remedy="run `python -m recsys prepare` with the settings in force",
        )
    counts = np.asarray(storage.load_interactions(dataset, len(items)).matrix().todense(), np.float32)
    worth = aligned(shop.truth(), people, items)
    return LearningData(name, _source(name, dataset, vectors), _vectors(vectors, len(items)), counts, crowd, worth)


def log_of_shop(name: str, dataset: Artifact, vectors: Artifact) -> ReplayData:
    """The dated purchases of any prepared shop."""
    n = len(_items(dataset))
    table = storage.load_interactions(dataset, n)
    return ReplayData(name, _source(name, dataset, vectors), table, _vectors(vectors, n))


def _items(dataset: Artifact) -> list[str]:
    return [str(item) for item in storage.load_items(dataset.path)[s.ITEM_ID]]


def _vectors(vectors: Artifact, n: int) -> Floats:
    return SharedRowsIndex.load(vectors.path).vectors_at(np.arange(n, dtype=np.int32))


def _source(name: str, dataset: Artifact, vectors: Artifact) -> dict[str, Any]:
    return {"dataset": name, "version": dataset.manifest["version"], "vectors": vectors.manifest["version"]}
