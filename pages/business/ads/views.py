"""The names of this page in the address bar."""

from __future__ import annotations

from typing import Final

# name -> what is allowed, the default first
VIEWS: Final[dict[str, tuple[str, ...]]] = {
    "ad_places": ("2", "0", "1", "3", "4"),
    "ad_floor": ("50", "0", "25", "75", "90"),  # per cent of the score of what is displaced
    "ad_reserve": ("10", "0", "25", "50", "100"),  # per cent of the middle bid
    "ad_budget": ("10", "2", "5", "25", "50", "0"),  # middle bids a day; 0: no limit
    "ad_cap": ("3", "1", "2", "5", "0"),  # showings; 0: any number
    "ad_pacing": ("throttled", "shaded", "none"),
}
LABELS: Final = {
    "ad_places": "Sponsored places",
    "ad_floor": "Relevance floor, per cent of what is displaced",
    "ad_reserve": "Least bid, per cent of the middle bid",
    "ad_budget": "Daily budget of each advertiser, in middle bids (0: no limit)",
    "ad_cap": "Showings of one product to one person a day (0: any number)",
    "ad_pacing": "How budgets are spread",
}
SAID: Final = {"ad_pacing": {"throttled": "some auctions left out", "shaded": "bids lowered", "none": "not at all"}}
