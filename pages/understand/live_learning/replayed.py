"""What going on learning through the last month would have brought, where nobody can be asked what they would do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from pages.shared import measuring, state
from pages.shared.drawing import draw
from pages.shared.facts import OF_INTERVALS, Fact, facts
from pages.shared.finding import between, finding, fine, signed
from pages.shared.wording import plain
from recsys.evaluation.learning.kept import BASE, replays

if TYPE_CHECKING:
    from recsys.engine import Engine

PLAINLY: Final = (
    "The last 30 days once more, visit by visit: before each one all products were ranked for the person, and what "
    "they then bought says how good the ranking was. Standing still knows only what came before the month; the other "
    "ways go on learning from each visit. Settings were chosen on the month before."
)


def section(engine: Engine) -> None:
    """The last month once more, visit by visit: each way to learn beside standing still."""
    dated = bool(engine.dataset_info["first_day"])
    if not dated:
        st.caption("The purchases of this shop have no dates, so that its last month is not known.")
    found = replays(engine.shop.name, state.settings().measured_dir)
    report = measuring.shown(engine, "replay", found, lead, can=dated)
    if report is None:
        return
    _picture(report)
    _table(report)
    measuring.how(report, PLAINLY)


def lead(report: dict[str, Any]) -> None:
    """What was found, with its figures in large type."""
    finding(plain(sentence(report)))
    facts(figures(report), narrowest=OF_INTERVALS)


def _best(report: dict[str, Any]) -> dict[str, Any]:
    return max(report["replay"], key=lambda line: float(line["ndcg"]))


def _goal(report: dict[str, Any], best: dict[str, Any]) -> dict[str, Any]:
    return next(each for each in report["goals"] if each["way"] == best["way"])


def sentence(report: dict[str, Any]) -> str:
    """Whether the best way to go on learning is apart from standing still, and whether it reaches the goal."""
    best = _best(report)
    if best["way"] == BASE:
        return (
            "Going on learning does not pay here: nothing that learned through the last month foretold what was bought "
            "better than standing still."
        )
    goal, sure = _goal(report, best), "more than luck" if best["change_ci95"][0] > 0 else "which may be luck"
    return (
        f"Through the last month, “{best['label']}” foretold what was bought {fine(best['change'])} better than "
        f"standing still (95 % interval {between(best['change_ci95'])}), {sure}. The goal of {fine(goal['goal'])} is "
        f"{'reached' if goal['met'] else 'missed'}."
    )


def figures(report: dict[str, Any]) -> list[Fact]:
    """The figures of that sentence, each with what it means."""
    best, source = _best(report), report["source"]
    found = [
        Fact("Visits", f"{source['visits']:,}", "Of the last month, each foretold before it was looked at."),
        Fact("People", f"{source['people']:,}"),
    ]
    if best["way"] == BASE:
        return found
    return [
        Fact("Gained", signed(best["change"]), "nDCG@10 against standing still at the month's start."),
        Fact("95 % interval", between(best["change_ci95"]), "Of what was gained, over people with all their visits."),
        Fact("Goal", signed(_goal(report, best)["goal"])),
        *found,
    ]


def _picture(report: dict[str, Any]) -> None:
    from recsys.plots.learning import changes

    lines = [line for line in report["replay"] if line["way"] != BASE]
    figure = changes(
        lines, report["goals"][0]["goal"], "Against standing still (dotted: the goal)", "change of nDCG@10"
    )
    draw(figure, "learning.replay", "Marks: the change of each way to learn against standing still, with its interval.")


def _table(report: dict[str, Any]) -> None:
    rows = ["| Through the last month | change | nDCG@10 |", "| :-- | --: | --: |"]
    for line in report["replay"]:
        change = "–" if line["way"] == BASE else f"{signed(line['change'])} :small[:gray[{_interval(line)}]]"
        rows.append(f"| {plain(line['label'])} | {change} | {line['ndcg']:.3f} |")
    st.markdown("\n".join(rows))
    st.caption(
        "Small: 95 % intervals. nDCG@10: how near to the top of the list of all products stood what the visit then "
        "bought, 0 to 1. Here the people did not see these lists: it says what would have been foretold, not what "
        "would have been bought."
    )


def _interval(line: dict[str, Any]) -> str:
    return between(line["change_ci95"], signed)
