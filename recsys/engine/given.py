"""What a shop says of its products itself, by which labels are begun with and tags are judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from recsys import schema as s
from recsys.engine.catalogue import Catalogue
from recsys.engine.tagging import LONGEST_LABEL, MOST_LABELS, Tagged, folded
from recsys.schema import Mask
from recsys.schema.capabilities import Capabilities, Capability

MOST_OFFERED: Final = 30  # attributes, those that most products have
COLUMNS: Final = {s.CATEGORY: Capability.CATEGORIES, s.DEPARTMENT: Capability.DEPARTMENTS}


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """One thing that the shop says of its products: its category, or an attribute."""

    name: str
    values: tuple[tuple[str, ...], ...]  # of each product; () where it says nothing

    def labels(self) -> tuple[str, ...]:
        """The values as labels, in the order of the alphabet: at most MOST_LABELS, the most common ones."""
        counts = Counter(value for values in self.values for value in values if len(value) <= LONGEST_LABEL)
        first: dict[str, str] = {}
        for value, _ in counts.most_common():
            first.setdefault(folded(value), value)
        return tuple(sorted(list(first.values())[:MOST_LABELS], key=folded))

    def said(self) -> list[str]:
        """The value of each product, as it is shown: "", or "red, blue" of two."""
        return [", ".join(values) for values in self.values]


class GivenFacts:
    """All that a shop says of its products and that has at least two values. Read when it is first asked for."""

    def __init__(
        self, catalogue: Catalogue, capabilities: Capabilities, attributes: Callable[[], pd.DataFrame | None]
    ) -> None:
        self._catalogue, self._capabilities, self._attributes = catalogue, capabilities, attributes

    @cached_property
    def values(self) -> dict[str, int]:
        """Name -> how many different values it has: columns, then attributes, those that most products have first."""
        items, found = self._catalogue.items, {}
        for column, needed in COLUMNS.items():
            if self._capabilities.has(needed) and (number := items[column].nunique()) > 1:
                found[column] = int(number)
        table = self._attributes()
        if table is not None:
            each = table.groupby(s.ATTRIBUTE, observed=True).agg(
                products=(s.ITEM, "nunique"), values=(s.VALUE, "nunique")
            )
            each = each[each["values"] > 1].sort_values("products", ascending=False, kind="stable").head(MOST_OFFERED)
            for name, number in each["values"].items():
                found.setdefault(str(name), int(number))
        return found

    def of(self, name: str) -> Given:
        """What is said under that name, one of `values`."""
        table = self._attributes()
        if table is None or (name in COLUMNS and self._capabilities.has(COLUMNS[name])):
            column = self._catalogue.items[name].fillna("").astype(str)
            return Given(name, tuple((value,) if value else () for value in map(_one_line, column)))
        values: list[tuple[str, ...]] = [()] * self._catalogue.size
        named = table[table[s.ATTRIBUTE] == name]
        for row, value in zip(named[s.ITEM].tolist(), named[s.VALUE].astype(str).tolist(), strict=True):
            if text := _one_line(value):
                values[row] = (*values[row], text)
        return Given(name, tuple(values))


def _one_line(text: str) -> str:
    return " ".join(text.split())


@dataclass(frozen=True, slots=True, eq=False)
class Agreement:
    """Where tags and the shop say the same. Case and blanks make no difference; of several values one is enough."""

    compared: Mask  # (n_items,) tagged, and the shop says something
    agrees: Mask  # (n_items,) of those, where both say the same
    unlisted: int  # of those compared, whose value is none of the labels: they cannot agree

    @property
    def differs(self) -> Mask:
        """(n_items,) compared, and not the same."""
        return self.compared & ~self.agrees

    @property
    def share(self) -> float:
        """Of those compared, 0 to 1; NaN where none is."""
        return float(self.agrees.sum() / self.compared.sum()) if self.compared.any() else float("nan")


def agreement(tagged: Tagged, given: Given) -> Agreement:
    """Compare every tag with what the shop says."""
    labels = [folded(label) for label in tagged.labels]
    known = set(labels)
    values = [{folded(value) for value in values} for values in given.values]
    compared = tagged.there & np.array([bool(each) for each in values], np.bool_)
    agrees = np.array([best >= 0 and labels[best] in each for best, each in zip(tagged.best, values, strict=True)])
    unlisted = sum(1 for each, there in zip(values, compared, strict=True) if there and not each & known)
    return Agreement(compared, agrees.astype(np.bool_) & compared, unlisted)


LABEL, SAID, AGREE, SHARE, GIVEN, FOUND = "label", "products", "agree", "share", "given", "found"


def by_label(tagged: Tagged, against: Agreement | None = None, given: Given | None = None) -> pd.DataFrame:
    """A row per label, that of most products first.

    Columns: label, products (so tagged), confidence (their mean), and of what is compared: compared, agree, share
    (agree of compared), given (how many the shop calls so) and found (agree of given). Shares are NaN of nothing.
    """
    count = len(tagged.labels)
    there = tagged.there
    products = np.bincount(tagged.best[there], minlength=count)
    sure = np.bincount(tagged.best[there], weights=tagged.confidence[there], minlength=count)
    table = pd.DataFrame({LABEL: tagged.labels, SAID: products, "confidence": _share(sure, products)})
    if against is not None and given is not None:
        compared = np.bincount(tagged.best[against.compared], minlength=count)
        agree = np.bincount(tagged.best[against.agrees], minlength=count)
        row = {folded(label): number for number, label in enumerate(tagged.labels)}
        said = np.zeros(count, np.int64)
        for values, there_ in zip(given.values, against.compared, strict=True):
            said[[row[each] for each in {folded(value) for value in values} if there_ and each in row]] += 1
        table = table.assign(
            compared=compared, agree=agree, share=_share(agree, compared), given=said, found=_share(agree, said)
        )
    return table.sort_values(SAID, ascending=False, kind="stable", ignore_index=True)


def _share(part: npt.NDArray[np.generic], whole: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Part of whole, NaN of nothing."""
    share: npt.NDArray[np.float64] = np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0)
    return share
