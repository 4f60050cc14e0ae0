"""What the shop's own data say of a test that is planned: read once, when first asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from recsys.artifacts import Artifact
from recsys.errors import BadRequestError
from recsys.evaluation.experiments import own_data
from recsys.evaluation.experiments.own_data import Baseline


class Experiments:
    """Metrics as they are now. Reading what was shown takes a second of a million lines."""

    def __init__(self, shop: str, open_dataset: Callable[[], Artifact]) -> None:
        self._shop, self._open = shop, open_dataset

    @cached_property
    def measured(self) -> tuple[tuple[Baseline, ...], str]:
        """(the metrics that the data tell, why there is none: "" where there are)."""
        try:
            return own_data.baselines(own_data.of_shop(self._shop, self._open())), ""
        except BadRequestError as error:
            return (), error.seen
