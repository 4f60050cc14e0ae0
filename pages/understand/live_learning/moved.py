"""What each piece of feedback moved: in words, on the map, and in a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import streamlit as st

from pages.shared.drawing import draw
from pages.shared.tables import export
from pages.shared.wording import count, cut

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.engine.learning import Lesson
    from recsys.schema import Floats, Rows

TITLE_LENGTH: Final = 40
DONE: Final = {"like": "liked", "basket": "put into the basket", "click": "looked at", "dislike": "turned down"}
DIMS: Final = 2


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
    """The way of the taste over the map, a point for each act."""
    planes = [each for each in engine.maps() if each.dims == DIMS]
    if not planes or not lesson.steps:
        return
    from recsys.plots.portrait import taste_path

    positions = engine.map_positions(planes[0].method, DIMS)
    spots = [(lesson.start, "before any feedback")] if len(lesson.start) else []
    spots += [(step.near, f"after {_done(engine, step.row, step.kind)}") for step in lesson.steps]
    path = np.stack([_spot(positions, near) for near, _ in spots])
    acted = positions[[step.row for step in lesson.steps]][-3:]
    names = [cut(str(engine.catalogue.titles[step.row]), TITLE_LENGTH) for step in lesson.steps[-3:]]
    with st.container(border=True):
        figure = taste_path(positions, path, [said for _, said in spots], acted, names, "taste, act by act")
        draw(figure, "learning.map", f"Map: the taste after each of {len(lesson.steps)} acts, as a line.")
        st.caption(
            "Each point of the line is the middle of the twelve products nearest to what was learned by then; diamonds "
            "are the latest products that were acted on."
        )


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
            "product": [str(engine.catalogue.titles[step.row]) for step in lesson.steps],
            "passed": [step.passed for step in lesson.steps],
            "moved": [round(step.moved, 4) for step in lesson.steps],
            "was": [step.was for step in lesson.steps],
            "now": [step.now for step in lesson.steps],
        }
    )[::-1]
    st.markdown("#### What each act moved")
    st.dataframe(
        table,
        hide_index=True,
        key="learning.steps",
        column_config={
            "act": st.column_config.TextColumn("Act"),
            "product": st.column_config.TextColumn("Product", width="large"),
            "passed": st.column_config.NumberColumn(
                "Passed by", help="Products above it on this shelf that nothing was done with: it is preferred to them"
            ),
            "moved": st.column_config.NumberColumn(
                "Taste moved", format="%.3f", help="Length of the step in the space of tastes; later steps are shorter"
            ),
            "was": st.column_config.NumberColumn(
                "Place of all, before", format="localized", help="Among all products, look-alikes counted each"
            ),
            "now": st.column_config.NumberColumn(
                "Place of all, after",
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
