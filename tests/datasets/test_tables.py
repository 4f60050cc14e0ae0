from __future__ import annotations

from dataclasses import replace

import pytest

from recsys import schema as s
from recsys.datasets import tables
from recsys.datasets.contract import Dataset
from recsys.errors import DataError


def test_a_good_data_set_passes_unchanged(small: Dataset) -> None:
    assert tables.check(small) is small


def test_a_wrong_value_names_table_column_rule_row_and_remedy(small: Dataset) -> None:
    items = small.items.assign(**{s.PRICE: [1.0, -2.0, 3.0]})
    with pytest.raises(DataError, match=r"column 'price' of items fails in_range.*first: 1.*-2.0.*what to do"):
        tables.check(replace(small, items=items))


def test_a_repeated_id_is_found(small: Dataset) -> None:
    items = small.items.assign(**{s.ITEM_ID: [1, 1, 2]})
    with pytest.raises(DataError, match="'item_id' of items"):
        tables.check(replace(small, items=items))


def test_a_column_too_many_is_found(small: Dataset) -> None:
    with pytest.raises(DataError, match="extra"):
        tables.check(replace(small, shoppers=small.shoppers.assign(extra=1)))


def test_a_wrong_type_is_found(small: Dataset) -> None:
    events = small.events.astype({s.QUANTITY: "float64"})
    with pytest.raises(DataError, match=r"'quantity' of events fails dtype"):
        tables.check(replace(small, events=events))


def test_an_event_of_an_item_that_is_not_there_is_found(small: Dataset) -> None:
    with pytest.raises(DataError, match=r"item row 2.*0 to 1"):
        tables.check(replace(small, items=small.items.head(2)))
