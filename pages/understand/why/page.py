"""Why a product stands where it stands, what made each part of its score, and what would have to be otherwise."""

from __future__ import annotations

import streamlit as st

from pages.shared import address_bar, controls, picture_search, state, strip
from pages.understand.why import causes, changes, chosen, paths, rules, sequence

engine = state.get_engine()
controls.request_bar(engine)
strip.notes(address_bar.address_notes(), icon=":material/link_off:")
answer = engine.answer(state.current_request())
picture_search.shown(engine, answer)
if not answer.items:
    strip.nothing_found(answer)
else:
    item = chosen.product(engine, answer)
    chosen.told(engine, answer, item)
    left, right = st.columns(2, gap="medium")
    with left:
        causes.parts(engine, item)
        causes.words(engine, answer, item)
    with right:
        causes.purchases(engine, answer, item)
        causes.taste(engine, answer, item)
    changes.smallest(engine, answer, item)
    changes.otherwise(engine, answer, item)
    paths.connections(engine, answer, item)
    sequence.visits(engine, answer, item)
    rules.few(engine, answer, item)
