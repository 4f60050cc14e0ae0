"""Who won each sponsored place, what they bid, what they pay, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.shared.finding import fine
from pages.shared.wording import cut, money, plain
from recsys.engine.ads import NEVER

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.engine.ads import Sponsored, Winner

TITLE_LENGTH: Final = 34


def table(engine: Engine, now: Sponsored) -> None:
    """A line for each place that was sold; nothing where none was."""
    if not now.winners:
        return

    def said(cents: int) -> str:
        return money(cents / 100, engine.shop)

    st.markdown("##### Who won each place, and what a click costs them")
    lines = ["| Place | Product | Advertiser | Bids | Pays |", "| --: | :-- | :-- | --: | --: |"]
    for each in now.winners:
        cells = [
            str(each.place), _title(engine, each.row), plain(cut(each.advertiser, TITLE_LENGTH)), plain(said(each.bid)),
            f"**{plain(said(each.price))}**",
        ]  # fmt: skip
        lines.append("| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |")
    st.markdown("\n".join(lines))
    st.markdown("\n".join(f"- **Place {each.place}**: {_why(engine, each)}" for each in now.winners))
    st.caption(
        "The place goes to the largest bid × chance of a click × relevance. Second price: who wins pays the least that "
        "would still have won, and never more than the bid. A click is paid, being shown is not."
    )


def _why(engine: Engine, won: Winner) -> str:
    """Why the place was won at this price, as Markdown."""
    rate = f"relevance {100 * won.score:.0f}, click chance {fine(won.rate)}"
    instead = (
        "" if won.displaced == NEVER
        else f" It stands before {_title(engine, won.displaced)} (relevance {100 * won.displaced_score:.0f})."
    )  # fmt: skip
    if won.rival == NEVER:
        return f"nobody else qualified, so that the least bid is paid ({rate}).{instead}"
    bid, rival = money(won.rival_bid / 100, engine.shop), plain(cut(won.rival_advertiser, TITLE_LENGTH))
    less = " though that is more, for a bid counts by the chance of a click and by relevance" * (
        won.rival_bid > won.bid
    )
    return f"the price just keeps it ahead of {rival}, who bids {plain(bid)}{less} ({rate}).{instead}"


def _title(engine: Engine, row: int) -> str:
    return plain(cut(str(engine.catalogue.titles[row]), TITLE_LENGTH))
