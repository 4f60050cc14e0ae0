"""Pages that people were shown, what they did and what came after: what planners learn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.learning.reinforcement.seeing import Bools
from recsys.schema import Floats, Rows

LAST: Final = -1  # there is no page after this one
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Experience:
    """T pages, the pages of one person in any distance of each other."""

    features: npt.NDArray[np.float16]  # (T, n, f) half as long as they are computed: they are most of the memory
    state: Floats  # (T, s)
    free: Bools  # (T, n)
    slates: Rows  # (T, k)
    strengths: Floats  # (T, k) how much was done with each product
    chances: Floats  # (T, k) log of the chance with which a draw of who made the page gives this product
    after: Ints  # (T,) the row of the person's next page, LAST where they never came back

    def __len__(self) -> int:
        return len(self.slates)

    @property
    def rewards(self) -> Floats:
        """(T,) what the whole page brought."""
        return np.asarray(self.strengths.sum(axis=1), np.float32)

    def chosen(self) -> Ints:
        """(T,) the place of the product that the most was done with, the first of equal ones; -1 for nothing."""
        return np.where(self.strengths.max(axis=1) > 0, self.strengths.argmax(axis=1), -1).astype(np.int64)

    def returns(self, discount: float) -> Floats:
        """(T,) what each page and all after it brought: G_t = r_t + discount * G_(t+1); next pages have later rows."""
        found = self.rewards.astype(np.float64)
        for row in range(len(found) - 1, -1, -1):
            if self.after[row] != LAST:
                found[row] += discount * found[self.after[row]]
        return found.astype(np.float32)


def joined(parts: Sequence[Experience]) -> Experience:
    """All of it, one after the other."""
    firsts = np.cumsum([0, *(len(part) for part in parts[:-1])])
    columns = {each.name: np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(Experience)}
    moved = [np.where(part.after == LAST, LAST, part.after + first) for part, first in zip(parts, firsts, strict=True)]
    return Experience(**columns | {"after": np.concatenate(moved)})
