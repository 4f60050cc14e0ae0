"""The table of the leaderboard with its intervals, the drawings of the whole run, and every pair of recommenders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from pages.lab.leaderboard import choices
from pages.lab.leaderboard.wording import metric_axis, metric_column, metric_help, metric_label, protocol_tag
from pages.shared.drawing import draw
from pages.shared.pickers import select
from pages.shared.significance import surely
from pages.shared.tables import export
from pages.shared.wording import plain
from recsys.errors import ArtifactError
from recsys.evaluation import reading

if TYPE_CHECKING:
    from pages.lab.leaderboard.choices import Shown

BESIDE = ("ndcg@10", "recall@10", "hit@10", "mrr@10", "repeat ndcg@10", "first-time ndcg@10", "coverage@10",
          "diversity@10", "novelty@10", "popularity@10")  # fmt: skip
MOST_ROWS, MOST_PAIRS = 14, 11  # shown at once; tables scroll
KINDS = {True: "simple", False: "other"}


def _table(now: Shown) -> None:
    """Every recommender, best first by the metric shown, with its interval and its cost."""
    order = reading.standings(now.report, now.metric)
    everything = reading.figures(now.report).set_index("model")
    shown = pd.DataFrame(
        {
            "": range(1, len(order) + 1),
            "Recommender": order["label"],
            "Kind": order["simple"].map(KINDS),
            now.metric: order["mean"],
            "interval": _intervals(order),
            "seconds": order["seconds"],
            "peak_mb": order["peak_mb"],
        }
    )
    others = [metric for metric in BESIDE if metric != now.metric and metric in everything]
    rest = everything.loc[order["model"], others].reset_index(drop=True)
    shown = pd.concat([shown, rest, order[["choose_s"]]], axis=1)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(f"#### All recommenders by {metric_label(now.metric)}")
        export(everything.reset_index(), f"leaderboard-{now.run.id}.csv", "leaderboard.csv")
    st.dataframe(
        shown,
        key="leaderboard.table",
        hide_index=True,
        column_config=_columns(shown.columns.tolist()),
        height=_height(len(shown), MOST_ROWS),
    )
    st.caption(
        f"By the protocol {protocol_tag(now.report)}. The CSV holds every metric with both ends of its interval."
    )


def _columns(names: list[str]) -> dict[str, Any]:
    number = st.column_config.NumberColumn
    fixed = {
        "": number("", width=30, pinned=True),
        "Recommender": st.column_config.TextColumn(width=170, pinned=True),
        "Kind": st.column_config.TextColumn(help="Simple: counts and neighbours over purchases, nothing trained"),
        "interval": st.column_config.TextColumn(
            "95 % interval",
            help="Had other shoppers of the same kind been asked, "
            "the figure would lie in here 95 times of 100 (bootstrap)",
        ),
        "seconds": number("Fit + rank (s)", format="%.1f", help="Seconds to fit it and to rank for everybody asked"),
        "peak_mb": number("Memory (MB)", format="%.0f", help="The most it took above what was there before"),
        "choose_s": number("Choose (s)", format="%.1f", help="Seconds to choose its settings on the validation"),
    }
    measured = {
        name: number(
            metric_column(name),
            format="%.2f" if name.startswith("novelty") else "%.4f",
            help=f"{metric_label(name)}. {metric_help(name)}",
        )
        for name in names
        if "@" in name
    }
    return fixed | measured


def _intervals(rows: pd.DataFrame) -> list[str]:
    return [
        "none" if pd.isna(low) else f"{low:.4f} – {high:.4f}"
        for low, high in zip(rows["low"], rows["high"], strict=True)
    ]


def ranking(now: Shown) -> None:
    """The finding drawn, points with intervals, beside the table of all figures."""
    left, right = st.columns(2, gap="medium")
    with left, st.container(border=True, height="stretch"):
        _forest(now)
    with right, st.container(border=True, height="stretch"):
        _table(now)


def cost_and_worth(now: Shown) -> None:
    """Accuracy against what it costs, and against what else a list is worth."""
    left, right = st.columns(2, gap="medium")
    with left, st.container(border=True, height="stretch"):
        _cost(now)
    with right, st.container(border=True, height="stretch"):
        _worth(now)


def _forest(now: Shown) -> None:
    from recsys.plots.leaderboard import forest

    order, label = reading.standings(now.report, now.metric), metric_label(now.metric)
    draw(
        forest(order, f"{label} with 95 % intervals", f"{metric_axis(now.metric)}; {protocol_tag(now.report)}"),
        "leaderboard.forest",
        "A point per recommender with its interval, best on top.",
    )
    alone = f"{label} is a figure of all lists together: without a value per shopper it has no interval."
    paired = "Intervals that overlap can still differ for sure: the same shoppers were asked. “Pair by pair” tells."
    st.caption(alone if order["low"].isna().all() else paired)


def _cost(now: Shown) -> None:
    from recsys.plots.leaderboard import against_cost

    asked = now.report["compared_by"]
    accuracy = reading.standings(now.report, asked)
    accuracy = accuracy.assign(named=reading.unbeaten(accuracy["mean"], -accuracy["seconds"]))
    draw(
        against_cost(accuracy, "Accuracy against cost", f"{metric_axis(asked)}; {protocol_tag(now.report)}"),
        "leaderboard.cost",
        "Accuracy against seconds; the area of a point is its memory.",
    )
    st.caption("Up and to the left is better: accurate and quick. Named: those that no other beats in both.")


def _worth(now: Shown) -> None:
    from recsys.plots.leaderboard import against_worth

    chosen, offered = choices.worth(now)
    if not chosen:
        return
    asked, label = now.report["compared_by"], metric_label(chosen)
    accuracy = reading.standings(now.report, asked)
    other = reading.standings(now.report, chosen).set_index("model")["mean"][accuracy["model"]].reset_index(drop=True)
    named = reading.unbeaten(accuracy["mean"], reading.better(chosen) * other)
    figure = against_worth(
        accuracy.assign(other=other, named=named),
        f"Accuracy against {label.lower()}",
        metric_axis(chosen),
        f"{metric_axis(asked)}; {protocol_tag(now.report)}",
    )
    draw(figure, "leaderboard.worth", f"Accuracy against {label}, a point per recommender.")
    select("worth", "Accuracy against", offered, chosen, {metric: metric_label(metric) for metric in offered})
    st.caption(f"{metric_help(chosen)} Named: those that no other beats in both.")


def pairs(now: Shown) -> None:
    """Every pair: by how much the better one is ahead, and whether that is more than luck."""
    st.markdown(f"**Pair by pair, {metric_label(now.metric)}**")
    try:
        found = choices.pairs(now)
    except ArtifactError as error:
        st.warning(plain(error.one_line()), icon=":material/report:")
        return
    if found.empty and now.run.built_in and len(now.names) > 1:
        st.caption(
            f"A built-in run tells its pairs by {metric_label(now.report['compared_by'])} alone; a run of your own "
            "tells them by every metric."
        )
        return
    if found.empty:
        st.caption("Nothing to compare: it takes two recommenders and a metric with a value per shopper.")
        return
    rows = pd.DataFrame(
        {
            "Better": found["model"].map(now.short),
            "Than": found["against"].map(now.short),
            "by": found["difference"],
            "luck": [surely(p) for p in found["p_corrected"]],
            "interval": _intervals(found),
        }
    )
    columns = {
        "Better": st.column_config.TextColumn(width=130),
        "Than": st.column_config.TextColumn(width=130),
        "by": st.column_config.NumberColumn("By", format="%.4f", help="Mean difference over the same shoppers"),
        "interval": st.column_config.TextColumn("95 % interval", help="Of the difference, not corrected for the pairs"),
        "luck": st.column_config.TextColumn(
            "More than luck?",
            help="Paired randomisation test over shoppers; p is corrected by Holm for the number of pairs",
        ),
    }
    st.dataframe(
        rows, key="leaderboard.pairs", hide_index=True, column_config=columns, height=_height(len(rows), MOST_PAIRS)
    )
    st.caption(
        "The better of the two stands first. p is the chance of such a difference between equals, corrected for "
        "the number of pairs; an interval is of its pair alone, and may leave out 0 where p says “unsure”."
    )


def _height(rows: int, most: int) -> int:
    return 38 + 35 * min(rows, most)
