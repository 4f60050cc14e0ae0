"""What recommenders are compared on: a split of a data set, and what is known of its items and shoppers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from recsys import schema as s
from recsys.artifacts import Artifact
from recsys.datasets import sequences, storage
from recsys.datasets.interactions import Interactions
from recsys.errors import BadRequestError
from recsys.evaluation.protocol import Protocol
from recsys.evaluation.slices import slices
from recsys.evaluation.splits import Split, cut_in_time, leave_last_out
from recsys.recommenders.contract import SideInformation
from recsys.recommenders.side_information import side_information
from recsys.schema.capabilities import Capability
from recsys.shops import registry


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """A question to all recommenders, with all they may use to answer it."""

    name: str
    source: dict[str, Any]  # where the data came from, as plain data
    protocol: Protocol
    split: Split
    side: SideInformation
    shopper_ids: list[str]  # of all shoppers, by row
    departments: pd.Series | None = None  # (n_items,) readable
    people: pd.DataFrame | None = None  # (n_shoppers, ...) what is known of shoppers, for slices
    item_ids: tuple[str, ...] = ()  # of all items, by row, where they have no other names
    notes: tuple[str, ...] = ()  # what was read as what, what was left out, and how many

    @property
    def dated(self) -> bool:
        """Whether the histories have dates, and not only an order."""
        return self.split.for_testing.dated

    def slices(self) -> pd.DataFrame:
        """The slice of each test visit, one column per way of slicing."""
        asked = self.split.test.visits.shoppers
        people = None if self.people is None else self.people.iloc[asked]
        taken_by = np.bincount(self.split.for_testing.matrix().indices, minlength=self.split.for_testing.n_items)
        return slices(self.split.test, taken_by, self.departments, people)

    def out_of_reach(self) -> str:
        """How many test items nobody can find because seen items are left out, and what to do; "" for none.

        Repeats in a row, as in an export of each event twice, are said beside it.
        """
        task = self.split.test
        seen = task.visits.histories.matrix()
        seen.data[:] = 1.0
        lost, asked = int(task.relevant.multiply(seen).sum()), int(task.relevant.sum())
        if self.protocol.keep_seen or not lost:
            return ""
        said = (
            f"{lost:,} of {asked:,} test items stand in the history of their shopper and cannot be found while seen "
            f"items are left out: no hit rate can exceed {(asked - lost) / asked:.3f}. Rank seen items too "
            "(--keep-seen, or no --drop-seen)"
        )
        repeats = self._repeats()
        return said + (f"; or remove the {repeats:,} events that repeat the one before" if repeats else "")

    def _repeats(self) -> int:
        """Events that take the very item of the event before, of the same shopper."""
        known = self.split.test.visits.histories
        same = np.diff(known.items) == 0
        return int((same & (np.diff(known.shopper_of_entry) == 0)).sum())

    def rules(self) -> dict[str, Any]:
        """The protocol with this problem's figures."""
        training = self.split.for_testing
        rules = self.protocol.as_json(training.n_items, len(self.split.test.visits), len(training))
        lost = self.out_of_reach()
        return rules | ({"out_of_reach": lost} if lost else {})


def of_file(protocol: Protocol, interactions: Path, attributes: Path | None = None) -> Problem:
    """The problem of a file of histories, whatever its form. Raises DataError naming what is wrong with it."""
    found = sequences.load(interactions, attributes)
    split = leave_last_out(found.interactions, refit=protocol.variant == "refit")
    source = {
        "interactions": interactions.name,
        "sha256": found.sha256,
        "attributes": attributes.name if attributes else None,
    }
    return Problem(
        found.name,
        source | _figures(found.interactions),
        protocol,
        split,
        SideInformation(attributes=found.attributes),
        list(found.user_ids),
        item_ids=found.item_ids,
        notes=(found.said, *found.notes),
    )


def of_dataset(protocol: Protocol, dataset: Artifact, vectors: Artifact | None) -> Problem:
    """The problem of a prepared shop: next baskets, or a cut in time.

    Raises BadRequestError, in words, where the shop has not what the protocol needs.
    """
    items, shoppers = storage.load_items(dataset.path), storage.load_shoppers(dataset.path)
    interactions = storage.load_interactions(dataset, len(items))
    _must_have(interactions, dates=protocol.name == "temporal")
    if protocol.name == "temporal":
        split = cut_in_time(interactions, days=protocol.days)
    else:
        split = leave_last_out(interactions, refit=protocol.variant == "refit")
    info = dataset.json("dataset.json")
    source = {"dataset": info["name"], "version": dataset.manifest["version"]}
    people = shoppers[list(info["traits"])] if info["traits"] else None
    known = storage.capabilities(dataset)
    friends = storage.load_table(dataset.path, "friends") if known.has(Capability.FRIENDS) else None
    side = side_information(items, shoppers, vectors, registry.shop(info["name"]).people.cohort, friends)
    return Problem(
        info["name"],
        source | _figures(interactions),
        protocol,
        split,
        side,
        [str(i) for i in shoppers[s.SHOPPER_ID].tolist()],
        _departments(items),
        people,
    )


def _must_have(interactions: Interactions, *, dates: bool) -> None:
    """Raises BadRequestError when there is nothing to foretell, or no time to cut."""
    if len(interactions.items) == 0:
        raise BadRequestError(
            "nobody has done anything in this shop yet",
            allowed="a shop with events, or the protocol sequences",
            remedy="run `evaluate sequences` on a file",
        )
    if dates and not interactions.dated:
        raise BadRequestError(
            Capability.DATES.missing, allowed="the protocol next-basket", remedy="run `evaluate next-basket`"
        )


def _departments(items: pd.DataFrame) -> pd.Series | None:
    """Each item's department; None where the shop has none."""
    return items[s.DEPARTMENT] if (items[s.DEPARTMENT] != "").any() else None


def _figures(interactions: Interactions) -> dict[str, Any]:
    return {
        "shoppers": len(interactions),
        "items": interactions.n_items,
        "events": len(interactions.items),
        "baskets": int(interactions.n_baskets.sum()),
    }
