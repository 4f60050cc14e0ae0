"""How well reviews are read, against the simple way: what was measured and kept, first in a sentence each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from pages.shared.finding import NO_BREAK
from pages.shared.wording import plain
from recsys.evaluation.reviews.kept import kept

if TYPE_CHECKING:
    from recsys.engine import Engine

SHELF, LISTENS, SILENT = "shelf", "reviews", "without"  # a task, and two of its ways
QUESTIONS: Final = {  # of a task
    "sentiment": "Good or bad, told from words by a head that learned from other reviews of the same source",
    "transfer": "Good or bad, told from words by a head that knows no review of the source",
    "stars": "How many stars, told from words",
    "ratings": "How many stars somebody gives a product, with no word of it",
    SHELF: "What people buy later, on a shelf that lets reviews count as far as the validation advises",
}
ALONE: Final = frozenset({"transfer"})  # tasks whose ways are one way, told with and without something


def section(engine: Engine) -> None:
    """For each report a sentence and a table for each task; how it was measured, below."""
    reports = kept(engine.settings.shop, engine.settings.measured_dir)
    if not reports:
        return
    with st.expander("How well this is read, measured"):
        for each in reports:
            number = engine.shop.number(each.report.get("reviews", 0))
            about = "This shop" if each.shop else f"A file of {number} reviews, {each.report['dataset']}"
            st.markdown(f"**{plain(about)}**")
            for task in each.report["tasks"]:
                _task(task)
        st.markdown("**How it was measured**")
        for each in reports:
            about = "This shop" if each.shop else each.report["dataset"]
            rules = " ".join(
                f"{name.capitalize()}: {rule.rstrip('.')}." for name, rule in each.report["protocol"].items()
            )
            st.caption(plain(f"{about}. {rules} Made with: {each.report['command']}"))


def sentence(task: dict[str, Any]) -> str:
    """What the last of the ways reaches, against the best of those before it."""
    *before, last = task["methods"]
    if task["task"] == SHELF:  # the others were looked at beside
        way = {each["method"]: each for each in task["methods"]}
        before, last = [way[SILENT]], way[LISTENS]
    low, high = last["ci95"]
    lower = task["better"] == "lower"
    question = QUESTIONS.get(task["task"], task["task"].capitalize())
    told = f"{question}: {task['metric']} {last['value']:.3f} (95{NO_BREAK}%: {low:.3f} to {high:.3f})"
    if not before or task["task"] in ALONE:
        return f"{told}."
    best = (min if lower else max)(before, key=lambda way: way["value"])
    ahead = high < best["value"] if lower else low > best["value"]
    word = "better than" if ahead else "no sure gain on"
    return f"{told}, {word} “{best['label']}” with {best['value']:.3f}."


def _task(task: dict[str, Any]) -> None:
    st.markdown(plain(sentence(task)))
    rows = [f"| Way | {plain(task['metric'])}, {task['better']} is better | 95{NO_BREAK}% |", "| :-- | --: | :-- |"]
    for line in task["methods"]:
        low, high = line["ci95"]
        rows.append(f"| {plain(line['label'])} | {line['value']:.3f} | {low:.3f} to {high:.3f} |")
    st.markdown("\n".join(rows))
    st.caption(f"Of {task['test']:,} that nothing was learned from.")
