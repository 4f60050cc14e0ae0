"""Whether learning pays, from an evaluation that was kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from pages.shared import measuring, state
from pages.shared.drawing import draw
from pages.shared.facts import OF_INTERVALS, Fact, facts
from pages.shared.finding import between, finding, fine, signed
from pages.shared.wording import plain
from recsys.evaluation.learning.kept import BASE, kept

if TYPE_CHECKING:
    from recsys.engine import Engine

DRAWN: Final = ("feedback", "pairwise", "linucb", "thompson")
CAPTURED: Final = "the share of what the best list of ten would be worth to the person."
PLAINLY: Final = (
    "Simulated people whom no learner knew were shown page after page. Each way to learn saw what they did, and its "
    "next list was then judged by what every product is truly worth to the person, which only a simulation knows. "
    "Settings were chosen on other people than those who were asked."
)


def section(engine: Engine) -> None:
    """Who did best and how sure that is, then curves with intervals."""
    found = kept(engine.shop.name, state.settings().measured_dir)
    can = engine.shop.crowd is not None
    why = "" if can else "It needs people who answer any page, whom only a simulation has."
    report = measuring.shown(engine, "learning", found, lead, can=can, elsewhere=why)
    if report is None:
        return
    if said := moving([each.report for each in found]):
        st.markdown(plain(said))
    _curves(report)
    _table(report)
    for other in found[1:]:
        with st.expander(plain(f"Also measured: {', '.join(_labels(other.report))}")):
            _table(other.report)
            st.caption(plain(f"Made with: {other.report['command']}"))
    measuring.how(report, PLAINLY)


def in_short(engine: Engine) -> None:
    """The sentence and its figures; nothing where nothing was measured."""
    if found := kept(engine.shop.name, state.settings().measured_dir):
        lead(found[0].report)


def lead(report: dict[str, Any]) -> None:
    """What was found, with its figures in large type."""
    finding(plain(sentence(report)))
    facts(figures(report), narrowest=OF_INTERVALS)


def told(report: dict[str, Any]) -> tuple[int, dict[str, Any], dict[str, Any]]:
    """(after how many acts of a person, the line of the best way to learn then, that of what never learns)."""
    last = max(line["after"] for line in report["each"])
    lines = sorted((x for x in report["each"] if x["after"] == last), key=lambda x: -x["utility"])
    return last, lines[0], next(line for line in lines if line["learner"] == BASE)


def sentence(report: dict[str, Any]) -> str:
    """What learning from a person's first acts is worth, and whether the best way is apart from what never learns."""
    last, best, base = told(report)
    if best is base:
        return f"Learning does not pay here: after {last} acts of a person, nothing beats “{base['label']}”."
    low = best["change_ci95"][0]
    pays, sure = ("pays", "more than luck") if low > 0 else ("may pay or not", "which may be luck")
    return (
        f"Learning {pays}: after {last} acts of a person nobody knew, the best list by “{best['label']}” is worth "
        f"{fine(best['change'])} more to them than “{base['label']}” (95 % interval {between(best['change_ci95'])}), "
        f"{sure}."
    )


def moving(reports: Sequence[Mapping[str, Any]]) -> str:
    """What it adds that products move for one person, of the first report that measured it; "" where none did."""
    report = next((each for each in reports if each.get("moving")), None)
    if report is None:
        return ""
    line = report["moving"][-1]
    every, fresh = line["all"], line["fresh"]
    low, high = fresh["change_ci95"]
    pays = "they pay" if low > 0 else "they cost" if high < 0 else "that may be luck"
    return (
        f"Where products move too (“Products move” above 0), the list is worth {_change(every)} more after "
        f"{line['after']} acts than by the taste alone. Part of that is what was liked standing higher itself: of "
        f"products that nothing was done with yet it is {_change(fresh)}; {pays}. They stay where they are at first."
    )


def _change(line: Mapping[str, Any]) -> str:
    return f"{signed(line['change'])} (95 % interval {between(line['change_ci95'], signed)})"


def figures(report: dict[str, Any]) -> list[Fact]:
    """The figures of that sentence, each with what it means."""
    last, best, base = told(report)
    found = [
        Fact("Learning", fine(best["utility"]), plain(f"{best['label']}, after {last} acts: {CAPTURED}")),
        Fact("Without learning", fine(base["utility"]), plain(f"{base['label']}: {CAPTURED}")),
    ]
    if best is not base:
        found.insert(0, Fact("Gained", signed(best["change"]), "The worth of the list against never learning."))
        found.insert(1, Fact("95 % interval", between(best["change_ci95"]), "Of what was gained, over people."))
    update = report["update_ms"]["p95"]
    return [*found, Fact("One step takes", f"{update:.2f} ms", "Of 100 steps, 95 take less.")]


def _labels(report: dict[str, Any]) -> list[str]:
    """The ways to learn in a report, but what never learns."""
    return list(dict.fromkeys(line["label"] for line in report["all"] if line["learner"] != BASE))


def _curves(report: dict[str, Any]) -> None:
    from recsys.plots.cold_start import by_known

    left, right = st.columns(2, gap="medium")
    for column, name, key, title, x in (
        (left, "each", "after", "After so many acts of one person", "acts of the person"),
        (right, "all", "interactions", "After so many acts of all", "acts of all people"),
    ):
        lines = [
            {"method": line["learner"], "label": line["label"], "known": f"{line[key]:,}", "value": line["utility"],
             "ci95": line["utility_ci95"]}
            for line in report[name]
        ]  # fmt: skip
        with column:
            figure = by_known(lines, DRAWN, BASE, title, x, y="utility@10", value="value", interval="ci95")
            draw(figure, f"learning.{name}", f"Lines: utility at 10 of each way to learn. {title}.")
    st.caption(
        "utility@10: what the first ten products are truly worth to the person, as a share of the best ten there are. "
        "Bars are 95 % intervals. The oracle, which knows everything, is at 1."
    )


def _table(report: dict[str, Any]) -> None:
    last = max(line["interactions"] for line in report["all"])
    lines = sorted((x for x in report["all"] if x["interactions"] == last), key=lambda x: -x["utility"])
    st.markdown(f"**After {last:,} acts of all people**")
    rows = ["| Way to learn | worth | regret |", "| :-- | --: | --: |"]
    for line in lines:
        interval = between(line["utility_ci95"])
        regret = f"{line['regret']:.2f}" if "regret" in line else "–"
        rows.append(f"| {plain(line['label'])} | {fine(line['utility'])} :small[:gray[{interval}]] | {regret} |")
    st.markdown("\n".join(rows))
    st.caption(
        "Worth: utility@10, of the best list, with its 95 % interval. Regret of a page: what it was worth less than "
        "the best page that could have been shown, 0 to 1, mean."
    )
