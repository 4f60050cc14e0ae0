"""What a shopper meets: a query and a shopper in, ranked products out; with X-ray, how they came to stand there."""

from __future__ import annotations

import streamlit as st

from pages.shared import address_bar, controls, feedback, learned, person, picture_search, reranked, state, strip
from pages.shop.storefront import cards, charts, interleaved, understood

engine = state.get_engine()
controls.request_bar(engine)
strip.notes(address_bar.address_notes(), icon=":material/link_off:")

answer = engine.answer(state.current_request())
now = feedback.pressed(engine)
feedback.trouble()

picture_search.shown(engine, answer)
understood.reading(engine, answer)
understood.narrowed(answer, engine.shop)
if (
    state.choices()["q"].strip() or answer.request.shopper or answer.request.looks or now
):  # else the headline says all there is to note
    strip.notes(understood.further_notes(answer))
mixed = interleaved.shelf(engine, answer)
shown = answer if mixed is None else mixed.answer
feedback.movement(engine, shown, now)
taught = learned.is_on() or bool(now)  # until then the switch leaves the first screen to the products
if taught:
    learned.told(engine, shown)
reranked.said(answer)
with st.container(horizontal=True, vertical_alignment="center", wrap=state.xray()):
    strip.headline(answer, person.label(engine, answer.request), engine)
    if answer.items:
        understood.arrange(engine, answer)
        interleaved.switch(engine, answer)

if not answer.items:
    strip.nothing_found(answer)
elif mixed is not None:
    interleaved.verdict(engine, mixed)
    cards.shelf(engine, shown, now, interleaved.on_cards(mixed))
    cards.more(shown)
elif state.xray():
    strip.stages(answer, engine.shop)
    shelf, analysis = st.columns([62, 38], gap="medium")
    with shelf:
        cards.shelf(engine, answer, now)
        cards.more(answer)
    with analysis:
        charts.beside_the_shelf(engine, answer)
else:
    cards.shelf(engine, answer, now)
    cards.more(answer)
if not taught:
    learned.told(engine, shown)
feedback.remember_shelf(shown)
cards.details()
