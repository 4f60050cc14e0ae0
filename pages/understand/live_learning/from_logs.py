"""What another order would have earned, from logs alone: how near to the truth that comes, and what real logs say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from pages.shared import controls, measuring, state
from pages.shared.drawing import draw
from pages.shared.facts import OF_INTERVALS, Fact, facts, listed
from pages.shared.finding import between, finding, fine
from pages.shared.wording import plain
from pages.understand.live_learning.views import ORDER
from recsys.evaluation.off_policy.kept import kept, kept_of_logs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recsys.engine import Engine
    from recsys.evaluation.kept_reports import KeptReport

ELSEWHERE: Final = "Here nobody knows the truth, which only a simulation can tell."
PLAINLY: Final = (
    "A simulated shop showed pages by one order and wrote down the chance with which it chose each product. From such "
    "logs alone each way of estimating said what another order would have earned. Then the other order was really "
    "shown to the same people, which tells the truth; all of it was done with many logs, so that luck can be told from "
    "skill."
)
PLAINLY_OF_LOGS: Final = (
    "Each log, written while one order was shown, is asked what another order would have earned in the same place; "
    "what the other order did earn then says how near that came."
)
OPEN_BANDIT: Final = "off_policy_open_bandit"
KIND: Final = "bootstrap"  # of the intervals whose coverage is drawn
BY_PLACE, PAGES = "dr", "ips"
DRAWN: Final = ("iips", "dr", "rips", "cascade_dr", "ips", "page_dr")
OF_LOGS: Final = "dr"
SHOWN_OF_LOGS: Final = ("dr", "dr_mean")
KINDS: Final = {"t": "t", "bootstrap": "bootstrap", "bernstein": "Bernstein"}
VIEWS: Final = {"independent": "place by place", "cascade": "by cascade", "page": "whole pages"}
DEFINED: Final = (
    "**Estimates** weigh what was logged by how much likelier the other order would have shown it: *by place* each "
    "place on its own, *by cascade* all that stands above too, *whole pages* everything on the page. **IPS** does only "
    "that; **SNIPS** divides by the sum of the weights; the **direct method** asks a model and weighs nothing; "
    "**doubly robust** is the model, put right by weighted errors. **Bias**: by how much estimates are off on average. "
    "**Spread**: their standard deviation from log to log. **RMSE**: both together. **Shrunk**: large weights are "
    "drawn in, which spares spread and costs bias. **Least possible**: what a doubly robust estimate would keep of the "
    "squared error of IPS if its model knew everybody's true click rates."
)


def section(engine: Engine) -> None:
    """Against the truth of a simulated shop, then on logs of policies that people really saw."""
    folder = state.settings().measured_dir
    found, logs = kept(engine.shop.name, folder), kept_of_logs(folder)
    can = engine.shop.crowd is not None
    if found or not logs:
        _against_truth(engine, found, can=can)
    elif can:
        measuring.offer(engine, "off-policy", again=False)
    if logs:
        _of_logs(logs[0].report, came_along=logs[0].name == OPEN_BANDIT)


def _against_truth(engine: Engine, found: Sequence[KeptReport], *, can: bool) -> None:
    report = measuring.shown(engine, "off-policy", found, lead, can=can, elsewhere=ELSEWHERE)
    if report is None:
        return
    policy, lines = _judged(report)
    most = max(line["rounds"] for line in lines)
    last = [line for line in lines if line["rounds"] == most]
    st.caption(plain(health(report, policy["policy"], most)))
    _pictures(policy, lines, last, most)
    with st.expander("Every estimator in figures"):
        _table(last)
    with st.expander("What the names mean"):
        st.markdown(DEFINED)
    measuring.how(report, PLAINLY)


def lead(report: dict[str, Any]) -> None:
    """The order that is judged, what was found of it, and its figures in large type."""
    asked = {each["policy"]: each for each in report["policies"] if not each["logged"]}
    controls.one_of(ORDER, "The order that is judged", {name: each["label"] for name, each in asked.items()})
    policy, lines = _judged(report)
    most = max(line["rounds"] for line in lines)
    last = [line for line in lines if line["rounds"] == most]
    finding(plain(sentence(report, policy, last)))
    facts(figures(report, policy, last), narrowest=OF_INTERVALS)
    st.markdown(plain(beside(report, policy, last)))
    if limit := least(report, policy, last):
        st.markdown(plain(limit))


def _judged(report: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """(the order that is judged, as chosen, what was estimated of it)."""
    asked = {each["policy"]: each for each in report["policies"] if not each["logged"]}
    policy = asked.get(state.choices()[ORDER]) or next(iter(asked.values()))
    return policy, [line for line in report["lines"] if line["target"] == policy["policy"]]


def sentence(report: dict[str, Any], policy: dict[str, Any], lines: list[dict[str, Any]]) -> str:
    """How near to the truth an estimate from logs comes, without a word of how it is made."""
    robust = next(line for line in lines if line["estimator"] == BY_PLACE)
    shown = next(each["label"] for each in report["policies"] if each["logged"])
    return (
        f"From {robust['rounds']:,} pages of “{shown}” alone one can tell what “{policy['label']}” would earn to "
        f"within {robust['rmse']:.3f} clicks a page, as a rule; it truly earns {policy['value']:.3f}."
    )


def figures(report: dict[str, Any], policy: dict[str, Any], lines: list[dict[str, Any]]) -> list[Fact]:
    """The figures of the best estimate, each with what it means."""
    robust = next(line for line in lines if line["estimator"] == BY_PLACE)
    held, goal = robust["coverage"][KIND], _goals(report, policy)[0]
    return [
        Fact("Truly earned", f"{policy['value']:.3f}", "Clicks a page, by a simulation that shows it to people."),
        Fact(
            "Typically off by", f"{robust['rmse']:.3f}", "Root mean squared error of doubly robust estimates by place."
        ),
        Fact(
            "Intervals that hold it",
            fine(held["share"]),
            f"Of the 95 % intervals around each estimate (95 % interval of this share: {between(held['ci95'])}).",
        ),
        Fact(
            "Squared error",
            f"× {_short(goal['ratio'])}",
            "Of doubly robust estimates by place, times that of the plainest ones (IPS by place). "
            f"95 % interval {_short(goal['ratio_ci95'][0])} to {_short(goal['ratio_ci95'][1])}.",
        ),
        *_least_possible(goal),
        Fact(f"Goal ({'reached' if goal['met'] else 'missed'})", f"≤ × {goal['goal']:.1f}"),
    ]


def _least_possible(goal: dict[str, Any]) -> list[Fact]:
    """What no model can go below; nothing where a report of before does not know it."""
    if goal.get("least") is None:
        return []
    low, high = goal["least_ci95"]
    about = (
        "The same with everybody's true click rates as the model, which only a simulation knows. No model does better; "
        "what was measured may lie below by luck. "
        f"95 % interval {_short(low)} to {_short(high)}."
    )
    return [Fact("Least possible", f"× {_short(goal['least'])}", about)]


def least(report: dict[str, Any], policy: dict[str, Any], lines: list[dict[str, Any]]) -> str:
    """Whether any model of clicks could bring doubly robust estimates by place to their goal, and what else could."""
    goal = _goals(report, policy)[0]
    if goal.get("least") is None:
        return ""
    low, high = goal["least_ci95"]
    known = (
        f"with a model that knows how often everybody truly clicks, the squared error would be {_short(goal['least'])} "
        f"of that of weights by place (95 % interval {_short(low)} to {_short(high)}), in logs of any length"
    )
    below = " That what was measured lies below that is luck of its own." if goal["ratio"] < goal["least"] else ""
    if low > goal["goal"]:
        return (
            f"No model can reach the goal against weights by place here: even {known}. What remains is the luck of the "
            f"clicks, which longer logs lessen for both alike.{below}{_drawn_in(lines)}"
        )
    return f"The goal against weights by place can be reached, or nearly so: {known}.{below}{_drawn_in(lines)}"


def _drawn_in(lines: list[dict[str, Any]]) -> str:
    """What drawing in large weights spares, and what that costs; nothing where a report of before does not know it."""
    by_name = {line["estimator"]: line for line in lines}
    shrunk = by_name.get("dros")
    if shrunk is None or shrunk.get("ratio") is None:
        return ""
    held, before = (each["coverage"][KIND]["share"] for each in (shrunk, by_name[BY_PLACE]))
    return (
        f" With large weights drawn in it is {_short(shrunk['ratio'])}, no longer without bias: {fine(held)} of these "
        f"intervals hold the truth, {fine(before)} without."
    )


def _goals(report: dict[str, Any], policy: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(the goal against weights by place, the goal against weights of whole pages) of doubly robust estimates."""
    goals = [goal for goal in report["goals"] if (goal["target"], goal["estimator"]) == (policy["policy"], BY_PLACE)]
    same = next(goal for goal in goals if goal["against"] != PAGES)
    return same, next(goal for goal in goals if goal["against"] == PAGES)


def beside(report: dict[str, Any], policy: dict[str, Any], lines: list[dict[str, Any]]) -> str:
    """The same by other estimators, and whether doubly robust ones reach their goal."""
    by_name = {line["estimator"]: line for line in lines}
    robust, plainly, model = by_name[BY_PLACE], by_name[PAGES], by_name["dm"]
    same, whole = _goals(report, policy)
    return (
        f"That is by the doubly robust estimate by place: a model of what people click, put right by what was logged. "
        f"Estimates that only weigh whole pages are {plainly['rmse']:.3f} off, those of a model alone "
        f"{model['rmse']:.3f}. {fine(robust['coverage'][KIND]['share'])} of the 95 % intervals hold the truth (of the "
        f"model's own {fine(model['coverage'][KIND]['share'])}). The squared error is {_short(same['ratio'])} of that "
        f"of weights by place ({_goal(same)}) and {_short(whole['ratio'])} of that of weights of whole pages "
        f"({_goal(whole)})."
    )


def _goal(goal: dict[str, Any]) -> str:
    low, high = goal["ratio_ci95"]
    reached = "reached" if goal["met"] else "missed"
    return f"95 % interval {_short(low)} to {_short(high)}; goal {goal['goal']:.1f} {reached}"


def _short(ratio: float) -> str:
    """Two figures that say something: "0.69", "0.0023"."""
    return f"{ratio:.2f}" if ratio >= 0.1 else f"{ratio:.2g}"


def health(report: dict[str, Any], target: str, rounds: int) -> str:
    """How many pages carry the estimates, and what the log never showed."""
    mine = [line for line in report["health"] if line["target"] == target and line["rounds"] == rounds]
    counted = ", ".join(f"{line['effective'] * rounds:,.0f} {VIEWS.get(line['view'], line['view'])}" for line in mine)
    return (
        f"Of {rounds:,} pages as many count as: {counted} (effective sample size). {fine(mine[0]['unseen'])} of "
        "what this order would show never stood at that place for that person in the log, though it had a chance."
    )


def _pictures(policy: dict[str, Any], lines: list[Any], last: list[Any], most: int) -> None:
    from recsys.plots.off_policy import coverage, errors, with_more_pages

    left, right = st.columns(2, gap="medium")
    logs = last[0]["logs"]
    with left:
        figure = errors(last, policy["value"], f"Estimates from {most:,} pages (dotted: the truth)", "clicks a page")
        draw(figure, "off_policy.errors", f"Marks: mean and spread of each estimator over {logs} logs, and the truth.")
    with right:
        title = f"How many of {logs} intervals hold the truth (dotted: 95 %)"
        figure = coverage(last, KIND, title, f"share of 95 % intervals ({KIND})")
        draw(figure, "off_policy.coverage", "Marks: share of 95 % intervals of each estimator that hold the truth.")
    figure = with_more_pages(lines, DRAWN, "How the error falls with more pages")
    draw(figure, "off_policy.pages", "Lines: root mean squared error of six estimators by pages of the log.")


def _table(lines: list[dict[str, Any]]) -> None:
    listed([(plain(line["label"]), _row(line)) for line in lines])
    st.caption(
        "Off by: bias and spread together (RMSE). Of IPS: the squared error as a share of that of IPS of the same "
        "view. Least possible: that share with the true click rates as the model. Held: how many of the 95 % intervals "
        "hold the truth, by Student's t, by the bootstrap, and by Bernstein's bound, which holds at any length."
    )


def _row(line: dict[str, Any]) -> list[Fact]:
    low, high = line["bias_ci95"]
    held = [line["coverage"].get(kind) for kind in KINDS]
    shares = " · ".join(fine(each["share"]) if each else "–" for each in held)
    return [
        Fact("off by", f"{line['rmse']:.4f}"),
        Fact("bias", f"{line['bias']:+.4f} :small[:gray[{low:+.4f} to {high:+.4f}]]".replace("-", "−")),
        Fact("spread", f"{line['spread']:.4f}"),
        Fact("of IPS", _share(line.get("ratio"))),
        Fact("least possible", _share(line.get("least"))),
        Fact(f"held by {', '.join(KINDS.values())}", shares),
    ]


def _share(ratio: float | None) -> str:
    return "–" if ratio is None else f"{ratio:.2f}"


def _of_logs(report: dict[str, Any], *, came_along: bool) -> None:
    st.markdown("#### Logs of orders that people really saw" if came_along else "#### Your logs")
    facts(figures_of_logs(report), narrowest=OF_INTERVALS)
    st.markdown(plain(sentence_of_logs(report)))
    lines = [line for line in report["lines"] if line["estimator"] in SHOWN_OF_LOGS]
    if lines:
        from recsys.plots.off_policy import from_logs

        figure = from_logs(lines, "Doubly robust estimates from each log", "reward of an impression")
        draw(figure, "off_policy.logs", "Marks: what each log says of another order, beside what that order had.")
    if report["summary"]:
        _sums(report)
    measuring.how(report, PLAINLY_OF_LOGS, "How logs were judged", report["notes"])


def figures_of_logs(report: dict[str, Any]) -> list[Fact]:
    """How near the estimates came to what the other orders had; nothing where none could be compared."""
    told = _over_all(report)
    if told is None:
        return []
    return [
        Fact(
            "Off by, on average", fine(told["off"]), "Doubly robust estimates, as a share of what the other order had."
        ),
        Fact("Agree", f"{told['agree']} of {told['judged']}", "The 95 % interval of the difference holds 0."),
        Fact("Intervals as wide as", fine(told["wide"]), "Of what the other order had: the wider, the less it says."),
    ]


def _over_all(report: dict[str, Any]) -> dict[str, Any] | None:
    """The doubly robust estimates of all logs together."""
    return next((each for each in report["summary"] if each["estimator"] == OF_LOGS and not each["log"]), None)


def sentence_of_logs(report: dict[str, Any]) -> str:
    """How near the estimates came to what the other orders had, and how little that says."""
    rows, rewarded = sum(each["rows"] for each in report["logs"]), [each["rewarded"] for each in report["logs"]]
    few = f"{min(rewarded)} to {max(rewarded)} rewards each" if len(rewarded) > 1 else f"{rewarded[0]} rewards"
    began = f"{len(report['logs'])} logs with {rows:,} impressions, {few}"
    told = _over_all(report)
    if told is None:
        return f"{began}. No other order was logged in the same place, so that nothing can be compared."
    return (
        f"{began}: doubly robust estimates of the other order are off by {fine(told['off'])} on average and agree "
        f"with what it had in {told['agree']} of {told['judged']} cases. Their intervals are {told['wide']:.1f} times "
        f"as wide as that: at worst {_fewest(report):,.0f} impressions carry an estimate (effective sample size). "
        f"{_unweighted(report)}"
    )


def _fewest(report: dict[str, Any]) -> float:
    """The least effective sample size of a log for another order."""
    rows = {(each["place"], each["log"]): each["rows"] for each in report["logs"]}
    return min(float(each["effective"] * rows.get((each["place"], each["log"]), 0)) for each in report["health"])


def _unweighted(report: dict[str, Any]) -> str:
    """Whether the logs' own rates, nothing done to them, would have been nearer."""
    told = {each["estimator"]: each["off"] for each in report["summary"] if not each["log"]}
    if "logged" not in told:
        return ""
    if told["logged"] < told[OF_LOGS]:
        return (
            f"Each log's own rate, nothing weighed, is off by {fine(told['logged'])}: the orders earn so nearly the "
            "same that with so few rewards no log can tell them apart."
        )
    return f"Each log's own rate, nothing weighed, is off by {fine(told['logged'])}."


def _sums(report: dict[str, Any]) -> None:
    with st.expander("Every estimator, and which log judged which order"):
        for way in dict.fromkeys((each["log"], each["target"]) for each in report["summary"]):
            st.markdown(f"**{plain(f'{way[0]} to {way[1]}' if way[0] else 'All logs')}**")
            rows = ["| Estimator | off by | agrees | interval |", "| :-- | --: | --: | --: |"]
            rows += [
                f"| {plain(each['label'])} | {fine(each['off'])} | {each['agree']} of {each['judged']} | "
                f"{fine(each['wide'])} |"
                for each in report["summary"]
                if (each["log"], each["target"]) == way
            ]
            st.markdown("\n".join(rows))
        st.caption(
            "Off by, on average, and width of the interval: as shares of what the other order had. Agrees: the "
            "interval of the difference holds 0."
        )
