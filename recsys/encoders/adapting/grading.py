"""An encoder that learns to grade texts: its weights and a head over its vector move together.

The head has a threshold between each two grades, "more than 1", "more than 2" and so on, each a logistic regression
over the vector: Cheng, Wang and Pollastri, "A neural network approach to ordinal regression", 2008. Sentiment alone is
one threshold. Rare grades are drawn more often than they stand (`EVEN`): most steps would see the frequent one alone.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from recsys.artifacts import storage_errors, write_array
from recsys.encoders import weights
from recsys.encoders.adapting.learning import corrected, warm_up
from recsys.encoders.adapting.network import THREADS, Network
from recsys.encoders.adapting.settings import Adapting
from recsys.encoders.compressing.folders import copy_small, write_arrays
from recsys.encoders.torch_encoder import TorchTextEncoder, native_bfloat16
from recsys.encoders.weights import WEIGHTS, ModelFiles
from recsys.errors import ModelError
from recsys.progress import Progress, silent
from recsys.schema import Floats, Rows

EVEN: Final = 0.5  # a text is drawn with weight (texts of its grade) ** -EVEN: 0 as they stand, 1 all grades alike
HEAD_RATE: Final = 1e-3  # of the head, which begins at nothing
POOL: Final = 16  # steps whose texts are drawn together and dealt by length: fewer idle places
HEAD, BIAS = "head.npy", "bias.npy"
Above = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Course:
    """What a learning took: corrections made, seconds, processor seconds of all threads, the mean loss of its end."""

    steps: int
    seconds: float
    processor_seconds: float
    loss: float


@dataclass(frozen=True, slots=True, eq=False)
class Grader:
    """An encoder with a head: `head` (d, c) and `bias` (c,) of the unit vectors of texts."""

    encoder: TorchTextEncoder
    head: Floats
    bias: Floats

    def scores(self, texts: Sequence[str], progress: Progress = silent, threads: int | None = None) -> Floats:
        """(n, c) log-odds that a text lies above each threshold; by so many threads, None: as many as torch takes."""
        with at_most(threads):
            vectors = self.encoder.encode(texts, progress)
        return np.asarray(vectors @ self.head + self.bias, np.float32)

    @classmethod
    def load(cls, folder: Path) -> Grader:
        """One that was saved. Raises ModelError where a file is missing or damaged."""
        model = weights.locate(str(folder))
        try:
            head, bias = (np.load(folder / name, allow_pickle=False) for name in (HEAD, BIAS))
        except (OSError, ValueError) as error:
            raise ModelError(f"the head of {folder.name} cannot be read", remedy="adapt it again") from error
        encoder = TorchTextEncoder(model)
        if bias.ndim != 1 or head.shape != (encoder.dimension, len(bias)) or not np.isfinite(head.sum() + bias.sum()):
            raise ModelError(f"the head of {folder.name} does not fit its encoder", remedy="adapt it again")
        return cls(encoder, head, bias)


@contextmanager
def at_most(threads: int | None) -> Iterator[None]:
    """Torch takes so many threads while this lasts."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(min(threads or before, before))
    try:
        yield
    finally:
        torch.set_num_threads(before)


class Grades:
    """The network with its head while it learns."""

    def __init__(self, model: ModelFiles, way: str, settings: Adapting, above: Above) -> None:
        import torch

        self.network, self.settings = Network(model, way, settings), settings
        self.network.network.set_attn_implementation("eager")  # on a processor a third quicker than the fused one
        for name in [name for name in self.network.moving if "embeddings" in name]:
            self.network.moving.pop(name).requires_grad_(False)  # half of all weights: few reviews would move few words
        share = np.clip(above.mean(axis=0), 0.001, 0.999)
        self.head = torch.nn.Linear(weights.recipe(model).dimension, above.shape[1]).to(self.network.device)
        with torch.no_grad():
            self.head.weight.zero_()
            self.head.bias.copy_(torch.from_numpy(np.log(share / (1 - share)).astype(np.float32)))
        self._half = native_bfloat16()  # elsewhere it would only be emulated
        self._model = model

    def odds(self, texts: Sequence[str]) -> Any:
        """(b, c) log-odds as a tensor that remembers how it came about."""
        import torch

        with torch.autocast(self.network.device, torch.bfloat16, enabled=self._half):
            vectors = self.network.vectors(texts)
        return self.head(self.settings.scale * vectors.float())

    def unknown(self, texts: Sequence[str]) -> float:
        """The share of the texts' pieces that the tokenizer has no number for; 0 for one that knows every byte."""
        nothing = self.network.tokens.token_to_id("[UNK]")
        ids, shown = self.network.read(texts)
        return 0.0 if nothing is None else float((ids[shown > 0] == nothing).mean())

    def save(self, folder: Path) -> None:
        """Write the encoder, what was learned merged in, and its head. Raises StorageError."""
        copy_small(self._model, folder)
        with storage_errors(folder):
            write_arrays(folder / WEIGHTS, self.network.merged())
            scaled = self.settings.scale * self.head.weight.detach().cpu().numpy().T
            write_array(folder / HEAD, np.ascontiguousarray(scaled, np.float32))
            write_array(folder / BIAS, self.head.bias.detach().cpu().numpy().astype(np.float32))


def learn_grades(grades: Grades, texts: Sequence[str], above: Above, progress: Progress = silent) -> Course:
    """Learn until the steps or the minutes are over; `above` (n, c) says which thresholds each text lies above.

    Raises ModelError when the loss is no number, KeyboardInterrupt when told to stop.
    """
    import torch

    settings = grades.settings
    torch.set_num_threads(min(THREADS, torch.get_num_threads()))
    groups = [*grades.network.groups(settings.learning_rate), {"params": grades.head.parameters(), "height": HEAD_RATE}]
    adam = torch.optim.AdamW(groups, weight_decay=0.01)
    moving = [*grades.network.moving.values(), *grades.head.parameters()]
    grades.network.network.train(False)  # nothing drops out: two rounds at most are too few to learn by heart
    clock, processor = time.perf_counter(), time.process_time()
    losses, done = list[float](), 0.0
    while len(losses) < settings.steps and done < 1:
        number = len(losses)
        rows = dealt(texts, above, settings, number)
        warm_up(adam, number, settings.steps)
        for group in adam.param_groups:
            group["lr"] *= min(1.0, 1.1 * (1 - done))  # falls to nothing by the end, whatever ends it
        wanted = torch.from_numpy(above[rows].astype(np.float32)).to(grades.network.device)
        loss = torch.nn.functional.binary_cross_entropy_with_logits(grades.odds([texts[row] for row in rows]), wanted)
        losses.append(corrected(adam, loss, moving, number))
        done = max(len(losses) / settings.steps, (time.perf_counter() - clock) / (60 * settings.minutes))
        progress(round(1000 * min(done, 1.0)), 1000, f"step {len(losses):,} of {settings.steps:,} at most")
    return Course(
        len(losses), time.perf_counter() - clock, time.process_time() - processor, float(np.mean(losses[-POOL:]))
    )


def dealt(texts: Sequence[str], above: Above, settings: Adapting, number: int) -> Rows:
    """The texts of a step, which follow from the seed and its number alone: of one length, rare grades oftener."""
    size = settings.pairs_per_step
    chance = np.random.default_rng((settings.seed, number // POOL))
    grade = above.sum(axis=1)
    weight = np.bincount(grade)[grade] ** -EVEN
    drawn = chance.choice(len(texts), POOL * size, replace=len(texts) < 2 * POOL * size, p=weight / weight.sum())
    drawn = drawn[np.argsort([len(texts[row]) for row in drawn], kind="stable")].reshape(POOL, size)
    return np.asarray(drawn[chance.permutation(POOL)[number % POOL]], np.int32)
