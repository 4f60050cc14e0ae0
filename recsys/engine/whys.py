"""Why a product stands where it stands, and what would have to be otherwise: found by asking the shelf again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from recsys.engine.shelf import Shelf, Standing
from recsys.engine.turns import Turns
from recsys.explanation.interest_shares import InterestShares, interest_shares
from recsys.explanation.smallest_change import smallest
from recsys.progress import Progress, silent
from recsys.ranking.parts import DUE as DUE
from recsys.ranking.parts import SHORTLIST as SHORTLIST
from recsys.retrieval.dense import TASTE as TASTE
from recsys.retrieval.repeat import REPEAT as REPEAT
from recsys.schema import Answer, Request, Rows

MOST_PURCHASES: Final = 24  # products whose purchases are tried in search of the smallest change
ASKED_ALONE: Final = 10  # products whose purchases are left out one by one to see what each does
MOST_ASKED: Final = 40  # shelves that are made for it, at most


@dataclass(frozen=True, slots=True, eq=False)
class TasteShares:
    """The points of "fits the taste" of one product: their sum is that part of its score.

    Points are as scores are, 1 is all there is.
    """

    rows: Rows  # (u,) products that were bought, the largest share first
    points: tuple[float, ...]  # (u,) what the purchases of each add
    common: float  # what everybody buys, taken off
    least: float  # what the scale takes off: the least of the candidates has nothing
    learned: float  # what the learned order says of taste: of its kind, not of single purchases
    feedback: float  # what the share that feedback took for itself leaves away
    total: float  # the part of the score
    share: float  # what taste can give at most, the learned order aside

    @property
    def sum(self) -> float:
        """All of it together."""
        return sum(self.points) + self.common + self.least + self.learned + self.feedback


@dataclass(frozen=True, slots=True)
class WithoutWord:
    """What one word of the query does for a product: its rank and score where the word is left out."""

    word: str
    rank: int | None  # None: not among the candidates
    points: float | None


@dataclass(frozen=True, slots=True)
class WithoutPurchase:
    """What the purchases of one product do for another: its rank and score had that product never been bought."""

    row: int  # of what was bought
    rank: int | None  # None: not among the candidates
    points: float | None


@dataclass(frozen=True, slots=True)
class Otherwise:
    """A shelf and what it is under another condition."""

    before: Answer
    after: Answer


@dataclass(frozen=True, slots=True)
class Removal:
    """The smallest change that takes a product from its place; none where none of those that were tried does."""

    changes: tuple[tuple[str, str], ...]  # ("word", the word) or ("bought", the id of a product) each
    asked: int  # shelves that were made to find it
    tried: int  # words and products bought that were left out, one by one and together


@dataclass(frozen=True, slots=True)
class Bought:
    """A product that somebody bought."""

    row: int
    item_id: str
    times: int


class Whys:
    """Asks a shelf why. Holds no state of its own, so that any thread may ask; each shelf waits for its turn."""

    def __init__(self, shelf: Shelf, turns: Turns) -> None:
        self._shelf, self._turns = shelf, turns

    def bought(self, request: Request) -> tuple[Bought, ...]:
        """What the person behind a request bought, what counts most first."""
        faded = self._shelf.people.of(request).faded
        if faded is None:
            return ()
        ids = self._shelf.catalogue.ids
        rows = [int(each) for each in np.argsort(-faded.weights, kind="stable")]
        return tuple(Bought(int(faded.items[at]), str(ids[faded.items[at]]), int(faded.times[at])) for at in rows)

    def rank(self, request: Request, row: int) -> int | None:
        """The rank of a product or of the look-alike that stands for it; None where it is no candidate."""
        return self._rank_in(self._standing(request), request, row)

    def _standing(self, request: Request) -> Standing:
        with self._turns.turn():
            return self._shelf.standing(request)

    def _answer(self, request: Request) -> Answer:
        with self._turns.turn():
            return self._shelf.answer(request)

    def _rank_in(self, standing: Standing, request: Request, row: int) -> int | None:
        groups = self._shelf.catalogue.groups(request.knobs.fold)
        if row in standing.ranks:
            return standing.ranks[row]
        return next((rank for other, rank in standing.ranks.items() if groups[other] == groups[row]), None)

    def taste(self, request: Request, row: int) -> TasteShares | None:
        """How the purchases make a product fit the taste; None where taste counts nothing for it or nobody asks."""
        standing = self._standing(request)
        place = int(np.searchsorted(standing.pool.rows, row))
        if place >= len(standing.pool.rows) or standing.pool.rows[place] != row or TASTE.name not in standing.pool.base:
            return None
        shares = self._interest(standing, row)
        if shares is None:
            return None
        return self._in_points(standing, place, shares)

    def _interest(self, standing: Standing, row: int) -> InterestShares | None:
        """The cosine of a product with the interest that was there before feedback."""
        people, person = self._shelf.people, standing.asked.person
        bought = np.zeros(0, np.int32) if person.faded is None else person.faded.items
        vectors = people.index.vectors_at(bought)
        product = people.index.vectors_at(np.array([row], np.int32))[0]
        return interest_shares(person.faded, vectors, people.share, people.common, product)

    def _in_points(self, standing: Standing, place: int, shares: InterestShares) -> TasteShares:
        pool, asked = standing.pool, standing.asked
        total = float(pool.base[TASTE.name][place])
        raw = self._shelf.retrievers[TASTE.name].score(asked.before, pool.rows)
        floor = pool.floors.get(TASTE.name, 0.0)
        span = float(raw.max(initial=floor)) - floor
        # below the last one found taste counts nothing, and no purchase a share of nothing
        share = float(self._shelf.scorer.weight(pool, asked.parts[TASTE.name], asked)[place])
        unit = share / span if span > 0 else 0.0
        unit = unit if float(raw[place]) > floor else 0.0
        learned = self._learned(standing, int(pool.rows[place]))
        live = unit * (float(raw[place]) - floor)
        order = np.argsort(-shares.bought, kind="stable")
        return TasteShares(
            rows=shares.rows[order],
            points=tuple(float(each) for each in unit * shares.bought[order]),
            common=unit * shares.common,
            least=-unit * floor,
            learned=learned,
            feedback=total - live - learned if asked.person.feedback else 0.0,
            total=total,
            share=share,
        )

    @staticmethod
    def _learned(standing: Standing, row: int) -> float:
        """What the learned order adds to the taste of a product."""
        shortlist, weight = standing.asked.person.shortlist, standing.asked.weights.learned
        if shortlist is None or weight <= 0 or TASTE.name not in shortlist.parts:
            return 0.0
        here = np.flatnonzero(shortlist.rows == row)
        return float(weight * shortlist.parts[TASTE.name][here[0]]) if len(here) else 0.0

    def words(self, request: Request, row: int) -> tuple[WithoutWord, ...]:
        """What each word of the query does: the shelf asked again without it."""
        words = request.query.split()
        found = []
        for place, word in enumerate(words):
            other = replace(request, query=" ".join(words[:place] + words[place + 1 :]))
            standing = self._standing(other)
            found.append(WithoutWord(word, self._rank_in(standing, other, row), self._points(standing, row)))
        return tuple(found)

    def purchases(self, request: Request, row: int) -> tuple[WithoutPurchase, ...]:
        """What each purchase that may speak for a product does: the shelf asked again without it.

        What brings it down most comes first; at most ASKED_ALONE products bought are left out.
        """
        standing = self._standing(request)
        found = []
        for bought in self._speaking(standing, row)[:ASKED_ALONE]:
            other = replace(request, without=(str(self._shelf.catalogue.ids[bought]),))
            without = self._standing(other)
            found.append(WithoutPurchase(bought, self._rank_in(without, other, row), self._points(without, row)))
        far = self._shelf.catalogue.size + 1  # below all that is found
        return tuple(sorted(found, key=lambda each: (-(each.rank or far), each.points or 0.0)))

    @staticmethod
    def _points(standing: Standing, row: int) -> float | None:
        """The score of a product, 1 is all there is; None where it is no candidate."""
        at = np.flatnonzero(standing.pool.rows == row)
        return float(standing.pool.total[at[0]]) if len(at) else None

    def otherwise(self, request: Request, without: Sequence[str] = (), query: str | None = None) -> Otherwise:
        """The shelf as it is, and without some purchases or with other words.

        The learned order is made again without those purchases; what was learned from everybody stays.
        """
        after = replace(request, without=tuple(without), query=request.query if query is None else query)
        return Otherwise(self._answer(request), self._answer(after))

    def smallest(self, request: Request, row: int, rival: int | None = None, progress: Progress = silent) -> Removal:
        """The smallest change that takes a product off the shelf, or with `rival` puts that product above it.

        Words are tried before purchases, each alone and then together.
        """
        words = request.query.split()
        candidates = [("word", f"{place}") for place in range(len(words))] if len(words) > 1 else []
        speaking = self._speaking(self._standing(request), row)
        candidates += [("bought", str(self._shelf.catalogue.ids[each])) for each in speaking]
        asked = 0

        def left(changes: frozenset[tuple[str, str]]) -> float:
            nonlocal asked
            asked += 1
            progress(min(asked, MOST_ASKED), MOST_ASKED, "shelves asked")
            changed = self._changed(request, words, changes)
            if words and not changed.query:
                return float("inf")  # to ask nothing at all is another question, and no small change
            return self._lead(changed, row, rival)

        found = smallest(candidates, left, MOST_ASKED)
        told = tuple((kind, words[int(what)] if kind == "word" else what) for kind, what in found.changes)
        return Removal(told, found.asked, len(candidates))

    def _lead(self, request: Request, row: int, rival: int | None) -> float:
        """How far a product is from losing its place: places above the end of the shelf, or above the rival."""
        place, other = self._places(request, row, row if rival is None else rival)
        if rival is None:
            return request.k + 1 - place
        return 1.0 if place == other else other - place  # where both are gone, neither took the other's place

    def _places(self, request: Request, *rows: int) -> list[float]:
        """The places of products on the shelf or below it, 1 for the first; infinite where one is not found."""
        if request.sort or request.reranking.on:  # there the shelf is not the first by score
            groups = self._shelf.catalogue.groups(request.knobs.fold)
            at = {int(groups[item.row]): float(item.rank) for item in self._answer(request).items}
            return [at.get(int(groups[row]), float("inf")) for row in rows]
        standing = self._standing(request)
        ranks = [self._rank_in(standing, request, row) for row in rows]
        return [float("inf") if rank is None else float(rank) for rank in ranks]

    @staticmethod
    def _changed(request: Request, words: list[str], changes: frozenset[tuple[str, str]]) -> Request:
        left_out = {int(what) for kind, what in changes if kind == "word"}
        without = tuple(sorted(what for kind, what in changes if kind == "bought"))
        query = " ".join(word for place, word in enumerate(words) if place not in left_out)
        return replace(request, query=query, without=without)

    def _speaking(self, standing: Standing, row: int) -> list[int]:
        """Products bought that may speak for a product, the likeliest first, at most MOST_PURCHASES.

        Itself, where it was bought; others of its kind; what is nearest to it in taste; then what counts most.
        """
        person = standing.asked.person
        if person.faded is None:
            return []
        weights = dict(zip(person.faded.items.tolist(), person.faded.weights.tolist(), strict=True))
        shares = self._interest(standing, row)
        near = {} if shares is None else dict(zip(shares.rows.tolist(), shares.bought.tolist(), strict=True))
        kinds = self._shelf.catalogue.kinds

        def speaks(each: int) -> tuple[bool, bool, float, float]:
            return each == row, bool(kinds[each] == kinds[row]), near.get(each, 0.0), weights[each]

        return sorted(weights, key=speaks, reverse=True)[:MOST_PURCHASES]
