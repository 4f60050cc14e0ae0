"""The scores of the whole shelf as a few rules, and how far these can be believed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.shared.wording import count, plain
from recsys.engine.rules import FOLDS

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.engine.rules import Ruled
    from recsys.schema import Answer, RankedItem

FAR: Final = 1.0  # times the error of one number for all, from where on rules fail for a product
FOUND: Final = "whys.rules.found"  # what was found for which question
ASIDE: Final = (
    "A small tree of questions, fitted to the scores of all candidates by what is plainly known of them. It says what "
    "goes together with a score. What made the score are its parts above."
)
HELD_OUT: Final = (
    f"Each of {FOLDS} parts of the candidates is foretold by rules made of the others. The share of the differences "
    "that is explained is R squared: 100 % is all of it, 0 % no more than one number for all. Points off are the mean "
    "absolute error."
)


def few(engine: Engine, answer: Answer, item: RankedItem) -> None:
    """A button that makes rules of the shelf, and these with their fidelity."""
    with st.expander("Can this shelf be said in a few rules?", icon=":material/account_tree:"):
        st.caption(ASIDE)
        if st.button("Make the rules", key="whys.rules", icon=":material/rule:"):
            with st.spinner("Fitting a small tree to the scores…", show_time=False):
                st.session_state[FOUND] = (answer.request, engine.ruling.of(answer.request))
        kept = st.session_state.get(FOUND)
        if kept is None or kept[0] != answer.request:
            return
        if kept[1] is None:
            st.write("There are too few candidates for rules, or all of them score the same.")
            return
        _shown(engine, kept[1], item)


def _shown(engine: Engine, ruled: Ruled, item: RankedItem) -> None:
    rules, mine = ruled.rules, ruled.of(item.row)
    off, plainly = f"{100 * rules.error:.1f}", f"{100 * rules.error_plain:.1f}"
    explained = f"{100 * max(rules.explained, 0.0):.0f} %"
    begin = "These rules can be believed" if rules.faithful else "**Do not lean on these rules**"
    st.markdown(
        f"{begin}: of products that they were not made of they say {explained} of what makes scores differ, and are "
        f"{off} points off on average, where one number for all is {plainly} points off.",
        help=HELD_OUT,
    )
    if not rules.faithful:
        st.caption("The scores of this shelf hang on more than a few plain questions tell: look at the parts above.")
    if mine is not None and abs(rules.rules[mine].mean - item.score) > FAR * max(rules.error_plain, 1e-9):
        st.markdown(
            f":material/warning: For this very product they fail: it has {100 * item.score:.1f} points, and products "
            f"like it by these rules {100 * rules.rules[mine].mean:.1f} on average. Its reasons are the parts above."
        )
    lines = ["| Score | Products | Where this holds |", "| --: | --: | :-- |"]
    for place, rule in enumerate(rules.rules):
        said = plain(engine.ruling.said(ruled, rule))
        said = f"**{said}** (this product)" if place == mine else said
        number = engine.shop.number(rule.products)
        lines.append(f"| {100 * rule.mean:.1f} ± {100 * rule.spread:.1f} | {number} | {said} |")
    st.markdown("\n".join(lines))
    many = count(len(ruled.rows), "candidate", shop=engine.shop)
    st.caption(f"{many}, each follows one rule; score is the mean of its products, ± their standard deviation.")
