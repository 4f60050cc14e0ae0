"""The network of neural Thompson sampling: gradients as in its formula, and surer of what it has seen."""

from __future__ import annotations

import numpy as np

from recsys.learning.neural import HIDDEN, PRIOR, _Network
from recsys.schema import Floats

RNG = np.random.default_rng(4)
X: Floats = RNG.normal(size=(30, 6)).astype(np.float32)


def by_hand(network: _Network, x: Floats) -> tuple[float, float]:
    """f(x) and the variance of it, gradient by gradient."""
    f, variance = 0.0, 0.0
    for k in range(HIDDEN):
        inner = float(network.a[k] @ x)
        f += float(network.b[k]) * max(inner, 0.0)
        variance += max(inner, 0.0) ** 2 / float(network.seen_b[k])
        for at, value in enumerate(x.tolist()):
            gradient = float(network.b[k]) * value if inner > 0 else 0.0
            variance += gradient**2 / float(network.seen_a[k, at])
    return f, variance / HIDDEN


def test_nothing_is_expected_at_first() -> None:
    expected, variance = _Network.begun(6, 1).expected(X)
    assert np.abs(expected).max() < 1e-5
    assert (variance > 0).all()


def test_expectation_and_variance_are_those_of_the_formula() -> None:
    network = _Network.begun(6, 1)
    for row in (3, 5, 9):
        network.saw(X[row])
        network.rows.append(row)
        network.rewards.append(1.0)
    network.fit(X)
    expected, variance = network.expected(X)
    for row in (0, 7, 12):
        f, v = by_hand(network, X[row])
        assert np.isclose(expected[row], f, atol=1e-5)
        assert np.isclose(variance[row], v, rtol=1e-4)


def test_what_was_seen_is_less_unsure_than_before_and_nothing_is_surer_than_it_can_be() -> None:
    network = _Network.begun(6, 1)
    before = network.expected(X)[1]
    for _ in range(20):
        network.saw(X[0])
    after = network.expected(X)[1]
    assert after[0] < 0.5 * before[0]
    assert (after <= before + 1e-6).all()
    assert (network.seen_a >= PRIOR).all()


def test_fitting_comes_nearer_to_what_was_given() -> None:
    network = _Network.begun(6, 1)
    network.rows, network.rewards = list(range(30)), (X[:, 0] > 0).astype(float).tolist()
    target = np.asarray(network.rewards)
    start = float(((network.expected(X)[0] - target) ** 2).mean())
    for _ in range(30):
        network.fit(X)
    assert float(((network.expected(X)[0] - target) ** 2).mean()) < 0.5 * start
