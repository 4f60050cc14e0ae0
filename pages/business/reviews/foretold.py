"""The stars that somebody would give a product, and by how much that beats the simple way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.shared import controls, people, state
from pages.shared.finding import NO_BREAK, between, fine, signed
from pages.shared.wording import count, plain
from recsys.evaluation.reviews.kept import kept
from recsys.schema import NEW_SHOPPER

if TYPE_CHECKING:
    from recsys.engine import Engine

RATINGS: Final = "ratings"  # the task of a report


def section(engine: Engine, item: int) -> None:
    """Whom to ask about, what they would give, and what is known."""
    st.markdown("#### What would somebody give it?")
    controls.who(engine)
    shopper = state.current_request().shopper
    ids = [str(each) for each in engine.shoppers["shopper_id"].tolist()]
    row = ids.index(str(shopper)) if str(shopper) in ids else None
    found = engine.reviews.foretold(-1 if row is None else row, item)
    if found is None:
        st.caption("Too few stars of known people are there to foretell any.")
        return
    one = engine.shop.people.one
    unknown = f"A new {one}" if shopper == NEW_SHOPPER else f"{one.capitalize()}s of whom nothing is known"
    who = unknown if row is None else _called(engine, str(shopper))
    of_them = "" if row is None else f", and {count(found.of_shopper, 'rating', shop=engine.shop)} by this {one}"
    st.markdown(
        plain(
            f"{who} would give about {found.stars:.1f} stars; eight of ten such ratings lie between "
            f"{found.low:.1f} and {found.high:.1f}. Known are "
            f"{count(found.of_item, 'rating', shop=engine.shop)} of the product, with words and without{of_them}."
        )
    )
    if told := beaten(engine):
        st.caption(plain(told))


def _called(engine: Engine, shopper: str) -> str:
    one = engine.shop.people.one
    kind = next((tile.kind for tile in people.offered(engine) if tile.shopper == shopper), "")
    return f"“{kind}” ({one} {shopper})" if kind else f"{one.capitalize()} {shopper}"


def beaten(engine: Engine) -> str:
    """How far foretold stars are off, and by how much the fullest way beats the simple one; "" where unmeasured."""
    reports = [each for each in kept(engine.settings.shop, engine.settings.measured_dir) if each.shop]
    task = next((task for each in reports for task in each.report["tasks"] if task["task"] == RATINGS), None)
    if task is None or "change" not in task:
        return ""
    ways = "; ".join(f"{way['label']}: {way['value']:.2f}" for way in task["methods"])
    change, (low, high) = task["change"]["value"], task["change"]["ci95"]
    verdict = "may be luck" if low <= 0 <= high else "is more than luck"
    word = "smaller" if change < 0 else "larger"
    return (
        f"How good is that? Measured on {engine.shop.number(task['test'])} ratings that were kept back, by how many "
        f"stars it is off (root mean square). {ways}. The last one's error is {fine(abs(change))} {word} than that of "
        f"the simple way before it, which {verdict} (95{NO_BREAK}%: {between((low, high), signed)})."
    )
