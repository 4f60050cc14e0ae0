"""What a shopper meets: a query and a shopper in, ranked products out, each with its reason and its score."""

from __future__ import annotations

import streamlit as st

from pages.shared import address_bar, controls, feedback, person, state, strip
from pages.shop.storefront import cards, charts, understood

engine = state.get_engine()
controls.request_bar(engine)
strip.notes(address_bar.address_notes(), icon=":material/link_off:")

answer = engine.answer(state.current_request())
now = feedback.pressed(engine)
feedback.trouble()

strip.headline(answer, person.label(engine, answer.request), engine)
understood.reading(engine, answer)
strip.notes(answer.notes)
strip.stages(answer, engine.shop)
feedback.movement(engine, answer, now)

if answer.items:
    shelf, analysis = st.columns([62, 38], gap="medium")
    with shelf:
        understood.arrange(engine, answer)
        cards.shelf(engine, answer, now)
        cards.more(answer)
    with analysis:
        charts.beside_the_shelf(engine, answer)
else:
    strip.nothing_found(answer)
cards.details()
