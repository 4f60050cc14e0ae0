"""The shelf of one request as a few rules, by what is plainly known of its products."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from recsys import schema as s
from recsys.engine.catalogue import Catalogue, coded
from recsys.engine.people import Person
from recsys.engine.shelf import Shelf
from recsys.engine.turns import Turns
from recsys.explanation.rules import FOLDS as FOLDS
from recsys.explanation.rules import Condition, Doubles, Feature, Rule, Rules, rules
from recsys.index.shared_rows import SharedRowsIndex
from recsys.schema import Request, Rows
from recsys.schema.capabilities import Capabilities, Capability
from recsys.shops.contract import Shop

DEPARTMENTS: Final = 5  # that a rule may name, those of most candidates


@dataclass(frozen=True, slots=True, eq=False)
class Ruled:
    """The rules of a shelf, and what they are made of."""

    rows: Rows  # (m,) the candidates
    features: tuple[Feature, ...]
    rules: Rules

    def of(self, row: int) -> int | None:
        """The place of the rule that a product follows; None where it is no candidate."""
        here = np.flatnonzero(self.rows == row)
        return int(self.rules.of[here[0]]) if len(here) else None


class Ruling:
    """The door to rules. Holds no state of its own; each shelf waits for its turn."""

    def __init__(
        self,
        shelf: Shelf,
        turns: Turns,
        catalogue: Catalogue,
        index: SharedRowsIndex,
        has: Capabilities,
        shop: Shop,
    ) -> None:
        self._shelf, self._turns, self._catalogue, self._index = shelf, turns, catalogue, index
        self._has, self._shop = has, shop

    def of(self, request: Request) -> Ruled | None:
        """Rules for the scores of all candidates of a request; None where there are too few, or all score the same."""
        with self._turns.turn():
            standing = self._shelf.standing(request)
            answer = self._shelf.answer(request)
        pool, person = standing.pool, standing.asked.person
        features = self._features(pool.rows, person)
        if "query" in answer.vectors:
            features += self._of_query(pool.rows, answer.vectors["query"], request.query)
        telling = tuple(each for each in features if len(np.unique(each.values)) > 1)
        found = rules(telling, np.asarray(pool.total, np.float64))
        return None if found is None else Ruled(pool.rows, telling, found)

    def _features(self, rows: Rows, person: Person) -> list[Feature]:
        """What is plainly known of products, and of this person with them."""
        buyers = self._catalogue.buyers[rows].astype(np.float64)
        bought = "bought" if self._has.has(Capability.PURCHASES) else "chose"
        found = [Feature(f"{self._shop.people.many} who {bought} it", "count", buyers)]
        if self._has.has(Capability.PRICES):
            found.append(Feature("price", "money", self._catalogue.prices[rows]))
        if person.faded is not None and len(person.faded):
            times = np.zeros(self._catalogue.size)
            times[person.faded.items] = person.faded.times
            found.append(Feature(f"times that this {self._shop.people.one} {bought} it", "count", times[rows]))
            for column, needed in ((s.CATEGORY, Capability.CATEGORIES), (s.BRAND, Capability.BRANDS)):
                if self._has.has(needed) and column in self._catalogue.items:
                    name = f"share of its {column} in all that this {self._shop.people.one} {bought}"
                    found.append(Feature(name, "share", self._share(times, column)[rows]))
        if person.interest is not None:
            found.append(Feature("nearness to the taste", "nearness", self._near(rows, person.interest)))
        if self._has.has(Capability.DEPARTMENTS):
            codes, names = self._catalogue.department_codes
            for code in np.argsort(-np.bincount(codes[rows], minlength=len(names)), kind="stable")[:DEPARTMENTS]:
                found.append(Feature(f"in {names[code]}", "flag", (codes[rows] == code).astype(np.float64)))
        return found

    def _of_query(self, rows: Rows, vector: s.Floats, query: str) -> list[Feature]:
        words = set(query.casefold().split())
        texts = self._catalogue.items[s.TEXT].astype(str).to_numpy()[rows]
        held = np.array([sum(word in text.casefold() for word in words) / max(len(words), 1) for text in texts])
        return [
            Feature("nearness to the query in meaning", "nearness", self._near(rows, vector)),
            Feature("share of the query's words in its text", "share", held),
        ]

    def _near(self, rows: Rows, vector: s.Floats) -> Doubles:
        return np.asarray(self._index.scores(vector)[rows], np.float64)

    def _share(self, times: Doubles, column: str) -> Doubles:
        """(n_items,) the share of purchases that were of each product's own category, or brand."""
        codes, names = coded(self._catalogue.items[column])
        known = codes >= 0
        bought = np.bincount(codes[known], weights=times[known], minlength=len(names))
        share = np.zeros(len(codes))
        share[known] = bought[codes[known]] / max(float(times.sum()), 1.0)
        return share

    def said(self, ruled: Ruled, rule: Rule) -> str:
        """What holds for the products of a rule, in words: "price up to 3.49, in Shoes"."""
        said = [self._condition(ruled.features[each.feature], each) for each in rule.conditions]
        return ", ".join(said) or "all of them"

    def _condition(self, feature: Feature, condition: Condition) -> str:
        low, high = condition.low, condition.high
        if feature.kind == "flag":
            return feature.name if low is not None else f"not {feature.name}"
        if feature.kind == "count":
            least = 0 if low is None else int(np.floor(low)) + 1
            if high is None:
                return f"{feature.name}: {self._shop.number(least)} or more"
            most = int(np.floor(high))
            if low is None and most:
                return f"{feature.name}: {self._shop.number(most)} or fewer"
            if most == least:
                return f"{feature.name}: {self._shop.number(least)}" if most else f"{feature.name}: none"
            return f"{feature.name}: {self._shop.number(least)} to {self._shop.number(most)}"
        above = "" if low is None else f" above {self._value(feature, low)}"
        return feature.name + above + ("" if high is None else f" up to {self._value(feature, high)}")

    def _value(self, feature: Feature, value: float) -> str:
        if feature.kind == "money":
            return self._shop.money.said(value)
        return f"{100 * value:.3g} %" if feature.kind == "share" else f"{value:.2f}"
