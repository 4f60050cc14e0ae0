"""A prepared data set on disk: tables as parquet, purchase histories as arrays that are memory-mapped when served."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from recsys import schema as s
from recsys.artifacts import PREPARE, Artifact, storage_errors, write_array
from recsys.datasets.contract import CleaningRule, Dataset
from recsys.datasets.interactions import Interactions
from recsys.errors import ArtifactError
from recsys.schema.capabilities import Capabilities, Capability

_INT16 = np.iinfo(np.int16).max


def save(dataset: Dataset, folder: Path) -> dict[str, Any]:
    """Write the data set to `folder` and return what dataset.json says of it.

    Files: items.parquet, shoppers.parquet, a parquet of each optional table, cleaning.json, dataset.json and the
    histories as compressed sparse rows by shopper: history_indptr (n_shoppers + 1) int64, history_item int32,
    history_day int16 (days since the first day), history_basket int32 (0, 1, 2 ... within the shopper) and
    history_quantity int16, sorted by shopper, then time; one entry per product and basket.
    """
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        dataset.items.to_parquet(folder / "items.parquet", index=False)
        dataset.shoppers.to_parquet(folder / "shoppers.parquet", index=False)
        for name, table in dataset.tables.items():
            table.to_parquet(folder / f"{name}.parquet", index=False)
        rules = [asdict(rule) for rule in dataset.cleaning]
        (folder / "cleaning.json").write_text(json.dumps(rules, ensure_ascii=False, indent=1), encoding="utf-8")
        for name, array in history(dataset).items():
            write_array(folder / f"{name}.npy", array)
        info = describe(dataset)
        (folder / "dataset.json").write_text(json.dumps(info, ensure_ascii=False, indent=1), encoding="utf-8")
    return info


def history(dataset: Dataset) -> dict[str, np.ndarray]:
    """The histories by shopper, as `save` writes them: of purchases, or of all they did where none is known."""
    events = dataset.events[dataset.events[s.EVENT].isin(taken_kinds(dataset.capabilities))]
    if events.duplicated([s.BASKET, s.ITEM, s.SHOPPER]).any():
        keys = [s.SHOPPER, s.BASKET, s.ITEM]
        events = events.groupby(keys, as_index=False, sort=False).agg({s.TIME: "min", s.QUANTITY: "sum"})
    order = np.lexsort((events[s.ITEM], events[s.BASKET], events[s.TIME], events[s.SHOPPER]))
    events = events.iloc[order]
    days = (events[s.TIME].dt.normalize() - dataset.first_day).dt.days
    sizes = np.bincount(events[s.SHOPPER], minlength=len(dataset.shoppers))
    return {
        "history_indptr": np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        "history_item": events[s.ITEM].to_numpy(np.int32),
        "history_day": days.to_numpy(np.int16),
        "history_basket": _basket_numbers(events[s.SHOPPER].to_numpy(), events[s.BASKET].to_numpy()),
        "history_quantity": events[s.QUANTITY].clip(upper=_INT16).to_numpy(np.int16),
    }


def taken_kinds(capabilities: Capabilities) -> list[str]:
    """The kinds of events that histories are made of: purchases, or without them whatever else speaks for an item."""
    if capabilities.has(Capability.PURCHASES):
        return ["purchase"]
    return ["basket", "favourite", "view", "review", "share"]


def _basket_numbers(shoppers: np.ndarray, baskets: np.ndarray) -> np.ndarray:
    """0, 1, 2 ... for each shopper's baskets, one number per line; lines are sorted by shopper, then basket."""
    if len(shoppers) == 0:
        return np.empty(0, np.int32)
    new_shopper = np.concatenate([[True], shoppers[1:] != shoppers[:-1]])
    new_basket = new_shopper | np.concatenate([[True], baskets[1:] != baskets[:-1]])
    running = np.cumsum(new_basket)  # over all shoppers
    first = np.repeat(running[new_shopper], np.diff(np.append(np.flatnonzero(new_shopper), len(shoppers))))
    numbers: np.ndarray = (running - first).astype(np.int32)
    return numbers


def load_interactions(artifact: Artifact, n_items: int) -> Interactions:
    """The purchases of all shoppers, as recommenders are fitted on them. Raises ArtifactError when they are missing.

    Without dates a day is a step of the sequence.
    """
    baskets = np.asarray(artifact.array("history_basket"), np.int32)
    dated = capabilities(artifact).has(Capability.DATES)
    return Interactions(
        np.asarray(artifact.array("history_indptr"), np.int64),
        np.asarray(artifact.array("history_item"), np.int32),
        baskets,
        np.asarray(artifact.array("history_day"), np.int32) if dated else baskets,
        n_items,
        dated,
    )


def capabilities(artifact: Artifact) -> Capabilities:
    """What the shop of this prepared data set has."""
    return Capabilities.of(artifact.json("dataset.json")["capabilities"])


def describe(dataset: Dataset) -> dict[str, Any]:
    """The figures of a data set, as plain data for JSON. Without dates a day is a step, and no day has a name."""
    events, dated = dataset.events, dataset.capabilities.has(Capability.DATES)
    last = events[s.TIME].max() if len(events) else dataset.first_day
    kinds = events[s.EVENT].value_counts()
    return {
        "name": dataset.name,
        "source": dataset.source,
        "licence": dataset.licence,
        "first_day": dataset.first_day.date().isoformat() if dated else "",
        "last_day": last.date().isoformat() if dated else "",
        "days": int((last.normalize() - dataset.first_day).days) + 1,
        "items": len(dataset.items),
        "shoppers": len(dataset.shoppers),
        "events": len(events),
        "events_by_kind": {str(kind): int(n) for kind, n in kinds.items() if n},
        "baskets": int(events[s.BASKET].nunique()),
        "texts": int(dataset.items[s.TEXT].nunique()),
        "kinds": int(dataset.items[s.KIND].nunique()),
        "departments": sorted(name for name in dataset.items[s.DEPARTMENT].unique().tolist() if name),
        "traits": list(dataset.traits),
        "tables": {name: len(table) for name, table in dataset.tables.items()},
        "capabilities": dataset.capabilities.names(),
    }


def load_items(folder: Path) -> pd.DataFrame:
    """The items table; its index is the item's row. Raises ArtifactError when it cannot be read."""
    return _table(folder / "items.parquet")


def load_shoppers(folder: Path) -> pd.DataFrame:
    """The shoppers table; its index is the shopper's row. Raises ArtifactError when it cannot be read."""
    return _table(folder / "shoppers.parquet")


def load_table(folder: Path, name: str) -> pd.DataFrame:
    """An optional table, such as "reviews". Raises ArtifactError when the shop has none or it cannot be read."""
    return _table(folder / f"{name}.parquet")


def load_cleaning(folder: Path) -> tuple[CleaningRule, ...]:
    """What the cleaning rules dropped. Raises ArtifactError when it cannot be read."""
    path = folder / "cleaning.json"
    try:
        return tuple(CleaningRule(**rule) for rule in json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise ArtifactError(f"{path.name} cannot be read: {str(error)[:200]}", remedy=PREPARE) from error


def _table(path: Path) -> pd.DataFrame:
    try:
        return pd.read_parquet(path)
    except (OSError, ValueError, KeyError) as error:  # pyarrow's errors derive from these
        raise ArtifactError(f"{path.name} cannot be read: {str(error)[:200]}", remedy=PREPARE) from error
