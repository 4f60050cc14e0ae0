"""Points as steps, one after another, up to what they make together."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Final

import plotly.graph_objects as go

from recsys.plots.style import GRID, HISTORY, QUERY, SHOWN, chart_text, figure_style

ROW: Final = 34  # pixels a step
ROOM: Final = 0.14  # of the axis, for the figure beside the longest bar
UNSEEN: Final = "\u200b"  # steps of one name would be one bar: each name has more of these than the one before


def with_room(steps: Sequence[float]) -> list[float]:
    """An axis on which all that a waterfall of these steps reaches has room, and the figures beside it."""
    reached = [0.0, *accumulate(steps)]
    room = ROOM * max(max(reached) - min(reached), 1e-9)
    return [min(reached) - (room if min(reached) < 0 else 0.0), max(reached) + room]


def steps_to(
    steps: Sequence[tuple[str, float]], total: float, title: str, x: str, *, whole: str = "Together"
) -> go.Figure:
    """A step for each (name, points), in order, up to the total, the `whole`; names are shown letter by letter."""
    names = [chart_text(name) + UNSEEN * place for place, (name, _) in enumerate(steps)]
    figure = go.Figure()
    figure.add_waterfall(
        orientation="h",
        measure=["relative"] * len(steps) + ["total"],
        y=[*names, f"<b>{whole}</b>"],
        x=[*(points for _, points in steps), total],
        text=[*(f"{points:+.1f}" for _, points in steps), f"<b>{total:.1f}</b>"],
        textposition="auto",
        textangle=0,  # beside a bar that is too short for it, and not on its side within
        cliponaxis=False,
        connector={"line": {"color": GRID, "width": 1}},
        increasing={"marker": {"color": HISTORY}},
        decreasing={"marker": {"color": SHOWN}},
        totals={"marker": {"color": QUERY}},
        hovertemplate="%{y}: %{text} points<extra></extra>",
    )
    figure.update_xaxes(range=with_room([points for _, points in steps]))
    figure_style(figure, title, x=x, height=120 + ROW * (len(steps) + 1), legend=False)
    figure.update_yaxes(autorange="reversed", showgrid=False, ticksuffix=" ")
    return figure
