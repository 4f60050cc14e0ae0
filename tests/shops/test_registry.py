from __future__ import annotations

import pytest

from recsys.errors import SettingsError
from recsys.shops.complete_journey import SAMPLE_HOUSEHOLDS
from recsys.shops.registry import shop, shop_names, shops


def test_an_unknown_data_set_lists_those_there_are() -> None:
    with pytest.raises(SettingsError, match=r"'nothing'.*complete_journey, complete_journey_sample"):
        shop("nothing")


def test_each_data_set_is_known_by_its_own_name() -> None:
    assert all(shop(name).name == name for name in shop_names())
    assert len({each.version() for each in shops()}) == len(shops())


def test_the_sample_is_a_few_hundred_households_with_a_short_list() -> None:
    sample = shop("complete_journey_sample").load(lambda done, total, note="": None)
    assert sample.name == "complete_journey_sample"
    assert len(sample.shoppers) == SAMPLE_HOUSEHOLDS
    assert (sample.shoppers["featured"] >= 0).sum() == 12
