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
from recsys.ranking.parts import SHORTLIST as SHORTLIST
from recsys.retrieval.dense import TASTE as TASTE
from recsys.schema import Answer, Request, Rows

MOST_PURCHASES: Final = 12  # products whose purchases are tried in search of the smallest change
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
class Otherwise:
    """A shelf and what it is under another condition."""

    before: Answer
    after: Answer
    live: bool  # both without the learned order, which knows all purchases


@dataclass(frozen=True, slots=True)
class Removal:
    """The smallest change that takes a product off the shelf; none where none of those that were tried does."""

    changes: tuple[tuple[str, str], ...]  # ("word", the word) or ("bought", the id of a product) each
    asked: int  # shelves that were made to find it
    provable: bool  # False: without the learned order the product does not stand here, so purchases were not tried


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
            at = np.flatnonzero(standing.pool.rows == row)
            points = float(standing.pool.total[at[0]]) if len(at) else None
            found.append(WithoutWord(word, self._rank_in(standing, other, row), points))
        return tuple(found)

    def otherwise(self, request: Request, without: Sequence[str] = (), query: str | None = None) -> Otherwise:
        """The shelf as it is, and without some purchases or with other words.

        Where purchases are left out, both are made without the learned order, which was made from all of them.
        """
        live = bool(without) and self._standing(request).asked.weights.learned > 0
        before = replace(request, live=True) if live else request
        after = replace(before, without=tuple(without), query=request.query if query is None else query)
        return Otherwise(self._answer(before), self._answer(after), live)

    def smallest(self, request: Request, row: int, progress: Progress = silent) -> Removal:
        """The smallest change that takes a product off the shelf. Words are tried before purchases.

        Purchases are tried on the shelf without the learned order; a product that does not stand there is no proof of
        any of them, so that none is tried.
        """
        words = request.query.split()
        candidates = [("word", f"{place}") for place in range(len(words))] if len(words) > 1 else []
        live = replace(request, live=True)
        speaking = self._speaking(self._standing(live), row)
        provable = not speaking or self._on_shelf(live, row)
        if provable:
            candidates += [("bought", str(self._shelf.catalogue.ids[each])) for each in speaking]
        asked = 0

        def gone(changes: frozenset[tuple[str, str]]) -> bool:
            nonlocal asked
            asked += 1
            progress(min(asked, MOST_ASKED), MOST_ASKED, "shelves asked")
            changed = self._changed(request, words, changes)
            if words and not changed.query:
                return False  # to ask nothing at all is another question, and no small change
            return not self._on_shelf(changed, row)

        found = smallest(candidates, gone, MOST_ASKED)
        told = tuple((kind, words[int(what)] if kind == "word" else what) for kind, what in found.changes)
        return Removal(told, found.asked, provable)

    def _on_shelf(self, request: Request, row: int) -> bool:
        if request.sort or request.reranking.on:  # there the shelf is not the first by score
            groups = self._shelf.catalogue.groups(request.knobs.fold)
            return any(groups[item.row] == groups[row] for item in self._answer(request).items)
        rank = self.rank(request, row)
        return rank is not None and rank <= request.k

    @staticmethod
    def _changed(request: Request, words: list[str], changes: frozenset[tuple[str, str]]) -> Request:
        left_out = {int(what) for kind, what in changes if kind == "word"}
        without = tuple(sorted(what for kind, what in changes if kind == "bought"))
        query = " ".join(word for place, word in enumerate(words) if place not in left_out)
        return replace(request, query=query, without=without)

    def _speaking(self, standing: Standing, row: int) -> list[int]:
        """Products whose purchases speak for a product, itself first where it was bought, at most MOST_PURCHASES."""
        person = standing.asked.person
        if person.faded is None:
            return []
        itself = [row] if row in person.faded.items else []
        shares = self._interest(standing, row)
        if shares is None:
            return itself
        order = np.argsort(-shares.bought, kind="stable")
        speaking = [int(shares.rows[each]) for each in order if shares.bought[each] > 0 and shares.rows[each] != row]
        return (itself + speaking)[:MOST_PURCHASES]
