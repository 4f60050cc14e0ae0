"""Trainings, their states, settings and figures in plain words."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pages.shared import state
from pages.shared.wording import seconds
from recsys.training.records import FAILED, FINISHED, KEPT, RUNNING, STOPPED

if TYPE_CHECKING:
    from recsys.training.records import Training

STATES: Final = {
    RUNNING: "at work",
    STOPPED: "stopped, can be resumed",
    FAILED: "failed",
    FINISHED: "finished",
    KEPT: "finished and kept",
}
NOT_BEGUN: Final = "not begun"
LONG: Final = 24  # characters of a model's name in a table
ICONS: Final = {
    RUNNING: ":material/autorenew:",
    STOPPED: ":material/pause_circle:",
    FAILED: ":material/report:",
    FINISHED: ":material/flag:",
    KEPT: ":material/bookmark_added:",
}


class Words(NamedTuple):
    """A setting: what it is called, and what it does."""

    label: str
    help: str


SETTINGS: Final[dict[str, Words]] = {
    "epochs": Words("Epochs", "Passes over the data at most. More can learn more, and take longer in proportion."),
    "patience": Words(
        "Patience", "Training ends after so many epochs without a better nDCG@10 of the watched shoppers."
    ),
    "learning_rate": Words(
        "Learning rate",
        "How large a step each correction is. Too large and the loss is no number "
        "any more; too small and nothing is learned in time.",
    ),
    "dimension": Words("Dimension", "Numbers per item and per interest vector. Time grows in proportion."),
    "layers": Words("Layers", "Attention blocks on top of each other; on a graph, how many neighbours away is looked."),
    "heads": Words("Heads", "Ways of looking back at once in each block; must divide the dimension."),
    "feed_forward": Words("Feed-forward width", "Numbers in the middle of each block."),
    "dropout": Words("Dropout", "Share of numbers left out at random while learning, against learning by heart."),
    "max_length": Words("History length", "The latest baskets (items, in a file of sequences) that are looked at."),
    "positions_per_step": Words("Positions per step", "Baskets learned from before each correction (batch size)."),
    "scale": Words("Scale", "What the cosine of interest and item is multiplied by at first; learned from there."),
    "watched": Words(
        "Watched shoppers",
        "Whose last training basket is kept back, to see after each epoch how well it "
        "is foretold. 0: nobody, and every epoch is run.",
    ),
    "threads": Words("Threads", "Processor threads while learning; 0 takes what the machine offers."),
    "half_life_days": Words("Half-life (days)", "After so many days a purchase counts half."),
    "prior": Words("Prior", "Purchases by everybody that are mixed into each group of shoppers."),
    "popularity": Words("Weight of popularity", "How much bestsellers are pushed; below 0 they are held back."),
    "neighbours": Words("Neighbours", "So many of the most similar shoppers or items count."),
    "groups": Words("Groups", "A history is cut into so many groups of baskets that fade one after another."),
    "within_decay": Words("Fading within a group", "Weight of a basket relative to the next one in its group."),
    "group_decay": Words("Fading of groups", "Weight of a group relative to the next one."),
    "alpha": Words("Own share", "Weight of the shopper's own habits; the rest is that of similar shoppers."),
    "shrinkage": Words("Shrinkage", "Added to the denominator: pairs seen seldom count less."),
    "history_fading": Words("Fading of the history", "Weight of a step of the history relative to the one after it."),
    "itself": Words("Weight of itself", "How much an item speaks for being taken again."),
    "penalty": Words("Penalty", "Regularisation: larger keeps the guesses closer to zero."),
    "max_items": Words("Most items", "Only the most bought are learned from; memory grows with the square."),
    "successors": Words("Successors", "So many of the strongest links are kept per item."),
    "factors": Words("Factors", "Hidden tastes per shopper and item."),
    "regularization": Words("Regularisation", "Larger holds the hidden tastes closer to zero."),
    "confidence": Words("Confidence", "How much more a purchase says than an absence."),
    "iterations": Words("Iterations", "Rounds of learning."),
    "steps": Words(
        "Steps",
        "How far apart two items of a history may stand to be linked; on a graph, how many corrections are made.",
    ),
    "pairs_per_step": Words("Pairs per step", "Purchases and absences that are compared before each correction."),
    "damping": Words("Damping", "How likely the walk goes on instead of starting again at the history."),
    "departure": Words("Popular departures", "How much more often the walk starts at what many took; 0: all alike."),
    "tempering": Words("Tempering", "How much bestsellers are held back; 0: not at all."),
    "friends": Words("Weight of friends", "How much what friends took counts; 0: not at all."),
    "normalised": Words("Against bestsellers", "0: links count as seen; 1: divided by how popular the item is."),
    "window": Words("Window", "How far apart two items of a history may stand to be linked."),
    "distance_fading": Words("Fading with distance", "How fast a link fades with the steps between the two."),
    "tau": Words("Tau", "Within the logarithm: larger holds bestsellers back less."),
    "seed": Words("Seed", "Of everything that is drawn: the same seed gives the same model."),
    "model": Words("Model", ""),
    "data": Words("Data", ""),
}


class Figure(NamedTuple):
    """A figure of a training: its name, what it means, and whether more is better (None: neither)."""

    label: str
    help: str
    more_is_better: bool | None = None


FIGURES: Final[dict[str, Figure]] = {
    "ndcg@10": Figure(
        "nDCG@10",
        "How high the ten best hold what was really taken; 1 is perfect. On the validation, over all items.",
        True,
    ),
    "recall@10": Figure("Recall@10", "Share of what was really taken that is among the ten best.", True),
    "hit@10": Figure("Hit rate@10", "Share of shoppers for whom at least one of the ten best was taken.", True),
    "watched ndcg": Figure(
        "Watched nDCG",
        "The best epoch's, for the shoppers watched while training. Another "
        "question than the validation: do not compare the two.",
        True,
    ),
    "loss": Figure(
        "Loss",
        "Mean surprise at the next purchase after the last epoch (cross-entropy, nats). Lower is "
        "better; it is about what was learned from.",
        False,
    ),
    "epochs": Figure("Epochs", "Passes over the data that were made."),
    "best epoch": Figure("Best epoch", "The one whose weights are kept."),
    "seconds": Figure("Time", "At work in all, judging included.", False),
    "seconds an epoch": Figure("An epoch", "The median time of a pass over the data.", False),
    "bytes": Figure("On disk", "The model and its figures; checkpoints while it is not finished.", False),
}


def state_words(training: Training) -> str:
    """The state as one would say it."""
    return NOT_BEGUN if training.began is None and training.state == STOPPED else STATES[training.state]


def setting_words(name: str) -> Words:
    """A setting's name and help; one without words keeps its own."""
    return SETTINGS.get(name, Words(name.replace("_", " ").capitalize(), ""))


def model_words(name: str, labels: dict[str, str]) -> str:
    """A model's plain words without what stands in brackets, or that alone where the words are long."""
    words, _, term = labels.get(name, name).rstrip(")").partition(" (")
    return term if term and len(words) > LONG else words


def training_label(training: Training, labels: dict[str, str]) -> str:
    """ "Transformer · shoes · 31 Jan 2017 12:00:00 UTC": what stays the same however far the training is.

    A select box knows its options by their words: one whose words change while it is open is one that it has lost.
    """
    created = time.strftime("%d %b %Y %H:%M:%S UTC", time.gmtime(training.created)).lstrip("0")
    return f"{model_words(training.model, labels)} · {training.data.words} · {created}"


def short_label(training: Training, labels: dict[str, str], letter: str = "") -> str:
    """ "A: Transformer, 31 Jan 12:00": for the legend of a chart."""
    model = f"{letter}: " * bool(letter) + model_words(training.model, labels)
    return f"{model}, {time.strftime('%d %b %H:%M', time.gmtime(training.began or training.created)).lstrip('0')}"


def when(moment: float) -> str:
    """A time as "31 Jan 2017 12:00 UTC"."""
    return time.strftime("%d %b %Y %H:%M UTC", time.gmtime(moment)).lstrip("0")


def size(number: int) -> str:
    """Bytes in the unit in which one would say it."""
    if number < 1_000_000:
        return f"{number:,} B" if number < 1_000 else f"{number / 1_000:.0f} kB"
    return f"{number / 1_000_000:,.1f} MB"


def figure_words(name: str, value: float | None) -> str:
    """A figure with its unit; a dash where there is none."""
    if value is None:
        return "–"
    if name.startswith("seconds"):
        return seconds(value)
    if name == "bytes":
        return size(int(value))
    return f"{value:,.0f}" if name in ("epochs", "best epoch") else f"{value:.4f}"


def setting_value(value: Any) -> str:
    """A setting's value; a dash where the model has no such setting."""
    return "–" if value is None else f"{value:,g}" if isinstance(value, float | int) else str(value)


def starting_with(encoder: str) -> str:
    """The command that starts the app with a kept encoder and the shop that is open."""
    shop = "" if state.is_default() else f" SHOP={state.settings().shop}"
    return f"SHELFLENS_ENCODER={encoder} make demo{shop}"
