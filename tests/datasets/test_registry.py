from __future__ import annotations

import pytest

from recsys.datasets.registry import DATASETS, SAMPLE_HOUSEHOLDS, dataset_source
from recsys.errors import SettingsError


def test_an_unknown_data_set_lists_those_there_are() -> None:
    with pytest.raises(SettingsError, match=r"'nothing'.*complete_journey, complete_journey_sample"):
        dataset_source("nothing")


def test_each_data_set_is_known_by_its_own_name() -> None:
    assert all(dataset_source(name).name == name for name in DATASETS)
    assert len({source.version() for source in DATASETS.values()}) == len(DATASETS)


def test_the_sample_is_a_few_hundred_households_with_a_short_list() -> None:
    sample = dataset_source("complete_journey_sample").load(lambda done, total, note="": None)
    assert sample.name == "complete_journey_sample"
    assert len(sample.shoppers) == SAMPLE_HOUSEHOLDS
    assert (sample.shoppers["featured"] >= 0).sum() == 12
