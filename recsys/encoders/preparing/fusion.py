"""The step that learns one space for words, pictures, attributes and prices, where a shop has pictures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from recsys import schema as s
from recsys.artifacts import Artifact, write_array
from recsys.datasets import storage
from recsys.encoders.fusion.modalities import ATTRIBUTES, NAMES, PICTURE, PRICE, TEXT, Attributes, Ints, Modalities
from recsys.encoders.preparing.picture_features import FEATURE_OF, FEATURES
from recsys.progress import Progress
from recsys.schema.capabilities import Capability
from recsys.steps.contract import Basis, Context, Step

VECTORS: Final = {"pictures": (PICTURE,), "described": (TEXT, ATTRIBUTES, PRICE), "fused": NAMES}
"""File -> what its unit vectors (n_items, d) are made of; 0 for a product of which none of it is known."""
MOST_LEARNED: Final = 20_000  # products with a picture: more teach little and take memory
AT_ONCE: Final = 4096  # products that are encoded together
MOST_VALUES: Final = 2_000  # of an attribute: one of more is a name, which its product's text has as well
KINDS_OF_THING: Final = ("type", "category")  # words in the name of an attribute that says what a thing is


def _make(context: Context, progress: Progress, folder: Path) -> dict[str, Any]:
    from recsys.encoders.fusion.training import LEAST_PRODUCTS, train

    looked_at = context.opened("picture_features")
    pictured = np.flatnonzero(looked_at.array(FEATURE_OF) >= 0)
    if len(pictured) < LEAST_PRODUCTS:
        for name in VECTORS:
            write_array(folder / f"{name}.npy", np.zeros((0, 1), np.float32))
        return {"items": 0, "off": f"the shop has fewer than {LEAST_PRODUCTS} pictures"}
    known = Known.of(context, looked_at)
    fusion = train(known.take(_some(pictured)), progress=progress)
    fusion.save(folder)
    for name, kinds in VECTORS.items():
        vectors = [fusion.encode_all(part.only(*kinds)) for part in known.parts()]
        write_array(folder / f"{name}.npy", np.concatenate(vectors))
    seconds = fusion.card["seconds"]
    return {"items": len(known), "seconds": seconds, "kinds": ", ".join(known.kinds), **fusion.card["validation"]}


def _some(pictured: Ints) -> Ints:
    """Those that are learned from: all, or MOST_LEARNED drawn at random from a fixed seed."""
    if len(pictured) <= MOST_LEARNED:
        return pictured
    return np.sort(np.random.default_rng(0).choice(pictured, MOST_LEARNED, replace=False))


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What the prepared files know of each product, read as it is needed."""

    vectors: npt.NDArray[Any]  # (n_texts, d) of the texts
    row_of_item: npt.NDArray[Any]  # (n_items,)
    features: npt.NDArray[Any]  # (n_pictures, p) of the pictures
    feature_of: npt.NDArray[Any]  # (n_items,) -1 for none
    attributes: Attributes | None
    price: npt.NDArray[np.float64] | None

    @classmethod
    def of(cls, context: Context, looked_at: Artifact) -> Known:
        """What rests on the shop's tables and on both encoders."""
        dataset, vectors = context.opened("dataset"), context.opened("vectors")
        items = storage.load_items(dataset.path)
        columns = {}
        if storage.capabilities(dataset).has(Capability.ATTRIBUTES):
            columns = _columns(storage.load_table(dataset.path, "attributes"), len(items))
        if s.CATEGORY in items and not any(word in name.lower() for name in columns for word in KINDS_OF_THING):
            columns[s.CATEGORY] = items[s.CATEGORY].fillna("").astype(str).tolist()
        return cls(
            vectors.array("vectors"),
            np.asarray(vectors.array("row_of_item")),
            looked_at.array(FEATURES),
            np.asarray(looked_at.array(FEATURE_OF)),
            _encoded(context, columns),
            items[s.PRICE].to_numpy(np.float64) if s.PRICE in items else None,
        )

    def __len__(self) -> int:
        return len(self.feature_of)

    @property
    def kinds(self) -> list[str]:
        """The modalities that some product has."""
        whole = {ATTRIBUTES: self.attributes is not None, PRICE: self.price is not None}
        return [name for name in NAMES if whole.get(name, True)]

    def take(self, rows: Ints) -> Modalities:
        """Of some products: all that is known of them."""
        of = self.feature_of[rows]
        pictures = np.full((len(rows), self.features.shape[1]), np.nan, np.float32)
        pictures[of >= 0] = self.features[of[of >= 0]]
        return Modalities(
            np.asarray(self.vectors[self.row_of_item[rows]], np.float32),
            pictures,
            None if self.attributes is None else self.attributes.take(rows),
            None if self.price is None else self.price[rows],
        )

    def parts(self) -> Iterator[Modalities]:
        """All products, AT_ONCE at a time."""
        for start in range(0, len(self), AT_ONCE):
            yield self.take(np.arange(start, min(start + AT_ONCE, len(self))))


def _columns(table: pd.DataFrame, n_items: int) -> dict[str, list[str]]:
    """Attribute -> its value of each item, "" for none; of several the first. One with MOST_VALUES or more is none."""
    first = table.drop_duplicates([s.ITEM, s.ATTRIBUTE])
    wide = first.pivot(index=s.ITEM, columns=s.ATTRIBUTE, values=s.VALUE).reindex(range(n_items))
    found = {str(name): wide[name].astype(object).fillna("").astype(str) for name in wide}
    return {name: values.tolist() for name, values in found.items() if values.nunique() < MOST_VALUES}


def _encoded(context: Context, columns: dict[str, list[str]]) -> Attributes | None:
    if not columns:
        return None
    from recsys.encoders import weights
    from recsys.encoders.corpus_encoder import corpus_encoder

    encoder = corpus_encoder(weights.locate(context.settings.encoder), context.opened("encoder").path).encoder
    return Attributes.of(columns, encoder.encode)


STEP: Final = Step(
    "fusion",
    "Learn one space for pictures and words",
    __name__,
    _make,
    rests_on=(Basis("picture_features"), Basis("vectors"), Basis("dataset")),
    needed=False,
    library="torch",
)
