"""Ranked rows become products a person can read: facts, reasons, and what feedback changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from recsys.engine.catalogue import Catalogue
from recsys.engine.marking import marks
from recsys.engine.one_space import OneSpace
from recsys.engine.people import Person
from recsys.explanation.reasons import reason, spoken
from recsys.index.shared_rows import SharedRowsIndex
from recsys.interest.interest_vector import FEEDBACK_STRENGTH, angle_degrees
from recsys.query.tokens import Tokenizer
from recsys.ranking.parts import PartRegistry
from recsys.ranking.weighted_parts import Parts
from recsys.retrieval.contract import Signals
from recsys.retrieval.part import Grounds, Voice
from recsys.schema import Floats, Movement, RankedItem, Request, Rows

NEAR_ENOUGH: Final = 0.5  # cosine from which a person would agree that one product is like the other
ANCHORS: Final = 60  # purchases a reason may point to: the strongest of a shopper's, enough to find a near one


class Presenter:
    """Builds the visible side of an answer."""

    def __init__(
        self,
        catalogue: Catalogue,
        index: SharedRowsIndex,
        tokenizer: Tokenizer,
        parts: PartRegistry,
        voice: Voice,
        n_shoppers: int,
        today: int,
        space: OneSpace | None = None,
    ) -> None:
        self.catalogue, self.index, self.tokenizer = catalogue, index, tokenizer
        self.parts, self.voice = parts, voice
        self.n_shoppers, self.today, self.space = n_shoppers, today, space

    def grounds(self, facts: Mapping[str, float], names: Mapping[str, str] | None = None) -> Grounds:
        """What is behind a product's score, in this shop's words."""
        return Grounds(facts, names or {}, self.voice)

    def items(
        self,
        request: Request,
        rows: Rows,
        scored: Parts,
        folded: Rows,
        was: Mapping[int, int],
        signals: Signals,
        person: Person,
        known: list[str],
        raw: Mapping[str, Floats],
        taught: Sequence[str],
    ) -> tuple[RankedItem, ...]:
        """The products of the shelf, in order.

        `rows` (k,) are rows, best first; `scored` part -> (k,); `folded` (k,) look-alikes under each; `was` the
        rank of each group's first without feedback; `raw` fact -> (k,) the raw scores that are shown; `taught` (k,) why
        what was learned from presses speaks for each, "" where it does not.
        """
        columns = self._facts(rows, signals, person)
        columns |= {name: np.asarray(np.round(values, 4), np.float64) for name, values in raw.items()}
        like = self._nearest_names(rows, self._anchors(person))
        wanted = [r for r, kind in person.feedback if FEEDBACK_STRENGTH[kind] > 0 and kind != "click"]
        picked = self._nearest_names(rows, wanted)
        own = np.isin(self.catalogue.kinds[rows], self.catalogue.kinds[wanted])
        groups = self.catalogue.groups(request.knobs.fold)
        rank_before = {int(groups[row]): rank for row, rank in was.items()}
        asked = frozenset(self.tokenizer.stems(known))
        out = []
        for i, row in enumerate(rows.tolist()):
            mine = {name: float(values[i]) for name, values in scored.items()}
            facts = {name: float(values[i]) for name, values in columns.items() if not np.isnan(values[i])}
            names = self._matched(row, known) | {"like": like[i], "feedback": picked[i]}
            names |= {"own": "own" if own[i] else "", "taught": taught[i]}
            price = float(self.catalogue.prices[row])
            out.append(
                RankedItem(
                    row=row,
                    item_id=self.catalogue.id(row),
                    title=str(self.catalogue.titles[row]),
                    icon=str(self.catalogue.icons[row]),
                    department=str(self.catalogue.departments[row]),
                    category=str(self.catalogue.categories[row]),
                    price=round(price, 2) if price == price else None,
                    rank=i + 1,
                    score=sum(mine.values()),
                    parts=mine,
                    facts=facts,
                    reason=reason(mine, (grounds := self.grounds(facts, names)), self.parts),
                    spoken=spoken(mine, grounds, self.parts),
                    similarity=facts.get("cosine_query", facts.get("cosine_taste")),
                    folded=int(folded[i]),
                    was_rank=rank_before.get(int(groups[row])),
                    taught=taught[i],
                    marks=marks(str(self.catalogue.titles[row]), asked, self.tokenizer),
                )
            )
        return tuple(out)

    def movement(self, request: Request, rows: Rows, was: Mapping[int, int], person: Person) -> Movement:
        """How feedback moved the interest vector and the shelf, of which `rows` (k,) are the products by score."""
        kinds = [kind for _, kind in person.feedback]
        count = {kind: kinds.count(kind) for kind in FEEDBACK_STRENGTH}
        degrees = 0.0
        if person.before is not None and person.interest is not None:
            degrees = angle_degrees(person.before, person.interest)
        groups = self.catalogue.groups(request.knobs.fold)
        now = {int(groups[row]) for row in rows}
        shelf_before = [row for row, rank in was.items() if rank <= request.k]
        before = {int(groups[row]) for row in shelf_before}
        return Movement(
            degrees=degrees,
            likes=count["like"],
            baskets=count["basket"],
            dislikes=count["dislike"],
            clicks=count["click"],
            summary=self._summary(person, count, degrees),
            entered=tuple(str(self.catalogue.titles[row]) for row in rows if int(groups[row]) not in before),
            left=tuple(str(self.catalogue.titles[row]) for row in shelf_before if int(groups[row]) not in now),
        )

    def _summary(self, person: Person, count: Mapping[str, int], degrees: float) -> str:
        said = {
            "like": "liked {}",
            "basket": "put {} in the basket",
            "click": "looked at {}",
            "dislike": "turned down {}",
        }
        counted = [said[kind].format(n) for kind, n in count.items() if n]
        first = next(n for n in count.values() if n)
        counted[0] = counted[0].replace(str(first), f"{first} product{'s' if first > 1 else ''}", 1)
        did = " and ".join(filter(None, [", ".join(counted[:-1]), counted[-1]]))
        towards = self._names_of(person, positive=True)
        away = self._names_of(person, positive=False)
        turned = f"The interest vector turned {degrees:.0f}\u00b0"
        turn = turned if person.before is not None else "The interest vector now points"
        way = (f" towards {towards}" if towards else "") + (f" and away from {away}" if towards and away else "")
        way = way or (f" away from {away}" if away else "")
        if person.before is None and person.interest is None:
            return f"You {did}: what you turned down is off the shelf."
        return f"{turn}{way}, because you {did}."

    def _names_of(self, person: Person, *, positive: bool) -> str:
        rows = [r for r, kind in person.feedback if (FEEDBACK_STRENGTH[kind] > 0) == positive and kind != "click"]
        names = list(dict.fromkeys(str(self.catalogue.names[r]) for r in reversed(rows)))
        return ", ".join(f"\u201c{name}\u201d" for name in names[:2]) + (
            f" and {len(names) - 2} more" if len(names) > 2 else ""
        )

    # --- facts ----------------------------------------------------------------------------------------------

    def _facts(self, rows: Rows, signals: Signals, person: Person) -> Parts:
        """The figures behind the parts, name -> (k,), NaN where a figure does not exist."""
        vectors = self.index.vectors_at(rows).astype(np.float64)  # (k, d)
        facts: Parts = {
            "buyers": self.catalogue.buyers[rows].astype(np.float64),
            "shoppers": np.full(len(rows), float(self.n_shoppers)),
        }
        if signals.query_vector is not None:
            facts["cosine_query"] = np.round(vectors @ signals.query_vector, 4)
        if signals.interest is not None:
            facts["cosine_taste"] = np.round(vectors @ signals.interest, 4)
        if person.before is not None and signals.interest is not person.before:
            facts["cosine_taste_before"] = np.round(vectors @ person.before, 4)
        if person.faded is not None and len(person.faded):
            position = np.minimum(np.searchsorted(person.faded.items, rows), len(person.faded) - 1)
            bought = person.faded.items[position] == rows
            facts["times"] = np.where(bought, person.faded.times[position], 0).astype(np.float64)
            days = self.today - person.faded.last_day[position].astype(np.float64)
            facts["days_ago"] = np.where(bought, days, np.nan)
            alike = self.catalogue.kinds[rows][:, None] == self.catalogue.kinds[person.faded.items]  # (k, u)
            facts["kind_times"] = alike @ person.faded.times.astype(np.float64) - facts["times"]
        return facts if self.space is None else facts | self.space.nearness(rows, signals, person.row)

    def _anchors(self, person: Person) -> list[int]:
        if person.faded is None or len(person.faded) == 0:
            return []
        weight = person.faded.weights / (1.0 + self.catalogue.share[person.faded.items] * 1e3)
        return [int(r) for r in person.faded.items[np.argsort(-weight, kind="stable")[:ANCHORS]]]

    def _nearest_names(self, rows: Rows, anchors: list[int]) -> list[str]:
        """For each row the name of the anchor nearest in meaning, "" without anchors. Its own name is no reason."""
        if not anchors or len(rows) == 0:
            return [""] * len(rows)
        there = self.index.vectors_at(np.asarray(anchors, np.int32))
        near = self.index.vectors_at(rows) @ there.T  # (k, d) @ (d, a) -> (k, a)
        best = np.argmax(near, axis=1)
        return [str(self.catalogue.names[anchors[j]]) if near[i, j] >= NEAR_ENOUGH else "" for i, j in enumerate(best)]

    def _matched(self, row: int, known: list[str]) -> dict[str, str]:
        """The words of the query that stand in the product's title, quoted; else the category that has some of them."""
        said = dict(zip(known, self.tokenizer.stems(known), strict=True))
        title = set(self.tokenizer.tokens(str(self.catalogue.titles[row])))
        category = str(self.catalogue.categories[row])
        shelved = not title.isdisjoint(said.values()) or set(self.tokenizer.tokens(category)).isdisjoint(said.values())
        matched = ", ".join(f"\u201c{word}\u201d" for word, stem in said.items() if stem in title)
        return {"matched": matched, "shelf": "" if shelved else category}
