"""One shopper: interests, needs, rhythm, habits beside all others, several tastes, and who buys alike."""

from __future__ import annotations

import streamlit as st

from pages.shared import address_bar, controls, state, strip
from pages.understand.portrait import alike, figures, nobody, tastes

engine = state.get_engine()
controls.who(engine)
strip.notes(address_bar.address_notes(), icon=":material/link_off:")
request = state.current_request()
portrait = None if nobody.picked(request) else engine.portraits.of(str(request.shopper))
if portrait is None:
    nobody.said(engine, request)
else:
    figures.finding(engine, request, portrait)
    figures.facts_of(engine, request, portrait)
    left, right = st.columns(2, gap="medium")
    with left:
        figures.interests(engine, portrait)
        figures.rhythm(engine, portrait)
    with right:
        figures.habits(engine, request, portrait)
        figures.needs(engine, portrait)
    tastes.tastes(engine, request)
    alike.alike(engine, portrait)
