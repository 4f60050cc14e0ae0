"""The names of this page in the address bar."""

from __future__ import annotations

from typing import Final

STEP: Final = "step"
KEPT: Final = "kept"
WEIGHT: Final = "taste_weight"
ITEMS: Final = "items_step"
WORTH: Final = "learning_worth"
ORDER: Final = "logs_order"
METRIC: Final = "plan_metric"
LIFT: Final = "plan_lift"
POWER: Final = "plan_power"
ALARMS: Final = "plan_alarms"
SHARE: Final = "plan_share"
OWN_RATE: Final = "plan_rate"
OWN_VISITORS: Final = "plan_visitors"

# name -> what is allowed, the default first: amid what the folds of people chose
VIEWS: Final[dict[str, tuple[str, ...]]] = {
    STEP: ("0.1", "0.02", "0.05", "0.2", "0.5", "1"),
    KEPT: ("1", "0.98", "0.95", "0.9", "0.7", "0.5"),
    WEIGHT: ("4", "0.5", "1", "2", "8"),
    ITEMS: ("0", "0.02", "0.05", "0.1", "0.2"),
    WORTH: ("", "pays", "ahead", "replay", "logs", "plan"),  # which question of worth.SECTIONS; "": the shelf
    ORDER: ("taste", "sharper", "sharp_taste"),  # which policy of the evaluation from logs is judged
    METRIC: ("spend", "conversion", "buyers", "own"),
    LIFT: ("5", "1", "2", "3", "10", "15", "20", "30", "50"),  # per cent more
    POWER: ("80", "70", "90", "95", "99"),  # of 100 tests that find what is there
    ALARMS: ("5", "1", "10"),  # of 100 tests that find what is not there
    SHARE: ("50", "10", "20", "30", "40"),  # of 100 people who see what is new
    OWN_RATE: ("3", "0.5", "1", "2", "5", "10", "20", "40"),  # per cent
    OWN_VISITORS: ("1000", "100", "300", "3000", "10000", "100000"),  # a day
}
LABELS: Final = {
    STEP: "Step size of learning",
    KEPT: "Kept from one act to the next",
    WEIGHT: "Weight of taste beside popularity",
    ITEMS: "Step size of the products' own moves",
    WORTH: "Question of learning",
    ORDER: "Order judged from logs",
    METRIC: "Metric of the planned test",
    LIFT: "Change to be found, per cent",
    POWER: "Found of 100 times, where it is there",
    ALARMS: "False alarms of 100, where it is not",
    SHARE: "Of 100 who see what is new",
    OWN_RATE: "Share of visitors now, per cent",
    OWN_VISITORS: "Visitors a day",
}

# what a report calls the values of the choices above; {one} and {many} are what the shop calls its people
SAID: Final[dict[str, dict[str, str]]] = {
    WORTH: {
        "pays": "Does learning pay?",
        "ahead": "Does planning ahead pay?",
        "replay": "What would the last month have gained?",
        "logs": "What would another order have earned?",
        "plan": "What would a test take?",
    },
    ORDER: {
        "taste": "By learned taste, mixed",
        "sharper": "Popular first, less mixed",
        "sharp_taste": "By learned taste, hardly mixed",
    },
    METRIC: {
        "spend": "Spend per {one}",
        "conversion": "Visits with a purchase",
        "buyers": "{many} who buy",
        "own": "Figures of my own",
    },
}
