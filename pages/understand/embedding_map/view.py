"""The embedding map as a page shows it: its controls, what is marked on it, and what was pointed at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import streamlit as st

from pages.shared import state
from pages.shared.wording import cut, plain
from pages.understand.embedding_map import colours, thumbnails
from pages.understand.embedding_map.placed import NEAR, placed
from pages.understand.embedding_map.placed import control as placed_by
from pages.understand.embedding_map.placed import missing as not_placed
from pages.understand.embedding_map.views import VIEWS
from recsys import schema as s
from recsys.engine import METHODS, WORDS
from recsys.plots import maps as drawing
from recsys.plots.style import HISTORY, PICTURE, QUERY, SHOPPER, SHOWN
from recsys.schema import Floats, Rows
from recsys.schema.capabilities import Capability

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from recsys.engine import CloseUp, Engine, MapInfo, Region
    from recsys.schema import Answer

CHART: Final = "map.chart"
REGION: Final = "map.region"  # rows of the products in the region that was drawn, plain whole numbers
SIMILARITY: Final = "Similarity is to the picture or the query; to the shopper when there is neither"
NEIGHBOURS: Final = 15
FOUND: Final = 300  # matches marked at most; more would hide the map
HISTORY_SHOWN: Final = 60
HERO_HEIGHT: Final = 500  # pixels: the map and the first of what it points to fit on a laptop
FOUND_COLOUR: Final = "#E3B505"
CONFIG: Final = {
    "displaylogo": False,
    "displayModeBar": True,
    "scrollZoom": True,
    "responsive": True,
    "modeBarButtons": [["pan2d", "zoom2d", "select2d", "lasso2d", "resetScale2d"]],
}
WINDOW: Final = "map.window"
WINDOWS: Final = {"near": "Near the picture", "whole": "Whole shop"}
CONFIG_3D: Final = CONFIG | {"modeBarButtons": [["orbitRotation", "pan3d", "zoom3d", "resetCameraDefault3d"]]}


# --- controls -------------------------------------------------------------------------------------------------------


def controls(engine: Engine) -> None:
    """By what products are placed, which map, how many dimensions, and what colour means."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        placed_by(engine)
        methods = {name: label for name, label in METHODS.items() if name in {m.method for m in maps(engine)}}
        _choice("map", "Map", methods, "UMAP and t-SNE keep neighbours together; PCA is a straight view")
        _choice("dims", "View", {"2": "2-D", "3": "3-D"}, "3-D turns with the mouse; regions are drawn in 2-D")
        _choice("colour", "Colour", colours.offered(engine), SIMILARITY)
        colours.which_attribute(engine)


def missing(engine: Engine) -> tuple[str, ...]:
    """Why the colour that was asked for is not shown, and who has no place; nothing where nobody asked."""
    chosen = str(state.choices()["colour"])
    needs = colours.COLOUR_NEEDS.get(chosen)
    asked = needs is not None and chosen != VIEWS["colour"][0]
    why = engine.capabilities.missing(needs) if asked and needs is not None else ()
    return (*why, *not_placed(engine))


def filters(engine: Engine) -> None:
    """Which departments are drawn, and words to find."""
    examples = engine.shop.examples.finds
    if engine.capabilities.has(Capability.DEPARTMENTS):
        _department_filter(engine)
    st.text_input(
        "Find products by name",
        key=state.seed_control("find"),
        on_change=state.take_control,
        args=("find",),
        placeholder="Words of a title" + (f", as in “{examples[0]}”" if examples else ""),
        icon=":material/manage_search:",
        max_chars=100,
        help="Products whose titles hold all of these words are marked on the map and listed.",
    )


def _department_filter(engine: Engine) -> None:
    st.session_state["map.departments"] = state.choices()["departments"]
    st.multiselect(
        "Departments on the map",
        state.department_names(engine),
        key="map.departments",
        on_change=_take_departments,
        placeholder="All departments",
        help="Draw products of these departments only; the storefront is filtered alike.",
    )


def _choice(name: str, label: str, options: dict[str, str], help_text: str) -> None:
    if state.choices()[name] not in options:  # this shop cannot show it
        state.choices()[name] = next(iter(options))
        st.session_state[state.control_key(name)] = state.choices()[name]
    st.segmented_control(
        label,
        list(options),
        format_func=options.__getitem__,
        key=state.seed_control(name),
        required=True,
        on_change=state.take_control,
        args=(name,),
        help=help_text,
    )


def _take_departments() -> None:
    state.choose(departments=list(st.session_state["map.departments"]))


# --- what is chosen -------------------------------------------------------------------------------------------------


def maps(engine: Engine) -> Sequence[MapInfo]:
    """The maps there are, as products are placed now."""
    return engine.maps(placed(engine))


def info(engine: Engine) -> MapInfo:
    """The map that is chosen. When the data has none of that kind, the first there is."""
    chosen, every = state.choices(), maps(engine)
    return next((m for m in every if (m.method, str(m.dims)) == (chosen["map"], chosen["dims"])), every[0])


def drawn_rows(engine: Engine) -> Rows:
    """The products of the chosen departments."""
    wanted = state.choices()["departments"]
    rows = np.arange(len(engine.items), dtype=np.int32)
    return rows[np.isin(engine.catalogue.departments, wanted)] if wanted else rows


def found_rows(engine: Engine) -> Rows:
    """The products whose titles hold all words that are looked for, most bought first."""
    words = state.choices()["find"].lower().split()
    if not words:
        return np.empty(0, np.int32)
    titles = engine.items[s.TITLE].str.lower()
    hit = np.logical_and.reduce([titles.str.contains(word, regex=False).to_numpy(bool) for word in words])
    rows = np.flatnonzero(hit).astype(np.int32)
    return rows[np.argsort(-engine.items[s.PURCHASES].to_numpy()[rows], kind="stable")]


def product(engine: Engine) -> int | None:
    """The row of the product that was pointed at; None when there is none."""
    return engine.catalogue.row(state.choices()["product"]) if state.choices()["product"] else None


def neighbours(engine: Engine, row: int) -> tuple[Rows, Floats, Rows]:
    """The products nearest to the one in `row`, as they are placed, one per kind: (rows, cosines, folded)."""
    near, folded = engine.neighbour_kinds(row, NEIGHBOURS, placed(engine))
    return near.rows, near.scores, folded


def region() -> list[int]:
    """The rows of the products in the region that was drawn."""
    rows: list[int] = st.session_state.get(REGION, [])
    return rows


def pointed() -> None:
    """Callback of the chart: a click asks for one product's neighbours, a box or a lasso for a list."""
    selection = st.session_state[CHART]["selection"]
    points = [p.get("customdata") for p in selection["points"]]
    rows = [int(c[0] if isinstance(c, list) else c) for c in points if c is not None and c != []]
    drawn = bool(selection["box"] or selection["lasso"])
    st.session_state[REGION] = list(dict.fromkeys(rows)) if drawn else []
    if rows and not drawn:
        state.choose(product=str(state.get_engine().catalogue.id(rows[0])))


# --- the drawing ----------------------------------------------------------------------------------------------------


@st.cache_resource(show_spinner=False, max_entries=2)
def _labels_of(version: str, _engine: Engine) -> npt.NDArray[np.object_]:
    return drawing.hover_labels(_engine.catalogue.titles.tolist(), _engine.catalogue.prices, _engine.shop.money)


@st.cache_resource(show_spinner=False, max_entries=6)
def _positions_of(version: str, method: str, dims: int, by: str, _engine: Engine) -> Floats:
    return drawing.spread(_engine.map_positions(method, dims, by))


def _labels(engine: Engine) -> npt.NDArray[np.object_]:
    return _labels_of(engine.plan.versions["dataset"], engine)


def _positions(engine: Engine, chosen: MapInfo) -> Floats:
    return _positions_of(_version(engine), chosen.method, chosen.dims, placed(engine), engine)


def _version(engine: Engine) -> str:
    """Of the files that the map comes from: what is remembered of one shop is not shown of another."""
    return engine.plan.versions["maps" if placed(engine) == WORDS else "picture_maps"]


def draw(engine: Engine, chosen: MapInfo, answer: Answer, close: CloseUp | None) -> None:
    """The map, with everything that is chosen on it; `close` is what lies near a picture, where that is shown."""
    positions = _positions(engine, chosen) if close is None else close.positions
    spots = _spots(engine, chosen, answer) if close is None else {"looks": close.spot[None]}
    figure = _figure(engine, chosen, answer, positions, spots)
    if chosen.dims == 2:
        _hero(figure, positions, answer, spots)
        if close is None:
            drawing.name_regions(figure, _names(engine, chosen))
        else:
            shown = drawing.apart(positions, _shelf(answer))
            drawing.tiles(figure, ((positions[r], to) for r, to in thumbnails.addresses(engine, shown.tolist())))
    what = "the products most like the picture" if close else "all products"
    st.plotly_chart(
        figure,
        key=CHART,
        on_select=pointed,
        selection_mode=("points", "box", "lasso"),
        config=CONFIG if chosen.dims == 2 else CONFIG_3D,
        alt=f"{chosen.title} map of {what}: near each other where {NEAR[placed(engine)]}.",
    )
    thumbnails.thumbnails(engine, answer, positions, CHART)


def _figure(
    engine: Engine, chosen: MapInfo, answer: Answer, positions: Floats, spots: Mapping[str, Floats]
) -> go.Figure:
    marks = [*_products_marked(engine, positions, answer), *_people_marked(answer, spots)]
    rows, colouring = drawn_rows(engine), colours.colouring(engine, answer)
    title = f"{chosen.title} {placed(engine)} {state.choices()['window'] if 'looks' in spots else ''}".strip()
    return drawing.embedding_map(positions, _labels(engine), colouring, rows, marks, title)


def _hero(figure: go.Figure, positions: Floats, answer: Answer, spots: Mapping[str, Floats]) -> None:
    """Lines from what is asked, or from who asks, to what it brought; without X-ray from edge to edge."""
    for who, colour in (("looks", PICTURE), ("query", QUERY), ("shopper", SHOPPER)):
        if who in spots:
            drawing.join(figure, spots[who][0], positions[_shelf(answer)], colour)
            break
    if not state.xray():
        drawing.fill(figure, HERO_HEIGHT)


def _shelf(answer: Answer) -> Rows:
    return np.array([item.row for item in answer.items], np.int32)


def _names(engine: Engine, chosen: MapInfo) -> Iterable[tuple[float, float, str]]:
    """The names of regions, and where they stand."""
    for region in _regions_of(_version(engine), chosen.method, placed(engine), engine):
        yield region.x, region.y, region.words


@st.cache_resource(show_spinner=False, max_entries=6)
def _regions_of(version: str, method: str, by: str, _engine: Engine) -> tuple[Region, ...]:
    return _engine.map_regions(method, by)


def finding(engine: Engine, answer: Answer, close: CloseUp | None) -> str:
    """What the map shows now, in one sentence with figures."""
    shop, every = engine.shop, engine.shop.number(len(engine.items))
    if not something(answer):
        return f"**{every} products, near each other where {NEAR[placed(engine)]}.** Search, or pick somebody."
    where = engine.catalogue.departments[[item.row for item in answer.items]]
    names, counts = np.unique(where.astype(str), return_counts=True)
    asked = answer.request.query.strip()
    who = f"“{plain(cut(asked, 40))}”" if asked else f"this {shop.people.one}'s taste"
    if answer.request.looks is not None:
        who = f"{who} like {_picture(answer)}" if asked else _picture(answer)
    said = f"**{len(answer.items)} of {every} products for {who}"
    if engine.capabilities.has(Capability.DEPARTMENTS) and len(counts):
        most = int(counts.argmax())
        said += f": {counts[most]} of them in {plain(names[most])}"
    return f"{said}.** {_marks_said(engine, answer, close)}"


def something(answer: Answer) -> bool:
    """Whether there is a query, a shopper or a picture that the shelf answers."""
    return bool(answer.vectors) or answer.request.looks is not None


def _picture(answer: Answer) -> str:
    """What the picture that is asked with is called within a sentence."""
    return "that product's picture" if answer.request.looks and answer.request.looks.item else "your picture"


def _marks_said(engine: Engine, answer: Answer, close: CloseUp | None) -> str:
    """What each mark that is on the map now stands for."""
    request, vectors = answer.request, answer.vectors if close is None else {}  # near a picture it stands alone
    marks = ["the picture stands where it belongs"] if _pinned(engine, answer) else []
    marks += ["the star is what is asked"] if "query" in vectors else []
    if "shopper" in vectors:
        marks.append("the diamond who asks")
    if _bought_before(request.shopper):
        marks.append("green squares what was bought most often")
    if answer.items:
        marks.append("orange circles, where the lines lead, what is on the shelf")
    if state.choices()["product"]:
        marks.append("the cross the product you clicked, and smaller circles what is nearest to it")
    said = ", ".join(marks) + "."
    return said[:1].upper() + said[1:]


def _pinned(engine: Engine, answer: Answer) -> bool:
    """Whether the picture that is asked with has a place on the map."""
    return placed(engine) != WORDS and engine.looks_vector(answer.request) is not None


def close_up(engine: Engine, answer: Answer) -> CloseUp | None:
    """What lies near the picture that is asked with; None where the whole shop is shown."""
    if state.choices()["window"] != "near" or not _has_window(engine, answer):
        return None
    return engine.close_up(answer, placed(engine))


def _has_window(engine: Engine, answer: Answer) -> bool:
    return info(engine).dims == 2 and bool(answer.items) and _pinned(engine, answer)


def look(engine: Engine, answer: Answer) -> None:
    """Near the picture that is asked with, or the whole shop: a choice, where there is one."""
    if not _has_window(engine, answer):
        return
    st.session_state[WINDOW] = state.choices()["window"]
    st.segmented_control(
        "Show",
        list(WINDOWS),
        format_func=WINDOWS.__getitem__,
        key=WINDOW,
        required=True,
        on_change=_take_window,
        help="The products most like the picture, on a map made for them, or all products on that of the shop.",
    )


def _take_window() -> None:
    state.choose(window=st.session_state[WINDOW])


def pointed_at(engine: Engine) -> bool:
    """Whether a product or a region was pointed at, or words are looked for."""
    return product(engine) is not None or bool(region()) or bool(state.choices()["find"].strip())


def nothing_to_compare(answer: Answer) -> bool:
    """Whether similarity is asked for while there is neither a query nor a known shopper."""
    return state.choices()["colour"] == "similarity" and not something(answer)


def _products_marked(engine: Engine, positions: Floats, answer: Answer) -> list[drawing.Marks]:
    marks = []

    def add(name: str, rows: Rows, colour: str, symbol: str, size: int) -> None:
        marks.append(drawing.Marks(name, positions[rows], colour, symbol, size, rows))

    if something(answer) and answer.items:
        add("on the shelf", np.array([item.row for item in answer.items], np.int32), SHOWN, "circle", 12)
    found = found_rows(engine)
    add(f"found: “{cut(state.choices()['find'], 20)}”", found[:FOUND], FOUND_COLOUR, "circle", 8)
    request = state.current_request()
    if _bought_before(request.shopper):
        bought = engine.history(str(request.shopper), HISTORY_SHOWN)[s.ITEM].to_numpy(np.int32)
        add("bought most often", bought, HISTORY, "square", 8)
    if (row := product(engine)) is not None:
        add("its nearest neighbours", neighbours(engine, row)[0], SHOWN, "circle", 11)
        add("the product you clicked", np.array([row], np.int32), SHOWN, "x", 15)
    return marks


def _bought_before(shopper: str | None) -> bool:
    """Whether what this shopper bought is marked: somebody known is chosen."""
    return shopper not in (None, s.NEW_SHOPPER)


def _people_marked(answer: Answer, spots: Mapping[str, Floats]) -> list[drawing.Marks]:
    looks = {
        "shopper": ("the shopper's taste", SHOPPER, "diamond"),
        "query": (f"“{cut(answer.request.query.strip(), 24)}”", QUERY, "star"),
        "looks": (_picture(answer), PICTURE, "hexagram"),
    }
    return [
        drawing.Marks(name, spots[who], colour, symbol, 19, meta=drawing.ASKED if who == "looks" else "")
        for who, (name, colour, symbol) in looks.items()
        if who in spots
    ]


def _spots(engine: Engine, chosen: MapInfo, answer: Answer) -> dict[str, Floats]:
    """Where the query, the shopper and the picture lie, (1, dims) each, by "query", "shopper" and "looks"."""
    return engine.spots(answer, chosen.method, chosen.dims, placed(engine))


def how_faithful(engine: Engine, chosen: MapInfo, close: CloseUp | None) -> str:
    """How far this map can be trusted, in plain words."""
    number = engine.shop.number
    if close is not None:
        return (
            f"**How far to trust this map:** it shows the {number(close.products)} products most like the picture "
            "along the two directions in which they differ most (principal components), which keep "
            f"**{close.kept:.0%}** of their differences; what is far off is drawn nearer than it is. "
            "Lines lead to what is on the shelf."
        )
    return (
        f"**How far to trust this map:** of each product's {chosen.neighbours_k} truly nearest neighbours, "
        f"**{chosen.faithfulness:.0%}** are among its {chosen.window} nearest here "
        f"(by chance: {min(1.0, chosen.window / max(chosen.fitted_on - 1, 1)):.1%}). {plain(chosen.note)} "
        "Products of which the same is known share a place and are fanned out a little; "
        f"{number(chosen.fitted_on)} places in all."
    )
