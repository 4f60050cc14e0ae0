"""The picture of what each use gains over the simple way: one dot a question, in times as good."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Final

import plotly.graph_objects as go

from recsys.plots.style import BACKGROUND, FAINT, HISTORY, SHOWN, chart_text, figure_style

if TYPE_CHECKING:
    from recsys.evaluation.gains import Gain

LINE: Final = 36  # pixels of each question
FOOT: Final = 130
WIDEST: Final = 26  # characters of a line of a question: a phone is narrow
LEAST: Final = 0.05  # times as good, below which a dot stands at the edge
TICKS: Final = {0.25: "−75 %", 0.5: "−50 %", 1.0: "0 %", 2.0: "+100 %", 4.0: "+300 %"}
COLOURS: Final = {"beats it": HISTORY, "is beaten": SHOWN}


def against_simple(gains: Sequence[Gain]) -> go.Figure:
    """A dot for each gain with its 95 % interval on a scale of ratios; grey where it may be luck."""
    times = [max(1 + each.change, LEAST) for each in gains]
    ends = [each.ends or (each.change, each.change) for each in gains]
    figure = go.Figure()
    figure.add_scatter(
        x=times,
        y=_labels(gains),
        mode="markers",
        marker={"size": 11, "color": [COLOURS.get(each.verdict, BACKGROUND) for each in gains]},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [max(1 + high, LEAST) - mine for (_, high), mine in zip(ends, times, strict=True)],
            "arrayminus": [mine - max(1 + low, LEAST) for (low, _), mine in zip(ends, times, strict=True)],
            "thickness": 1.5,
            "color": FAINT,
        },
        customdata=[[100 * each.change, chart_text(each.simple), each.figure, each.verdict] for each in gains],
        hovertemplate="%{y}: %{customdata[0]:+.0f} % beside “%{customdata[1]}” by %{customdata[2]}, %{customdata[3]}"
        "<extra></extra>",
    )
    figure_style(
        figure,
        "Beside the best simple way, by question",
        x="better by (line: 95 % interval)",
        y="question",
        height=FOOT + LINE * len(gains),
        legend=False,
    )
    figure.update_xaxes(type="log", tickvals=list(TICKS), ticktext=list(TICKS.values()), tickangle=0)
    figure.add_vline(x=1.0, line={"color": FAINT, "width": 1})
    figure.update_yaxes(autorange="reversed", title_text="")
    return figure


def _labels(gains: Sequence[Gain]) -> list[str]:
    """The questions, in lines where they are long; with what they were asked on where that alone differs."""
    often = Counter(each.asks for each in gains)
    said = [each.asks if often[each.asks] == 1 else f"{each.asks}, {each.on}" for each in gains]
    return ["<br>".join(map(chart_text, wrap(each, WIDEST, max_lines=3, placeholder="…"))) for each in said]
