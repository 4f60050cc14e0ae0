"""Evaluations that are shown only where everything in them can be: what is damaged is passed over for what is sound."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from recsys.evaluation.built_in import COMMITTED
from recsys.evaluation.kept_reports import KeptReport, kept_reports
from recsys.shops import registry

_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class ReportKind:
    """How the reports of one command are known."""

    pattern: str  # of their files
    needed: Set[str]
    filled: str  # of what is needed, that which is not empty
    is_sound: Callable[[Mapping[str, Any]], bool]

    def first_of(self, shops: Sequence[str], own: Sequence[Path]) -> list[KeptReport]:
        """Those of the first shop that has sound ones; "" is no shop, for files.

        What lies in `own` folders stands before what came along.
        """
        for shop in shops:
            for folder in (*own, COMMITTED):
                found = kept_reports(shop, (folder,), self.pattern, self.needed, self.filled)
                if sound := [each for each in found if each.shop == shop and self.is_sound(each.report)]:
                    return sound
        return []


def then_simulated(shop: str) -> list[str]:
    """A shop, and after it those that are simulated: in a real one nobody answers and nobody knows the truth."""
    return [shop, *(each.name for each in registry.shops() if each.crowd is not None and each.name != shop)]


def then_all(shop: str) -> list[str]:
    """A shop, and after it all others."""
    return [shop, *(each.name for each in registry.shops() if each.name != shop)]


def conforms(model: type[_Model], report: Mapping[str, Any]) -> _Model | None:
    """The report as its model reads it; nothing where something is missing or a figure is no finite number."""
    try:
        return model.model_validate(report)
    except ValidationError:
        return None
