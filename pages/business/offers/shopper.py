"""For one shopper: which open coupons to show, how likely each is redeemed, and what that is worth."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.business.offers import lacking, measured
from pages.shared import controls, pictures, state
from pages.shared.facts import Fact, facts
from pages.shared.finding import finding, fine
from pages.shared.wording import count, cut, money, plain
from recsys.errors import BadRequestError

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.engine.offers import Offered

SHOWN: Final = 6
TITLE: Final = 60


def section(engine: Engine) -> None:
    """Who, the coupons for them, and how well such chances hold."""
    if lacking.campaigns(engine):
        return
    controls.who(engine)
    try:
        offered = engine.offers.of_shopper(state.choices()["shopper"])
    except BadRequestError as error:
        st.warning(plain(error.one_line()), icon=":material/person_off:")
        return
    finding(plain(_sentence(engine, offered)))
    st.caption(plain(_which(engine, offered)))
    facts(_figures(engine, offered[:SHOWN]))
    st.markdown(f"#### The {min(SHOWN, len(offered))} to show")
    with st.grid(3, min_column_width=290, gap="small"):
        shown = offered[:SHOWN]
        drawn = pictures.of_rows(engine, [each.products[0] for each in shown])
        for number, (each, picture) in enumerate(zip(shown, drawn, strict=True), 1):
            _card(engine, each, picture, number)
    measured.in_short(engine)


def _sentence(engine: Engine, offered: list[Offered]) -> str:
    first = offered[0]
    expected = sum(each.chance for each in offered[:SHOWN])
    title = cut(str(engine.catalogue.titles[first.products[0]]), TITLE)
    return (
        f"Of {count(len(offered), 'coupon', shop=engine.shop)} the likeliest is the one for “{title}”: "
        f"{_in(first.chance)} that it is redeemed. The best {min(SHOWN, len(offered))} together bring "
        f"{expected:.2f} redemptions."
    )


def _in(chance: float) -> str:
    """A chance as one would say it."""
    if chance >= 0.005:
        return f"a chance of {fine(chance)}"
    return "a chance below half a per cent"


def _which(engine: Engine, offered: list[Offered]) -> str:
    campaigns = {each.campaign.name: each.campaign for each in offered}
    open_now = any(each.open for each in campaigns.values())
    names = ", ".join(f"{name} ({each.starts} to {each.ends})" for name, each in campaigns.items())
    word = "open on the last day of the data" if open_now else "of the latest campaign: none was open on the last day"
    sent = sorted({each.campaign.name for each in offered if each.sent})
    told = f" Sent to them: {', '.join(sent)}." if sent else ""
    return f"Coupons {word}, campaigns {names}.{told} Chances are those of the eve of each campaign."


def _figures(engine: Engine, shown: list[Offered]) -> list[Fact]:
    worth, gives = sum(each.worth for each in shown), sum(each.gives for each in shown)
    fresh = sum(each.worth * (1 - each.anyway) for each in shown)
    known = not math.isnan(worth)
    return [
        Fact("Redemptions expected", f"{sum(each.chance for each in shown):.2f}", "The sum of the chances."),
        Fact("Paid with them", money(worth, engine.shop) if known else "not known",
             "Chance times what a redemption paid on average in earlier campaigns of the kind."),
        Fact("Not bought anyway", money(fresh, engine.shop) if known else "not known",
             "The same, less the chance that the products would be bought with no coupon."),
        Fact("Taken off", money(gives, engine.shop) if known else "not known", "The discount that goes with it."),
        Fact("Left of new sales", money(fresh - gives, engine.shop) if known else "not known",
             "Not bought anyway, less what is taken off: sales, and no profit."),
    ]  # fmt: skip


def _card(engine: Engine, each: Offered, picture: str, number: int) -> None:
    title = cut(str(engine.catalogue.titles[each.products[0]]), TITLE)
    more = f"and {count(each.good_for - 1, 'more product', shop=engine.shop)}" if each.good_for > 1 else ""
    with st.container(border=True, gap="xsmall"):
        st.markdown(picture)
        st.markdown(f"**{number}. {plain(title)}** {plain(more)}")
        st.markdown(f"{fine(each.chance)} redeem · {fine(each.anyway)} buy anyway")
        if not math.isnan(each.worth):
            st.caption(plain(f"worth {money(each.worth, engine.shop)}, takes off {money(each.gives, engine.shop)}"))
        st.caption(plain(f"Campaign {each.campaign.name}{', sent to them' if each.sent else ''}"))
