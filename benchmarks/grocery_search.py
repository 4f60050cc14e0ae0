"""Whether a shopper is content with what a search shows: `python -m benchmarks.grocery_search [--quick] [--json]`.

`grocery_queries.csv` holds queries a person might type into a grocer's search box, each with regular expressions that
say which of the catalogue's kinds answer it (grade 2) and which would do (grade 1). Every kind of the catalogue is
graded by them, so that nothing a system finds is unjudged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.measurement import Measurement, Row, Workbench
from benchmarks.report import run_alone
from recsys import schema as s
from recsys.datasets.authored import authored_rows
from recsys.engine import Engine
from recsys.evaluation.search import graded as by_rules
from recsys.evaluation.search.graded import ANSWERS
from recsys.evaluation.search.searching import NOT_FOUND
from recsys.evaluation.search.systems import Bm25, Fusion, Meaning, by_id
from recsys.evaluation.significance import intervals
from recsys.schema import Knobs, Request

QUERIES: Final = Path(__file__).with_name("grocery_queries.csv")
HALVES: Final = ("choosing", "held out", "fresh")
CUTOFF: Final = 10
ROW: Final = 4  # cards in a row of the shelf

PROTOCOL: Final = (
    "queries written by the makers of the search, with rules that grade every kind of the catalogue: 2 answers it, 1 "
    "would do, 0 neither",
    "choosing: settings were chosen on these; held out: they were not, but what fails there was seen, and the table "
    "of synonyms was written after it; fresh: written before any system was asked them, and nothing was chosen on them",
    "nobody in particular asks; one product per kind (name and maker), all kinds are ranked",
    "ndcg_at_10: gain 2^grade - 1, ideal from all kinds; first_row: share of the first four that have a grade; "
    "first_answers: share of queries whose first product has grade 2",
    "low and high: percentile bootstrap of ndcg_at_10 over queries, 95 %",
    "plain systems read the products' texts: bm25s with its English stop words, MiniLM cosine, their reciprocal rank "
    "fusion (k = 60), their min-max mix 0.3 / 0.7",
)

Grades = npt.NDArray[np.int64]
System = Callable[[str], list[int]]  # query -> rows of the catalogue, one per kind, best first


@dataclass(frozen=True, slots=True)
class Query:
    """A query and what is right for it."""

    text: str
    half: str  # one of HALVES
    answers: str
    would_do: str


def queries() -> list[Query]:
    """The authored queries. Raises DataError when their file is not as it should be."""
    return [Query(*row) for row in authored_rows(QUERIES, ("query", "half", "answers", "acceptable"))]


def grades(query: Query, items: pd.DataFrame) -> Grades:
    """The grade of every product, (n_items,), by its name and category."""
    return by_rules.grades(by_rules.GradedQuery(query.text, query.answers, query.would_do), items)


def ndcg(found: Grades, ideal: Grades) -> float:
    """nDCG of the first ten grades against the best order there is, both (m,)."""
    discount = 1 / np.log2(np.arange(2, CUTOFF + 2))

    def gained(graded: Grades) -> float:
        first = graded[:CUTOFF]
        return float(((2.0**first - 1) * discount[: len(first)]).sum())

    best = gained(-np.sort(-ideal))
    return gained(found) / best if best > 0 else 0.0


def figures(system: System, asked: list[Query], graded: Mapping[str, Grades], kinds: npt.NDArray[Any]) -> pd.DataFrame:
    """ndcg_at_10, first_row and first_answers of each query."""
    rows = []
    for query in asked:
        grade = graded[query.text]
        of_kind = np.zeros(int(kinds.max()) + 1, np.int64)
        np.maximum.at(of_kind, kinds, grade)
        found = grade[np.array(system(query.text), np.int64)]
        rows.append(
            {
                f"ndcg_at_{CUTOFF}": ndcg(found, of_kind),
                "first_row": float((found[:ROW] > 0).sum() / ROW),
                "first_answers": float(len(found) > 0 and found[0] == ANSWERS),
            }
        )
    return pd.DataFrame(rows)


# --- the systems ------------------------------------------------------------------------------------------------


def ours(engine: Engine, knobs: Knobs | None = None, *, verbatim: bool = False) -> System:
    """The storefront with some setting of its knobs."""

    def found(query: str) -> list[int]:
        request = Request(query=query, k=CUTOFF, knobs=knobs or Knobs(), verbatim=verbatim)
        return [item.row for item in engine.answer(request).items]

    return found


def plain(engine: Engine) -> dict[str, System]:
    """The systems that others build in an afternoon."""
    of_item, kinds = engine.index.shared.of_item, engine.catalogue.kinds
    distinct = engine.items.drop_duplicates(s.TEXT)
    order = by_id(distinct[s.ITEM_ID].astype(str).tolist())
    words = Bm25(distinct[s.TEXT].astype(str).tolist(), order)
    meaning = Meaning(engine.index.distinct, lambda text: engine.encoder.encode([text])[0], order)

    def system(scored: Bm25 | Meaning | Fusion) -> System:
        def found(query: str) -> list[int]:
            scores = scored.all_scores(query)
            best = np.lexsort((scored.order[of_item], -scores[of_item]))
            order = best[scores[of_item][best] > NOT_FOUND]
            first = np.unique(kinds[order], return_index=True)[1]
            return [int(row) for row in order[np.sort(first)[:CUTOFF]]]

        return found

    named: dict[str, Bm25 | Meaning | Fusion] = {
        "bm25s": words,
        "MiniLM cosine": meaning,
        "reciprocal rank fusion": Fusion("rrf", words, meaning),
        "min-max mix 0.3 / 0.7": Fusion("mix", words, meaning),
    }
    return {name: system(scored) for name, scored in named.items()}


def contenders(engine: Engine) -> dict[str, System]:
    """All systems by name; ours with parts taken away show what each part brings."""
    alone = {"shopper_weight": 0.0, "kind_weight": 0.0, "popularity": 0.0}
    return plain(engine) | {
        "ours, words alone": ours(engine, Knobs(meaning_weight=0.0, **alone)),  # type: ignore[arg-type]
        "ours, meaning alone": ours(engine, Knobs(meaning_weight=1.0, **alone)),  # type: ignore[arg-type]
        "ours, as typed": ours(engine, verbatim=True),
        "ours": ours(engine),
    }


def measure(bench: Workbench) -> Measurement:
    """A row per half and system."""
    engine, asked = bench.engine, queries()
    if bench.quick:
        asked = [query for query in asked if query.half == "fresh"][:20]
    graded = {query.text: grades(query, engine.items) for query in asked}
    rows: list[Row] = []
    for name, system in contenders(engine).items():
        table = figures(system, asked, graded, engine.catalogue.kinds)
        halves = np.array([query.half for query in asked])
        for half in (half for half in HALVES if (halves == half).any()):
            rows.append(_row(name, half, table[halves == half]))
    rows.sort(key=lambda row: HALVES.index(str(row["half"])))
    return Measurement("grocery_search", "Whether a shopper is content with what a search shows", PROTOCOL, rows)


def _row(name: str, half: str, table: pd.DataFrame) -> Row:
    spread = intervals(table).loc[f"ndcg_at_{CUTOFF}"].to_dict()
    return {
        "half": half,
        "what": name,
        "queries": len(table),
        **{c: float(table[c].mean()) for c in table.columns},
        "low": float(spread["low"]),
        "high": float(spread["high"]),
    }


if __name__ == "__main__":
    raise SystemExit(run_alone("grocery_search", measure))
