"""The drawings of products on a shelf, told apart from each other, in the colours of their departments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pages.shared import state
from recsys.plots.picture import looks, picture_svg
from recsys.plots.style import OTHER_DEPARTMENT, department_colours

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.schema import Answer


def of_shelf(engine: Engine, answer: Answer) -> list[str]:
    """A picture for each product of an answer, in its order, as SVG texts."""
    colours = department_colours(state.department_names(engine))
    shown = looks((item.item_id, item.icon) for item in answer.items)
    return [
        picture_svg(item.icon, colours.get(item.department, OTHER_DEPARTMENT), look)
        for item, look in zip(answer.items, shown, strict=True)
    ]
