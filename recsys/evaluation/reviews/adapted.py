"""What an encoder adapted to a file's reviews adds to the head over words and sentence vectors, and what it costs."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Self

import numpy as np

from recsys.artifacts import storage_errors, write_whole
from recsys.encoders import weights
from recsys.encoders.adapting.settings import FULL, Adapting
from recsys.encoders.compressing.folders import checked
from recsys.encoders.weights import ModelFiles
from recsys.errors import DataError
from recsys.evaluation.reviews.lines import Doubles, Sides, Value, added, line
from recsys.progress import Progress, silent
from recsys.scenarios.reviews import heads
from recsys.scenarios.reviews.heads import Ground, Head, Whole
from recsys.scenarios.reviews.joining import Joined, joined
from recsys.scenarios.reviews.readers import BESIDE, CARD, LOOKED_AT, SENTIMENT, UNKNOWN
from recsys.scenarios.reviews.reading import ReviewFile

APART: Final = range(20, 36)  # buckets of the training part whose reviews weigh the encoder against the head
TIMED: Final = 200  # reviews of the test by which the encoder's time is measured
FEWEST: Final = 200  # reviews from which an encoder may learn
ALONE, BOTH = "encoder", "encoder_and_head"
LABELS: Final = {ALONE: "Adapted encoder alone", BOTH: "Adapted encoder and head together"}
USUAL: Final = Adapting(steps=450, minutes=10.0, pairs_per_step=32, max_tokens=128, learning_rate=0.002, scale=6.0)
SETTINGS: Final = (
    "steps",
    "minutes",
    "pairs_per_step",
    "max_tokens",
    "learning_rate",
    "scale",
    "seed",
)  # that count here
RULE: Final = (
    "the encoder learns the grades of the training part less its buckets 20 to 35 of 100, whose reviews say how much "
    "its score counts beside the head's (logistic regression over both); the head beside it is the one of the line "
    "above, and what is added is a paired difference over the test's reviews"
)


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """What is adapted, by what settings, and in which folder the encoder is left."""

    model: ModelFiles
    folder: Path
    settings: Adapting = USUAL
    way: str = FULL

    @classmethod
    def of(cls, encoder: str, folder: Path, steps: int | None = None, minutes: float | None = None) -> Self:
        """The encoder of that name by the usual settings. Raises ModelError, SettingsError."""
        settings = replace(
            USUAL,
            steps=USUAL.steps if steps is None else steps,
            minutes=USUAL.minutes if minutes is None else minutes,
        )
        return cls(weights.locate(encoder), folder, settings)


@dataclass(frozen=True, slots=True, eq=False)
class Adapted:
    """An encoder that has read the training part: `odds` (n, c) of what it has not learned from, NaN elsewhere."""

    odds: Doubles
    card: dict[str, Any]
    folder: Path  # in which it was left


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What is asked of reviews: which count (n,), what lies above each threshold (n, c), what is true (n,)."""

    counted: Sides
    above: Sides
    true: Any
    balanced: bool
    fit: Callable[[Whole], Head]  # a head from these reviews
    tell: Callable[[Doubles], Any]  # (m, c) chances -> what is told
    value: Value
    keep: Path | None = None  # folder in which the head is left that the encoder is weighed with


@contextmanager
def kept_in(root: Path, name: str) -> Iterator[Path]:
    """A folder to leave an encoder in, which becomes `root` / a name made of `name` when nothing has gone wrong.

    What was there by that name gives way. Raises StorageError.
    """
    short = re.sub(r"[^a-z0-9_-]+", "_", name.lower().split(".")[0]).strip("_")[:40] or "reviews"
    made = root / f".{short}.tmp"
    with storage_errors(root):
        shutil.rmtree(made, ignore_errors=True)  # left by a kill
        made.mkdir(parents=True)
    try:
        yield made
        with storage_errors(root):
            shutil.rmtree(root / short, ignore_errors=True)
            made.replace(root / short)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def write_card(folder: Path, card: Mapping[str, Any]) -> None:
    """Put the card beside the encoder, with the moment. Raises StorageError."""
    write_whole(folder / CARD, json.dumps({**card, "made": time.time()}, indent=1, ensure_ascii=False).encode())


def adapted(file: ReviewFile, known: Sides, labelled: bool, asked: Asked, progress: Progress = silent) -> Adapted:
    """Learn from the training part, read what was kept apart and the test.

    Raises DataError where too few reviews are left to learn from, or are of a language that the encoder does not read,
    ModelError for an encoder that cannot be adapted.
    """
    from recsys.encoders.adapting.grading import Grader, Grades, learn_grades

    above = thresholds(file, labelled)
    learn, rest = (np.flatnonzero(known & side) for side in (file.bucket >= APART.stop, file.bucket < APART.stop))
    if len(learn) < FEWEST:
        raise DataError(
            f"{len(learn)} reviews are left for an encoder to learn from",
            allowed=f"at least {FEWEST}",
            remedy="give a larger file, or leave out --adapt",
        )
    grades = Grades(checked(asked.model), asked.way, asked.settings, above[learn])
    if (unknown := grades.unknown([file.texts[row] for row in learn[:LOOKED_AT]])) > UNKNOWN:
        raise DataError(
            f"the encoder {asked.model.name} does not know {unknown:.0%} of what these reviews are written in",
            allowed=f"at most {UNKNOWN:.0%}",
            remedy="choose an encoder of their language in SHELFLENS_ENCODER, or leave out --adapt",
        )
    course = learn_grades(grades, [file.texts[row] for row in learn], above[learn], progress)
    grades.save(asked.folder)
    grader = Grader.load(asked.folder)  # what is judged is what was kept
    texts, odds = [file.texts[row] for row in rest], np.full(above.shape, np.nan)
    odds[rest] = grader.scores(texts)
    began = time.process_time()
    grader.scores(texts[:TIMED])
    spent = time.process_time() - began
    card = {
        "encoder": asked.model.name,
        "made_from": Path(file.name).name,
        "way": asked.way,
        "settings": {name: getattr(asked.settings, name) for name in SETTINGS},
        "learned_from": len(learn),
        "steps": course.steps,
        "minutes": round(course.seconds / 60, 1),
        "processor_minutes": round(course.processor_seconds / 60, 1),
        "processor": grades.network.processor(),
        "precision": grader.encoder.precision,
        "processor_ms_a_review": round(1000 * spent / min(TIMED, len(texts)), 2),
        "characters_a_review": round(float(np.mean([len(text) for text in texts[:TIMED]])), 1),
    }
    return Adapted(odds, card, asked.folder)


def thresholds(file: ReviewFile, labelled: bool) -> Sides:
    """(n, 4) more than 1, 2, 3, 4 stars; (n, 1) of labels."""
    if labelled:
        return np.asarray(file.good == 1)[:, None]
    return np.asarray(np.round(np.nan_to_num(file.stars))[:, None] > np.arange(1, heads.STARS))


def lines(
    file: ReviewFile, ground: Ground, odds: Doubles, asked: Question, head: Head, told: Any
) -> list[dict[str, Any]]:
    """The encoder alone, and with the head; `told` is what `head`, of the whole training part, says of the test.

    `odds` (n, c) are the encoder's. The line of both has under "adds" what it adds to the head's, and under "weighed",
    of one threshold, what each of them counts. Raises StorageError.
    """
    test = np.flatnonzero(asked.counted & (file.bucket < APART.start))
    apart = np.flatnonzero(asked.counted & np.isin(file.bucket, APART))
    learn = np.flatnonzero(asked.counted & (file.bucket >= APART.stop))
    unseeing = _scores(asked.fit(learn), file, ground, apart)
    alone = joined([odds[apart]], asked.above[apart], asked.balanced)
    both = joined([unseeing, odds[apart]], asked.above[apart], asked.balanced)
    found = {
        ALONE: asked.tell(alone.chances([odds[test]])),
        BOTH: asked.tell(both.chances([_scores(head, file, ground, test), odds[test]])),
    }
    rows = [line(name, LABELS[name], asked.value, asked.true[test], each) for name, each in found.items()]
    rows[1]["adds"] = added(asked.value, asked.true[test], told, found[BOTH])
    if odds.shape[1] == 1:
        rows[1]["weighed"] = _weighed(both)
    if asked.keep is not None:
        head.save(asked.keep, BESIDE)
    return rows


def _weighed(both: Joined) -> dict[str, float]:
    (of_head, of_encoder), (bias,) = both.weights[0].tolist(), both.bias.tolist()
    return {"head": of_head, "encoder": of_encoder, "bias": bias}


def _scores(head: Head, file: ReviewFile, ground: Ground, rows: Whole) -> Doubles:
    return head.scores([file.texts[row] for row in rows], None if ground.vectors is None else ground.vectors[rows])


def verdict(tasks: Sequence[Mapping[str, Any]]) -> list[str]:
    """In a sentence a task, whether the encoder adds anything to the head."""
    return [
        f"{task['task']}, {task['metric']}: {_said(each['adds'], task['better'] == 'higher')}"
        for task in tasks
        for each in task["methods"]
        if "adds" in each
    ]


def _said(adds: Mapping[str, Any], higher: bool) -> str:
    low, high = adds["ci95"]
    if low <= 0 <= high:
        return f"the encoder adds nothing that is sure, {adds['value']:+.4f} ({low:+.4f} to {high:+.4f})"
    word = "betters" if (low > 0) == higher else "worsens"
    least, most = sorted((abs(low), abs(high)))
    return f"the encoder {word} the head by {abs(adds['value']):.4f} ({least:.4f} to {most:.4f})"


def told(report: dict[str, Any], learned: Adapted) -> dict[str, Any]:
    """The report with the encoder's card: what it adds, what it cost, what a review costs, how it is weighed."""
    ways = {task["task"]: {each["method"]: each for each in task["methods"]} for task in report["tasks"]}
    figures = {name: _figures(way) for name, way in ways.items() if BOTH in way}
    reading = ways[SENTIMENT][BOTH]["weighed"]
    card = learned.card | {"adds": verdict(report["tasks"]), "figures": figures, "reading": reading}
    spoken = (
        f"{RULE}; {card['steps']} steps in {card['processor_minutes']} processor minutes on {card['processor']}, "
        f"{card['processor_ms_a_review']} processor ms a review; {'; '.join(card['adds'])}"
    )
    return report | {"protocol": report["protocol"] | {"adapted encoder": spoken}, "card": card}


def _figures(way: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What the head reaches, what both do, and what that adds."""
    lines = {"head": way["head"], "both": way[BOTH], "adds": way[BOTH]["adds"]}
    return {name: {part: each[part] for part in ("value", "ci95")} for name, each in lines.items()}
