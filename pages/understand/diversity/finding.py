"""What the page Diversity found: what diversity costs for this shopper, in words that need no paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pages.shared.wording import count, plain
from recsys.schema import NEW_SHOPPER

if TYPE_CHECKING:
    from recsys.engine.diversity import Diversity
    from recsys.reranking.frontier import Point
    from recsys.shops.contract import Shop

FREE = 0.002  # of relevance: a cost that nobody would notice
NOTICED = 0.1  # of the average price
LITTLE = 0.01  # of diversity: a gain that nobody would notice


def sentence(found: Diversity, shop: Shop) -> str:
    """The finding as Markdown: what this shelf gains and gives, or what there would be to gain."""
    who = _who(found, shop)
    if not found.after.request.reranking.on:
        return plain(_offer(found, who))
    changed = sum((item.rank_before or 0) > len(found.before.items) for item in found.after.items)
    of = len(found.after.items)
    others = f"{changed} of {of} products are others" if changed else "the same products, no others"
    others += _given(found)
    priced = _priced(found, shop)
    relevance, diversity = found.of("relevance"), found.of("diversity")
    cost = 1.0 - (relevance.after if relevance.after is not None else 1.0)
    keeps = "all of its relevance" if cost < FREE else f"{(1 - cost) * 100:.1f} % of its relevance"
    if diversity.before is None or diversity.after is None:
        return plain(f"{who} the shelf keeps {keeps}: {others} than by score alone.{priced}")
    gain = diversity.after - diversity.before
    if abs(gain) < LITTLE * max(diversity.before, LITTLE):
        return plain(f"{who} the shelf keeps {keeps} and is as diverse as by score alone: {others}.{priced}")
    more = f"{abs(gain) / max(diversity.before, 0.01) * 100:.0f} % {'more' if gain > 0 else 'less'} diverse"
    return plain(f"{who} the shelf keeps {keeps} and is {more}: {others} than by score alone.{priced}")


def _given(found: Diversity) -> str:
    """What the products that came have instead of those that went, in points: ", of 51 points where those had 62"."""
    rows = {item.row for item in found.after.items}
    came = [item.score for item in found.after.items if (item.rank_before or 0) > len(found.before.items)]
    went = [item.score for item in found.before.items if item.row not in rows]
    if not came or not went:
        return ""
    new, old = (100 * sum(scores) / len(scores) for scores in (came, went))
    return f" (of {new:.0f} points in the mean, those that went of {old:.0f})"


def _priced(found: Diversity, shop: Shop) -> str:
    """How the average price changed, where somebody would notice."""
    price = found.of("price")
    if not price.before or price.after is None or abs(price.after / price.before - 1) < NOTICED:
        return ""
    return f" The average price goes from {shop.money.said(price.before)} to {shop.money.said(price.after)}."


def _who(found: Diversity, shop: Shop) -> str:
    shopper = found.after.request.shopper
    if shopper == NEW_SHOPPER:
        return "For a new shopper"
    return f"For {shop.people.one} {shopper}" if shopper else "Here"


def _offer(found: Diversity, who: str) -> str:
    """What diversity would cost at the knee, of a shelf that is by score alone."""
    if len(found.frontier) == 0:
        return "One product alone has nothing to differ from."
    first, last = found.frontier[0], max(found.frontier, key=lambda point: point.diversity)
    if last.diversity - first.diversity < LITTLE:
        return f"{who} diversity changes nothing: the {found.candidates} candidates differ as little as the shelf does."
    if found.knee is None:
        return f"{who} the shelf is by score alone; {_costs(first, last)}, with no better place in between."
    return f"{who} the shelf is by score alone; at strength {found.knee.strength:.2f}, {_costs(first, found.knee)}."


def _costs(first: Point, point: Point) -> str:
    cost, gain = first.relevance - point.relevance, (point.diversity - first.diversity) / max(first.diversity, 0.01)
    paid = "next to no relevance" if cost < FREE else f"{cost * 100:.1f} % of relevance"
    return f"{gain * 100:.0f} % more diversity costs {paid}"


def explained(found: Diversity, shop: Shop) -> str:
    """A few sentences under the curve: what its axes are, what the knee is, and what this shopper pays."""
    if not found.frontier:
        return ""
    k = count(len(found.after.items), "product", shop=shop)
    chosen = count(found.candidates, "candidate", shop=shop)
    rules = " The rules that are set hold everywhere on the curve." if found.frontier[0].relevance < 1.0 - FREE else ""
    said = [
        f"The shelf of {k} is chosen among {chosen}. To the right the products are less alike; further down they are, "
        f"by their scores, less what was asked for.{rules}"
    ]
    if found.knee is not None:
        first = found.frontier[0]
        said.append(f"Up to the knee, {_costs(first, found.knee)}; beyond it, each further step costs more.")
        end = max(found.frontier, key=lambda point: point.diversity)
        if end.diversity > found.knee.diversity + LITTLE:
            said.append(f"All the way, {_costs(first, end)}.")
    return plain(" ".join(said))
