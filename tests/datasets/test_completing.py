"""What a source lacks is filled with what says nothing, and the capabilities tell the truth about it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from recsys import schema as s
from recsys.datasets import storage
from recsys.datasets.completing import completed
from recsys.datasets.contract import Dataset
from recsys.errors import DataError
from recsys.progress import silent
from recsys.schema.capabilities import Capability
from tests.shops import bare, outdoor

SAID = {"source": "made up", "licence": "none", "icon": "📦"}
ITEMS = pd.DataFrame({"item_id": ["a", "b"], "title": ["Red lamp", "Blue lamp"]})
EVENTS = pd.DataFrame({"shopper_id": ["x", "x", "y"], "item_id": ["a", "b", "b"]})


def of(**changes: object) -> Dataset:
    return completed("made", **{"items": ITEMS, "events": EVENTS, **SAID, **changes})  # type: ignore[arg-type]


def test_titles_and_events_are_enough() -> None:
    made = of()
    assert made.items[s.TITLE].tolist() == ["Red lamp", "Blue lamp"]
    assert made.items[s.BUYERS].tolist() == [1, 2]
    assert made.items[s.PRICE].isna().all()
    assert made.shoppers[s.SHOPPER_ID].tolist() == ["x", "y"]
    assert made.capabilities.there == {Capability.PURCHASES}


def test_without_dates_each_shoppers_last_event_is_on_the_last_day() -> None:
    days = of().events.groupby(s.SHOPPER)[s.TIME].max()
    assert days.nunique() == 1
    assert of().events[s.ITEM].tolist() == [0, 1, 1]  # in the order in which they were given


def test_a_catalogue_without_people_is_a_shop() -> None:
    made = of(events=None)
    assert len(made.shoppers) == len(made.events) == 0
    assert storage.history(made)["history_indptr"].tolist() == [0]
    assert storage.describe(made)["days"] == 1


@pytest.mark.parametrize(
    ("column", "values", "capability"),
    [
        ("price", [3.0, np.nan], Capability.PRICES),
        ("brand", ["Acme", ""], Capability.BRANDS),
        ("description", [None, "Shines."], Capability.DESCRIPTIONS),
        ("stock", [1, 0], Capability.STOCK),
        ("picture", ["a.png", ""], Capability.PICTURES),
    ],
)
def test_what_a_column_holds_is_a_capability_and_an_empty_column_is_none(
    column: str, values: list[object], capability: Capability
) -> None:
    assert of(items=ITEMS.assign(**{column: values})).capabilities.has(capability)
    assert not of(items=ITEMS.assign(**{column: [None, None]})).capabilities.has(capability)


def test_an_unknown_item_is_said() -> None:
    with pytest.raises(DataError, match=r"item_id 'c' is not in its table.*one of the 2"):
        of(events=pd.DataFrame({"shopper_id": ["x"], "item_id": ["c"]}))


def test_a_missing_column_is_said() -> None:
    with pytest.raises(DataError, match="items lack title"):
        of(items=ITEMS[["item_id"]])


def test_a_search_is_about_no_single_item() -> None:
    did = EVENTS.assign(event=["purchase", "purchase", "search"], query=["", "", "lamp"], item_id=["a", "b", None])
    made = of(events=did)
    assert made.capabilities.has(Capability.SEARCHES)
    assert made.events.loc[made.events[s.EVENT] == "search", s.ITEM].tolist() == [-1]
    assert storage.history(made)["history_item"].tolist() == [0, 1]


def test_a_kind_of_event_that_nobody_knows_is_refused() -> None:
    with pytest.raises(DataError, match="event"):
        of(events=EVENTS.assign(event="sneeze"))


def test_the_outdoor_shop_says_what_it_has() -> None:
    made = outdoor.load(silent)
    there = made.capabilities
    assert there.has(
        Capability.PICTURES, Capability.RATINGS, Capability.REVIEWS, Capability.VIEWS, Capability.ATTRIBUTES
    )
    assert there.has(Capability.RETURNS, Capability.TRAITS, Capability.DATES, Capability.COSTS, Capability.LAUNCH_DATES)
    assert there.missing(Capability.VISITS, Capability.OFFERS) == (
        "This shop has no baskets: each purchase stands alone.",
        "This shop has no offers.",
    )
    assert len(made.items) == 200
    history = storage.history(made)
    assert np.diff(history["history_indptr"]).tolist() == [12] * 80  # of purchases alone


def test_the_bare_shop_has_nothing_but_an_order() -> None:
    assert bare.load(silent).capabilities.there == {Capability.PURCHASES}


def test_optional_tables_are_kept(tmp_path: object) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path))
    storage.save(outdoor.load(silent), folder)
    assert len(storage.load_table(folder, "reviews")) == 138
    assert set(storage.load_table(folder, "attributes")["attribute"]) == {"colour", "make"}
