"""What some reviews say: the sentence, aspects, quotes, and what is not to be taken at its word."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from pages.shared.drawing import draw
from pages.shared.finding import between, finding, fine
from pages.shared.wording import cut, plain
from recsys.plots import reviews as plots

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.scenarios.reviews.analysing import Analysis, AspectFound

QUOTED: Final = 220  # characters
LISTED: Final = 20
ONE_NAME: Final = 34


def section(engine: Engine, analysis: Analysis, what: str, texts: tuple[str, ...] = (), name: str = "shop") -> None:
    """Everything that is known of these reviews; `name` keeps two of them apart on a page."""
    finding(plain(_sentence(analysis, what)))
    if not analysis.worded:
        st.caption("None of them has words: there is nothing to read but stars.")
        return
    _aspects(analysis, name)
    left, right = st.columns(2, gap="medium")
    for column, head, quotes in ((left, "Praise", analysis.praise), (right, "Complaints", analysis.complaint)):
        with column:
            st.markdown(f"**{head}**")
            for quote in quotes:
                st.markdown(f"“{plain(cut(quote.text, QUOTED))}” :gray[{quote.mood:+.2f}]")
            if not quotes:
                st.caption("No sentence is plain enough to quote.")
    _doubtful(analysis, list(texts) or list(engine.reviews.read.texts))


def _sentence(analysis: Analysis, what: str) -> str:
    if not analysis.reviews:
        return f"Nobody has reviewed {what} yet."
    share = analysis.good / max(analysis.worded, 1)
    stars = "" if math.isnan(analysis.stars) else f", and {analysis.stars:.1f} stars are given on average"
    if not analysis.worded:
        return f"{what[:1].upper()}{what[1:]} has {analysis.reviews:,} reviews without words{stars}."
    low, high = analysis.interval
    return (
        f"{fine(share)} of {analysis.worded:,} reviews of {what} speak well of it{stars}: "
        f"{analysis.mood:+.2f} from −1, all bad, to 1, all good (95 %: "
        f"{between((low, high), lambda each: f'{each:+.2f}')})."
    )


def _aspects(analysis: Analysis, name: str) -> None:
    found = analysis.aspects
    if not found:
        st.caption("Too few sentences are there to tell what they speak of.")
        return
    names = [cut(each.name, ONE_NAME) for each in found]
    draw(
        plots.by_aspect(names, [a.mood for a in found], [a.interval for a in found], [a.reviews for a in found]),
        f"reviews.aspects.{name}",
        "; ".join(f"{each.name}: {each.mood:+.2f} in {each.reviews:,} reviews" for each in found),
    )
    lines = [
        {"Aspect": a.name, "Reviews": a.reviews, "Mood": round(a.mood, 2), "Lately": _trend(a), "Typical": a.quote}
        for a in found
    ]
    st.dataframe(pd.DataFrame(lines), hide_index=True, width="stretch")
    st.caption(
        "Aspects are found in the texts: sentences of like meaning are one, in any language, and its things that "
        "stand out, in the language of most, name it; what holds verdicts alone is none. "
        "Lately: the later half of its dated sentences against the earlier one."
    )


def _trend(aspect: AspectFound) -> str:
    if aspect.change is None or aspect.change_interval is None:
        return "too few dates"
    low, high = aspect.change_interval
    sure = low > 0 or high < 0
    said = ("better" if aspect.change > 0 else "worse") if sure else "no sure change"
    return f"{said} ({aspect.change:+.2f}; {low:+.2f} to {high:+.2f})"


def _doubtful(analysis: Analysis, texts: list[str]) -> None:
    total = len(analysis.contradictions) + len(analysis.copies) + len(analysis.burst)
    with st.expander(f"Not to be taken at their word: {total:,}"):
        st.caption(
            "Signs and no proof: people copy themselves, stars are pressed by mistake, and a discount brings many at "
            "once."
        )
        against = analysis.contradictions
        st.markdown(f"**Words against stars: {len(against):,}**")
        for each in against[:LISTED]:
            stars = f"{each.stars:g} star{'s'[each.stars == 1 :]}"
            st.markdown(f"{plain(stars)}: “{plain(cut(each.text, QUOTED))}” :gray[{each.mood:+.2f}]")
        for head, rows in (("Near copies of an earlier one", analysis.copies), ("Came in a burst", analysis.burst)):
            st.markdown(f"**{head}: {len(rows):,}**")
            for row in rows[:5]:
                st.markdown(f"“{plain(cut(texts[row], QUOTED))}”")
