"""The door to baskets: what completes one and why, what could stand in for a product, how to reach an amount."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from recsys import schema as s
from recsys.artifacts import PREPARE, Artifact
from recsys.datasets.interactions import Interactions
from recsys.engine.catalogue import Catalogue
from recsys.engine.people import People
from recsys.engine.portraits import Portraits
from recsys.engine.turns import Turns
from recsys.errors import ArtifactError, BadRequestError
from recsys.index.shared_rows import SharedRowsIndex
from recsys.reranking.folding import fold
from recsys.scenarios.basket import completing, storing
from recsys.scenarios.basket.completing import PARTS, Counted, Parts, Setting, parts, total
from recsys.scenarios.basket.completing import POPULAR as POPULAR
from recsys.scenarios.basket.pieces import usual_pieces
from recsys.scenarios.basket.preparing import NAME as NAME
from recsys.scenarios.basket.reaching import Bundle, bundles
from recsys.scenarios.basket.relations import Complement, Substitute, complements, substitutes
from recsys.scenarios.basket.usual import Usual, usual, usual_basket
from recsys.scenarios.basket.weighing import Case, out_of
from recsys.schema import Mask, Rows
from recsys.schema.capabilities import Capabilities, Capability

MOST_PRODUCTS: Final = 500  # different ones of a basket
MOST_PIECES: Final = 99  # of one product
MOST_SUGGESTED: Final = 50
INDIRECT: Final = (completing.NEEDED, completing.VECTORS, completing.CONTENT, completing.SEQUENCE)
OF_THE_BASKET: Final = (
    completing.VISITS, completing.TOGETHER, completing.NEEDED, completing.VECTORS, completing.CONTENT,
)  # fmt: skip
SEARCHED: Final = 6  # times as many are looked through as are shown: many share a title
TO_REACH: Final = 400  # candidates among which a set is looked for
MOST_AMOUNT: Final = 1e7  # in the shop's currency
SAID_ONCE: Final = 3  # unknown products that a note names; of more it counts the rest


@dataclass(frozen=True, slots=True)
class Line:
    """A product of the basket."""

    row: int
    quantity: int
    price: float  # of one, NaN where unknown
    in_stock: bool | None  # None where stock is not known


@dataclass(frozen=True, slots=True)
class Because:
    """Why a product is suggested: the part that says most for it, and what it rests on."""

    part: str  # one of completing.PARTS
    row: int | None = None  # the product of the basket that it goes with, or of basket and history that it follows
    category: str = ""  # of that product, where categories are meant
    visits: int = 0  # that held both
    lift: float = float("nan")  # times as often as by chance
    times: int = 0  # that this shopper took it
    every: float = float("nan")  # days between
    since: int = 0  # days since the last time
    buyers: int = 0  # who bought it at all


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A product that may complete the basket."""

    row: int
    score: float
    chance: float  # softmax of all scores: how likely it is the one that is missing, 0 to 1
    because: Because
    parts: Mapping[str, float]  # weighted; they add up to the score
    pieces: int = 1  # usually taken at once: by this shopper where they took it, else by all


@dataclass(frozen=True, slots=True, eq=False)
class Basketful:
    """A basket, and what completes it."""

    lines: tuple[Line, ...]
    suggestions: tuple[Suggestion, ...]
    amount: float  # of all lines whose price is known
    unpriced: int  # lines without a price
    pieces: int
    notes: tuple[str, ...]  # what was asked for and could not be had, in words


@dataclass(frozen=True, slots=True)
class Reached:
    """A set of suggestions that brings the basket to an amount."""

    rows: tuple[int, ...]
    costs: float
    amount: float  # of basket and set
    over: float  # beyond what was asked for
    wanted: float  # sum of the chances


class BasketDesk:
    """Answers about baskets. Holds none: the same basket always has the same answer, and any thread may ask."""

    def __init__(
        self,
        opened: Callable[[], Artifact | None],
        catalogue: Catalogue,
        index: SharedRowsIndex,
        people: People,
        portraits: Portraits,
        capabilities: Capabilities,
        turns: Turns,
    ) -> None:
        """`opened` gives what the step counted, None while that is being made."""
        self._open, self._catalogue, self._index, self._people = opened, catalogue, index, people
        self._portraits, self._has, self._turns = portraits, capabilities, turns

    @cached_property
    def missing(self) -> str:
        """Why there are no answers, in a sentence; "" where there are."""
        if not self._has.has(Capability.VISITS):
            return Capability.VISITS.missing
        artifact = self._open()
        if artifact is None:
            return "What is bought together is still being counted."
        return str(artifact.info.get(storing.OFF, ""))

    @cached_property
    def _known(self) -> tuple[Counted, dict[Case, dict[str, float]]]:
        """(what was counted, the weights of each case)."""
        artifact = self._open()
        if self.missing or artifact is None:
            remedy = PREPARE if self._has.has(Capability.VISITS) else "choose another shop"
            raise ArtifactError(f"nothing is known of baskets: {self.missing}", remedy=remedy)
        try:
            weights = {case: {name: float(artifact.info[case].get(name, 0)) for name in PARTS} for case in Case}
        except (KeyError, AttributeError, TypeError, ValueError) as error:
            raise ArtifactError("the weights of baskets cannot be read", remedy=PREPARE) from error
        return storing.load(artifact), weights

    def weights(self, person: int | None, only_new: bool = False) -> Mapping[str, float]:
        """How much each part counts for a shopper's basket, or for one of nobody known.

        Raises ArtifactError where `missing` says why there are none.
        """
        return self._known[1][_case(person, only_new)]

    @cached_property
    def _took(self) -> Any:
        """(n_shoppers, n_items) scipy CSC: how often each shopper took each product."""
        return self._portraits.table.matrix().tocsc()

    @cached_property
    def _out(self) -> Mask:
        """(n_items,) what cannot be had: of which there is none in stock."""
        if not self._has.has(Capability.STOCK):
            return np.zeros(self._catalogue.size, np.bool_)
        stock = self._catalogue.items[s.STOCK].to_numpy(np.float64, na_value=np.nan)
        return np.asarray(stock <= 0)

    @cached_property
    def _pieces(self) -> Rows:
        """(n_items,) how many of each product are usually taken at once."""
        return usual_pieces(self._portraits.table.items, self._portraits.pieces, self._catalogue.size)

    def _usually(self, person: int | None) -> Rows:
        """(n_items,) the same: by this shopper where they took it, else by all."""
        pieces, table = self._pieces.copy(), self._portraits.table
        if person is not None:
            own = slice(table.indptr[person], table.indptr[person + 1])
            items = table.items[own]
            pieces[items] = usual_pieces(items, self._portraits.pieces[own], self._catalogue.size)[items]
        return np.minimum(pieces, MOST_PIECES)

    # --- what is asked --------------------------------------------------------------------------------------

    def complete(
        self, wanted: Sequence[tuple[str, int]], shopper: str | None = None, k: int = 8, only_new: bool = False
    ) -> Basketful:
        """What completes a basket of (id, quantity), best first, one product of each kind.

        `only_new`: nothing that a known shopper took before, weighed for that; of nobody known everything is new.
        An unknown product is left out and noted; one that stands twice counts once, with its quantities added up; of
        more than MOST_PIECES pieces so many count, which is noted too.
        Raises BadRequestError for k, for an unknown shopper and for a quantity that is no whole number from 1 on;
        ArtifactError where `missing` says why.
        """
        self._check(k)
        known, person = self._known[0], self._people.row(shopper)
        case, (lines, notes) = _case(person, only_new), self._read(wanted)
        with self._turns.turn():
            rows = np.array([line.row for line in lines], np.int32)
            found, setting = self._parts(known, rows, person)
            pieces = self._usually(person)
            suggestions = tuple(
                replace(each, pieces=int(pieces[each.row])) for each in self._suggested(known, case, found, setting, k)
            )
        prices = [line.price * line.quantity for line in lines]
        amount = float(np.nansum(prices)) if prices else 0.0
        unpriced = int(np.isnan(prices).sum()) if prices else 0
        return Basketful(lines, suggestions, amount, unpriced, sum(line.quantity for line in lines), notes)

    def heeds_baskets(self, shopper: str | None, only_new: bool = False) -> bool:
        """Whether what else is in a basket counts at all here; else habits and bestsellers alone do.

        Raises BadRequestError for an unknown shopper, ArtifactError where `missing` says why.
        """
        weights = self._known[1][_case(self._people.row(shopper), only_new)]
        return any(weights[name] > 0 for name in OF_THE_BASKET)

    def usual(self, shopper: str) -> tuple[str, ...]:
        """The ids of what a shopper most likely takes next, as many as their median basket holds; maybe none.

        Raises BadRequestError for an unknown shopper.
        """
        person = self._people.row(shopper)
        if person is None:
            return ()
        rows = usual_basket(self._lines(person), self._people.today + 1)
        return tuple(str(self._catalogue.id(int(row))) for row in rows)

    def complements(self, item: str, k: int = 6) -> tuple[Complement, ...]:
        """What is bought in one visit with a product beyond chance. Raises BadRequestError for an unknown one and k."""
        self._check(k)
        known = self._known[0]
        found = complements(known.together, self._row(item), SEARCHED * k)
        first, _ = fold(self._catalogue.kinds[np.array([each.row for each in found], np.int32)], k)
        return tuple(found[at] for at in first)

    def substitutes(self, item: str, k: int = 6, below: float | None = None) -> tuple[Substitute, ...]:
        """What could stand in for a product: alike, in stock, hardly ever in one visit with it, at most `below` dear.

        Raises BadRequestError for an unknown product, for k and for an amount that cannot be meant.
        """
        self._check(k)
        known = self._known[0]
        row = self._row(item)
        titles = self._catalogue.title_codes
        out = self._out | (titles == titles[row])  # of one title nobody could tell them apart
        if below is not None:
            dear = self._amount(below)
            out |= ~(self._catalogue.prices <= dear)
        with self._turns.turn():
            cosines = self._index.scores(self._index.vectors_at(np.array([row], np.int32))[0])
            found = substitutes(known.together, self._took, row, cosines, known.groups, out, SEARCHED * k)
        first, _ = fold(titles[np.array([each.row for each in found], np.int32)], k)
        return tuple(found[at] for at in first)

    def reach(
        self, basket: Basketful, target: float, shopper: str | None = None, k: int = 3, only_new: bool = False
    ) -> tuple[Reached, ...]:
        """Small sets of completing products that bring the basket to an amount, best value first.

        Empty where it is there already, where products have no prices or no small set reaches it. Raises
        BadRequestError for k and for an amount that cannot be meant.
        """
        self._check(k)
        gap = self._amount(target) - basket.amount
        if gap <= 0 or not self._has.has(Capability.PRICES):
            return ()
        known, person = self._known[0], self._people.row(shopper)
        with self._turns.turn():
            rows = np.array([line.row for line in basket.lines], np.int32)
            found, setting = self._parts(known, rows, person)
            some, chances = self._ranked(known, _case(person, only_new), found, setting, TO_REACH)
            sets = bundles(self._catalogue.prices[some].tolist(), chances.tolist(), gap, k)
        return tuple(self._reached(basket, each, some) for each in sets)

    @staticmethod
    def _reached(basket: Basketful, bundle: Bundle, some: Rows) -> Reached:
        rows = tuple(int(some[place]) for place in bundle.places)
        return Reached(rows, bundle.costs, basket.amount + bundle.costs, bundle.over, bundle.wanted)

    # --- how it is answered ---------------------------------------------------------------------------------

    @staticmethod
    def _check(k: int) -> None:
        if isinstance(k, bool) or not isinstance(k, int) or not 1 <= k <= MOST_SUGGESTED:
            raise BadRequestError(
                f"k={k!r} products cannot be suggested", allowed=f"1 to {MOST_SUGGESTED}", remedy="ask for 8, say"
            )

    def _row(self, item: str) -> int:
        if (row := self._catalogue.row(item)) is None:
            raise BadRequestError(f"there is no product {item[:40]!r}", remedy="pick one of the basket")
        return row

    @staticmethod
    def _amount(value: float) -> float:
        if not 0 < value <= MOST_AMOUNT:  # NaN too
            raise BadRequestError(
                f"an amount of {value:,.10g} cannot be meant",
                allowed=f"above 0 and at most {MOST_AMOUNT:,.0f}",
                remedy="give what the basket shall come to",
            )
        return value

    def _read(self, wanted: Sequence[tuple[str, int]]) -> tuple[tuple[Line, ...], tuple[str, ...]]:
        pieces: dict[int, int] = {}
        unknown, twice, many, notes = list[str](), 0, set[int](), list[str]()
        for item, quantity in wanted:
            if isinstance(quantity, bool) or not isinstance(quantity, int) or quantity < 1:
                raise BadRequestError(
                    f"{quantity!r} pieces of product {item[:40]!r} cannot be bought",
                    allowed=f"a whole number from 1 to {MOST_PIECES}",
                    remedy="give 1, or leave the product out",
                )
            if (row := self._catalogue.row(item)) is None:
                unknown.append(item)
                continue
            twice += row in pieces
            pieces[row] = pieces.get(row, 0) + quantity
            if pieces[row] > MOST_PIECES:
                pieces[row] = MOST_PIECES
                many.add(row)
        if unknown:
            more = f" and {len(unknown) - SAID_ONCE:,} more" if len(unknown) > SAID_ONCE else ""
            named = ", ".join(f"“{item[:40]}”" for item in unknown[:SAID_ONCE])
            notes.append(f"Not in this shop and left out: {named}{more}.")
        if twice:
            notes.append(
                "1 entry stood twice: its pieces are added up."
                if twice == 1
                else f"{twice:,} entries stood twice: their pieces are added up."
            )
        if many:
            of = "1 product" if len(many) == 1 else f"{len(many):,} products"
            notes.append(f"Of {of} more than {MOST_PIECES} pieces are asked for: {MOST_PIECES} count.")
        if len(pieces) > MOST_PRODUCTS:
            notes.append(f"A basket holds {MOST_PRODUCTS} different products at most: the first {MOST_PRODUCTS} count.")
        return tuple(self._line(row, n) for row, n in list(pieces.items())[:MOST_PRODUCTS]), tuple(notes)

    def _line(self, row: int, quantity: int) -> Line:
        price = float(self._catalogue.prices[row])
        priced = self._has.has(Capability.PRICES) and price >= 0  # a price below 0 is an error of the source
        stocked = not bool(self._out[row]) if self._has.has(Capability.STOCK) else None
        return Line(row, quantity, price if priced else float("nan"), stocked)

    def _lines(self, person: int) -> Interactions:
        return self._portraits.table.take(np.array([person], np.int32))

    def _parts(self, known: Counted, rows: Rows, person: int | None) -> tuple[Parts, Setting]:
        lines = None if person is None else self._lines(person)
        often = None if lines is None else usual(lines, self._people.today + 1)
        setting = Setting(rows, often, lines)
        return parts(known, setting, self._index), setting

    def _ranked(
        self, known: Counted, case: Case, found: Parts, setting: Setting, k: int
    ) -> tuple[Rows, npt.NDArray[np.float64]]:
        """((m,) the k best that may be suggested, one of each kind, (m,) the chance of each)."""
        scores = total(found, self._known[1][case]).astype(np.float64)
        open_to = ~self._out & ~completing.stand_ins(known, setting, self._index)
        open_to &= ~np.isin(self._catalogue.kinds, self._catalogue.kinds[out_of(setting, case)])
        rows = np.flatnonzero(open_to).astype(np.int32)
        if not len(rows):
            return rows, np.empty(0)
        odds = np.exp(scores[rows] - scores[rows].max())
        best = np.lexsort((rows, -scores[rows]))
        first, _ = fold(self._catalogue.kinds[rows[best]], k)
        taken = best[first]
        return rows[taken], odds[taken] / odds.sum()

    def _suggested(self, known: Counted, case: Case, found: Parts, setting: Setting, k: int) -> tuple[Suggestion, ...]:
        rows, chances = self._ranked(known, case, found, setting, k)
        weights = self._known[1][case]
        level = {name: float(np.median(found[name])) for name in PARTS}
        return tuple(
            self._suggestion(known, weights, found, setting, level, int(row), float(chance))
            for row, chance in zip(rows, chances, strict=True)
        )

    def _suggestion(
        self,
        known: Counted,
        weights: Mapping[str, float],
        found: Parts,
        setting: Setting,
        level: Mapping[str, float],
        row: int,
        chance: float,
    ) -> Suggestion:
        mine = {name: float(weights[name] * found[name][row]) for name in PARTS if weights[name]}
        # popularity is what the order would be without anybody or anything known: it is the reason where no other is
        others = {name: value - weights[name] * level[name] for name, value in mine.items() if name != POPULAR}
        best = max(others, key=lambda name: others[name], default=POPULAR)
        part = best if others.get(best, 0.0) > 1e-6 else POPULAR
        if part in INDIRECT and len(setting.rows) and known.evidence[[row]][:, setting.rows].nnz:
            part = completing.TOGETHER  # visits that can be counted say more than a likeness
        because = self._because(known, setting, part, row)
        return Suggestion(row, float(sum(mine.values())), chance, because, mine)

    def _because(self, known: Counted, setting: Setting, part: str, row: int) -> Because:
        buyers = int(self._catalogue.buyers[row])
        if part in (completing.USUAL, completing.DUE) and setting.usual is not None:
            return _rhythm(setting.usual, part, row, buyers)
        if part == completing.SEQUENCE:
            return Because(part, row=completing.led_by(known, setting, row), buyers=buyers)
        if not len(setting.rows) or part in (POPULAR, completing.VISITS):
            times = 0
            if setting.usual is not None:
                times = int(setting.usual.times[setting.usual.items == row].sum())
            return Because(part, times=times, buyers=buyers)
        if part == completing.NEEDED:
            return self._needed(known, setting.rows, row, buyers)
        strength: npt.NDArray[np.floating[Any]]
        if part == completing.TOGETHER:
            strength = known.evidence[[row]][:, setting.rows].toarray()[0]
        elif part == completing.VECTORS:
            strength = known.vectors[setting.rows] @ known.vectors[row]
        else:
            own = self._index.vectors_at(np.array([row], np.int32))[0]
            strength = self._index.vectors_at(setting.rows) @ own
        with_row = int(setting.rows[int(np.argmax(strength))])
        count, _, _ = known.together.bounds(row, np.array([with_row], np.int32))
        expected = known.together.expected(np.array([row], np.int32), np.array([with_row], np.int32))
        lift = float(count[0] / expected[0]) if expected[0] > 0 else float("nan")
        return Because(part, row=with_row, visits=int(count[0]), lift=lift, buyers=buyers)

    def _needed(self, known: Counted, rows: Rows, row: int, buyers: int) -> Because:
        group = int(known.groups[row])
        with_groups = known.groups[rows]
        strength = known.group_evidence[[group]].toarray()[0][np.maximum(with_groups, 0)] * (with_groups >= 0)
        with_row = int(rows[int(np.argmax(strength))])
        other = np.array([known.groups[with_row]], np.int32)
        count, _, _ = known.needed.bounds(group, other)
        expected = known.needed.expected(np.array([group], np.int32), other)
        category = str(self._catalogue.categories[with_row])
        lift = float(count[0] / expected[0]) if expected[0] > 0 else float("nan")
        return Because(completing.NEEDED, with_row, category, int(count[0]), lift, buyers=buyers)


def _case(person: int | None, only_new: bool) -> Case:
    return Case.NOBODY if person is None else Case.NEW if only_new else Case.SOMEBODY


def _rhythm(often: Usual, part: str, row: int, buyers: int) -> Because:
    at = int(np.flatnonzero(often.items == row)[0])
    return Because(
        part, times=int(often.times[at]), every=float(often.every[at]), since=int(often.since[at]), buyers=buyers
    )
