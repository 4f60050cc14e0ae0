"""The work of a training: learn, judge on the validation, keep what was learned; stopped at any moment, it goes on."""

from __future__ import annotations

import io
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from recsys.artifacts import storage_errors, write_whole
from recsys.errors import BadRequestError, DataError, ModelError
from recsys.evaluation.accuracy import accuracy
from recsys.evaluation.full_ranking import top_items
from recsys.evaluation.problems import Problem
from recsys.evaluation.protocol import Protocol
from recsys.jobs import uploads
from recsys.progress import Progress
from recsys.recommenders.contract import Recommender
from recsys.recommenders.transformer.recommender import TransformerRecommender
from recsys.training import records
from recsys.training.choices import model_of
from recsys.training.course import RecordedCourse
from recsys.training.records import Data, Epoch, Training

METRICS: Final = ("ndcg@10", "recall@10", "hit@10")
VALUES: Final = "validation.npy"  # (b, 3) float32, a row per visit, a column per metric

Progresses = Callable[[str], Progress]
Problems = Callable[[Data, Protocol], Problem]


def protocol_of(data: Data) -> Protocol:
    """Strict: nothing of the validation or the test is learned from. Baskets repeat, items of sequences do not."""
    sequences = bool(data.interactions)
    return Protocol("sequences" if sequences else "next-basket", "strict", keep_seen=not sequences, cutoffs=(10,))


def work(training: Training, problem_of: Problems, progress_of: Progresses) -> Training:
    """Begin the training or go on with it until it is finished; returns its record.

    Raises BadRequestError when a process works on it already or it is finished, KeyboardInterrupt when told to stop,
    and for what goes wrong DataError, ModelError (a loss that is no number, a checkpoint of another training) or
    StorageError. In each case the record says so, and checkpoints and all other trainings stay as they are.
    """
    with records.only_me(training.path):
        job = _Job(records.find(training.path.parent, training.id))
        try:
            with job.recorded():
                job.run(problem_of, progress_of)
        except MemoryError as error:
            raise ModelError(
                "there is not enough memory for this training",
                remedy="choose a smaller dimension, or close other programs",
            ) from error
        return job.training


class _Job(RecordedCourse):
    """A training in this process's hands."""

    def __init__(self, training: Training) -> None:
        if training.done:
            raise BadRequestError(
                f"training {training.id} is {training.state} already",
                allowed="one to go on with",
                remedy="start another one: `python -m recsys train --help`",
            )
        super().__init__(training)

    def run(self, problem_of: Problems, progress_of: Progresses) -> None:
        data = self.training.data
        problem = problem_of(data, protocol_of(data))
        model = model_of(self.training.model)
        if not model.suits(problem):
            raise DataError(
                f"{data.words} has no {' and no '.join(sorted(model.needs))}, which {model.name} needs",
                remedy="choose other data or another recommender",
            )
        self._change(source=problem.source, protocol=rules(problem, self.training.model))
        recommender = model.make(self.training.settings, self.training.seed)
        self._fit(recommender, problem, progress_of("Learning"))
        values = judge(recommender, problem, progress_of("Judging"))
        self._keep(recommender, values)

    def _fit(self, recommender: Recommender, problem: Problem, progress: Progress) -> None:
        learned_from, side = problem.split.for_choosing, problem.side
        if isinstance(recommender, TransformerRecommender):
            recommender.fit(
                learned_from, side, progress, on_epoch=self._epoch, checkpoints=self.training.path / records.CHECKPOINTS
            )
        else:
            recommender.fit(learned_from, side, progress)
        progress(1, 1, "done")

    def _epoch(self, number: int, planned: int, loss: float, ndcg: float, seconds: float) -> None:
        # a training that lost its checkpoints runs through epochs again that its record has already
        earlier = tuple(epoch for epoch in self.training.epochs if epoch.number < number)
        new = Epoch(number, planned, records.finite(loss), records.finite(ndcg), seconds)
        self._change(epochs=(*earlier, new), worked=self._worked())

    def _keep(self, recommender: Recommender, values: pd.DataFrame) -> None:
        """The model is there whole before the record says so, and its checkpoints go after that."""
        path = self.training.path
        temporary, model = path / f".{records.MODEL}.tmp", path / records.MODEL
        with storage_errors(path):
            shutil.rmtree(temporary, ignore_errors=True)  # left by a kill
            try:
                recommender.save(temporary)
                write_whole(path / VALUES, _as_npy(values))
                shutil.rmtree(model, ignore_errors=True)
                temporary.replace(model)
            finally:
                shutil.rmtree(temporary, ignore_errors=True)
        metrics = {name: float(mean) for name, mean in values.mean().items()}
        self._change(state=records.FINISHED, metrics=metrics, worked=self._worked(), ended=time.time())
        shutil.rmtree(path / records.CHECKPOINTS, ignore_errors=True)
        uploads.remove(path)


def judge(recommender: Recommender, problem: Problem, progress: Progress) -> pd.DataFrame:
    """(b, METRICS) of the validation visits, full ranking over all items."""
    task = problem.split.validation
    top = top_items(recommender, task.visits, 10, keep_seen=problem.protocol.keep_seen, progress=progress)
    return accuracy(top, task.relevant, [10])[list(METRICS)]


def rules(problem: Problem, model: str) -> dict[str, str]:
    """The protocol in plain words, with the figures of the data."""
    split, files = problem.split, problem.protocol.name == "sequences"
    unit = "item" if files else "basket"
    asked, n_items = len(split.validation.visits), split.for_choosing.n_items
    learned_from = f"{len(split.for_choosing.items):,} purchases of {len(split.for_choosing):,} shoppers"
    said = {
        "learned from": f"everything before each shopper's last two {unit}s; the whole history of those with fewer "
        f"than three ({learned_from})",
        "judged on": f"the last {unit} but one of {asked:,} shoppers, which it has not seen (validation)",
        "not touched": f"each shopper's last {unit}: it is the leaderboard's test",
        "ranking": f"all {n_items:,} items, no sampled negatives; items bought before are "
        + ("ranked like the others" if problem.protocol.keep_seen else "left out"),
    }
    if model == TransformerRecommender.name:
        said["watched while training"] = (
            f"shoppers drawn by seed, at most as many as the setting “watched” says, whose last training {unit} is "
            "kept back from learning; training stops when their nDCG@10 rises no more"
        )
    return said


def _as_npy(values: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, values.to_numpy(np.float32), allow_pickle=False)
    return buffer.getvalue()


def values(path: Path) -> pd.DataFrame | None:
    """(b, METRICS) per validation visit as a finished training left them; None where they cannot be read."""
    try:
        found = np.load(path / VALUES, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    fits = found.ndim == 2 and found.shape[1] == len(METRICS)
    return pd.DataFrame(found, columns=list(METRICS)) if fits else None
