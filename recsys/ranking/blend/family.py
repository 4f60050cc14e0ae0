"""What every family of features can do: learn from the training data, then describe candidates."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Self

from recsys.datasets.interactions import Interactions
from recsys.ranking.blend.table import Choices, Column
from recsys.recommenders import fitted_arrays
from recsys.recommenders.contract import SideInformation, Visits
from recsys.recommenders.fitted_arrays import Learned, Part
from recsys.schema import Floats


class Family:
    """Features that are computed together. What it learned are arrays, saved as recommenders save theirs."""

    name: ClassVar[str] = ""
    stored: ClassVar[Mapping[str, Part]] = {}
    columns: ClassVar[tuple[Column, ...]] = ()

    def __init__(self) -> None:
        self.learned: Learned = {}

    @staticmethod
    def fits(training: Interactions, side: SideInformation) -> bool:
        """Whether the data has what these features are made of."""
        return True

    def fit(self, training: Interactions, side: SideInformation) -> Self:
        """Learn what the features need from the training histories; returns itself."""
        raise NotImplementedError

    def values(self, visits: Visits, choices: Choices) -> Floats:
        """(m, f): the features of every candidate, in the order of `columns`."""
        raise NotImplementedError

    def save(self, folder: Path) -> None:
        """Write what was learned to an empty folder."""
        fitted_arrays.save(folder, self.name, {}, self.learned)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The family as it was saved. Raises ArtifactError when the files are not what they should be."""
        family = cls()
        _, family.learned = fitted_arrays.load(folder, cls.name, cls.stored)
        return family
