"""Narrowing what was found: by category and by size, each with how many of the found products have it.

A facet counts what is left of all the other choices, never of its own, so that what was not chosen can still be seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from recsys import schema as s
from recsys.engine.catalogue import Catalogue
from recsys.query.filters import ItemFilters, relax
from recsys.query.parts import Part
from recsys.schema import Mask, Narrowed, Request, Rows
from recsys.schema.capabilities import Capabilities, Capability
from recsys.schema.money import Money
from recsys.schema.understood import Facet

CATEGORY: Final = "category"  # as the link, the command line and a facet's `field` call it
SIZE: Final = "size"
MOST_CATEGORIES: Final = 6  # they hold nine of ten products that a query of one thing finds
MOST_SIZES: Final = 6  # of one dimension: two lines of a popover
DIMENSIONS: Final = ("Volume", "Weight", "Count")


@dataclass(frozen=True, slots=True)
class Choice(Part):
    """Values of one facet that were chosen: any of them will do."""

    kind: ClassVar[str] = "choice"
    field: str = ""
    values: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """For example "16 oz or 1 pint"."""
        return " or ".join(self.values)


Chosen = Sequence[tuple[Choice, Mask]]


class Sizes:
    """The package sizes of the items: equal amounts in equal units are one size, however they are spelled.

    `codes` (n_items,) is each item's size, -1 for none; `names` what the most items call each size; `grams`,
    `milliliters` and `count` (n_sizes,) what it is, NaN where it measures nothing of it.
    """

    def __init__(self, items: pd.DataFrame, filters: ItemFilters) -> None:
        arrays, texts = filters.arrays, items[s.SIZE].astype(str).to_numpy()
        label = np.asarray(arrays["label"])
        amounts = np.stack([arrays[key][:, 0] for key in ("grams", "milliliters", "count")], axis=1)  # (n_labels, 3)
        rounded = np.array([[float(f"{amount:.4g}") for amount in row] for row in np.nan_to_num(amounts).tolist()])
        distinct, size_of = np.unique(rounded.reshape(-1, 3), axis=0, return_inverse=True)
        says = distinct > 0
        has = np.asarray((texts != "") & np.asarray(says.any(axis=1))[size_of[label]])
        self.codes = np.where(has, size_of[label], -1).astype(np.int32)
        self.grams, self.milliliters, self.count = np.where(says, distinct, np.nan).T
        self.code_of, self.names = self._called(texts[has], self.codes[has], len(distinct))

    @staticmethod
    def _called(texts: npt.NDArray[np.object_], codes: Rows, n: int) -> tuple[Mapping[str, int], list[str]]:
        """(the size of every spelling, what most items call each size)."""
        table = pd.DataFrame({"text": texts, "code": codes}).value_counts(sort=True).reset_index()
        table = table.sort_values(["count", "text"], ascending=[False, True], kind="stable")
        spelled = list(zip(table["text"].tolist(), table["code"].tolist(), strict=True))
        names = [""] * n
        for text, code in spelled:
            names[code] = names[code] or text
        return {text.casefold(): code for text, code in spelled}, names

    def dimensions(self, counts: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Where each size belongs among DIMENSIONS, (n_sizes,), given how many found products have it, (n_sizes,).

        An ounce measures both: it is what the other sizes of what was found are.
        """
        weight, volume = np.isfinite(self.grams), np.isfinite(self.milliliters)
        liquid = counts[volume & ~weight].sum() > counts[weight & ~volume].sum()
        content = np.where(weight & volume, 0 if liquid else 1, np.where(volume, 0, 1))
        return np.where(weight | volume, content, 2)

    def amounts(self) -> npt.NDArray[np.float64]:
        """What sizes of one dimension are put in order by, (n_sizes,): the content, a pack after one of it."""
        content = np.where(np.isfinite(self.milliliters), self.milliliters, self.grams)
        packs = np.nan_to_num(self.count, nan=1.0)
        return np.asarray(np.where(np.isfinite(content), content + packs * 1e-6, packs), np.float64)


class Facets:
    """What one catalogue can be narrowed by; nothing in it changes."""

    def __init__(self, catalogue: Catalogue, filters: ItemFilters, capabilities: Capabilities, money: Money) -> None:
        self._money = money
        codes, names = pd.factorize(catalogue.categories)
        self._categories, self._category_names = codes.astype(np.int32), [str(name) for name in names]
        self._items, self._filters = catalogue.items, filters
        self._has_categories = capabilities.has(Capability.CATEGORIES)
        self._has_sizes = capabilities.has(Capability.SIZES)
        self._category_of = {name: code for code, name in enumerate(self._category_names) if name}

    @cached_property
    def _sizes(self) -> Sizes:
        """Made for the first query or choice: the first screen has neither."""
        return Sizes(self._items, self._filters)

    def code(self, field: str, value: str) -> int:
        """The value's code, -1 where nothing in this shop has it."""
        if field == CATEGORY:
            return self._category_of.get(value, -1) if self._has_categories else -1
        return self._sizes.code_of.get(value.casefold(), -1) if self._has_sizes else -1

    def knows(self, field: str, value: str) -> bool:
        """Whether this shop has something of that category or size."""
        return self.code(field, value) >= 0

    def chosen(self, request: Request, notes: list[str]) -> Chosen:
        """The choices of a request with their masks (n_items,); what the shop does not have is said in `notes`."""
        out = []
        for field, values in ((CATEGORY, request.categories), (SIZE, request.sizes)):
            known = [value for value in values if self.code(field, value) >= 0]
            for value in values:
                if value not in known:
                    notes.append(f"No product here has the {field} \u201c{value[:40]}\u201d; it was left out.")
            if known:
                codes = self._categories if field == CATEGORY else self._sizes.codes
                mask = np.isin(codes, [self.code(field, value) for value in known])
                out.append((Choice((), field, tuple(dict.fromkeys(known))), mask))
        return out

    def narrow(self, chosen: Chosen, among: Mask) -> tuple[Mask, Narrowed | None]:
        """What the choices leave of `among` (m,), their masks being (m,) too; a choice that leaves nothing gives way.

        None where nothing is chosen.
        """
        if not chosen:
            return among, None
        filtered = relax(chosen, among, self._money)
        left_out = [value for part in filtered.given_up if isinstance(part, Choice) for value in part.values]
        return filtered.mask, Narrowed(filtered.n, tuple(left_out), filtered.sentence)

    def offered(self, chosen: Chosen, rows: Rows, *, sized: bool) -> tuple[Facet, ...]:
        """The facets of the found products (m,), the fullest values first; `sized`: the query says a size already."""
        out = list[Facet]()
        if self._has_categories:
            out += self._by_category(chosen, _left_of_others(chosen, CATEGORY, rows))
        if self._has_sizes and (not sized or any(choice.field == SIZE for choice, _ in chosen)):
            out += self._by_size(chosen, _left_of_others(chosen, SIZE, rows))
        return tuple(out)

    def _by_category(self, chosen: Chosen, rows: Rows) -> list[Facet]:
        counts = np.bincount(self._categories[rows], minlength=len(self._category_names))
        picked = self._picked(chosen, CATEGORY)
        counts[[code for code, name in enumerate(self._category_names) if not name]] = 0
        best = _fullest(counts, np.arange(len(counts)), MOST_CATEGORIES, picked)
        names = self._category_names
        return _worth(
            [Facet("Category", names[c], "", int(counts[c]), CATEGORY, c in picked) for c in best],
        )

    def _by_size(self, chosen: Chosen, rows: Rows) -> list[Facet]:
        codes = self._sizes.codes[rows]
        counts = np.bincount(codes[codes >= 0], minlength=len(self._sizes.names))
        picked, dimensions = self._picked(chosen, SIZE), self._sizes.dimensions(counts)
        amounts, out = self._sizes.amounts(), list[Facet]()
        for at, dimension in enumerate(DIMENSIONS):
            best = _fullest(counts, np.flatnonzero(dimensions == at), MOST_SIZES, picked)
            for code in sorted(best, key=lambda code: float(amounts[code])):
                name = self._sizes.names[code]
                out.append(Facet(dimension, name, "", int(counts[code]), SIZE, code in picked))
        return _worth(out)

    def _picked(self, chosen: Chosen, field: str) -> frozenset[int]:
        return frozenset(self.code(field, v) for choice, _ in chosen if choice.field == field for v in choice.values)


def _left_of_others(chosen: Chosen, field: str, rows: Rows) -> Rows:
    for choice, mask in chosen:
        if choice.field != field:
            rows = rows[mask[rows]]
    return rows


def _fullest(
    counts: npt.NDArray[np.int64], among: Rows | npt.NDArray[np.int64], n: int, picked: frozenset[int]
) -> list[int]:
    """The n codes of `among` with most products, the most first, ties by code; those picked stay whatever they have."""
    order = among[np.argsort(-counts[among], kind="stable")].tolist()
    best = [code for code in order[:n] if counts[code] > 0 or code in picked]
    return best + [code for code in order[n:] if code in picked]


def _worth(facets: list[Facet]) -> list[Facet]:
    """Nothing where there is nothing to choose between."""
    return facets if len(facets) > 1 or any(facet.chosen for facet in facets) else []
