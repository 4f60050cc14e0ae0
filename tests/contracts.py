"""One contract per kind of part: a test class inherits it and provides the part, and every promise is tested."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from recsys.encoders.contract import TextEncoder
from recsys.errors import BadRequestError
from recsys.index.contract import VectorIndex
from recsys.schema import Floats

AWKWARD_TEXTS = (
    "",
    " ",
    "milk",
    "🍕🍼",
    "حليب",
    "牛奶",
    "half a pair \ud83d",
    "x" * 10_000,
    "pasta " * 2_000,
    "a\x00b\n",
)


class TextEncoderContract:
    """A subclass provides the fixture `encoder`."""

    def test_vectors_are_float32_rows_of_length_one(self, encoder: TextEncoder) -> None:
        vectors = encoder.encode(["whole milk", "frozen waffles", "shampoo"])
        assert vectors.shape == (3, encoder.dimension)
        assert vectors.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)

    def test_no_texts_give_no_rows(self, encoder: TextEncoder) -> None:
        assert encoder.encode([]).shape == (0, encoder.dimension)

    def test_rows_follow_the_order_of_the_texts(self, encoder: TextEncoder) -> None:
        texts = ["a much longer text about frozen waffles", "milk", "dry pasta"]
        there, back = encoder.encode(texts), encoder.encode(texts[::-1])
        np.testing.assert_allclose(there, back[::-1], atol=1e-5)

    def test_the_same_texts_give_the_same_vectors(self, encoder: TextEncoder) -> None:
        np.testing.assert_array_equal(encoder.encode(["whole milk", "tea"]), encoder.encode(["whole milk", "tea"]))

    def test_a_vector_does_not_depend_on_what_else_is_encoded(self, encoder: TextEncoder) -> None:
        alone = encoder.encode(["whole milk"])[0]
        among = encoder.encode(["a rather long text about something else", "whole milk", "tea", "whole milk"])
        assert alone @ among[1] > 0.999
        assert alone @ among[3] > 0.999

    def test_different_texts_give_different_vectors(self, encoder: TextEncoder) -> None:
        first, second = encoder.encode(["whole milk", "laundry detergent, 50 oz"])
        assert first @ second < 0.9999

    @pytest.mark.parametrize("text", AWKWARD_TEXTS, ids=range(len(AWKWARD_TEXTS)))
    def test_an_awkward_text_still_gives_a_unit_vector(self, encoder: TextEncoder, text: str) -> None:
        vector = encoder.encode([text])[0]
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)

    def test_progress_ends_at_the_number_of_texts(self, encoder: TextEncoder) -> None:
        told: list[tuple[int, int]] = []
        encoder.encode(
            ["one", "two words", "three more words"], lambda done, total, note="": told.append((done, total))
        )
        assert told[-1] == (3, 3)
        assert told == sorted(told)

    def test_twenty_threads_get_what_one_gets(self, encoder: TextEncoder) -> None:
        texts = [f"product number {i}" for i in range(40)]
        expected = [encoder.encode([text])[0] for text in texts]
        with ThreadPoolExecutor(20) as pool:
            seen = list(pool.map(lambda text: encoder.encode([text])[0], texts))
        np.testing.assert_allclose(seen, expected, atol=1e-5)


def brute_force(
    vectors: Floats, query: Floats, k: int, mask: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """(rows, scores) of the best k by the definition: inner products in float64, rounded to float32, ties by row."""
    scores = (vectors.astype(np.float64) * query.astype(np.float64)).sum(axis=1).astype(np.float32)
    rows = np.arange(len(vectors)) if mask is None else np.flatnonzero(mask)
    order = sorted(rows, key=lambda row: (-scores[row], row))[:k]
    return np.array(order, np.int32), scores[order]


def unit_rows(n: int, d: int, seed: int) -> Floats:
    """Random unit vectors in a few clusters, (n, d), among which some are exactly equal."""
    random = np.random.default_rng(seed)
    centres = random.standard_normal((max(n // 20, 1), d))
    rows = centres[random.integers(0, len(centres), n)] + 0.3 * random.standard_normal((n, d))
    rows[n // 2 :: 7] = rows[: len(rows[n // 2 :: 7])]
    units: Floats = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return units


class VectorIndexContract:
    """A subclass provides the fixtures `build` (vectors -> index) and `load` (folder -> index)."""

    Build = Callable[[Floats], VectorIndex]
    Load = Callable[[Path], VectorIndex]

    @pytest.mark.parametrize("seed", range(5))
    @pytest.mark.parametrize("k", [1, 12, 100, 700])
    def test_the_answer_is_that_of_brute_force(self, build: Build, seed: int, k: int) -> None:
        vectors = unit_rows(3_000, 48, seed)
        query = unit_rows(1, 48, seed + 100)[0]
        rows, scores = brute_force(vectors, query, k)
        found = build(vectors).search(query, k)
        np.testing.assert_array_equal(found.rows, rows)
        np.testing.assert_allclose(found.scores, scores, atol=1e-6)
        assert found.rows.dtype == np.int32
        assert found.scores.dtype == np.float32

    @pytest.mark.parametrize("share", [0.001, 0.1, 0.6, 1.0])
    def test_a_mask_leaves_only_the_rows_it_allows(self, build: Build, share: float) -> None:
        vectors = unit_rows(3_000, 32, 1)
        mask = np.random.default_rng(2).random(3_000) < share
        rows, _ = brute_force(vectors, vectors[5], 20, mask)
        np.testing.assert_array_equal(build(vectors).search(vectors[5], 20, mask).rows, rows)

    def test_an_empty_mask_finds_nothing(self, build: Build) -> None:
        assert len(build(unit_rows(50, 8, 0)).search(np.ones(8, np.float32), 3, np.zeros(50, np.bool_))) == 0

    def test_equal_scores_come_in_the_order_of_their_rows(self, build: Build) -> None:
        vectors = np.tile(np.eye(4, dtype=np.float32), (500, 1))  # rows 1, 5, 9, ... are equal
        found = build(vectors).search(vectors[1], 600)
        assert found.rows[:500].tolist() == list(range(1, 2_000, 4))
        assert found.rows[500:].tolist() == [row for row in range(2_000) if row % 4 != 1][:100]

    def test_all_rows_equal_come_in_order(self, build: Build) -> None:
        vectors = np.repeat(unit_rows(1, 17, 3), 2_500, axis=0)
        assert build(vectors).search(vectors[0], 9).rows.tolist() == list(range(9))

    def test_k_larger_than_the_index_gives_every_row_once(self, build: Build) -> None:
        found = build(unit_rows(30, 8, 0)).search(np.ones(8, np.float32), 10**9)
        assert sorted(found.rows.tolist()) == list(range(30))

    def test_an_index_of_no_rows_finds_nothing(self, build: Build) -> None:
        index = build(np.empty((0, 8), np.float32))
        assert len(index.search(np.ones(8, np.float32), 3)) == 0
        assert index.scores(np.ones(8, np.float32)).shape == (0,)

    @pytest.mark.parametrize("k", [0, -1, 1.5, True, None, "3"])
    def test_an_impossible_k_is_a_bad_request(self, build: Build, k: object) -> None:
        with pytest.raises(BadRequestError, match="1 or more"):
            build(unit_rows(30, 8, 0)).search(np.ones(8, np.float32), k)  # type: ignore[arg-type]

    @pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
    def test_a_query_that_is_not_finite_is_a_bad_request(self, build: Build, bad: float) -> None:
        index, query = build(unit_rows(30, 8, 0)), np.ones(8, np.float32)
        query[3] = bad
        with pytest.raises(BadRequestError, match="not finite"):
            index.search(query, 3)
        with pytest.raises(BadRequestError, match="not finite"):
            index.scores(query)

    @pytest.mark.parametrize("shape", [(7,), (9,), (1, 8), ()])
    def test_a_query_of_another_shape_is_a_bad_request(self, build: Build, shape: tuple[int, ...]) -> None:
        with pytest.raises(BadRequestError, match="shape"):
            build(unit_rows(30, 8, 0)).search(np.ones(shape, np.float32), 3)

    @pytest.mark.parametrize("mask", [np.ones(29, np.bool_), np.ones(30, np.int8), np.ones((30, 1), np.bool_)], ids=str)
    def test_a_mask_of_another_kind_is_a_bad_request(self, build: Build, mask: np.ndarray) -> None:
        with pytest.raises(BadRequestError, match="mask"):
            build(unit_rows(30, 8, 0)).search(np.ones(8, np.float32), 3, mask)

    def test_a_zero_query_scores_every_row_the_same(self, build: Build) -> None:
        found = build(unit_rows(2_000, 8, 0)).search(np.zeros(8, np.float32), 5)
        assert found.rows.tolist() == [0, 1, 2, 3, 4]
        assert found.scores.tolist() == [0.0] * 5

    @pytest.mark.parametrize("factor", [1e-12, 0.5, 1e6])
    def test_the_length_of_the_query_does_not_change_the_order(self, build: Build, factor: float) -> None:
        vectors = unit_rows(2_500, 24, 4)
        index, query = build(vectors), unit_rows(1, 24, 5)[0]
        scaled = index.search(query * np.float32(factor), 1).rows
        np.testing.assert_array_equal(scaled, index.search(query, 1).rows)

    def test_scores_are_the_inner_products_of_all_rows(self, build: Build) -> None:
        vectors = unit_rows(2_000, 24, 6)
        scores = build(vectors).scores(vectors[9])
        assert scores.shape == (2_000,)
        assert scores.dtype == np.float32
        np.testing.assert_allclose(scores, (vectors * vectors[9]).sum(axis=1), atol=1e-5)

    def test_size_and_dimension_are_those_of_the_vectors(self, build: Build) -> None:
        index = build(unit_rows(30, 8, 0))
        assert (index.size, index.dimension) == (30, 8)

    def test_a_loaded_index_answers_as_the_saved_one(self, build: Build, load: Load, tmp_path: Path) -> None:
        vectors = unit_rows(2_500, 24, 7)
        saved = build(vectors)
        saved.save(tmp_path)
        loaded = load(tmp_path)
        for query in vectors[:5]:
            before, after = saved.search(query, 30), loaded.search(query, 30)
            np.testing.assert_array_equal(after.rows, before.rows)
            np.testing.assert_array_equal(after.scores, before.scores)

    def test_twenty_threads_get_what_one_gets(self, build: Build) -> None:
        vectors = unit_rows(3_000, 24, 8)
        index = build(vectors)
        expected = [index.search(query, 10).rows.tolist() for query in vectors[:60]]
        with ThreadPoolExecutor(20) as pool:
            assert list(pool.map(lambda query: index.search(query, 10).rows.tolist(), vectors[:60])) == expected
