"""What selling places earns and costs against simple ways to do it, from an evaluation that was kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from pages.shared import measuring, state
from pages.shared.finding import between, fine
from pages.shared.wording import money, plain
from recsys.evaluation.ads.kept import kept
from recsys.shops.registry import shop

if TYPE_CHECKING:
    from recsys.engine import Engine


def section(engine: Engine) -> None:
    """A table of the ways, and the rules that it was made by."""
    st.markdown("#### Against simple ways to sell places")
    found = kept(engine.shop.name, state.settings().measured_dir)
    report = measuring.shown(engine, "ads", found, _lead, can=True)
    if report is None:
        return
    with_truth = any(line["utility"] for line in report["ways"])
    heads = ["Way", "Earned by 1,000 visits", "Relevance lost", "Clicks lost", "Budget gone early"]
    heads += ["True worth lost"] if with_truth else []
    rows = ["| " + " | ".join(heads) + " |", "| :-- |" + " --: |" * (len(heads) - 1)]
    rows += [_row(line, report, with_truth) for line in report["ways"]]
    st.markdown("\n".join(rows))
    st.caption(plain(report["simulated"]))
    measuring.how(
        report, "Ten days of chance, each with its own advertisers, visits and clicks; means and 95 % intervals."
    )


def _lead(report: dict[str, Any]) -> None:
    st.markdown(plain(report["finding"]))


def _row(line: dict[str, Any], report: dict[str, Any], with_truth: bool) -> str:
    shop_of = shop(report["source"]["dataset"])

    def cash(cents: float) -> str:
        return money(cents / 100, shop_of)

    cells = [
        line["label"],
        f"{cash(line['money']['mean'])} ({cash(line['money']['low'])} to {cash(line['money']['high'])})",
        _lost(line["kept"]),
        _lost(line["clicks"]),
        fine(line["ended"]["mean"]),
    ]
    if with_truth:
        cells.append(_lost(line["utility"]))
    return "| " + " | ".join(plain(cell).replace("|", "/") for cell in cells) + " |"


def _lost(spread: dict[str, float]) -> str:
    """What is not kept, with its interval; nothing where nothing changes."""
    if spread["low"] == spread["high"] == 1:
        return "0 %"
    return f"{fine(1 - spread['mean'])} ({between((1 - spread['high'], 1 - spread['low']))})"
