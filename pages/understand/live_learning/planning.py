"""A test before the test: how many people and days it takes, from the shop's own data."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.shared import controls, state
from pages.shared.drawing import draw
from pages.shared.facts import OF_INTERVALS, Fact, facts
from pages.shared.finding import between, finding, fine, signed
from pages.shared.wording import count, money, plain
from pages.understand.live_learning import promises
from pages.understand.live_learning.views import (
    ALARMS,
    LIFT,
    METRIC,
    OWN_RATE,
    OWN_VISITORS,
    POWER,
    SAID,
    SHARE,
    VIEWS,
)
from recsys.errors import BadRequestError
from recsys.evaluation.experiments import planning
from recsys.evaluation.experiments.own_data import BUYERS, CONVERSION, OWN, SPEND, Baseline, own
from recsys.evaluation.experiments.sample_size import Design
from recsys.plots.style import written

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.evaluation.experiments.planning import Need, Planned

WEEK: Final = 7  # days: people of a weekend are others than those of a Monday
YEARS: Final = 730  # days; a test that takes longer is none


def section(engine: Engine) -> None:
    """What a test takes, as its controls say; where the shop's data tell nothing, with figures of one's own."""
    _planned(engine)
    promises.section(engine)


def _planned(engine: Engine) -> None:
    found, why_not = engine.experiments.measured
    offered = {each.name: each for each in found}
    _choices(engine, offered)
    if why_not:
        st.info(
            plain(f"{why_not[:1].upper()}{why_not[1:]}, so that figures of your own are used."), icon=":material/info:"
        )
    baseline = _baseline(offered)
    chosen = state.choices()
    lift = float(chosen[LIFT]) / 100
    try:
        design = Design(float(chosen[ALARMS]) / 100, float(chosen[POWER]) / 100, float(chosen[SHARE]) / 100)
        plan = planning.planned(baseline, lift, design)
    except BadRequestError as error:
        st.warning(plain(error.one_line()), icon=":material/report:")
        return
    finding(sentence(engine, baseline, plan, lift, design))
    facts(figures(engine, baseline, plan), narrowest=OF_INTERVALS)
    left, right = st.columns([55, 45], gap="medium")
    with left:
        _curve(engine, baseline, plan, lift, design)
    with right:
        _needs(engine, baseline, plan)
    with st.expander("What to know before beginning"):
        st.markdown("\n".join(f"- {plain(note)}" for note in notes(engine, baseline, plan)))


def _choices(engine: Engine, offered: dict[str, Baseline]) -> None:
    people = engine.shop.people
    labels = {
        name: label.format(one=people.one, many=people.many.capitalize())
        for name, label in SAID[METRIC].items()
        if name in offered or name == OWN
    }
    if state.choices()[METRIC] not in labels:
        state.choose(**{METRIC: next(iter(labels))})
    controls.one_of(METRIC, "What is measured", labels)
    own_figures = state.choices()[METRIC] == OWN
    with st.grid(3, min_column_width=170, gap="small"):
        if own_figures:
            _slider(OWN_RATE, "Of 100 visitors, do it now", "How many of 100 visitors do what is to be raised.")
            _slider(OWN_VISITORS, "Visitors a day", "How many new people come on a day, to both groups together.")
        _slider(LIFT, "Change to be found, %", "Relative: with 5, 100 become 105. Smaller changes take more people.")
        _slider(POWER, "Found, of 100 times", "Power: how often the test finds the change, if it is there.")
        _slider(ALARMS, "False alarms, of 100", "Alpha: how often the test finds a change that is not there.")
        _slider(
            SHARE, "See what is new, of 100", "The others see the shop as it is. Half and half takes fewest people."
        )


def _slider(name: str, label: str, help: str) -> None:
    controls.stepped(name, VIEWS[name], label, help)


def _baseline(offered: dict[str, Baseline]) -> Baseline:
    chosen = state.choices()
    if chosen[METRIC] in offered:
        return offered[chosen[METRIC]]
    return own(float(chosen[OWN_RATE]) / 100, float(chosen[OWN_VISITORS]))


def sentence(engine: Engine, baseline: Baseline, plan: Planned, lift: float, design: Design) -> str:
    """What the test takes, in one sentence with its figures, as Markdown."""
    before, after = (plain(_value(engine, baseline, each)) for each in (baseline.mean, baseline.mean + plan.change))
    who, need = _counted(engine, baseline), plan.cuped if _saves(baseline) else plan.plain
    beside = ", with what was known before (CUPED)" if _saves(baseline) else ""
    size = plain(count(need.people, who[0], who[1], shop=engine.shop))
    return (
        f"To find {fine(lift)} more ({before} → {after}) takes {size} in both groups{beside}"
        f"{_how_long(engine, baseline, need)}"
    )


def figures(engine: Engine, baseline: Baseline, plan: Planned) -> list[Fact]:
    """The figures of the plan, each with what it means."""
    number, (_, many) = engine.shop.number, _counted(engine, baseline)
    need = plan.cuped if _saves(baseline) else plan.plain
    found = [
        Fact(
            f"{many.capitalize()} needed", number(need.people), "In both groups together, looked at once, at the end."
        ),
        Fact("That takes", _days(engine, need) if _enough(baseline, need) else "not possible"),
        Fact(
            "If looked at any time",
            f"≤ {number(plan.looked.people)}",
            f"{many.capitalize()} at most; {number(plan.looked_mean.people)} on average, as it may stop early.",
        ),
    ]
    if baseline.people and math.isfinite(plan.least):
        every = f"With all {number(baseline.people)} of the last {baseline.watched} days."
        found.append(Fact("Smallest change found", signed(plan.least), every))
    if _saves(baseline):
        saved = f"Of the {many}; 95 % interval {between((baseline.saved.low, baseline.saved.high))}."
        found.append(Fact("Saved by what is known", fine(baseline.saved.share), f"CUPED. {saved}"))
    return [Fact(plain(each.label), plain(each.value), plain(each.help)) for each in found]


def _how_long(engine: Engine, baseline: Baseline, need: Need) -> str:
    """The end of the sentence: days, or that the shop has not so many people."""
    if not _enough(baseline, need):
        known = plain(count(baseline.people, *_counted(engine, baseline), shop=engine.shop))
        return f". Not possible here: {known} came in all. Look for a larger change, or for another metric."
    return f": {_days(engine, need)} at {baseline.a_day:,.0f} a day."


def _enough(baseline: Baseline, need: Need) -> bool:
    """Whether there are so many people, where each counts once."""
    return baseline.name not in (SPEND, BUYERS) or need.people <= baseline.people


def notes(engine: Engine, baseline: Baseline, plan: Planned) -> list[str]:
    """What one should know before beginning, in plain words."""
    shop, who = engine.shop, _counted(engine, baseline)
    looked = (
        f"Looked at any time: each look at a usual test is one more chance of a false alarm. An interval that holds at "
        f"all looks at once is {plan.looking.wider:.1f} times as wide at the planned size. Such a test takes "
        f"{plan.looking.size:.1f} times as many at most, and {plan.looking.mean_size:.1f} times as many on average, as "
        f"it may stop at once; half of the tests that find the change have found it after "
        f"{plan.looking.usual_stop:.1f} times the planned size."
    )
    said = [looked]
    if baseline.people:
        if math.isfinite(plan.least):
            said.insert(
                0,
                f"All {count(baseline.people, who[0], who[1], shop=shop)} of the last {baseline.watched} days together "
                f"would find a change of {fine(plan.least)} or more.",
            )
        low, high = fine(baseline.saved.low), fine(baseline.saved.high)
        said.append(
            f"CUPED takes out what the {baseline.before} days before tell of each {shop.people.one}: it saves "
            f"{fine(baseline.saved.share)} of the people here (95 % interval {low} to {high}). Of newcomers nothing "
            "is known before; for them it saves nothing."
        )
    if baseline.inflation > 1:
        said.append(
            f"Visits of one {shop.people.one} are alike, so that it takes {baseline.inflation:.2f} times as many as if "
            "each stood alone; this is in the figures."
        )
    if plan.skewed_below > plan.cuped.people:
        said.append(
            f"A few spend much more than the others (skewness {baseline.skewness:.1f}): below "
            f"{count(plan.skewed_below, who[0], who[1], shop=shop)} the usual test is not to be trusted, however large "
            "the change."
        )
    if plan.cuped.days < WEEK:
        said.append("Let it run for whole weeks nevertheless: people of a weekend are others than those of a Monday.")
    return said


def _curve(engine: Engine, baseline: Baseline, plan: Planned, lift: float, design: Design) -> None:
    from recsys.plots.experiments import power_curve

    sizes = {"plain": float(plan.plain.people)}
    alt = f"Line: power by size. {plan.plain.people:,} are needed."
    if _saves(baseline):
        sizes["cuped"] = float(plan.cuped.people)
        alt = f"Lines: power by size. {plan.plain.people:,} without, {plan.cuped.people:,} with CUPED."
    figure = power_curve(planning.curve(baseline, lift, design), design.power, sizes, _counted(engine, baseline)[1])
    draw(written(figure, engine.shop.money), "learning.power", alt)


def _needs(engine: Engine, baseline: Baseline, plan: Planned) -> None:
    who = _counted(engine, baseline)[1]
    lines = [("Looked at once, at its end", plan.plain)]
    if _saves(baseline):
        lines.append(("… with CUPED", plan.cuped))
    beside = ", with CUPED" if _saves(baseline) else ""
    lines += [(f"Looked at any time{beside}, at most", plan.looked), ("… on average", plan.looked_mean)]
    rows = [f"| The test | {who} | days |", "| :-- | --: | --: |"]
    rows += [
        f"| {label} | {engine.shop.number(need.people)} | "
        f"{engine.shop.number(need.days) if _enough(baseline, need) else 'not possible'} |"
        for label, need in lines
    ]
    st.markdown("\n".join(rows))
    watched = f" Each is watched for {baseline.watched} days more." if baseline.name in (SPEND, BUYERS) else ""
    st.caption(plain(f"Days: until so many have come, at {baseline.a_day:,.0f} new ones a day.{watched}"))


def _saves(baseline: Baseline) -> bool:
    return baseline.saved.share > 0


def _value(engine: Engine, baseline: Baseline, value: float) -> str:
    return f"{100 * value:.2f} %" if baseline.is_rate else money(value, engine.shop)


def _counted(engine: Engine, baseline: Baseline) -> tuple[str, str]:
    """(one, many) of what is counted."""
    people = engine.shop.people
    if baseline.name == CONVERSION:
        return "visit", "visits"
    return ("visitor", "visitors") if baseline.name == OWN else (people.one, people.many)


def _days(engine: Engine, need: Need) -> str:
    if need.days > YEARS:
        return f"{need.days / 365:,.0f} years"
    return count(need.days, "day", shop=engine.shop)
