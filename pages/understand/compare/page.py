"""Two to four settings, shoppers or queries side by side: what each shows, how far they agree, and which is better."""

from __future__ import annotations

from pages.shared import controls, picture_search, state
from pages.shared.finding import finding
from pages.understand.compare import blind, panels, saved, setting, shown
from pages.understand.compare.views import BLIND, COMPARISON

engine = state.get_engine()
opened = saved.opened(engine) if state.choices()[COMPARISON] else None
if opened is None:
    controls.request_bar(engine)
now = setting.of_screen(engine) if opened is None else opened
hidden = bool(state.choices()[BLIND])
blind.switch(hidden=hidden)
if not hidden:
    setting.said_notes(engine, now)
found = engine.compare(now.requests)
for side in found.sides[:1]:
    picture_search.shown(engine, side.answer)
if hidden:
    blind.ballot(engine, now, found)
else:
    names = setting.named(engine, now)
    finding(shown.sentence(engine, found))
    if opened is None:
        panels.panels(engine, now)
    if any(side.answer.items for side in found.sides):
        shown.lines(engine, found, names)
        shown.figures(engine, found, names)
        shown.changes(engine, found, names)
        shown.times(found, names)
    blind.votes_so_far(engine, now, found)
    saved.section(engine, now, found)
