"""What made the score: its parts, the purchases behind the taste, the words of the query."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.shared.drawing import draw
from pages.shared.wording import count, cut, parts_said, plain
from recsys.engine.whys import DUE, REPEAT, SHORTLIST, TASTE
from recsys.schema import Knobs

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.engine.whys import TasteShares
    from recsys.schema import Answer, RankedItem

LISTED: Final = (
    " “On the shortlist” is where the learned order starts for all that it puts on this {one}'s list of 150: it tells "
    "what is on the list from what is not, and hardly one of it from another."
)
OF_KINDS: Final = (
    " {named} also know what was bought of its kind and what was not: so they speak for a product, or against it, that "
    "was never bought itself."
)
SCALE: Final = "Points are on the scale of that shelf, whose first has most: compare numbers, not points, across lines."
LEFT_OUT: Final = 6  # purchases that have a line of their own
SINGLE: Final = 7  # purchases that have a step of their own
NAME_LENGTH: Final = 34
LINE_LENGTH: Final = 56  # in a table
GIVING: Final = " and ".join(
    f"“{knob.metadata['label']}”" for knob in fields(Knobs) if knob.name in ("discovery", "exploration")
)
SMALL: Final = 0.05  # points of 100 that are no step of their own


def parts(engine: Engine, item: RankedItem) -> None:
    """The score as the sum of its parts."""
    from recsys.plots.shelf import waterfall

    with st.container(border=True):
        said = ", ".join(parts_said(item.parts, engine.parts))
        draw(waterfall(item.parts, engine.parts), "whys.parts", f"Steps up to the score: {said}.")
        listed = LISTED.format(one=engine.shop.people.one) if SHORTLIST.name in item.parts else ""
        habits = [f"“{engine.parts.labels[name]}”" for name in (REPEAT.name, DUE.name) if item.parts.get(name)]
        never = habits and listed and not item.facts.get("times")
        kinds = OF_KINDS.format(named=" and ".join(habits)) if never else ""
        st.caption(
            f"The score is exactly the sum of these parts: nothing else was added, nothing is estimated.{listed}{kinds}"
        )


def taste(engine: Engine, answer: Answer, item: RankedItem) -> None:
    """The part of the taste, as the sum of what each purchase adds."""
    from recsys.plots.steps import steps_to

    shares = engine.whys.taste(answer.request, item.row)
    if shares is None or shares.total <= 0 or not any(shares.points):
        st.caption(f"**{plain(TASTE.label)}**: {plain(_no_taste(engine, answer, item, shares))}")
        return
    steps = _steps(engine, shares)
    with st.container(border=True):
        figure = steps_to(steps, 100 * shares.total, f"“{TASTE.label}”, purchase by purchase", "points of 100")
        said = ", ".join(f"{name} {points:+.1f}" for name, points in steps)
        draw(figure, "whys.taste", f"Steps up to the points of taste: {said}.")
        off = abs(shares.sum - shares.total)
        st.caption(
            "What the purchases of each product add to this part. What everybody buys is taken off, so that milk makes "
            "no two people alike; the scale begins at the last product found. "
            f"The steps and the part of the score differ by {100 * off:.5f} points: by rounding."
        )


def _steps(engine: Engine, shares: TasteShares) -> list[tuple[str, float]]:
    """Name and points of 100 of each step: single purchases, all others, and what is no purchase."""
    titles = engine.catalogue.titles
    each = [(int(row), 100 * points) for row, points in zip(shares.rows, shares.points, strict=True)]
    single = [(cut(str(titles[row]), NAME_LENGTH), points) for row, points in each[:SINGLE] if points > 0]
    others = sum(points for _, points in each) - sum(points for _, points in single)
    rest = [
        (f"{count(len(each) - len(single), 'other product', shop=engine.shop)}", others),
        ("What everybody buys", 100 * shares.common),
        ("Where the scale begins", 100 * shares.least),
        ("Learned order", 100 * shares.learned),
        ("Made room for feedback", 100 * shares.feedback),
    ]
    return single + [(name, points) for name, points in rest if abs(points) >= SMALL]


def _no_taste(engine: Engine, answer: Answer, item: RankedItem, shares: TasteShares | None) -> str:
    """Why there is nothing to draw."""
    one = engine.shop.people.one
    if answer.request.shopper is None:
        return f"Nobody in particular asks: pick a {one}, and what they bought counts."
    if not engine.whys.bought(answer.request):
        return f"This {one} has bought nothing yet, so that no purchase can speak for it."
    if item.parts.get(TASTE.name, 0.0) > 0:
        return "Its points of taste come from the learned order, which weighs kinds of products and no single purchase."
    if shares is None or shares.share <= 0:
        return f"Taste has no share of this score. The sliders {GIVING} give it one: they are shown in X-ray."
    return "It is no nearer to the taste than the last product found by it, so that no purchase speaks for it."


def purchases(engine: Engine, answer: Answer, item: RankedItem) -> None:
    """What each purchase does: the place and points of the product had it never been bought."""
    found = engine.whys.purchases(answer.request, item.row)
    if not found:
        return
    found_at = engine.whys.rank(answer.request, item.row)
    moving = [each for each in found if each.rank != found_at]
    idle = count(len(found) - len(moving), "other", shop=engine.shop)
    titles = engine.catalogue.titles
    lines = [(cut(str(titles[each.row]), LINE_LENGTH), each.rank, each.points) for each in moving[:LEFT_OUT]]
    one = engine.shop.people.one
    with st.container(border=True):
        if lines:
            _without(engine, answer, item, "What each purchase does", f"Without what the {one} bought of", lines)
        else:
            st.markdown("**What each purchase does**")
        none = "None of those that were left out changes its number." if not lines else ""
        rest = f" Left out too, without changing its number: {idle}." if lines and len(moving) < len(found) else ""
        st.caption(
            f"{none} Each line is the shop asked again, the learned order too, as if that had never been bought; what "
            f"brings it down most comes first.{rest} {SCALE} Together they may do more or less than one by one."
        )


def words(engine: Engine, answer: Answer, item: RankedItem) -> None:
    """What each word of the query does: its place and points without it."""
    if len(answer.request.query.split()) < 2:
        return
    lines = [(each.word, each.rank, each.points) for each in engine.whys.words(answer.request, item.row)]
    with st.container(border=True):
        _without(engine, answer, item, "What each word does", "Without the word", lines)
        st.caption(f"Each line is the shop asked again without that word. {SCALE}")


def _without(
    engine: Engine,
    answer: Answer,
    item: RankedItem,
    title: str,
    left_out: str,
    lines: list[tuple[str, int | None, float | None]],
) -> None:
    """A table of (what is left out, the number without it, the points without it), None where it is not found."""
    number = "its number by points" if answer.request.sort or answer.request.reranking.on else "its number"
    rows = [f"| {plain(left_out)} | {number} | its points |", "| :-- | --: | --: |"]
    for name, rank, points in lines:
        shown = "not found" if rank is None else engine.shop.number(rank)
        rows.append(f"| {plain(name)} | {shown} | {'–' if points is None else f'{100 * points:.1f}'} |")
    st.markdown(f"**{title}** :small[:gray[now number {item.rank}, {100 * item.score:.1f} points]]")
    st.markdown("\n".join(rows))
