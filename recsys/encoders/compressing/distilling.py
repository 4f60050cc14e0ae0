"""Fewer layers that learn to say what all of them say: a student taught by the full model, without any judgment.

The student begins as every second layer of its teacher (Sanh et al., "DistilBERT", 2019) and learns, text by text, the
teacher's sentence vectors (Reimers & Gurevych, "Making monolingual sentence embeddings multilingual using knowledge
distillation", EMNLP 2020) and how near the texts of a step are to each other (Fang et al., "SEED: self-supervised
distillation for visual representation", ICLR 2021). The vectors of tokens stay the teacher's.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from recsys.encoders import weights
from recsys.encoders.compressing.folders import read_arrays, read_json, write_arrays, write_json
from recsys.encoders.compressing.pruning import with_layers
from recsys.encoders.contract import by_length
from recsys.encoders.torch_encoder import load_transformer, pooled
from recsys.encoders.weights import WEIGHTS, ModelFiles
from recsys.errors import ModelError
from recsys.progress import Progress
from recsys.schema import Floats

LEARNED: Final = "distilled.json"  # in the student's folder: what it learned from, and how near it came
TOKENS_PER_STEP: Final = 768  # some 36 names or 150 queries: equal work for every step
SPAN: Final = (1, 5)  # words of a piece of a text: as long as queries are
LONGEST: Final = 160  # characters of a text: what follows says little of what people ask
LOOKS: Final = 8  # at the texts that are watched; the weights of the best are kept
WARM: Final = 0.05  # of the way, in which the rate rises


@dataclass(frozen=True, slots=True)
class Distilling:
    """How the student learns."""

    epochs: int = 4
    minutes: float = 8.0  # at most; the rate falls with whichever ends first
    learning_rate: float = 3e-4
    alike: float = 1.0  # weight of the likeness of the texts of a step, beside 1 - cosine to the teacher
    temperature: float = 0.05  # of that likeness: cosines of sentences lie close together
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Learned:
    """What a student came to. Cosines are means over texts that were not learned from."""

    texts: int
    watched: int
    layers: tuple[int, ...]  # of the teacher, with which it began
    cosine_before: float
    cosine: float
    minutes: float
    curve: tuple[tuple[int, float], ...]  # (step, cosine), the first before any step


def every_second(n_layers: int) -> list[int]:
    """The layers a student begins with: the first of each two."""
    return list(range(0, n_layers, 2))


def lessons(texts: Sequence[str], seed: int = 0) -> list[str]:
    """The texts, and of each a piece of a few words, as people type them; each once."""
    rng, pieces = np.random.default_rng(seed), []
    texts = [text[:LONGEST].strip() for text in texts]
    for text in texts:
        words = text.split()
        length = int(rng.integers(SPAN[0], SPAN[1] + 1))
        start = int(rng.integers(max(1, len(words) - length + 1)))
        pieces.append(" ".join(words[start : start + length]))
    return [text for text in dict.fromkeys([*texts, *pieces]) if text]


def distil(
    model: ModelFiles,
    teach: Callable[[Sequence[str]], Floats],
    texts: Sequence[str],
    watched: Sequence[str],
    folder: Path,
    progress: Progress,
    settings: Distilling | None = None,
) -> Learned:
    """Write the student into `folder`; `teach` gives the full model's vectors (n, d) of texts.

    Raises ModelError when there is nothing to learn from or what is learned is no number, StorageError.
    """
    if not texts or not watched:
        raise ModelError(
            f"{len(texts)} texts to learn from and {len(watched)} to watch",
            allowed="at least one of each",
            remedy="use a shop whose products have names",
        )
    settings = settings or Distilling()
    layers = every_second(int(read_json(model.folder / "config.json")["num_hidden_layers"]))
    with_layers(model, layers, folder)
    course = _Course(ModelFiles(folder.name, folder, ""), settings)
    curve, seconds = course.run(texts, teach(texts), watched, teach(watched), progress)
    before, best = curve[0][1], max(cosine for _, cosine in curve)
    write_arrays(folder / WEIGHTS, read_arrays(course.model) | course.best)
    told = Learned(len(texts), len(watched), tuple(layers), before, best, round(seconds / 60, 2), tuple(curve))
    write_json(folder / LEARNED, asdict(told))
    return told


class _Course:
    """The student's network, its corrections, and its best weights so far.

    In float32: for networks this small bfloat16 takes twice as long to learn in.
    """

    def __init__(self, model: ModelFiles, settings: Distilling) -> None:
        import torch

        torch.manual_seed(settings.seed)
        self.model, self._settings, self._how = model, settings, weights.recipe(model)
        self._tokenizer, self._network = load_transformer(model)
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._network.to(self._device)
        self._moving = {
            name: each
            for name, each in self._network.named_parameters()
            if "pooler" not in name and not name.startswith("embeddings.")
        }
        for each in self._network.parameters():
            each.requires_grad_(False)
        for each in self._moving.values():
            each.requires_grad_(True)
        self.best: dict[str, Any] = {}

    def run(
        self, texts: Sequence[str], taught: Floats, watched: Sequence[str], right: Floats, progress: Progress
    ) -> tuple[list[tuple[int, float]], float]:
        """((step, cosine) of every look, the first before any step; seconds)."""
        import torch

        settings = self._settings
        tokens, looked = self._tokens(texts), self._tokens(watched)
        goal = torch.from_numpy(taught).to(self._device)  # (n, d)
        curve = [(0, self._look(looked, right))]
        self._keep(curve)
        steps = settings.epochs * len(by_length(tokens, TOKENS_PER_STEP))
        every, started = max(1, steps // LOOKS), time.monotonic()
        move = torch.optim.AdamW(self._moving.values(), settings.learning_rate, weight_decay=0.01)
        for number, batch in enumerate(self._batches(tokens), start=1):
            share = max(number / steps, (time.monotonic() - started) / (60 * settings.minutes))
            for group in move.param_groups:
                group["lr"] = settings.learning_rate * min(1.0, number / (WARM * steps)) * max(0.0, 1 - share)
            self._step(move, [tokens[place] for place in batch], goal[batch])
            last = number == steps or share >= 1
            if last or number % every == 0:
                curve.append((number, self._look(looked, right)))
                self._keep(curve)
            progress(number, steps, f"cosine to the full model {curve[-1][1]:.3f}")
            if last:
                break
        return curve, time.monotonic() - started

    def _batches(self, tokens: list[list[int]]) -> Iterator[list[int]]:
        """Texts of equal length, every epoch in another order."""
        rng = np.random.default_rng(self._settings.seed)
        for _ in range(self._settings.epochs):
            mixed = rng.permutation(len(tokens)).tolist()
            batches = by_length([tokens[place] for place in mixed], TOKENS_PER_STEP)
            for number in rng.permutation(len(batches)).tolist():
                yield [mixed[place] for place in batches[number]]

    def _step(self, move: Any, tokens: list[list[int]], goal: Any) -> None:
        """One correction by texts of equal length; `goal` (b, d)."""
        import torch

        self._network.train(False)  # nothing dropped out: the teacher is to be met, not outgrown
        loss = self._loss(self._vectors(tokens), goal)
        if not torch.isfinite(loss):
            raise ModelError("the distillation came to a loss that is no number", remedy="lower its learning rate")
        move.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self._moving.values(), 1.0)
        move.step()

    def _loss(self, own: Any, goal: Any) -> Any:
        """1 - cosine, and how far the likeness of each text to the others of the step is from the teacher's (KL)."""
        import torch

        loss = 1 - (own * goal).sum(1).mean()  # (b, d)
        if len(own) < 3 or not self._settings.alike:  # of two texts each has one other: there is nothing to compare
            return loss
        hidden = torch.eye(len(own), dtype=torch.bool, device=own.device)
        near, wanted = (
            ((each @ each.T) / self._settings.temperature).masked_fill(hidden, -1e4).log_softmax(1)  # (b, b)
            for each in (own, goal)
        )
        apart = torch.nn.functional.kl_div(near, wanted, log_target=True, reduction="batchmean")
        return loss + self._settings.alike * apart

    def _vectors(self, tokens: list[list[int]]) -> Any:
        """(b, d) unit vectors of texts of equal length."""
        import torch

        ids = torch.tensor(tokens, device=self._device)  # (b, t)
        hidden = self._network(input_ids=ids).last_hidden_state  # (b, t, d)
        return pooled(hidden, self._how.pooling)

    def _look(self, tokens: list[list[int]], right: Floats) -> float:
        """The mean cosine to the teacher's vectors (n, d)."""
        import torch

        total = 0.0
        with torch.inference_mode():
            for batch in by_length(tokens, TOKENS_PER_STEP):
                found = self._vectors([tokens[place] for place in batch]).cpu().numpy()
                total += float(np.vecdot(found, right[batch]).sum())
        return total / len(tokens)

    def _keep(self, curve: list[tuple[int, float]]) -> None:
        """The weights, where none before were as good."""
        if curve[-1][1] >= max(cosine for _, cosine in curve):
            self.best = {name: each.detach().cpu().float().numpy().copy() for name, each in self._moving.items()}

    def _tokens(self, texts: Sequence[str]) -> list[list[int]]:
        read = self._tokenizer.encode_batch([self._how.reading.prepare(text) for text in texts])
        return [each.ids for each in read]
