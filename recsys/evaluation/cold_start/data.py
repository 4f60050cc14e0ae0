"""What the evaluation of a cold start rests on: who took what, and what is known of items and shoppers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy import sparse

from recsys import schema as s
from recsys.artifacts import Artifact
from recsys.datasets import sequences, storage
from recsys.datasets.interactions import Interactions
from recsys.recommenders.contract import SideInformation
from recsys.recommenders.item_content import rarity_weighted
from recsys.recommenders.side_information import side_information
from recsys.reranking.groups import price_bands
from recsys.schema import Floats, Rows
from recsys.schema.capabilities import Capability
from recsys.shops import registry

DIMENSIONS: Final = 64  # of the vectors that attributes are brought down to where there are no texts
MOST_COLUMNS: Final = 50_000  # values of attributes that are told apart


@dataclass(frozen=True, eq=False)
class ColdData:
    """All histories of a data set with what is known beside them."""

    name: str
    source: dict[str, Any]
    table: Interactions
    side: SideInformation  # with attributes, and with text vectors where there are texts
    launched: Rows | None = None  # (n_items,) the day on which each item came into the shop, where that is known

    @cached_property
    def vectors(self) -> Floats:
        """(n_items, d) of length 1: of the text, else of the attributes; zeros where nothing is known of an item."""
        if self.side.vectors is not None:
            return self.side.vectors
        from sklearn.decomposition import TruncatedSVD

        assert self.side.attributes is not None
        weights = rarity_weighted(self.side.attributes)
        d = min(DIMENSIONS, min(weights.shape) - 1)
        if d < 1:
            return np.asarray(weights.toarray(), np.float32)
        found = TruncatedSVD(d, random_state=0).fit_transform(sparse.csr_matrix(weights)).astype(np.float32)
        length = np.linalg.norm(found, axis=1, keepdims=True)
        return np.asarray(found / np.where(length > 0, length, 1), np.float32)


def of_file(interactions: Path, attributes: Path) -> ColdData:
    """The data of a file of histories and a file of attributes. Raises DataError naming what is wrong with them."""
    found = sequences.load(interactions, attributes)
    source = {"interactions": interactions.name, "sha256": found.sha256, "attributes": attributes.name}
    side = SideInformation(attributes=found.attributes)
    return ColdData(found.name, source | _figures(found.interactions), found.interactions, side)


def of_dataset(dataset: Artifact, vectors: Artifact) -> ColdData:
    """The data of a prepared shop."""
    items, shoppers = storage.load_items(dataset.path), storage.load_shoppers(dataset.path)
    table, info = storage.load_interactions(dataset, len(items)), dataset.json("dataset.json")
    known = storage.capabilities(dataset)
    side = side_information(items, shoppers, vectors, registry.shop(info["name"]).people.cohort)
    told = storage.load_table(dataset.path, "attributes") if known.has(Capability.ATTRIBUTES) else None
    launched: Rows | None = None
    if known.has(Capability.LAUNCH_DATES) and info["first_day"]:
        days = (pd.to_datetime(items[s.LAUNCH_DATE]) - pd.Timestamp(info["first_day"])).dt.days
        launched = np.asarray(days.fillna(-1), np.int32)
    source = {"dataset": info["name"], "version": dataset.manifest["version"]}
    side = replace(side, attributes=attribute_matrix(items, told))
    return ColdData(str(info["name"]), source | _figures(table), table, side, launched)


def attribute_matrix(items: pd.DataFrame, told: pd.DataFrame | None) -> sparse.csr_array:
    """(n_items, n) with 1 for each category, brand, department, price band and attribute that an item has."""
    n = len(items)
    pairs = [(np.arange(n), column + "=" + items[column].astype(str).to_numpy(object)) for column in _said(items)]
    bands, number = price_bands(items[s.PRICE].to_numpy(np.float64, na_value=np.nan))
    if number > 1:
        rows = np.flatnonzero(bands >= 0)
        pairs.append((rows, "band=" + bands[rows].astype(str).astype(object)))
    if told is not None and len(told):
        names = (told[s.ATTRIBUTE].astype(str) + "=" + told[s.VALUE].astype(str)).to_numpy(object)
        pairs.append((told[s.ITEM].to_numpy(np.int64), names))
    at = np.concatenate([each for each, _ in pairs]) if pairs else np.empty(0, np.int64)
    names = np.concatenate([each for _, each in pairs]) if pairs else np.empty(0, object)
    codes, distinct = pd.factorize(names)
    kept = codes < MOST_COLUMNS
    shape = (n, max(1, min(len(distinct), MOST_COLUMNS)))
    matrix = sparse.csr_array((np.ones(int(kept.sum()), np.float32), (at[kept], codes[kept])), shape=shape)
    matrix.sum_duplicates()
    matrix.data[:] = 1.0
    return matrix


def _said(items: pd.DataFrame) -> list[str]:
    """The columns that a shop fills for every item that has it."""
    return [column for column in (s.CATEGORY, s.BRAND, s.DEPARTMENT) if (items[column] != "").any()]


def _figures(table: Interactions) -> dict[str, Any]:
    return {"shoppers": len(table), "items": table.n_items, "events": len(table.items)}
