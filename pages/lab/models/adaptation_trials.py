"""What ways and options of adapting were worth on a catalogue, beside each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
import streamlit as st

from pages.shared.finding import sure, thousandths
from pages.shared.wording import plain, seconds
from recsys.training.encoders import reports

PAIRS, RESPELT, POOLED = "pairs_ndcg@10", "respelt_ndcg@10", "pooled_ndcg@10"
ASKED: Final = {PAIRS: "artificial queries", POOLED: "queries that people judged"}
SHORT: Final = 64  # numbers of a vector
_text, _number = st.column_config.TextColumn, st.column_config.NumberColumn
COLUMNS: Final[dict[str, Any]] = {
    "way": _text("Tried", width=190, pinned=True),
    "cost": _text("Processor time", help="Of all threads while it learned, looks included"),
    "pairs": _number("Own texts", format="%.3f", help="nDCG@10: a product’s name finds its own description and facts"),
    "pairs_change": _text("Change, 95 %", help="Against the encoder as it was, query by query, with its interval"),
    "over": _text("Over LoRA, 95 %", help="The same against the row “LoRA”"),
    "respelt": _number("Respelt", format="%.3f", help="The same names as somebody else would write them"),
    "pooled": _number("Judged", format="%.3f", help="nDCG@10 of queries that people judged, among judged products"),
    "pooled_change": _text("Its change, 95 %", help="Against the encoder as it was"),
    "first": _number(f"First {SHORT}", format="%.3f", help=f"Own texts by the first {SHORT} numbers of each vector"),
    "axes": _number(f"{SHORT} axes", format="%.3f", help="The same after turning to the axes of the shop’s vectors"),
}


def section(found: reports.Adaptation | None) -> None:
    """What an adaptation did to queries, and a table of what was tried; nothing where that was not measured."""
    if found is None or not ASKED.keys() <= found.figures.keys():
        return
    st.caption(plain(sentence(found)))
    if not found.trials:
        return
    with st.expander("What was tried, and what it was worth", icon=":material/science:"):
        rows = pd.DataFrame([_row(trial) for trial in found.trials]).dropna(axis=1, how="all")
        st.dataframe(
            rows, key="models.adapt.trials", hide_index=True, column_config=COLUMNS, height=38 + 35 * len(rows),
            placeholder="–",
        )  # fmt: skip
        st.caption(plain(verdict(found)))
        st.markdown("\n".join(f"- **{plain(name)}**: {plain(said)}" for name, said in found.protocol.items()))
        told = ", ".join(found.instructions) or "not known"
        st.caption(plain(f"Instructions of the processor that decide the speed: {told}. Made with: {found.command}"))


def sentence(found: reports.Adaptation) -> str:
    """What the adaptation did to queries that people judged, for it need not help them."""
    told = []
    for name, words in ASKED.items():
        figure = found.figures[name]
        told.append(f"{words} {thousandths(figure.change)} ({sure(figure.change_ci95)})")
    return (
        f"Measured on {found.where}{_cost(found)}: nDCG@10 of {told[0]}, of {told[1]}. Finding a product by its own "
        "description is not what people ask: judge an adapted encoder on judged queries before the app is started with "
        "it."
    )


def verdict(found: reports.Adaptation) -> str:
    """Which of what was tried gained over plain LoRA, more than luck."""
    others = [trial for trial in found.trials if PAIRS in trial.over_lora]
    gained = [trial.label for trial in others if trial.over_lora[PAIRS].change_ci95[0] > 0]
    lost = [trial.label for trial in others if trial.over_lora[PAIRS].change_ci95[1] < 0]
    said = f"On artificial queries, more than plain LoRA and beyond luck: {', '.join(gained) or 'nothing of it'}."
    said += f" Less and beyond luck: {', '.join(lost)}." if lost else ""
    return f"{said} An interval that holds 0 may be luck."


def _cost(found: reports.Adaptation) -> str:
    """What the adaptation took, in brackets; "" where that is not known."""
    trial = next((each for each in found.trials if each.label == found.after), None)
    if trial is None:
        return ""
    return (
        f" ({trial.learned_from:,} products, {trial.steps:,} steps, {seconds(trial.processor_seconds)} of processor "
        f"time within {seconds(trial.wall_seconds)} beside other work)"
    )


def _row(trial: reports.AdaptationTrial) -> dict[str, Any]:
    def mean(name: str) -> float | None:
        return trial.figures[name].mean if name in trial.figures else None

    def change(name: str, figures: Mapping[str, reports.Figure] = trial.figures) -> str:
        figure = figures.get(name)
        if figure is None or not trial.way:
            return ""
        low, high = figure.change_ci95
        return f"{thousandths(figure.change)} ({thousandths(low)} to {thousandths(high)})"

    return {
        "way": plain(trial.label),
        "cost": seconds(trial.processor_seconds) if trial.way else "",
        "pairs": mean(PAIRS),
        "pairs_change": change(PAIRS),
        "over": change(PAIRS, trial.over_lora),
        "respelt": mean(RESPELT),
        "pooled": mean(POOLED),
        "pooled_change": change(POOLED),
        "first": mean(f"{PAIRS} first {SHORT}"),
        "axes": mean(f"{PAIRS} axes {SHORT}"),
    }
