"""What was and what will be sold of one category or product."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from pages.business.stock import promotion
from pages.business.stock.views import DEMAND_CATEGORY, DEMAND_PRODUCT
from pages.shared import controls, state, strip
from pages.shared.drawing import draw
from pages.shared.finding import between, finding, signed
from pages.shared.wording import count, plain
from recsys.evaluation.stock.kept import SAID

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.engine.stock import Demand
    from recsys.shops.contract import Shop

KINDS: Final = {"category": "A category", "product": "A product"}


def section(engine: Engine) -> None:
    """The choice, the finding, the chart, and what discounts go with."""
    controls.one_of("demand_of", "Of what?", KINDS)
    if state.choices()["demand_of"] == "category":
        names = {name: name for name in engine.stock.categories}
        _told(engine.stock.of_category(_chosen(DEMAND_CATEGORY, "Category", names)), engine)
    else:
        ids = {str(engine.catalogue.ids[row]): int(row) for row in engine.stock.rows.tolist()}
        titles = {each: str(engine.catalogue.titles[row]) for each, row in ids.items()}
        row = ids[_chosen(DEMAND_PRODUCT, "Product", titles)]
        _told(engine.stock.of_product(row), engine)
        promotion.section(engine, row)


def _chosen(name: str, label: str, options: Mapping[str, str]) -> str:
    """What is chosen of the options (value -> what is read), the first where the link names another one."""
    wanted = str(state.choices()[name])
    if wanted not in options:
        if wanted:
            strip.notes([f"“{wanted[:40]}” is not among what is foretold here."], icon=":material/link_off:")
        wanted = next(iter(options))
    key = state.control_key(name)
    st.session_state[key] = wanted
    st.selectbox(
        label,
        list(options),
        format_func=options.__getitem__,
        key=key,
        on_change=state.take_control,
        args=(name,),
        help="The best sellers come first.",
    )
    return wanted


def _told(found: Demand, engine: Engine) -> None:
    from recsys.plots.stock import history_and_ahead

    shop, facts = engine.shop, engine.stock.facts
    finding(_said(found, shop))
    draw(
        history_and_ahead(
            found.name, found.weeks, found.units.tolist(), found.discounted, found.ahead,
            found.forecast.tolist(), found.low.tolist(), found.high.tolist(), found.planned,
        ),
        "stock.demand",
        f"Line: pieces sold a week, and {len(found.ahead)} weeks ahead with the range of eight of ten.",
    )  # fmt: skip
    st.caption(plain(_how(facts, "categories" if found.name in engine.stock.categories else "products")))
    if facts["uplift"]:
        st.markdown(_promotions(facts, shop))


def _said(found: Demand, shop: Shop) -> str:
    low, middle, high = (shop.number(round(each)) for each in found.total)
    each = found.total[1] / len(found.ahead)
    way = "as in the last eight" if abs(each - found.recent) <= 0.05 * max(found.recent, 1) else (
        f"{'more' if each > found.recent else 'less'} than the {shop.money.number(found.recent, 1)} of the last eight"
    )  # fmt: skip
    return (
        f"{plain(found.name)}: about {middle} pieces in the next {count(len(found.ahead), 'week', shop=shop)} "
        f"({low} to {high} in eight of ten cases), {shop.money.number(each, 1)} a week, {way}."
    )


def _how(facts: Mapping[str, Any], kind: str) -> str:
    names = " and ".join(SAID.get(name, name) for name in facts[kind]["together"])
    plans = {
        "plan": "Offers of the weeks to come are the shop's own plan and are known.",
        "paid": "Discounts are read from prices paid below the usual one; which will come is not known.",
    }
    return (
        f"Foretold by: {names}; least wrong on earlier weeks of this shop. A week's range comes from the errors made "
        f"then. {plans.get(facts['promotions'], 'Nothing is known of offers.')}"
    )


def _promotions(facts: Mapping[str, Any], shop: Shop) -> str:
    told = facts["uplift"]
    sold = " in which anything was sold" if facts["promotions"] == "paid" else ""
    return plain(
        f"In weeks at a discount{sold}, {count(told['products'], 'product', shop=shop)} of this shop sold "
        f"{signed(told['change'])} beside their other weeks (95 %: {between(told['ci95'], signed)}). That the discount "
        "was the reason is not proved: discounts are given when much is expected to be sold, too."
    )
