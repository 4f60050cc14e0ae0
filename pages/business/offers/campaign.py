"""For one campaign: whom to address within a budget, what it brings, and who would have bought anyway."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.business.offers import lacking, measured
from pages.business.offers.views import AMONG, BUDGET, CAMPAIGN, COST, SAID, VIEWS
from pages.shared import controls, state
from pages.shared.drawing import draw
from pages.shared.facts import OF_INTERVALS, Fact, facts
from pages.shared.finding import between, finding, fine
from pages.shared.wording import count, currency, money, plain
from recsys.engine.new_products import read_price
from recsys.engine.offers import SIMPLE
from recsys.errors import BadRequestError
from recsys.plots.style import written

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.engine.offers import Addressing

SHARE: Final = 0.2  # of those who may be addressed, where no budget was typed
LISTED: Final = 10


def section(engine: Engine) -> None:
    """The controls, whom to address, the gain curve, and who would have bought anyway."""
    if lacking.campaigns(engine):
        return
    try:
        campaign = engine.offers.campaign(str(state.choices()[CAMPAIGN]))
    except BadRequestError as error:
        st.warning(plain(error.one_line()), icon=":material/link_off:")
        campaign = engine.offers.campaign("")
        state.choices()[CAMPAIGN] = ""
    _controls(engine, campaign.name)
    try:
        found = engine.offers.of_campaign(
            campaign.name, _budget(engine, campaign.sent), float(state.choices()[COST]), state.choices()[AMONG]
        )
    except BadRequestError as error:
        st.warning(plain(error.one_line()), icon=":material/report:")
        return
    finding(plain(sentence(engine, found)))
    facts(figures(engine, found), narrowest=OF_INTERVALS)
    left, right = st.columns([55, 45], gap="medium")
    with left:
        _curve(engine, found)
    with right:
        _anyway(engine, found)
        _whom(engine, found)
    measured.in_short(engine)


def _controls(engine: Engine, shown: str) -> None:
    many = engine.shop.people.many
    known = {each.name: each for each in engine.offers.campaigns if each.foretold}
    if not state.choices()[CAMPAIGN]:
        state.choices()[CAMPAIGN] = shown
        st.session_state.pop(state.control_key(CAMPAIGN), None)
    with st.grid(4, min_column_width=200, gap="small", vertical_alignment="bottom"):
        st.selectbox(
            "Campaign",
            list(known),
            format_func=lambda name: f"{name}, {known[name].kind}, {known[name].starts}, {known[name].sent} addressed",
            key=state.seed_control(CAMPAIGN),
            on_change=state.take_control,
            args=(CAMPAIGN,),
        )
        st.text_input(
            f"Budget ({currency(engine.shop)})",
            key=state.seed_control(BUDGET),
            on_change=state.take_control,
            args=(BUDGET,),
            max_chars=20,
            placeholder="a fifth of them",
            help="For reaching people; discounts come on top. Empty: enough for a fifth of those who may be addressed.",
        )
        controls.stepped(
            COST, VIEWS[COST], f"Cost of reaching one ({currency(engine.shop)})", "0: everybody is reached."
        )
        controls.one_of(AMONG, "Among", {name: said.format(many=many) for name, said in SAID[AMONG].items()})


def _budget(engine: Engine, sent: int) -> float:
    """What was typed. Raises BadRequestError for what is no amount."""
    typed = str(state.choices()[BUDGET]).strip()
    if not typed:
        people = sent if state.choices()[AMONG] == "addressed" else len(engine.shoppers)
        return math.ceil(SHARE * people) * float(state.choices()[COST])
    minus = typed.startswith(("-", "−"))
    found = read_price(typed.lstrip("-− "), engine.shop.money.locale)
    if found is None:
        raise BadRequestError(
            f"a budget of {typed[:20]!r} is no number here", allowed="an amount such as 100", remedy="type a number"
        )
    return -found if minus else found


def sentence(engine: Engine, found: Addressing) -> str:
    """Whom the budget reaches and what that brings, against drawing as many at random."""
    people = engine.shop.people
    if not len(found.rows):
        return f"The budget reaches nobody: reaching one {people.one} costs more."
    who = count(len(found.rows), people.one, people.many, shop=engine.shop)
    of = engine.shop.number(found.eligible)
    if len(found.rows) == found.eligible:
        brings = f"{found.redeemers.value:.0f} are expected to redeem"
        return f"The budget reaches all {who}: {brings}{_really(found)}."
    share = found.redeemers.value / found.all_redeemers.value if found.all_redeemers.value else 0.0
    return (
        f"Addressing {who} of {of}, {fine(share)} of all who would redeem are reached: "
        f"{found.redeemers.value:.0f} expected (95 %: {found.redeemers.low:.0f} to {found.redeemers.high:.0f}), "
        f"{found.by_chance:.0f} if drawn at random"
        f"{_really(found)}."
    )


def _really(found: Addressing) -> str:
    return "" if found.really is None else f"; {found.really} really did"


def figures(engine: Engine, found: Addressing) -> list[Fact]:
    """In money and counts."""
    shop = engine.shop

    def said(value: float) -> str:
        return "not known" if math.isnan(value) else money(value, shop)

    net = found.new_sales - found.discounts - found.cost
    return [
        Fact("Costs to reach", said(found.cost), "Without the discounts."),
        Fact("Coupons redeemed", f"{found.redemptions:.0f}", "Expected; a person may redeem several."),
        Fact("Paid with them", said(found.sales), "Redemptions times what one paid on average in earlier campaigns."),
        Fact("Of it not bought anyway", said(found.new_sales), "As far as purchases before the campaign can tell."),
        Fact("Taken off", said(found.discounts), "What the coupons take off, whoever pays for it."),
        Fact("Left of new sales", said(net), "New sales less discounts and cost of reaching: sales, and no profit."),
    ]


def _curve(engine: Engine, found: Addressing) -> None:
    from recsys.plots.offers import gain_curve

    labels = {"chance": "Foretold chance", **SIMPLE}
    curves = {labels[name]: curve for name, curve in found.curves.items()}
    ended = found.campaign.ended
    share = len(found.rows) / found.eligible
    figure = gain_curve(curves, share if state.choices()[AMONG] == "addressed" or not ended else None, really=ended)
    draw(written(figure, engine.shop.money), "offers.gain", "Lines: share of redeemers reached by share addressed.")
    st.caption(
        "By who really redeemed." if ended else "By what is expected: the campaign has not ended within the data."
    )


def _anyway(engine: Engine, found: Addressing) -> None:
    st.markdown("#### Who would have bought anyway")
    campaign, lines = found.campaign, []
    if not math.isnan(found.anyway):
        lines.append(f"Of the redemptions expected, {fine(found.anyway)} are for products that these people would "
                     "buy in those days with no coupon, judging by the twelve weeks before.")  # fmt: skip
    value, low, high = campaign.bought
    if not math.isnan(value):
        lines.append(f"Of the {campaign.redemptions} redemptions that came, {fine(value)} "
                     f"(95 %: {between((low, high))}) were by somebody who had bought a product of that coupon "
                     "in the twelve weeks before.")  # fmt: skip
    gap, least, most = campaign.changed
    if not math.isnan(gap):
        sure = "which may be luck" if least <= 0 <= most else "more than luck"
        lines.append(f"Days a week on which the campaign's products are bought changed by {gap:+.2f} more "
                     f"among those addressed than among the others (95 %: {least:+.2f} to {most:+.2f}), "
                     f"{sure}.")  # fmt: skip
    if not campaign.redemptions:
        lines.append("Nobody has redeemed a coupon of this campaign so far.")
    st.markdown("\n".join(f"- {plain(line)}" for line in lines))
    st.caption(
        "Nobody was left out at random, so none of this proves what a coupon caused: those addressed were chosen by "
        "what they had bought. Proof takes a part of them, drawn at random, who are sent nothing."
    )


def _whom(engine: Engine, found: Addressing) -> None:
    """The first to be addressed."""
    if not len(found.rows):
        return
    ids = engine.shoppers["shopper_id"].astype(str).to_numpy()[found.rows[:LISTED]]
    more = len(found.rows) - len(ids)
    after = f" and {engine.shop.number(more)} more" if more else ""
    st.caption(plain(f"First of all {engine.shop.people.many}: {', '.join(ids)}{after}."))
