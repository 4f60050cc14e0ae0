"""How well reviews are read, against the simple way: what was measured and kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from pages.shared.wording import plain
from recsys.evaluation.reviews.kept import kept

if TYPE_CHECKING:
    from recsys.engine import Engine


def section(engine: Engine) -> None:
    """A table for each report, and how it was measured."""
    reports = kept(engine.settings.shop, engine.settings.measured_dir)
    if not reports:
        return
    with st.expander("How well this is read, measured"):
        for each in reports:
            for task in each.report["tasks"]:
                _task(each.report["dataset"], task)
            for name, rule in each.report["protocol"].items():
                st.caption(f"**{name.capitalize()}**: {plain(rule)}")
            st.caption(plain(f"Made with: {each.report['command']}"))


def _task(dataset: str, task: dict[str, Any]) -> None:
    st.markdown(plain(f"{dataset}, {task['task']}: {task['metric']} of {task['test']:,}, {task['better']} is better"))
    rows = [f"| Way | {task['metric']} | 95 % |", "| :-- | --: | :-- |"]
    for line in task["methods"]:
        low, high = line["ci95"]
        rows.append(f"| {plain(line['label'])} | {line['value']:.3f} | {low:.3f} to {high:.3f} |")
    st.markdown("\n".join(rows))
