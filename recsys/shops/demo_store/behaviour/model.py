"""The parameters of the simulated behaviour, in plain names, each with what it does."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Model:
    """Everything that was chosen. Utilities are in the unit of a logit: 0 is as good as buying nothing.

    The sizes were chosen by what they lead to with 1,000 shoppers and 10,000 products: about a million products shown,
    8 of 100 of them viewed (25 at the first position, 5 at the last), one purchase in five views, a third of the
    baskets abandoned, half of the products never sold (Gini 0.78), and of what is used up every sixth line the same
    product again. They are no estimates from anybody's log.
    """

    days: int = 180
    start: str = "2026-03-01"
    positions: int = 20  # products on a page

    # tastes: standard deviations over shoppers, in logits
    base: float = -1.7  # what an average product is worth to an average shopper
    factors: int = 4  # hidden directions of taste that styles, colours, types and brands share
    style: float = 0.65
    colour: float = 0.3
    loved_colour: float = 0.9
    disliked_colour: float = -1.1
    pattern: float = 0.25
    material: float = 0.25
    department: float = 0.35
    need: float = 0.65  # of one type, beside the life stage
    other_gender: float = -1.3  # made for those whom this shopper does not shop for
    reputation: float = 0.3  # of a brand, the same for all
    loyalty: float = 0.9  # mean worth of a loved brand
    quality: float = 1.1  # of the best product beside the worst, on average
    price: float = 1.0  # mean weight of log(price / typical price)
    appeal: float = 0.35  # what all see in a product and no column says
    noise: float = 0.35  # of one shopper and one product, fixed

    # the moment
    changing: float = 0.12  # share of shoppers whose life stage changes once within the days
    season: float = 0.7
    novelty: float = 0.5  # mean worth of a launch on its first day
    novelty_days: float = 30.0
    offer_pull: float = 0.15  # an offer draws by more than its price
    sated: float = 2.2  # a type just bought
    due: float = 1.8  # a type whose time has come again
    due_width: float = 0.12  # how sharply it comes again, as a share of its repeat days
    sated_days: float = 60.0  # after which a lasting thing is wanted again, by 1/e
    habit: float = 2.2  # the very product that was used up
    owned: float = -3.0  # the very product that lasts
    friend: float = 0.8  # a friend bought it today
    friend_days: float = 14.0
    mission: float = 1.2  # of the type that the page was opened for

    # visits
    visits_a_day: float = 0.165  # mean over shoppers: 30 visits in 180 days
    further_pages: float = 0.7  # beside the first of a visit, mean
    topic_temperature: float = 0.8
    kinds: tuple[float, float, float, float, float] = (0.12, 0.28, 0.22, 0.34, 0.04)
    """Shares of pages: home list, department, type, search, search for a gift."""
    typo: float = 0.04

    # what the shop shows (the logging policy)
    popular: float = 3.0  # weight of popularity, itself 0..1
    relevant: float = 1.6  # of each wish of the query that is met
    fresh: float = 0.6  # of a launch of today
    own: float = 1.2  # of the departments this shopper looked at, on the home list
    again: float = 2.5  # of what this shopper bought before
    temperature: float = 0.7
    explore: float = 0.15  # share of the chance that goes to all products alike
    popularity_days: float = 30.0  # half-life

    # choices
    attention: float = 0.6  # mean exponent of examination: position ** -attention
    view_base: float = -1.9
    view: float = 0.9
    favourite_base: float = -3.2
    favourite: float = 0.6
    basket_base: float = 1.6  # utility of putting nothing of a page into the basket
    basket: float = 1.1
    buy_base: float = -0.4
    buy: float = 0.5

    # afterwards
    return_base: float = -2.5
    bad_quality: float = 2.0  # in the return's logit, per unit of quality that is missing
    bad_fit: float = 3.0
    review: float = 0.28  # share of purchases with a review
    share_view: float = 0.01
    share_purchase: float = 0.05

    # friends and offers
    friends_asked: int = 3  # each shopper asks so many; asked and asking are friends: twice as many on average
    friends_met: int = 200  # among so many met by chance
    likeness: float = 2.0  # weight of being alike, in the logit of being asked
    on_offer: float = 0.25  # share of products that have an offer within the days
