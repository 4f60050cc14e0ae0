"""What displays, mailers and price offers go with, and what that does not prove."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.shared.drawing import draw
from pages.shared.facts import OF_INTERVALS, Fact, facts
from pages.shared.finding import between, finding
from pages.shared.wording import money, plain
from recsys.engine.offers import PROMOTIONS
from recsys.plots.style import written

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.engine.offers import Effect

LABELS: Final = {
    "display": "On display",
    "mailer": "In the mailer",
    "both": "Display and mailer",
    "offer": "On price offer",
    "before": "Week before",
}
WITHIN: Final = {
    "product weeks": "same product, same week, other places",
    "weeks": "same product and place, other weeks",
}


def section(engine: Engine) -> None:
    """The finding, the figures with intervals, in money, and the warning."""
    if not engine.offers.prepared(PROMOTIONS):
        st.info("What displays and offers go with is still being worked out.", icon=":material/hourglass_top:")
        return
    found = engine.offers.effects
    if not any(each.name != "before" for each in found):
        st.info(
            "Nothing is known here of displays, mailers or price offers beside dated sales. It takes which product was "
            "on display, in the mailer or on offer when, in thirty weeks of a product or more.",
            icon=":material/campaign:",
        )
        return
    main = [each for each in found if each.within == found[0].within]
    shown = [each for each in main if each.name != "before"]
    finding(plain(sentence(shown) + doubt(main)))
    facts([_fact(engine, each) for each in shown], narrowest=OF_INTERVALS)
    _chart(engine, found)
    st.warning(plain(warning(main)), icon=":material/warning:")
    _how(engine)


def sentence(shown: list[Effect]) -> str:
    """The effects in one sentence, with their intervals."""
    told = [f"{times(each.times)} as much {LABELS[each.name][:1].lower()}{LABELS[each.name][1:]} (95 %: "
            f"{between((each.low, each.high), times)})" for each in shown]  # fmt: skip
    return f"A product sells {'; '.join(told)}."


def doubt(main: list[Effect]) -> str:
    """What the check of the week before leaves of it, in a sentence; "" where it holds or cannot be made."""
    before = next((each for each in main if each.name == "before"), None)
    if before is None or before.low <= 1 <= before.high:
        return ""
    return " Not all of it is their doing: a check fails."


def times(value: float) -> str:
    """A factor in words: "1.4 times"."""
    return f"{value:.2f}×"


def _fact(engine: Engine, each: Effect) -> Fact:
    extra = each.units_without * (each.times - 1) * each.price
    ends = [each.units_without * (end - 1) * each.price for end in (each.low, each.high)]
    if math.isnan(extra):
        return Fact(LABELS[each.name], times(each.times))
    said = f"{money(extra, engine.shop)} a week"
    help = (
        f"More sales of one product in one place and week: {each.units_without:.2f} pieces without, at "
        f"{money(each.price, engine.shop)} each. "
        f"{engine.shop.number(each.flagged)} such weeks of {engine.shop.number(each.products)} products."
    )
    told = f"one product in one place; 95 %: {between(ends, lambda value: money(value, engine.shop))}"
    return Fact(f"{LABELS[each.name]}: more sales", said, plain(help), plain(told))


def _chart(engine: Engine, found: tuple[Effect, ...]) -> None:
    from recsys.plots.offers import effect_bars

    rows = [(WITHIN[each.within], LABELS[each.name], each.times, each.low, each.high) for each in found]
    figure = written(effect_bars(rows), engine.shop.money)
    draw(figure, "offers.effects", "Points with intervals: how many times as much is sold.")


def warning(main: list[Effect]) -> str:
    """What this does not prove, and whether the check of the week before holds."""
    before = next((each for each in main if each.name == "before"), None)
    said = (
        "This is observation and no experiment: somebody chose what to display, mail and lower in price, and when. "
        "Prices cut in the same week and place count as part of it, and what is bought early is missing later."
    )
    if before is None:
        return said
    ends = between((before.low, before.high), times)
    if before.low <= 1 <= before.high:
        return f"{said} A check holds: the week before anything begins sells as others do ({ends})."
    return (
        f"{said} A check fails: already in the week before anything begins {times(before.times)} as much is sold "
        f"({ends}), so that a part of the difference is not the display's or mailer's doing."
    )


def _how(engine: Engine) -> None:
    info = engine.offers.info(PROMOTIONS)
    with st.expander("How this was measured"):
        st.markdown(
            plain(
                f"Weekly sales of {engine.shop.number(info['series'])} best-selling series ({info['where']}) over "
                f"{info['weeks']} weeks, {engine.shop.number(info['rows'])} rows of promotions read. A Poisson "
                "regression takes out how well "
                "each series sells and what each week does (to all, or to the same product elsewhere); "
                "intervals let all weeks and places of a product hang together."
            )
        )
