"""All trainings in one table, and the watch that draws the page anew when there is something new to see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from pages.lab.models.choices import built_in
from pages.lab.models.wording import FIGURES, model_words, size, state_words
from pages.shared import state
from pages.shared.finding import BUILT_IN
from pages.shared.wording import seconds
from recsys.training import comparing, records

if TYPE_CHECKING:
    from recsys.training.records import Training

EVERY: Final = 3.0  # seconds between two looks at what others do
MOST_ROWS: Final = 8
_number, _text = st.column_config.NumberColumn, st.column_config.TextColumn
COLUMNS: Final[dict[str, Any]] = {
    "model": _text("Model", width=125, pinned=True),
    "data": _text("Trained on", width=160),
    "state": _text("State", width=155),
    "when": st.column_config.DatetimeColumn("When (UTC)", format="D MMM YY, HH:mm"),
    "took": _text("Took", help="Time at work in all, judging included"),
    "epochs": _text("Epochs", help="Passes over the data: made of planned. Models that count have none"),
    "loss": _number("Loss", format="%.4f", help=FIGURES["loss"].help),
    "ndcg@10": _number("nDCG@10", format="%.4f", help=FIGURES["ndcg@10"].help),
    "recall@10": _number("Recall@10", format="%.4f", help=FIGURES["recall@10"].help),
    "size": _text("On disk"),
}


def table(found: list[Training], labels: dict[str, str]) -> None:
    """A row per training, newest first; a click on the box of a row shows it above."""
    st.markdown("#### All trainings")
    rows = comparing.table(found)
    shown = pd.DataFrame(
        {
            "model": [model_words(training.model, labels) for training in found],
            "data": rows["data"],
            "state": [BUILT_IN if built_in(training) else state_words(training) for training in found],
            "when": rows["when"],
            "took": [seconds(each) if each else "" for each in rows["seconds"]],
            "epochs": [
                f"{made} of {planned}" if planned else ""
                for made, planned in zip(rows["epochs"], rows["planned"], strict=True)
            ],
            "loss": rows["loss"],
            "ndcg@10": rows["ndcg@10"],
            "recall@10": rows["recall@10"],
            "size": [
                "" if built_in(training) else size(each) for training, each in zip(found, rows["bytes"], strict=True)
            ],
        }
    )

    def look() -> None:
        picked = st.session_state["models.table"]["selection"]["rows"]
        if picked:
            state.choose(training=found[picked[0]].id)

    st.dataframe(
        shown,
        key="models.table",
        hide_index=True,
        column_config=COLUMNS,
        on_select=look,
        selection_mode="single-row",
        placeholder="",
        height=38 + 35 * min(len(shown), MOST_ROWS),
    )
    st.caption(
        "Click the box of a row to see it above. nDCG@10 and recall@10 are of the validation: compare them only "
        "between trainings on the same data."
    )


def seen() -> tuple[tuple[str, str, int], ...]:
    """What there is to see now; look before the page is drawn, so that nothing is missed while it is."""
    return records.changes(state.settings().trainings_dir)


@st.fragment(run_every=EVERY)
def watch(before: tuple[tuple[str, str, int], ...]) -> None:
    """Draw the page anew when a training was started, has moved on or has ended: here, in another tab or elsewhere."""
    if seen() != before:
        st.rerun()
