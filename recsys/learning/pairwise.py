"""A taste that moves with each thing a person does, by Adagrad steps on a pairwise loss.

For a product i that was acted on and the products j that the person passed by, the loss is

    L = -s * log sigmoid(u . (v_i - mean v_j) + b_i - mean b_j)

(Bayesian personalised ranking: Rendle et al., UAI 2009; s is the strength of the act, below 0 for a dislike, whose
difference is turned around), and each step is Adagrad's (Duchi, Hazan & Singer, JMLR 2011): step * g / sqrt(sum g^2),
for each direction its own. The person's vector u moves, and so does b, what the product itself is to this person beside
all that is like it. Where `Pace.items` is above 0 the products move too, for this person alone: v_i is then where the
product came from and d_i, which is added to it and moves down the same loss. Each product has one sum of squares
(row-wise Adagrad: Naumov et al., "Deep Learning Recommendation Model", 2019), `Pace.kept` draws it back to where it
came from, and it never goes further than MOST_AWAY. What others see of a product never moves: there is nothing of one
person in another's answers.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from recsys.errors import BadRequestError
from recsys.learning.learners import Page
from recsys.schema import Floats, Rows

MOST_ITEMS: Final = 500  # products whose own place is remembered of one person; the one touched longest ago goes
MOST_PEOPLE: Final = 10_000  # tastes held at once; the one touched longest ago goes
FIRST: Final = 1e-3  # of the sum of squares, so that the first step is no jump
OWN: Final = 0.25  # how much of a step goes to the product itself: one act says more of its kind than of itself
MOST_MOVED: Final = 100  # products of which it is remembered where they moved to; the one touched longest ago goes
MOST_AWAY: Final = 1.0  # how far a product may go from where it came from, as long as its vector is


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast is learned, and how fast forgotten."""

    step: float = 0.1  # Adagrad's step size, above 0
    kept: float = 1.0  # of what was learned, from one act to the next: 1 forgets nothing
    items: float = 0.0  # step size of the products' own vectors; 0: they stay

    def __post_init__(self) -> None:
        if not 0.0 < self.step <= 10.0:
            raise BadRequestError(f"a step of {self.step} is not usable", allowed="above 0, up to 10")
        if not 0.0 < self.kept <= 1.0:
            raise BadRequestError(f"{self.kept} cannot be kept of what is learned", allowed="above 0, up to 1")
        if not 0.0 <= self.items <= 10.0:
            raise BadRequestError(f"products cannot move by steps of {self.items}", allowed="0 to 10")


@dataclass(frozen=True, slots=True, eq=False)
class Shifted:
    """Products that moved for one person, and how far; never changed. The one touched longest ago first."""

    rows: Rows  # (m,) each once
    by: Floats  # (m, d) what is added to their vectors
    squares: Floats  # (m,) sums of squared gradients, a number each

    @classmethod
    def none(cls, dims: int) -> Shifted:
        """No product moved."""
        return cls(np.empty(0, np.int32), np.empty((0, dims), np.float32), np.empty(0, np.float32))

    def __len__(self) -> int:
        return len(self.rows)

    def at(self, rows: Rows) -> Floats:
        """How far each of these products moved, (k, d); 0 for one that did not."""
        found = np.zeros((len(rows), self.by.shape[1]), np.float32)
        if len(self.rows):
            same = rows[:, None] == self.rows
            found[same.any(axis=1)] = self.by[same.argmax(axis=1)[same.any(axis=1)]]
        return found

    def stepped(self, rows: Rows, gradient: Floats, pace: Pace) -> Shifted:
        """The same after a step: `rows` (k,), each once, go along `gradient` (k, d), all others a little back."""
        stay = ~np.isin(self.rows, rows)
        same = rows[:, None] == self.rows
        squares = np.where(same.any(axis=1), same @ self.squares, FIRST) + np.square(gradient).mean(axis=1)
        by = pace.kept * self.at(rows) + pace.items * gradient / np.sqrt(squares)[:, None]
        length = np.linalg.norm(by, axis=1, keepdims=True)
        by = by / np.maximum(length / MOST_AWAY, 1.0)
        return Shifted(
            np.concatenate([self.rows[stay], rows])[-MOST_MOVED:],
            np.concatenate([pace.kept * self.by[stay], by]).astype(np.float32)[-MOST_MOVED:],
            np.concatenate([self.squares[stay], squares]).astype(np.float32)[-MOST_MOVED:],
        )


@dataclass(frozen=True, slots=True, eq=False)
class Taste:
    """What is learned of one person; never changed, each step makes a new one."""

    vector: Floats  # (d,) u
    squares: Floats  # (d,) sums of squared gradients
    own: Mapping[int, float] = field(default_factory=dict)  # row -> b, the one touched longest ago first
    acts: int = 0  # that it was learned from
    shifted: Shifted | None = None  # products that moved; None as long as none did

    @classmethod
    def begun(cls, dims: int) -> Taste:
        """Of somebody of whom nothing is known."""
        return cls(np.zeros(dims, np.float32), np.full(dims, FIRST, np.float32))

    def at(self, rows: Rows, vectors: Floats) -> Floats:
        """Where these products lie for this person, (k, d)."""
        return vectors[rows] if self.shifted is None else vectors[rows] + self.shifted.at(rows)


def moved(taste: Taste, item: int, passed: Rows, strength: float, vectors: Floats, pace: Pace) -> Taste:
    """The taste after one product was acted on where others were passed by.

    `vectors` (n_items, d) are those of all products, `passed` (m,) rows of those left alone, none where nothing is
    known of them: then all products stand for them, whose mean is 0. Raises BadRequestError where a step gives no
    number; the taste that was given is as it was.
    """
    sign = 1.0 if strength >= 0 else -1.0
    touched = np.concatenate([np.array([item], np.int32), passed[passed != item]])
    places = taste.at(touched, vectors)
    others = places[1:].mean(axis=0) if len(touched) > 1 else np.float32(0.0)
    apart = sign * (places[0] - others)
    own = taste.own.get(item, 0.0) - float(np.mean([taste.own.get(int(row), 0.0) for row in touched[1:]] or [0.0]))
    margin = float(taste.vector @ apart) + sign * own
    damping = 1.0 + np.exp(np.clip(margin, -50.0, 50.0))  # 1 / sigmoid(-margin)
    gradient = abs(strength) * apart / damping
    squares = taste.squares + gradient * gradient
    vector = pace.kept * taste.vector + pace.step * gradient / np.sqrt(squares)
    place = taste.own.get(item, 0.0) * pace.kept + OWN * pace.step * strength / damping
    shifted = _shifted(taste, touched, strength / damping, pace)
    went = () if shifted is None else (shifted.by, shifted.squares)
    if not all(np.isfinite(each).all() for each in (vector, squares, place, *went)):
        raise BadRequestError("a step gave no number; what was learned before it is kept", remedy="take a smaller step")
    kept = {row: pace.kept * value for row, value in taste.own.items() if row != item} | {item: place}
    for row in list(kept)[: max(len(kept) - MOST_ITEMS, 0)]:
        del kept[row]
    return replace(
        taste,
        vector=vector.astype(np.float32),
        squares=squares.astype(np.float32),
        own=kept,
        acts=taste.acts + 1,
        shifted=shifted,
    )


def _shifted(taste: Taste, touched: Rows, pull: float, pace: Pace) -> Shifted | None:
    """The products that moved after a step: the first of `touched` towards the taste, those passed by away from it.

    `pull` is the strength of the act times sigmoid(-margin), below 0 for a dislike. Raises nothing: what gives no
    number is found by who asks.
    """
    if not pace.items:
        return taste.shifted
    before = taste.shifted or Shifted.none(len(taste.vector))
    rows, first = np.unique(touched, return_index=True)
    rows = touched[np.sort(first)]  # each once; what was acted on is touched last, and so goes last
    share = np.full(len(rows), -1.0 / max(len(rows) - 1, 1), np.float32)
    share[0] = 1.0
    gradient = (pull * share)[:, None] * taste.vector
    return before.stepped(rows[::-1].astype(np.int32), gradient[::-1].astype(np.float32), pace)


def fits(taste: Taste, vectors: Floats) -> Floats:
    """How well each product fits what was learned, u . (v_i + d_i) + b_i, (n_items,)."""
    found = np.asarray(vectors @ taste.vector, np.float32)
    if taste.shifted is not None:
        found[taste.shifted.rows] += taste.shifted.by @ taste.vector
    rows = np.fromiter(taste.own.keys(), np.int64, len(taste.own))
    found[rows] += np.fromiter(taste.own.values(), np.float32, len(taste.own))
    return found


class Pairwise:
    """Learns each person's taste step by step; beside it stands what everybody likes."""

    name, label = "pairwise", "Taste by pairwise steps (Adagrad)"

    def __init__(self, vectors: Floats, popular: Floats, weight: float, pace: Pace | None = None) -> None:
        """`vectors` (n_items, d) centred, of length 1; `weight` of the taste beside `popular` (n_items,)."""
        self._vectors, self._popular, self._weight = vectors, popular, weight
        self._pace = pace or Pace()
        self._tastes: OrderedDict[int, Taste] = OrderedDict()

    def taste(self, who: int) -> Taste:
        """What is learned of a person by now."""
        return self._tastes.get(who) or Taste.begun(self._vectors.shape[1])

    def scores(self, who: int) -> Floats:
        """What everybody likes, and beside it how well each product fits what was learned."""
        if who not in self._tastes:
            return self._popular
        return np.asarray(self._popular + self._weight * fits(self._tastes[who], self._vectors), np.float32)

    def learn(self, who: int, page: Page) -> None:
        """A step for each product that was acted on, in the order in which they stood."""
        taste, passed = self.taste(who), page.passed
        for item, strength in zip(page.items.tolist(), page.strengths.tolist(), strict=True):
            if strength:
                taste = moved(taste, item, passed, strength, self._vectors, self._pace)
        if page.interactions:
            self._tastes[who] = taste
            self._tastes.move_to_end(who)
            while len(self._tastes) > MOST_PEOPLE:
                self._tastes.popitem(last=False)


class Moving(Pairwise):
    """The same where the products move too, each person's own: `Pace.items` is above 0."""

    name, label = "moving", "Taste with products that move"
