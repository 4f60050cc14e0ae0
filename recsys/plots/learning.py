"""Pictures of what learning is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from recsys.plots.style import BACKGROUND, SHOWN, chart_text, error_bars, figure_style


def changes(lines: Sequence[Mapping[str, Any]], goal: float, title: str, x: str) -> go.Figure:
    """The `change` of each line against the base with its 95 % interval; the goal is dotted."""
    figure = go.Figure()
    figure.add_scatter(
        x=[line["change"] for line in lines],
        y=[f"{chart_text(line['label'])} " for line in lines],
        error_x=error_bars(
            pd.Series([line["change_ci95"][1] - line["change"] for line in lines]),
            pd.Series([line["change"] - line["change_ci95"][0] for line in lines]),
            SHOWN,
        ),
        mode="markers",
        marker={"color": SHOWN, "size": 10},
        hovertemplate="%{y}: %{x:+.1%}<extra></extra>",
        showlegend=False,
    )
    figure.add_vline(x=0.0, line={"color": BACKGROUND})
    figure.add_vline(x=goal, line={"color": BACKGROUND, "dash": "dot"})
    figure_style(figure, title, x=x, height=130 + 34 * len(lines), legend=False)
    figure.update_yaxes(autorange="reversed", automargin=True)
    figure.update_xaxes(tickformat="+.0%")
    return figure
