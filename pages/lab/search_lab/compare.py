"""Systems side by side on one query: their lists with grades, their figures, how ranks change, and where time goes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from pages.lab.search_lab import choices, ruled
from pages.lab.search_lab import finding as search_lab_finding
from pages.lab.search_lab import grades as search_lab_grades
from pages.shared import state, strip
from pages.shared.drawing import draw
from pages.shared.tables import export
from pages.shared.wording import marked, money, parts_said, plain, points
from recsys.errors import FeedbackError
from recsys.evaluation.search import lab as search_lab
from recsys.evaluation.search.lab import MOST
from recsys.plots.card import score_bar_svg

if TYPE_CHECKING:
    from pages.lab.search_lab.choices import Shown
    from recsys.engine import Engine
    from recsys.evaluation.search.lab import Column, Twins
    from recsys.ranking.parts import PartRegistry
    from recsys.schema import RankedItem

TITLE: Final = 60
PARTS: Final = ("Lists", "Rank changes", "Milliseconds", "All scores")
# Pixels of a list: side by side on a laptop; on a phone one and the edge of the next, which is a swipe away.
NARROWEST, NARROWEST_OF_MOST = 312, 222
ALIKE: Final = "{} products have this title. Nobody can tell them apart here, so they count as one and share a grade."
METRICS: Final = {
    "ndcg@10": (
        "nDCG@10",
        "How high the list puts what was graded high: gain 2^grade − 1, the top places count most, "
        "1 is the best order of all that is graded for the query.",
    ),
    "p@10": ("P@10", "Precision: how many of the first ten are graded 1 or more, divided by ten."),
    "rr@10": (
        "RR@10",
        "Reciprocal rank: 1 / place of the first product graded 1 or more; 0 where none of the first ten is.",
    ),
    "judged@10": (
        "judged",
        "Share of the first ten that has a grade. The lower it is, the less the other figures "
        "say: what has no grade counts as 0.",
    ),
}


def nothing_asked() -> None:
    """The empty state: what this page is for, and what to do."""
    st.markdown("### :material/science: Which way of searching is best for your queries?")
    st.write(
        "Type a query. Two to four ways of searching answer it side by side: matching **words**, **meaning**, their "
        "**fusion**, the **personal** order for a shopper, and **your weights**. Grade what you see from 0 to 3 and "
        "each list gets its figures at once. Save the queries you care about as a set, and the lab says which way is "
        "best on all of them, how sure that is, and where it fails."
    )
    choices.examples()


def compare(engine: Engine, now: Shown) -> None:
    """The lists with their grades, and below them what they have in common and what not."""
    if now.example:
        st.caption(f":material/lightbulb: An example: “{plain(now.query)}”. Type one of your own above, or take one:")
        choices.examples()
    columns = _answers(engine, now)
    choices.without_shopper(now)
    choices.say_narrowed(now.scope)
    strip.notes(list(dict.fromkeys(note for column in columns for note in column.notes)))
    if not any(column.items for column in columns):
        with st.container(border=True):
            st.markdown("### :material/search_off: No system found anything")
            st.write("Try fewer or other words.")
        return
    own = choices.twins(engine).grades(choices.grades()).get(now.key, {})
    graded = ruled.query_grades(engine, now.key, {one for column in columns for one in column.ids}, own)
    if said := search_lab_finding.of_query(now.key, columns, graded):
        st.markdown(said)
    search_lab_grades.bar(now.key, own, ruled=len(own) < len(graded))
    lists, moves, times, scores = st.tabs(PARTS, key="search_lab.parts")
    with lists:
        _lists(engine.parts, columns, now, graded)
    with moves:
        _rank_changes(columns, now)
    with times:
        _times(columns)
    with scores:
        _scores(columns, now, graded)


def _answers(engine: Engine, now: Shown) -> list[Column]:
    """Asked once per query, systems and feedback: a click on a grade changes none of it."""
    asked = [search_lab.request_of(system, now.key, search_lab.DEPTH, now.scope) for system in now.systems]
    try:
        given = engine.feedback_of(asked[-1]) if any(system.personal for system in now.systems) else []
    except FeedbackError:
        given = []  # the answer says so itself
    key = repr((asked, given, engine.settings))
    return _asked(key, engine, now, choices.twins(engine))


@st.cache_resource(show_spinner="Asking every system…", max_entries=64, ttl=600)
def _asked(key: str, _engine: Engine, _now: Shown, _twins: Twins) -> list[Column]:
    return search_lab.side_by_side(_engine.answer, _now.key, _now.systems, scope=_now.scope, twins=_twins)


# --- the lists ------------------------------------------------------------------------------------------------


def _lists(parts: PartRegistry, columns: list[Column], now: Shown, graded: Mapping[str, int]) -> None:
    full = max((item.score for column in columns for item in column.items), default=1.0)
    narrowest = NARROWEST if len(columns) < MOST else NARROWEST_OF_MOST
    grid = st.grid(len(columns), min_column_width=narrowest, wrap=False, gap="small")
    for place, column in enumerate(columns):
        before = columns[place - 1] if place else None
        moved = search_lab.rank_change(before, column) if before else {}
        with grid, st.container(border=True):
            _head(column, now, graded)
            for one, item, alike in list(zip(column.ids, column.items, column.alike, strict=True))[: now.depth]:
                with st.container(gap="xsmall", key=f"search_lab.result.{column.system.name}.{one}"):
                    _title(parts, item, _change(moved.get(one), before), full, alike)
                    with _side_by_side():
                        search_lab_grades.control(column.system.name, one, item.title, now.key, graded.get(one))
                        st.markdown(
                            f":small[{plain(money(item.price, state.open_shop()))} · **{points(item.score)}**]",
                            width="content",
                            help=f"{_parts(parts, item)}  \n{plain(item.reason)}",
                        )
            if not column.items:
                st.caption("Nothing found.")


def _head(column: Column, now: Shown, graded: Mapping[str, int]) -> None:
    """The system, its figures, and its time."""
    values = search_lab.figures({now.key: column.ids}, {now.key: graded}).to_dict("records")[0]
    said = {
        label: f"{values[metric]:.0%}" if metric == "judged@10" else _figure(values[metric])
        for metric, (label, _) in METRICS.items()
    }
    took = f"{column.ms:.1f}" if column.ms < 10 else f"{column.ms:.0f}"
    st.markdown(f"##### {plain(column.system.label)} :small[:gray[{took} ms]]", help=_about(column))
    with st.container(horizontal=True, gap="xsmall"):
        for label, value in said.items():
            st.markdown(f"**{value}**  \n:small[:gray[{label}]]", width="content")


def _about(column: Column) -> str:
    """What the system is and what its figures mean, for those who hover over it."""
    meant = [f"**{label}**: {plain(about)}" for label, about in METRICS.values()]
    time = "**ms**: milliseconds of the whole answer, median of three."
    return "  \n".join([f"{plain(column.system.about)}.", *meant, time])


def _figure(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.3f}"


def _title(parts: PartRegistry, item: RankedItem, change: str, full: float, alike: int) -> None:
    several = f" :small[:gray[×{alike}]]" if alike > 1 else ""
    st.markdown(
        f":gray-badge[**{item.rank}**] {change} {item.icon} {marked(item.title, item.marks, TITLE)}{several}",
        help=ALIKE.format(alike) if several else None,
    )
    st.image(score_bar_svg(item.parts, full, parts), width="stretch", alt=f"What the score of {item.title} is made of")


def _side_by_side() -> Any:
    return st.container(horizontal=True, gap="xsmall", vertical_alignment="center", horizontal_alignment="distribute")


def _change(places: int | None, before: Column | None) -> str:
    """By how much a product stands higher than in the list to the left."""
    if before is None or places == 0:
        return ""
    if places is None:
        return ":orange-badge[new]"
    return f":green-badge[▲ {places}]" if places > 0 else f":gray-badge[▼ {-places}]"


def _parts(parts: PartRegistry, item: RankedItem) -> str:
    """The parts of a score, for those who hover over it."""
    return plain(" + ".join(parts_said(item.parts, parts)) + f" = {points(item.score)} points of 100")


# --- below the lists ------------------------------------------------------------------------------------------


def _rank_changes(columns: list[Column], now: Shown) -> None:
    from recsys.plots.search_lab import rank_lines

    figure = rank_lines(search_lab.ranks(columns), choices.labels(now.systems), now.depth)
    draw(figure, "search_lab.ranks", "Lines from list to list: the rank of each product in each system.")
    st.caption(
        f"A line joins the places of one product; one that leaves at the bottom leads to a place beyond "
        f"{now.depth}, and none to a place beyond {search_lab.DEPTH}. Titles on the left are those of "
        f"“{plain(columns[0].system.label)}”."
    )


def _times(columns: list[Column]) -> None:
    from recsys.plots.search_lab import stage_times

    figure = stage_times({column.system.label: column.stages for column in columns})
    draw(figure, "search_lab.times", "Stacked bars: the milliseconds of each step of each system's answer.")
    st.caption("Median of three answers; the systems take turns.")


def _scores(columns: list[Column], now: Shown, graded: Mapping[str, int]) -> None:
    """Every product of any list: its rank and score in each system, and the figures behind them."""
    table = search_lab.scores(columns, graded)
    names = [column.system.name for column in columns]
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown("#### All scores")
        export(table, "search-lab-scores.csv", "search_lab.scores.csv")
    for name in names:
        table[f"{name} score"] *= 100
    table["title"] = table["icon"] + " " + table["title"]
    order = ["title", "grade", *(f"{name}{what}" for name in names for what in ("", " score"))]
    behind = [name for name in ("bm25", "cosine_query", "cosine_taste") if table[name].notna().any()]
    st.dataframe(
        table[[*order, *behind]],
        key="search_lab.scores",
        hide_index=True,
        column_config=_columns(columns),
        placeholder="",
        height=38 + 35 * min(len(table), 12),
    )
    st.caption(
        "Ranks and scores by system; a score is in points of 100 and comparable within its system alone. Empty: "
        "not among its first 25."
    )


def _columns(columns: list[Column]) -> dict[str, Any]:
    number = st.column_config.NumberColumn
    per_system = {
        name: config
        for column in columns
        for name, config in {
            column.system.name: number(f"{column.system.label} rank", format="%d"),
            f"{column.system.name} score": number("score", format="%.1f", help=f"Points of {column.system.label}"),
        }.items()
    }
    return per_system | {
        "title": st.column_config.TextColumn("Product", width=230, pinned=True),
        "grade": number("Grade"),
        "bm25": number("BM25", format="%.2f", help="Strength of the matching words"),
        "cosine_query": number("Cosine to the query", format="%.3f", help="Similarity of meaning, −1 to 1"),
        "cosine_taste": number("Cosine to the taste", format="%.3f", help="Similarity to the shopper's taste, −1 to 1"),
    }
