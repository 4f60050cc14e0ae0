"""Why a product is suggested, in a few words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from pages.shared.wording import count, cut
from recsys.engine.basket import Because
from recsys.schema.capabilities import Capability

if TYPE_CHECKING:
    from recsys.engine import Engine

NAME_LENGTH: Final = 40
LEAST_VISITS: Final = 5  # below which a lift is mostly luck: two visits may be a hundred times as many as by chance
HEADS: Final = {
    "popular": "Bestseller",
    "usual": "Usual",
    "due": "Usual rhythm",
    "visits": "Your visits like this one",
    "together": "Bought together",
    "needed": "Needed with",
    "vectors": "Same kind of basket",
    "sequence": "Follows",
    "content": "Alike",
}


def head(because: Because) -> str:
    """What kind of reason it is."""
    if because.part == "usual" and because.times < 2:
        return "Taken before"
    return HEADS[because.part]


def why(engine: Engine, row: int, because: Because) -> str:
    """The reason with its figures."""
    shop = engine.shop
    other = "" if because.row is None else f"“{cut(str(engine.catalogue.titles[because.row]), NAME_LENGTH)}”"
    shared = count(because.visits, "visit", shop=shop)
    told = because.visits >= LEAST_VISITS and not math.isnan(because.lift)
    often = f", {shop.money.number(because.lift, 1)} times as often as by chance" if told else ""
    if because.part == "together":
        return f"bought with {other} on {shared}{often}"
    if because.part == "vectors":
        return f"in the same kind of basket as {other}"
    if because.part == "needed":
        return f"{engine.catalogue.categories[row]} with {because.category} on {shared}{often}"
    if because.part == "content":
        return f"described like {other}"
    if because.part in ("usual", "due"):
        return _rhythm(engine, because)
    if because.part == "visits":
        return f"taken {count(because.times, 'time', shop=shop)} before, on visits like this one"
    if because.part == "sequence":
        return f"often taken on the visit after {other or 'such a one'}"
    return f"bought by {count(because.buyers, shop.people.one, shop.people.many, shop=shop)}"


def _rhythm(engine: Engine, because: Because) -> str:
    days = "day" if engine.capabilities.has(Capability.DATES) else "visit"
    said = f"taken {count(because.times, 'time', shop=engine.shop)}"
    if not math.isnan(because.every):
        said += f", about every {count(max(round(because.every), 1), days, shop=engine.shop)}"
    return f"{said}, last {count(because.since, days, shop=engine.shop)} ago"
