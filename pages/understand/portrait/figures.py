"""The figures of a portrait, each with what it means."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.shared import person
from pages.shared.drawing import draw
from pages.shared.facts import Fact, facts
from pages.shared.finding import finding as first_sentence
from pages.shared.wording import count, cut, money, plain
from pages.understand.portrait import cohort
from recsys.engine.portraits import SEGMENTS
from recsys.schema.capabilities import Capability

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.engine.portraits import Habit, Portrait
    from recsys.schema import Request

NAME_LENGTH: Final = 30
MOST_CATEGORIES: Final = 40  # areas of the tree; smaller ones cannot be read
# name of a figure -> what it is called, how it is said, what it means
HABITS: Final[dict[str, tuple[str, Callable[[float], str], str]]] = {
    "price_level": ("Price level", lambda value: f"{100 * value:.0f} of 100",
                    "Where the prices of what is bought stand in their category, 0 the cheapest, 100 the dearest; mean "
                    "over all that was bought."),
    "loyalty": ("Loyalty to brands", lambda value: f"{value:.0%}",
                "Of what is bought in a category with several brands, the share of the brand bought most there."),
    "house_brand": ("The shop's own brand", lambda value: f"{value:.0%}",
                    "Share of what is bought that is the shop's own brand."),
    "variety": ("Curiosity", lambda value: f"{value:.0%}",
                "Share of what is bought, the first basket left out, that this person had never bought before."),
    "breadth": ("Breadth", lambda value: f"{value:.1f} categories",
                "How many categories there would be if all were bought alike: the exponential of the entropy of their "
                "shares."),
    "deals": ("Bought on offer", lambda value: f"{value:.0%}",
              "Share of what is bought on days on which that product was on offer: how much offers move this person, "
              "beside all others."),
    "stars": ("Stars given", lambda value: f"{value:.1f} of 5",
              "Mean of the stars in this person's own reviews: how content they say they are, beside all others."),
}  # fmt: skip


def finding(engine: Engine, request: Request, portrait: Portrait) -> None:
    """Who this is, in one sentence."""
    name, meaning, *_ = SEGMENTS[portrait.segment]
    who = f"{engine.shop.people.one.capitalize()} {plain(str(request.shopper))}"
    favourite = _favourite(engine, portrait)
    mostly = f" Mostly {plain(favourite)}." if favourite else ""
    first_sentence(f"{who} is one of the “{name}”: {meaning}.{mostly}")


def _favourite(engine: Engine, portrait: Portrait) -> str:
    names = engine.portraits.categories[1]
    best = [each for each in portrait.interests if each.category >= 0][:2]
    return " and ".join(f"{names[each.category]} ({each.share:.0%})" for each in best)


def facts_of(engine: Engine, request: Request, portrait: Portrait) -> None:
    """Recency, frequency, money and rhythm, with what each means and how it stands among all."""
    shop, rhythm, has = engine.shop, portrait.rhythm, engine.capabilities.has
    visit = "baskets" if has(Capability.VISITS) else "purchases"
    shown = [
        Fact(visit.capitalize(), shop.number(rhythm.baskets), f"How often they bought. {_among(portrait.frequency)}")
    ]
    shown.append(
        Fact("Products in one", f"{rhythm.lines_per_basket:.1f}", f"Different products in one of the {visit}, mean.")
    )
    if has(Capability.DATES):
        between = "–" if math.isnan(rhythm.days_between) else f"{rhythm.days_between:.0f} days"
        shown.append(Fact("Every", between, f"Median of the days between {visit}."))
        ago = count(int(portrait.recency.value), "day", shop=shop)
        shown.append(Fact("Last seen", f"{ago} ago", f"Before the last day of the data. {_among(portrait.recency)}"))
    if portrait.money is not None and has(Capability.PRICES):
        worth = f"At the prices of the catalogue, without discounts. {_among(portrait.money)}"
        shown.append(Fact("Worth", money(portrait.money.value, shop), worth))
    facts(shown)
    label = person.label(engine, request)
    if label and person.looked(engine):
        st.caption(plain(f"All figures here are of purchases. “{label}” counts every visit, also without a purchase."))


def _among(habit: Habit) -> str:
    """How a figure stands among those of all others."""
    return "" if math.isnan(habit.above) else f"Higher than that of {100 * habit.above:.0f} of 100 others."


def interests(engine: Engine, portrait: Portrait) -> None:
    """The tree of interests with shares and trends."""
    if not engine.capabilities.has(Capability.CATEGORIES):
        with st.container(border=True):
            st.markdown("**What is bought**")
            st.write(Capability.CATEGORIES.missing)
        return
    from recsys.plots.portrait import interest_tree

    tops, kinds = engine.portraits.departments[1], engine.portraits.categories[1]
    shown = portrait.interests[:MOST_CATEGORIES]
    departments = [str(tops[each.department]) if each.department >= 0 else "" for each in shown]
    names = [str(kinds[each.category]) if each.category >= 0 else "without a category" for each in shown]
    with st.container(border=True):
        figure = interest_tree(departments, names, [each.lines for each in shown], [each.trend for each in shown])
        said = ", ".join(f"{name} {each.share:.0%}" for name, each in zip(names[:8], shown, strict=False))
        draw(figure, "portrait.interests", f"Areas by share of what was bought: {said}.")
        moved = any(each.trend for each in shown if not math.isnan(each.trend))
        colour = (
            " Colour: how much that share grew from the first half of the baskets to the second."
            if moved
            else " No trend: the shares are the same in both halves of the baskets, or there is only one basket."
        )
        st.caption(f"Area: share of all lines bought.{colour}")


def habits(engine: Engine, request: Request, portrait: Portrait) -> None:
    """How they buy, beside all others or those that are chosen."""
    from recsys.plots.portrait import standings

    if all(math.isnan(each.above) for each in portrait.habits.values()):
        return
    with st.container(border=True):
        found = cohort.habits(engine, portrait, str(request.shopper))
        known = {name: each for name, each in found.items() if not math.isnan(each.above)}
        said = [HABITS[name][1](each.value) for name, each in known.items()]
        names = [f"{HABITS[name][0]}: {words}" for name, words in zip(known, said, strict=True)]
        draw(
            standings(names, [each.above for each in known.values()], said),
            "portrait.habits",
            f"Where this person stands among them: {', '.join(names)}.",
        )
        with st.expander("What each of these means"):
            for name in known:
                st.markdown(f"**{HABITS[name][0]}.** {HABITS[name][2]}")


def rhythm(engine: Engine, portrait: Portrait) -> None:
    """The days of the week."""
    from recsys.plots.portrait import weekdays

    if portrait.rhythm.weekdays is None:
        return
    with st.container(border=True):
        draw(weekdays(portrait.rhythm.weekdays), "portrait.weekdays", "Bars: share of baskets on each day of the week.")
        st.caption("The hour of a purchase is not kept.")


def needs(engine: Engine, portrait: Portrait) -> None:
    """What is bought again and again, and when it is due."""
    with st.container(border=True):
        if not portrait.needs:
            st.markdown("**Staples**")
            st.write(
                "Nothing was bought three times or more at intervals that still run."
                if engine.capabilities.has(Capability.DATES)
                else "It is not known when things were bought, so nothing is expected."
            )
            return
        from recsys.plots.portrait import due_dates

        today = engine.portraits.today
        titles = engine.catalogue.titles
        names = [f"{cut(str(titles[need.item]), NAME_LENGTH)} · {need.times}×" for need in portrait.needs]
        moments = [(need.earliest - today, need.due - today, need.latest - today) for need in portrait.needs]
        draw(
            due_dates(names, *zip(*moments, strict=True)),
            "portrait.needs",
            "Days from today on which each staple is due, with the middle half of its intervals.",
        )
        first = portrait.needs[0]
        st.caption(
            f"Due {_dated(engine, first.due)} first: {plain(cut(str(titles[first.item]), NAME_LENGTH))}, bought "
            f"{count(first.times, 'time', shop=engine.shop)}, every {first.every:.0f} days. Today is the last day of "
            "the data. Dot: the last purchase and the median of this person's own intervals; line: their middle half."
        )


def _dated(engine: Engine, day: int) -> str:
    first = engine.portraits.first_day
    return "" if first is None else f"{first + timedelta(days=day):%d %b %Y}"
