"""What another order would have earned, from logs alone: how near to the truth that comes, and what real logs say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from pages.shared import controls, measuring, state
from pages.shared.drawing import draw
from pages.shared.finding import percent
from pages.shared.wording import plain
from pages.understand.live_learning.views import ORDER
from recsys.evaluation.off_policy.kept import kept, kept_of_logs

if TYPE_CHECKING:
    from recsys.engine import Engine

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
    "**Spread**: their standard deviation from log to log. **RMSE**: both together."
)


def section(engine: Engine) -> None:
    """Against the truth of a simulated shop, then on logs of policies that people really saw."""
    st.markdown("#### What would another order have earned? (from logs alone)")
    folder = state.settings().measured_dir
    found, logs = kept(engine.shop.name, folder), kept_of_logs(folder)
    own = bool(found) and found[0].shop == engine.shop.name
    if engine.shop.crowd is not None:
        measuring.offer(engine, "off-policy", again=own)
    if not found and not logs:
        st.info("Nothing was measured yet.", icon=":material/science:")
        return
    if found:
        _against_truth(found[0].report, own=own)
    if logs:
        _of_logs(logs[0].report, came_along=logs[0].name == OPEN_BANDIT)


def _against_truth(report: dict[str, Any], *, own: bool) -> None:
    if not own:
        st.caption(plain(f"Here nobody knows the truth; these are figures of {report['dataset']}, a simulated shop."))
    asked = {each["policy"]: each for each in report["policies"] if not each["logged"]}
    controls.one_of(ORDER, "The order that is judged", {name: each["label"] for name, each in asked.items()})
    policy = asked.get(state.choices()[ORDER]) or next(iter(asked.values()))
    lines = [line for line in report["lines"] if line["target"] == policy["policy"]]
    most = max(line["rounds"] for line in lines)
    last = [line for line in lines if line["rounds"] == most]
    st.markdown(plain(sentence(report, policy, last)))
    st.caption(plain(health(report, policy["policy"], most)))
    _pictures(policy, lines, last, most)
    with st.expander("Every estimator in figures"):
        _table(last)
    st.caption(DEFINED)
    measuring.how(report)


def sentence(report: dict[str, Any], policy: dict[str, Any], lines: list[dict[str, Any]]) -> str:
    """How far doubly robust estimates are from the truth beside plain weights and the model, and the goal."""
    by_name = {line["estimator"]: line for line in lines}
    shown = next(each["label"] for each in report["policies"] if each["logged"])
    robust, plainly, model = by_name[BY_PLACE], by_name[PAGES], by_name["dm"]
    held = robust["coverage"][KIND]["share"]
    goals = [goal for goal in report["goals"] if goal["target"] == policy["policy"]]
    same = next(goal for goal in goals if goal["estimator"] == BY_PLACE and goal["against"] != PAGES)
    whole = next(goal for goal in goals if goal["estimator"] == BY_PLACE and goal["against"] == PAGES)
    return (
        f"“{policy['label']}” truly earns {policy['value']:.3f} clicks a page. From {robust['rounds']:,} pages of "
        f"“{shown}” alone, doubly robust estimates by place are typically {robust['rmse']:.3f} off, those by weights "
        f"of whole pages {plainly['rmse']:.3f}, those of a model alone {model['rmse']:.3f}. {percent(held)} of the "
        f"95 % intervals hold the truth (of the model's own {percent(model['coverage'][KIND]['share'])}). The squared "
        f"error is {_short(same['ratio'])} of that of IPS by place ({_goal(same)}) and {_short(whole['ratio'])} of "
        f"that of IPS of whole pages ({_goal(whole)})."
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
        f"Of {rounds:,} pages as many count as: {counted} (effective sample size). {percent(mine[0]['unseen'])} of "
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
    names = ("Estimator", "bias", "95 %", "spread", "RMSE", "of IPS", *(f"held: {kind}" for kind in KINDS.values()))
    rows = [f"| {' | '.join(names)} |", "| :-- |" + " --: |" * (len(names) - 1)]
    for line in lines:
        low, high = line["bias_ci95"]
        ratio = f"{line['ratio']:.2f}" if "ratio" in line else "–"
        held = [line["coverage"].get(kind) for kind in KINDS]
        shares = " | ".join(percent(each["share"]) if each else "–" for each in held)
        rows.append(
            f"| {plain(line['label'])} | {line['bias']:+.4f} | {low:+.4f} to {high:+.4f} | {line['spread']:.4f} | "
            f"{line['rmse']:.4f} | {ratio} | {shares} |"
        )
    st.markdown("\n".join(rows))
    st.caption(
        "Of IPS: the squared error as a share of that of IPS of the same view. Held: how many of the 95 % intervals "
        "hold the truth, by Student's t, by the bootstrap, and by Bernstein's bound, which holds at any length."
    )


def _of_logs(report: dict[str, Any], *, came_along: bool) -> None:
    st.markdown("##### Logs of orders that people really saw" if came_along else "##### Your logs")
    st.markdown(plain(sentence_of_logs(report)))
    lines = [line for line in report["lines"] if line["estimator"] in SHOWN_OF_LOGS]
    if lines:
        from recsys.plots.off_policy import from_logs

        figure = from_logs(lines, "Doubly robust estimates from each log", "reward of an impression")
        draw(figure, "off_policy.logs", "Marks: what each log says of another order, beside what that order had.")
    if report["summary"]:
        _sums(report)
    measuring.how(report, "How logs were judged", report["notes"])


def sentence_of_logs(report: dict[str, Any]) -> str:
    """How near the estimates came to what the other orders had, and how little that says."""
    rows, rewarded = sum(each["rows"] for each in report["logs"]), [each["rewarded"] for each in report["logs"]]
    few = f"{min(rewarded)} to {max(rewarded)} rewards each" if len(rewarded) > 1 else f"{rewarded[0]} rewards"
    began = f"{len(report['logs'])} logs with {rows:,} impressions, {few}"
    told = next((each for each in report["summary"] if each["estimator"] == OF_LOGS and not each["log"]), None)
    if told is None:
        return f"{began}. No other order was logged in the same place, so that nothing can be compared."
    return (
        f"{began}: doubly robust estimates of the other order are off by {percent(told['off'])} on average and agree "
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
            f"Each log's own rate, nothing weighed, is off by {percent(told['logged'])}: the orders earn so nearly the "
            "same that with so few rewards no log can tell them apart."
        )
    return f"Each log's own rate, nothing weighed, is off by {percent(told['logged'])}."


def _sums(report: dict[str, Any]) -> None:
    rows = ["| Estimator | from | off by, mean | agrees | width of the interval |", "| :-- | :-- | --: | --: | --: |"]
    for each in report["summary"]:
        way = f"{each['log']} to {each['target']}" if each["log"] else "all"
        agree = f"{each['agree']} of {each['judged']}"
        off, wide = percent(each["off"]), percent(each["wide"])
        rows.append(f"| {plain(each['label'])} | {plain(way)} | {off} | {agree} | {wide} |")
    with st.expander("Every estimator, and which log judged which order"):
        st.markdown("\n".join(rows))
        st.caption("All as shares of what the other order had. Agrees: the interval of the difference holds 0.")
