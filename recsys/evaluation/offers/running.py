"""The evaluation of offers: settings chosen on earlier campaigns, judged on later ones, each foretold on its eve."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from recsys.artifacts import Artifact
from recsys.errors import DataError
from recsys.evaluation.offers.measures import (
    BINS,
    Doubles,
    Judged,
    Longs,
    calibration_bins,
    calibration_error,
    debiased_error,
    error_by_luck,
)
from recsys.progress import Progress
from recsys.scenarios.offers.anyway import bought_anyway
from recsys.scenarios.offers.describing import Days, Described, describable, describe
from recsys.scenarios.offers.preparing.redemptions import LACKING, opened
from recsys.scenarios.offers.redemption import Foretold, Settings, foretell, per_redeemer, redeemed_coupons
from recsys.scenarios.offers.tables import OfferTables
from recsys.scenarios.offers.targeting import expected

TRIED: Final = (
    Settings("none"),
    Settings("platt"),
    Settings("isotonic"),
    *(Settings("drawn", slope, shift) for slope in (0.2, 0.4, 0.8) for shift in (0.05, 0.1, 0.2)),
)
AS_GOOD: Final = 0.001  # nats: a log loss so near to the lowest is no worse, and the calibration error decides
LIFT_GOAL, ERROR_GOAL = 4.0, 0.02
OUR: Final = "model"
LABELS: Final = {
    OUR: "Foretold chance",
    "past": "Past redemptions",
    "since": "How lately redeemed",
    "visits": "Visits lately",
    "recency": "How lately bought",
    "popular": "Popularity of the campaign or coupon",
    "bought": "Its products bought before",
}
PROTOCOL: Final = {
    "unit": "A pair of a shopper and a campaign that was sent to them: did they redeem any coupon of it? And, apart, a "
    "pair of a shopper and a coupon of such a campaign. Who was not addressed is not judged.",
    "split": "By campaign in time: of those that lie wholly within the data and began late enough, the last quarter is "
    "the test, those before it the validation. Each campaign is foretold by those that had ended before it "
    "began, and by what was known of shoppers on that eve; nothing of its own time counts.",
    "chosen": "The way to calibrate, on the validation campaigns, each foretold on its eve (rolling origins): of those "
    "within 0.001 of the lowest log loss the one of the lowest calibration error. Ridge, features and the half year "
    "that they look back on were fixed by the log loss of the same campaigns.",
    "candidates": "All pairs of the test campaigns, none sampled; of one score by the mean of their orders.",
    "calibration": f"Expected calibration error over {BINS} bins of equally many pairs; beside it the error that "
    "exactly right chances would show on so many pairs by luck alone, and the root mean square over the bins less "
    "what luck adds to it (Kumar et al. 2019).",
    "totals": "How many were foretold in all, and within what bounds so many fall in 95 of 100 cases if the chances "
    "are right and people independent.",
    "interval": "95 %, shoppers drawn anew with all their pairs (percentile bootstrap); differences by the same draws. "
    "That other campaigns might behave otherwise is not in it.",
    "anyway": "The chance of buying a coupon's products with no coupon, by a negative binomial model of the 12 "
    "weeks before. "
    "Checked on shoppers who were not sent the campaign: who of them bought in its days.",
}


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is drawn."""

    draws: int = 1_000
    seed: int = 0


def evaluated(shop: str, dataset: Artifact, effort: Effort, progress: Progress) -> dict[str, Any]:
    """The whole report. Raises DataError where the shop has no campaigns, or too few with redemptions."""
    found = opened(shop, dataset, progress)
    if found is None:
        raise DataError(LACKING, allowed="a shop whose pack has campaigns", remedy="choose such a shop with --shop")
    tables, history = found
    days = Days.of(history)
    described = {row: describe(tables, days, row) for row in range(len(tables.campaigns)) if describable(tables, row)}
    progress(1, 4, "campaigns described")
    validation, test = split(tables, list(described))
    settings, tried = _chosen(tables, described, validation)
    progress(2, 4, "settings chosen")
    foretold = foretell(tables, described, settings, only=test)
    if lacking := [row for row in test if row not in foretold]:
        raise DataError(
            f"before {len(lacking)} of {len(test)} test campaigns too few redemptions are known to learn from",
            remedy="evaluate a shop with more redemptions, or wait for more campaigns",
        )
    pairs = _pairs(tables, described, foretold, test)
    coupons = _coupons(tables, described, foretold, test)
    progress(3, 4, "drawing shoppers anew")
    report = {
        "dataset": shop,
        "source": {"dataset": shop},
        "protocol": PROTOCOL | {"settings": _said(settings)},
        "campaigns": _campaigns(tables, foretold, validation, test),
        "tried": tried,
        "pairs": _judged(pairs, effort),
        "coupons": _judged(coupons, effort),
        "anyway": _anyway(tables, days, described, test),
    }
    report["goals"] = _goals(report)
    progress(4, 4, "done")
    return report


def split(tables: OfferTables, described: Sequence[int]) -> tuple[list[int], list[int]]:
    """(validation, test): campaigns by the day they begin, the last quarter the test, all before it the validation.

    Raises DataError where fewer than four lie wholly within the data.
    """
    starts = tables.campaigns["start"].to_numpy()
    whole = [row for row in described if tables.ended(row) and len(tables.addressed_by(row))]
    whole = sorted(whole, key=lambda row: (starts[row], row))
    if len(whole) < 4:
        raise DataError(
            f"{len(whole)} campaigns lie wholly within the data", allowed="4 or more", remedy="wait for more campaigns"
        )
    quarter = max(1, round(len(whole) / 4))
    return whole[:-quarter], whole[-quarter:]


def _said(settings: Settings) -> str:
    if settings.calibration != "drawn":
        return f"calibration {settings.calibration}"
    return f"calibration by a line drawn to slope 1 (within {settings.slope:g}) and shift 0 (within {settings.shift:g})"


def _campaigns(
    tables: OfferTables, foretold: Mapping[int, Foretold], validation: list[int], test: list[int]
) -> list[dict[str, Any]]:
    told = []
    for part, rows in (("validation", validation), ("test", test)):
        for row in rows:
            who, here = tables.addressed_by(row), tables.campaigns.iloc[row]
            people = float(foretold[row].chance[who].sum()) if row in foretold else None
            many = per_redeemer(tables, str(here["kind"]), int(here["start"]))
            told.append(
                {
                    "part": part,
                    "campaign": str(here["campaign_id"]),
                    "kind": str(here["kind"]),
                    "starts": here["starts"].date().isoformat(),
                    "addressed": len(who),
                    "redeemed": int((tables.redeemed_in(row)[who] > 0).sum()),
                    "foretold": people,
                    "redemptions": int(tables.redeemed_in(row).sum()),
                    "redemptions_foretold": None if people is None else people * many,
                }
            )
    return told


def _chosen(
    tables: OfferTables, described: Mapping[int, Described], validation: list[int]
) -> tuple[Settings, list[dict[str, Any]]]:
    """The settings that do best on the validation, as the protocol says."""
    tried = []
    for settings in TRIED:
        found = foretell(tables, described, settings, only=validation, on_coupons_too=False)
        some = [row for row in validation if row in found]
        if not some:
            raise DataError(
                "before the validation campaigns too few redemptions are known to learn from",
                remedy="evaluate a shop with more redemptions",
            )
        chance = np.concatenate([found[row].chance[tables.addressed_by(row)] for row in some])
        hits = np.concatenate([(tables.redeemed_in(row)[tables.addressed_by(row)] > 0) * 1.0 for row in some])
        safe = np.clip(chance, 1e-4, 1 - 1e-4)
        loss = float(-(hits * np.log(safe) + (1 - hits) * np.log(1 - safe)).mean())
        auc = Judged.of(chance, hits).pr_auc(np.ones(len(hits)))
        error = calibration_error(chance, hits)
        tried.append(asdict(settings) | {"log_loss": loss, "pr_auc": auc, "error": error, "pairs": len(hits)})
    lowest = min(each["log_loss"] for each in tried)
    best = min(
        (each for each in tried if each["log_loss"] <= lowest + AS_GOOD),
        key=lambda each: (each["error"], each["log_loss"]),
    )
    return Settings(best["calibration"], best["slope"], best["shift"]), tried


@dataclass(frozen=True, slots=True, eq=False)
class _Pairs:
    hits: Doubles  # (n,)
    shopper: Longs  # (n,)
    campaign: Longs  # (n,)
    scores: dict[str, Doubles]  # by method


def _pairs(
    tables: OfferTables, described: Mapping[int, Described], foretold: Mapping[int, Foretold], test: list[int]
) -> _Pairs:
    def scores(row: int, who: Longs) -> dict[str, Doubles]:
        here = described[row]
        return {
            OUR: foretold[row].chance[who],
            "past": here.past[who].astype(np.float64),
            "since": -np.minimum(here.since[who], 1e4),
            "visits": here.features[who, 7],
            "recency": -here.features[who, 13],
            "popular": here.features[who, 16],
            "bought": (here.ever[who] > 0).sum(axis=1).astype(np.float64),
        }

    return _gathered(
        tables, test, scores, lambda row, who: (tables.redeemed_in(row)[who] > 0).astype(np.float64), lambda row: 1
    )


def _coupons(
    tables: OfferTables, described: Mapping[int, Described], foretold: Mapping[int, Foretold], test: list[int]
) -> _Pairs:
    def scores(row: int, who: Longs) -> dict[str, Doubles]:
        here = described[row]
        n = len(here.size)
        return {
            OUR: foretold[row].coupons[who].ravel(),
            "past": np.repeat(here.past[who].astype(np.float64), n),
            "since": np.repeat(-np.minimum(here.since[who], 1e4), n),
            "recency": np.repeat(-here.features[who, 13], n),
            "popular": np.tile((here.ever > 0).mean(axis=0), len(who)),
            "bought": here.ever[who].astype(np.float64).ravel(),
        }

    def hits(row: int, who: Longs) -> Doubles:
        came: Doubles = np.asarray(redeemed_coupons(tables, row)[who].ravel(), np.float64)
        return came

    return _gathered(tables, test, scores, hits, lambda row: len(described[row].size))


def _gathered(
    tables: OfferTables,
    test: list[int],
    scores: Callable[[int, Longs], dict[str, Doubles]],
    hits: Callable[[int, Longs], Doubles],
    each: Callable[[int], int],
) -> _Pairs:
    """One after another; `each` says how many pairs a shopper has in a campaign."""
    who = {row: tables.addressed_by(row) for row in test}
    told = [scores(row, who[row]) for row in test]
    return _Pairs(
        np.concatenate([np.asarray(hits(row, who[row]), np.float64) for row in test]),
        np.concatenate([np.repeat(who[row], each(row)) for row in test]),
        np.concatenate([np.full(len(who[row]) * each(row), row) for row in test]),
        {name: np.concatenate([part[name] for part in told]) for name in told[0]},
    )


def _judged(pairs: _Pairs, effort: Effort) -> dict[str, Any]:
    """A line for each method with intervals, and how well the chances are calibrated."""
    people, of = np.unique(pairs.shopper, return_inverse=True)
    random, ones = np.random.default_rng(effort.seed), np.ones(len(pairs.hits))
    draws = effort.draws if len(of) < 50_000 else max(effort.draws // 5, 20)  # hundreds of thousands take a while
    drawn = random.multinomial(len(people), np.full(len(people), 1 / len(people)), draws).astype(np.float64)
    found: dict[str, dict[str, Any]] = {}
    samples: dict[str, Doubles] = {}
    for name, values in pairs.scores.items():
        judged = Judged.of(values, pairs.hits)
        samples[name] = np.array([(judged.pr_auc(w), judged.lift(w)) for w in (draw[of] for draw in drawn)])
        auc, lift = judged.pr_auc(ones), judged.lift(ones)
        found[name] = {"method": name, "label": LABELS[name], "pr_auc": auc, "lift": lift}
    for place, measure in enumerate(("pr_auc", "lift")):
        for name, line in found.items():
            line[f"{measure}_ci95"] = _ends(samples[name][:, place])
    simple = {measure: max((n for n in found if n != OUR), key=lambda n: found[n][measure]) for measure in _MEASURES}
    for place, (measure, name) in enumerate(simple.items()):
        gap = samples[OUR][:, place] - samples[name][:, place]
        found[OUR][f"{measure}_ahead"] = found[OUR][measure] - found[name][measure]
        found[OUR][f"{measure}_ahead_ci95"] = _ends(gap)
    chances = np.asarray(pairs.scores[OUR], np.float64)
    luck = error_by_luck(chances, 500 if len(chances) < 50_000 else 20)
    drawn_errors = [
        calibration_error(chances[rows], pairs.hits[rows]) for rows in _resampled(of, len(people), random, draws)
    ]
    return {
        "pairs": len(pairs.hits),
        "redeemed": int(pairs.hits.sum()),
        "shoppers": len(people),
        "draws": draws,
        "methods": list(found.values()),
        "best_simple": simple,
        "within_campaigns_lift": _within(pairs),
        "calibration": {
            "error": calibration_error(chances, pairs.hits),
            "error_ci95": _ends(np.array(drawn_errors)),
            "by_luck": luck[0],
            "by_luck_95": luck[1],
            "debiased": debiased_error(chances, pairs.hits),
            "foretold": float(chances.sum()),
            "foretold_95": _within_luck(chances),
            "bins": calibration_bins(chances, pairs.hits),
        },
    }


_MEASURES: Final = ("pr_auc", "lift")


def _resampled(of: Longs, people: int, random: np.random.Generator, draws: int) -> Any:
    """The pairs of shoppers drawn anew, at most 100 times: each draw sorts them again."""
    order = np.argsort(of, kind="stable")
    firsts = np.searchsorted(of[order], np.arange(people + 1))
    for _ in range(min(draws, 100)):
        chosen = random.integers(0, people, people)
        yield np.concatenate([order[firsts[one] : firsts[one + 1]] for one in chosen])


def _within(pairs: _Pairs) -> float:
    """The lift where a tenth of each campaign is taken, by pairs."""
    reached, total = 0.0, float(pairs.hits.sum())
    for row in np.unique(pairs.campaign):
        mine = pairs.campaign == row
        hits = pairs.hits[mine]
        if hits.sum() > 0:
            judged = Judged.of(pairs.scores[OUR][mine], hits)
            reached += judged.lift(np.ones(len(hits))) * 0.1 * float(hits.sum())
    return reached / total / 0.1 if total else float("nan")


def _within_luck(chances: Doubles) -> list[float]:
    told = expected(chances)
    return [told.low, told.high]


def _ends(values: Doubles) -> list[float]:
    low, high = np.nanquantile(values, (0.025, 0.975))
    return [float(low), float(high)]


def _anyway(tables: OfferTables, days: Days, described: Mapping[int, Described], test: list[int]) -> dict[str, Any]:
    """The chances of buying with no coupon, against who bought of those who were not sent the campaign."""
    foretold, bought = [], []
    for row in test:
        here, end = described[row], described[row].start + described[row].days
        others = np.setdiff1d(np.arange(tables.n_shoppers), tables.addressed_by(row))
        goods = tables.good_for[:, tables.coupons_of(row)]
        foretold.append(bought_anyway(here)[others].ravel())
        bought.append((days.bought(goods, here.start, end, tables.n_shoppers)[others] > 0).ravel() * 1.0)
    chances, hits = np.concatenate(foretold), np.concatenate(bought)
    return {
        "pairs": len(hits),
        "foretold": float(chances.mean()) if len(hits) else None,  # everybody was sent every campaign
        "bought": float(hits.mean()) if len(hits) else None,
        "error": calibration_error(chances, hits),
        "bins": calibration_bins(chances, hits),
    }


def _goals(report: dict[str, Any]) -> list[dict[str, Any]]:
    goals = []
    for level in ("pairs", "coupons"):
        lift: float = next(float(line["lift"]) for line in report[level]["methods"] if line["method"] == OUR)
        error = float(report[level]["calibration"]["error"])
        goals.append(
            {"level": level, "what": "lift at 10 %", "goal": LIFT_GOAL, "reached": lift, "met": bool(lift >= LIFT_GOAL)}
        )
        goals.append(
            {
                "level": level,
                "what": "calibration error",
                "goal": ERROR_GOAL,
                "reached": error,
                "met": bool(error <= ERROR_GOAL),
            }
        )
    return goals
