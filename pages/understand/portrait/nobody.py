"""What is said where there is nobody to portray."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.shared.wording import a, no_people, plain
from recsys.schema import NEW_SHOPPER, Request

if TYPE_CHECKING:
    from recsys.engine import Engine


def picked(request: Request) -> bool:
    """Whether nobody with a history is picked."""
    return request.shopper in (None, "", NEW_SHOPPER)


def said(engine: Engine, request: Request) -> None:
    """Whom to pick, or that this one has bought nothing."""
    one = engine.shop.people.one
    if engine.shoppers.empty:
        st.info(plain(no_people(engine.shop)), icon=":material/person_off:")
    elif request.shopper == NEW_SHOPPER:
        st.info("A new shopper has no history to tell anything from. Pick somebody else.", icon=":material/person:")
    elif request.shopper is None:
        st.info(f"Pick {a(one)} above to see what they are like.", icon=":material/person_search:")
    else:
        st.info(
            f"This {one} has bought nothing that is still sold, so that nothing is known.", icon=":material/person:"
        )
