"""The exact index, with each of its scans."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recsys.errors import ArtifactError, ModelError
from recsys.index.exact import SCAN, VECTORS, ExactIndex, Int8Scan, quantised, query_digits
from recsys.schema import Floats
from tests.contracts import VectorIndexContract, brute_force, unit_rows

NEVER = 10**9


class TestExactIndexScanningInFloat32(VectorIndexContract):
    @pytest.fixture
    def build(self) -> Callable[[Floats], ExactIndex]:
        return partial(ExactIndex.build, int8_from=NEVER)

    @pytest.fixture
    def load(self) -> Callable[[Path], ExactIndex]:
        return ExactIndex.load


class TestExactIndexScanningInInt8(VectorIndexContract):
    @pytest.fixture
    def build(self) -> Callable[[Floats], ExactIndex]:
        return partial(ExactIndex.build, int8_from=0)

    @pytest.fixture
    def load(self) -> Callable[[Path], ExactIndex]:
        return ExactIndex.load


@pytest.mark.parametrize("int8_from", [0, NEVER])
@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    n=st.integers(1_030, 2_500),
    d=st.integers(1, 70),
    k=st.integers(1, 200),
    spread=st.sampled_from([1e-4, 0.01, 1.0]),
    length=st.sampled_from([1e-3, 1.0, 50.0]),
    share=st.sampled_from([None, 0.99, 0.5]),
)
def test_any_vectors_give_the_answer_of_brute_force(
    int8_from: int, seed: int, n: int, d: int, k: int, spread: float, length: float, share: float | None
) -> None:
    random = np.random.default_rng(seed)
    centre = random.standard_normal(d)
    vectors = (length * (centre + spread * random.standard_normal((n, d)))).astype(np.float32)
    query = (centre + random.standard_normal(d)).astype(np.float32)
    mask = None if share is None else random.random(n) < share
    rows, _ = brute_force(vectors, query, k, mask)
    np.testing.assert_array_equal(ExactIndex.build(vectors, int8_from).search(query, k, mask).rows, rows)


@pytest.mark.parametrize("int8_from", [0, NEVER])
@pytest.mark.parametrize("k", [1, 300])
@pytest.mark.parametrize("masked", [False, True])
def test_no_row_is_scored_exactly_twice(int8_from: int, k: int, masked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    index = ExactIndex.build(unit_rows(3_000, 32, 0), int8_from)
    scored: list[int] = []
    exact = ExactIndex._exact

    def counted(self: ExactIndex, rows: np.ndarray, vector: np.ndarray) -> np.ndarray:
        scored.extend(rows.tolist())
        return exact(self, rows, vector)

    monkeypatch.setattr(ExactIndex, "_exact", counted)
    mask = np.arange(3_000) % 2 == 0 if masked else None
    assert len(index.search(unit_rows(1, 32, 1)[0], k, mask)) == k
    assert max(k, 64) <= len(scored) < 1_000  # of 3,000: the scan leaves most of them out
    assert len(scored) == len(set(scored))
    assert not masked or all(row % 2 == 0 for row in scored)


@pytest.mark.parametrize("seed", range(5))
def test_no_rough_score_is_further_off_than_the_bound_says(seed: int) -> None:
    vectors, query = unit_rows(2_000, 96, seed), unit_rows(1, 96, seed + 50)[0].astype(np.float64)
    query /= np.linalg.norm(query)
    exact = vectors.astype(np.float64) @ query
    for index in (ExactIndex.build(vectors, 0), ExactIndex.build(vectors, NEVER)):
        rough, error = index._scan(query)
        assert np.abs(rough - exact).max() <= error < 0.02


def test_an_adversarial_row_is_found_although_the_rough_scan_ranks_it_low() -> None:
    # Row 1,999 loses half a step in every coordinate when rounded down; hundreds of others gain half a step.
    d, step = 100, 1 / 127
    vectors = np.full((2_000, d), 0.0, np.float32)
    vectors[:, 0] = 1.0
    vectors[:, 1:] = 0.51 * step  # rounds up to 1 step
    vectors[1_999, 1:] = 1.49 * step  # rounds down to 1 step: the same codes, the greatest score
    found = ExactIndex.build(vectors, 0).search(np.ones(d, np.float32), 1)
    assert found.rows.tolist() == [1_999]


def test_large_indexes_scan_in_int8_and_small_ones_in_float32() -> None:
    vectors = unit_rows(200, 8, 0)
    assert isinstance(ExactIndex.build(vectors, int8_from=200)._scan, Int8Scan)
    assert not isinstance(ExactIndex.build(vectors, int8_from=201)._scan, Int8Scan)


def test_codes_reach_127_and_the_rounding_error_is_at_most_half_a_step_a_coordinate() -> None:
    codes, scales, rounding = quantised(np.array([[1.27, -0.634, 0.0], [0.0, 0.0, 0.0]], np.float32))
    assert codes.tolist() == [[127, -63, 0], [0, 0, 0]]
    np.testing.assert_allclose(scales, [0.01, 1.0], rtol=1e-6)
    assert rounding == pytest.approx(0.004, abs=1e-5)  # |-0.634 - (-0.63)|


def test_two_digits_hold_a_query_to_one_part_in_eight_thousand() -> None:
    query = np.array([0.8, -0.6, 0.001])
    digits, weights = query_digits(query)
    value = weights.astype(np.float64) @ (digits.astype(np.float64) - 64)
    assert np.abs(value - query).max() <= 0.8 / 63 / 63  # half a step of the second digit, and more
    assert digits.min() >= 1
    assert digits.max() <= 127


@pytest.mark.parametrize(
    "bad", [np.ones(5), np.ones((2, 0)), np.array([[np.nan, 1.0]]), np.array([[np.inf, 1.0]])], ids=str
)
def test_vectors_that_are_no_table_of_numbers_are_refused(bad: np.ndarray) -> None:
    with pytest.raises(ModelError, match="no table of finite numbers"):
        ExactIndex.build(bad)


@pytest.mark.parametrize("name", [VECTORS, SCAN, "index.json"])
@pytest.mark.parametrize("damage", ["missing", "empty", "truncated", "garbage"])
def test_a_damaged_file_is_an_artifact_error_that_says_what_to_do(tmp_path: Path, name: str, damage: str) -> None:
    ExactIndex.build(unit_rows(100, 16, 0), 0).save(tmp_path)
    path = tmp_path / name
    whole = path.read_bytes()
    content = {"empty": b"", "truncated": whole[: len(whole) // 2], "garbage": b"not what it was" * 20}
    path.unlink()
    if damage != "missing":
        path.write_bytes(content[damage])
    with pytest.raises(ArtifactError, match="recsys prepare"):
        ExactIndex.load(tmp_path)


@pytest.mark.parametrize(("n", "d"), [(99, 16), (100, 15)])
def test_files_of_two_different_indexes_are_an_artifact_error(tmp_path: Path, n: int, d: int) -> None:
    ExactIndex.build(unit_rows(100, 16, 0), 0).save(tmp_path)
    np.save(tmp_path / VECTORS, unit_rows(n, d, 0))
    with pytest.raises(ArtifactError, match=r"\(100, 16\)"):
        ExactIndex.load(tmp_path)


def test_the_scan_of_another_index_is_an_artifact_error(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    ExactIndex.build(unit_rows(100, 16, 0), 0).save(tmp_path / "a")
    ExactIndex.build(unit_rows(90, 16, 0), 0).save(tmp_path / "b")
    (tmp_path / "a" / SCAN).write_bytes((tmp_path / "b" / SCAN).read_bytes())
    with pytest.raises(ArtifactError, match="90 rows"):
        ExactIndex.load(tmp_path / "a")


def test_loaded_rows_are_memory_mapped_and_cannot_be_written(tmp_path: Path) -> None:
    ExactIndex.build(unit_rows(100, 16, 0)).save(tmp_path)
    vectors = ExactIndex.load(tmp_path).vectors
    assert isinstance(vectors, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        vectors[0, 0] = 1.0
