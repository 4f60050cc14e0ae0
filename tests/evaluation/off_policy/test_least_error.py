"""The least error that a model can leave, with people whose click rates are known by construction."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.evaluation.learning.running import LearningData
from recsys.evaluation.off_policy.data import Doubles
from recsys.evaluation.off_policy.least_error import COMPARED, Least, Variances, add_log, answers, told, true_rates
from recsys.evaluation.off_policy.store import CANDIDATES, LOGGED, PLACES, Laboratory, laboratory, logged
from recsys.learning.space import centred
from recsys.shops.contract import Acts, Crowd

N, PEOPLE = 80, 6
RNG = np.random.default_rng(3)
VECTORS = centred(RNG.normal(size=(N, 3)).astype(np.float32))
COUNTS = RNG.poisson(1.0, (PEOPLE, N)).astype(np.float32)
ONCE = 2 * PEOPLE * CANDIDATES  # pages of one answer for each half


def first_alone(who: int, items: np.ndarray, rng: np.random.Generator) -> Acts:
    """Everybody takes what stands first, whatever it is, and nothing else."""
    return (("click",), *[()] * (len(items) - 1))


def sometimes(who: int, items: np.ndarray, rng: np.random.Generator) -> Acts:
    """Everybody clicks 30 % of the even products and 10 % of the odd ones, wherever they stand."""
    return tuple(("click",) if rng.random() < _rate(item) else () for item in items.tolist())


def _rate(item: int) -> float:
    return 0.1 if item % 2 else 0.3


def asked(respond: object) -> Laboratory:
    crowd = Crowd(tuple(map(str, range(PEOPLE))), tuple(map(str, range(N))), respond)  # type: ignore[arg-type]
    data = LearningData("made", {"dataset": "made"}, VECTORS, COUNTS, crowd, np.zeros((PEOPLE, N), np.float32))
    return laboratory(data, PEOPLE, 0)


def of_logs(lab: Laboratory, rates: Doubles, repeats: int = 5, rounds: int = 4_000) -> Least:
    found: Least = {}
    for repeat in range(repeats):
        add_log(lab, logged(lab, rounds, np.random.default_rng([7, repeat])), rates, found)
    return found


def right(lab: Laboratory) -> Doubles:
    """(2, p, c, k) the rates of `sometimes`, known and not asked for."""
    rates = np.where(lab.candidates % 2 == 1, 0.1, 0.3)[None, :, :, None]
    return np.broadcast_to(rates, (2, PEOPLE, CANDIDATES, PLACES))


def test_every_candidate_is_asked_for_at_every_place() -> None:
    rates = true_rates(asked(first_alone), 3 * ONCE, 0)
    assert rates.shape == (2, PEOPLE, CANDIDATES, PLACES)
    assert (rates[..., 0] == 1.0).all()
    assert (rates[..., 1:] == 0.0).all()


def test_everybody_is_asked_once_at_least() -> None:
    assert answers(1, PEOPLE) == 1
    assert answers(7 * ONCE + 5, PEOPLE) == 7


def test_rates_come_near_the_truth_and_halves_are_asked_apart() -> None:
    lab = asked(sometimes)
    rates = true_rates(lab, 40 * ONCE, 0)
    assert np.abs(rates.mean(axis=(2, 3)) - right(lab).mean(axis=(2, 3))).max() < 0.02
    assert not np.array_equal(rates[0], rates[1])


def test_nothing_is_left_where_clicks_have_no_luck_and_everybody_earns_the_same() -> None:
    lab = asked(first_alone)
    found = of_logs(lab, true_rates(lab, ONCE, 0), repeats=2, rounds=300)
    assert set(found) == {(target, *pair) for target in lab.policies if target != LOGGED for pair in COMPARED}
    for target, name, plain in found:
        assert told(found, target, name, plain) == {"least": 0.0, "least_ci95": [0.0, 0.0]}


def test_by_place_it_is_what_one_can_work_out_by_hand() -> None:
    """Var_x V + E_x sum of target^2 / logged * q (1 - q), over places and products."""
    lab = asked(sometimes)
    found = of_logs(lab, right(lab), repeats=10)
    for target in ("sharper", "taste"):
        there, drawn, q = lab.policies[target].places, lab.policies[LOGGED].places, right(lab)[0]
        earned = (there * q).sum(axis=(1, 2))
        by_hand = earned.var() + (there**2 / drawn * q * (1 - q)).sum(axis=(1, 2)).mean()
        assert np.mean(found[target, "dr", "iips"].known) == pytest.approx(by_hand, rel=0.06)


def test_few_answers_do_not_pass_for_luck_of_clicks() -> None:
    lab = asked(sometimes)
    exact, few = of_logs(lab, right(lab)), of_logs(lab, true_rates(lab, ONCE, 1))
    one = true_rates(lab, ONCE, 1)
    doubled = of_logs(lab, np.stack([one[0], one[0]]))  # as if one half's luck were the truth
    for target in ("sharper", "taste"):
        key = (target, "dr", "iips")
        assert few[key].ratio()[0] == pytest.approx(exact[key].ratio()[0], rel=0.1)
        assert doubled[key].ratio()[0] > 1.4 * exact[key].ratio()[0]


def test_the_ratio_stands_within_its_interval_and_is_said_of_what_was_compared_alone() -> None:
    found: Least = {("taste", "dr", "iips"): Variances([1.0, 2.0, 3.0], [4.0, 4.0, 4.0])}
    said = told(found, "taste", "dr", "iips")
    assert said["least"] == 0.5  # 2 / 4
    assert 0.25 <= said["least_ci95"][0] < 0.5 < said["least_ci95"][1] <= 0.75
    assert told(found, "taste", "dros", "iips") == {}
    assert told(found, "taste", "dm", None) == {}
