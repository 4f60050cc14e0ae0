"""Training the network: one cycle of learning rates, watched on baskets kept back, resumed after a kill."""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor

from recsys.datasets.interactions import Interactions
from recsys.errors import DataError, ModelError, ShelfLensError
from recsys.progress import Progress, silent
from recsys.recommenders.contract import SideInformation
from recsys.recommenders.transformer.batches import GAPS, Baskets, Batch, baskets_of, training_batches
from recsys.recommenders.transformer.checkpoint import Checkpoint, latest, save
from recsys.recommenders.transformer.items import Content, attribute_table, check_catalogue, check_content
from recsys.recommenders.transformer.model import InterestNetwork, Sizes
from recsys.recommenders.transformer.serving import BLOCK_PARTS
from recsys.recommenders.transformer.settings import TransformerSettings
from recsys.recommenders.transformer.softmax import CatalogueSoftmax
from recsys.recommenders.transformer.watching import Watched, keep_back
from recsys.schema import Floats

WARM_UP: Final = 0.1  # of all steps
BETAS: Final = (0.9, 0.98)  # of Adam

OnEpoch = Callable[[int, int, float, float, float], None]  # epoch, of how many, loss, validation nDCG@10, seconds


class TrainingStoppedError(ShelfLensError):
    """The person who started the training stopped it; finished epochs are in the checkpoints, where there are any."""


def unheard(epoch: int, total: int, loss: float, validation_ndcg: float, seconds: float) -> None:
    """An OnEpoch that shows nothing."""


def never() -> bool:
    """Nobody stops the training."""
    return False


@dataclass(frozen=True, slots=True)
class Observer:
    """Who is told, who may stop it, and where checkpoints go."""

    progress: Progress = silent
    on_epoch: OnEpoch = unheard
    should_stop: Callable[[], bool] = never
    checkpoints: Path | None = None


@dataclass(slots=True)
class State:
    """How far a training has come."""

    epoch: int = 0
    steps: int = 0
    best_epoch: int = 0
    best: dict[str, Tensor] = field(default_factory=dict)
    figures: list[list[float]] = field(default_factory=list)  # per epoch: loss, validation nDCG@10, seconds

    def is_better(self, validation: float) -> bool:
        """Whether the epoch just finished is the best; each is where nobody is watched."""
        earlier = [ndcg for _, ndcg, _ in self.figures]
        return not any(ndcg >= validation for ndcg in earlier)


def train(
    training: Interactions, side: SideInformation, settings: TransformerSettings, observer: Observer
) -> dict[str, Floats]:
    """The learned arrays of the best epoch, by the names of `serving.PARTS`.

    Raises DataError when no shopper came twice or the items are others than the histories', ModelError when the loss is
    not finite or a checkpoint does not fit, TrainingStoppedError when asked to stop.
    """
    check_catalogue(side, training.n_items)
    check_content(side, settings)
    with _threads(settings.threads):
        rest, watched = keep_back(training, settings.watched, np.random.default_rng([settings.seed, 0]))
        baskets = baskets_of(rest)
        if not (baskets.lengths > 1).any():
            raise DataError(
                f"none of {len(training):,} shoppers came twice",
                allowed="histories of 2 baskets and more",
                remedy="choose a recommender that needs no order, or give longer histories",
            )
        trainer = Trainer(baskets, side, rest.n_items, settings, observer)
        if observer.checkpoints is not None:
            trainer.resume(observer.checkpoints, identity(training, side, settings))
        return trainer.run(watched)


class Trainer:
    """A network, its optimiser, and what it learns from."""

    def __init__(
        self, baskets: Baskets, side: SideInformation, n_items: int, settings: TransformerSettings, observer: Observer
    ) -> None:
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.softmax = CatalogueSoftmax(torch.bfloat16 if native_bfloat16() else torch.float32)
        self.baskets, self.settings, self.observer = baskets, settings, observer
        self.content = Content(side, n_items, self.device, self.softmax.precision)
        self.network = InterestNetwork(settings, sizes(side, n_items, baskets.dated))
        self.network.initialise(torch.Generator().manual_seed(settings.seed))
        self.network.to(self.device)
        self.optimiser = torch.optim.Adam(self.network.parameters(), lr=settings.learning_rate, betas=BETAS, fused=True)
        self.state = State()
        self._checkpoints: tuple[Path, dict[str, Any]] | None = None

    # --- epochs ---------------------------------------------------------------------------------------------

    def run(self, watched: Watched) -> dict[str, Floats]:
        """Train to the end, or until the validation has not been better for `patience` epochs."""
        state = self.state
        while state.epoch < self.settings.epochs and state.epoch - state.best_epoch < self.settings.patience:
            started = time.perf_counter()
            loss = self._epoch(np.random.default_rng([self.settings.seed, 1 + state.epoch]))
            learned = self.learned()
            if not all(np.isfinite(array).all() for array in learned.values()):
                raise self._diverged("what was learned is not finite", state.steps)  # its gradient was not
            validation = watched.ndcg(learned, self.settings.heads)
            state.epoch += 1
            if state.is_better(validation):
                state.best_epoch, state.best = state.epoch, self._copy()
            seconds = time.perf_counter() - started
            state.figures.append([loss, validation, seconds])
            self._save()
            self.observer.on_epoch(state.epoch, self.settings.epochs, loss, validation, seconds)
        self.network.load_state_dict(state.best)
        return self.learned()

    def _epoch(self, random: np.random.Generator) -> float:
        """One pass over the data in random order; returns the mean loss of a position."""
        # all chance comes from the seed and the number of the epoch: a resumed training draws what it would have drawn
        generator = torch.Generator(self.device).manual_seed(int(random.integers(2**62)))
        self.network.draw_from(generator)
        self.network.train()
        settings, total, positions = self.settings, 0.0, 0
        number, batches = training_batches(self.baskets, settings.max_length, settings.positions_per_step, random)
        note = f"epoch {self.state.epoch + 1} of {settings.epochs}"
        for batch in batches:
            if self.observer.should_stop():
                remedy = "start it again; with checkpoints it goes on from the last epoch"
                raise TrainingStoppedError(f"training was stopped in {note}", remedy=remedy)
            self.observer.progress(self.state.steps, number * settings.epochs, note)
            rows = batch.shape[0] * batch.shape[1]
            total += self._step(batch, number * settings.epochs) * rows
            positions += rows
        self.observer.progress(self.state.steps, number * settings.epochs, f"epoch {self.state.epoch + 1} is done")
        return total / positions

    def _step(self, batch: Batch, total_steps: int) -> float:
        for group in self.optimiser.param_groups:
            group["lr"] = self.settings.learning_rate * one_cycle(self.state.steps / total_steps)
        self.optimiser.zero_grad()
        value = self.network.backward(batch, self.content, self.softmax)
        if not math.isfinite(value):
            raise self._diverged(f"the loss of training is {value}", self.state.steps + 1)
        self.optimiser.step()
        self.state.steps += 1
        return value

    def _diverged(self, seen: str, step: int) -> ModelError:
        remedy = f"lower learning_rate, now {self.settings.learning_rate}; earlier checkpoints are untouched"
        return ModelError(
            f"{seen} in epoch {self.state.epoch + 1}, step {step}", allowed="finite numbers", remedy=remedy
        )

    # --- what was learned -----------------------------------------------------------------------------------

    def _copy(self) -> dict[str, Tensor]:
        return {name: tensor.detach().clone() for name, tensor in self.network.state_dict().items()}

    def learned(self) -> dict[str, Floats]:
        """The network as the arrays that numpy serves."""
        return learned_arrays(self.network, self.content)

    # --- checkpoints ----------------------------------------------------------------------------------------

    def resume(self, folder: Path, own: dict[str, Any]) -> None:
        """Go on from the latest checkpoint in the folder, if there is one, and write new ones there."""
        self._checkpoints = (folder, own)
        shapes = {name: tuple(tensor.shape) for name, tensor in self.network.state_dict().items()}
        found = latest(folder, own, shapes)
        if found is None:
            return
        best = {name: tensor.to(self.device) for name, tensor in found.best.items()}
        self.state = State(found.epoch, found.steps, found.best_epoch, best, found.figures)
        self.network.load_state_dict(found.weights)
        step = torch.tensor(float(found.steps))
        moments = {
            number: {"step": step.clone(), "exp_avg": found.first[name], "exp_avg_sq": found.second[name]}
            for number, (name, _) in enumerate(self.network.named_parameters())
        }
        groups = self.optimiser.state_dict()["param_groups"]
        self.optimiser.load_state_dict({"state": moments, "param_groups": groups})

    def _save(self) -> None:
        if self._checkpoints is None:
            return
        folder, own = self._checkpoints
        moments = {name: self.optimiser.state[parameter] for name, parameter in self.network.named_parameters()}
        first = {name: moment["exp_avg"] for name, moment in moments.items()}
        second = {name: moment["exp_avg_sq"] for name, moment in moments.items()}
        state = self.state
        save(
            folder,
            Checkpoint(
                state.epoch, self._copy(), first, second, state.best, state.best_epoch, state.steps, state.figures
            ),
            own,
        )


def learned_arrays(network: InterestNetwork, content: Content) -> dict[str, Floats]:
    """The arrays of `serving.PARTS`: composed item vectors, and the weights of the blocks stacked by layer."""
    network.eval()
    with torch.no_grad():
        plain = {name: network.get_parameter(name) for name in ("kinds", "positions", "norm.weight", "norm.bias")}
        gaps = network.kinds.new_zeros(GAPS, network.kinds.shape[1]) if network.gaps is None else network.gaps
        stacked = {name: torch.stack([block.get_parameter(name) for block in network.blocks]) for name in BLOCK_PARTS}
        own = {"vectors": network.item_vectors(content), "scale": network.scale[None], "gaps": gaps}
        named = own | plain | stacked
        return {name: tensor.float().cpu().numpy().copy() for name, tensor in named.items()}


def sizes(side: SideInformation, n_items: int, dated: bool) -> Sizes:
    """What the data say about the network's shape."""
    table = attribute_table(side, n_items)
    return Sizes(
        n_items,
        0 if table is None else int(table.shape[1]),
        0 if side.vectors is None else int(side.vectors.shape[1]),
        dated,
    )


def identity(training: Interactions, side: SideInformation, settings: TransformerSettings) -> dict[str, Any]:
    """What two trainings must share for one to go on from the other's checkpoint: settings, shapes and data."""
    digest = hashlib.sha256()
    table = attribute_table(side, training.n_items)
    arrays = [training.indptr, training.items, training.baskets, training.days, side.vectors]
    arrays += [] if table is None else [table.indptr, table.indices]
    for array in arrays:
        digest.update(b"-" if array is None else np.ascontiguousarray(array).tobytes())
    chosen = {each.name: getattr(settings, each.name) for each in fields(TransformerSettings) if each.name != "threads"}
    chosen |= {} if settings.learns_items else {"learns_items": False}
    return chosen | asdict(sizes(side, training.n_items, training.dated)) | {"data": digest.hexdigest()[:16]}


def one_cycle(share: float) -> float:
    """The learning rate, as a share of the highest, after this share of all steps: up in a line, down in a cosine."""
    if share < WARM_UP:
        return max(share, 0.001) / WARM_UP
    return 0.5 * (1 + math.cos(math.pi * (share - WARM_UP) / (1 - WARM_UP)))


def native_bfloat16() -> bool:
    """Whether this machine multiplies bfloat16 matrices in hardware; emulated, it is several times slower."""
    if torch.cuda.is_available():
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    able = torch.cpu.get_capabilities()
    return any(bool(able.get(feature)) for feature in ("avx512_bf16", "amx_bf16", "bf16"))


@contextmanager
def _threads(number: int) -> Iterator[None]:
    """So many torch threads within, as many as before afterwards; 0 changes nothing."""
    before = torch.get_num_threads()
    if number:
        torch.set_num_threads(number)
    try:
        yield
    finally:
        torch.set_num_threads(before)
