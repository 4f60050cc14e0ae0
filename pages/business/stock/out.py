"""What does not last until more can be had, most money first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from pages.business.stock.views import VIEWS
from pages.shared import controls, state
from pages.shared.drawing import draw
from pages.shared.finding import finding
from pages.shared.tables import MOST_ROWS, money_column
from pages.shared.wording import count, plain
from recsys.errors import BadRequestError

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.engine.stock import Alerts
    from recsys.shops.contract import Shop

DRAWN = 12  # products in the chart


def section(engine: Engine) -> None:
    """The controls, the finding, the chart and the table."""
    lead, cover = _asked(engine)
    try:
        alerts = engine.stock.alerts(lead, cover)
    except BadRequestError as error:
        st.warning(plain(error.one_line()), icon=":material/report:")
        return
    finding(_said(alerts, lead, engine.shop))
    st.caption(plain(_caption(alerts, cover, engine.shop)))
    if not alerts.listed:
        return
    from recsys.plots.stock import at_risk

    shown = alerts.listed[:DRAWN]
    titles = [str(engine.catalogue.titles[each.row]) for each in shown]
    values = [each.money or each.short for each in shown]
    draw(
        at_risk(titles, values, engine.shop.money if alerts.money else None),
        "stock.risk",
        "Bars: what each product would lack until more can be had.",
    )
    _table(alerts, engine)


def _asked(engine: Engine) -> tuple[int, float | None]:
    """(weeks until more can be had, usual weeks for which the stock lasts: None where the shop knows its stock)."""
    left, right = st.columns(2, gap="medium")
    farthest = engine.stock.horizon
    with left:
        allowed = [each for each in VIEWS["lead_weeks"] if int(each) <= farthest]
        if state.choices()["lead_weeks"] not in allowed:
            st.caption(f"In this shop at most {farthest} weeks are looked ahead.")
            state.choices()["lead_weeks"] = str(farthest)
        if len(allowed) > 1:
            controls.stepped("lead_weeks", allowed, "Weeks until more can be had", "The lead time of an order.")
    with right:
        if not engine.stock.knows_stock:
            controls.stepped(
                "cover_weeks",
                VIEWS["cover_weeks"],
                "The stock lasts for so many usual weeks",
                "This shop has no stock figures: say what you have, in weeks of the mean of the last eight.",
            )
    chosen = state.choices()
    return int(chosen["lead_weeks"]), None if engine.stock.knows_stock else float(chosen["cover_weeks"])


def _said(alerts: Alerts, lead: int, shop: Shop) -> str:
    weeks = count(lead, "week", shop=shop)
    if not alerts.listed:
        return f"None of {count(alerts.looked_at, 'product', shop=shop)} is likely to run out within {weeks}."
    gone = sum(each.stock <= 0 for each in alerts.listed)
    what = _gone(gone, len(alerts.listed) - gone, weeks, shop)
    low, middle, high = alerts.units
    about = count(round(middle), "piece", shop=shop)
    pieces = (
        f"of all {count(alerts.looked_at, 'best seller', shop=shop)} about {about} "
        f"({shop.number(round(low))} to {shop.number(round(high))})"
    )
    if alerts.money is None:
        return f"{what}; {pieces} would be missing until then."
    least, worth, most = (plain(shop.money.short(round(each))) for each in alerts.money)
    return f"{what}; {pieces} worth {worth} ({least} to {most}) would be missing until then."


def _gone(gone: int, soon: int, weeks: str, shop: Shop) -> str:
    """How many have run out, and how many likely will."""
    will = f"likely {'runs' if soon == 1 else 'run'} out within {weeks}"
    if not gone:
        return f"{count(soon, 'product', shop=shop)} {will}"
    said = f"{count(gone, 'product', shop=shop)} {'is' if gone == 1 else 'are'} out already"
    return f"{said} and {shop.number(soon)} more {will}" if soon else f"{said}, and no more will likely be in {weeks}"


def _caption(alerts: Alerts, cover: float | None, shop: Shop) -> str:
    stock = "Stock as the shop knows it." if cover is None else "Stock as you set it, of each product alike."
    return (
        f"{stock} Ranges hold eight of ten; the one of all takes products as independent of each other, so a week that "
        f"is good for all can lie outside. Missing pieces are counted over all {shop.number(alerts.looked_at)} best "
        "sellers that are foretold, at list prices; who would buy something else instead is not taken off."
    )


def _table(alerts: Alerts, engine: Engine) -> None:
    rows = alerts.listed[:MOST_ROWS]
    table = pd.DataFrame(
        {
            "Product": [str(engine.catalogue.titles[each.row]) for each in rows],
            "Stock": [each.stock for each in rows],
            "Expected demand": [each.demand[1] for each in rows],
            "8 of 10": [f"{each.demand[0]:.0f} to {each.demand[2]:.0f}" for each in rows],
            "Chance": [100 * each.chance for each in rows],
            "Out in week": ["now" if each.stock <= 0 else str(each.out_in or "") for each in rows],
            "Missing": [each.short[1] for each in rows],
            "Sales missed": [None if each.money is None else each.money[1] for each in rows],
            "of it 8 of 10": [_range(each.money, engine.shop) for each in rows],
        }
    )
    if alerts.money is None:
        table = table.drop(columns=["Sales missed", "of it 8 of 10"])
    st.dataframe(
        table,
        hide_index=True,
        column_config={
            "Product": st.column_config.TextColumn(width="medium"),
            "Stock": st.column_config.NumberColumn(format="%.0f", help="Pieces"),
            "Expected demand": st.column_config.NumberColumn(format="%.1f", help="Pieces until more can be had"),
            "8 of 10": st.column_config.TextColumn(help="Pieces; the demand lies in it in about eight of ten cases"),
            "Chance": st.column_config.NumberColumn(format="%.0f %%", help="That more is asked for than is there"),
            "Out in week": st.column_config.TextColumn(help="From now, as expected; empty: not within what is seen"),
            "Missing": st.column_config.NumberColumn(format="%.1f", help="Pieces, expected"),
            "Sales missed": money_column("Sales missed", engine.shop, "Missing pieces at the list price, expected"),
        },
    )


def _range(money: tuple[float, float, float] | None, shop: Shop) -> str:
    """What missing pieces are worth in eight of ten cases."""
    return "" if money is None else f"{shop.money.short(round(money[0]))} to {shop.money.short(round(money[2]))}"
