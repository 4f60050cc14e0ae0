"""The data sets ShelfLens knows, by name."""

from __future__ import annotations

from functools import partial
from typing import Final

from recsys.datasets import complete_journey
from recsys.datasets.contract import DatasetSource
from recsys.errors import SettingsError

SAMPLE_HOUSEHOLDS: Final = 300  # enough for every page to have something to show, prepared in seconds

DATASETS: Final[dict[str, DatasetSource]] = {
    "complete_journey": DatasetSource(
        name="complete_journey",
        title="The Complete Journey",
        description="A year of real grocery purchases of 2,469 households, 2017",
        licence=complete_journey.LICENCE,
        load=complete_journey.load,
        version=complete_journey.version,
    ),
    "complete_journey_sample": DatasetSource(
        name="complete_journey_sample",
        title="The Complete Journey, sample",
        description=f"The same source, {SAMPLE_HOUSEHOLDS} households; quick to prepare",
        licence=complete_journey.LICENCE,
        load=partial(complete_journey.load, households=SAMPLE_HOUSEHOLDS),
        version=partial(complete_journey.version, SAMPLE_HOUSEHOLDS),
    ),
}


def dataset_source(name: str) -> DatasetSource:
    """The data set of that name. Raises SettingsError listing the names there are."""
    if name not in DATASETS:
        raise SettingsError(
            f"there is no data set named {name[:60]!r}",
            allowed=", ".join(DATASETS),
            remedy="set SHELFLENS_DATASET to one of these",
        )
    return DATASETS[name]
