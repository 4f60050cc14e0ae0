"""Two trainings side by side: figures with their difference, whether that may be luck, and the settings that differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from pages.lab.models.wording import FIGURES, figure_words, setting_value, setting_words, short_label
from pages.shared import state
from pages.shared.significance import luck
from pages.shared.wording import plain
from recsys.training import comparing

if TYPE_CHECKING:
    from recsys.training.records import Training

_text = st.column_config.TextColumn
COLUMNS: Final[dict[str, Any]] = {
    "figure": _text("Figure", width=112, pinned=True),
    "setting": _text("Setting", width=140, pinned=True),
    "one": _text("A", width=68),
    "other": _text("B", width=68),
    "difference": _text("A − B", width=92),
}
MOST_ROWS: Final = 10
VALIDATION: Final = ("ndcg@10", "recall@10", "hit@10")


def compare(first: Training, second: Training, labels: dict[str, str]) -> None:
    """The comparison in words and two tables."""
    one, other = short_label(first, labels, "A"), short_label(second, labels, "B")
    st.markdown("#### Side by side")
    _verdict(first, second, one, other)
    left, right = st.columns([55, 45], gap="medium")
    with left, st.container(border=True, height="stretch"):
        st.markdown("**Figures**")
        _figures(first, second)
    with right, st.container(border=True, height="stretch"):
        st.markdown("**Settings that differ**")
        _settings(first, second)


def _verdict(first: Training, second: Training, one: str, other: str) -> None:
    lead = comparing.lead(first, second)
    if lead is not None:
        visits = state.open_shop().number(lead.visits)
        words = "level with" if lead.difference == 0 else "ahead of" if lead.difference > 0 else "behind"
        st.markdown(
            f"**{plain(one)}** is {words} **{plain(other)}** on the validation: nDCG@10 {lead.difference:+.4f} "
            f"(95 % interval {lead.low:+.4f} to {lead.high:+.4f}), {luck(lead.p)}, over {visits} "
            "visits."
        )
    elif first.done and second.done:
        st.info("They were judged on different data: their figures answer different questions.", icon=":material/info:")
    else:
        st.caption("The validation is judged once both are finished.")


def _figures(first: Training, second: Training) -> None:
    ours, theirs = comparing.figures(first), comparing.figures(second)
    alike = comparing.same_question(first, second)
    names = [name for name in FIGURES if ours[name] is not None or theirs[name] is not None]
    rows = pd.DataFrame(
        {
            "figure": [FIGURES[name].label for name in names],
            "one": [figure_words(name, ours[name]) for name in names],
            "other": [figure_words(name, theirs[name]) for name in names],
            "difference": [_difference(name, ours[name], theirs[name], alike=alike) for name in names],
        }
    )
    st.dataframe(rows, key="models.figures", hide_index=True, column_config=COLUMNS, height=38 + 35 * len(rows))
    st.caption("✓ where A is better, ✗ where B is. A dash: there is no such figure.")


def _difference(name: str, ours: float | None, theirs: float | None, *, alike: bool) -> str:
    """The difference with its sign; none between figures that answer different questions."""
    if ours is None or theirs is None or (name in (*VALIDATION, "watched ndcg", "loss") and not alike):
        return ""
    gap = ours - theirs
    if gap == 0:
        return "none"
    better = FIGURES[name].more_is_better
    mark = "" if better is None else " ✓" if (gap > 0) == better else " ✗"
    return f"{'+' if gap > 0 else '−'}{figure_words(name, abs(gap))}{mark}"


def _settings(first: Training, second: Training) -> None:
    different = comparing.different_settings(first, second)
    if not different:
        st.info("Nothing differs: same model, data, settings and seed.", icon=":material/balance:")
        return
    rows = pd.DataFrame(
        {
            "setting": [setting_words(name).label for name, _, _ in different],
            "one": [setting_value(ours) for _, ours, _ in different],
            "other": [setting_value(theirs) for _, _, theirs in different],
        }
    )
    marked = rows.style.set_properties(subset=["one", "other"], **{"background-color": "rgba(217, 138, 0, 0.18)"})
    st.dataframe(
        marked,
        key="models.settings",
        hide_index=True,
        column_config=COLUMNS,
        height=38 + 35 * min(len(rows), MOST_ROWS),
    )
    st.caption("All other settings are the same. A dash: that model has no such setting.")
