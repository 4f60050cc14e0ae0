"""Somebody or something nobody knows: a new shopper makes a few choices, a new product is looked ahead for."""

from __future__ import annotations

from pages.shared import address_bar, controls, state, strip
from pages.understand.cold_start import product, shopper

NEWCOMERS = {"shopper": "A new shopper", "product": "A new product"}

engine = state.get_engine()
strip.notes(address_bar.address_notes(), icon=":material/link_off:")
controls.one_of("newcomer", "Who comes?", NEWCOMERS)
(shopper if state.choices()["newcomer"] == "shopper" else product).section(engine)
