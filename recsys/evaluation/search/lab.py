"""Named settings of one search engine side by side on a query, and what graded lists are worth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import pandas as pd

from recsys.errors import BadRequestError
from recsys.evaluation.search.searching import RELEVANT, gains
from recsys.feedback.grades import GradeBook
from recsys.query.cleaning import read_query
from recsys.schema import Answer, Knobs, RankedItem, Request, Stage
from recsys.settings import Settings

CUTOFF: Final = 10
# Products asked for, whatever is shown. As deep as the engine finds the candidates of a shelf of ten: with k=100 it
# finds more of them, and one of ten queries has another order of its first ten than on the storefront.
DEPTH: Final = 25
METRICS: Final = ("ndcg@10", "p@10", "rr@10", "judged@10")
ASKED: Final = 3  # times each system is asked: the median leaves out the one that met a busy moment
FEWEST: Final = 2
MOST: Final = 4  # systems side by side: each column still has room for a title

Ask = Callable[[Request], Answer]
Grades = Mapping[str, Mapping[str, int]]  # query -> product id -> grade
Lists = Mapping[str, Sequence[str]]  # query -> product ids, best first


@dataclass(frozen=True, slots=True)
class System:
    """One way of setting the engine."""

    name: str
    label: str
    about: str  # in plain words
    knobs: Knobs
    personal: bool = False  # whether the shopper counts: without one it is the same as without taste


def systems(yours: Knobs | None = None) -> dict[str, System]:
    """The systems by name; `yours` are the weights of the last one, and how look-alikes are folded in all of them."""
    yours = yours or Knobs()
    usual = replace(Knobs(), fold=yours.fold)
    alone = replace(usual, shopper_weight=0.0, kind_weight=0.0, popularity=0.0)
    found = (
        System("words", "Words", "Matching words alone (BM25)", replace(alone, meaning_weight=0.0)),
        System("meaning", "Meaning", "Sentence vectors alone (cosine)", replace(alone, meaning_weight=1.0)),
        System("fusion", "Fusion", "Words and meaning mixed, nobody in particular", replace(usual, shopper_weight=0.0)),
        System("personal", "Personal", "The storefront with the shopper's taste and habits", usual, personal=True),
        System("yours", "Your weights", "Weights you set, for the shopper if one is chosen", yours, personal=True),
    )
    return {system.name: system for system in found}


@dataclass(frozen=True, slots=True)
class Scope:
    """What holds for all systems alike: who asks, which departments are searched, and how the words are taken."""

    shopper: str | None = None
    visitor: str = ""
    departments: tuple[str, ...] = ()  # none: all
    verbatim: bool = False  # slips are not put right


ANYWHERE: Final = Scope()


def request_of(system: System, query: str, k: int, scope: Scope = ANYWHERE) -> Request:
    """What the engine is asked for a system: the shopper is told to those alone for which the shopper counts."""
    shopper, visitor = (scope.shopper, scope.visitor) if system.personal else (None, "")
    return Request(
        shopper=shopper,
        query=query,
        k=k,
        knobs=system.knobs,
        visitor=visitor,
        departments=scope.departments,
        verbatim=scope.verbatim,
    )


def grade_book(settings: Settings) -> GradeBook:
    """The grades and query sets of the open data set."""
    return GradeBook(settings.feedback_database, settings.shop)


def normalised(query: str) -> str:
    """A query as grades are kept under it: as the engine reads it, in small letters; "" for nothing readable."""
    return read_query(query).text.lower().strip()


@dataclass(frozen=True, slots=True, eq=False)
class Twins:
    """Products that share a title cannot be told apart on a screen: the first of the catalogue stands for all.

    Where look-alikes are folded, each system keeps the one it likes best of them, so that by id alone two lists of the
    same titles would have nothing in common. Where they are not folded, every product is its own: `Twins()`.
    """

    first: Mapping[str, str] = field(default_factory=dict)  # product id -> the one that stands for it, if another
    count: Mapping[str, int] = field(default_factory=dict)  # product id -> how many others it stands for, if any

    @classmethod
    def of(cls, ids: Sequence[str], titles: Sequence[str]) -> Twins:
        """The twins of a catalogue, whose product in row i has the id ids[i] and the title titles[i]."""
        first: dict[str, str] = {}
        for item, title in zip(ids, titles, strict=True):
            first.setdefault(title, item)
        others = {item: first[title] for item, title in zip(ids, titles, strict=True) if first[title] != item}
        return cls(others, Counter(others.values()))

    def one(self, item_id: int | str) -> str:
        """The id that stands for a product."""
        return self.first.get(str(item_id), str(item_id))

    def alike(self, item_id: int | str) -> int:
        """How many products have this one's title, itself among them."""
        return 1 + self.count.get(self.one(item_id), 0)

    def grades(self, grades: Grades) -> dict[str, dict[str, int]]:
        """Grades by the products that stand for others; of several the one given last."""
        return {query: {self.one(item): grade for item, grade in graded.items()} for query, graded in grades.items()}


# --- one query ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Column:
    """What one system answered."""

    system: System
    items: tuple[RankedItem, ...]
    ids: tuple[str, ...]  # of the products that stand for the items, best first
    alike: tuple[int, ...]  # how many products of the catalogue each of them stands for, itself among them
    stages: tuple[Stage, ...]  # milliseconds are medians over ASKED answers
    notes: tuple[str, ...]

    @property
    def ms(self) -> float:
        """Milliseconds of the whole answer."""
        return sum(stage.ms for stage in self.stages)


def side_by_side(
    ask: Ask, query: str, chosen: Sequence[System], k: int = DEPTH, scope: Scope = ANYWHERE, twins: Twins | None = None
) -> list[Column]:
    """What each system answers to a query, in the order given.

    They take turns, so that what else the machine does meets all of them alike. Raises BadRequestError for fewer than
    FEWEST or more than MOST systems, and what the engine raises.
    """
    if not FEWEST <= len(chosen) <= MOST:
        raise BadRequestError(
            f"{len(chosen)} systems cannot stand side by side",
            allowed=f"{FEWEST} to {MOST}",
            remedy="choose another number of systems",
        )
    requests = [request_of(system, query, k, scope) for system in chosen]
    rounds = [[ask(request) for request in requests] for _ in range(ASKED)]
    return [
        _column(system, answers, twins or Twins(), k)
        for system, answers in zip(chosen, zip(*rounds, strict=True), strict=True)
    ]


def _column(system: System, answers: Sequence[Answer], twins: Twins, k: int) -> Column:
    last = answers[-1]
    items: dict[str, RankedItem] = {}
    for item in last.items:
        items.setdefault(twins.one(item.item_id), item)  # of twins the best one
    notes = tuple(note for note in last.notes if f"of the {k} products" not in note)  # nobody asked for so many
    alike = tuple(twins.alike(one) for one in items)
    return Column(system, tuple(items.values()), tuple(items), alike, _median_stages(answers), notes)


def _median_stages(answers: Sequence[Answer]) -> tuple[Stage, ...]:
    times: dict[str, list[float]] = {}
    for stage in (stage for answer in answers for stage in answer.stages):
        times.setdefault(stage.name, []).append(stage.ms)
    return tuple(replace(stage, ms=float(np.median(times[stage.name]))) for stage in answers[-1].stages)


def rank_change(left: Column, right: Column) -> dict[str, int | None]:
    """By how many places each product of the right list stands higher than in the left one; None where it is new."""
    places = {item: place for place, item in enumerate(left.ids)}
    return {item: places[item] - place if item in places else None for place, item in enumerate(right.ids)}


def ranks(columns: Sequence[Column]) -> pd.DataFrame:
    """A row per product of any list: item_id, title, icon, and its rank under each system's name, NaN where it is not.

    In the order of the best rank a product has anywhere.
    """
    shown = {one: item for column in columns for one, item in zip(column.ids, column.items, strict=True)}
    table = pd.DataFrame(
        {
            "item_id": list(shown),
            "title": [item.title for item in shown.values()],
            "icon": [item.icon for item in shown.values()],
        }
    )
    for column in columns:
        places = {item: float(place) for place, item in enumerate(column.ids, start=1)}
        table[column.system.name] = table["item_id"].map(places).astype("float64")
    names = [column.system.name for column in columns]
    order = table[names].min(axis=1).to_numpy()
    mean = table[names].mean(axis=1).to_numpy()
    return table.iloc[np.lexsort((mean, order))].reset_index(drop=True)


def scores(columns: Sequence[Column], grades: Mapping[str, int]) -> pd.DataFrame:
    """`ranks` with each product's grade, its score under `<system> score`, and the figures behind it (BM25, cosine).

    A figure is the same in every system, or no system has it.
    """
    table = ranks(columns)
    facts: dict[str, dict[str, float]] = {}
    for column in columns:
        of_column = dict(zip(column.ids, column.items, strict=True))
        values = {one: item.score for one, item in of_column.items()}
        table[f"{column.system.name} score"] = table["item_id"].map(values).astype("float64")
        for one, item in of_column.items():
            facts.setdefault(one, {}).update(item.facts)
    for name in ("bm25", "cosine_query", "cosine_taste"):
        table[name] = [facts[item].get(name, np.nan) for item in table["item_id"]]
    table.insert(3, "grade", [grades.get(item) for item in table["item_id"]])
    table["grade"] = table["grade"].astype("Int64")
    return table


# --- figures --------------------------------------------------------------------------------------------------


def figures(lists: Lists, grades: Grades) -> pd.DataFrame:
    """METRICS of the first ten of each list, a row per query of `lists`.

    - ndcg@10: sum of gain / log2(rank + 1) with gain 2^grade - 1, divided by that of the best order of all that is
      graded for the query (Burges et al., "Learning to rank using gradient descent", ICML 2005)
    - p@10: products graded RELEVANT or more among the first ten, divided by ten
    - rr@10: 1 / rank of the first of them, 0 where none is among the first ten
    - judged@10: share of the first ten that has a grade; what has none counts as 0 in the other three

    All but judged@10 are NaN for a query with nothing graded RELEVANT or more: it says nothing of a system. Values are
    those of ir-measures, asked with gains in place of grades.
    """
    table = pd.DataFrame(np.nan, index=pd.Index(list(lists), name="query"), columns=list(METRICS))
    first = {query: list(found[:CUTOFF]) for query, found in lists.items()}
    for query, found in first.items():
        graded = grades.get(query, {})
        table.loc[query, "judged@10"] = sum(item in graded for item in found) / len(found) if found else 0.0
    asked = [query for query in lists if max(grades.get(query, {}).values(), default=0) >= RELEVANT]
    table.loc[asked, ["ndcg@10", "p@10", "rr@10"]] = 0.0  # the library leaves out a query whose list is empty
    for name, query, value in _measured({query: first[query] for query in asked}, grades):
        table.loc[query, name] = value
    return table


def _measured(lists: Lists, grades: Grades) -> list[tuple[str, str, float]]:
    from ir_measures import RR, P, nDCG, pytrec_eval

    if not lists:
        return []
    gain = gains()
    names = {str(nDCG @ CUTOFF): "ndcg@10", str(P @ CUTOFF): "p@10", str(RR): "rr@10"}
    judged = {query: {item: gain[grade] for item, grade in grades[query].items()} for query in lists}
    # the library sorts by score: scores that fall strictly keep the order
    run = {query: {item: -float(place) for place, item in enumerate(found)} for query, found in lists.items() if found}
    measured = pytrec_eval.evaluator([nDCG @ CUTOFF, P @ CUTOFF, RR], judged).iter_calc(run)
    return [(names[str(measure)], str(query), float(value)) for query, measure, value in measured]
