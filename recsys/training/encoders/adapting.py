"""The work of an adaptation: learn from a shop's texts, look at products kept apart, keep the encoder.

It is a training like any other (`recsys/training/records.py`), in a folder of its own: its model is the way it adapts,
its epochs are the looks at the products that are watched.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np

from recsys.encoders import weights
from recsys.encoders.adapting.pairs import Products
from recsys.encoders.adapting.settings import WAYS, Adapting, lengths, way_of
from recsys.encoders.compressing.folders import checked, copy_small, write_arrays
from recsys.encoders.compressing.shortening import first
from recsys.encoders.weights import WEIGHTS, ModelFiles
from recsys.errors import BadRequestError, ModelError
from recsys.progress import Progress
from recsys.schema import Floats, Rows
from recsys.training import records
from recsys.training.course import RecordedCourse
from recsys.training.encoders import judging, kept
from recsys.training.encoders.texts import JUDGED, LEARNED, WATCHED, Texts
from recsys.training.records import Data, Epoch, Training

WATCHED_PAIRS: Final = 150  # looked at every few steps: a look must not take longer than what is learned between two
__all__ = ["WAYS", "Adapting", "create", "encoder_name", "work"]
COMMAND: Final = "python -m recsys adapt"
ENCODER: Final = "encoder"  # in the settings of the record: what is adapted
NDCG, BEFORE = "pairs_ndcg@10", "pairs_ndcg@10 before"
CHANGE, LOW, HIGH = "change", "change low", "change high"
LOSS: Final = "contrastive loss"
FIRST_STAGE: Final = "masked"  # folder of the first stage's checkpoints

Progresses = Callable[[str], Progress]
ReadTexts = Callable[[Data], Texts]


def create(root: Path, way: str, data: Data, encoder: str, settings: Adapting, *, owner: str = "") -> Training:
    """An adaptation that nobody has begun yet. Raises BadRequestError for an unknown way, StorageError."""
    facts = asdict(settings)
    seed = facts.pop("seed")
    return records.create(root, way_of(way), data, {ENCODER: encoder, **facts}, seed, owner=owner)


def settings_of(training: Training) -> Adapting:
    """The choices it was begun with. Raises SettingsError."""
    given = {name: value for name, value in training.settings.items() if name != ENCODER}
    return Adapting(**given, seed=training.seed)


def products_of(texts: Texts, part: Rows | None = None) -> Products:
    """What is learned from: products of the part to learn from (or these) that say something beside their name."""
    rows = [row for row in (texts.part(LEARNED) if part is None else part).tolist() if texts.names[row]]
    others = {row: [each for each in _others(texts, row) if each] for row in rows}
    rows = [row for row in rows if others[row]]
    groups = [texts.categories[row] or texts.facts[row].split(", ")[0] for row in rows]
    names, brands = [texts.names[row] for row in rows], [texts.brands[row] for row in rows]
    return Products(names, [others[row] for row in rows], groups, brands, texts.spellings())


def whole_texts(texts: Texts, part: str, most: int | None = None, rows: Rows | None = None) -> list[str]:
    """All that products of a part say of themselves, in one text each: what words are hidden in."""
    rests = texts.rests()
    both = ((texts.names[row], rests[row]) for row in (texts.part(part) if rows is None else rows).tolist())
    found = [". ".join(piece for piece in each if piece) for each in both if any(each)]
    return found[:most]


def _others(texts: Texts, row: int) -> tuple[str, str, str]:
    """A product's other texts: its description, its facts with its category, and all of it."""
    facts = ". ".join(piece for piece in (texts.categories[row], texts.facts[row]) if piece)
    whole = ". ".join(piece for piece in (facts, texts.descriptions[row]) if piece)
    return texts.descriptions[row], facts, whole if texts.descriptions[row] and facts else ""


def work(training: Training, read: ReadTexts, encoders: Path, progress_of: Progresses) -> Training:
    """Begin the adaptation or go on with it until its encoder is kept in `encoders`; returns its record.

    Raises BadRequestError when a process works on it already or it is finished, KeyboardInterrupt when told to stop,
    DataError, ModelError or StorageError for what goes wrong. In each case the record says so, and checkpoints stay.
    """
    with records.only_me(training.path):
        job = _Job(records.find(training.path.parent, training.id), encoders)
        with job.recorded():
            job.run(read, progress_of)
        return job.training


class _Job(RecordedCourse):
    """An adaptation in this process's hands."""

    def __init__(self, training: Training, encoders: Path) -> None:
        if training.done:
            raise BadRequestError(
                f"adaptation {training.id} is {training.state} already",
                allowed="one to go on with",
                remedy=f"start another one: `{COMMAND} --help`",
            )
        super().__init__(training)
        self._encoders = encoders
        self._processor = float(training.source.get("processor_seconds", 0.0))
        self._processor_since = time.process_time()

    def run(self, read: ReadTexts, progress_of: Progresses) -> None:
        from recsys.encoders.adapting.learning import learn, pairs_loss
        from recsys.encoders.adapting.network import Network

        settings, way = settings_of(self.training), self.training.model
        model = checked(weights.locate(str(self.training.settings[ENCODER])))
        texts = read(self.training.data)
        products, watched = products_of(texts), texts.pairs(WATCHED, WATCHED_PAIRS)
        judged = texts.pairs(JUDGED, judging.MOST_PAIRS)
        network = Network(model, way, settings)
        self._change(
            protocol=rules(settings, len(products), len(watched), len(judged)),
            source={**self.training.source, "products": len(texts), "processor": network.processor()},
        )
        before = _judged(network, texts, judged, settings, progress_of("Judging before"))
        identity = {"way": way, "encoder": model.fingerprint, "products": len(products), **asdict(settings)}
        checkpoints = self.training.path / records.CHECKPOINTS
        resumed = _latest(checkpoints, identity, network.state())
        if settings.mlm and resumed is None:
            self._first_stage(network, texts, settings, identity, progress_of("Guessing hidden words"))
        earlier = sum(seconds for _, _, seconds in self.training.masked)
        keep = self._keeper(identity, checkpoints, self._epochs)
        learn(network, products, watched, settings, keep, resumed, progress_of("Learning"), earlier)
        after = _judged(network, texts, judged, settings, progress_of("Judging after"))
        metrics = _metrics(before, after) | {LOSS: pairs_loss(network.encode, watched, settings.scale)}
        self._finish(model, network.merged(), metrics)

    def _first_stage(
        self, network: Any, texts: Texts, settings: Adapting, identity: Mapping[str, Any], progress: Progress
    ) -> None:
        """Guess hidden words, or go on with it; the network is as the best look left it."""
        from recsys.encoders.adapting.masked import Guesser, learn_masked

        guesser = Guesser(network, settings)
        checkpoints = self.training.path / records.CHECKPOINTS / FIRST_STAGE
        resumed = _latest(checkpoints, identity, guesser.state())
        own, watched = whole_texts(texts, LEARNED), whole_texts(texts, WATCHED, WATCHED_PAIRS)
        learn_masked(
            guesser, own, watched, settings, self._keeper(identity, checkpoints, self._masked), resumed, progress
        )

    def _keeper(
        self, identity: Mapping[str, Any], folder: Path, told: Callable[[Any], dict[str, Any]]
    ) -> Callable[[Any], None]:
        """What is done after each look: a checkpoint, whole or not at all, then the record with what `told` says."""
        from recsys.recommenders.transformer import checkpoint

        def keep(state: Any) -> None:
            checkpoint.save(
                folder,
                checkpoint.Checkpoint(
                    state.look, state.weights, state.first, state.second, state.best, state.best_look, state.steps,
                    state.figures,
                ),
                identity,
            )  # fmt: skip
            self._change(source=self._source(), worked=self._worked(), **told(state))

        return keep

    def _epochs(self, state: Any) -> dict[str, Any]:
        planned = settings_of(self.training).looks
        return {
            "epochs": tuple(
                Epoch(number + 1, planned, records.finite(loss), records.finite(ndcg), seconds)
                for number, (loss, ndcg, seconds) in enumerate(state.figures)
            )
        }

    def _masked(self, state: Any) -> dict[str, Any]:
        return {"masked": [list(look) for look in state.figures]}

    def _source(self) -> dict[str, Any]:
        """The source with the seconds that processors were at work, those before an interruption too."""
        spent = self._processor + time.process_time() - self._processor_since
        return {**self.training.source, "processor_seconds": round(spent, 1)}

    def _finish(self, model: ModelFiles, arrays: dict[str, Any], metrics: dict[str, float]) -> None:
        """The encoder is there whole before the record says so, and the checkpoints go after that."""
        made = self.training.path / f".{records.MODEL}.tmp"
        shutil.rmtree(made, ignore_errors=True)  # left by a kill
        copy_small(model, made)
        write_arrays(made / WEIGHTS, arrays)
        name = encoder_name(self.training)
        self._change(source=self._source())
        kept.keep(made, self._encoders, name, _card(self.training, model, metrics))
        self._change(state=records.FINISHED, metrics=metrics, worked=self._worked(), ended=time.time())
        shutil.rmtree(self.training.path / records.CHECKPOINTS, ignore_errors=True)


def encoder_name(training: Training) -> str:
    """What SHELFLENS_ENCODER takes once it is finished: "shoes-lora-1a2b"."""
    return kept.name_from(training.data.words, f"{training.model}-{training.id[-4:]}")


def _latest(folder: Path, identity: Mapping[str, Any], state: Mapping[str, Any]) -> Any:
    """What an earlier process left to go on from, or None.

    Raises ModelError when the latest checkpoint is damaged or of another adaptation.
    """
    from recsys.encoders.adapting.learning import State
    from recsys.recommenders.transformer import checkpoint

    try:
        found = checkpoint.latest(folder, identity, {name: tuple(each.shape) for name, each in state.items()})
    except ModelError as error:
        raise ModelError(
            f"its latest checkpoint cannot be used: {error.one_line()[:300]}", remedy="discard it and adapt again"
        ) from error
    if found is None:
        return None
    return State(
        found.epoch, found.steps, found.weights, found.first, found.second, found.best, found.best_epoch, found.figures
    )


def _judged(
    network: Any, texts: Texts, pairs: list[tuple[str, str]], settings: Adapting, progress: Progress
) -> dict[str, Floats]:
    """Metric -> (b,) values of the artificial queries that are judged last."""
    found = judging.Artificial.of(lambda asked: network.encode_whole(asked, progress), pairs, texts.respelt(pairs))
    d = found.names.shape[1]
    short = lengths(d, settings.matryoshka)[:-1]
    return found.values() | {f"{NDCG} first {k}": found.short(first(d, k)) for k in short}


def _metrics(before: Mapping[str, Floats], after: Mapping[str, Floats]) -> dict[str, float]:
    """Each figure after and before; of the artificial queries also the change with its interval."""
    found: dict[str, float] = {}
    for name, value in after.items():
        found |= {name: float(np.mean(value)), f"{name} before": float(np.mean(before[name]))}
    for name, words in ((NDCG, ""), (judging.RESPELT, "respelt ")):
        lead = judging.figure(after[name], before[name])
        low, high = lead["change_ci95"]
        found |= {f"{words}{CHANGE}": lead["change"], f"{words}{LOW}": low, f"{words}{HIGH}": high}
    return {name: float(value) for name, value in found.items()}


def rules(settings: Adapting, products: int, watched: int, judged: int) -> dict[str, str]:
    """The protocol in plain words."""
    found = {
        "learned from": f"the texts of {products:,} products, eight tenths of all names; no query, no judgment, no "
        "purchase",
        "pairs": "a product's name with its description, its facts and category, or itself mistyped; half of each step "
        "from few categories, so that the others are hard to tell from it",
    }
    if settings.respelt:
        found["respelt"] = (
            f"{settings.respelt:.0%} of the pairs are a name and the same as somebody else would write it: words in "
            "other order, joined or apart, singular or plural, no accents, no brand, a synonym of the shop's"
        )
    if settings.mlm:
        found["hidden words"] = (
            f"before that at most {settings.mlm:,} steps of guessing hidden words (15 % of them; of these 80 % hidden, "
            "10 % replaced, 10 % left). The encoder has no head for that: one was begun anew, its last layer the "
            "encoder's own word vectors, and learned alone for the first quarter; it is not kept"
        )
    if settings.matryoshka:
        found["shorter vectors"] = (
            f"the loss is the mean over the first {settings.matryoshka}, twice as many and so on, and all numbers of a "
            "vector, so that the first ones can do alone"
        )
    return found | {
        "watched while learning": f"{watched:,} names of another tenth, that look for their own texts among each "
        "other's; the weights of the best look are kept",
        "judged on": f"{judged:,} names of the last tenth, once before and once after, as they are and as somebody "
        "else would write them; the interval is of the paired difference (bootstrap, 95 %)",
    }


def _card(training: Training, model: ModelFiles, metrics: Mapping[str, float]) -> dict[str, Any]:
    minutes = sum(each.seconds for each in training.epochs) + sum(seconds for _, _, seconds in training.masked)
    return {
        "label": f"{model.name} adapted to {training.data.words} ({training.model})",
        "method": training.model,
        "encoder": model.name,
        "made_from": training.data.words,
        "adaptation": training.id,
        "minutes": round(minutes / 60, 2),
        "processor_minutes": round(float(training.source.get("processor_seconds", 0.0)) / 60, 2),
        "processor": training.source.get("processor", ""),
        "settings": {**training.settings, "seed": training.seed},
        "figures": {name: round(value, 4) for name, value in metrics.items()},
        "protocol": training.protocol,
    }
