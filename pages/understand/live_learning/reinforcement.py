"""Whether planning ahead pays, where people tire of a shop and where they do not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from pages.shared import measuring, state
from pages.shared.drawing import draw
from pages.shared.facts import OF_INTERVALS, Fact, facts
from pages.shared.finding import between, finding, fine, signed, within
from pages.shared.significance import chance
from pages.shared.wording import plain
from recsys.evaluation.reinforcement.kept import kept

if TYPE_CHECKING:
    from recsys.engine import Engine

DRAWN: Final = ("slateq", "reinforce", "greedy", "varied", "popular")
RISING: Final = 0.05  # of the value in the last round of training, from which on it is said
NONE_DONE: Final = "nothing"
PLAINLY: Final = (
    "Simulated people come to the shop, browse page after page, tire, leave, and come back or not. Every method saw "
    "the same of them, was trained on people who are not among those it was tested on, and was judged by what people "
    "did in all. How much people tire is assumed, not measured on anybody. Ten seeds: other people, training and "
    "chance in each."
)
EPISODE: Final = (
    "An **episode** is one person's time with the shop: page after page of ten products, until they leave; then they "
    "come back after a while, or never. A method that looks at the next page only (*greedy*) shows what is taken most "
    "now. One that **plans** (*reinforcement learning*) may give up something now, so that the person stays and comes "
    "back. Where people tire, pages like those before, and pages on which they find nothing, make them tired: they do "
    "less, leave sooner, and come back less often. Where they do not tire, no page changes whether they stay: there is "
    "little to plan."
)


def section(engine: Engine) -> None:
    """The verdict in both worlds, curves, figures, and one person's episode."""
    found = kept(engine.shop.name, state.settings().measured_dir)
    report = measuring.shown(engine, "reinforcement", found, lead, can=engine.shop.crowd is not None)
    if report is None:
        return
    st.markdown(EPISODE)
    for column, world in zip(st.columns(len(report["worlds"]), gap="medium"), report["worlds"], strict=True):
        with column:
            _world(report, world)
    st.caption(
        "Value: what was done on all pages of an episode (a look 0.3, a like or basket 1, a purchase 1.5), each later "
        "page counting 5 % less. Bars and ± are 95 % intervals over seeds: other people, training and chance in each."
    )
    _example(report)
    measuring.how(report, PLAINLY)


def lead(report: dict[str, Any]) -> None:
    """Where planning pays, with its figures in large type, and each world in a sentence."""
    finding(plain(verdict(report)))
    facts(figures(report), narrowest=OF_INTERVALS)
    st.markdown("\n".join(f"- {plain(sentence(report, world))}" for world in report["worlds"]))


def verdict(report: dict[str, Any]) -> str:
    """In which worlds planning pays."""
    pays = [within(world["label"]) for world in report["worlds"] if world["pays"]]
    if not pays:
        return (
            "Planning ahead does not pay here: looking at the next page only, or a simple rule, does as well or better."
        )
    if len(pays) == len(report["worlds"]):
        return "Planning ahead pays: it brings more than looking at the next page only."
    return f"Planning ahead pays where {' and '.join(pays)}, and not elsewhere."


def figures(report: dict[str, Any]) -> list[Fact]:
    """What the planner brings against looking at the next page only, in each world."""
    found = []
    for world in report["worlds"]:
        line = _compared(report, world)["greedy"]
        about = plain(f"“{line['label']}” against “{line['rival_label']}”: value of an episode.")
        found += [
            Fact(plain(f"Where {within(world['label'])}"), signed(line["change"]), about),
            Fact("95 % interval", between(line["change_ci95"], signed), "Over seeds: people, training and chance."),
        ]
    return found


def _compared(report: dict[str, Any], world: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The lines of a world's planner, by what it is compared with."""
    return {
        line["against"]: line
        for line in report["compared"]
        if (line["world"], line["method"]) == (world["world"], world["planner"])
    }


def sentence(report: dict[str, Any], world: dict[str, Any]) -> str:
    """Whether planning pays in a world: the planner against the greedy ranker, and the best that never plans."""
    lines = _compared(report, world)
    greedy, best = lines["greedy"], lines["best"]
    told = f"{world['label']}: planning {'pays' if world['pays'] else 'does not pay'}. “{greedy['label']}” brings "
    told += f"{_apart(greedy)} “{greedy['rival_label']}”"
    if best["rival_label"] != greedy["rival_label"]:
        told += f", and {_apart(best)} “{best['rival_label']}”, picked beforehand as the best that does not plan"
    told += _rising(report, world)
    if world["pays"]:
        return f"{told}."
    if world["loses"]:
        return f"{told}: training costs, and a simple way brings more."
    if world["beats_greedy"]:
        return f"{told}: more than looking at the next page only, but a simple rule does as well."
    return f"{told}: looking at the next page only does as well."


def _rising(report: dict[str, Any], world: dict[str, Any]) -> str:
    """That the planner was still gaining when training ended, where it was: more might change what is said."""
    key = (world["world"], world["planner"])
    *_, before, last = [0.0, *(x["value"] for x in report["curves"] if (x["world"], x["method"]) == key)]
    if before <= 0 or last / before - 1.0 < RISING:
        return ""
    return f" (planning still gained {fine(last / before - 1.0)} in the last round of training: more might change this)"


def _apart(line: dict[str, Any]) -> str:
    """How far two methods are apart, and how sure that is."""
    if line["change_ci95"][0] <= 0 <= line["change_ci95"][1]:
        return (
            f"as much, within luck ({signed(line['change'])}, 95 % interval {between(line['change_ci95'], signed)}), as"
        )
    word = "more" if line["change"] > 0 else "less"
    sides = sorted(abs(side) for side in line["change_ci95"])
    sure = f"95 % interval {between(sides)}, {chance(line['p'])}"
    return f"{fine(abs(line['change']))} {word} ({sure}) than"


def _world(report: dict[str, Any], world: dict[str, Any]) -> None:
    from recsys.plots.reinforcement import training

    points = [point for point in report["curves"] if point["world"] == world["world"]]
    bandit = next(x["rival"] for x in report["compared"] if (x["world"], x["against"]) == (world["world"], "bandit"))
    figure = training(points, (*DRAWN, bandit), world["label"])
    draw(
        figure,
        f"learning.planning.{world['world']}",
        f"Lines: value of an episode by training. {plain(world['label'])}.",
    )
    rows = ["| Method | value | bought | pages |", "| :-- | --: | --: | --: |"]
    lines = [line for line in report["final"] if line["world"] == world["world"]]
    for line in sorted(lines, key=lambda line: -line["value"]):
        half = (line["value_ci95"][1] - line["value_ci95"][0]) / 2
        rows.append(
            f"| {plain(line['label'])} | {line['value']:.2f} :small[:gray[± {half:.2f}]] | {line['purchases']:.2f} | "
            f"{line['pages']:.1f} |"
        )
    st.markdown("\n".join(rows))


def _example(report: dict[str, Any]) -> None:
    """One person's episode under three methods: how tired they are page by page, and what they did."""
    world = report["worlds"][0]
    examples = [example for example in report["examples"] if example["world"] == world["world"] and example["pages"]]
    if not examples:
        return
    from recsys.plots.reinforcement import tiring

    st.markdown("##### One person's episode, page by page")
    draw(tiring(examples, "How tired the same person gets"), "learning.planning.example", "Lines: tiredness by page.")
    st.caption(
        "The first person of the first test, not picked: one episode is mostly luck. Rings: left and came back; "
        "crosses: left for good."
    )
    for example in examples:
        with st.expander(plain(example["label"])):
            rows = ["| Page | on top | what was done | tired |", "| --: | :-- | :-- | --: |"]
            for place, page in enumerate(example["pages"], 1):
                did = "; ".join(f"{acts}: {title}" for title, acts in page["did"]) or NONE_DONE
                ends = " (left)" if page["left"] else ""
                rows.append(f"| {place} | {plain(page['first'][0])} | {plain(did)} | {page['tired']:.2f}{ends} |")
            st.markdown("\n".join(rows))
