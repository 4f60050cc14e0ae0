"""Pictures of sponsored places: the frontier of money and relevance, and budgets over a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from recsys.plots.style import HISTORY, QUERY, SECOND, SHOPPER, SHOWN, figure_style
from recsys.schema.money import Money

COLOURS: Final = (HISTORY, QUERY, SHOPPER, SECOND)
MARKS: Final = ("circle", "square", "diamond", "triangle-up")
DASHES: Final = ("solid", "dash", "dot")


class Spread(Protocol):
    """A mean with its interval."""

    @property
    def mean(self) -> float:
        """In the middle."""

    @property
    def low(self) -> float:
        """Where the interval begins."""

    @property
    def high(self) -> float:
        """Where it ends."""


def frontier(points: Sequence[Any], current: tuple[Spread, Spread] | None, money: Money) -> go.Figure:
    """Relevance kept against money a thousand visits, a line for each number of places; the current choice as a star.

    A point has `places`, `floor`, and `kept` (share) and `money` (cents) with their intervals.
    """
    figure = go.Figure()
    for at, places in enumerate(sorted({point.places for point in points})):
        mine = sorted((p for p in points if p.places == places), key=lambda point: point.floor)
        figure.add_scatter(
            x=[100 * p.kept.mean for p in mine],
            y=[p.money.mean / 100 for p in mine],
            mode="lines+markers",
            name=f"{places} place" + ("s" if places > 1 else ""),
            line={"color": COLOURS[at % 4], "width": 2},
            marker={"symbol": MARKS[at % 4], "size": 8},
            error_x=_bars([p.kept for p in mine], 100),
            error_y=_bars([p.money for p in mine], 0.01),
            customdata=["no floor" if p.floor == 0 else f"floor {p.floor:.0%}" for p in mine],
            hovertemplate="%{customdata}: %{x:.1f} % kept, %{y:,.2f}<extra>%{fullData.name}</extra>",
        )
    if current is not None:
        kept, earned = current
        figure.add_scatter(
            x=[100 * kept.mean], y=[earned.mean / 100], mode="markers", name="present choice",
            marker={"symbol": "star", "size": 17, "color": SHOWN, "line": {"width": 1, "color": "white"}},
            hovertemplate="present choice: %{x:.1f} % kept, %{y:,.2f}<extra></extra>",
        )  # fmt: skip
    return figure_style(
        figure,
        "Money earned against relevance kept",
        x="relevance that the shelf keeps (%)",
        y=f"earned by 1,000 visits ({money.symbol})",
        height=380,
    )


def _bars(values: Sequence[Spread], unit: float) -> dict[str, Any]:
    high, low = [unit * (v.high - v.mean) for v in values], [unit * (v.mean - v.low) for v in values]
    return {"type": "data", "array": high, "arrayminus": low, "thickness": 1, "width": 3}


def over_the_day(lines: Mapping[str, npt.NDArray[np.float64]], chosen: str, money: Money) -> go.Figure:
    """Money spent by each hour, (24,), one line a way of pacing; the chosen one is the widest."""
    figure = go.Figure()
    for at, (name, spent) in enumerate(lines.items()):
        figure.add_scatter(
            x=list(range(len(spent))),
            y=spent,
            mode="lines",
            name=name + (" (chosen)" if name == chosen else ""),
            line={"color": COLOURS[at % 4], "width": 4 if name == chosen else 2, "dash": DASHES[at % 3]},
            hovertemplate="%{x}:00 to %{x}:59: %{y:,.2f}<extra>%{fullData.name}</extra>",
        )
    figure_style(
        figure, "Spent by all advertisers", x="hour of the day", y=f"spent in the hour ({money.symbol})", height=380
    )
    figure.update_xaxes(dtick=4)
    return figure
