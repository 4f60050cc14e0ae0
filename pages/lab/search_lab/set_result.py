"""What a run of a query set says: the verdict, a table with intervals, every pair, and the worst queries first."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from pages.lab.search_lab import choices
from pages.lab.search_lab.compare import METRICS
from pages.shared import state
from pages.shared.drawing import draw
from pages.shared.finding import thousandths
from pages.shared.pickers import worded
from pages.shared.significance import surely
from pages.shared.wording import count, plain
from recsys.evaluation.reading import LEVEL
from recsys.evaluation.search import lab_sets as search_lab_sets

if TYPE_CHECKING:
    from recsys.evaluation.search.lab import Grades, Scope
    from recsys.evaluation.search.lab_sets import SetRun

FEW: Final = 20  # queries: with fewer, an interval is a guess


def result(run: SetRun, grades: Grades) -> None:
    """The verdict, the picture, the table with intervals, pairs, and the worst queries, as these grades have it."""
    values = search_lab_sets.measured(run, grades)
    table = search_lab_sets.standings(run, values)
    asked, told = len(run.queries), int(table["count"].max())
    st.markdown(f"#### {plain(run.name)}: {_verdict(run, values, table)}")
    said = f"{count(asked, 'query', 'queries', shop=state.open_shop())} asked, {_scope(run.scope)}."
    if told < asked:
        said += (
            f" Only those with a product graded 1 or more count in the figures, so far {told}: open the others below "
            "and grade them."
        )
    st.caption(said)
    if 0 < told < FEW:
        st.caption(f":material/warning: With fewer than {FEW} graded queries the intervals are rough.")
    if told:
        left, right = st.columns([36, 64])
        with left, st.container(border=True):
            _picture(table)
        with right:
            _table(table)
        _pairs(run, values)
    _worst(run, values, table)


def _scope(scope: Scope) -> str:
    """For whom and where was searched."""
    who = f"for {state.open_shop().people.one} {plain(scope.shopper)}" if scope.shopper else "nobody in particular"
    return ", ".join(filter(None, [who, choices.narrowed(scope)]))


def _verdict(run: SetRun, values: dict[str, pd.DataFrame], table: pd.DataFrame) -> str:
    """Who is best, and whether that is more than luck."""
    pairs = search_lab_sets.pairs(run, values)
    if pairs.empty:
        return "nothing is graded yet"
    names, best = choices.labels(run.systems), str(table.loc[0, "system"])
    close = pairs[(pairs["model"] == best) & ~(pairs["p_corrected"] < LEVEL)]["against"]
    others = "any other" if len(close) == len(names) - 1 else ", ".join(f"“{names[str(name)]}”" for name in close)
    sure = f"but not surely better than {others}" if len(close) else "and that is more than luck"
    return f"“{names[best]}” ranks best, {sure}"


def _table(table: pd.DataFrame) -> None:
    number, text = st.column_config.NumberColumn, st.column_config.TextColumn
    rows = pd.DataFrame({"System": table["label"]})
    config: dict[str, Any] = {"System": text(width=110, pinned=True)}
    for metric, (label, about) in METRICS.items():
        rows[metric] = table[metric]
        config[metric] = number(label, format="percent" if metric == "judged@10" else "%.3f", help=about)
        if metric == "ndcg@10":
            rows["interval"] = [
                f"{low:.3f} – {high:.3f}"
                for low, high in zip(table[f"{metric} low"], table[f"{metric} high"], strict=True)
            ]
            config["interval"] = text("95 % interval", help="Of nDCG@10, percentile bootstrap over queries")
    for name, label in (("p50_ms", "ms p50"), ("p95_ms", "ms p95")):
        rows[name], config[name] = table[name], number(label, format="%.1f")
    st.dataframe(rows, key="search_lab.standings", hide_index=True, column_config=config)
    st.caption("Best nDCG@10 first. What has no grade counts as 0, so grade deep enough: “judged” says how deep.")


def _picture(table: pd.DataFrame) -> None:
    from recsys.plots.search_lab import interval_points

    draw(
        interval_points(table, "ndcg@10", "nDCG@10 with its interval", "nDCG@10 (0 to 1)"),
        "search_lab.intervals",
        "A point per system with its 95 % interval.",
    )


def _pairs(run: SetRun, values: dict[str, pd.DataFrame]) -> None:
    pairs, names = search_lab_sets.pairs(run, values), choices.labels(run.systems)
    with st.expander("Pair by pair: is the difference more than luck?"):
        if pairs.empty:
            st.caption("It takes two systems and a graded query.")
            return
        rows = pd.DataFrame(
            {
                "Better": pairs["model"].map(names),
                "Than": pairs["against"].map(names),
                "By": pairs["difference"].round(4),
                "95 % interval": [
                    f"{thousandths(low)} to {thousandths(high)}"
                    for low, high in zip(pairs["low"], pairs["high"], strict=True)
                ],
                "More than luck?": [surely(p) for p in pairs["p_corrected"]],
            }
        )
        st.dataframe(rows, key="search_lab.pairs", hide_index=True)
        st.caption(
            "nDCG@10 over the same queries; paired randomisation test, p corrected for the number of pairs (Holm). An "
            "interval is of its pair alone: it may leave out 0 where p, which counts all pairs, says “unsure”."
        )


def _worst(run: SetRun, values: dict[str, pd.DataFrame], table: pd.DataFrame) -> None:
    """The queries a system fails, worst first; a button opens each."""
    names = choices.labels(run.systems)
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    left.markdown("#### Worst queries first")
    best = str(table.loc[0, "system"])
    order = [best, *(name for name in names if name != best)]
    system = str(right.selectbox("Of the system", order, format_func=partial(worded, names), key="search_lab.worst_of"))
    worst = search_lab_sets.worst(values, system)
    queries = worst["query"].tolist()

    def look() -> None:
        choices.open_query(queries[st.session_state["search_lab.open"]["row"]])

    number = st.column_config.NumberColumn
    config: dict[str, Any] = {name: number(label, format="%.3f") for name, label in names.items()}
    config |= {
        "query": st.column_config.TextColumn("Query", width=170, pinned=True),
        "judged@10": number("judged", format="percent", help=METRICS["judged@10"][1]),
        "open": st.column_config.ButtonColumn("", key="search_lab.open", on_click=look, type="tertiary"),
    }
    worst.insert(1, "open", ":material/open_in_new: Open")
    st.dataframe(
        worst[["query", "open", system, "judged@10", *(name for name in names if name != system)]],
        key="search_lab.worst",
        hide_index=True,
        column_config=config,
        height=38 + 35 * min(len(worst), 12),
    )
    st.caption("nDCG@10 of each system. Queries with nothing graded 1 or more have no figure and stand last.")
