"""The step that learns one space for words, pictures, attributes and prices, where a shop has pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from recsys import schema as s
from recsys.artifacts import Artifact, write_array
from recsys.datasets import storage
from recsys.encoders.fusion.modalities import Modalities, described
from recsys.encoders.preparing.picture_features import FEATURE_OF, FEATURES
from recsys.progress import Progress
from recsys.schema import Floats
from recsys.schema.capabilities import Capability
from recsys.steps.contract import Basis, Context, Step

VECTORS: Final = {
    "pictures": ("picture",),
    "described": ("text", "attributes", "price"),
    "fused": ("text", "picture", "attributes", "price"),
}
"""File -> what its unit vectors (n_items, d) are made of; 0 for a product of which none of it is known."""


def _make(context: Context, progress: Progress, folder: Path) -> dict[str, Any]:
    from recsys.encoders.fusion.training import LEAST, train

    looked_at = context.opened("picture_features")
    feature_of = looked_at.array(FEATURE_OF)
    if int((feature_of >= 0).sum()) < LEAST:
        for name in VECTORS:
            write_array(folder / f"{name}.npy", np.zeros((0, 1), np.float32))
        return {"items": 0, "off": f"the shop has fewer than {LEAST} pictures"}
    known = modalities(context, looked_at)
    fusion = train(known, progress=progress)
    fusion.save(folder)
    for name, kinds in VECTORS.items():
        write_array(folder / f"{name}.npy", fusion.encode(known.only(*kinds)))
    return {"items": len(feature_of), "kinds": ", ".join(fusion.kinds), **fusion.card["validation"]}


def modalities(context: Context, looked_at: Artifact) -> Modalities:
    """What the prepared files know of each product."""
    dataset, vectors = context.opened("dataset"), context.opened("vectors")
    items = storage.load_items(dataset.path)
    feature_of, features = looked_at.array(FEATURE_OF), looked_at.array(FEATURES)
    pictures = np.full((len(items), features.shape[1]), np.nan, np.float32)
    pictures[feature_of >= 0] = features[feature_of[feature_of >= 0]]
    text = np.asarray(vectors.array("vectors"), np.float32)[np.asarray(vectors.array("row_of_item"))]
    price = items[s.PRICE].to_numpy(np.float32) if s.PRICE in items else None
    attributes, labels = None, None
    if storage.capabilities(dataset).has(Capability.ATTRIBUTES):
        attributes, labels = _attributes(context, storage.load_table(dataset.path, "attributes"), len(items))
    return Modalities(text, pictures, attributes, price, labels)


def _attributes(context: Context, table: pd.DataFrame, n_items: int) -> tuple[Floats, Any]:
    """((n, d) the mean vector of what is said of each product, (n, a) the same as numbers)."""
    from recsys.encoders import weights
    from recsys.encoders.corpus_encoder import corpus_encoder

    said = table[s.ATTRIBUTE].astype(str) + ": " + table[s.VALUE].astype(str)
    distinct = said.drop_duplicates().tolist()
    encoder = corpus_encoder(weights.locate(context.settings.encoder), context.opened("encoder").path).encoder
    vector_of = dict(zip(distinct, encoder.encode(distinct), strict=True))
    of_item = said.groupby(table[s.ITEM]).agg(list)
    values = [of_item.get(row, []) for row in range(n_items)]
    wide = table.drop_duplicates([s.ITEM, s.ATTRIBUTE]).pivot(index=s.ITEM, columns=s.ATTRIBUTE, values=s.VALUE)
    codes = [pd.factorize(wide[name].reindex(range(n_items)))[0] for name in wide]  # -1 for none
    return described(values, vector_of), np.stack(codes, axis=1).astype(np.int32)


STEP: Final = Step(
    "fusion",
    "Learn one space for pictures and words",
    __name__,
    _make,
    rests_on=(Basis("picture_features"), Basis("vectors"), Basis("dataset")),
    needed=False,
    library="torch",
)
