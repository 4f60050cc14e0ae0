"""Reviews that are not to be taken at their word: against their stars, copied, or come in a burst."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import streamlit as st

from pages.shared.wording import count, cut, plain

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.scenarios.reviews.analysing import Analysis, Together
    from recsys.shops.contract import Shop

QUOTED: Final = 220  # characters
LISTED: Final = 20
STARS: Final = {1: "1 star"}


def section(engine: Engine, analysis: Analysis, texts: list[str]) -> None:
    """A fold with each of the three, what was copied, and how often."""
    against, shop = analysis.contradictions, engine.shop
    groups = (*analysis.copies, *analysis.bursts)
    rows = {each.row for each in against} | {row for group in groups for row in group.rows}
    if not rows:
        st.caption(
            "Nothing looks as if it were not to be taken at its word: no words against their stars, no copies, no "
            "burst of reviews."
        )
        return
    with st.expander(f"Not to be taken at their word: {shop.number(len(rows))} of {shop.number(analysis.reviews)}"):
        st.caption(
            "Signs and no proof: people copy themselves, stars are pressed by mistake, and a discount brings many at "
            "once. What many say anyhow is no copy."
        )
        if against:
            st.markdown(f"**Words against stars: {shop.number(len(against))}**")
            for each in against[:LISTED]:
                given = STARS.get(round(each.stars), f"{each.stars:.0f} stars")
                st.markdown(f"{given}: “{plain(cut(texts[each.row], QUOTED))}”")
            _more(len(against), shop)
        if analysis.copies:
            st.markdown(f"**Copied: {count(len(analysis.copies), 'text', shop=shop)}**")
            for group in analysis.copies[:LISTED]:
                st.markdown(plain(f"{_times(group, shop)}{_between(group)}: “{cut(group.text, QUOTED)}”"))
            _more(len(analysis.copies), shop)
        if analysis.bursts:
            st.markdown(f"**Came in a burst: {count(len(analysis.bursts), 'burst', shop=shop)}**")
            for group in analysis.bursts[:LISTED]:
                st.markdown(plain(f"{count(len(group.rows), 'review', shop=shop)} of {_item(engine, group)}"
                                  f"{_between(group)}, far more than at other times; one of them: "
                                  f"“{cut(group.text, QUOTED)}”"))  # fmt: skip
            _more(len(analysis.bursts), shop)


def _times(group: Together, shop: Shop) -> str:
    return "Once here" if len(group.rows) == 1 else f"{shop.number(len(group.rows))} times"


def _between(group: Together) -> str:
    if np.isnat(group.first):
        return ""
    return f" on {group.first}" if group.first == group.last else f" from {group.first} to {group.last}"


def _item(engine: Engine, group: Together) -> str:
    if isinstance(group.item, int):
        return f"“{cut(str(engine.catalogue.titles[group.item]), QUOTED)}”"
    return f"“{cut(str(group.item), QUOTED)}”" if group.item else "the file"


def _more(found: int, shop: Shop) -> None:
    if found > LISTED:
        st.caption(f"And {shop.number(found - LISTED)} more.")
