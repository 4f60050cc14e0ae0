"""One look for every chart: colours that colour-blind people can tell apart, and one layout for light and dark.

The hues are those of Okabe and Ito ("Color Universal Design", 2008) and, for departments, Paul Tol's "bright" and
"muted" sets, moved towards the middle of the lightness scale so that each is readable on white and on near-black.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:  # plotly takes a third of a second to import: only a page that draws a chart pays for it
    import pandas as pd
    import plotly.graph_objects as go

    from recsys.schema.money import Money

# What a chart points at, the same on every page.
SHOWN: Final = "#D4571A"  # products on the shelf
QUERY: Final = "#2F7FD1"
SHOPPER: Final = "#8A4FD0"
HISTORY: Final = "#0A9A6E"
PICTURE: Final = "#B0476B"  # that was asked with
FIRST, SECOND = "#2F7FD1", "#D98A00"  # of one thing and another, where neither is any of the above
FAINT: Final = "#8A93A0"  # lines of intervals, seen on light and on dark
BACKGROUND: Final = "#9AA3AE"  # everything else, drawn faintly
GRID: Final = "rgba(128, 136, 148, 0.22)"

DEPARTMENT_COLOURS: Final[tuple[str, ...]] = (
    "#4477AA", "#D98A00", "#228833", "#C24A5A", "#AA3377", "#1F9BB5", "#8C6BB1", "#8A7A1F", "#0A9A6E", "#B8603A",
    "#5B77D6", "#6E8F2D",
)  # fmt: skip
OTHER_DEPARTMENT: Final = "#7D8794"
PLAIN_SEPARATORS: Final = ".,"  # plotly's own

# Low to high; monotone in lightness and safe for colour-blind people (the middle of matplotlib's "viridis").
SEQUENTIAL: Final[list[list[float | str]]] = [
    [0.0, "#443A83"],
    [0.25, "#31688E"],
    [0.5, "#21908C"],
    [0.75, "#5DC863"],
    [1.0, "#D8D11C"],
]

# Set on each figure rather than in a template: Streamlit's own theme, which gives text and grid the colours of the page
# in light and dark, replaces a figure's template.
LAYOUT: Final[dict[str, object]] = {
    "paper_bgcolor": "rgba(0,0,0,0)",
    "plot_bgcolor": "rgba(0,0,0,0)",
    "title": {"x": 0, "xanchor": "left", "xref": "container", "y": 1, "yanchor": "top", "pad": {"t": 4, "l": 4}},
    "title_font_size": 15,
    "legend": {
        "orientation": "h", "yref": "container", "y": 0.9, "yanchor": "top", "x": 0, "xanchor": "left",
        "xref": "container", "title": {"text": ""}, "font": {"size": 12}, "itemsizing": "constant",
    },
    "hoverlabel": {"align": "left"},
    "colorway": list(DEPARTMENT_COLOURS),
}  # fmt: skip


def chart_text(text: str) -> str:
    """A text of the data or of a person, as plotly shows it letter by letter: plotly reads links and tags in any text.

    Quotes stay as they are: they end nothing outside a tag, and plotly does not know their names.
    """
    return escape(text, quote=False)


def figure_style(
    figure: go.Figure,
    title: str,
    *,
    x: str = "",
    y: str = "",
    height: int = 300,
    legend: bool = True,
) -> go.Figure:
    """The same figure with the house's title, axis labels (say the unit in them), height in pixels and layout.

    Backgrounds are transparent and text takes the page's colour, so that one figure serves light and dark.
    """
    title = chart_text(title)
    figure.update_layout(**LAYOUT)
    figure.update_layout(title_text=title, height=height, showlegend=legend, uirevision=title, dragmode=False)
    figure.update_layout(margin={"l": 8, "r": 8, "t": 72 if legend else 40, "b": 8})
    # a legend of two lines still fits between the title and the plot, whatever the height
    figure.update_layout(legend_y=1 - 26 / height)
    figure.update_xaxes(gridcolor=GRID, zerolinecolor=GRID, automargin=True, title_standoff=8)
    figure.update_yaxes(gridcolor=GRID, zerolinecolor=GRID, automargin=True, title_standoff=8)
    if x:
        figure.update_xaxes(title_text=chart_text(x))
    if y:
        figure.update_yaxes(title_text=chart_text(y))
    return figure


def error_bars(up: pd.Series, down: pd.Series, colour: str, *, fine: bool = False) -> dict[str, object]:
    """Bars of an interval beside each point, `up` and `down` from it in its own unit; `fine` where many stand close."""
    return {
        "type": "data",
        "symmetric": False,
        "array": up,
        "arrayminus": down,
        "color": colour,
        "thickness": 1.5 if fine else 2,
        "width": 4 if fine else 5,
    }


def written(figure: go.Figure, money: Money) -> go.Figure:
    """The same figure with the numbers on axes and in hover texts as the shop's people write them."""
    if money.separators != PLAIN_SEPARATORS:
        figure.update_layout(separators=money.separators)
    return figure


def department_colours(names: Sequence[str]) -> dict[str, str]:
    """One colour per department, the largest departments first in `names`; those past the palette share a grey."""
    return {
        name: DEPARTMENT_COLOURS[place] if place < len(DEPARTMENT_COLOURS) else OTHER_DEPARTMENT
        for place, name in enumerate(names)
    }
