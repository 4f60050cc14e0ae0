"""A slate that is filled place by place: the one loop under every re-ranker, and how rules are kept in it."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.reranking.contract import Doubles, Ordered, Pool
from recsys.reranking.rules import Cap, Floor
from recsys.schema import Mask, Rows

NEVER: Final = -np.inf


class Filling:
    """The slate so far, and who may take the next place.

    Rules come in the order in which they were set: where not all can be kept, the earlier one is. A floor takes places
    only once there are no more left than it needs, so that its products stand where their relevance puts them as long
    as that will do; room that a cap leaves is not given away while a floor needs it.
    """

    def __init__(self, pool: Pool, k: int) -> None:
        self._pool, self._places = pool, min(k, len(pool))
        self._open = np.ones(len(pool), np.bool_)
        self._taken: list[int] = []
        self._caps = {at: _Room(rule, len(pool)) for at, rule in enumerate(pool.rules) if isinstance(rule, Cap)}
        self._floors = {at: rule.members for at, rule in enumerate(pool.rules) if isinstance(rule, Floor)}
        self._needs = {at: rule.least for at, rule in enumerate(pool.rules) if isinstance(rule, Floor)}

    @property
    def places_left(self) -> int:
        """How many places of the slate are still empty."""
        return self._places - len(self._taken)

    def take_best(self, gains: Doubles) -> int:
        """Give the next place to the candidate with the largest gain (n,), ties by position; returns its position."""
        place = int(np.argmax(np.where(self._allowed(), gains, NEVER)))
        self._open[place] = False
        self._taken.append(place)
        for room in self._caps.values():
            room.less(place)
        for at, members in self._floors.items():
            self._needs[at] -= bool(members[place])
        return place

    def ordered(self, given_up: tuple[str, ...] = ()) -> Ordered:
        """The slate, and all others behind it as they stood."""
        positions = np.concatenate([np.array(self._taken, np.int32), np.flatnonzero(self._open).astype(np.int32)])
        return Ordered(positions, given_up=given_up)

    def _allowed(self) -> Mask:
        """Who may come next, (n,): never nobody, for a rule that leaves nobody gives way."""
        mask, tight = self._open, False
        for at in range(len(self._pool.rules)):
            if at in self._caps:
                mask = _where_any(mask, self._caps[at].left)
            elif not tight and self._needs[at] > 0:
                mask, tight = self._for_floors(mask)
        return mask

    def _for_floors(self, mask: Mask) -> tuple[Mask, bool]:
        """(who is left once floors have what they need, whether there is place for them alone)."""
        needed, members = 0, np.zeros(len(mask), np.bool_)
        for at, floor in self._floors.items():
            if self._needs[at] <= 0:
                continue
            can = mask & floor
            need = min(self._needs[at], int(np.count_nonzero(can)))
            if need > 0:
                needed += need
                members |= can
                for room in self._caps.values():  # what is needed under a cap is not given away
                    if room.scarce_for(can, need):
                        mask = _where_any(mask, room.beside(can))
        if needed and self.places_left <= needed:
            return _where_any(mask, members), True
        return mask, False


class _Room:
    """How many more of each label a cap lets in."""

    def __init__(self, cap: Cap, n: int) -> None:
        self._codes = cap.labels + 1  # 0 is no label, of which any number may come
        self._room = np.full(int(self._codes.max(initial=0)) + 1, cap.most, np.int64)
        self._room[0] = n
        self.left = (self._room > 0)[self._codes]  # (n,) whose label is not full yet

    def less(self, place: int) -> None:
        code = self._codes[place]
        self._room[code] -= 1
        if self._room[code] == 0:
            self.left &= self._codes != code

    def scarce_for(self, members: Mask, need: int) -> bool:
        """Whether the members (n,) have no more room left than they need."""
        return bool(np.minimum(self._waiting(members), np.maximum(self._room, 0)).sum() <= need)

    def beside(self, members: Mask) -> Mask:
        """Who takes no room that the members (n,) could fill, (n,); they themselves too."""
        waiting = self._waiting(members)
        return np.asarray(members | ~((waiting > 0) & (waiting >= self._room))[self._codes])

    def _waiting(self, members: Mask) -> npt.NDArray[np.int64]:
        return np.bincount(self._codes[members], minlength=len(self._room))


def _where_any(mask: Mask, narrower: Mask) -> Mask:
    """Both, or the first alone where nobody is in both."""
    both = mask & narrower
    return both if both.any() else mask


def in_order(pool: Pool, k: int) -> Rows:
    """The first k that the pool's rules let in, then the others: what a rule alone makes of a pool."""
    filling, gains = Filling(pool, k), -np.arange(len(pool), dtype=np.float64)
    while filling.places_left:
        filling.take_best(gains)
    return filling.ordered().positions
