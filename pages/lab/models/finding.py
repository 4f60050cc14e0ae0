"""What a training found, in one sentence: how well it foretells, when it was best, and whether it beats another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pages.lab.models.wording import model_words
from pages.shared.finding import lead, within
from pages.shared.wording import plain
from recsys.training import comparing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recsys.training.records import Training


def sentence(training: Training, found: Sequence[Training], labels: dict[str, str]) -> str:
    """The finding as Markdown; it is set against the best of the other models that answered the same question."""
    name, curve = f"{plain(model_words(training.model, labels))}", _curve(training)
    if not training.done:
        return f"{name} {curve}." if curve else f"{name} has not finished an epoch yet: there is nothing to judge."
    said = f"{name} foretells purchases that it has not seen with nDCG@10 {training.metrics['ndcg@10']:.3f}"
    rival = _rival(training, found)
    against = f", {_against(training, rival, labels)}" if rival else ""
    return f"{said}{against}{f'; it {curve}' if curve else ''}."


def _curve(training: Training) -> str:
    """ "made 5 epochs, the 3rd was best (nDCG@10 of the watched 0.090), and its loss fell from 9.75 to 7.21"."""
    epochs, best = training.epochs, comparing.best_epoch(training)
    if not epochs or best is None:
        return ""
    made = f"made {len(epochs)} epoch{'s' * (len(epochs) > 1)}"
    planned = "" if training.done else f" of {epochs[-1].planned} so far"
    peak = "" if best.ndcg is None else f", best after number {best.number} (watched nDCG@10 {best.ndcg:.3f})"
    first, last = epochs[0].loss, epochs[-1].loss
    if first is None or last is None or len(epochs) == 1:
        return made + planned + peak
    moved = "fell" if last < first else "rose"
    return f"{made}{planned}{peak}, while its loss {moved} from {first:.2f} to {last:.2f}"


def _rival(training: Training, found: Sequence[Training]) -> Training | None:
    """The best of another model that was judged on the same visits."""
    others = [
        other
        for other in found
        if other.done and other.model != training.model and comparing.same_question(training, other)
    ]
    return max(others, key=lambda other: other.metrics.get("ndcg@10", 0.0), default=None)


def _against(training: Training, rival: Training, labels: dict[str, str]) -> str:
    found, beaten = comparing.lead(training, rival), rival.metrics.get("ndcg@10", 0.0)
    against = plain(within(model_words(rival.model, labels)))
    if found is None:  # the figures of each visit are gone
        return lead(against, training.metrics["ndcg@10"] - beaten, 0.0, 0.0, float("nan"), beaten)
    return lead(against, found.difference, found.low, found.high, found.p, beaten)
