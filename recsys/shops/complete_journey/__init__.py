"""The Complete Journey: a year of real purchases in an American grocery chain."""

from __future__ import annotations

import csv
from functools import partial
from pathlib import Path
from typing import Final

from recsys.datasets.contract import Dataset
from recsys.progress import Progress
from recsys.schema.money import Money
from recsys.shops.complete_journey.about import LICENCE
from recsys.shops.complete_journey.people import kind
from recsys.shops.contract import Examples, People, Shop, Tuned, Words

HERE: Final = Path(__file__).parent
SAMPLE_HOUSEHOLDS: Final = 300  # enough for every page to have something to show, prepared in seconds


def _load(progress: Progress, households: int | None = None) -> Dataset:
    from recsys.shops.complete_journey import loader

    return loader.load(progress, households)


def _version(households: int | None = None) -> str:
    from recsys.shops.complete_journey import loader

    return loader.version(households)


def _department_icons() -> dict[str, str]:
    with (HERE / "tables" / "departments.csv").open(encoding="utf-8", newline="") as handle:
        return {row["name"]: row["icon"] for row in csv.DictReader(handle)}


def _shop(name: str, title: str, description: str, households: int | None) -> Shop:
    return Shop(
        name=name,
        title=title,
        description=description,
        licence=LICENCE,
        load=partial(_load, households=households),
        version=partial(_version, households),
        loader=f"{__name__}.loader",
        people=People(
            one="household",
            many="households",
            traits={"age": "Age", "income": "Income (US dollars a year)", "household": "Household"},
            cohort=("age", "household"),
            kind=kind,
        ),
        money=Money("USD", "en_US"),
        department_icons=_department_icons(),
        examples=Examples(
            queries=(
                "quick dinner for kids",
                "gluten free pasta",
                "something sweet for a birthday",
                "healthy breakfast",
                "movie night snacks",
                "thirsty after the gym",
            ),
            placeholder="quick dinner for kids",
            finds=("waffles",),
            search_set=(
                "gluten free pasta",
                "quick dinner for kids",
                "dog food",
                "something sweet for a birthday",
                "cold medicine",
                "whole milk",
                "healthy breakfast",
                "movie night snacks",
                "laundry detergent",
                "baby wipes",
            ),
            person="young parents",
            foreign="comida para perros",
            command="gluten free pasta",
        ),
        words=Words(folder=HERE / "words", house_brand="Store brand", other_brand="National brand"),
        tuned=Tuned(
            recommenders={
                "tifu-knn": {"neighbours": 100, "alpha": 0.5},
                "personal-frequency": {"half_life_days": 80.0, "popularity": 1.0},
                "recently-popular": {"half_life_days": 3.0},
                "pctm": {"history_fading": 0.9, "window": 1, "tau": 100.0},
            },
            where="benchmarks/results/leaderboard_complete_journey.json",
        ),
        card="complete_journey.md",
        built_in=HERE / "built_in",
    )


SHOPS: Final = (
    _shop(
        "complete_journey",
        "The Complete Journey",
        "A year of real grocery purchases of 2,469 households, 2017",
        None,
    ),
    _shop(
        "complete_journey_sample",
        "Sample of the Journey",
        f"The same source, {SAMPLE_HOUSEHOLDS} households; quick to prepare",
        SAMPLE_HOUSEHOLDS,
    ),
)
