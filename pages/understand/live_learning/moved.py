"""What each piece of feedback moved: in words, on the map, and in a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import streamlit as st

from pages.shared.drawing import draw
from pages.shared.tables import export
from pages.shared.wording import count, cut
from recsys.engine.learning import NEAREST

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.engine.learning import Lesson, Shift
    from recsys.schema import Floats, Rows

TITLE_LENGTH: Final = 40
DONE: Final = {"like": "liked", "basket": "put into the basket", "click": "looked at", "dislike": "turned down"}
DIMS: Final = 2
ACT, PLACE = 70, 85  # pixels: on a telephone an act stands beside what it moved, and then the product's name
DRAWN: Final = 12  # products that moved, on the map: those that moved furthest


def sentence(engine: Engine, lesson: Lesson) -> str:
    """What was learned by now, and what it changed."""
    if not lesson.steps:
        return "Press ♡ on three products, and see the system learn: the shelf, the map and the ranks move at once."
    others = len(np.setdiff1d(lesson.shelf, lesson.before))
    said = count(len(lesson.steps), "act", shop=engine.shop)
    nearest = str(engine.catalogue.titles[int(lesson.steps[-1].near[0])])
    are = "is another" if others == 1 else "are others"
    new = f"{others} of {len(lesson.shelf)} products {are} than before" if others else "the shelf holds the same"
    return f"After {said}, {new}; what is learned is nearest to “{cut(nearest, TITLE_LENGTH)}”."


def notes(engine: Engine, lesson: Lesson) -> list[str]:
    """What does not count."""
    if not lesson.forgotten:
        return []
    older = count(lesson.forgotten, "older piece", shop=engine.shop)
    return [f"{older} of feedback do not count: the latest {len(lesson.steps)} do, however many were given."]


def way(engine: Engine, lesson: Lesson) -> None:
    """The way of the taste and of the products over the map; before any act, where the shelf lies on it."""
    planes = [each for each in engine.maps() if each.dims == DIMS]
    if not planes:
        return
    positions = engine.map_positions(planes[0].method, DIMS)
    with st.container(border=True):
        if lesson.steps:
            _path(engine, lesson, positions)
        else:
            _shelf(engine, lesson, positions)


def _shelf(engine: Engine, lesson: Lesson, positions: Floats) -> None:
    from recsys.plots.learning import shelf_on_map

    names = [cut(str(engine.catalogue.titles[row]), TITLE_LENGTH) for row in lesson.shelf]
    figure = shelf_on_map(positions, positions[lesson.shelf], names)
    draw(figure, "learning.map", f"Map: the {len(names)} products of the shelf among all products.")
    st.caption("Near on the map means alike. Press ♡: the way of your taste over it is drawn here, act by act.")


def _path(engine: Engine, lesson: Lesson, positions: Floats) -> None:
    from recsys.plots.learning import add_moves, close_up
    from recsys.plots.portrait import taste_path

    spots = [(lesson.start, "before any feedback")] if len(lesson.start) else []
    spots += [(step.near, f"after {_done(engine, step.row, step.kind)}") for step in lesson.steps]
    path = np.stack([_spot(positions, near) for near, _ in spots])
    acted = positions[[step.row for step in lesson.steps]][-3:]
    names = [cut(str(engine.catalogue.titles[step.row]), TITLE_LENGTH) for step in lesson.steps[-3:]]
    figure = taste_path(positions, path, [said for _, said in spots], acted, names, "taste, act by act")
    moves = [(shift, _went(positions, shift)) for shift in lesson.shifts[:DRAWN]]
    seen = [(shift, spot) for shift, spot in moves if not np.allclose(spot, positions[shift.row])]
    there = [path, acted]
    if seen:
        came, went = positions[[shift.row for shift, _ in seen]], np.stack([spot for _, spot in seen])
        add_moves(figure, came, went, [_moved(engine, shift) for shift, _ in seen], "products that moved")
        there += [came, went]
    near = close_up(figure, positions, np.concatenate(there))
    draw(figure, "learning.map", f"Map: the taste after each of {len(lesson.steps)} acts, and {len(seen)} products.")
    st.caption(
        "Each point of the line is the middle of the twelve products nearest to what was learned by then; diamonds "
        f"are the latest products that were acted on. {_of_moves(lesson, len(seen))}"
        f"{' Shown is the part of the map where it happens.' if near else ''}"
    )


def _of_moves(lesson: Lesson, drawn: int) -> str:
    """What is drawn of the products that moved."""
    if not lesson.shifts:
        return "Products stay where they are: the slider “Products move” lets them."
    return (
        f"Dotted arrows: {drawn} of {len(lesson.shifts)} products that moved for this person, by as much as the middle "
        "of their nearest neighbours did; the others are among the same neighbours as before."
    )


def _went(positions: Floats, shift: Shift) -> Floats:
    """Where on the map a product lies now: moved as the middle of its neighbours is."""
    return np.asarray(positions[shift.row] + _spot(positions, shift.near) - _spot(positions, shift.was), np.float32)


def _moved(engine: Engine, shift: Shift) -> str:
    title = cut(str(engine.catalogue.titles[shift.row]), TITLE_LENGTH)
    return f"“{title}” moved {'towards' if shift.towards else 'away from'} the taste, by {shift.by:.2f}"


def products(engine: Engine, lesson: Lesson) -> None:
    """A line for each product that moved for this person: how far, which way, and how many neighbours are others."""
    if not lesson.shifts:
        return
    table = pd.DataFrame(
        {
            "way": ["towards the taste" if shift.towards else "away from it" for shift in lesson.shifts],
            "by": [round(shift.by, 4) for shift in lesson.shifts],
            "product": [str(engine.catalogue.titles[shift.row]) for shift in lesson.shifts],
            "others": [len(np.setdiff1d(shift.near, shift.was)) for shift in lesson.shifts],
        }
    )
    st.markdown("#### Which products moved")
    st.dataframe(
        table,
        hide_index=True,
        key="learning.products",
        column_config={
            "product": st.column_config.TextColumn("Product", width="large"),
            "way": st.column_config.TextColumn("Moved", help="What was liked goes there, what was passed by leaves"),
            "by": st.column_config.NumberColumn(
                "By",
                format="%.3f",
                help="Length of the difference; a product lies at length 1 from the middle",
            ),
            "others": st.column_config.NumberColumn(
                "New neighbours", help=f"Of its {NEAREST} nearest products, those that were none before it moved"
            ),
        },
    )
    export(table, "learning_products.csv", "learning.save_products")
    st.caption("For this person alone; everybody else finds the products where they were. Furthest first.")


def _spot(positions: Floats, near: Rows) -> Floats:
    """The middle of some products on the map, one far from the rest not pulling it: the median of each axis."""
    return np.asarray(np.median(positions[near], axis=0), np.float32)


def _done(engine: Engine, row: int, kind: str) -> str:
    return f"“{cut(str(engine.catalogue.titles[row]), TITLE_LENGTH)}” was {DONE[kind]}"


def steps(engine: Engine, lesson: Lesson) -> None:
    """A line for each act: how far the taste moved, and the product's own place before and after."""
    if not lesson.steps:
        return
    table = pd.DataFrame(
        {
            "act": [DONE[step.kind] for step in lesson.steps],
            "was": [step.was for step in lesson.steps],
            "now": [step.now for step in lesson.steps],
            "product": [str(engine.catalogue.titles[step.row]) for step in lesson.steps],
            "moved": [round(step.moved, 4) for step in lesson.steps],
            "passed": [step.passed for step in lesson.steps],
        }
    )[::-1]
    st.markdown("#### What each act moved")
    st.dataframe(
        table,
        hide_index=True,
        key="learning.steps",
        column_config={
            "act": st.column_config.TextColumn("Act", width=ACT),
            "product": st.column_config.TextColumn("Product", width="large"),
            "passed": st.column_config.NumberColumn(
                "Passed by", help="Products above it on this shelf that nothing was done with: it is preferred to them"
            ),
            "moved": st.column_config.NumberColumn(
                "Taste moved", format="%.3f", help="Length of the step in the space of tastes; later steps are shorter"
            ),
            "was": st.column_config.NumberColumn(
                "Place before", width=PLACE, format="localized", help="Among all products, look-alikes counted each"
            ),
            "now": st.column_config.NumberColumn(
                "Place after",
                width=PLACE,
                format="localized",
                help="The same after this act; what is turned down leaves the shelf",
            ),
        },
    )
    export(table, "learning.csv", "learning.save")
    st.caption(
        "Latest first. Places are among all products; the shelf above shows one of each group of look-alikes, and its "
        "arrows compare with the shelf before any feedback."
    )
