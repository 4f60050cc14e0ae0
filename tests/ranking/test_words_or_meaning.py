"""How much words and meaning count for a query, by what the catalogue holds of it."""

from __future__ import annotations

import pytest

from recsys.ranking.words_or_meaning import TYPICAL, meaning_share


def test_at_the_typical_coverage_the_share_is_what_was_set() -> None:
    assert meaning_share(0.6, TYPICAL) == pytest.approx(0.6)


def test_it_falls_with_coverage_and_never_leaves_the_unit_range() -> None:
    shares = [meaning_share(0.6, coverage / 10) for coverage in range(11)]
    assert shares == sorted(shares, reverse=True)
    assert 0 < shares[-1] < 0.5 < shares[0] < 1


def test_whoever_wants_only_one_of_them_gets_it() -> None:
    assert [meaning_share(usual, 0.3, model=True) for usual in (0.0, 1.0, 1e-320)] == [0.0, 1.0, 1e-320]


def test_a_model_number_leaves_little_to_meaning() -> None:
    # log odds: log(.6 / .4) + 2.5 * (.74 - 1) - 1.5 = -1.745, and 1 / (1 + e^1.745) = 0.149
    assert meaning_share(0.6, 1.0, model=True) == pytest.approx(0.149, abs=0.001)
