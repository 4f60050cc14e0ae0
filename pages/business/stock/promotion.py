"""What a product would sell were it promoted in one of the next weeks, and without it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.business.stock.views import PROMOTED_IN, PROMOTION, VIEWS
from pages.shared import controls, state
from pages.shared.drawing import draw
from pages.shared.finding import between, finding, fine
from pages.shared.wording import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

    from recsys.engine import Engine
    from recsys.engine.stock import Promoted

KINDS: Final = {"mailer": "In the mailer", "display": "On display", "both": "Display and mailer", "offer": "On offer"}
PARTS: Final = {"mailer": "in the mailer", "display": "on display", "offer": "on offer"}


def section(engine: Engine, row: int) -> None:
    """The choice, the finding, the chart and the warning; nothing where the shop knows of no promotions."""
    stock = engine.stock
    if not stock.promotions:
        return
    st.markdown("#### What if it is promoted?")
    kinds = {name: label for name, label in KINDS.items() if name in stock.promotions}
    if state.choices()[PROMOTION] not in kinds:
        state.choices()[PROMOTION] = next(iter(kinds))
    weeks = [each for each in sorted(VIEWS[PROMOTED_IN], key=int) if int(each) <= stock.horizon]
    if state.choices()[PROMOTED_IN] not in weeks:
        state.choices()[PROMOTED_IN] = weeks[-1]
    left, right = st.columns(2, gap="medium")
    with left:
        controls.one_of(PROMOTION, "How?", kinds)
    with right:
        if len(weeks) > 1:
            controls.stepped(PROMOTED_IN, weeks, "In which week from now?", "1 is the next one.")
    found = stock.if_promoted(row, str(state.choices()[PROMOTION]), int(state.choices()[PROMOTED_IN]))
    finding(plain(sentence(engine, found)))
    _chart(found)
    st.caption(plain(_how(engine, found)))
    st.warning(plain(warning(engine, found)), icon=":material/warning:")


def sentence(engine: Engine, found: Promoted) -> str:
    """Pieces in that week with it and without, with ranges, and what the difference is worth."""
    at, shop = found.week - 1, engine.shop

    def pieces(side: Iterable[NDArray[np.float64]]) -> str:
        low, middle, high = (float(each[at]) for each in side)
        return f"{shop.number(round(middle))} ({between((low, high), lambda value: shop.number(round(value)))})"

    more = found.more
    worth = ""
    if found.price is not None:
        worth = (
            f", {shop.money.short(round(abs(more) * found.price))} {'more' if more >= 0 else 'less'} at the list price"
        )
    return (
        f"{KINDS[found.kind]} in week {found.week}, about {pieces(found.promoted)} pieces are expected in that week, "
        f"{pieces(found.without)} with no promotion: {more:+.0f}{worth}. "
        f"Over all {len(found.ahead)} weeks it is {found.more_in_all:+.0f} pieces."
    ).replace("-", "\N{MINUS SIGN}")


def _chart(found: Promoted) -> None:
    from recsys.plots.stock import promoted_or_not

    figure = promoted_or_not(found.name, found.ahead, found.without, found.promoted, found.week)
    draw(figure, "stock.promoted", "Lines with ranges: pieces a week with the promotion and with none.")


def _how(engine: Engine, found: Promoted) -> str:
    if found.times is not None:
        low, times, high = found.times
        return (
            f"The forecast of that week times {times:.2f} (95 %: {between((low, high), lambda end: f'{end:.2f}')}), "
            "as much as such weeks sold beside others here: no model of demand that knows promotions foretells this "
            "shop's weeks well enough. Its range takes the low end of both and the high end of both."
        )
    names = ("display", "mailer") if found.kind == "both" else (found.kind,)
    wide = " and ".join(
        f"{PARTS[name]} in {fine(found.share[name])} of the {'days of the week' if name == 'offer' else 'stores'}"
        for name in names
    )
    return (
        f"Taken to be {wide}, as such weeks were here. One model over all best sellers that knows which weeks were "
        "promoted, asked twice; ranges hold eight of ten weeks, by its errors on earlier weeks. The forecast above "
        "does not know what is planned: it expects as much promotion as there usually is."
    )


def warning(engine: Engine, found: Promoted) -> str:
    """What this does not prove, and what was measured on its own."""
    said = (
        "Learned from weeks that somebody chose to promote, mostly at a lower price, and no experiment: what is "
        "promoted sells more for that reason too."
    )
    effect = next((each for each in engine.offers.over_time() if each.name == found.kind), None)
    if effect is None or found.times is not None:
        return said
    return (
        f"{said} Beside other weeks of the same product and place, {effect.times:.2f} times as much is sold "
        f"(95 %: {between((effect.low, effect.high), lambda value: f'{value:.2f}')}; page Offers), of all products "
        "that were promoted and not of the best sellers alone."
    )
