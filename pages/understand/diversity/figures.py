"""The measures of the shelf beside the sliders, and the frontier of relevance against diversity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

import streamlit as st

from pages.shared.drawing import draw
from pages.shared.facts import NARROWEST, columns
from pages.shared.wording import money, plain

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.engine.diversity import Diversity, Measured
    from recsys.shops.contract import Shop

SAME: Final = 5e-4  # a difference that no figure shows
LOWER_IS_BETTER: Final = {"calibration"}
NEUTRAL: Final = {"price", "gini", "novelty", "entropy", "tail"}  # whose aim it is depends on who asks


def measures(found: Diversity, engine: Engine) -> None:
    """Each measure of the shelf as it is, with how far it is from the shelf by score alone; its definition on hover."""
    known = [each for each in found.measured if each.after is not None]
    with st.grid(columns(len(known)), min_column_width=NARROWEST, gap="small"):
        for each in known:
            st.metric(
                each.measure.label,
                _shown(each, engine.shop),
                _difference(each, engine.shop),
                delta_color=_colour(each),
                help=plain(_help(each, engine.shop)),
            )
    st.caption("Better when higher: relevance, diversity. Better when lower: calibration error. The rest: as you aim.")
    lacking = [each.measure.label.lower() for each in found.measured if each.after is None]
    if lacking:
        st.caption(plain(f"Not known here: {', '.join(lacking)}."))


def _said(each: Measured, value: float | None, shop: Shop) -> str:
    if value is None:
        return "–"
    if each.measure.unit == "money":
        return money(value, shop)
    if each.measure.unit == "share":
        return f"{value * 100:.1f} %"
    return f"{value:.2f}"


def _shown(each: Measured, shop: Shop) -> str:
    """The figure as it stands on the page, where only an amount of money may hold a sign that Markdown reads."""
    said = _said(each, each.after, shop)
    return plain(said) if each.measure.unit == "money" else said


def _difference(each: Measured, shop: Shop) -> str | None:
    if each.before is None or each.after is None:
        return None
    step = each.after - each.before
    if abs(step) < SAME:
        return None
    if each.measure.unit == "share":
        return f"{step * 100:+.1f} points"
    if each.measure.name == "diversity" and each.before > 0:
        return f"{step / each.before * 100:+.1f} %"
    if each.measure.unit == "money":
        return f"{'-' if step < 0 else '+'}{plain(money(abs(step), shop))}"  # the sign stays bare: it turns the arrow
    return f"{step:+.2f}"


def _colour(each: Measured) -> Literal["normal", "inverse", "off"]:
    if each.measure.name in NEUTRAL or each.measure.unit == "money":
        return "off"
    return "inverse" if each.measure.name in LOWER_IS_BETTER else "normal"


def _help(each: Measured, shop: Shop) -> str:
    aim = f" Higher is {each.measure.higher_is}." if each.measure.higher_is else ""
    unit = f" In {each.measure.unit}." if each.measure.unit in {"bits", "nats"} else ""
    return f"{each.measure.help}{aim}{unit} By score alone: {_said(each, each.before, shop)}."


def curve(found: Diversity, engine: Engine) -> None:
    """The frontier for this request; where it has no two products to compare, that."""
    from recsys.plots.diversity import frontier

    if not found.frontier:
        st.info(
            "One product has no pairs to compare: ask for two or more to see what diversity costs.",
            icon=":material/info:",
        )
        return
    figure = frontier(found.frontier, found.current, found.knee, "What diversity costs here", engine.shop.money)
    last = found.frontier[-1]
    draw(
        figure,
        "diversity.frontier",
        f"Line: relevance kept against diversity, from 100 % at {found.frontier[0].diversity:.2f} to "
        f"{last.relevance:.0%} at {last.diversity:.2f}; this shelf and the suggested knee are marked.",
    )
