"""What is missing on a shop that has no campaigns, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.shared.wording import plain
from recsys.engine.offers import REDEMPTIONS

if TYPE_CHECKING:
    from recsys.engine import Engine


def campaigns(engine: Engine) -> bool:
    """Whether there are none to speak of; then it is said why."""
    if not engine.offers.prepared(REDEMPTIONS):
        st.info("Who redeems what is still being worked out: this page shows it once it is there.",
                icon=":material/hourglass_top:")  # fmt: skip
        return True
    if any(each.foretold for each in engine.offers.campaigns):
        return False
    if engine.offers.campaigns:
        said = "This shop has campaigns, but too few redemptions before any of them to foretell the next."
    else:
        said = (
            "This shop has no coupons: nobody was sent one, so that nobody can be seen to redeem one. What it takes is "
            "who was sent which coupon, good for which products, and who redeemed it when."
        )
    st.info(plain(said), icon=":material/local_offer:")
    if engine.offers.effects:
        st.caption("What price offers or displays go with is known: see the third question above.")
    return True
