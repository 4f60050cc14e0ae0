"""By how much the forecasts beat the simple way, or that they do not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from pages.shared import measuring, state
from pages.shared.facts import Fact, listed
from pages.shared.finding import between, fine, signed
from pages.shared.wording import plain
from recsys.evaluation.stock.kept import SAID, kept

if TYPE_CHECKING:
    from recsys.engine import Engine

WIDE = 0.05  # beyond what was meant
PLAINLY = (
    "Methods are chosen on earlier weeks and asked from five later ones, knowing what lay before. **WAPE** is "
    "the sum of all errors beside all that was sold; **MASE** compares a product's error with *last week again* "
    "(below 1: smaller)."
)


def section(engine: Engine) -> None:
    """What was measured, in a sentence and a row for each method."""
    st.markdown("#### How good these forecasts are")
    found = kept(engine.shop.name, state.settings().measured_dir)
    report = measuring.shown(engine, "stock", found, _lead, can=True)
    if report is None:
        return
    with st.expander("All methods beside each other"):
        for kind, title in (("products", "Best sellers"), ("categories", "Categories")):
            st.markdown(f"**{title}**")
            listed([(plain(line["label"]), _figures(line)) for line in report[kind]])
    measuring.how(report, PLAINLY)


def _figures(line: dict[str, Any]) -> list[Fact]:
    mase = "none" if line["mase"] is None else f"{line['mase']:.2f}"
    change = "the base" if line["base"] else f"{signed(line['change'])} ({between(line['change_ci95'], signed)})"
    return [
        Fact("WAPE", f"{fine(line['wape'])} ({between(line['wape_ci95'])})"),
        Fact("MASE", mase),
        Fact("Errors beside the simple way", change),
        Fact("Leans by", signed(line["bias"]), "Foretold in all beside what was sold: below 0 too little."),
    ]


def _lead(report: dict[str, Any]) -> None:
    st.markdown("\n".join(f"- {plain(said)}" for said in _told(report)))


def _told(report: dict[str, Any]) -> list[str]:
    said = []
    for kind, title in (("products", "best sellers"), ("categories", "categories")):
        lines = report[kind]
        own = next(line for line in lines if line["method"] == "combination")
        base = next(line for line in lines if line["base"])
        average = next(line for line in lines if line["method"] == report[f"{kind}_chosen"]["average"])
        held = report[f"{kind}_held"]["single"]
        said.append(
            f"Of {report[f'{kind}_chosen']['series']:,} {title}: errors are {fine(own['wape'])} of what was sold, "
            f"{_beside(own, SAID[base['method']])}; {SAID[average['method']]} errs by {fine(average['wape'])}. Ranges "
            f"meant for {fine(held['meant'])} held {fine(held['held'])} of the weeks{_width(held)}."
        )
        if planned := report.get(f"{kind}_planned"):
            said.append(_planned(planned, title))
            line = next((line for line in lines if line["method"] == "planned"), None)
            said += [f"Beside “{SAID[base['method']]}” that is {_change(line)}."] if line else []
        best = min((line for line in lines if line["method"] != "planned"), key=lambda line: line["wape"])
        if best["wape"] < own["wape"]:
            said.append(
                f"On the test weeks {SAID[best['method']]} alone was better still ({fine(best['wape'])}); earlier "
                "weeks did not show it."
            )
    goal = report["goals"][0]
    sparse = next(line for line in report["products"] if line["method"] == "combination")["wape"] >= 1
    word = "met" if goal["met"] else "missed"
    sure = "" if not goal["met"] or goal["beyond_luck"] else " by the estimate; its interval holds less, too"
    said.append(f"The goal, errors {signed(goal['goal'])} for the best sellers, is {word}{sure}.")
    if sparse:
        said.append(
            "Most products of this shop sell less than one piece a week: to forecast nothing at all would err by 100 % "
            "and never order anything. Of a single one no method says much; categories are what can be planned by."
        )
    return said


def _width(held: dict[str, Any]) -> str:
    """Whether ranges are wider or narrower than they should be."""
    over = held["held"] - held["meant"]
    return " (wider than need be)" if over > WIDE else " (too narrow)" if over < -WIDE else ""


def _planned(told: dict[str, Any], title: str) -> str:
    """What it helps to know which displays and mailers come, or that it does not."""
    own, without = told["all"]["with"], told["all"]["without"]
    low, high = own["change_ci95"]
    sure = "more than luck" if high < 0 else "no help, more than luck" if low > 0 else "which may be luck"
    said = (
        f"Of {title}, the model that is told which displays and mailers come errs by {fine(own['wape'])}, without that "
        f"by {fine(without['wape'])}: {signed(own['change'])} (95 %: {between((low, high), signed)}), {sure}"
    )
    there = told["promoted"]
    if there["units"]:
        said += f"; in promoted weeks {fine(there['with']['wape'])} in place of {fine(there['without']['wape'])}"
    return f"{said}. A shop knows its plan weeks before; where none is known, forecasts do without."


def _beside(own: dict[str, Any], base: str) -> str:
    return f"{signed(own['change'])} beside “{base}” {_ends(own)}"


def _change(own: dict[str, Any]) -> str:
    return f"{signed(own['change'])} {_ends(own)}"


def _ends(own: dict[str, Any]) -> str:
    """The interval of a change in brackets, and whether that may be luck."""
    low, high = own["change_ci95"]
    luck = "" if high < 0 or low > 0 else ", which may be luck"
    return f"(95 %: {between((low, high), signed)}{luck})"
