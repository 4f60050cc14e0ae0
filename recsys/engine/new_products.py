"""A product that is not in the shop yet: what it is like, whom it would reach by taste, and how its like did."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from recsys import schema as s
from recsys.encoders.contract import TextEncoder
from recsys.engine.catalogue import Catalogue
from recsys.engine.people import People
from recsys.engine.portraits import Portraits
from recsys.engine.turns import Turns
from recsys.errors import BadRequestError
from recsys.index.shared_rows import SharedRowsIndex
from recsys.interest.history import affinity
from recsys.interest.interest_vector import history_vector
from recsys.reranking.folding import fold
from recsys.reranking.groups import PRICE_BANDS, price_bands
from recsys.schema import Floats, Knobs, Rows
from recsys.schema.capabilities import Capabilities, Capability

MOST_TITLE: Final = 200  # characters
MOST_DESCRIPTION: Final = 5_000
DEAREST: Final = 1_000.0  # times the dearest product of the shop: a price above it is a slip
NEAREST: Final = 8  # products that are shown beside it
REACHED: Final = (10, 100)  # places of a list that is looked at, and one that is looked through
LADDER: Final = 1_000  # places that are told apart; below them it is "further down"
MOST_PEOPLE: Final = 20_000  # shoppers whose lists are made; of more so many are drawn by seed
CELLS_AT_ONCE: Final = 4_000_000
MONTH: Final = 30  # days
COMPARED: Final = 30  # products whose first month is looked at
ENOUGH: Final = 10  # of them in the same band of prices: of fewer the band is given up
LOOKED_THROUGH: Final = 200  # nearest products among which those of the band are looked for
TAILS: Final = (0.1, 0.5, 0.9)
CHECKED: Final = 400  # products whose own first month is foretold from the others', to see how often the range holds
PROBED: Final = 40  # products whose text is made anew, to see how near it comes to the shop's own
MOST_WORDS: Final = 12  # of a title that are left out in turn

Doubles = npt.NDArray[np.float64]


def read_price(typed: str, locale: str) -> float | None:
    """The price that was typed: as people of that locale (a CLDR name) write numbers, or with a point or a comma
    before the cents. None for what is neither; whether it can be meant is asked later."""
    if re.fullmatch(r"-?\d{1,12}([.,]\d{1,2})?", typed, re.ASCII):
        return float(typed.replace(",", "."))
    if not re.fullmatch(r"-?\d[\d.,'\u2019\u00a0\u202f ]{0,20}", typed, re.ASCII):
        return None
    from babel.numbers import NumberFormatError, parse_decimal

    try:
        return float(parse_decimal(typed, locale=locale, strict=True))
    except NumberFormatError:
        return None


@dataclass(frozen=True, slots=True)
class NewProduct:
    """What is typed of it."""

    title: str
    category: str = ""
    brand: str = ""
    price: float | None = None
    attributes: tuple[str, ...] = ()  # values: "red", "oak"
    description: str = ""  # counts only where it is to be read too


@dataclass(frozen=True, slots=True)
class Reach:
    """Where it would stand on the lists of shoppers, by taste alone, each kind of product counted once."""

    people: int  # who have a taste that is known
    within: tuple[int, ...]  # of them, on how many lists it is among the REACHED first
    ranks: Rows  # (people,) its place on each, LADDER + 1 for further down
    displaced: tuple[tuple[int, int], ...]  # (row of what it pushes off the first ten, on how many lists)


@dataclass(frozen=True, slots=True)
class FirstMonth:
    """Buyers in the first 30 days, from how comparable products did."""

    low: float
    median: float
    high: float
    mean: float
    rows: Rows  # of the comparable products, nearest first
    buyers: Rows  # (len(rows),) of each
    same_band: bool  # whether they are of the same fifth of prices
    launched: bool  # counted from their launch, those nobody bought among them; else from their first purchase
    held: float | None  # share of products already here whose own figure lies in the range so foretold


@dataclass(frozen=True, slots=True)
class Change:
    """What another wording or price would do."""

    what: str  # "without red", "a band cheaper"
    within: tuple[int, ...] | None  # as Reach.within; None for a price, which taste does not see
    buyers: float | None  # mean buyers of the first month of those it is compared with
    nearest: int  # row


@dataclass(frozen=True, slots=True, eq=False)
class Foreseen:
    """All that can be said of a new product before it is there."""

    product: NewProduct
    text: str  # what the encoder read
    vector: Floats  # (d,)
    nearest: tuple[tuple[int, float], ...]  # (row, cosine), one of each kind
    reach: Reach | None  # None in a shop where nobody bought anything
    month: FirstMonth | None  # None without dates or without enough products to compare
    notes: tuple[str, ...]


class NewProducts:
    """Looks ahead. Writes nothing: the product is never part of the shop."""

    def __init__(
        self,
        catalogue: Catalogue,
        index: SharedRowsIndex,
        encoder: TextEncoder,
        people: People,
        portraits: Portraits,
        capabilities: Capabilities,
        attributes: Callable[[], pd.DataFrame | None],
        turns: Turns,
    ) -> None:
        self._catalogue, self._index, self._encoder, self._people = catalogue, index, encoder, people
        self._portraits, self._has, self._attributes, self._turns = portraits, capabilities, attributes, turns

    def foresee(self, product: NewProduct) -> Foreseen:
        """What it is like and how it would do. Raises BadRequestError, in words, for what cannot be."""
        self._check(product)
        self._ready()
        with self._turns.turn():
            text = self._text(product)
            vector = self._encoder.encode([text])[0]
            reach, month = self._reach(vector), self._month(vector, product.price)
            return Foreseen(product, text, vector, self._nearest(vector), reach, month, self._notes(product))

    def changes(self, foreseen: Foreseen) -> tuple[Change, ...]:
        """Each word of the title left out in turn, and the price a band lower and higher: all of it run again."""
        product, words = foreseen.product, foreseen.product.title.split()[:MOST_WORDS]
        left = [self._without(product, words, at) for at in range(len(words))] if len(words) > 1 else []
        found = []
        with self._turns.turn():
            if left:
                vectors = self._encoder.encode([self._text(each) for each in left])
                for word, vector in zip(words, vectors, strict=True):
                    reach, month = self._reach(vector), self._month(vector, product.price)
                    within, buyers = reach.within if reach else None, month.mean if month else None
                    found.append(Change(f"without “{word}”", within, buyers, self._nearest(vector)[0][0]))
            for what, price in self._other_prices(product.price):
                month = self._month(foreseen.vector, price)
                found.append(Change(what, None, month.mean if month else None, foreseen.nearest[0][0]))
        return tuple(found)

    def _ready(self) -> None:
        """Make what all questions rest on, seconds the first time, before others have to wait for this one."""
        if len(self._tastes):
            _ = self._ladder
        if self._months is not None:
            _ = self._held

    @staticmethod
    def _without(product: NewProduct, words: Sequence[str], at: int) -> NewProduct:
        """The product without one word of its title, which is no attribute of it any more either."""
        kept = tuple(each for each in product.attributes if each.lower() != words[at].lower())
        rest = product.title.split()[len(words) :]
        return replace(product, title=" ".join([*words[:at], *words[at + 1 :], *rest]), attributes=kept)

    # --- what is typed --------------------------------------------------------------------------------------

    def _check(self, product: NewProduct) -> None:
        if not any(each.isalnum() for each in product.title):
            raise BadRequestError("a product without a title cannot be placed", remedy="type what it is")
        for name, text, most in (
            ("title", product.title, MOST_TITLE),
            ("description", product.description, MOST_DESCRIPTION),
        ):
            if len(text) > most:
                raise BadRequestError(
                    f"the {name} has {len(text):,} characters", allowed=f"{most:,} at most", remedy="shorten it"
                )
        if product.category and product.category not in self.categories:
            raise BadRequestError(
                f"there is no category {product.category[:40]!r}", remedy="choose one of the list, or none"
            )
        if product.price is not None:
            dearest = float(np.nanmax(self._catalogue.prices)) if self._priced else 1e6
            if not 0 < product.price <= DEAREST * dearest:  # NaN too
                raise BadRequestError(
                    f"a price of {product.price:g} cannot be meant",
                    allowed=f"above 0 and no more than {DEAREST:,.0f} times the dearest product",
                    remedy="check the price, or leave it empty",
                )

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories there are, by name."""
        return tuple(sorted({str(each) for each in self._catalogue.categories.tolist() if each}))

    @property
    def _priced(self) -> bool:
        return self._has.has(Capability.PRICES) and bool(np.isfinite(self._catalogue.prices).any())

    def _text(self, product: NewProduct) -> str:
        """What the encoder reads: the title, attributes and category, the make; the description at the end."""
        title = product.title.strip()
        said = [each for each in (*product.attributes, product.category) if each and each.lower() not in title.lower()]
        make = product.brand if product.brand.lower() not in title.lower() else ""
        parts = [title, " ".join(said), make, product.description.strip()]
        return ". ".join(part for part in parts if part) + "."

    @cached_property
    def alike(self) -> float:
        """Mean cosine of products' own vectors with those of their texts made as a new one's is: 1 when the same."""
        rows = np.random.default_rng(0).permutation(self._catalogue.size)[:PROBED]
        items = self._catalogue.items
        told: dict[int, list[str]] = {}
        if (table := self._attributes()) is not None:
            some = table[table[s.ITEM].isin(rows)]
            for row, value in zip(some[s.ITEM].tolist(), some[s.VALUE].astype(str).tolist(), strict=True):
                told.setdefault(int(row), []).append(value)
        texts = [
            self._text(
                NewProduct(
                    str(self._catalogue.names[row]),
                    str(items[s.CATEGORY].iloc[row]),
                    str(items[s.BRAND].iloc[row]),
                    attributes=tuple(told.get(int(row), ())),
                )
            )
            for row in rows
        ]
        with self._turns.turn():
            made = self._encoder.encode(texts)
        return float((made * self._index.vectors_at(rows.astype(np.int32))).sum(axis=1).mean())

    def _notes(self, product: NewProduct) -> tuple[str, ...]:
        """What this shop cannot say, in words."""
        notes = []
        if not self._has.has(Capability.PRICES):
            notes.append(Capability.PRICES.missing + " A price is compared with nothing.")
        elif product.price is None:
            notes.append("Without a price it is compared with products of any price.")
        if not len(self._portraits.table.items):
            notes.append("Nobody has bought anything here yet: whom it would reach cannot be said.")
        elif not self._has.has(Capability.DATES):
            notes.append(Capability.DATES.missing + " So nobody knows what a first month was.")
        return tuple(notes)

    # --- what it is like ------------------------------------------------------------------------------------

    def _nearest(self, vector: Floats) -> tuple[tuple[int, float], ...]:
        near = self._index.search(vector, LOOKED_THROUGH, None)
        first, _ = fold(self._catalogue.kinds[near.rows], NEAREST)
        return tuple((int(near.rows[at]), float(near.scores[at])) for at in first)

    # --- whom it would reach --------------------------------------------------------------------------------

    def whom(self, row: int, k: int) -> tuple[tuple[int, int], ...]:
        """(row of a shopper, the place of a product of this shop on their list by taste) for k who never bought it.

        Best places first, those nearer in taste before others; () in a shop where nobody bought anything.
        """
        if not len(self._tastes):
            return ()
        ladder, _ = self._ladder  # seconds, the first time: nobody waits for that
        with self._turns.turn():
            mine = self._tastes @ self._index.vectors_at(np.array([row], np.int32))[0]  # (u,)
            ranks = 1 + (ladder > mine[:, None]).sum(axis=1)
            table = self._portraits.table
            owners = np.unique(table.shopper_of_entry[table.items == row])
            new = ~np.isin(self._tasted[0], owners)
            order = np.lexsort((self._tasted[0], -mine, ranks))
            return tuple((int(self._tasted[0][at]), int(ranks[at])) for at in order[new[order]][:k].tolist())

    @property
    def _tastes(self) -> Floats:
        """(u, d) the interest vectors of all who bought anything, or of so many of them."""
        return self._tasted[1]

    @cached_property
    def _tasted(self) -> tuple[Rows, Floats]:
        """((u,) rows of the shoppers whose taste is known, (u, d) their interest vectors)."""
        people = self._people
        lengths = self._portraits.table.lengths
        rows = np.flatnonzero(lengths > 0)
        if len(rows) > MOST_PEOPLE:
            rows = np.sort(np.random.default_rng(0).choice(rows, MOST_PEOPLE, replace=False))
        found, known = [], []
        half_life = Knobs().half_life_days
        for row in rows.tolist():
            faded = affinity(people.history.of(row), people.today, half_life)
            taste = history_vector(faded, self._index.vectors_at(faded.items), people.share, people.common)
            if taste is not None:
                found.append(taste)
                known.append(row)
        tastes = np.stack(found) if found else np.empty((0, self._index.dimension), np.float32)
        return np.array(known, np.int32), tastes

    @cached_property
    def _ladder(self) -> tuple[Floats, Rows]:
        """((u, l) the scores of the l best kinds for each, best first; (u,) a product of the tenth kind)."""
        kinds = self._catalogue.kinds
        order = np.argsort(kinds, kind="stable")
        starts = np.flatnonzero(np.r_[True, np.diff(kinds[order]) != 0])
        steps = min(LADDER, len(starts))
        tenth_place = min(REACHED[0], steps) - 1
        scores, tenth = [], []
        step = max(1, CELLS_AT_ONCE // len(kinds))
        for start in range(0, len(self._tastes), step):
            some = self._tastes[start : start + step]
            of_text = some @ np.asarray(self._index.distinct, np.float32).T  # (c, texts)
            each = of_text[:, self._index.shared.of_item[order]]  # (c, n_items) by kind
            of_kind = np.maximum.reduceat(each, starts, axis=1)  # (c, kinds)
            best = np.argsort(-of_kind, axis=1, kind="stable")[:, :steps]
            scores.append(np.take_along_axis(of_kind, best, 1))
            for place, kind in enumerate(best[:, tenth_place].tolist()):
                stop = starts[kind + 1] if kind + 1 < len(starts) else len(kinds)
                tenth.append(int(order[starts[kind] + int(np.argmax(each[place, starts[kind] : stop]))]))
        return np.concatenate(scores), np.array(tenth, np.int32)

    def _reach(self, vector: Floats) -> Reach | None:
        """Exactly, on every list: how many kinds come before it."""
        if not len(self._tastes):
            return None
        ladder, tenth = self._ladder
        mine = self._tastes @ vector  # (u,)
        ranks = 1 + (ladder > mine[:, None]).sum(axis=1).astype(np.int32)
        steps = ladder.shape[1]
        further = (ranks > steps) & (steps == LADDER)
        ranks[further] = LADDER + 1
        pushed = Counter(tenth[ranks <= REACHED[0]].tolist())
        within = tuple(int((ranks <= most).sum()) for most in REACHED)
        return Reach(len(mine), within, ranks, tuple(pushed.most_common(NEAREST)))

    # --- how its like did -----------------------------------------------------------------------------------

    @cached_property
    def _months(self) -> tuple[Rows, Rows, bool] | None:
        """(rows of products whose first month is known whole, buyers in it, whether counted from the launch)."""
        table, last = self._portraits.table, self._people.today
        if not self._has.has(Capability.DATES) or not len(table.items):
            return None
        begun, launched = self._first_days()
        known = np.flatnonzero((begun >= (0 if launched else MONTH)) & (begun + MONTH <= last + 1))
        inside = (table.days >= begun[table.items]) & (table.days < begun[table.items] + MONTH)
        pairs = np.unique(
            table.items[inside].astype(np.int64) * (len(table) + 1) + table.shopper_of_entry[inside].astype(np.int64)
        )
        buyers = np.bincount(pairs // (len(table) + 1), minlength=table.n_items)
        if len(known) < ENOUGH:
            return None
        return known.astype(np.int32), buyers[known].astype(np.int32), launched

    def _first_days(self) -> tuple[npt.NDArray[np.int64], bool]:
        """((n_items,) the day of launch, or of the first purchase (far away where there is none), which it is)."""
        table = self._portraits.table
        if self._has.has(Capability.LAUNCH_DATES) and self._portraits.first_day is not None:
            dates = pd.to_datetime(self._catalogue.items[s.LAUNCH_DATE])
            days = (dates - pd.Timestamp(self._portraits.first_day)).dt.days
            return np.asarray(days.fillna(-1), np.int64), True
        first = np.full(table.n_items, np.iinfo(np.int32).max, np.int64)
        np.minimum.at(first, table.items, table.days)
        return first, False

    def _month(self, vector: Floats, price: float | None) -> FirstMonth | None:
        if self._months is None:
            return None
        rows, buyers, launched = self._months
        cosines = self._index.scores_at(vector, rows)
        near = np.argsort(-cosines, kind="stable")
        taken, same_band = self._comparable(near, rows, price)
        low, median, high = np.quantile(buyers[taken], TAILS)
        return FirstMonth(
            float(low),
            float(median),
            float(high),
            float(buyers[taken].mean()),
            rows[taken],
            buyers[taken],
            same_band,
            launched,
            self._held,
        )

    def _comparable(self, near: npt.NDArray[np.intp], rows: Rows, price: float | None) -> tuple[Rows, bool]:
        """(places in `rows` of the COMPARED nearest, of the same band of prices where enough of the nearest are)."""
        if price is not None and self._priced:
            through = near[:LOOKED_THROUGH]
            of_band = through[self._bands[0][rows[through]] == self._band(price)]
            if len(of_band) >= ENOUGH:
                return np.asarray(of_band[:COMPARED], np.int32), True
        return np.asarray(near[:COMPARED], np.int32), False

    @cached_property
    def _held(self) -> float | None:
        """How often the range holds for products already here, each foretold from the others, by likeness alone."""
        assert self._months is not None
        rows, buyers, _ = self._months
        if len(rows) <= COMPARED:
            return None
        some = np.random.default_rng(0).permutation(len(rows))[:CHECKED]
        vectors = self._index.vectors_at(rows)
        cosines = vectors[some] @ vectors.T
        cosines[np.arange(len(some)), some] = -np.inf
        near = np.argpartition(-cosines, COMPARED, axis=1)[:, :COMPARED]
        low, high = np.quantile(buyers[near], (TAILS[0], TAILS[-1]), axis=1)
        return float(((buyers[some] >= low) & (buyers[some] <= high)).mean())

    @cached_property
    def _bands(self) -> tuple[Rows, Doubles]:
        """((n_items,) the fifth of prices of each product, -1 for none; the edges between the fifths)."""
        prices = self._catalogue.prices
        codes, _ = price_bands(prices)
        within = np.arange(1, PRICE_BANDS) / PRICE_BANDS
        return codes, np.unique(np.quantile(prices[np.isfinite(prices)], within))

    def _band(self, price: float) -> int:
        return int(np.searchsorted(self._bands[1], price, side="right"))

    def _other_prices(self, price: float | None) -> Sequence[tuple[str, float]]:
        """(what is changed, a price in the middle of that band) for the bands beside this one's."""
        if price is None or not self._priced or self._months is None:
            return ()
        codes, band = self._bands[0], self._band(price)
        found = []
        for what, other in (("a price band lower", band - 1), ("a price band higher", band + 1)):
            inside = self._catalogue.prices[codes == other]
            if other >= 0 and len(inside):
                found.append((what, float(np.median(inside))))
        return found
