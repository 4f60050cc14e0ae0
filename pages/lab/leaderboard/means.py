"""Two recommenders slice by slice as a built-in run tells it: means with intervals, no shopper behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.lab.leaderboard import choices
from pages.lab.leaderboard.wording import metric_axis, metric_label, protocol_tag, slicing_words
from pages.shared import state
from pages.shared.drawing import draw
from recsys.evaluation import reading

if TYPE_CHECKING:
    from pages.lab.leaderboard.choices import Shown


def means(now: Shown, model: str, against: str) -> None:
    """What both reach in each slice, by the metric that the run compares by."""
    from recsys.plots.leaderboard import slice_means

    table = reading.slice_means(now.report, (model, against))
    if table.empty:
        st.caption("This run did not sort its shoppers into slices.")
        return
    ways = list(dict.fromkeys(table["slicing"]))
    way = choices.slicing(ways)
    choices.slicing_picker(ways, way)
    rows = table[(table["slicing"] == way) & table["comparable"]]
    rows = rows.assign(label=rows["model"].map(now.short))
    metric = now.report["compared_by"]
    with st.container(border=True):
        figure = slice_means(
            rows.sort_values("model", key=lambda names: names != model, kind="stable"),
            f"{metric_label(metric)} by slice: {slicing_words(way)}",
            f"{metric_axis(metric)}; {protocol_tag(now.report)}",
            state.open_shop().money,
        )
        draw(figure, "leaderboard.means", "What both reach in each slice, each figure with its own interval.")
        st.caption(
            "95 % intervals of each figure; slices of fewer than 30 shoppers are left out. "
            "Lists and figures by shopper are not here, as they are too large to come with the project: "
            "“Start a run” below keeps them, and shows for whom the two differ most."
        )
