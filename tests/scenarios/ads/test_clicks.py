"""The position-based model: what made the records is found in them again."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.scenarios.ads.clicks import ClickModel, attention_of, fitted


def test_both_factors_are_found_again() -> None:
    examined, attracts = np.array([1.0, 0.6, 0.4]), np.array([0.1, 0.3])
    shown = np.array([[100.0, 900.0], [500.0, 500.0], [900.0, 100.0]])  # better things stand further up
    found = fitted(shown * np.outer(examined, attracts), shown)
    assert found[0] == pytest.approx(examined)
    assert found[1] == pytest.approx(attracts)


def test_the_exponent_is_found_again() -> None:
    assert attention_of(np.arange(1, 21) ** -0.57) == pytest.approx(0.57)
    assert attention_of(np.ones(1)) == 0


def test_without_a_click_nothing_breaks() -> None:
    examined, attracts = fitted(np.zeros((3, 2)), np.ones((3, 2)))
    assert np.isnan(examined).all()
    assert np.isnan(attracts).all()


def test_places_fall_and_relevance_attracts() -> None:
    model = ClickModel(0.5, 0.1, 0.4, "")
    assert model.examined(4) == pytest.approx([1, 2**-0.5, 3**-0.5, 0.5])
    assert model.attracts(np.array([0.0, 0.5, 1.0, 7.0])) == pytest.approx([0.1, 0.25, 0.4, 0.4])
