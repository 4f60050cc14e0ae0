"""The names of this page in the address bar."""

from __future__ import annotations

from typing import Final

OUT, DEMAND, NEW = "out", "demand", "new"
PROMOTION: Final = "stock_promotion"
PROMOTED_IN: Final = "stock_promoted_in"

# name -> what is allowed, the default first
VIEWS: Final[dict[str, tuple[str, ...]]] = {
    "stock_asks": (OUT, DEMAND, NEW),  # which question
    "lead_weeks": ("2", "1", "3", "4", "5", "6", "7", "8"),  # until more can be had
    "cover_weeks": ("2", "0", "1", "3", "4", "6", "8", "12"),  # for so many usual weeks the stock lasts
    "demand_of": ("category", "product"),
    PROMOTION: ("mailer", "display", "both", "offer"),  # what it is put into; a shop knows some of them
    PROMOTED_IN: ("2", "1", "3", "4", "5", "6", "7", "8"),  # week from now
}
DEMAND_CATEGORY: Final = "demand_category"  # its name
DEMAND_PRODUCT: Final = "demand_product"  # its id

TEXTS: Final = (DEMAND_CATEGORY, DEMAND_PRODUCT)
LABELS: Final = {
    "stock_asks": "What is asked",
    "lead_weeks": "Weeks until more can be had",
    "cover_weeks": "Usual weeks for which the stock lasts",
    "demand_of": "Demand of",
    PROMOTION: "Promoted by",
    PROMOTED_IN: "Promoted in week",
    DEMAND_CATEGORY: "",  # the page names it
    DEMAND_PRODUCT: "",
}
