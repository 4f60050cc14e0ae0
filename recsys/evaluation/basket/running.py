"""`python -m recsys evaluate basket`: one product of each basket hidden, looked for among all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
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
    of_nobody,
    stand_ins,
    total,
)
from recsys.scenarios.basket.preparing import ASKED, OF_ONE
from recsys.scenarios.basket.together import largest, summed
from recsys.scenarios.basket.usual import HALF_LIFE
from recsys.scenarios.basket.weighing import Case, Hidden, asked, hidden_of, learned_weights, out_of, place_of
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
ONLY_NEW: Final = "only new"  # the group that is new to the shopper, looked for among what is
TIE: Final = 1e-6  # of popularity behind a method that says nothing of most products
LEAST: Final = 30  # questions that a group needs to have figures of its own
FEWEST: Final = 20  # questions of a test

Scored = dict[str, Floats]


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is asked."""

    baskets: int = 2_000  # of the test, at most, drawn by seed
    chosen_by: int = 1_500  # of the validation, for support and half-life
    weighed_by: int = ASKED  # of the validation, for the weights: as many as the shop learns from
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
    weights: dict[Case, dict[str, float]]


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
    found = _asked(data, known, questions, chosen, transformer, progress_of("Completing baskets"))
    return {
        "dataset": data.name,
        "source": data.source,
        "methods": [*_lines(found), *_others(found)],
        "chosen": {
            "support": chosen.support,
            "half_life": chosen.half_life,
            **{str(case): weights for case, weights in chosen.weights.items()},
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
    more = hidden_of(data.table, start, cut, effort.weighed_by, effort.seed, of_one=OF_ONE)
    weights = learned_weights(data.table, known, data.content, more, effort.seed, progress, half_life)
    return Chosen(support, half_life, weights)


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


Places = dict[str, list[int]]  # method -> the place of each hidden product among all


@dataclass(frozen=True, slots=True)
class Found:
    """Where the hidden products stand by each method, and whether the shopper had never taken them before."""

    of: dict[Case, Places]  # those of NEW are of the fresh ones alone
    fresh: list[bool]


def _asked(
    data: BasketData,
    known: Counted,
    questions: list[Hidden],
    chosen: Chosen,
    transformer: Callable[[Hidden, Setting], Floats] | None,
    progress: Progress,
) -> Found:
    rules = known.together.lifts(chosen.support), known.together.confidences(chosen.support)
    found = Found({case: {} for case in Case}, [])
    for number, (each, setting, scores) in enumerate(
        asked(data.table, known, data.content, questions, chosen.half_life)
    ):
        progress(number, len(questions), "ranking all products")
        fresh = not setting.took(each.hidden)
        found.fresh.append(fresh)
        follows = {} if transformer is None else {TRANSFORMER: transformer(each, setting)}
        of_case = {Case.SOMEBODY: (setting, scores, follows)}
        of_case[Case.NOBODY] = (Setting(setting.rows), of_nobody(known, setting, scores), {})
        if fresh:
            of_case[Case.NEW] = of_case[Case.SOMEBODY]
        for case, (mine, its_parts, more) in of_case.items():
            ranked = _ranked(known, mine, its_parts, rules, data.content, chosen.weights[case]) | more
            out = out_of(setting, case)
            for name, one in ranked.items():
                found.of[case].setdefault(name, []).append(place_of(one, each.hidden, out))
    progress(len(questions), len(questions), "ranking all products")
    return found


def _ranked(
    known: Counted,
    setting: Setting,
    scores: Parts,
    rules: tuple[sparse.csr_array, sparse.csr_array],
    content: Content | None,
    weights: dict[str, float],
) -> Scored:
    """The score of every product by each method."""
    behind = np.float32(TIE) * scores[POPULAR]
    ranked: Scored = {
        MIX: _served(known, setting, scores, content, weights),
        POPULAR: scores[POPULAR],
        PERSONAL: _personal(scores),
        LIFT: _rule(rules[0], setting, scores),
        CONFIDENCE: summed(rules[1], setting.rows) + behind,
        **{name: scores[name] + behind for name in (TOGETHER, NEEDED, VECTORS, VISITS, SEQUENCE)},
    }
    if content is not None:
        ranked[CONTENT] = scores[CONTENT]
    return ranked


def _lines(found: Found) -> list[dict[str, Any]]:
    """A line for each method and group: all, what the shopper had taken before, what was new to them."""
    lines = []
    fresh = np.array(found.fresh, np.bool_)
    for group, inside in (("all", np.ones(len(fresh), np.bool_)), ("again", ~fresh), ("new", fresh)):
        if inside.sum() < (LEAST if group != "all" else 1):
            continue
        values = {name: of_places(np.array(each)[inside]) for name, each in found.of[Case.SOMEBODY].items()}
        lines += [line | {"group": group} for line in compared(values, LABELS, BASELINES, MRR)]
    return lines


def _others(found: Found) -> list[dict[str, Any]]:
    """A line for each method of what is looked for as new, and of those that ask for nothing but the basket."""
    lines = []
    for group, case, without in ((ONLY_NEW, Case.NEW, (PERSONAL,)), (NOBODY, Case.NOBODY, (PERSONAL, VISITS))):
        values = {name: of_places(np.array(each)) for name, each in found.of[case].items() if name not in without}
        if values and len(values[MIX]) >= LEAST:
            lines += [line | {"group": group} for line in compared(values, LABELS, (POPULAR, LIFT), MRR)]
    return lines


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
        "again: the shopper had taken the hidden product before; new: they had not; only new: these again, looked for "
        "among what the shopper had not taken, by every way, with weights of their own; nobody: all baskets, where it "
        "is not known whose they are, with weights of their own",
    )
    yield (
        "interval",
        "95 %: percentile bootstrap over baskets, one of each shopper; change: of MRR, in per cent of the best simple "
        "way of this very test; p: paired randomisation test, not corrected",
    )
