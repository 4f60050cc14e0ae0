"""What the Search lab found, in one sentence: which way of searching ranks best, and whether that is more than luck."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from pages.lab.search_lab import choices, ruled
from pages.shared.finding import finding, lead
from pages.shared.wording import count, plain
from recsys.evaluation.reading import LEVEL
from recsys.evaluation.search import lab as search_lab
from recsys.evaluation.search import lab_sets as search_lab_sets

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from recsys.engine import Engine
    from recsys.evaluation.search.lab import Column
    from recsys.evaluation.search.lab_sets import SetRun
    from recsys.shops.contract import Shop


def top(engine: Engine, name: str, own: SetRun | None) -> None:
    """The finding over the set in sight: `own` is its run, None where it is not one's own or has not been run.

    Then it is over the graded queries that came with the shop, and said to be.
    """
    if own is not None:
        finding(of_set(own, choices.grades(), engine.shop))
    elif (built_in := ruled.run(engine)) is not None:
        not_yet = f" “{name}” has not been run yet." if name != ruled.NAME else ""
        finding(of_set(built_in, ruled.run_grades(engine, built_in), engine.shop), built_in=ruled.MADE + not_yet)
    else:
        finding(
            "Which way of searching is best here cannot be said yet: grade what a query finds from 0 to 3, and each "
            "way gets its figures at once."
        )


def of_set(run: SetRun, grades: search_lab.Grades, shop: Shop) -> str:
    """Who ranks best on a set, and by how much over the runner-up."""
    values = search_lab_sets.measured(run, grades)
    table, pairs = search_lab_sets.standings(run, values), search_lab_sets.pairs(run, values)
    told, asked = int(table["count"].max()), count(len(run.queries), "query", "queries", shop=shop)
    if not told or pairs.empty:
        return f"{asked} of “{plain(run.name)}” were asked and none is graded: open one below and grade what it found."
    best, second = table.iloc[0], table.iloc[1]
    graded = f"{count(told, 'graded query', 'graded queries', shop=shop)} of “{plain(run.name)}”"
    against = pairs[pairs["model"] == best["system"]].set_index("against")
    row = against.loc[second["system"]].to_dict()
    difference, low, high, p = (float(row[name]) for name in ("difference", "low", "high", "p_corrected"))
    by = lead(f"“{plain(str(second['label']))}”", difference, low, high, p, float(second["ndcg@10"]))
    unsure = against.index[~(against["p_corrected"] < LEVEL) & (against.index != second["system"])]
    names = {system.name: system.label for system in run.systems}
    others = " and ".join(f"“{plain(names[str(name)])}”" for name in unsure)
    also = f"; {others} may do as well" if others else ""
    return f"“{plain(str(best['label']))}” ranks best on {graded}: nDCG@10 {best['ndcg@10']:.3f}, {by}{also}."


def of_query(query: str, columns: Sequence[Column], graded: Mapping[str, int]) -> str:
    """Who ranks best for one query; "" where nothing relevant is graded. One query proves nothing, and that is said."""
    reached = [
        (column.system.label, search_lab.figures({query: column.ids}, {query: graded})["ndcg@10"].iloc[0])
        for column in columns
    ]
    known = sorted((pair for pair in reached if not math.isnan(pair[1])), key=lambda pair: -pair[1])
    if len(known) < 2:
        return ""
    best = [label for label, value in known if value == known[0][1]]
    rest = ", ".join(f"“{plain(label)}” {value:.3f}" for label, value in known[len(best) :])
    names = " and ".join(f"“{plain(label)}”" for label in best)
    ranks = "rank best" if len(best) > 1 else "ranks best"
    return (
        f"For “{plain(query)}” {names} {ranks}: nDCG@10 {known[0][1]:.3f}{f'; {rest}' if rest else ''}. One query "
        "proves nothing: sets do."
    )
