"""The names of this page in the address bar."""

from __future__ import annotations

from typing import Final

ABOUT: Final = "offers_about"
AMONG: Final = "offers_among"
COST: Final = "offers_cost"
CAMPAIGN: Final = "offers_campaign"
BUDGET: Final = "offers_budget"

# name -> what is allowed, the default first
VIEWS: Final[dict[str, tuple[str, ...]]] = {
    ABOUT: ("shopper", "campaign", "promotions"),
    AMONG: ("addressed", "everybody"),
    COST: ("0.5", "0", "0.1", "0.25", "1", "2", "5"),  # of reaching one person, in the shop's money
}
TEXTS: Final = (CAMPAIGN, BUDGET)
LABELS: Final = {
    ABOUT: "Question",
    AMONG: "Addressed among",
    COST: "Cost of reaching one",
    CAMPAIGN: "Campaign",
    BUDGET: "Budget",
}
SAID: Final[dict[str, dict[str, str]]] = {
    ABOUT: {"shopper": "For a {one}", "campaign": "For a campaign", "promotions": "Display and mailer"},
    AMONG: {"addressed": "Those it was sent to", "everybody": "All {many}"},
}
