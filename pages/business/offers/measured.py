"""How well redemptions are foretold, from an evaluation that was kept: by how much it beats the simple way, or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from pages.shared import measuring, state
from pages.shared.drawing import draw
from pages.shared.facts import OF_INTERVALS, Fact, facts
from pages.shared.finding import between, finding, fine
from pages.shared.wording import plain
from recsys.evaluation.offers.kept import kept

if TYPE_CHECKING:
    from recsys.engine import Engine

PLAINLY: Final = (
    "Later campaigns were foretold by earlier ones alone, each on its eve, and compared with who redeemed. The simple "
    "ways order the same people by one number each."
)


def in_short(engine: Engine) -> None:
    """The sentence, its figures, the table of all ways, and the calibration."""
    st.markdown("#### Do these chances hold?")
    found = kept(engine.shop.name, state.settings().measured_dir)
    report = measuring.shown(engine, "offers", found, _lead, can=bool(engine.offers.campaigns))
    if report is None:
        return
    left, right = st.columns([55, 45], gap="medium")
    with left:
        _table(report)
    with right:
        from recsys.plots.offers import calibration

        figure = calibration(report["pairs"]["calibration"]["bins"])
        draw(figure, "offers.calibration", "Points: share that redeemed by the chance foretold.")
    measuring.how(report, PLAINLY)


def _lead(report: dict[str, Any]) -> None:
    finding(plain(sentence(report)))
    facts(figures(report), narrowest=OF_INTERVALS)


def _ours(part: dict[str, Any]) -> dict[str, Any]:
    return next(line for line in part["methods"] if line["method"] == "model")


def _simple(part: dict[str, Any]) -> dict[str, Any]:
    return next(line for line in part["methods"] if line["method"] == part["best_simple"]["lift"])


def sentence(report: dict[str, Any]) -> str:
    """The lift against that of the best simple way, and whether that is more than luck."""
    ours, simple = _ours(report["pairs"]), _simple(report["pairs"])
    low, high = ours["lift_ahead_ci95"]
    sure = "more than luck" if low > 0 else "less, more than luck" if high < 0 else "which may be luck"
    return (
        (
            f"Of the tenth that is foretold to redeem most, {ours['lift']:.1f} times as many do as of all (95 %: "
            f"{ours['lift_ci95'][0]:.1f} to {ours['lift_ci95'][1]:.1f}); by “{simple['label'].lower()}” "
            f"it is {simple['lift']:.1f} "
            f"times. The difference of {ours['lift_ahead']:+.1f} (95 %: {low:+.1f} to {high:+.1f}) is {sure}."
        )
        .replace("is which may be luck", "may be luck")
        .replace("is less, more than luck", "is against it, more than luck")
    )


def figures(report: dict[str, Any]) -> list[Fact]:
    """The goals and what was reached."""
    pairs, coupons = report["pairs"], report["coupons"]
    ours, single = _ours(pairs), _ours(coupons)
    error = pairs["calibration"]
    goals = {(goal["level"], goal["what"]): goal for goal in report["goals"]}
    lift, off = goals["pairs", "lift at 10 %"], goals["pairs", "calibration error"]
    return [
        Fact(f"Lift at 10 %, goal {lift['goal']:g}", f"{ours['lift']:.2f} ({'met' if lift['met'] else 'missed'})",
             f"Of {pairs['pairs']:,} pairs of a person and a campaign sent to them; "
             f"95 %: {between(ours['lift_ci95'], _two)}."),
        Fact(f"Chances are off by, goal {fine(off['goal'])}",
             f"{fine(error['error'])} ({'met' if off['met'] else 'missed'})",
             f"Calibration error over ten groups of equally many, 95 %: {between(error['error_ci95'])}. Right chances "
             f"would show {fine(error['by_luck'])} by luck{_without_luck(error)}."),
        Fact("Lift at 10 %, single coupons", f"{single['lift']:.2f}",
             f"Of {coupons['pairs']:,} pairs of a person and a coupon; 95 %: {between(single['lift_ci95'], _two)}."),
        Fact("PR-AUC", f"{ours['pr_auc']:.3f}", f"{_simple(pairs)['pr_auc']:.3f} by the best simple way."),
    ]  # fmt: skip


def _without_luck(error: dict[str, Any]) -> str:
    if "debiased" not in error:
        return ""
    return (
        f"; what luck adds taken off, {fine(error['debiased'])} are left" if error["debiased"] else "; no more is left"
    )


def _in_all(part: dict[str, Any]) -> str:
    """How many were foretold to redeem, and how many did; nothing for a report that does not say."""
    told = part["calibration"]
    if "foretold_95" not in told:
        return ""
    low, high = told["foretold_95"]
    return f"Foretold were {told['foretold']:,.0f} who redeem ({low:,.0f} to {high:,.0f}), {part['redeemed']:,} did. "


def _two(value: float) -> str:
    return f"{value:.2f}"


def _table(report: dict[str, Any]) -> None:
    rows = ["| Ordered by | lift at 10 % | PR-AUC | lift, single coupons |", "| :-- | --: | --: | --: |"]
    single = {line["method"]: line["lift"] for line in report["coupons"]["methods"]}
    for line in sorted(report["pairs"]["methods"], key=lambda each: -each["lift"]):
        low, high = line["lift_ci95"]
        of_coupons = f"{single[line['method']]:.2f}" if line["method"] in single else "–"
        rows.append(
            f"| {plain(line['label'])} | {line['lift']:.2f} ({low:.2f} to {high:.2f}) | "
            f"{line['pr_auc']:.3f} | {of_coupons} |"
        )
    st.markdown("\n".join(rows))
    anyway = report["anyway"]
    checked = (
        "cannot be checked, as everybody was sent one."
        if anyway["foretold"] is None
        else f"checked on who was sent none: {fine(anyway['foretold'])} foretold, {fine(anyway['bought'])} bought."
    )
    in_all = _in_all(report["pairs"])
    st.caption(f"{in_all}Brackets are 95 % intervals, people drawn anew. Chances of buying with no coupon, {checked}")
