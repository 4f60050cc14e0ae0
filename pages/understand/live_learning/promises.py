"""Whether tests hold what is promised of them: figures of an evaluation that was kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from pages.shared import measuring, state
from pages.shared.drawing import draw
from pages.shared.finding import percent
from pages.shared.wording import plain
from recsys.evaluation.experiments.kept import kept

if TYPE_CHECKING:
    from recsys.engine import Engine

LOOKED: Final = {"once": "usual test, at its end", "usual": "usual test, daily", "anytime": "any-time test, daily"}
MEASURED: Final = {"conversion": "visits with a purchase", "spend": "spend per visit"}
PAGES: Final = "Pages until 8 of 10 tests have named a side; empty where fewer ever do."
RIGHT: Final = "The share of tests that name the side which is truly worth more; wrong: that name another."
FIXED: Final = "What a usual test takes that finds the difference in 8 of 10 times, looked at once."
METRICS: Final = {"conversion": "visits with a purchase", "buyers": "who buys", "spend": "spend"}


def section(engine: Engine) -> None:
    """False alarms of tests without a difference, what CUPED saves, and interleaving beside two groups."""
    st.markdown("#### Does it hold?")
    found = kept(engine.shop.name, state.settings().measured_dir)
    report = measuring.shown(engine, "experiments", found, can=bool(engine.experiments.measured[0]))
    if report is None:
        return
    asked = report if report["interleaving"] else _of_a_crowd()
    for said in (false_alarms(report), interleaving(asked)):
        if said:
            st.markdown(plain(said))
    left, right = st.columns(2, gap="medium")
    with left:
        _alarms(report)
    with right:
        _saved(report)
    _pairs(asked, own=asked is report)
    measuring.how(report)


def _of_a_crowd() -> dict[str, Any]:
    """The report of a shop whose people can be asked; one without pairs where there is none."""
    found = kept("", state.settings().measured_dir)
    return found[0].report if found else {"interleaving": []}


def false_alarms(report: dict[str, Any]) -> str:
    """How often tests without a difference ring; "" where nothing was looked at daily."""
    daily = [line for line in report["alarms"] if line["looked"] == "daily"]
    if not daily:
        return ""
    worst = max(daily, key=lambda line: line["usual"]["share"])
    low, high = worst["anytime"]["share_ci95"]
    return (
        f"Of tests without a difference, looked at daily ({worst['looks']} looks), the usual test rings in "
        f"{percent(worst['usual']['share'])}, though 5 % are promised; the one that may be looked at any time in "
        f"{percent(worst['anytime']['share'])} (95 % interval {low:.1%} to {high:.1%})."
    )


def interleaving(report: dict[str, Any]) -> str:
    """How many pages interleaving takes beside two groups, of the pair that is hardest to tell; "" without any."""
    told = [
        (pair["interleaving"]["pages_power"], pair["groups"]["pages_power"], pair)
        for pair in report["interleaving"]
        if pair["better"] and pair["interleaving"]["pages_power"] and pair["groups"]["pages_power"]
    ]
    if not told:
        return ""
    coin, groups, pair = max(told, key=lambda each: each[0])
    times = sorted(b / a for a, b, _ in told)
    return (
        f"Two rankings on one shelf take {coin:,} pages until 8 of 10 tests name the better one ({pair['what']}); two "
        f"groups that may be looked at any time take {groups:,}. Over all pairs such groups take {times[0]:.1f} to "
        f"{times[-1]:.1f} times as many.{_looked_once(report)}"
    )


def _looked_once(report: dict[str, Any]) -> str:
    """That groups which are looked at once, at their end, need fewer pages of some pairs, where they do."""
    told = [
        (pair["what"], pair["groups"]["fixed"]["acted"]["pages"], pair["interleaving"]["pages_power"])
        for pair in report["interleaving"]
        if pair["better"]
    ]
    fewer = [
        f"{what}: {groups:,} pages beside {coin:,}" for what, groups, coin in told if groups and coin and groups < coin
    ]
    if not fewer:
        return ""
    said = "; ".join(fewer)
    return f" Groups that are looked at once, at their planned end, take fewer than one shelf here: {said}."


def _alarms(report: dict[str, Any]) -> None:
    from recsys.plots.experiments import alarms

    lines = [
        line[how] | {"label": f"{MEASURED.get(line['metric'], line['metric'])}, {label}"}
        for line in report["alarms"]
        if line["looked"] == "daily"
        for how, label in LOOKED.items()
    ]
    if lines:
        told = "; ".join(f"{line['label']}: {percent(line['share'])}" for line in lines)
        draw(alarms(lines, 0.05), "learning.alarms", f"Bars of false alarms. {told}.")


def _saved(report: dict[str, Any]) -> None:
    """A row for each number of days that are known before, a column for each metric."""
    lines = {(line["before"], line["metric"]): line for line in report["cuped"]}
    metrics = list(dict.fromkeys(line["metric"] for line in report["cuped"]))
    names = " | ".join(plain(METRICS.get(each, each)) for each in metrics)
    rows = [f"| Days before | {names} |", f"| --: |{' --: |' * len(metrics)}"]
    for before in sorted({line["before"] for line in report["cuped"]}):
        cells = [_share(lines.get((before, each))) for each in metrics]
        rows.append(f"| {before} | {' | '.join(cells)} |")
    st.markdown("**People that CUPED saves**")
    st.markdown("\n".join(rows))
    st.caption("By how many days before the test are known; with 95 % intervals over people.")


def _share(line: dict[str, Any] | None) -> str:
    if line is None:
        return "–"
    low, high = line["saved_ci95"]
    return f"{percent(line['saved'])} :small[:gray[{100 * low:.0f} to {100 * high:.0f}]]"


def _pairs(report: dict[str, Any], *, own: bool) -> None:
    if not report["interleaving"]:
        return
    where = "" if own else f" (of {plain(report['dataset'])}: nobody of this shop can be asked)"
    st.markdown(f"**Two rankings, and people who answer**{where}")
    table = pd.DataFrame([_pair(pair) for pair in report["interleaving"]])
    column, share = st.column_config.NumberColumn, "percent"
    st.dataframe(
        table,
        hide_index=True,
        key="learning.pairs",
        placeholder="–",
        alt=f"Table of {len(table)} pairs of rankings: pages until a verdict, and how often it is right.",
        column_config={
            "what": st.column_config.TextColumn("Two rankings", width="large"),
            "coin": column("Interleaved, pages", format="localized", help=PAGES),
            "coin_right": column("right", format=share, help=RIGHT),
            "coin_wrong": column("wrong", format=share, help=RIGHT),
            "fixed": column("Two groups at the end, pages", format="localized", help=FIXED),
            "bought": column("… by purchases, pages", format="localized", help=FIXED),
            "groups": column("Two groups at any time, pages", format="localized", help=PAGES),
            "groups_right": column("right ", format=share, help=RIGHT),
            "groups_wrong": column("wrong ", format=share, help=RIGHT),
        },
    )
    st.caption(
        "Two groups count products that something was done with, but where purchases are named. Where neither ranking "
        "is better, any verdict is wrong."
    )


def _pair(pair: dict[str, Any]) -> dict[str, Any]:
    coin, groups = pair["interleaving"], pair["groups"]
    return {
        "what": pair["what"],
        "coin": coin["pages_power"],
        "coin_right": coin["right"]["share"],
        "coin_wrong": coin["wrong"]["share"],
        "fixed": groups["fixed"]["acted"]["pages"] if pair["better"] else None,
        "bought": groups["fixed"]["bought"]["pages"] if pair["better"] else None,
        "groups": groups["pages_power"],
        "groups_right": groups["right"]["share"],
        "groups_wrong": groups["wrong"]["share"],
    }
