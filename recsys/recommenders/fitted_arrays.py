"""What a recommender has learned as arrays: on disk as .npy files beside one settings.json, checked when read back."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, ClassVar, Final, Self

import numpy as np
import numpy.typing as npt
from scipy import sparse

from recsys.artifacts import storage_errors, write_array, write_whole
from recsys.datasets.interactions import Interactions
from recsys.errors import ArtifactError, DataError, ModelError, SettingsError
from recsys.progress import Progress, silent
from recsys.recommenders.contract import SideInformation, Visits
from recsys.schema import Floats

FORMAT: Final = 1
SETTINGS: Final = "settings.json"
AGAIN: Final = "fit the recommender again and save it to an empty folder"
WHOLE: Final = ("int32", "int64")
ITEMS: Final = "items"  # the dimension that every recommender has

Learned = dict[str, Any]  # name -> numpy array or csr_array


@dataclass(frozen=True, slots=True)
class Part:
    """One learned array: its dimensions by name (what has the same name has the same size) and its type."""

    dimensions: tuple[str, ...]
    dtype: str = "float32"
    sparse: bool = False  # csr, as three files


def setting(default: float, low: float, high: float) -> Any:
    """A field of a recommender: a number, whole if the default is, from `low` to `high`."""
    return field(default=default, metadata={"low": low, "high": high})


def save(folder: Path, name: str, settings: Mapping[str, Any], learned: Learned) -> None:
    """Write `<part>.npy`, or `<part>.data.npy`, `.indices.npy` and `.indptr.npy` if sparse, and settings.json.

    Raises StorageError when the folder cannot be written; what was saved there before is then as it was.
    """
    shapes = {part: list(value.shape) for part, value in learned.items()}
    facts = {"format": FORMAT, "recommender": name, "settings": dict(settings), "shapes": shapes}
    with written_whole(folder, SETTINGS) as temporary:
        for part, value in learned.items():
            for file, array in _files(part, value):
                write_array(temporary / file, array)
        write_whole(temporary / SETTINGS, json.dumps(facts, indent=1).encode())


@contextmanager
def written_whole(folder: Path, facts: str) -> Iterator[Path]:
    """A folder to write to, whose files take their places in `folder` once all of them are written.

    The file named `facts`, without which the others are not read, goes first and comes last: after a kill there is the
    old content, the new, or none that can be read. Raises StorageError; where there was no room all is as it was.
    """
    temporary = folder / f".{os.getpid()}.tmp"
    with storage_errors(folder):
        shutil.rmtree(temporary, ignore_errors=True)  # left by a kill, of a process that had our number
        try:
            temporary.mkdir(parents=True)
            yield temporary
            written = [file.relative_to(temporary) for file in temporary.rglob("*") if file.is_file()]
            (folder / facts).unlink(missing_ok=True)
            for file in sorted(written, key=lambda each: each == Path(facts)):
                (folder / file).parent.mkdir(parents=True, exist_ok=True)
                (temporary / file).replace(folder / file)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)


def _files(part: str, value: Any) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    if sparse.issparse(value):
        yield from ((f"{part}.{piece}.npy", getattr(value, piece)) for piece in ("data", "indices", "indptr"))
    else:
        yield f"{part}.npy", value


def load(folder: Path, name: str, parts: Mapping[str, Part]) -> tuple[dict[str, Any], Learned]:
    """(settings, learned arrays, memory-mapped) as `save` wrote them.

    Raises ArtifactError when a file is missing, cut off or of another type or shape than `parts` and settings.json say.
    """
    facts = _facts(folder, name)
    if set(facts["shapes"]) != set(parts):
        raise _wrong(folder, f"the parts {sorted(facts['shapes'])}", f"{sorted(parts)}")
    learned = {part: _part(folder, part, spec, tuple(facts["shapes"][part])) for part, spec in parts.items()}
    sizes: dict[str, int] = {}
    for part, spec in parts.items():
        for dimension, size in zip(spec.dimensions, learned[part].shape, strict=True):
            if sizes.setdefault(dimension, size) != size:
                raise _wrong(folder, f"{size} {dimension} in {part}", f"{sizes[dimension]}, as in its other parts")
    return facts["settings"], learned


def _facts(folder: Path, name: str) -> dict[str, Any]:
    try:
        facts = json.loads((folder / SETTINGS).read_text(encoding="utf-8"))
        found = facts["format"], facts["recommender"]
        plain = isinstance(facts["settings"], dict) and all(isinstance(s, list) for s in facts["shapes"].values())
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _wrong(folder, f"no readable {SETTINGS} ({type(error).__name__})") from error
    if found != (FORMAT, name) or not plain:
        raise _wrong(folder, f"recommender {found[1]!r} in format {found[0]!r}", f"{name!r} in format {FORMAT}")
    return dict(facts)


def _part(folder: Path, part: str, spec: Part, shape: tuple[int, ...]) -> Any:
    if not spec.sparse:
        value: Any = _array(folder, f"{part}.npy", (spec.dtype,))
    else:
        data = _array(folder, f"{part}.data.npy", (spec.dtype,))
        places = [_array(folder, f"{part}.{piece}.npy", WHOLE) for piece in ("indices", "indptr")]
        try:
            value = sparse.csr_array((data, *places), shape=shape)
            value.check_format(full_check=True)  # an index beyond the end would read foreign memory
        except (ValueError, TypeError) as error:
            raise _wrong(folder, f"a damaged {part}: {str(error)[:80]}") from error
    if value.shape != shape or len(shape) != len(spec.dimensions):
        raise _wrong(folder, f"{part} of shape {value.shape}", f"{shape}: {' x '.join(spec.dimensions)}")
    return value


def _array(folder: Path, file: str, dtypes: tuple[str, ...]) -> npt.NDArray[Any]:
    try:
        array: npt.NDArray[Any] = np.load(folder / file, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise _wrong(folder, f"no readable {file} ({str(error)[:80]})") from error
    if array.dtype.name not in dtypes:
        raise _wrong(folder, f"{file} of {array.dtype}", " or ".join(dtypes))
    return array


def _wrong(folder: Path, seen: str, allowed: str = "") -> ArtifactError:
    return ArtifactError(f"{folder} has {seen}", allowed=allowed, remedy=AGAIN)


@dataclass(frozen=True, eq=False)
class ArrayRecommender:
    """A recommender whose settings are its fields and whose knowledge is the arrays that `parts` lists.

    A subclass sets `name`, `label` and `parts` and gives `_learn` and `_scores`; `Recommender` says what is promised.
    """

    name = ""
    label = ""
    parts: ClassVar[Mapping[str, Part]] = {}

    learned: Learned = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        """Raises SettingsError when a setting is outside its range."""
        for each in fields(self):
            if "low" in each.metadata:
                _check_range(self.name, each.name, getattr(self, each.name), each.default, each.metadata)

    def _learn(self, training: Interactions, side: SideInformation, progress: Progress) -> Learned:
        """Every part of `parts`, from the training histories."""
        raise NotImplementedError

    def _scores(self, visits: Visits) -> Floats:
        """(b, n_items), the larger the better."""
        raise NotImplementedError

    def fit(self, training: Interactions, side: SideInformation, progress: Progress = silent) -> Self:
        """Learn from the training histories; returns itself. Raises DataError when there is nothing to learn from."""
        if len(training.items) == 0:
            raise DataError(
                f"{self.label} got {len(training):,} histories, all empty",
                allowed="at least one entry",
                remedy="give more history to learn from",
            )
        learned = self._learn(training, side, progress)
        self.learned.clear()
        self.learned.update(learned)
        return self

    def score(self, visits: Visits) -> Floats:
        """(b, n_items) float32, finite. Raises ModelError before `fit`, DataError for another catalogue."""
        asked, known = visits.histories.n_items, self.n_items
        if asked != known:
            raise DataError(
                f"the visits know {asked:,} items, {self.label} learned from {known:,}",
                remedy="fit it on the catalogue of the visits",
            )
        return np.ascontiguousarray(self._scores(visits), np.float32)

    @property
    def n_items(self) -> int:
        """How many items were learned from. Raises ModelError before `fit`."""
        for part, spec in self.parts.items():
            if ITEMS in spec.dimensions and part in self.learned:
                return int(self.learned[part].shape[spec.dimensions.index(ITEMS)])
        raise ModelError(f"{self.label} has learned nothing yet", remedy="call fit, or load a fitted one")

    def settings(self) -> dict[str, Any]:
        """The settings in force, as plain data."""
        return {each.name: getattr(self, each.name) for each in fields(self) if each.init}

    def save(self, folder: Path) -> None:
        """Write all that `load` needs to a folder of its own. Raises ModelError before `fit`; StorageError."""
        if self.n_items:
            save(folder, self.name, self.settings(), self.learned)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The fitted recommender as it was saved. Raises ArtifactError when the files are not what they should be."""
        settings, learned = load(folder, cls.name, cls.parts)
        try:
            fitted = cls(**settings)
        except (TypeError, SettingsError) as error:
            raise _wrong(folder, f"settings that cannot be: {str(error)[:160]}") from error
        fitted.learned.update(learned)
        return fitted


def _check_range(recommender: str, name: str, value: Any, default: Any, limits: Mapping[str, Any]) -> None:
    kind = (int,) if isinstance(default, int) else (int, float)
    if isinstance(value, bool) or not isinstance(value, kind) or not limits["low"] <= value <= limits["high"]:
        raise SettingsError(
            f"{recommender} got {name}={value!r}",
            allowed=f"{limits['low']} to {limits['high']}",
            remedy=f"the default is {default}",
        )
