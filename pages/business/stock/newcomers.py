"""The products of the last month: what they sold beside what was to be expected, and whom to tell."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from pages.shared import state
from pages.shared.finding import finding
from pages.shared.tables import MOST_ROWS, export, money_column
from pages.shared.wording import bare, count, cut, plain
from recsys.engine.stock import ABOVE, BELOW, WITHIN
from recsys.schema import SHOPPER_ID
from recsys.schema.capabilities import Capability

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.engine.stock import Newcomer

VERDICTS: Final = {ABOVE: "better than expected", WITHIN: "as expected", BELOW: "worse than expected"}
TOLD: Final = 10  # shoppers
LIKE: Final = 3  # products


def section(engine: Engine) -> None:
    """The finding, all of them in a table, and one of them with whom to tell."""
    facts, found = engine.stock.facts["new"], engine.stock.newcomers
    since = "launched" if facts["launched"] else "bought for the first time"
    if not found:
        st.info(
            f"No product was {since} in the last month, or too few earlier ones can be compared with.",
            icon=":material/new_releases:",
        )
        return
    shop = engine.shop
    by = {name: sum(each.verdict == name for each in found) for name in VERDICTS}
    listed = "" if facts["number"] == len(found) else f" Looked at are the {len(found)} that sold most."
    least = by[BELOW] or any(each.expected[0] >= 1 for each in found)
    less = f"{by[BELOW]} less, " if least else ""
    finding(
        f"{count(facts['number'], 'product', shop=shop)} {since} in the last 30 days.{listed} "
        f"{by[ABOVE]} sold more than was to be expected, {less}{by[WITHIN]} about as much."
    )
    st.caption(
        plain(
            f"Expected is what the 30 products most like each had sold at the same age, of {facts['compared']:,} whose "
            "first month is known; the range holds eight of ten of these."
            + ("" if least else " Every range begins at nothing sold, so that none can be said to sell less.")
        )
    )
    _table(found, engine)
    _whom(found, engine)


def _table(found: tuple[Newcomer, ...], engine: Engine) -> None:
    table = pd.DataFrame(
        {
            "Product": [str(engine.catalogue.titles[each.row]) for each in found],
            "Days": [each.days for each in found],
            "Sold": [each.sold for each in found],
            "For": [each.sold * float(engine.catalogue.prices[each.row]) for each in found],
            "Expected": [each.expected[1] for each in found],
            "8 of 10": [f"{math.floor(each.expected[0])} to {math.ceil(each.expected[2])}" for each in found],
            "Does": [VERDICTS[each.verdict] for each in found],
            "Its like in 30 days": [each.month for each in found],
        }
    )
    if not engine.capabilities.has(Capability.PRICES):
        table = table.drop(columns="For")
    st.dataframe(
        table.head(MOST_ROWS),
        hide_index=True,
        height=320,
        column_config={
            "Product": st.column_config.TextColumn(width="medium"),
            "Days": st.column_config.NumberColumn(help="Since it began"),
            "Sold": st.column_config.NumberColumn(format="%.0f", help="Pieces so far"),
            "Expected": st.column_config.NumberColumn(format="%.1f", help="Pieces at this age, the mean of its like"),
            "8 of 10": st.column_config.TextColumn(help="Pieces at this age of eight of ten of its like"),
            "For": money_column("For", engine.shop, "What was sold, at the list price of today"),
            "Its like in 30 days": st.column_config.NumberColumn(
                format="%.1f", help="Pieces that products most like it had sold after 30 days, on average"
            ),
        },
    )


def _whom(found: tuple[Newcomer, ...], engine: Engine) -> None:
    """One of them: whom it would please, by taste."""
    st.markdown("#### Whom to tell")
    place = st.selectbox(
        "Of which new product?",
        range(len(found)),
        format_func=lambda at: cut(bare(str(engine.catalogue.titles[found[at].row])), 80),
        key="stock.whom",
    )
    each = found[int(place)]
    like = ", ".join(cut(str(engine.catalogue.titles[row]), 50) for row in each.like[:LIKE])
    st.markdown(f":small[Most like it: {plain(like)}]")
    people = engine.shop.people
    shown = f"Show the {TOLD} {people.many} whose taste it fits best"
    if not st.toggle(shown, key="stock.tell", help="Their lists are made when first asked for: some seconds."):
        return
    told = engine.stock.whom_to_tell(each.row, TOLD)
    if not told:
        st.info(f"Of none of the {people.many} is a taste known.", icon=":material/person_off:")
        return
    labels = state.shopper_labels(engine)
    ids = [str(engine.shoppers[SHOPPER_ID].iloc[row]) for row, _ in told]
    listed = pd.DataFrame(
        {
            people.one.capitalize(): ids,
            "Who": [labels.get(each_id, each_id) for each_id in ids],
            "Place on their list": [rank for _, rank in told],
        }
    )
    export(listed, "whom-to-tell.csv", "stock.whom.csv")
    st.dataframe(
        listed,
        hide_index=True,
        column_config={
            "Place on their list": st.column_config.NumberColumn(
                help="Where it stands among all products by their taste: 1 is what they would like best"
            )
        },
    )
    st.caption(
        plain(
            f"The best places among {people.many} who never bought it, by taste alone, one of each kind counted. "
            "How well such lists find buyers is measured on the page Cold start."
        )
    )
