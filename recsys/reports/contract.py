"""What a report holds, as plain data: parts in their order, and what was asked, of which data, when, by which version.

Texts named `markdown` are read as the pages' Markdown (`recsys.reports.markdown`); all others are shown letter by
letter.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Look: TypeAlias = Literal["stack", "box", "row", "line", "cards"]


@dataclass(frozen=True, slots=True)
class Words:
    """A text; `quiet` as a caption is, `notice` in a frame of its own."""

    markdown: str
    look: Literal["", "quiet", "notice"] = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure with its name and what it means; `change` is how far it is from another, and whether that is good."""

    label: str
    value: str
    change: str = ""
    better: Literal["", "good", "bad"] = ""
    help: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A plotly figure as JSON, and what it shows in words."""

    spec: str
    alt: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its name, what it means, and whether it holds numbers."""

    label: str
    help: str = ""
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Cells as they are shown, row by row; `of` is how many rows there are in all."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    of: int


@dataclass(frozen=True, slots=True)
class Group:
    """Parts that stand together: below each other, in a box, in columns, in a line, or as cards.

    `widths` has a number for each part: its share of a row; in a line its pixels, 0 for what takes the room that is
    left, -1 for what is as wide as it needs. `narrowest` is the width of a card in pixels.
    """

    parts: tuple[Part, ...]
    look: Look = "stack"
    title: str = ""
    widths: tuple[float, ...] = ()
    narrowest: int = 0


Part: TypeAlias = Words | Fact | Chart | Table | Group


@dataclass(frozen=True, slots=True)
class Report:
    """One page as it stood at one moment. `asked`, `data` and `about` are pairs of a name and what is to be said."""

    title: str
    shop: str
    parts: tuple[Part, ...]
    asked: tuple[tuple[str, str], ...]
    data: tuple[tuple[str, str], ...]
    about: tuple[tuple[str, str], ...]
    card: str = ""  # the shop's data card, Markdown
    notices: tuple[str, ...] = field(default=())  # in plain words, before all else: "These people are made up."
