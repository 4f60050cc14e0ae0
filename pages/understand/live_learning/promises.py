"""Whether tests hold what is promised of them: figures of an evaluation that was kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from pages.shared import measuring, state
from pages.shared.drawing import draw
from pages.shared.facts import OF_INTERVALS, Fact, facts, listed
from pages.shared.finding import between, finding, fine
from pages.shared.wording import plain
from recsys.evaluation.experiments.kept import kept

if TYPE_CHECKING:
    from recsys.engine import Engine

LOOKED: Final = {"once": "usual test, at its end", "usual": "usual test, daily", "anytime": "any-time test, daily"}
MEASURED: Final = {"conversion": "visits with a purchase", "spend": "spend per visit"}
PAIRS: Final = (
    "Pages until 8 of 10 tests have named a side; – where fewer ever do. At the end: what a usual test takes that "
    "finds the difference 8 of 10 times, looked at once. Right: tests that name the side which is truly worth more; "
    "wrong: that name another. Two groups count products that something was done with, but where purchases are named. "
    "Where neither ranking is better, any verdict is wrong."
)
PROMISED: Final = 0.05  # of tests without a difference that may ring
PLAINLY: Final = (
    "Visits and people of the shop's own past were sent to two groups that were treated alike, thousands of times: "
    "every test that rings then is a false alarm. What is known of people from before says how many of them a test can "
    "save. Two rankings were shown to simulated people on one shelf, and to two groups, until a test named the better "
    "one."
)
METRICS: Final = {"conversion": "visits with a purchase", "buyers": "who buys", "spend": "spend"}


def section(engine: Engine) -> None:
    """False alarms of tests without a difference, what CUPED saves, and interleaving beside two groups."""
    st.markdown("#### Does it hold?")
    found = kept(engine.shop.name, state.settings().measured_dir)
    report = measuring.shown(engine, "experiments", found, lead, can=bool(engine.experiments.measured[0]))
    if report is None:
        return
    asked = _asked(report)
    left, right = st.columns(2, gap="medium")
    with left:
        _alarms(report)
    with right:
        _saved(report)
    _pairs(asked, own=asked is report)
    measuring.how(report, PLAINLY)


def lead(report: dict[str, Any]) -> None:
    """How often a test without a difference rings, in large type, and what two rankings on one shelf save."""
    if said := false_alarms(report):
        finding(plain(said))
        facts(figures(report), narrowest=OF_INTERVALS)
    if said := interleaving(_asked(report)):
        st.markdown(plain(said))


def _asked(report: dict[str, Any]) -> dict[str, Any]:
    """The report whose people answered two rankings on one shelf."""
    return report if report["interleaving"] else _of_a_crowd()


def _worst(report: dict[str, Any]) -> dict[str, Any] | None:
    """Of tests that were looked at daily, those in which the usual one rings most often."""
    daily = [line for line in report["alarms"] if line["looked"] == "daily"]
    return max(daily, key=lambda line: float(line["usual"]["share"]), default=None)


def figures(report: dict[str, Any]) -> list[Fact]:
    """False alarms of both tests, with their intervals."""
    worst = _worst(report)
    if worst is None:
        return []
    about = f"Of tests without a difference, looked at on {worst['looks']} days."
    return [
        Fact(label, fine(worst[name]["share"]), f"{about} 95 % interval {between(worst[name]['share_ci95'])}.")
        for name, label in (("usual", "Usual test rings"), ("anytime", "Any-time test rings"))
    ] + [Fact("Promised", f"≤ {fine(PROMISED)}")]


def _of_a_crowd() -> dict[str, Any]:
    """The report of a shop whose people can be asked; one without pairs where there is none."""
    found = kept("", state.settings().measured_dir)
    return found[0].report if found else {"interleaving": []}


def false_alarms(report: dict[str, Any]) -> str:
    """How often tests without a difference ring; "" where nothing was looked at daily."""
    worst = _worst(report)
    if worst is None:
        return ""
    anytime = worst["anytime"]
    return (
        f"Looked at daily, a usual test finds a difference that is not there in {fine(worst['usual']['share'])} of "
        f"tests, though {fine(PROMISED)} are promised; one that may be looked at any time in {fine(anytime['share'])} "
        f"(95 % interval {between(anytime['share_ci95'])})."
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
        told = "; ".join(f"{line['label']}: {fine(line['share'])}" for line in lines)
        draw(alarms(lines, PROMISED), "learning.alarms", f"Bars of false alarms. {told}.")


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
    return f"{fine(line['saved'])} :small[:gray[{between(line['saved_ci95'])}]]" if line else "–"


def _pairs(report: dict[str, Any], *, own: bool) -> None:
    if not report["interleaving"]:
        return
    where = "" if own else f" (of {plain(report['dataset'])}: nobody of this shop can be asked)"
    st.markdown(f"**Two rankings, and people who answer**{where}")
    listed([(plain(pair["what"]), _pair(pair)) for pair in report["interleaving"]])
    st.caption(PAIRS)


def _pair(pair: dict[str, Any]) -> list[Fact]:
    """Pages that each way takes, in the order of what they cost, and how often it is right."""
    coin, groups = pair["interleaving"], pair["groups"]
    fixed = groups["fixed"]
    return [
        Fact("on one shelf", f"{_pages(coin['pages_power'])}{_verdicts(coin, better=pair['better'])}"),
        Fact("two groups, at any time", f"{_pages(groups['pages_power'])}{_verdicts(groups, better=pair['better'])}"),
        Fact("two groups, at the end", _pages(fixed["acted"]["pages"] if pair["better"] else None)),
        Fact("the same by purchases", _pages(fixed["bought"]["pages"] if pair["better"] else None)),
    ]


def _pages(number: int | None) -> str:
    return f"{number:,} pages" if number else "–"


def _verdicts(line: dict[str, Any], *, better: bool) -> str:
    """How often a verdict was right or wrong, in small type."""
    right = f"{fine(line['right']['share'])} right, " if better else ""
    return f"  \n:small[:gray[{right}{fine(line['wrong']['share'])} wrong]]"
