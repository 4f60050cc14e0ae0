"""What diversity costs everybody, who is shown and who is served, from an evaluation that was kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from pages.shared import controls, measuring, state, strip
from pages.shared.drawing import draw
from pages.shared.wording import plain
from pages.understand.diversity import found_of_all
from recsys.evaluation.diversity.kept import kept as kept_of
from recsys.evaluation.kept_reports import KeptReport

if TYPE_CHECKING:
    from recsys.engine import Engine

PARTS: Final = {
    "costs": "What it costs", "rules": "What rules cost", "shown": "Who is shown", "served": "Who is served",
}  # fmt: skip
OVER_ALL: Final = ("gini", "coverage")
UNLIKE: Final = (
    "nDCG counts what people really took on visits that were held out, 1 at best. It is not the relevance above, which "
    "is how much of its own score a shelf keeps: a shelf can give score away and lose no purchase, or the reverse."
)


def section(engine: Engine) -> None:
    """The part of the page that is about all shoppers; what to run where nothing was measured."""
    found = kept_of(engine.shop.name, state.settings().measured_dir)
    st.markdown("#### For everybody")
    of_shop = any(each.shop == engine.shop.name for each in found)
    measuring.offer(engine, "diversity", again=of_shop)
    if not found:
        st.info("Nothing was measured yet.", icon=":material/science:")
        return
    kept = _chosen(found)
    if not of_shop:
        st.caption(plain(f"On this shop nothing was measured yet; these are the figures of {kept.report['dataset']}."))
    st.markdown(plain(found_of_all.costs(kept.report)))
    st.caption(UNLIKE)
    controls.one_of("everybody", "Part", PARTS, label_visibility="collapsed")
    {"costs": _costs, "rules": _rules, "shown": _shown, "served": _served}[state.choices()["everybody"]](kept.report)
    rules, model = kept.report["protocol"], kept.report["model"]["label"]
    st.caption(
        plain(f"{model}. {rules['visits']}; {rules['pool']}; {rules['chosen']}. Made with: {kept.report['command']}")
    )


def _chosen(found: list[KeptReport]) -> KeptReport:
    """The evaluation that is shown: the one of the link where it is there, else the first."""
    names = {kept.name: kept for kept in found}
    wanted = str(state.choices()["measured_on"])
    if wanted not in names:
        if wanted:
            said = f"The link shows figures of “{wanted[:40]}”, which are not here; others are shown."
            strip.notes([said], icon=":material/link_off:")
        state.choices()["measured_on"] = ""
    if len(found) > 1:
        labels = {kept.name: str(kept.report["dataset"]) for kept in found}
        key = state.control_key("measured_on")
        st.session_state[key] = state.choices()["measured_on"] or found[0].name
        st.selectbox(
            "Measured on", list(labels), format_func=labels.__getitem__, key=key, on_change=state.take_control,
            args=("measured_on",), width=320,
        )  # fmt: skip
    return names.get(state.choices()["measured_on"], found[0])


def _costs(report: dict[str, Any]) -> None:
    from recsys.plots.diversity import for_everybody

    figure = for_everybody(report["rows"], found_of_all.WAYS, report["goal"])
    draw(figure, "diversity.everybody.costs", "Lines: change of nDCG against change of diversity, a line for each way.")
    st.caption(
        "A line for each way, from no diversity at the left; rings are the settings chosen on the validation, bars the "
        "95 % intervals. In the shaded corner is what is aimed at."
    )


def _rules(report: dict[str, Any]) -> None:
    from recsys.plots.diversity import rule_prices

    if not (rows := report.get("rules", [])):
        st.info("Nothing is known of these products that a floor or a cap could be about.", icon=":material/info:")
        return
    st.markdown(plain(found_of_all.rules(rows)))
    draw(rule_prices(rows), "diversity.everybody.rules", "Dots with intervals: change of nDCG under each rule.")
    with st.expander("What each rule moved"):
        lines = ["| Rule | How much | Change of nDCG | What it moves | Before | After | Lists that keep it |"]
        lines.append("| :-- | --: | --: | :-- | --: | --: | --: |")
        for row in rows:
            moved = " | ".join("–" if row[name] is None else f"{row[name]:.3g}" for name in ("before", "after"))
            lines.append(
                f"| {plain(row['rule'])} | {row['amount']:g} | {row['ndcg_change']:+.1%} | {plain(row['effect'])} | "
                f"{moved} | {row['kept']:.0%} |"
            )
        st.markdown("\n".join(lines))
    st.caption(
        "Each rule alone, on the same held-out lists, at amounts that nothing was chosen by; bars: 95 % intervals. A "
        "rule whose interval reaches 0 cannot be told from one that costs nothing. A list keeps a rule as far as its "
        "candidates allow."
    )


def _shown(report: dict[str, Any]) -> None:
    from recsys.plots.diversity import exposure

    rows = [row for row in report["exposure"] if row.get("ratio") is not None]
    if not rows:
        st.info("No groups of products are known here.", icon=":material/info:")
        return
    st.markdown(plain(found_of_all.shown(rows)))
    draw(exposure(rows), "diversity.everybody.shown", "Bars: exposure against merit of each group of products.")
    over_all = {row["lists"]: row for row in report["exposure"] if row["by"] == "all items"}
    ginis, covered = ([row[name] for row in (over_all["by score"], over_all["re-ranked"])] for name in OVER_ALL)
    st.caption(
        plain(
            "Exposure: the places of all lists, each worth 1 / log2(place + 1), as a share. Merit: the share of what "
            f"was really taken. Gini of exposure over single products: {ginis[0]:.2f} by score, {ginis[1]:.2f} "
            f"re-ranked; {covered[0] * 100:.0f} and {covered[1] * 100:.0f} % of the products are on any list."
        )
    )


def _served(report: dict[str, Any]) -> None:
    from recsys.plots.diversity import cohorts

    rows = [row for row in report["cohorts"] if row["comparable"]]
    st.markdown(plain(found_of_all.served(rows)))
    draw(cohorts(rows), "diversity.everybody.served", "Dots with intervals: nDCG of each cohort, before and after.")
    left = len(report["cohorts"]) - len(rows)
    small = f" {left} figures of groups with fewer than 30 shoppers are left out." if left else ""
    st.caption(f"nDCG@20 in each group of shoppers, with 95 % intervals.{small}")
