"""Runs that were kept: one folder each, written whole, listed newest first."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from recsys.artifacts import fingerprint, remove_leftovers, storage_errors, write_array, write_whole
from recsys.errors import ArtifactError, BadRequestError
from recsys.evaluation.results import Evaluation
from recsys.schema import Rows

FORMAT: Final = 1
REPORT: Final = "report.json"
ITEMS: Final = "items.parquet"
OWNER: Final = "owner.txt"
_RUN: Final = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9a-f]{8}")
_NO_RUN: Final = "start the run again: `python -m recsys evaluate --help`"


@dataclass(frozen=True, slots=True)
class KeptRun:
    """A run on disk. Its report is read already; figures per shopper are read when asked for.

    One that is built in came with the project and has its report alone: asked for more, it raises ArtifactError.
    """

    id: str
    path: Path
    report: dict[str, Any]
    built_in: bool = False
    owner: str = ""  # who may remove it on a server for many; "" for who runs the server

    @property
    def shop(self) -> str:
        """The shop on whose data it was; "" for a file of sequences, which belongs to none."""
        return str(self.report["source"].get("dataset") or "")

    def shoppers(self) -> pd.DataFrame:
        """(b, ...) shopper id, slices and items taken of each visit. Raises ArtifactError when it cannot be read."""
        return _table(self.path / "shoppers.parquet")

    def values(self, model: str) -> pd.DataFrame:
        """(b, metrics) of one model, per visit. Raises ArtifactError when it cannot be read."""
        return _table(self.path / f"{self._known(model)}.values.parquet")

    def top(self, model: str) -> Rows:
        """(b, k) rows of the items the model listed for each visit. Raises ArtifactError when it cannot be read."""
        path = self.path / f"{self._known(model)}.top.npy"
        try:
            return np.asarray(np.load(path, allow_pickle=False), np.int32)
        except (OSError, ValueError, EOFError) as error:
            raise ArtifactError(f"{path.name} cannot be read: {str(error)[:120]}", remedy=_NO_RUN) from error

    def item_ids(self) -> tuple[str, ...]:
        """The source's ids of all items, by row; empty where they have other names, or the run has not kept them."""
        path = self.path / ITEMS
        return tuple(_table(path)["id"].tolist()) if path.is_file() else ()

    def _known(self, model: str) -> str:
        names = [each["name"] for each in self.report["models"]]
        if model not in names:
            raise BadRequestError(
                f"run {self.id} has no model {model[:40]!r}", allowed=", ".join(names), remedy="pick one of them"
            )
        return model


def keep(evaluation: Evaluation, root: Path, owner: str = "") -> KeptRun:
    """Write a run to its own folder below `root`. Raises StorageError; what was written before stays."""
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime())
    run_id = f"{stamp}-{fingerprint(evaluation.report)[:8]}"
    temporary, path = root / f".{run_id}.tmp", root / run_id
    report = evaluation.report | {"format": FORMAT, "run": run_id}
    with storage_errors(root):
        remove_leftovers(root)
        try:
            temporary.mkdir(parents=True)
            evaluation.shoppers.to_parquet(temporary / "shoppers.parquet", index=False)
            for model, values in evaluation.values.items():
                values.astype(np.float32).to_parquet(temporary / f"{model}.values.parquet", index=False)
                write_array(temporary / f"{model}.top.npy", evaluation.top[model])
            if evaluation.item_ids:
                pd.DataFrame({"id": list(evaluation.item_ids)}).to_parquet(temporary / ITEMS, index=False)
            if owner:
                (temporary / OWNER).write_text(owner, encoding="ascii")
            write_whole(temporary / REPORT, json.dumps(report, ensure_ascii=False, indent=1).encode())
            temporary.replace(path)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    return KeptRun(run_id, path, report, owner=owner)


def kept(root: Path) -> Iterator[KeptRun]:
    """The runs below `root`, newest first; folders without a readable report are passed over."""
    if not root.is_dir():
        return
    for path in sorted((p for p in root.iterdir() if _RUN.fullmatch(p.name)), reverse=True):
        try:
            yield find(root, path.name)
        except ArtifactError:
            continue


def find(root: Path, run_id: str) -> KeptRun:
    """One run by its id. Raises BadRequestError for what is no id, ArtifactError when it cannot be read."""
    if not is_run(run_id):
        raise BadRequestError(
            f"{run_id[:40]!r} is no run",
            allowed="an id such as 20170131-120000-0a1b2c3d",
            remedy="pick a run from the list",
        )
    try:
        report = json.loads((root / run_id / REPORT).read_text(encoding="utf-8"))
        if report["format"] != FORMAT:
            raise ArtifactError(f"run {run_id} is of format {report['format']!r}", allowed=str(FORMAT), remedy=_NO_RUN)
        return KeptRun(run_id, root / run_id, report, owner=_owner(root / run_id))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ArtifactError(f"run {run_id} cannot be read", remedy=_NO_RUN) from error


def _owner(path: Path) -> str:
    file = path / OWNER
    return file.read_text(encoding="ascii")[:64] if file.is_file() else ""


def is_run(run_id: str) -> bool:
    """Whether this is how a run is called."""
    return _RUN.fullmatch(run_id) is not None


def remove(root: Path, run_id: str) -> None:
    """Delete a run. Raises BadRequestError for what is no id."""
    run = find(root, run_id)
    with storage_errors(root):
        doomed = root / f".{run.id}.tmp"
        run.path.replace(doomed)  # gone at once, whatever happens while the files are deleted
        shutil.rmtree(doomed, ignore_errors=True)


def _table(path: Path) -> pd.DataFrame:
    try:
        return pd.read_parquet(path)
    except (OSError, ValueError, KeyError) as error:  # pyarrow's errors derive from these
        raise ArtifactError(f"{path.name} cannot be read: {str(error)[:120]}", remedy=_NO_RUN) from error
