"""What a shelf would be if it let reviews count: whose, by which aspect, how much, and what that costs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from pages.business.reviews.views import ASPECT, SHARE, VIEWS
from pages.shared import controls, state, strip
from pages.shared.finding import between, plus
from pages.shared.wording import count, cut, plain
from recsys.errors import ShelfLensError
from recsys.evaluation.reviews.kept import kept

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.engine.reviews import Lifted, Listening

EVERY: Final = "All aspects together"
NAME: Final = 48
HELP: Final = (
    "Nothing changes at 0. A product is drawn towards its category, the more so the fewer reviews it has: "
    "without reviews it is not moved."
)


def section(engine: Engine, *, whose: bool = True) -> None:
    """The choices, the shelf, and what was measured; without `whose` the shopper is chosen elsewhere on the page."""
    st.markdown("#### What if the shelf listened to reviews?")
    if whose:
        controls.who(engine)
    left, right = st.columns(2, gap="medium")
    with left:
        aspect = _aspect(engine)
    with right:
        controls.stepped(SHARE, VIEWS[SHARE], "Share of the score that reviews have, in per cent", HELP)
    weight = int(state.choices()[SHARE]) / 100
    try:
        found = engine.listening(state.current_request(), aspect, weight)
    except ShelfLensError as error:
        st.warning(plain(error.one_line()), icon=":material/report:")
        return
    st.markdown(plain(_sentence(engine, found, aspect, weight)))
    if found.lifted and weight:
        st.dataframe(
            pd.DataFrame([_line(engine, each) for each in found.lifted]),
            hide_index=True,
            width="stretch",
            column_config={
                "Points": st.column_config.NumberColumn(format="%+.1f", help="Of 100 that a score can have")
            },
        )
    st.caption(plain(_measured(engine)))


def _aspect(engine: Engine) -> str:
    wanted = str(state.choices()[ASPECT])
    if wanted not in ("", *engine.reviews.aspects):
        strip.notes([f"No aspect is called “{cut(wanted, 40)}”; all count."], icon=":material/link_off:")
        wanted = ""
    key = state.control_key(ASPECT)
    st.session_state[key] = wanted
    st.selectbox(
        "Aspect that counts",
        ["", *engine.reviews.aspects],
        format_func=_called,
        key=key,
        on_change=state.take_control,
        args=(ASPECT,),
        help="The things that this shop's reviews speak of, those of most sentences first.",
    )
    return wanted


def _called(aspect: str) -> str:
    return cut(aspect, NAME) or EVERY


def _sentence(engine: Engine, found: Listening, aspect: str, weight: float) -> str:
    of = f"“{cut(aspect, NAME)}”" if aspect else "all aspects"
    if not found.lifted:
        return "Nothing stands on this shelf."
    if not weight:
        return "Reviews do not count now, as on every shelf of this shop. Give them a share to see what would move."
    if not found.differ:
        return f"Reviews of {of} tell no product from another of its category beyond chance: nothing moves."
    moved = sum(each.item.rank != each.item.rank_before for each in found.lifted)
    known = sum(each.reviews > 0 for each in found.lifted)
    return (
        f"{count(moved, 'product', shop=engine.shop)} of {len(found.lifted)} would stand elsewhere, "
        f"{found.entered} of them not on the shelf before; {known} have reviews of {of}. "
        f"The best {found.considered} were re-ordered."
    )


def _line(engine: Engine, each: Lifted) -> dict[str, Any]:
    said = (
        "no reviews" if not each.reviews else f"{plus(each.mean)} in {count(each.reviews, 'review', shop=engine.shop)}"
    )
    against = "" if math.isnan(each.category) or not each.reviews else f", its category {plus(each.category)}"
    low, high = each.lift - 1.96 * each.spread, each.lift + 1.96 * each.spread
    return {
        "Place": each.item.rank,
        "Before": each.item.rank_before,
        "Product": each.item.title,
        "Reviews say": said + against,
        "Above its category (95 %)": f"{plus(each.lift)} ({between((low, high), plus)})" if each.reviews else "",
        "Points": round(100 * each.item.parts.get("reviews", 0.0), 1),
    }


def _measured(engine: Engine) -> str:
    """What it costs, as far as it was measured for this shop."""
    for report in kept(engine.settings.shop, engine.settings.measured_dir):
        for task in report.report["tasks"]:
            if task["task"] == "shelf" and report.report["source"].get("dataset") == engine.settings.shop:
                change = task["changes"]["reviews"]
                low, high = change["ci95"]
                ends = between((low, high), lambda end: plus(end, 4))
                verdict = "it pays" if low > 0 else "it costs" if high < 0 else "no sure change"
                return (
                    f"Measured on what {task['test']:,} people bought later: {task['metric']} changes by "
                    f"{plus(change['value'], 4)} ({ends}) at the share that the "
                    f"validation chose: {verdict}."
                )
    return "What this costs or brings was not measured for this shop: `python -m recsys evaluate reviews` does."
