"""Changes against something that stands still: a mark with its interval for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from recsys.plots.style import BACKGROUND, SHOWN, chart_text, error_bars, figure_style


def changed(
    names: Sequence[str],
    changes: Sequence[float],
    intervals: Sequence[Sequence[float]],
    title: str,
    x: str,
    *,
    hover: str = "%{y}: %{x:+.1%}",
    customdata: Sequence[Any] | None = None,
) -> go.Figure:
    """A row for each name, in the order given: its change as a share, with its interval (low, high), beside 0."""
    figure = go.Figure()
    lows, highs = (pd.Series([each[side] for each in intervals], dtype=float) for side in (0, 1))
    values = pd.Series(changes, dtype=float)
    figure.add_scatter(
        x=list(changes),
        y=[f"{chart_text(name)} " for name in names],
        error_x=error_bars(highs - values, values - lows, SHOWN),
        customdata=customdata,
        mode="markers",
        marker={"color": SHOWN, "size": 10},
        hovertemplate=f"{hover}<extra></extra>",
        showlegend=False,
    )
    figure.add_vline(x=0.0, line={"color": BACKGROUND})
    figure_style(figure, title, x=x, height=130 + 30 * len(names), legend=False)
    figure.update_yaxes(autorange="reversed", automargin=True)
    figure.update_xaxes(tickformat="+.0%")
    return figure
