"""The drawings of the page Tags: how many products have each label, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
import plotly.graph_objects as go

from recsys.plots.style import BACKGROUND, FIRST, SHOWN, chart_text, figure_style, written
from recsys.schema import Floats
from recsys.schema.money import DOLLARS, Money

BAR: Final = 26  # pixels per bar: a line of text
BINS: Final = 20  # of confidences: a twentieth each
LONGEST: Final = 30  # characters of a label beside its bar


def label_bars(
    labels: Sequence[str], parts: Sequence[tuple[str, Sequence[int]]], title: str, money: Money = DOLLARS
) -> go.Figure:
    """A bar per label, made of named parts: how many products of it agree, differ, or are not compared."""
    figure = go.Figure()
    names = [chart_text(label if len(label) <= LONGEST else f"{label[: LONGEST - 1]}…") for label in labels]
    for (name, counts), colour in zip(parts, _colours(len(parts)), strict=True):
        figure.add_bar(
            y=list(range(len(names))),  # two labels may look alike once they are cut
            x=list(counts),
            orientation="h",
            name=chart_text(name),
            marker={"color": colour},
            customdata=[[chart_text(label), money.number(count)] for label, count in zip(labels, counts, strict=True)],
            hovertemplate="%{customdata[0]}: %{customdata[1]} " + chart_text(name) + "<extra></extra>",
        )
    legend = len(parts) > 1
    figure_style(figure, title, x="products", height=(142 if legend else 110) + BAR * len(names), legend=legend)
    figure.update_layout(barmode="stack", bargap=0.25, legend_traceorder="normal")
    figure.update_xaxes(tickformat=",", rangemode="tozero")
    figure.update_yaxes(autorange="reversed", ticksuffix=" ", tickvals=list(range(len(names))), ticktext=names)
    return written(figure, money)


def confidence_bars(parts: Sequence[tuple[str, Floats]], title: str, money: Money = DOLLARS) -> go.Figure:
    """How many tags are how sure, 0 to 100 %, those of each named part on top of the one before."""
    edges = np.linspace(0, 1, BINS + 1)
    figure = go.Figure()
    spans = [f"{low:.0%} to {high:.0%}" for low, high in pairwise(edges)]
    for (name, sure), colour in zip(parts, _colours(len(parts)), strict=True):
        counts = np.histogram(np.clip(sure, 0, 1), edges)[0]
        figure.add_bar(
            x=((edges[:-1] + edges[1:]) * 50).tolist(),
            y=counts.tolist(),
            name=chart_text(name),
            marker={"color": colour},
            customdata=[[span, money.number(int(count))] for span, count in zip(spans, counts, strict=True)],
            hovertemplate="%{customdata[0]} sure: %{customdata[1]} " + chart_text(name) + "<extra></extra>",
        )
    figure_style(figure, title, x="confidence", y="products", height=340, legend=len(parts) > 1)
    figure.update_layout(barmode="stack", bargap=0.06, legend_traceorder="normal")
    figure.update_xaxes(range=[0, 102], ticksuffix=" %", dtick=20)
    figure.update_yaxes(tickformat=",", rangemode="tozero")
    return written(figure, money)


def _colours(parts: int) -> tuple[str, ...]:
    """Of one part alone, or of what agrees, what differs and what is not compared."""
    return (FIRST, SHOWN, BACKGROUND)[:parts]
