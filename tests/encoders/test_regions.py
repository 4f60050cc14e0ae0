"""Regions of a map: the crowds, each named by the words that tell it from the rest."""

from __future__ import annotations

import numpy as np

from recsys.encoders.regions import LEAST, MOST, regions


def crowd(x: float, y: float, names: list[str]) -> tuple[np.ndarray, list[str]]:
    """As many places near (x, y) as there are names."""
    angle = np.linspace(0, 2 * np.pi, len(names), endpoint=False)
    return np.column_stack([x + 0.03 * np.cos(angle), y + 0.03 * np.sin(angle)]), names


def test_each_crowd_is_named_by_the_word_its_names_share_and_others_lack() -> None:
    tea, teas = crowd(-0.6, 0.5, [f"green tea number {n} pack" for n in "abcdefghijkl"])
    dogs, dog = crowd(0.6, -0.4, [f"dog biscuit kind {n} pack" for n in "abcdefghijkl"])
    found = regions(np.vstack([tea, dogs]).astype(np.float32), [*teas, *dog])
    assert len(found) == 2
    by_side = sorted(found, key=lambda region: region.x)
    assert set(by_side[0].words.split(" & ")) <= {"green", "tea", "number"}
    assert set(by_side[1].words.split(" & ")) <= {"dog", "biscuit", "kind"}
    assert abs(by_side[0].x + 0.6) < 0.02
    assert abs(by_side[0].y - 0.5) < 0.02
    assert by_side[0].size == 12


def test_equal_names_are_one_place_and_no_crowd() -> None:
    at, _ = crowd(0, 0, ["x"] * 40)
    assert regions(at.astype(np.float32), ["same name"] * 40) == ()


def test_too_few_names_are_no_region_and_an_empty_map_has_none() -> None:
    at, names = crowd(0, 0, [f"tea {n}" for n in "abcdefghij"[: LEAST - 1]])
    assert regions(at.astype(np.float32), names) == ()
    assert regions(np.empty((0, 2), np.float32), []) == ()


def test_there_are_never_more_names_than_a_screen_holds_and_no_word_twice() -> None:
    rng = np.random.default_rng(0)
    at = rng.uniform(-1, 1, (4000, 2)).astype(np.float32)
    names = [
        f"word{chr(97 + int(5 * (x + 1)))}{chr(97 + int(5 * (y + 1)))} thing {chr(97 + n % 26)}{n}"
        for n, (x, y) in enumerate(at)
    ]
    found = regions(at, names)
    words = [word for region in found for word in region.words.split(" & ")]
    assert 0 < len(found) <= MOST
    assert len(words) == len(set(words))
