"""How well newcomers are served, from an evaluation that was kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from pages.shared import measuring, state
from pages.shared.drawing import draw
from pages.shared.finding import percent
from pages.shared.wording import plain
from recsys.engine.newcomers import INFORMING, WELL_KNOWN
from recsys.evaluation.cold_start.kept import kept
from recsys.evaluation.kept_reports import KeptReport

if TYPE_CHECKING:
    from recsys.engine import Engine

BY_CHOICES: Final = (INFORMING, WELL_KNOWN, "careless")
BY_EVENTS: Final = ("combination", "content", "graph", "cohort")
MEASURES: Final = (
    "hit@10: the share of shoppers who find a product that they really took among the first ten; nDCG@10: the same "
    "from 0 to 1, places nearer the top counting more."
)
BASE: Final = "most-popular"


def _kept(engine: Engine) -> KeptReport | None:
    """The evaluation of this shop, else one on a file, which is said; a button that has it measured."""
    found = kept(engine.shop.name, state.settings().measured_dir)
    measuring.offer(engine, "cold-start", again=bool(found) and found[0].shop == engine.shop.name)
    if not found:
        st.info("Nothing was measured yet.", icon=":material/science:")
        return None
    if found[0].shop != engine.shop.name:
        st.caption(plain(f"On this shop nothing was measured yet; these are figures of {found[0].report['dataset']}."))
    return found[0]


def of_shoppers(engine: Engine) -> None:
    """Accuracy by choices and by purchases known, against bestsellers."""
    from recsys.plots.cold_start import by_known

    st.markdown("#### What choices are worth")
    if (found := _kept(engine)) is None:
        return
    report = found.report
    left, right = st.columns(2, gap="medium")
    with left:
        figure = by_known(report["choices"], BY_CHOICES, BASE, "After so many choices", "choices")
        draw(figure, "cold.choices", "Lines: nDCG at 10 after 0 to 10 choices, against bestsellers.")
        st.caption(
            plain(f"{_choices_said(report['choices'])} Asked above are questions that tell most, in every shop.")
        )
    with right:
        best = next(line["method"] for line in report["shoppers"] if line["best"])
        figure = by_known(report["shoppers"], BY_EVENTS, best, "With so many purchases known", "purchases known")
        draw(figure, "cold.events", "Lines: nDCG at 10 with 0 to 10 purchases known, against bestsellers.")
        st.caption(plain(_shoppers_said(report)))
    st.caption(f"Bars are 95 % intervals. {MEASURES}")
    with st.expander("How this was measured"):
        _rules(report, ("shoppers", "truth", "candidates", "combination", "baseline", "choices", "interval", "effort"))


def _choices_said(lines: list[dict[str, Any]]) -> str:
    """What five choices bring, and that nobody answers so well."""
    five = {line["method"]: line for line in lines if line["known"] == 5}
    told = [_change(five[method]) for method in ("informing", "well-known") if method in five]
    labels = ("that tell most", "about the best known products")
    said = "; ".join(f"questions {label}: {change}" for label, change in zip(labels, told, strict=False))
    return (
        f"After five choices, against bestsellers: {said}. The simulated shoppers answer by what they will really buy, "
        "which nobody knows that well: this is the most that choices can bring."
    )


def _shoppers_said(report: dict[str, Any]) -> str:
    goals = [goal for goal in report["goals"] if goal["task"] == "shoppers"]
    met = [str(goal["known"]) for goal in goals if goal["met"]]
    missed = [str(goal["known"]) for goal in goals if not goal["met"]]
    sides = [f"{word} with {', '.join(some)} known" for word, some in (("met", met), ("missed", missed)) if some]
    return (
        f"The goal was {percent(goals[0]['goal'])} above the best kind of bestsellers, beyond luck: {'; '.join(sides)}."
    )


def of_items(engine: Engine) -> None:
    """How well products that nobody bought are brought to the right people."""
    st.markdown("#### How well new products find their buyers")
    if (found := _kept(engine)) is None:
        return
    report = found.report
    lines = [line for line in report["items"] if line["known"] == "all"]
    rows = ["| Ranked by | hit@10 | nDCG@10 | against the best baseline |", "| :-- | --: | --: | :-- |"]
    for line in sorted(lines, key=lambda each: -each["ndcg"]):
        rows.append(f"| {plain(line['label'])} | {line['hit']:.3f} | {line['ndcg']:.4f} | {plain(_change(line))} |")
    st.markdown("\n".join(rows))
    goal = next(goal for goal in report["goals"] if goal["task"] == "items")
    st.caption(
        plain(
            f"Of {lines[0]['visits']:,} shoppers who took products that nobody had taken before. The goal for all of "
            f"them together, {percent(goal['goal'])} above the best baseline and beyond luck, is "
            f"{'met' if goal['met'] else 'missed'}. "
            "Popularity itself is zero for such a product: the baselines are what its like is worth, chance and age. "
            f"{MEASURES}"
        )
    )
    with st.expander("How this was measured"):
        _rules(report, ("items", "candidates", "content", "combination", "baseline", "interval", "effort"))


def _change(line: dict[str, Any]) -> str:
    """A change with its interval, and whether it is more than luck."""
    if line["best"]:
        return "the baseline itself"
    if line["ndcg_change"] is None:
        return "the baseline finds nothing"
    low, high = line["ndcg_change_ci95"]
    sure = "" if line["p"] is not None and line["p"] < 0.05 else ", which may be luck"
    return f"{percent(line['ndcg_change'])} (95 %: {percent(low)} to {percent(high)}){sure}"


def _rules(report: dict[str, Any], names: tuple[str, ...]) -> None:
    for name in names:
        if name in report["protocol"]:
            st.markdown(f"- **{name.capitalize()}**: {plain(report['protocol'][name])}")
    st.caption(plain(f"Made on {report['dataset']} with: {report['command']}"))
