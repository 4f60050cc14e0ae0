"""The ways to rank that a side may have: which may change something here, and what a side is called."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

from pages.shared.wording import cut
from recsys.engine.sides import AS_SET, OF, PRESETS, Side, idle
from recsys.schema import NEW_SHOPPER, Knobs, Request, Reranking

if TYPE_CHECKING:
    from recsys.engine import Engine

NAME_LENGTH: Final = 60
ABOUT: Final[dict[str, Any]] = {each.name: each.metadata for each in (*fields(Knobs), *fields(Reranking))}


def resting(engine: Engine, side: Side, request: Request) -> str:
    """Why the preset of a side has nothing to go by here; "" where it has."""
    return idle(side, request, learned=bool(engine.order_info["learned"]), history=not engine.shoppers.empty)


def offered(engine: Engine, side: Side, base: Request) -> list[str]:
    """The presets that may change something for this side, its own among them."""
    now = asked(side, base)

    def changes(preset: str) -> bool:
        return Side(preset).request(now) != now and not resting(engine, Side(preset), now)

    return [each.name for each in PRESETS if each.name in (AS_SET, side.preset) or changes(each.name)]


def name(engine: Engine, side: Side) -> str:
    """What a side is called: its preset and what is its own."""
    said = [OF[side.preset].label]
    if side.shopper is not None:
        one = engine.shop.people.one
        said.append({"": "nobody", NEW_SHOPPER: f"a new {one}"}.get(side.shopper, f"{one} {side.shopper}"))
    if side.query is not None:
        said.append(f"“{cut(side.query, 24)}”" if side.query else "no query")
    said += [f"{ABOUT[each]['label'].lower()} {_value(value)}" for each, value in side.settings.items()]
    return cut(" · ".join(said), NAME_LENGTH)


def asked(side: Side, base: Request) -> Request:
    """What a side asks and for whom, whatever its preset makes of it."""
    return Side(shopper=side.shopper, query=side.query).request(base)


def _value(value: Any) -> str:
    return f"{value:g}" if isinstance(value, int | float) else str(value)
