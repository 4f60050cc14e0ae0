"""What each visit of a history does, by three ways of asking, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from recsys.plots.steps import UNSEEN
from recsys.plots.style import BACKGROUND, FIRST, HISTORY, chart_text, figure_style

ROW: Final = 30  # pixels a visit
NAME: Final = 20  # characters before the bars; all of it stands on hover
WAYS: Final = (("left out", HISTORY), ("gradients", FIRST), ("attention", BACKGROUND))


def visits_figure(
    names: Sequence[str], left_out: Sequence[float], gradients: Sequence[float], attention: Sequence[float], title: str
) -> go.Figure:
    """A bar for each visit in three columns, the first visit on top; each column has a scale of its own.

    The first two are parts of a cosine, the third shares of what the model looks at.
    """
    short = [name if len(name) <= NAME else f"{name[: NAME - 1]}…" for name in names]
    labels = [chart_text(name) + UNSEEN * place for place, name in enumerate(short)]
    figure = make_subplots(1, 3, shared_yaxes=True, horizontal_spacing=0.05, subplot_titles=[way for way, _ in WAYS])
    for column, ((way, colour), values) in enumerate(zip(WAYS, (left_out, gradients, attention), strict=True), 1):
        figure.add_bar(
            orientation="h", y=labels, x=list(values), marker={"color": colour}, name=way, row=1, col=column,
            customdata=[chart_text(name) for name in names],
            hovertemplate=f"%{{customdata}}<br>{way}: %{{x:.4f}}<extra></extra>",
        )  # fmt: skip
    figure_style(figure, title, height=110 + ROW * len(names), legend=False)
    figure.update_layout(margin={"t": 64})
    figure.update_annotations(font_size=11)
    figure.update_xaxes(nticks=2, tickformat=".1~g", tickangle=0, zeroline=True)
    figure.update_yaxes(autorange="reversed", showgrid=False, ticksuffix=" ")
    return figure
