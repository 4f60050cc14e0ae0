"""The door to portraits: what is known of one shopper, beside all of them, and the groups that all of them make."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from recsys import schema as s
from recsys.artifacts import Artifact
from recsys.datasets import storage
from recsys.datasets.interactions import Interactions
from recsys.engine.catalogue import Catalogue, coded
from recsys.engine.people import People
from recsys.index.shared_rows import SharedRowsIndex
from recsys.interest.alike import Alike
from recsys.interest.habits import Habits, habits, on_offer, standing
from recsys.interest.history import affinity
from recsys.interest.interest_vector import unit
from recsys.interest.interests import Interest, interests
from recsys.interest.rhythm import Need, Rhythm, needs, rhythm
from recsys.interest.segments import SEGMENTS as SEGMENTS
from recsys.interest.segments import Segments, moves, segments
from recsys.interest.tastes import Tastes, tastes
from recsys.schema import Floats, Request, Rows
from recsys.schema.capabilities import Capabilities, Capability

MONTH: Final = 30  # days between two looks at the segments
LOOKS: Final = 6  # months that are looked back at, at most
SEARCHED: Final = 40  # products looked through for each one shown: many are of one kind
STRETCHES: Final = 6  # of a history, on its path over the map
MISSING: Final = 12  # products that those who buy alike buy


@dataclass(frozen=True, slots=True)
class Habit:
    """One figure of a shopper, and the share of the others whose figure is lower."""

    value: float
    above: float


@dataclass(frozen=True, slots=True, eq=False)
class Portrait:
    """What is known of one shopper."""

    lines: Interactions  # of this one shopper
    rhythm: Rhythm
    interests: tuple[Interest, ...]
    needs: tuple[Need, ...]
    habits: dict[str, Habit]  # name of a field of Habits -> figure, those that there are
    recency: Habit
    frequency: Habit
    money: Habit | None
    segment: int  # of SEGMENTS
    alike: tuple[tuple[int, float], ...]  # (row of a shopper, cosine), best first
    missing: tuple[tuple[int, int], ...]  # (row of a product that these buy and this one not, how many of them)


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """All shoppers on one day."""

    day: int
    segments: Segments


class Portraits:
    """What shoppers are like. The figures of all are made when first asked for, some tenths of a second."""

    def __init__(
        self,
        open_dataset: Callable[[], Artifact],
        items: pd.DataFrame,
        catalogue: Catalogue,
        people: People,
        index: SharedRowsIndex,
        has: Capabilities,
        today: int,
        first_day: str,
        house_brand: str,
    ) -> None:
        self._open, self._items, self._catalogue, self._people, self._index = (
            open_dataset,
            items,
            catalogue,
            people,
            index,
        )
        self._has, self.today, self._house = has, today, house_brand
        self.first_day = date.fromisoformat(first_day) if first_day else None

    @cached_property
    def table(self) -> Interactions:
        """All that everybody bought."""
        return storage.load_interactions(self._open(), len(self._items))

    @cached_property
    def departments(self) -> tuple[Rows, tuple[str, ...]]:
        """((n_items,) codes, their names)."""
        return self._codes(s.DEPARTMENT, Capability.DEPARTMENTS)

    @cached_property
    def categories(self) -> tuple[Rows, tuple[str, ...]]:
        """((n_items,) codes, their names)."""
        return self._codes(s.CATEGORY, Capability.CATEGORIES)

    def _codes(self, column: str, capability: Capability) -> tuple[Rows, tuple[str, ...]]:
        """Codes and names of a column; -1 for what is empty, and everywhere where the shop has no such thing."""
        if not self._has.has(capability) or column not in self._items:
            return np.full(len(self._items), -1, np.int32), ()
        return coded(self._items[column])

    @cached_property
    def _habits(self) -> Habits:
        brands, names = self._codes(s.BRAND, Capability.BRANDS)
        own = [code for code, name in enumerate(names) if name == self._house]
        house = np.isin(brands, own) if self._house and names else None
        kinds = self.categories[0] if self._has.has(Capability.CATEGORIES) else None
        makes = brands if self._has.has(Capability.BRANDS) else None
        return habits(self.table, self._catalogue.prices, kinds, makes, house, self._on_offer(), self._stars())

    def _on_offer(self) -> npt.NDArray[np.bool_] | None:
        """(m,) whether each line of the table was bought in an offer; None where offers or days are not known."""
        if self.first_day is None or not self._has.has(Capability.OFFERS):
            return None
        offers = storage.load_table(self._open().path, "offers")
        first = pd.Timestamp(self.first_day)
        starts, ends = (
            np.asarray((offers[column] - first).dt.days.to_numpy(), np.int32) for column in (s.STARTS, s.ENDS)
        )
        return on_offer(self.table, np.asarray(offers[s.ITEM].to_numpy(), np.int32), starts, ends)

    def _stars(self) -> tuple[Rows, npt.NDArray[np.float64]] | None:
        """(who, stars) of each review; None where there are none."""
        if not self._has.has(Capability.REVIEWS):
            return None
        reviews = storage.load_table(self._open().path, "reviews")
        return reviews[s.SHOPPER].to_numpy(np.int32), reviews[s.STARS].to_numpy(np.float64)

    @cached_property
    def _worth(self) -> npt.NDArray[np.float64] | None:
        """(m,) price and pieces of each entry of the table; None where nothing has a price."""
        if not self._has.has(Capability.PRICES):
            return None
        return np.asarray(self._catalogue.prices[self.table.items] * self.pieces)

    @cached_property
    def pieces(self) -> npt.NDArray[np.int64]:
        """(m,) how many were taken with each entry of the table."""
        return np.asarray(self._open().array("history_quantity"), np.int64)

    @cached_property
    def looks(self) -> tuple[Look, ...]:
        """The segments at the end, and MONTH days before that, and so on, oldest first; of a shop with dates."""
        days = [self.today - MONTH * back for back in range(LOOKS + 1)] if self.first_day else [self.today]
        return tuple(Look(day, segments(self.table, self._worth, day)) for day in reversed(days) if day >= 0)

    def moves(self) -> npt.NDArray[np.int64] | None:
        """(n + 1, n + 1) how many went from which segment to which in the last month; None without an earlier look."""
        if len(self.looks) < 2:
            return None
        return moves(self.looks[-2].segments.codes, self.looks[-1].segments.codes)

    @cached_property
    def _alike(self) -> Alike:
        return Alike.of(self.table)

    def of(self, shopper: str) -> Portrait | None:
        """The portrait of a shopper; None for who has bought nothing. Raises BadRequestError for an unknown one."""
        row = self._people.row(shopper)
        if row is None or not len((lines := self._lines(row)).items):
            return None
        weekday = self.first_day.weekday() if self.first_day else None
        found = rhythm(lines, weekday)
        assert found is not None
        now = self.looks[-1].segments
        neighbours, cosines = self._alike.nearest(row)
        return Portrait(
            lines,
            found,
            interests(lines, self.departments[0], self.categories[0]),
            self._needs(lines),
            {name: each for name in Habits.__slots__ if (each := self._habit(getattr(self._habits, name), row))},
            self._standing(now.recency, row),
            self._standing(now.frequency, row),
            self._habit(now.money, row),
            int(now.codes[row]),
            tuple(zip(neighbours.tolist(), cosines.tolist(), strict=True)),
            tuple(self._alike.missing(row, MISSING, neighbours, cosines)),
        )

    def _lines(self, row: int) -> Interactions:
        return self.table.take(np.array([row], np.int32))

    def _needs(self, lines: Interactions) -> tuple[Need, ...]:
        """Staples by kind, so that another size is the same need; each stands as what was bought of it last."""
        if self.first_day is None:
            return ()
        kinds = self._catalogue.kinds[lines.items]
        found = needs(replace(lines, items=kinds), self.today)
        last = {int(kind): int(item) for kind, item in zip(kinds, lines.items, strict=True)}  # lines are oldest first
        return tuple(replace(need, item=last[need.item]) for need in found)

    def _habit(self, values: npt.NDArray[np.float64], row: int) -> Habit | None:
        return None if np.isnan(values[row]) else self._standing(values, row)

    def beside(self, row: int, others: npt.NDArray[np.bool_]) -> dict[str, Habit]:
        """The habits of the shopper in that row, as far as known, beside those of `others` (n_shoppers,)."""
        kept = others.copy()
        kept[row] = True
        place = int(kept[:row].sum())
        figures = {name: getattr(self._habits, name)[kept] for name in Habits.__slots__}
        return {
            name: Habit(float(values[place]), standing(values, place))
            for name, values in figures.items()
            if not np.isnan(values[place])
        }

    @staticmethod
    def _standing(values: npt.NDArray[np.float64], row: int) -> Habit:
        return Habit(float(values[row]), standing(values, row))

    def tastes(self, request: Request) -> tuple[Rows, Tastes] | None:
        """(the products that were bought (u,), the groups that they make); None for who has bought nothing."""
        row = self._people.row(request.shopper)
        if row is None:
            return None
        faded = affinity(self._people.history.of(row), self.today, request.knobs.half_life_days)
        found = tastes(self._index.vectors_at(faded.items), np.log1p(faded.weights))
        return None if found is None else (faded.items, found)

    def path(self, shopper: str) -> tuple[Rows, Floats] | None:
        """((m,) last day of each stretch, (m, d) its taste, of length 1): at most STRETCHES, equally many lines each.

        None for who has bought nothing. Without dates a day is a visit.
        """
        row = self._people.row(shopper)
        if row is None or not len((lines := self._lines(row)).items):
            return None
        days, vectors = [], []
        for part in np.array_split(np.arange(len(lines.items)), min(STRETCHES, int(lines.baskets[-1]) + 1)):
            mean = unit(self._index.vectors_at(lines.items[part]).mean(axis=0))
            if len(part) and mean is not None:
                days.append(int(lines.days[part[-1]]))
                vectors.append(mean)
        return (np.array(days, np.int32), np.stack(vectors)) if vectors else None

    def nearest(self, vector: Floats, k: int, without: Rows) -> Rows:
        """The k nearest to a vector (d,), of each kind one, of those kinds that nothing in `without` is of."""
        kinds = self._catalogue.kinds
        found = self._index.search(vector, SEARCHED * k + len(without), None).rows
        found = found[~np.isin(kinds[found], kinds[without])]
        _, first = np.unique(kinds[found], return_index=True)
        return np.asarray(found[np.sort(first)][:k])
