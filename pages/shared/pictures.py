"""The pictures of products on a shelf: their own, else drawings that are told apart from each other."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pages.shared import state
from pages.shared.wording import drawn
from recsys.plots.picture import Look, looks, picture_svg
from recsys.plots.style import OTHER_DEPARTMENT, department_colours

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.schema import Answer, RankedItem


def of_shelf(engine: Engine, answer: Answer) -> list[str]:
    """A picture for each product of an answer, in its order, as Markdown."""
    colours = department_colours(state.department_names(engine))
    shown = looks((item.item_id, item.icon) for item in answer.items)
    return [
        of_product(engine, item.row, item.title) or _drawing(item, colours.get(item.department, OTHER_DEPARTMENT), look)
        for item, look in zip(answer.items, shown, strict=True)
    ]


def sources(engine: Engine, answer: Answer) -> list[str]:
    """A small picture for each product of an answer, in its order, as an address that a chart can draw."""
    colours = department_colours(state.department_names(engine))
    shown = looks((item.item_id, item.icon) for item in answer.items)
    return [
        _source(engine.thumbnail(item.row), item, colours.get(item.department, OTHER_DEPARTMENT), look)
        for item, look in zip(answer.items, shown, strict=True)
    ]


def _source(file: bytes | None, item: RankedItem, colour: str, look: Look) -> str:
    kind, data = ("jpeg", file) if file else ("svg+xml", picture_svg(item.icon, colour, look).encode())
    return f"data:image/{kind};base64,{b64encode(data).decode()}"


def of_rows(engine: Engine, rows: Sequence[int]) -> list[str]:
    """A picture for the product in each of these rows, in their order, as Markdown."""
    shop, colours = engine.catalogue, department_colours(state.department_names(engine))
    shown = looks((shop.id(row), shop.icons[row]) for row in rows)
    found = []
    for row, look in zip(rows, shown, strict=True):
        title, colour = str(shop.titles[row]), colours.get(str(shop.departments[row]), OTHER_DEPARTMENT)
        own = of_product(engine, row, title)
        found.append(own or drawn(picture_svg(shop.icons[row], colour, look), f"Drawing of {title}"))
    return found


def of_product(engine: Engine, row: int, title: str) -> str:
    """A product's own picture as Markdown, "" where it has none."""
    file = engine.picture(row)
    return drawn(file, f"Picture of {title}") if file else ""


def _drawing(item: RankedItem, colour: str, look: Look) -> str:
    return drawn(picture_svg(item.icon, colour, look), f"Drawing of {item.title}")
