"""What going on learning through the last month would have brought, where nobody can be asked what they would do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from pages.shared import measuring, state
from pages.shared.drawing import draw
from pages.shared.finding import percent
from pages.shared.wording import plain
from recsys.evaluation.learning.kept import BASE, replays

if TYPE_CHECKING:
    from recsys.engine import Engine


def section(engine: Engine) -> None:
    """The last month once more, visit by visit: each way to learn beside standing still."""
    st.markdown("#### What would the last month have gained?")
    dated = bool(engine.dataset_info["first_day"])
    if not dated:
        st.caption("The purchases of this shop have no dates, so that its last month is not known.")
    report = measuring.shown(engine, "replay", replays(engine.shop.name, state.settings().measured_dir), can=dated)
    if report is None:
        return
    st.markdown(plain(sentence(report)))
    _picture(report)
    _table(report)
    measuring.how(report)


def sentence(report: dict[str, Any]) -> str:
    """Whether the best way to go on learning is apart from standing still, and whether it reaches the goal."""
    lines = {line["way"]: line for line in report["replay"]}
    best = max(lines.values(), key=lambda line: line["ndcg"])
    source = report["source"]
    began = f"At {source['visits']:,} visits of {source['people']:,} people in the last month, "
    if best["way"] == BASE:
        return f"{began}nothing that learned foretold what was bought better than standing still: it does not pay here."
    low, high = best["change_ci95"]
    sure = "more than luck" if low > 0 else "which may be luck"
    goal = next(each for each in report["goals"] if each["way"] == best["way"])
    reached = "reached" if goal["met"] else "missed"
    return (
        f"{began}“{best['label']}” foretold what was bought {percent(best['change'])} better than standing still (95 % "
        f"interval {percent(low)} to {percent(high)}), {sure}. The goal of {percent(goal['goal'])} is {reached}."
    )


def _picture(report: dict[str, Any]) -> None:
    from recsys.plots.learning import changes

    lines = [line for line in report["replay"] if line["way"] != BASE]
    figure = changes(
        lines, report["goals"][0]["goal"], "Against standing still (dotted: the goal)", "change of nDCG@10"
    )
    draw(figure, "learning.replay", "Marks: the change of each way to learn against standing still, with its interval.")


def _table(report: dict[str, Any]) -> None:
    rows = ["| Through the last month | nDCG@10 | 95 % | change |", "| :-- | --: | --: | --: |"]
    for line in report["replay"]:
        low, high = line["ndcg_ci95"]
        change = "–" if line["way"] == BASE else f"{line['change']:+.1%}"
        rows.append(f"| {plain(line['label'])} | {line['ndcg']:.4f} | {low:.4f} to {high:.4f} | {change} |")
    st.markdown("\n".join(rows))
    st.caption(
        "nDCG@10: how near to the top of the list of all products stood what the visit then bought, 0 to 1. Here the "
        "people did not see these lists: it says what would have been foretold, not what would have been bought."
    )
