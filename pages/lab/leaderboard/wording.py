"""Metrics, runs and differences in plain words."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pages.shared.finding import BUILT_IN
from recsys.shops.registry import shops

if TYPE_CHECKING:
    from recsys.shops.contract import People


class Words(NamedTuple):
    """A family of metrics: its name, what one figure means, and its unit for an axis."""

    name: str
    plain: str
    unit: str = "0 to 1"


FAMILIES: Final[dict[str, Words]] = {
    "ndcg": Words("nDCG", "How high the list puts what was really taken; the top places count most. 1 is perfect."),
    "recall": Words("Recall", "Share of what was really taken that stands in the list."),
    "precision": Words("Precision", "Share of the list that was really taken."),
    "f1": Words("F1", "Precision and recall in one figure: their harmonic mean."),
    "hit": Words("Hit rate", "Share of shoppers whose list holds at least one thing they took."),
    "mrr": Words("MRR", "1 / place of the first hit, averaged: .5 means it stands second, as it were."),
    "map": Words("MAP", "Precision at every hit, averaged: rewards lists whose hits all stand high."),
    "novelty": Words("Novelty", "How little known the items shown are: rarer items carry more bits.", "bits"),
    "popularity": Words(
        "Popularity bias",
        "Share of the catalogue that is less popular than what is shown. Less is fairer to rare items.",
    ),
    "serendipity": Words(
        "Serendipity",
        "Share of the list that was taken and that bestsellers would not have held: useful and unexpected.",
    ),
    "diversity": Words("Diversity", "How different the items of one list are from each other."),
    "utility": Words(
        "Utility captured",
        "By the truth of a simulated shop: of what the best possible list is worth to the shopper, the share this one "
        "has. A log cannot say it.",
    ),
    "coverage": Words("Coverage", "Share of all items that anybody gets to see."),
    "gini": Words(
        "Gini index", "How unevenly items are shown: 0 all alike, 1 one item takes every place. Less is fairer."
    ),
}
PARTS: Final = {
    "repeat ": ("repeats only", "Of what the shopper had bought before. "),
    "first-time ": ("first purchases only", "Of what the shopper had never bought. "),
    "new-product ": ("new products only", "Of what nobody had bought before the cut. "),
}
SLICINGS: Final = {
    "activity": "How much they bought before", "shopper": "Known or new", "products": "Known or new products taken",
    "department": "Department bought most",
}  # fmt: skip
RULES: Final = {
    "split": "What is held out", "asked": "Who is asked", "fitted_on": "What recommenders learn from",
    "candidates": "What is ranked", "seen_items": "Items bought before", "gain": "What counts as a hit",
    "ideal": "The best possible list", "ties": "Equal scores", "chosen_by": "How settings are chosen",
    "interval": "Intervals", "tests": "More than luck?", "seeds": "Seeds",
}  # fmt: skip


def protocols(people: People) -> dict[str, str]:
    """Protocol -> what it asks, in plain words."""
    return {
        "next-basket": f"Foretell every {people.one}'s last basket",
        "temporal": "Foretell what everybody buys after one day",
        "sequences": "Foretell the last item of every user of a file",
    }


def metric_label(metric: str) -> str:
    """ "nDCG@10", "nDCG@10, repeats only"; a metric without words keeps its own."""
    part, family, cutoff = _taken_apart(metric)
    name = FAMILIES[family].name if family in FAMILIES else family
    return f"{name}@{cutoff}" + (f", {PARTS[part][0]}" if part else "")


def metric_column(metric: str) -> str:
    """The metric as the narrow head of a column."""
    part, family, _ = _taken_apart(metric)
    return f"{part.capitalize()}{FAMILIES[family].name}" if part and family in FAMILIES else metric_label(metric)


def metric_help(metric: str) -> str:
    """What the metric means, in plain words."""
    part, family, cutoff = _taken_apart(metric)
    words = FAMILIES[family].plain if family in FAMILIES else ""
    return f"{PARTS[part][1] if part else ''}{words} Lists of {cutoff}.".strip()


def metric_axis(metric: str) -> str:
    """The metric with its unit."""
    family = _taken_apart(metric)[1]
    unit = FAMILIES[family].unit if family in FAMILIES else ""
    return f"{metric_label(metric)} ({unit})" if unit else metric_label(metric)


def slicing_label(slicing: str) -> str:
    """A way of slicing in plain words."""
    traits = {column: label for shop in shops() for column, label in shop.people.traits.items()}
    return SLICINGS.get(slicing) or traits.get(slicing, slicing.capitalize())


def slicing_words(slicing: str) -> str:
    """The same within a sentence."""
    label = slicing_label(slicing)
    return label[:1].lower() + label[1:]


def run_label(report: dict[str, Any], *, built_in: bool = False) -> str:
    """ "shoes · next-basket, refit · 4 recommenders · 31 Jan 2017 12:00 UTC", marked where it came with the project."""
    rules = report["protocol"]
    seed = f", seed {rules['seed']}" if rules["seed"] else ""
    mark = f"{BUILT_IN}: " if built_in else ""
    return (
        f"{mark}{dataset(report)} · {rules['name']}, {rules['variant']}{seed} · {len(report['models'])} recommenders · "
        f"{when(str(report['run']))}"
    )


def dataset(report: dict[str, Any]) -> str:
    """The data set's name with spaces."""
    return str(report["dataset"]).replace("_", " ")


def protocol_tag(report: dict[str, Any]) -> str:
    """The protocol in two words, for the title of a chart."""
    return f"{report['protocol']['name']}, {report['protocol']['variant']}"


def _taken_apart(metric: str) -> tuple[str, str, str]:
    part = next((part for part in PARTS if metric.startswith(part)), "")
    family, _, cutoff = metric.removeprefix(part).partition("@")
    return part, family, cutoff or "?"


def when(run: str) -> str:
    """When a run was kept; its id where that is no date."""
    try:
        when = datetime.strptime(run[:15], "%Y%m%d-%H%M%S")
    except ValueError:
        return run
    return f"{when.day} {when:%b %Y %H:%M} UTC"
