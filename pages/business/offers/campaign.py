"""For one campaign: whom to address within a budget, what it brings, and who would have bought anyway."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from pages.business.offers import lacking, measured
from pages.business.offers.views import AMONG, BUDGET, CAMPAIGN, COST, SAID, VIEWS
from pages.shared import controls, state
from pages.shared.drawing import draw
from pages.shared.facts import OF_INTERVALS, Fact, facts
from pages.shared.finding import between, finding, fine, plus
from pages.shared.tables import export
from pages.shared.wording import count, currency, plain
from recsys.engine.new_products import read_price
from recsys.engine.offers import SIMPLE
from recsys.errors import BadRequestError
from recsys.plots.style import written

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.engine.offers import Addressing, Interval
    from recsys.shops.contract import Shop

SHARE: Final = 0.2  # of those who may be addressed, where no budget was typed
LISTED: Final = 220  # pixels


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
            format_func=lambda name: (
                f"{name}, {known[name].kind}, {known[name].starts}, {engine.shop.number(known[name].sent)} addressed"
            ),
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
    hits = found.outcome.redeemers
    brings = f"{hits.value:.0f} expected (95 %: {between((hits.low, hits.high), _whole)})"
    if len(found.rows) == found.eligible:
        return f"The budget reaches all {who}: of those who redeem {brings}{_really(found)}. {_leaves(engine, found)}"
    share = hits.value / found.all_redeemers.value if found.all_redeemers.value else 0.0
    return (
        f"Addressing {who} of {of}, {fine(share)} of all who would redeem are reached: {brings}, "
        f"{found.by_chance:.0f} if drawn at random{_really(found)}. {_leaves(engine, found)}"
    )


def _whole(value: float) -> str:
    return f"{value:.0f}"


def _really(found: Addressing) -> str:
    if found.really is None:
        return ""
    hits = found.outcome.redeemers
    outside = "" if hits.low <= found.really <= hits.high else ", which is outside that range"
    return f"; {found.really} really did{outside}"


def _leaves(engine: Engine, found: Addressing) -> str:
    """Whether it pays, as far as sales that would not have come anyway tell."""
    left, shop = found.outcome.left, engine.shop
    if math.isnan(left.value):
        return "What it leaves in money is not known here."
    ends = between((left.low, left.high), lambda value: _about(value, shop))
    if left.high < 0:
        return f"It costs {_about(-left.value, shop)} more than it sells anew (left: 95 %, {ends})."
    sure = "" if left.low > 0 else ", which may be nothing"
    return f"After discounts and reaching, {_about(left.value, shop)} of new sales are left (95 %: {ends}{sure})."


def _about(amount: float, shop: Shop) -> str:
    """An amount without cents where they say nothing."""
    said = shop.money.said(amount) if abs(amount) < 10 else shop.money.short(round(amount))
    return said.replace("-", "−")


def figures(engine: Engine, found: Addressing) -> list[Fact]:
    """In money and counts, each with its interval."""
    told, shop = found.outcome, engine.shop

    def amount(label: str, interval: Interval, help: str) -> Fact:
        if math.isnan(interval.value):
            return Fact(label, "not known", help)
        ends = between((interval.low, interval.high), lambda value: _about(value, shop))
        return Fact(label, _about(interval.value, shop), help, plain(f"95 %: {ends}"))

    many = told.redemptions
    return [
        Fact("Costs to reach", _about(found.cost, shop), "Without the discounts.", "as you set it"),
        Fact("Coupons redeemed", f"{many.value:.0f}", "Expected; a person may redeem several.",
             f"95 %: {between((many.low, many.high), _whole)}"),
        amount("Paid with them", told.sales, "By what those paid who redeemed in earlier campaigns of the kind."),
        amount("Of it not bought anyway", told.new_sales, "As far as purchases before the campaign can tell."),
        amount("Taken off", told.discounts, "What the coupons take off, whoever pays for it."),
        amount("Left of new sales", told.left, "New sales less discounts and cost of reaching: sales, and no profit."),
    ]  # fmt: skip


def _curve(engine: Engine, found: Addressing) -> None:
    from recsys.plots.offers import gain_curve, money_left

    labels = {"chance": "Foretold chance", **SIMPLE}
    curves = {labels[name]: curve for name, curve in found.curves.items()}
    ended = found.campaign.ended
    share = len(found.rows) / found.eligible
    figure = gain_curve(curves, share if state.choices()[AMONG] == "addressed" or not ended else None, really=ended)
    draw(written(figure, engine.shop.money), "offers.gain", "Lines: share of redeemers reached by share addressed.")
    st.caption(
        "By who really redeemed." if ended else "By what is expected: the campaign has not ended within the data."
    )
    if not math.isnan(found.outcome.left.value):
        money_figure = money_left(*found.left, share, engine.shop.money)
        draw(money_figure, "offers.left", "Line with its 95 % range: money left by the share addressed.")
        st.caption(
            "Expected: new sales less discounts and cost of reaching, the likeliest addressed first. The range holds "
            "the luck of who redeems and the unevenness of those who redeemed before, drawn anew; that chances or "
            "the model of buying anyway are wrong is not in it."
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
        lines.append(f"Days a week on which the campaign's products are bought changed by {plus(gap)} more "
                     f"among those addressed than among the others (95 %: {plus(least)} to {plus(most)}), "
                     f"{sure}.")  # fmt: skip
    lines += _beside(engine, found)
    if not campaign.redemptions:
        lines.append("Nobody has redeemed a coupon of this campaign so far.")
    st.markdown("\n".join(f"- {plain(line)}" for line in lines))
    st.caption(
        "Nobody was left out at random, so none of this proves what a coupon caused: those addressed were chosen by "
        "what they had bought. Proof takes a part of them, drawn at random, who are sent nothing."
    )


def _beside(engine: Engine, found: Addressing) -> list[str]:
    """What those addressed spent more than others alike, and whether the same comparison finds nothing on the eve."""
    told, shop = found.campaign.compared, engine.shop
    if told is None:
        return []

    def ends(interval: Interval) -> str:
        return between((interval.low, interval.high), shop.money.said)

    each, before, sent = told.each, told.before, engine.shop.number(told.addressed)
    sure = "which may be luck" if each.low <= 0 <= each.high else "more than luck"
    lines = [
        f"Beside others who had spent as much on them and came as often, each of {sent} addressed spent "
        f"{shop.money.said(each.value)} more on the campaign's products in its days (95 %: {ends(each)}; at list "
        f"prices), {sure}: {_about(each.value * told.addressed, shop)} in all "
        f"({between((each.low * told.addressed, each.high * told.addressed), lambda value: _about(value, shop))})."
    ]
    if math.isnan(before.value):
        lines.append("Whether such a difference was there before the campaign, the data do not reach back to tell.")
    elif before.low > 0 or before.high < 0:
        lines.append(f"A check fails: in as many days before the campaign the same comparison finds "
                     f"{shop.money.said(before.value)} each ({ends(before)}), and nothing had been sent.")  # fmt: skip
    else:
        lines.append(f"A check holds: in as many days before the campaign it finds {shop.money.said(before.value)} "
                     f"each ({ends(before)}), which may be nothing.")  # fmt: skip
    return lines


def _whom(engine: Engine, found: Addressing) -> None:
    """The first to be addressed."""
    if not len(found.rows):
        return
    people = engine.shop.people
    ids = engine.shoppers["shopper_id"].astype(str).to_numpy()[found.rows]
    st.markdown("#### Whom to address")
    table = pd.DataFrame({"Place": range(1, len(ids) + 1), people.one.capitalize(): ids})
    st.dataframe(table, hide_index=True, height=LISTED)
    export(table, f"campaign-{found.campaign.name}.csv", "offers.whom.csv")
    st.caption(plain(f"All {count(len(ids), people.one, people.many, shop=engine.shop)}, the likeliest first."))
