"""What the comparison found: in one sentence, as shelves with lines, in figures, and what did it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from pages.shared import pictures
from pages.shared.drawing import draw
from pages.shared.facts import NARROWEST
from pages.shared.tables import money_column
from pages.shared.wording import count, plain, points
from pages.understand.compare.setting import LETTERS
from recsys.engine.comparing import ABSENT, FOLDED, MEASURES, OTHERS, PART, TURNED_DOWN, WHOLE, Change, Compared, Seen
from recsys.engine.sides import FEWEST

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.schema import Answer

INK: Final = {"light": "#31333F", "dark": "#FAFAFA"}  # titles are read, not glanced at as the words of an axis are
SHELF_WIDTH: Final = 285  # pixels of one of three or four shelves, which scroll where there is less room
DRAWN: Final = 30  # products of a shelf in the chart at most
WHY: Final = {
    ABSENT: "as only one of both finds them",
    FOLDED: "as look-alikes stand for them",
    TURNED_DOWN: "as they were turned down",
    OTHERS: "as others passed them",
}
RBO: Final = (
    "Rank-biased overlap (Webber et al. 2010, extrapolated, p = 0.9): how far two lists agree, the first places "
    "counting most. 1: the same list; 0: nothing in common."
)
SHARED: Final = "How many products of the first side's shelf are on this one too, wherever they stand."


def sentence(engine: Engine, found: Compared) -> str:
    """The finding as Markdown: how far each side agrees with the first, and what did most of it."""
    first, *others = found.sides
    if all(not side.answer.items for side in found.sides):
        return "No side finds anything: try another query, or fewer filters."
    said = [_against(engine, found, at, side, first) for at, side in enumerate(others)]
    return plain(" ".join(said))


def _against(engine: Engine, found: Compared, at: int, side: Seen, first: Seen) -> str:
    letter, longest = LETTERS[at + 1], max(len(side.answer.items), len(first.answer.items))
    if [item.row for item in side.answer.items] == [item.row for item in first.answer.items]:
        return f"{letter} shows the same products as A, in the same order."
    if not side.answer.items or not first.answer.items:
        return f"{letter if not side.answer.items else 'A'} shows nothing."
    changes = found.changes[at]
    if not changes:
        return f"{letter} shows the same {longest} products as A in another order (rank-biased overlap {_rbo(side)})."
    came = sum(change.entered for change in changes)
    products = count(longest, "product", shop=engine.shop)
    return (
        f"{letter} shares {side.agreement.shared} of {products} with A (rank-biased overlap {_rbo(side)}): {came} "
        f"came, {len(changes) - came} went{_most(engine, changes, _whole(first.answer, side.answer))}."
    )


def _rbo(side: Seen) -> str:
    return "unknown" if math.isnan(side.agreement.rbo) else f"{side.agreement.rbo:.2f}"


def _most(engine: Engine, changes: Sequence[Change], whole: str) -> str:
    """ ", mostly by “Fits the taste”"."""
    named = Counter(_what(engine, change, whole) for change in changes)
    what, times = named.most_common(1)[0]
    how = "all" if times == len(changes) else "mostly" if 2 * times > len(changes) else "most often"
    return f", {how} {what}"


def _what(engine: Engine, change: Change, whole: str) -> str:
    """What did it, as the end of a sentence."""
    if change.cause == PART:
        return f"by “{engine.parts.labels.get(change.part, change.part)}”"
    return f"by {whole}" if change.cause == WHOLE else WHY[change.cause]


def lines(engine: Engine, found: Compared, names: Sequence[str]) -> None:
    """The shelves beside each other, in rank order, with a line wherever two neighbours show the same product."""
    from recsys.plots.compare import Column, rank_lines

    columns = [Column(name, _places(engine, side.answer)) for name, side in zip(names, found.sides, strict=True)]
    firsts = [", ".join(item.title for item in side.answer.items[:3]) for side in found.sides]
    told = [f"{name} shows {first}" for name, first in zip(names, firsts, strict=True)]
    with st.grid(1, min_column_width=NARROWEST if len(columns) == FEWEST else SHELF_WIDTH * len(columns), wrap=False):
        draw(
            rank_lines(columns, INK.get(st.context.theme.type or "")),
            "compare.lines",
            f"Shelves beside each other. First on each: {'; '.join(told)}.",
        )
    long = max(len(side.answer.items) for side in found.sides)
    more = f" The first {DRAWN} of {long} are drawn." if long > DRAWN else ""
    st.caption(f"A hollow number: the shelf beside it does not show this product.{more}")


def _places(engine: Engine, answer: Answer) -> list[Any]:
    from recsys.plots.compare import Place

    shown = zip(answer.items[:DRAWN], pictures.sources(engine, answer), strict=False)
    return [
        Place(str(item.item_id), item.title, item.rank, picture, f"{points(item.score)} points. {item.reason}")
        for item, picture in shown
    ]


def figures(engine: Engine, found: Compared, names: Sequence[str]) -> None:
    """A row for each side: how far it agrees with the first, and what its shelf is worth."""
    st.markdown("#### What each shelf is worth")
    known = [each for each in MEASURES if any(side.measured.get(each.name) is not None for side in found.sides)]
    table = pd.DataFrame(
        [
            {
                "side": name,
                "shared": f"{side.agreement.shared} of {max(len(side.answer.items), len(found.sides[0].answer.items))}",
                "rbo": side.agreement.rbo,
                **{each.name: side.measured.get(each.name) for each in known},
            }
            for name, side in zip(names, found.sides, strict=True)
        ]
    )
    columns = {
        "side": st.column_config.TextColumn("Side", pinned=True),
        "shared": st.column_config.TextColumn("Shared with A", help=SHARED),
        "rbo": st.column_config.NumberColumn("RBO with A", format="%.2f", help=RBO),
        **{each.name: _column(engine, each) for each in known},
    }
    alt = _figures_said(names, found)
    st.dataframe(table, hide_index=True, column_config=columns, key="compare.figures", alt=alt, placeholder="–")
    st.caption(
        "Point at a column's name for its definition. Relevance kept is against each side's own best order: sides "
        "score by different settings."
    )


def _column(engine: Engine, measure: Any) -> Any:
    if measure.unit == "money":
        return money_column(measure.label, engine.shop, measure.help)
    unit = f" In {measure.unit}." if measure.unit in {"bits", "nats"} else ""
    form = "percent" if measure.unit == "share" else "%.2f"
    return st.column_config.NumberColumn(measure.label, format=form, help=f"{measure.help}{unit}")


def _figures_said(names: Sequence[str], found: Compared) -> str:
    told = [f"{name}: rank-biased overlap {_rbo(side)}" for name, side in zip(names, found.sides, strict=True)]
    return f"Table of figures. {'; '.join(told)}."


def changes(engine: Engine, found: Compared, names: Sequence[str]) -> None:
    """For each side but the first: what came, what went, and what did it."""
    for at, changed in enumerate(found.changes):
        letter = LETTERS[at + 1]
        st.markdown(f"#### What came and went: {letter} against A")
        if not changed:
            st.caption(f"Nothing: {letter} shows the same products as A.")
            continue
        other = found.sides[at + 1].answer
        table = pd.DataFrame([_row(engine, change, letter, found.sides[0].answer, other) for change in changed])
        if not table["points"].any():
            table = table.drop(columns="points")
        columns = {
            "move": st.column_config.TextColumn("", width="small"),
            "title": st.column_config.TextColumn("Product", width="medium"),
            "first": st.column_config.TextColumn("On A", help=RANKS),
            "other": st.column_config.TextColumn(f"On {letter}", help=RANKS),
            "cause": st.column_config.TextColumn("What did it", width="large", help=CAUSES),
            "points": st.column_config.TextColumn(
                "Points", width="small",
                help="By how many of 100 points that part differs. Empty: no part does, or one score is not known.",
            ),
        }  # fmt: skip
        st.dataframe(
            table, hide_index=True, column_config=columns, key=f"compare.changes.{letter}",
            alt=f"Table of {len(changed)} products that are on {letter} or A alone, with what did it.",
        )  # fmt: skip


CAUSES: Final = (
    "The part of the score that differs most between the two sides, from the scores themselves; or that the whole "
    "shelf was put in another order, that a product was no candidate, or that others passed it."
)


RANKS: Final = "Its rank on the shelf; for what is not on it, where it stands by its score."


def _rank(rank: int | None, *, on: bool) -> str:
    if on:
        return str(rank)
    return "not found" if rank is None else f"not shown ({rank} by score)"


def _row(engine: Engine, change: Change, letter: str, first: Answer, other: Answer) -> dict[str, Any]:
    return {
        "move": "▲ came" if change.entered else "▼ went",
        "title": change.title,
        "first": _rank(change.first, on=not change.entered),
        "other": _rank(change.other, on=change.entered),
        "cause": cause(engine, change, letter, first, other),
        "points": f"{change.points * 100:+.1f}".replace("-", "−")
        if change.cause in (PART, WHOLE) and change.part
        else "",
    }


def cause(engine: Engine, change: Change, letter: str, first: Answer, other: Answer) -> str:
    """What did it, in words. The part is that whose points differ most between both sides."""
    part = engine.parts.labels.get(change.part, change.part)
    off = "A" if change.entered else letter
    if change.cause == ABSENT:
        return f"It is no candidate on {off}: nothing finds it there, or a filter leaves it out"
    if change.cause == FOLDED:
        return f"On {off} a look-alike stands for it"
    if change.cause == TURNED_DOWN:
        return f"On {off} it was turned down"
    if change.cause == OTHERS:
        return (
            "Its own score is the same: others passed it"
            if not change.entered
            else "Its score is the same: others fell"
        )
    if change.cause == WHOLE:
        also = f"; in the score “{part}” differs most" if part else ""
        return f"{_order(first, other)}{also}"
    return part


def _whole(first: Answer, other: Answer) -> str:
    """What puts the whole shelf of either side in an order that is not by score."""
    sorts = any(answer.request.sort for answer in (first, other))
    again = any(answer.request.reranking.on and not answer.request.sort for answer in (first, other))
    said = [*(["re-ranking"] if again else []), *(["sorting"] if sorts else [])]
    return " and ".join(said) or "the order"


def _order(first: Answer, other: Answer) -> str:
    """The same as a cause: what it does, and what it is not."""
    whole = _whole(first, other)
    return f"{whole[:1].upper()}{whole[1:]} of the whole shelf, not its own score"


def times(found: Compared, names: Sequence[str]) -> None:
    """Which steps took how long on each side."""
    from recsys.plots.compare import stage_times

    took = {
        name: [(stage.label.partition(" (")[0], stage.ms) for stage in side.answer.stages]
        for name, side in zip(names, found.sides, strict=True)
    }
    total = "; ".join(f"{name} {side.ms:.1f} ms" for name, side in zip(names, found.sides, strict=True))
    draw(stage_times(took), "compare.times", f"Bars of the milliseconds of each step. {total}.")
