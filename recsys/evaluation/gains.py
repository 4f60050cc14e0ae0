"""What each use of the engine gains over the simple way to do it, read from the evaluations that are kept.

One line a question: what was measured, by the engine and by the best simple way, and the change with its interval. A
change above 0 is always better, whichever way the figure itself runs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from recsys.evaluation.ads import kept as of_ads
from recsys.evaluation.basket import kept as of_baskets
from recsys.evaluation.offers import kept as of_offers
from recsys.evaluation.reviews import kept as of_reviews
from recsys.evaluation.stock import kept as of_stock

Ends = tuple[float, float]
MIX: Final = "mix"
BASKETS: Final = {
    "all": "What is missing from a basket",
    "only new": "What is missing and new to the shopper",
    "nobody": "What is missing, of nobody known",
}
OFFERS: Final = {"pairs": "Who redeems in a campaign", "coupons": "Which coupon somebody redeems"}
REVIEWS: Final = {
    "sentiment": "Whether a review is good",
    "transfer": "Whether a review is good, of a shop without stars",
    "stars": "How many stars a text gives",
    "ratings": "How many stars somebody will give",
}
SIMPLE: Final = ("majority", "median", "mean", "bias", "tfidf_logistic", "tfidf_ridge", "pysenti", "vader", "lexicon")
OURS: Final = ("head", "transfer")  # what the page reads by: the first that there is


@dataclass(frozen=True, slots=True)
class Gain:
    """One question of one use: `ours` and `theirs` by the same `figure`, on the same data `on`."""

    use: str
    asks: str
    figure: str
    ours: float
    theirs: float
    simple: str  # what the best simple way is called
    change: float  # share of `theirs`; above 0 is better
    ends: Ends | None  # 95 % of the change; None where it was not measured
    on: str  # the shop, or the file

    @property
    def verdict(self) -> str:
        """In a word or two: whether it beats the simple way."""
        if self.ends is None:
            return "no interval"
        low, high = self.ends
        return "beats it" if low > 0 else "is beaten" if high < 0 else "may be luck"


def gains(shop: str, *own: Path) -> list[Gain]:
    """Those of a shop's evaluations and of those on files, by use; what lies in `own` stands for what came along."""
    found: list[Gain] = []
    for kept, read in (
        (of_baskets.kept(shop, *own), _of_baskets),
        (of_baskets.kept_relations(*own), _of_relations),
        (of_offers.kept(shop, *own), _of_offers),
        (of_ads.kept(shop, *own), _of_ads),
        (of_stock.kept(shop, *own), _of_stock),
        (of_reviews.kept(shop, *own), _of_reviews),
    ):
        for each in kept:
            try:
                found += list(read(each.report, str(each.report["dataset"])))
            except (KeyError, TypeError, ValueError, ZeroDivisionError):
                continue  # of another version: its own page says so
    return found


def _of_baskets(report: Mapping[str, Any], on: str) -> Iterator[Gain]:
    for group, asks in BASKETS.items():
        yield from _mixed([line for line in report["methods"] if line["group"] == group], "Basket", asks, "mrr", on)


def _of_relations(report: Mapping[str, Any], on: str) -> Iterator[Gain]:
    for group in dict.fromkeys(str(line["group"]) for line in report["methods"]):
        lines = [line for line in report["methods"] if line["group"] == group]
        kind, _, which = group.partition(", ")
        yield from _mixed(lines, "Basket", f"{kind.capitalize()}s of products, {which}", "precision", on)


def _mixed(lines: Sequence[Mapping[str, Any]], use: str, asks: str, by: str, on: str) -> Iterator[Gain]:
    mine = next((line for line in lines if line["method"] == MIX), None)
    best = next((line for line in lines if line["best"]), None)
    if mine is None or best is None or mine["change"] is None:
        return
    figure = {"mrr": "MRR", "precision": "precision at 10"}[by]
    ends = _ends(mine["change_ci95"])
    yield Gain(use, asks, figure, mine[by], best[by], str(best["label"]), float(mine["change"]), ends, on)


def _of_offers(report: Mapping[str, Any], on: str) -> Iterator[Gain]:
    for level, asks in OFFERS.items():
        lines = report.get(level, {}).get("methods", ())
        mine = next((line for line in lines if line["method"] == "model"), None)
        if mine is None or "lift_ahead" not in mine:
            continue
        ahead, ends = float(mine["lift_ahead"]), mine["lift_ahead_ci95"]
        theirs = float(mine["lift"]) - ahead  # of the very way that `ahead` was measured against
        best = min((line for line in lines if line is not mine), key=lambda line: abs(line["lift"] - theirs))
        change = tuple(end / theirs for end in ends)
        label = str(best["label"])
        yield Gain("Offers", asks, "lift at 10 %", mine["lift"], theirs, label, ahead / theirs, _ends(change), on)


def _of_ads(report: Mapping[str, Any], on: str) -> Iterator[Gain]:
    chosen = _one(report["ways"], "name", "throttled")
    simple = _one(report["ways"], "name", "highest")
    for figure, asks in (("kept", "Relevance that a shelf with ads keeps"), ("money", "What ads earn")):
        theirs, apart = float(simple[figure]["mean"]), simple["chosen_minus_this"][figure]
        yield Gain(
            "Ads",
            asks,
            {"kept": "share of nDCG", "money": "money of the simulation"}[figure],
            float(chosen[figure]["mean"]),
            theirs,
            str(simple["label"]),
            float(apart["mean"]) / theirs,
            (float(apart["low"]) / theirs, float(apart["high"]) / theirs),
            on,
        )


def _of_stock(report: Mapping[str, Any], on: str) -> Iterator[Gain]:
    for task, asks in (("products", "Weekly sales of the best sellers"), ("categories", "Weekly sales of categories")):
        lines = report[task]
        mine = _one(lines, "method", "combination")
        base = _one(lines, "base", True)
        low, high = mine["change_ci95"]
        yield Gain(
            "Stock", asks, "WAPE", mine["wape"], base["wape"], str(base["label"]), -float(mine["change"]),
            _ends((-high, -low)), on,
        )  # fmt: skip


def _of_reviews(report: Mapping[str, Any], on: str) -> Iterator[Gain]:
    for task in report["tasks"]:
        lines = {line["method"]: line for line in task["methods"]}
        chosen = (task["chosen"],) if "chosen" in task else OURS
        ours = next((lines[name] for name in chosen if name in lines), None)
        simple = [lines[name] for name in SIMPLE if name in lines]
        if ours is None or not simple:
            continue
        lower = task["better"] == "lower"
        best = (min if lower else max)(simple, key=lambda line: float(line["value"]))
        change, ends = _apart(task, ours, best)
        if lower:
            change, ends = -change, (-ends[1], -ends[0])
        yield Gain(
            "Reviews", REVIEWS.get(task["task"], str(task["task"])), str(task["metric"]), ours["value"],
            best["value"], str(best["label"]), change, _ends(ends), on,
        )  # fmt: skip


def _one(lines: Sequence[Mapping[str, Any]], key: str, value: object) -> Mapping[str, Any]:
    """The first line that says so. Raises KeyError for none."""
    for line in lines:
        if line[key] == value:
            return line
    raise KeyError(value)


def _apart(task: Mapping[str, Any], ours: Mapping[str, Any], best: Mapping[str, Any]) -> tuple[float, Ends]:
    """(change, its 95 %): of paired resamples where there are some, else from the far ends of both intervals.

    The latter holds more than 95 %: what it calls sure is sure.
    """
    if "change" in task and task["change"].get("against", best["method"]) == best["method"]:
        low, high = task["change"]["ci95"]
        return float(task["change"]["value"]), (float(low), float(high))
    (low, high), (their_low, their_high) = ours["ci95"], best["ci95"]
    return ours["value"] / best["value"] - 1, (low / their_high - 1, high / their_low - 1)


def _ends(ends: Sequence[float | None] | None) -> Ends | None:
    if ends is None or ends[0] is None or ends[1] is None:
        return None
    return float(ends[0]), float(ends[1])
