"""What the evaluation of learning rests on: a simulated shop's products, purchases and people."""

from __future__ import annotations

import numpy as np

from recsys import schema as s
from recsys.artifacts import Artifact
from recsys.datasets import storage
from recsys.errors import BadRequestError
from recsys.evaluation.learning.running import LearningData
from recsys.evaluation.truth import aligned
from recsys.index.shared_rows import SharedRowsIndex
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
    items = [str(item) for item in storage.load_items(dataset.path)[s.ITEM_ID]]
    people = [str(one) for one in storage.load_shoppers(dataset.path)[s.SHOPPER_ID]]
    crowd = shop.crowd()
    if list(crowd.item_ids) != items or list(crowd.shopper_ids) != people:
        raise BadRequestError(
            "the people of this shop are not those whose purchases were prepared",
            allowed="the shop as it was prepared",
            remedy="run `python -m recsys prepare` with the settings in force",
        )
    table, index = storage.load_interactions(dataset, len(items)), SharedRowsIndex.load(vectors.path)
    counts = np.asarray(table.matrix().todense(), np.float32)
    source = {"dataset": name, "version": dataset.manifest["version"], "vectors": vectors.manifest["version"]}
    rows = np.arange(len(items), dtype=np.int32)
    return LearningData(name, source, index.vectors_at(rows), counts, crowd, aligned(shop.truth(), people, items))
