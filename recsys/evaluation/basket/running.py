"""`python -m recsys evaluate basket`: one product of each basket hidden, looked for among all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import sparse

from recsys.datasets.interactions import Interactions
from recsys.errors import BadRequestError
from recsys.evaluation.basket.judging import MRR, compared, of_places
from recsys.progress import Progress, silent
from recsys.recommenders.contract import SideInformation, Visits
from recsys.scenarios.basket.completing import (
    CONTENT,
    NEEDED,
    PARTS,
    POPULAR,
    SEQUENCE,
    TOGETHER,
    USUAL,
    VECTORS,
    VISITS,
    Content,
    Counted,
    Parts,
    Setting,
    counted,
    stand_ins,
    total,
)
from recsys.scenarios.basket.together import largest, summed
from recsys.scenarios.basket.usual import HALF_LIFE
from recsys.scenarios.basket.weighing import Hidden, asked, hidden_of, learned_weights, place_of
from recsys.schema import Floats, Rows

MIX: Final = "mix"
PERSONAL, LIFT, CONFIDENCE, TRANSFORMER = "personal-frequency", "lift", "confidence", "transformer"
BASELINES: Final = (POPULAR, PERSONAL, LIFT)
LABELS: Final = {
    MIX: "All of it together",
    POPULAR: "Bestsellers",
    PERSONAL: "Own favourites",
    LIFT: "Association rules (lift)",
    CONFIDENCE: "Association rules (confidence)",
    TOGETHER: "Bought together (shrunken lift)",
    NEEDED: "Categories bought together",
    VECTORS: "Vectors learned from baskets",
    VISITS: "Own visits like this one",
    SEQUENCE: "What follows what (PCTM)",
    CONTENT: "Alike in text",
    TRANSFORMER: "Transformer, the basket as latest visit",
}
SUPPORTS: Final = (2, 3, 5, 10, 20)  # visits that a rule needs
HALF_LIVES: Final = (30.0, HALF_LIFE, 200.0)  # days
NOBODY: Final = "nobody"  # the group of the same baskets, where it is not known whose they are
TIE: Final = 1e-6  # of popularity behind a method that says nothing of most products
WEIGHED_OF_ONE: Final = 3  # baskets of one shopper among these
LEAST: Final = 30  # questions that a group needs to have figures of its own
FEWEST: Final = 20  # questions of a test

Scored = dict[str, Floats]


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is asked."""

    baskets: int = 2_000  # of the test, at most, drawn by seed
    chosen_by: int = 1_500  # of the validation, for support and half-life
    weighed_by: int = 4_000  # of the validation, for the weights: nine of them follow luck in fewer
    days: int = 0  # of test and validation each; 0: a fifth of the data
    seed: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class BasketData:
    """A shop's histories, and what is known of its products."""

    name: str
    source: dict[str, Any]
    table: Interactions
    groups: Rows  # (n_items,) category, -1 for none
    content: Content | None = None
    space: Floats | None = None  # (n_items, d) of pictures and words, where the shop has a Transformer in it


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the validation has chosen."""

    support: int
    half_life: float
    weights: dict[str, float]
    of_nobody: dict[str, float]  # the weights where it is not known whose basket it is


def evaluated(
    data: BasketData, effort: Effort, progress_of: Callable[[str], Progress] = lambda label: silent
) -> dict[str, Any]:
    """The report, as plain data. Raises BadRequestError where too few baskets can be asked."""
    end = int(data.table.days.max(initial=-1)) + 1
    effort = replace(effort, days=effort.days or max(1, end // 5))
    cut = end - effort.days
    if cut - effort.days < 1:
        raise BadRequestError(
            f"{effort.days} days of test and as many to choose by leave nothing to count in {end} days",
            allowed=f"1 to {(end - 1) // 2} days" if end > 2 else "a shop that was open for three days at least",
            remedy="give fewer --days" if end > 2 else "choose another shop",
        )
    questions = hidden_of(data.table, cut, end, effort.baskets, effort.seed + 1)
    if len(questions) < FEWEST:
        raise BadRequestError(
            f"{len(questions)} baskets of two products and more in the last {effort.days} days",
            allowed=f"{FEWEST} at least",
            remedy="give more --days, or a shop with baskets",
        )
    chosen = _chosen(data, effort, cut, progress_of)
    before = data.table.where(data.table.days < cut)
    known = counted(before, data.groups)
    transformer = _transformer(data, before, progress_of)
    places, fresh = _places(data, known, questions, chosen, transformer, progress_of("Completing baskets"))
    nobody, _ = _places(data, known, questions, chosen, None, progress_of("Completing baskets of nobody"), True)
    return {
        "dataset": data.name,
        "source": data.source,
        "methods": [*_lines(places, fresh), *_of_nobody(nobody)],
        "chosen": {
            "support": chosen.support,
            "half_life": chosen.half_life,
            "weights": chosen.weights,
            "weights_of_nobody": chosen.of_nobody,
        },
        "counts": _counts(known, questions),
        "protocol": dict(_rules(effort, end, len(questions))),
    }


def _chosen(data: BasketData, effort: Effort, cut: int, progress_of: Callable[[str], Progress]) -> Chosen:
    """Support and half-life by the mean reciprocal rank of the simple ways, weights by a conditional logit."""
    start = cut - effort.days
    questions = hidden_of(data.table, start, cut, effort.chosen_by, effort.seed)
    known = counted(data.table.where(data.table.days < start), data.groups)
    rules = {support: known.together.lifts(support) for support in SUPPORTS}
    found: dict[Any, list[float]] = {each: [] for each in (*SUPPORTS, *HALF_LIVES)}
    for half_life in HALF_LIVES:
        for each, setting, scores in asked(data.table, known, data.content, questions, half_life):
            found[half_life].append(1 / place_of(_personal(scores), each.hidden, setting.rows))
            if half_life == HALF_LIVES[0]:
                for support, lifts in rules.items():
                    mine = _rule(lifts, setting, scores)
                    found[support].append(1 / place_of(mine, each.hidden, setting.rows))
    support = max(SUPPORTS, key=lambda name: float(np.mean(found[name] or [0])))
    half_life = max(HALF_LIVES, key=lambda name: float(np.mean(found[name] or [0])))
    progress = progress_of("Learning weights")
    more = hidden_of(data.table, start, cut, effort.weighed_by, effort.seed, of_one=WEIGHED_OF_ONE)
    weights, of_nobody = (
        learned_weights(data.table, known, data.content, more, effort.seed, progress, half_life, nobody)
        for nobody in (False, True)
    )
    return Chosen(support, half_life, weights, of_nobody)


def _personal(scores: Parts) -> Floats:
    return np.asarray(scores[USUAL] + np.float32(TIE) * scores[POPULAR])


def _served(
    known: Counted, setting: Setting, scores: Parts, content: Content | None, weights: dict[str, float]
) -> Floats:
    """The score as the shop serves it: what would replace a product in sight comes behind all others."""
    found = total(scores, weights)
    found[stand_ins(known, setting, content)] -= np.ptp(found) + 1
    return found


def _rule(matrix: sparse.csr_array, setting: Setting, scores: Parts) -> Floats:
    """The largest lift with a product of the basket, bestsellers behind."""
    return np.asarray(largest(matrix, setting.rows) + np.float32(TIE) * scores[POPULAR])


def _places(
    data: BasketData,
    known: Counted,
    questions: list[Hidden],
    chosen: Chosen,
    transformer: Callable[[Hidden, Setting], Floats] | None,
    progress: Progress,
    of_nobody: bool = False,
) -> tuple[dict[str, npt.NDArray[np.int64]], npt.NDArray[np.bool_]]:
    """(method -> (b,) place of the hidden product among all, (b,) whether its shopper had never taken it before)."""
    lifts = known.together.lifts(chosen.support)
    confidences = known.together.confidences(chosen.support)
    places: dict[str, list[int]] = {}
    fresh = []
    for number, (each, setting, scores) in enumerate(
        asked(data.table, known, data.content, questions, chosen.half_life, of_nobody)
    ):
        progress(number, len(questions), "ranking all products")
        behind = np.float32(TIE) * scores[POPULAR]
        ranked: Scored = {
            MIX: _served(known, setting, scores, data.content, chosen.of_nobody if of_nobody else chosen.weights),
            POPULAR: scores[POPULAR],
            PERSONAL: _personal(scores),
            LIFT: _rule(lifts, setting, scores),
            CONFIDENCE: summed(confidences, setting.rows) + behind,
            **{name: scores[name] + behind for name in (TOGETHER, NEEDED, VECTORS, VISITS, SEQUENCE)},
        }
        if data.content is not None:
            ranked[CONTENT] = scores[CONTENT]
        if transformer is not None:
            ranked[TRANSFORMER] = transformer(each, setting)
        for name, mine in ranked.items():
            places.setdefault(name, []).append(place_of(mine, each.hidden, setting.rows))
        fresh.append(setting.earlier is None or each.hidden not in setting.earlier.items)
    progress(len(questions), len(questions), "ranking all products")
    return {name: np.array(each, np.int64) for name, each in places.items()}, np.array(fresh, np.bool_)


def _lines(places: dict[str, npt.NDArray[np.int64]], fresh: npt.NDArray[np.bool_]) -> list[dict[str, Any]]:
    """A line for each method and group: all, what the shopper had taken before, what was new to them."""
    lines = []
    everything = np.ones(len(fresh), np.bool_)
    for group, inside in (("all", everything), ("again", ~fresh), ("new", fresh)):
        if inside.sum() < (LEAST if group != "all" else 1):
            continue
        values = {name: of_places(each[inside]) for name, each in places.items()}
        lines += [line | {"group": group} for line in compared(values, LABELS, BASELINES, MRR)]
    return lines


def _of_nobody(places: dict[str, npt.NDArray[np.int64]]) -> list[dict[str, Any]]:
    """A line for each method that asks for nothing but the basket."""
    values = {name: of_places(each) for name, each in places.items() if name not in (PERSONAL, VISITS)}
    return [line | {"group": NOBODY} for line in compared(values, LABELS, (POPULAR, LIFT), MRR)]


def _transformer(
    data: BasketData, before: Interactions, progress_of: Callable[[str], Progress]
) -> Callable[[Hidden, Setting], Floats] | None:
    """What scores all products by the Transformer, fitted on what was before the test; None where there is none."""
    if data.space is None:
        return None
    from recsys.recommenders.transformer.in_space import InterestInSpace

    model = InterestInSpace(dimension=data.space.shape[1])
    model.fit(before, SideInformation(vectors=data.space), progress_of("Fitting the Transformer"))

    def scores(each: Hidden, setting: Setting) -> Floats:
        history = with_basket(setting, each.day, data.table)
        visits = Visits(history, np.array([each.shopper], np.int32), np.array([each.day], np.int32))
        found: Floats = model.score(visits)[0]
        return found

    return scores


def with_basket(setting: Setting, day: int, like: Interactions) -> Interactions:
    """The history of one shopper with the basket as their latest visit."""
    earlier = setting.earlier
    items, baskets, days = (
        (earlier.items, earlier.baskets, earlier.days) if earlier is not None else (np.empty(0, np.int32),) * 3
    )
    m = len(setting.rows)
    following = int(baskets.max(initial=-1)) + 1
    return Interactions(
        np.array([0, len(items) + m], np.int64),
        np.concatenate([items, setting.rows]).astype(np.int32),
        np.concatenate([baskets, np.full(m, following)]).astype(np.int32),
        np.concatenate([days, np.full(m, day)]).astype(np.int32),
        like.n_items,
        like.dated,
    )


def _counts(known: Counted, questions: list[Hidden]) -> dict[str, Any]:
    return {
        "baskets_counted": known.together.baskets,
        "pairs_with_support": known.together.both.nnz // 2,
        "products": known.n_items,
        "questions": len(questions),
        "products_in_sight": float(np.mean([len(each.rows) for each in questions])),
    }


def _rules(effort: Effort, end: int, asked_about: int) -> Iterator[tuple[str, str]]:
    cut = end - effort.days
    yield (
        "split",
        f"by time: baskets before day {cut} of {end} are counted, one of each shopper in the {effort.days} days after "
        f"is the test ({asked_about:,}, drawn by seed {effort.seed + 1}); settings are chosen on as many days "
        "before, with what was counted before those, and everything is counted again before the test",
    )
    yield "question", "of a basket with two products and more one is hidden, drawn by seed; the others are in sight"
    yield "candidates", "full ranking: all products but those in sight; ties by row"
    yield "figures", "hit@10: hidden product among the first ten; MRR: mean of 1 / its place, of the whole ranking"
    yield "bestsellers", "how many baskets held a product"
    yield "own favourites", f"own purchases, half-life of {', '.join(f'{each:g}' for each in HALF_LIVES)} days chosen"
    yield (
        "rules",
        f"largest lift, or sum of confidences, with products in sight; at least {', '.join(map(str, SUPPORTS))} visits "
        "with both, chosen; bestsellers behind",
    )
    yield (
        "together",
        "all parts weighed on the validation alone: a conditional logit over all products, and from there one weight "
        "at a time for as long as MRR rises; what would replace a product in sight (alike, same category, not together "
        "beyond chance, never taken by that shopper) comes last; parts: " + ", ".join(PARTS),
    )
    yield (
        "groups",
        "again: the shopper had taken the hidden product before; new: they had not; nobody: the same baskets, where it "
        "is not known whose they are, with weights of their own",
    )
    yield (
        "interval",
        "95 %: percentile bootstrap over baskets, one of each shopper; change: of MRR, in per cent of the best simple "
        "way of this very test; p: paired randomisation test, not corrected",
    )
