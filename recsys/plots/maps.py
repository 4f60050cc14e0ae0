"""The embedding map: every product as a point, and what is marked on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from recsys.plots.style import (
    BACKGROUND,
    OTHER_DEPARTMENT,
    SEQUENTIAL,
    SHOWN,
    chart_text,
    department_colours,
    figure_style,
)
from recsys.schema import Floats, Rows
from recsys.schema.money import Money

HEIGHT: Final = 600  # pixels
TILE: Final = (0.045, 0.09)  # half the width and height of a small picture on a plane from -1 to 1, wider than high
MOST_TILES: Final = 60  # small pictures in one look: 60 KB
UNIT: Final = 30_000  # positions are sent as 16-bit whole numbers: half the bytes, and finer than any screen
NAMED_DEPARTMENTS: Final = 12  # as many as there are colours to tell apart
HOVER_LENGTH: Final = 44  # characters of a title: sent for every product, so they are most of the bytes
GOLDEN_ANGLE: Final = np.pi * (3 - 5**0.5)
SHADES: Final = 255  # a byte per product: more shades than anyone tells apart
NAMING: Final = 0.8  # of an attribute's values name colours: then it is one
# what shops call colours and CSS does not
MORE_COLOURS: Final = {
    "cream": "#f6ecd2", "mustard": "#d8a520", "mint": "#98d8bf", "burgundy": "#7b1e3a", "charcoal": "#3e444a",
    "rose": "#e08a9b", "camel": "#c19a6b", "copper": "#b87333", "bronze": "#a5793a", "terracotta": "#c66b4b",
    "lilac": "#c3a6d8", "peach": "#f9c4a0", "rust": "#a8481e", "emerald": "#1f8a5a", "nude": "#e3bda0",
    "petrol": "#1d5b6b", "denim": "#3d5a80", "wine": "#6e1f34", "taupe": "#8b7d6f", "sand": "#d9c5a0",
}  # fmt: skip
SPREAD: Final = 0.0013  # of a box 2 wide: look-alikes stay within a pixel or two until one zooms in
NAME_INK, NAME_GROUND = "#22282B", "rgba(252, 251, 248, 0.82)"  # of a region's name: dark on light in both themes
NAME_HEIGHT, NAME_LETTER = 24, 7.6  # pixels that a name takes, and about each of its letters
NARROW, LOW = 390, 500  # pixels of a map on a phone, where names come closest
EDGE: Final = 0.8  # of the plane's half: a name beyond it grows inwards, as a phone would cut it off
MOVED: Final = (0, 1, -1, 2, -2, 3, -3)  # heights of a name by which it may give way
ASKED: Final = "asked"  # what the mark of the picture that was asked with bears, for what is pinned to it
SYMBOLS_3D: Final = {"star": "diamond", "diamond": "square", "hexagram": "diamond"}  # WebGL's cube knows fewer shapes


@dataclass(frozen=True, slots=True)
class Groups:
    """Products coloured by what they belong to: one legend entry each."""

    names: Sequence[str]
    codes: npt.NDArray[np.integer[Any]]  # (n,) place in `names`
    colours: Sequence[str]
    true: bool = False  # the colours are the products' own: as strong as they are, with an edge on any ground


@dataclass(frozen=True, slots=True)
class Scale:
    """Products coloured by a number; `ticks` maps values to what the colour bar says there."""

    title: str
    values: Floats  # (n,)
    ticks: dict[float, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Marks:
    """Points of their own kind, drawn over the products."""

    name: str
    positions: Floats  # (m, dims)
    colour: str
    symbol: str = "circle"
    size: int = 9
    rows: Rows | None = None  # the products they are, if they are products: they say then what products say
    meta: str = ""  # by which a script of the page finds them


def spread(positions: Floats) -> Floats:
    """Positions (n, dims) with products at exactly the same place fanned out around it, so that each can be pointed at.

    The j-th of them goes SPREAD * sqrt(j) away, at j golden angles (Vogel 1979): evenly, and the same every time.
    Those without a place, NaN, stay without one.
    """
    there = np.isfinite(positions).all(axis=1)
    if not there.all():
        found = positions.astype(np.float32, copy=True)
        found[there] = spread(positions[there])
        return found
    _, first, of = np.unique(positions, axis=0, return_index=True, return_inverse=True)
    of = of.ravel()
    order = np.argsort(of, kind="stable")
    sizes = np.bincount(of, minlength=len(first))
    rank = np.empty(len(positions), np.int64)
    rank[order] = np.arange(len(positions)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    away, angle = SPREAD * np.sqrt(rank), rank * GOLDEN_ANGLE
    out = positions.astype(np.float32, copy=True)
    out[:, 0] += away * np.cos(angle)
    out[:, 1] += away * np.sin(angle)
    return out


def hover_labels(titles: Sequence[str], prices: npt.NDArray[np.floating[Any]], money: Money) -> npt.NDArray[np.object_]:
    """What a product says when pointed at, as `embedding_map` wants it: its title, cut, and its price, if any has one.

    Escaped here and not when drawn: they are made once, and drawn many times.
    """
    texts = [
        (title if len(title) <= HOVER_LENGTH else title[: HOVER_LENGTH - 1] + "…") + said
        for title, said in zip(titles, _said(prices, money), strict=True)
    ]
    return np.array([chart_text(text) for text in texts], dtype=object)


def _said(prices: npt.NDArray[np.floating[Any]], money: Money) -> list[str]:
    """Each price as it follows a title; nothing where no price is known at all. Equal prices are written once."""
    if np.isnan(prices).all():
        return [""] * len(prices)
    words = {price: f" · {money.said(price)}" for price in np.unique(prices[~np.isnan(prices)]).tolist()}
    return [words.get(price, " · price unknown") for price in prices.tolist()]


def by_department(departments: npt.NDArray[np.object_], order: Sequence[str], many: str = "departments") -> Groups:
    """The largest departments in a colour each; the others share a grey. `order` is largest first."""
    named = list(order[:NAMED_DEPARTMENTS])
    place = {name: code for code, name in enumerate(named)}
    codes = np.array([place.get(name, len(named)) for name in departments], np.int16)
    colours = department_colours(order)
    names, hues = named, [colours[name] for name in named]
    if len(order) > len(named):
        names, hues = [*named, f"{len(order) - len(named)} smaller {many}"], [*hues, OTHER_DEPARTMENT]
    return Groups(names, codes, hues)


def by_value(values: npt.NDArray[np.object_], what: str) -> Groups:
    """Products by the value of an attribute, the most common first, "" for unknown; `what` the attribute is.

    Where the values name colours, in these; else as departments are.
    """
    found, counts = np.unique(values[values != ""].astype(str), return_counts=True)
    order = found[np.argsort(-counts, kind="stable")].tolist()
    colours = true_colours(order)
    unknown = f"{what} unknown"
    if not colours:
        named = np.where(values == "", unknown, values).astype(object)
        return by_department(named, [*order, *([unknown] if (values == "").any() else [])], "values")
    place = {name: code for code, name in enumerate(order)}
    codes = np.array([place.get(value, len(order)) for value in values], np.int16)
    return Groups([*order, unknown], codes, [*colours, OTHER_DEPARTMENT], true=True)


def true_colours(names: Sequence[str]) -> list[str]:
    """The colour that each name means ("sky blue", "dark red", "mustard"); none where NAMING of them mean none.

    A name of several words means what CSS calls so, else what its last word is; one that means none is grey.
    """
    from PIL.ImageColor import colormap

    def meant(name: str) -> str:
        words = name.lower().replace("-", " ").split()
        for tried in ("".join(words), words[-1] if words else ""):
            if tried in MORE_COLOURS or tried in colormap:
                found = MORE_COLOURS.get(tried) or colormap[tried]
                return found if isinstance(found, str) else OTHER_DEPARTMENT
        return ""

    found = [meant(name) for name in names]
    return [each or OTHER_DEPARTMENT for each in found] if sum(map(bool, found)) >= NAMING * max(len(found), 1) else []


def logarithmic(values: npt.NDArray[np.floating[Any]], title: str, pattern: str, least: float) -> Scale:
    """A scale of powers of ten with round ticks; what is unknown or below `least` counts as `least`."""
    logs = np.log10(np.maximum(np.nan_to_num(values, nan=least), least)).astype(np.float32)
    low, high = (float(x) for x in np.quantile(logs, (0.01, 0.995))) if len(logs) else (0.0, 1.0)
    steps = [m * 10.0**e for e in range(-2, 6) for m in (1, 2, 5)]
    ticks = {float(np.log10(s)): pattern.format(s) for s in steps if low <= np.log10(s) <= high}
    return Scale(title, np.clip(logs, low, high), ticks)


def embedding_map(
    positions: Floats,
    labels: npt.NDArray[np.object_],
    colouring: Groups | Scale,
    rows: Rows,
    marks: Sequence[Marks],
    title: str,
) -> go.Figure:
    """The products of `rows` on a plane or in a cube (WebGL), coloured, with `marks` over them.

    positions (n, dims) in a box from -1 to 1, NaN for a product without a place, which is left out; labels (n,) of
    `hover_labels`. Each point carries its row as `customdata`.
    """
    rows = rows[np.isfinite(positions[rows]).all(axis=1)]
    dims = positions.shape[1]
    figure = go.Figure()
    if isinstance(colouring, Groups):
        _add_groups(figure, positions, labels, colouring, rows)
    else:
        _add_scaled(figure, positions, labels, colouring, rows)
    for mark in marks:
        if np.isfinite(mark.positions).all(axis=1).any():
            _add_marks(figure, mark, labels)
    figure_style(figure, "", height=HEIGHT)
    _frame(figure, dims, title)
    return figure


def join(figure: go.Figure, start: Floats, ends: Floats, colour: str) -> None:
    """Thin lines on a plane from one place (2,) to each of the others (m, 2), under all points."""
    ends = ends[np.isfinite(ends).all(axis=1)]
    lines = np.full((len(ends), 3, 2), np.nan)  # a gap after each line
    lines[:, 0], lines[:, 1] = start * UNIT, ends * UNIT
    flat = lines.reshape(-1, 2).round(0)
    x, y = ([None if np.isnan(value) else int(value) for value in flat[:, axis]] for axis in (0, 1))
    figure.add_scatter(
        x=x, y=y, mode="lines", showlegend=False, hoverinfo="skip", line={"color": colour, "width": 1.4}, opacity=0.55
    )


def apart(positions: Floats, first: Rows) -> Rows:
    """Rows whose small pictures lie beside each other on a plane: `first`, then those near the first of them.

    positions (n, 2) from -1 to 1, NaN for products that are not on it.
    """
    there = np.asarray(np.isfinite(positions).all(axis=1))
    first = first[there[first]]
    middle = positions[first[0]] if len(first) else np.zeros(2)
    away = np.where(there, np.abs(positions - middle).max(axis=1), np.inf)
    near = np.argsort(away, kind="stable")[: int(there.sum())]
    found: list[int] = []
    for row in dict.fromkeys([*first.tolist(), *near.tolist()]):
        gaps = np.abs(positions[found] - positions[row]) >= 2 * np.array(TILE)
        if gaps.any(axis=1).all():
            found.append(row)
        if len(found) == MOST_TILES:
            break
    return np.array(found, np.int32)


def tiles(figure: go.Figure, placed: Iterable[tuple[Floats, str]]) -> None:
    """Small pictures under the points of a plane: (place (2,), address) each."""
    for place, address in placed:
        figure.add_layout_image(
            source=address,
            xref="x",
            yref="y",
            x=float(place[0] * UNIT),
            y=float(place[1] * UNIT),
            sizex=2 * TILE[0] * UNIT,
            sizey=2 * TILE[1] * UNIT,
            xanchor="center",
            yanchor="middle",
            layer="below",
        )


def name_regions(figure: go.Figure, places: Iterable[tuple[float, float, str]]) -> None:
    """Words over the crowds of a plane: (x, y, words), in the page's own ink on a ground that lets the map through.

    A name that would lie on an earlier one where the map is as narrow as on a phone is moved up or down.
    """
    taken: list[tuple[float, float, float]] = []
    for x, y, words in places:
        text = chart_text(words)
        at = _free(taken, (x * NARROW / 2.1, y * LOW / 2.1, len(words) * NAME_LETTER))
        figure.add_annotation(
            x=x * UNIT,
            y=y * UNIT,
            yshift=at,
            xanchor="left" if x < -EDGE else "right" if x > EDGE else "center",
            text=f"<b>{text}</b>",
            showarrow=False,
            font={"size": 13, "color": NAME_INK},
            bgcolor=NAME_GROUND,
            borderpad=2,
            opacity=0.92,
        )


def _free(taken: list[tuple[float, float, float]], name: tuple[float, float, float]) -> int:
    """By how many pixels a name (x, y, width) is moved up so that it lies on none that is taken; it is taken then."""
    x, y, width = name
    for step in MOVED:
        moved = y + step * NAME_HEIGHT
        if all(abs(x - a) > (width + w) / 2 or abs(moved - b) >= NAME_HEIGHT for a, b, w in taken):
            taken.append((x, moved, width))
            return step * NAME_HEIGHT
    taken.append(name)
    return 0


def fill(figure: go.Figure, height: int) -> go.Figure:
    """The same plane from edge to edge: a map has no unit, so that it may be wider than high."""
    figure.update_layout(height=height, margin={"l": 0, "r": 0, "t": 0, "b": 0}, showlegend=False)
    figure.update_yaxes(scaleanchor=None)
    return figure


def _add(figure: go.Figure, points: Floats, **trace: Any) -> None:
    whole = np.round(np.clip(points, -1.09, 1.09) * UNIT).astype(np.int16)
    axes = dict(zip("xyz", whole.T, strict=False))
    if points.shape[1] == 3:
        trace.pop("selected", None)
        trace.pop("unselected", None)
        figure.add_scatter3d(**axes, mode="markers", **trace)
    else:
        figure.add_scattergl(**axes, mode="markers", **trace)


def _point_size(count: int, dims: int) -> float:
    return (2.2 if dims == 3 else 3.2) if count > 20_000 else (3 if dims == 3 else 4.5)


def _products(labels: npt.NDArray[np.object_], rows: Rows) -> dict[str, Any]:
    return {
        "text": labels[rows],
        "customdata": rows.astype(np.int32),
        "unselected": {"marker": {"opacity": 0.3}},
        "selected": {"marker": {"opacity": 1}},
    }


def _add_groups(figure: go.Figure, positions: Floats, labels: npt.NDArray[np.object_], by: Groups, rows: Rows) -> None:
    size = _point_size(len(rows), positions.shape[1])
    for code, name in enumerate(by.names):
        members = rows[by.codes[rows] == code]
        if len(members):
            _add(
                figure,
                positions[members],
                name=chart_text(name),
                **_products(labels, members),
                marker=_look(size, by.colours[code], by.true),
                hovertemplate="%{text}<extra>%{fullData.name}</extra>",
            )


def _look(size: float, colour: str, true: bool) -> dict[str, Any]:
    if true:
        return {"size": size + 2, "color": colour, "opacity": 0.95, "line": {"width": 0.8, "color": BACKGROUND}}
    return {"size": size, "color": colour, "opacity": 0.65, "line": {"width": 0}}


def _add_scaled(figure: go.Figure, positions: Floats, labels: npt.NDArray[np.object_], by: Scale, rows: Rows) -> None:
    rows = rows[np.argsort(by.values[rows], kind="stable")]  # the highest on top: they are what one looks for
    low, high = (float(f(by.values[rows])) for f in (np.min, np.max)) if len(rows) else (0.0, 1.0)
    shade = SHADES / max(high - low, 1e-9)
    ticks = by.ticks or {v / 10: f"{v / 10:.1f}" for v in range(-10, 11) if low <= v / 10 <= high}
    bar = {
        "title": {"text": chart_text(by.title), "side": "right"},
        "thickness": 12,
        "len": 0.7,
        "outlinewidth": 0,
        "tickvals": [(value - low) * shade for value in ticks],
        "ticktext": list(ticks.values()),
    }
    shades = np.round((by.values[rows] - low) * shade).astype(np.uint8)
    marker = {
        "size": _point_size(len(rows), positions.shape[1]),
        "color": shades,
        "cmin": 0,
        "cmax": SHADES,
        "colorscale": SEQUENTIAL,
        "opacity": 0.7,
        "colorbar": bar,
        "line": {"width": 0},
    }
    _add(
        figure,
        positions[rows],
        name="products",
        showlegend=False,
        **_products(labels, rows),
        marker=marker,
        hovertemplate="%{text}<extra></extra>",
    )


def _add_marks(figure: go.Figure, mark: Marks, labels: npt.NDArray[np.object_]) -> None:
    three = mark.positions.shape[1] == 3
    marker = {
        "size": mark.size * (0.5 if three else 1),
        "color": mark.colour,
        "symbol": SYMBOLS_3D.get(mark.symbol, mark.symbol) if three else mark.symbol,
        "line": {"width": 1.5, "color": "white"},
        "opacity": 1,
    }
    data: dict[str, Any] = {"hovertemplate": "%{fullData.name}<extra></extra>", "meta": mark.meta or None}
    if mark.rows is not None:
        there = np.isfinite(mark.positions).all(axis=1)
        rows = mark.rows[there]
        mark = replace(mark, positions=mark.positions[there])
        data = {
            "text": labels[rows],
            "customdata": rows.astype(np.int32),
            "hovertemplate": "%{text}<extra>%{fullData.name}</extra>",
        }
    _add(
        figure, mark.positions, name=chart_text(mark.name), marker=marker, unselected={"marker": {"opacity": 1}}, **data
    )


def _frame(figure: go.Figure, dims: int, title: str) -> None:
    """No axes (a map's units mean nothing), the same view kept while only colours or marks change."""
    hidden = {"visible": False, "showgrid": False, "zeroline": False}
    figure.update_layout(modebar={"bgcolor": "rgba(0,0,0,0)", "color": BACKGROUND, "activecolor": SHOWN})
    room = 22 * (1 + sum(len(str(trace.name)) + 5 for trace in figure.data if trace.showlegend is not False) // 85)
    figure.update_layout(
        uirevision=title,
        margin={"l": 0, "r": 0, "t": 32, "b": room},
        hovermode="closest",
        legend={"orientation": "h", "x": 0, "yref": "container", "y": 0, "yanchor": "bottom", "itemsizing": "constant",
                "font": {"size": 12}, "maxheight": 130},
    )  # fmt: skip
    if dims == 3:
        edges = dict.fromkeys(("xaxis", "yaxis", "zaxis"), hidden | {"range": [-UNIT * 1.05, UNIT * 1.05]})
        figure.update_layout(
            scene={
                **edges,
                "aspectmode": "cube",
                "dragmode": "orbit",
                "camera": {"eye": {"x": 0.95, "y": 0.95, "z": 0.6}},
            }
        )
        return
    figure.update_layout(dragmode="pan", clickmode="event+select")
    figure.update_xaxes(range=[-UNIT * 1.05, UNIT * 1.05], **hidden)
    figure.update_yaxes(range=[-UNIT * 1.05, UNIT * 1.05], scaleanchor="x", **hidden)
