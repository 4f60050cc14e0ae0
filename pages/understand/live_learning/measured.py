"""Whether learning pays, from an evaluation that was kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from pages.shared import measuring, state
from pages.shared.drawing import draw
from pages.shared.finding import percent
from pages.shared.wording import plain
from recsys.evaluation.learning.kept import BASE, kept

if TYPE_CHECKING:
    from recsys.engine import Engine

DRAWN: Final = ("feedback", "pairwise", "linucb", "thompson")


def section(engine: Engine) -> None:
    """Curves with intervals, who did best, and how sure that is."""
    st.markdown("#### Does learning pay?")
    found = kept(engine.shop.name, state.settings().measured_dir)
    can = engine.shop.crowd is not None
    why = "" if can else "It needs people who answer any page, whom only a simulation has."
    report = measuring.shown(engine, "learning", found, can=can, elsewhere=why)
    if report is None:
        return
    st.markdown(plain(sentence(report)))
    if said := moving([each.report for each in found]):
        st.markdown(plain(said))
    _curves(report)
    _table(report)
    for other in found[1:]:
        with st.expander(plain(f"Also measured: {', '.join(_labels(other.report))}")):
            _table(other.report)
            st.caption(plain(f"Made with: {other.report['command']}"))
    measuring.how(report)


def sentence(report: dict[str, Any]) -> str:
    """What learning from a person's first acts is worth, and whether the best way is apart from the next."""
    last = max(line["after"] for line in report["each"])
    lines = sorted((x for x in report["each"] if x["after"] == last), key=lambda x: -x["utility"])
    best, base = lines[0], next(line for line in lines if line["learner"] == BASE)
    if best is base:
        return f"Learning does not pay here: after {last} acts of a person, nothing beats “{base['label']}”."
    low, high = best["change_ci95"]
    sure = "more than luck" if low > 0 else "which may be luck"
    update = report["update_ms"]["p95"]
    return (
        f"After {last} acts of a person nobody knew, “{best['label']}” captures {percent(best['utility'])} of what the "
        f"best list would be worth to them, “{base['label']}” {percent(base['utility'])}. That is "
        f"{percent(best['change'])} more (95 % interval {percent(low)} to {percent(high)}), {sure}. One step takes "
        f"{update:.2f} ms (95 of 100 take less)."
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
    low, high = line["change_ci95"]
    return f"{line['change']:+.1%} (95 % interval {low:+.1%} to {high:+.1%})"


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
    rows = [f"| After {last:,} acts of all | utility@10 | 95 % | regret of a page |", "| :-- | --: | --: | --: |"]
    for line in lines:
        low, high = line["utility_ci95"]
        regret = f"{line['regret']:.3f}" if "regret" in line else "–"
        rows.append(f"| {plain(line['label'])} | {line['utility']:.3f} | {low:.3f} to {high:.3f} | {regret} |")
    st.markdown("\n".join(rows))
    st.caption("Regret: what a page was worth less than the best page that could have been shown, 0 to 1, mean.")
