"""How well baskets are completed and relations found, from evaluations that were kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from pages.shared import measuring, state
from pages.shared.drawing import draw
from pages.shared.finding import between, fine, signed, within
from pages.shared.wording import plain
from recsys.evaluation.basket.kept import kept, kept_relations

if TYPE_CHECKING:
    from recsys.engine import Engine

MIX: Final = "mix"
GROUPS: Final = {
    "again": "what the shopper had taken before",
    "new": "what was new to them, among everything",
    "only new": "the same, among what is new to them",
    "nobody": "where it is not known whose basket it is",
}
PLAINLY: Final = (
    "Of real baskets one product was hidden and looked for among all products, by every way beside each other. "
    "Settings were chosen on earlier baskets; the ones asked about were never looked at before."
)


def section(engine: Engine) -> None:
    """What a list of ten finds, against the simple ways; and complements and substitutes found again."""
    st.markdown("#### How often the missing product is found")
    found = kept(engine.shop.name, state.settings().measured_dir)
    report = measuring.shown(engine, "basket", found, lambda _: None, can=not engine.basket.missing)
    if report is not None:
        _completing(report)
    if reports := kept_relations():
        _relations(reports[0].report)


def _completing(report: Mapping[str, Any]) -> None:
    from recsys.plots.basket import by_method

    lines = _of(report["methods"], "all")
    st.markdown(plain(_said(lines, "hit", "find the hidden product among the first ten")))
    draw(
        by_method(lines, "hit", "The hidden product is among the first ten", "Share of baskets"),
        "basket.measured",
        "Bars: for each way the share of baskets in which the hidden product is among the first ten, with intervals.",
    )
    told = [f"{words}: {_change(mine)}" for group, words in GROUPS.items() if (mine := _mix(report, group))]
    if told:
        st.caption(
            plain(
                f"Orange: all together; green: simple ways; blue: single parts. MRR beside the best simple way, "
                f"{'; '.join(told)}."
            )
        )
    measuring.how(report, PLAINLY)


def _relations(report: Mapping[str, Any]) -> None:
    st.markdown("#### Complements and substitutes found again, on data of another shop")
    from recsys.plots.basket import by_relation

    lines = report["methods"]
    draw(
        by_relation(lines, "precision", "Of ten products listed, those that really are such", "Precision at 10"),
        "basket.relations",
        "Bars: for each kind of relation the share of ten listed products that are such, all together and the best "
        "simple way, with intervals.",
    )
    groups = dict.fromkeys(line["group"] for line in lines)
    told = [f"{group}: {_change(mine)}" for group in groups if (mine := _mix(report, group))]
    st.caption(plain(f"Change of the precision against the best simple way. {'; '.join(told).capitalize()}."))
    apart = report["told_apart"]
    st.caption(
        plain(
            f"On a data set of another shop ({report['source']['items']:,} items), relations hidden for a fifth of the "
            "items; cold: nobody bought "
            f"them, either. Of pairs that are one or the other alone, {apart['auc']:.2f} of 1 are told apart rightly "
            "(0.5 is chance)."
        )
    )
    measuring.how(
        report, "Relations of a fifth of the items were hidden and looked for among all.", "How relations were measured"
    )


def _of(lines: Sequence[Mapping[str, Any]], group: str) -> list[Mapping[str, Any]]:
    return [line for line in lines if line["group"] == group]


def _mix(report: Mapping[str, Any], group: str) -> Mapping[str, Any] | None:
    return next((line for line in _of(report["methods"], group) if line["method"] == MIX), None)


def _said(lines: Sequence[Mapping[str, Any]], value: str, what: str) -> str:
    mine = next(line for line in lines if line["method"] == MIX)
    best = next(line for line in lines if line["best"])
    return (
        f"All of it together would {what} in {fine(mine[value])} of {mine['questions']:,} baskets "
        f"({between(mine[f'{value}_ci95'])}), the best simple way, {within(best['label'])}, in {fine(best[value])}. By "
        f"how far up the whole list it stands (MRR, the mean of 1 / its place) that is {_change(mine)}."
    )


def _change(line: Mapping[str, Any]) -> str:
    """A change with its interval, and whether it is more than luck."""
    if line["change"] is None or line["change_ci95"][0] is None:
        return "no different"
    low, high = line["change_ci95"]
    sure = ", which may be luck" if low <= 0 <= high else ""
    return f"{signed(line['change'])} (95 %: {between(line['change_ci95'], signed)}){sure}"
