"""The gap between texts and pictures, drawn: two clouds before one space was learned, and after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from recsys.plots.style import BACKGROUND, PICTURE, QUERY, figure_style

HEIGHT: Final = 260  # pixels
JOINED: Final = 40  # products whose text and picture a line joins
ROOM: Final = 0.08  # around the clouds, of their width


def gap_figure(found: Mapping[str, Any]) -> go.Figure:
    """Texts and pictures as `recsys.encoders.modality_gap.both` says where they lie: before on the left, after right.

    Both planes have one scale, and from left to right runs the line between the two centres (large marks): what is
    seen between them is the gap.
    """
    figure = make_subplots(1, 2, subplot_titles=("before fusion", "after"), horizontal_spacing=0.04, shared_yaxes=True)
    reach = 0.0
    for column, when in enumerate(("before", "after"), 1):
        texts, pictures = (np.asarray(found[when][side], float) for side in ("texts", "pictures"))
        middle = (texts.mean(axis=0) + pictures.mean(axis=0)) / 2
        texts, pictures = ((side - middle).astype(np.float32) for side in (texts, pictures))  # half the bytes
        reach = max(reach, float(np.abs(np.concatenate([texts, pictures])).max()))
        _pairs(figure, texts[:JOINED], pictures[:JOINED], column)
        for name, points, colour in (("texts", texts, QUERY), ("pictures", pictures, PICTURE)):
            _cloud(figure, name, points, colour, column)
    figure_style(figure, "", height=HEIGHT)
    figure.update_layout(margin={"l": 4, "r": 4, "t": 24, "b": 30}, legend={"y": 0, "yanchor": "bottom"})
    edges = [-reach * (1 + ROOM), reach * (1 + ROOM)]
    bare = {"range": edges, "showticklabels": False, "title": None, "zeroline": False, "showgrid": False}
    figure.update_xaxes(**bare)
    figure.update_yaxes(**bare)
    return figure


def _pairs(figure: go.Figure, texts: np.ndarray[Any, Any], pictures: np.ndarray[Any, Any], column: int) -> None:
    """A thin line from each text to its own picture."""
    lines = np.full((len(texts), 3, 2), np.nan)  # a gap after each
    lines[:, 0], lines[:, 1] = texts, pictures
    x, y = (
        [None if np.isnan(each) else round(float(each), 3) for each in lines[:, :, axis].ravel()] for axis in (0, 1)
    )
    look = {"color": BACKGROUND, "width": 0.7}
    figure.add_scatter(
        x=x, y=y, mode="lines", line=look, opacity=0.5, hoverinfo="skip", showlegend=False, row=1, col=column
    )


def _cloud(figure: go.Figure, name: str, points: np.ndarray[Any, Any], colour: str, column: int) -> None:
    """One kind of vectors, and its centre."""
    same = {"legendgroup": name, "hoverinfo": "skip", "row": 1, "col": column, "mode": "markers"}
    small = {"size": 4, "color": colour, "opacity": 0.55}
    figure.add_scatter(x=points[:, 0], y=points[:, 1], name=name, marker=small, showlegend=column == 1, **same)
    centre = points.mean(axis=0)
    large = {"size": 13, "color": colour, "symbol": "cross", "line": {"width": 1.5, "color": "white"}}
    figure.add_scatter(x=[centre[0]], y=[centre[1]], name=name, marker=large, showlegend=False, **same)
