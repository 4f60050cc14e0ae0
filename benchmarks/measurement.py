"""The shapes that every benchmark shares: what was measured, and the bars it is held against."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from recsys.settings import Settings

if TYPE_CHECKING:
    from recsys.engine import Engine

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Bar:
    """A limit that was set before the measuring, and what came out."""

    what: str
    limit: float
    unit: str
    measured: float
    at_least: bool = False  # the measured value may not be below the limit; otherwise not above

    @property
    def holds(self) -> bool:
        """Whether the measured value is on the right side."""
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit

    def as_json(self) -> dict[str, Any]:
        """Plain data for the results."""
        return {
            "what": self.what,
            "bar": f"{'>=' if self.at_least else '<='} {self.limit:g} {self.unit}".strip(),
            "measured": rounded(self.measured),
            "holds": self.holds,
        }


@dataclass(frozen=True, slots=True)
class Measurement:
    """What one benchmark found.

    `rows` are lines of one table, all with the same keys; a key names its unit (`p95_ms`, `texts_per_second`).
    `skipped` says why nothing, or not everything, was measured.
    """

    name: str
    question: str
    protocol: Sequence[str] = ()
    rows: Sequence[Row] = ()
    bars: Sequence[Bar] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    skipped: Sequence[str] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain data for the results, numbers rounded to four significant digits."""
        return {
            "name": self.name,
            "question": self.question,
            "protocol": list(self.protocol),
            "rows": [{key: rounded(value) for key, value in row.items()} for row in self.rows],
            "bars": [bar.as_json() for bar in self.bars],
            "facts": rounded(dict(self.facts)),
            "skipped": list(self.skipped),
        }


class Workbench:
    """What a benchmark works on: the settings, whether to be quick, and the engine, opened when first asked for."""

    def __init__(self, settings: Settings, *, quick: bool, engine: Engine | None = None) -> None:
        self.settings, self.quick = settings, quick
        self._given = engine

    @cached_property
    def engine(self) -> Engine:
        """The engine over the prepared files, warm. Raises ArtifactError when they are not prepared."""
        from recsys.engine import Engine

        engine = self._given or Engine.open(self.settings)
        engine.warm()
        return engine


@contextmanager
def workbench(settings: Settings, *, quick: bool) -> Iterator[Workbench]:
    """A workbench whose feedback goes to a temporary folder, so that nobody's feedback is read or changed."""
    with TemporaryDirectory(prefix="shelflens-benchmark-") as folder:
        apart = {"state_dir": Path(folder), "feedback_url": ""}
        yield Workbench(settings.model_copy(update=apart), quick=quick)


def rounded(value: Any) -> Any:
    """Floats to four significant digits, in whatever holds them; anything else as it is."""
    if isinstance(value, float):
        return float(f"{value:.4g}")
    if isinstance(value, Mapping):
        return {key: rounded(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(inner) for inner in value]
    return value
