"""Coupons and campaigns: what to show whom, whom to address within a budget, what displays and mailers go with."""

from __future__ import annotations

from pages.business.offers import campaign, promotions, shopper
from pages.business.offers.views import ABOUT, SAID
from pages.shared import address_bar, controls, state, strip

SECTIONS = {"shopper": shopper.section, "campaign": campaign.section, "promotions": promotions.section}

engine = state.get_engine()
people = engine.shop.people
labels = {name: label.format(one=people.one) for name, label in SAID[ABOUT].items()}
controls.one_of(ABOUT, "Question", labels, label_visibility="collapsed")
strip.notes(address_bar.address_notes(), icon=":material/link_off:")
SECTIONS[state.choices()[ABOUT]](engine)
