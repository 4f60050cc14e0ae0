"""Which recommenders can be trained, by which settings, and what a person may choose for each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final, cast

from recsys.errors import BadRequestError, DataError, SettingsError
from recsys.ranking.models import MODELS, Model
from recsys.training.records import Data

SEED: Final = "seed"
_NUMBER: Final = re.compile(r"[+-]?([0-9]{1,18}(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")


@dataclass(frozen=True, slots=True)
class Setting:
    """A number that a recommender is trained by, `low` to `high`; whole when the default is."""

    name: str
    default: float
    low: float
    high: float

    @property
    def whole(self) -> bool:
        """Whether it is a whole number."""
        return isinstance(self.default, int)

    @property
    def allowed(self) -> str:
        """The range in words."""
        return f"{'a whole number from ' if self.whole else ''}{self.low:,g} to {self.high:,g}"


def trainable() -> dict[str, Model]:
    """The recommenders that learn from histories alone. The blend is left out: it learns from the validation."""
    return {name: model for name, model in MODELS.items() if model.make_blend is None}


def model_of(name: str) -> Model:
    """The recommender of that name. Raises BadRequestError naming those that can be trained."""
    known = trainable()
    if name not in known:
        blend = name in MODELS
        seen = f"{name} learns from other recommenders" if blend else f"there is no recommender {name[:40]!r}"
        remedy = "compare it by `python -m recsys evaluate`" if blend else "pick one of them"
        raise BadRequestError(seen, allowed=", ".join(known), remedy=remedy)
    return known[name]


def settings_of(model: str) -> list[Setting]:
    """What may be set, in the order of the recommender's own fields; the seed is asked for apart."""
    made = cast("Any", model_of(model).make({}, 0))  # every recommender is a dataclass of its settings
    return [
        Setting(each.name, cast("float", each.default), each.metadata["low"], each.metadata["high"])
        for each in fields(made)
        if each.init and "low" in each.metadata and each.name != SEED
    ]


def checked(model: str, given: Mapping[str, float], seed: int) -> dict[str, Any]:
    """All settings in force, those not given at their defaults.

    Raises BadRequestError for a setting there is none of, SettingsError for a value out of range.
    """
    known = {setting.name: setting for setting in settings_of(model)}
    for name, value in given.items():
        if name not in known:
            raise BadRequestError(
                f"{model} has no setting {name[:40]!r}",
                allowed=", ".join(known) or "none",
                remedy="see `python -m recsys train --list-models`",
            )
        _check(model, known[name], value)
    if isinstance(seed, bool) or not 0 <= seed < 2**31:
        raise SettingsError(f"seed={seed}", allowed="a whole number from 0 to 2147483647", remedy="the default is 0")
    return model_of(model).make(dict(given), seed).settings()


def _check(model: str, setting: Setting, value: float) -> None:
    if (setting.whole and not isinstance(value, int)) or not setting.low <= value <= setting.high:
        raise SettingsError(
            f"{model} got {setting.name}={value!r}",
            allowed=setting.allowed,
            remedy=f"the default is {setting.default:g}",
        )


def read_settings(model: str, texts: Sequence[str]) -> dict[str, float]:
    """Numbers from `name=value` as a person types them. Raises BadRequestError for what is no number or no setting."""
    known = {setting.name: setting for setting in settings_of(model)}
    found: dict[str, float] = {}
    for text in texts:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not equals or name not in known:
            raise BadRequestError(
                f"--set {text[:60]!r} names no setting of {model}",
                allowed=", ".join(known) or "none",
                remedy="write name=value; see `python -m recsys train --list-models`",
            )
        if not _NUMBER.fullmatch(value):
            raise BadRequestError(
                f"{name}={value[:40]!r} is no number",
                allowed=known[name].allowed,
                remedy=f"the default is {known[name].default:g}",
            )
        found[name] = int(value) if re.fullmatch(r"[+-]?[0-9]+", value) else float(value)
    return found


def checked_data(data: Data) -> Data:
    """The same with whole paths. Raises DataError when a file is not there, BadRequestError when none is named."""
    if data.attributes and not data.interactions:
        raise BadRequestError(
            "attributes without interactions",
            allowed="a file of sequences, attributes besides",
            remedy="give --interactions FILE too",
        )
    paths = {
        name: Path(text).expanduser()
        for name, text in (("interactions", data.interactions), ("attributes", data.attributes))
        if text
    }
    for path in paths.values():
        if not path.is_file():
            raise DataError(f"there is no file {path}", remedy="check the path")
    return Data(data.dataset, **{name: str(path.resolve()) for name, path in paths.items()}) if paths else data
