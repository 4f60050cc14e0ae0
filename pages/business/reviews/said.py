"""What some reviews say: the sentence, how it went over time, aspects, and quotes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.business.reviews import doubtful
from pages.shared.drawing import draw
from pages.shared.finding import NO_BREAK, between, finding, fine, plus, signed
from pages.shared.wording import count, cut, plain
from recsys.plots import reviews as plots

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.scenarios.reviews.analysing import Analysis, AspectFound
    from recsys.scenarios.reviews.over_time import Course
    from recsys.shops.contract import Shop

QUOTED: Final = 220  # characters
ONE_NAME: Final = 34
FEW: Final = 10  # reviews with words below which a share says little


def section(
    engine: Engine,
    analysis: Analysis,
    what: str,
    course: Course | None,
    texts: tuple[str, ...] = (),
    name: str = "shop",
) -> None:
    """Everything that is known of these reviews; `name` keeps two of them apart on a page."""
    finding(plain(sentence(analysis, what, engine.shop)))
    if not analysis.worded:
        if analysis.reviews:
            st.caption("None of them has words: there is nothing to read but stars.")
        return
    if analysis.worded < FEW:
        st.caption("Of so few, a share says little: see the interval.")
    _course(course, name)
    _aspects(analysis, name, engine.shop)
    left, right = st.columns(2, gap="medium")
    for column, head, quotes in ((left, "Praise", analysis.praise), (right, "Complaints", analysis.complaint)):
        with column:
            st.markdown(f"**{head}**")
            for quote in quotes:
                st.markdown(f"“{plain(cut(quote.text, QUOTED))}” :gray[{plus(quote.mood)}]")
            if not quotes:
                st.caption("No sentence is plain enough to quote.")
    doubtful.section(engine, analysis, list(texts) or list(engine.reviews.read.texts))


def sentence(analysis: Analysis, what: str, shop: Shop) -> str:
    """What share of them speaks well, within what bounds, and the stars."""
    if not analysis.reviews:
        return f"Nobody has reviewed {what} yet."
    given = "" if math.isnan(analysis.stars) else f"{analysis.stars:.1f} stars on average"
    if not analysis.worded:
        number = count(analysis.reviews, "review", shop=shop)
        return f"{what[:1].upper()}{what[1:]} has {number} without words{given and f', {given}'}."
    share = fine(analysis.good / analysis.worded)
    ends = between(analysis.good_share)
    silent = analysis.reviews - analysis.worded
    also = f"; {shop.number(silent)} more have stars alone" if silent else ""
    return (
        f"{share} of {count(analysis.worded, 'review', shop=shop)} of {what} speak well of it (95{NO_BREAK}%: {ends})"
        f"{given and f'; {given}'}{also}."
    )


def _course(course: Course | None, name: str) -> None:
    if course is None or course.change is None:
        st.caption("Too few dates are there to tell whether it gets better or worse.")
        return
    said = _went(course)
    st.markdown(plain(said))
    draw(
        plots.over_time([p.start for p in course.periods], [p.share for p in course.periods],
                        [p.interval for p in course.periods], [p.reviews for p in course.periods], course.unit),
        f"reviews.course.{name}",
        said,
    )  # fmt: skip


def _went(course: Course) -> str:
    change, (low, high) = course.change or 0.0, course.interval or (0.0, 0.0)
    verdict = "It gets better" if low > 0 else "It gets worse" if high < 0 else "No sure change"
    return (
        f"Better or worse? {verdict}: from the first day to the last, the share that speaks well changed by "
        f"{_in_points(change)} percentage points (95{NO_BREAK}%: {between((low, high), _in_points)})."
    )


def _in_points(share: float) -> str:
    return signed(share).removesuffix(f"{NO_BREAK}%")


def _aspects(analysis: Analysis, name: str, shop: Shop) -> None:
    found = analysis.aspects
    if not found:
        st.caption("Too few sentences are there to tell what they speak of.")
        return
    names = [cut(each.name, ONE_NAME) for each in found]
    draw(
        plots.by_aspect(names, [a.mood for a in found], [a.interval for a in found], [a.reviews for a in found]),
        f"reviews.aspects.{name}",
        "; ".join(f"{each.name}: {plus(each.mood)} in {shop.number(each.reviews)} reviews" for each in found),
    )
    for a in found:
        quote = f"“{plain(cut(a.quote, ONE_NAME * 3))}”" if a.quote else "no sentence is plain enough to quote"
        details = f"{plus(a.mood)} in {count(a.reviews, 'review', shop=shop)}; {_trend(a)}"
        st.markdown(f"**{plain(cut(a.name, ONE_NAME))}**: {quote} :gray[{details}]")
    st.caption(
        "Aspects are found in the texts: sentences of like meaning are one, in any language, and its things that "
        "stand out, in the language of most, name it; what holds verdicts alone is none. "
        "Lately: the later half of its dated sentences against the earlier one; the intervals "
        "hold for all aspects together."
    )


def _trend(aspect: AspectFound) -> str:
    if aspect.change is None or aspect.change_interval is None:
        return "lately: too few dates"
    low, high = aspect.change_interval
    sure = low > 0 or high < 0
    said = ("better" if aspect.change > 0 else "worse") if sure else "no sure change"
    return f"lately: {said} ({plus(aspect.change)}; {plus(low)} to {plus(high)})"
