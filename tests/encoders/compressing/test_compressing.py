"""Smaller encoders do what they say: right answers known by construction, on a random BERT of two layers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recsys.encoders import weights
from recsys.encoders.compressing import folders, graphs, pruning, shortening, static
from recsys.encoders.compressing.methods import (
    DISTILLED_INT8,
    FULL,
    INT8_WHOLE,
    METHODS,
    Workshop,
    method_of,
    product_vectors,
    workshop,
)
from recsys.encoders.onnx_encoder import GRAPH, OnnxTextEncoder
from recsys.encoders.serving_graph import SERVING, brings_graph, reads_products, serving_encoder
from recsys.encoders.torch_encoder import TorchTextEncoder
from recsys.encoders.weights import ModelFiles
from recsys.errors import BadRequestError, ModelError
from tests.encoders.tiny_models import save_tiny_model

TEXTS = ["whole milk", "dry pasta", "frozen waffles", "shampoo", "laundry detergent", "tea a b 1 2", "c d e f"] * 3
HEADS = 2  # of each of the two layers


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> ModelFiles:
    return weights.locate(str(save_tiny_model(tmp_path_factory.mktemp("tiny") / "tiny")))


@pytest.fixture(scope="module")
def shop(model: ModelFiles, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return workshop(model, TEXTS, tmp_path_factory.mktemp("made"), lessons=TEXTS[:7], watched=TEXTS[:3])


def made(shop: Workshop, name: str) -> Path:
    folder = shop.folder / name
    method_of(name).make(shop, folder, lambda done, total, note="": None)
    return folder


def silenced_and_pruned(model: ModelFiles, heads: list[tuple[int, int]], folder: Path) -> tuple[Path, Path]:
    """Graphs of the model with some heads silenced: as they are, and with these heads cut out."""
    arrays = pruning.silenced(folders.read_arrays(model), heads, HEADS)
    folders.copy_small(model, folder / "model")
    folders.write_arrays(folder / "model" / weights.WEIGHTS, arrays)
    silent = graphs.full(ModelFiles("silent", folder / "model", ""), folder / "silent")
    (folder / "cut" / SERVING).mkdir(parents=True)
    pruning.without_heads(silent / GRAPH, folder / "cut" / SERVING / GRAPH, heads, HEADS)
    return silent, graphs.serve(model, "cut", folder / "cut")


@pytest.mark.parametrize("heads", [[], [(0, 1)], [(0, 0), (1, 1)]])
def test_cutting_silent_heads_out_changes_nothing(
    heads: list[tuple[int, int]], model: ModelFiles, tmp_path: Path
) -> None:
    silent, cut = silenced_and_pruned(model, heads, tmp_path)
    np.testing.assert_allclose(graphs.opened(cut).encode(TEXTS), graphs.opened(silent).encode(TEXTS), atol=1e-6)
    assert (cut / GRAPH).stat().st_size < (silent / GRAPH).stat().st_size or not heads


def test_silencing_a_head_that_speaks_moves_the_vectors(model: ModelFiles, shop: Workshop, tmp_path: Path) -> None:
    silent, _ = silenced_and_pruned(model, [(0, 0)], tmp_path)
    assert pruning.moved(shop.vectors, graphs.opened(silent).encode(TEXTS)) > 1e-6


def test_the_heads_of_least_worth_go_and_each_layer_keeps_one() -> None:
    worth = np.array([[1.0, 2.0, 3.0], [9.0, 8.0, 7.0]], np.float32)
    assert pruning.least_worthy(worth, 3) == [(0, 0), (0, 1), (1, 2)]  # (0, 2) is the last of its layer
    with pytest.raises(BadRequestError, match="5 of 6 heads to prune"):
        pruning.least_worthy(worth, 5)


def test_the_layers_that_do_nothing_are_left_out() -> None:
    directions = np.eye(4, dtype=np.float32)
    worth = {0: 0, 1: 3, 2: 0, 3: 1}  # turning by so much of a right angle each

    def vectors_with(kept: list[int]) -> np.ndarray:
        angle = sum(worth[layer] for layer in kept) / 10
        return np.cos(angle) * directions[:2] + np.sin(angle) * directions[2:]

    assert pruning.chosen_layers(4, 2, vectors_with) == [1, 3]
    with pytest.raises(BadRequestError, match="5 of 4 layers"):
        pruning.chosen_layers(4, 5, vectors_with)


def test_layers_are_numbered_anew(model: ModelFiles, tmp_path: Path) -> None:
    arrays = folders.read_arrays(model)
    pruning.with_layers(model, [1], tmp_path / "one")
    small = folders.read_arrays(ModelFiles("one", tmp_path / "one", ""))
    name = "attention.self.query.weight"
    np.testing.assert_array_equal(small[f"encoder.layer.0.{name}"], arrays[f"encoder.layer.1.{name}"])
    assert f"encoder.layer.1.{name}" not in small
    assert folders.read_json(tmp_path / "one" / "config.json")["num_hidden_layers"] == 1


@pytest.mark.parametrize("name", ["int8", "int8-static"])
def test_eight_bits_stay_near_the_full_vectors(name: str, shop: Workshop) -> None:
    folder = made(shop, name)
    seen = OnnxTextEncoder(folder / SERVING).encode(TEXTS)
    assert np.vecdot(seen, shop.vectors).min() > 0.98
    assert not np.array_equal(seen, shop.vectors)


def test_axes_keep_what_lies_on_them() -> None:
    rng = np.random.default_rng(0)
    plane = np.linalg.qr(rng.normal(size=(6, 2)))[0].T  # two directions of six
    vectors = (rng.normal(size=(50, 2)) @ plane).astype(np.float32)
    turned = vectors @ shortening.axes(vectors, 2)
    np.testing.assert_allclose(turned @ turned.T, vectors @ vectors.T, atol=1e-4)
    with pytest.raises(BadRequestError, match="vectors of 7 numbers"):
        shortening.axes(vectors, 7)


def test_all_axes_turn_and_change_no_cosine(model: ModelFiles, shop: Workshop, tmp_path: Path) -> None:
    turn = shortening.axes(shop.vectors, 16)
    (tmp_path / SERVING).mkdir()
    shortening.shortened(shop.graph, tmp_path / SERVING / GRAPH, turn)
    seen = graphs.opened(graphs.serve(model, "turned", tmp_path, 16)).encode(TEXTS)
    np.testing.assert_allclose(seen @ seen.T, shop.vectors @ shop.vectors.T, atol=1e-5)


def test_a_static_vector_is_exactly_the_mean_of_its_tokens(model: ModelFiles, tmp_path: Path) -> None:
    rows = np.zeros((40, 3), np.float32)
    rows[5], rows[6] = (3, 0, 0), (0, 4, 0)  # "milk" and "whole"; the marks at both ends say nothing
    static.write_graph(rows, tmp_path / SERVING / GRAPH)
    encoder = graphs.opened(graphs.serve(model, "static", tmp_path, 3))
    np.testing.assert_allclose(encoder.encode(["whole milk"]), [[0.6, 0.8, 0.0]], atol=1e-6)  # (3, 4) / 5


def test_a_rare_token_weighs_more_and_marks_say_nothing() -> None:
    vectors = np.array([[1, 0], [-1, 0], [0, 0.5], [0, -0.5]], np.float32)
    shares = np.array([1e-3, 0.0, 0.5, 0.1], np.float32)
    rows = static.table(vectors, shares, 2, silent=[3])
    assert abs(rows[0, 0]) == pytest.approx(0.5)  # 1e-3 / (1e-3 + 1e-3)
    assert abs(rows[1, 0]) == pytest.approx(1.0)
    assert np.abs(rows[3]).max() <= static.NOTHING


WITHOUT_WEIGHTS = (INT8_WHOLE, DISTILLED_INT8)


@pytest.mark.parametrize("name", WITHOUT_WEIGHTS)
def test_where_there_are_no_weights_the_graph_reads_products_too(name: str, shop: Workshop) -> None:
    folder = made(shop, name)
    assert not (folder / weights.WEIGHTS).exists()
    assert reads_products(folder)
    assert weights.recipe(weights.locate(str(folder))).obstacle  # nobody tries to export it
    queries = serving_encoder(folder).encode(TEXTS)
    np.testing.assert_array_equal(product_vectors(METHODS[name], folder, TEXTS, shop.vectors), queries)


@pytest.mark.parametrize(
    "name", [name for name in METHODS if name not in (FULL, "int8", "int8-static", *WITHOUT_WEIGHTS)]
)
def test_products_and_queries_are_read_alike(name: str, shop: Workshop) -> None:
    """The folder's weights, read by sentence-transformers or torch, and its graph give the same vectors."""
    folder = made(shop, name)
    queries = serving_encoder(folder).encode(TEXTS)
    by_weights = TorchTextEncoder(weights.locate(str(folder)), "fp32").encode(TEXTS)
    np.testing.assert_allclose(by_weights, queries, atol=1e-4)
    np.testing.assert_allclose(product_vectors(METHODS[name], folder, TEXTS, shop.vectors), queries, atol=1e-4)


def test_a_damaged_graph_is_refused(shop: Workshop) -> None:
    folder = made(shop, "short-96")
    assert brings_graph(folder)
    with (folder / SERVING / GRAPH).open("ab") as file:
        file.write(b"x")
    with pytest.raises(ModelError, match="damaged: its SHA-256"):
        serving_encoder(folder)
    (folder / SERVING / GRAPH).unlink()
    with pytest.raises(ModelError, match="missing or damaged"):
        serving_encoder(folder)


def test_what_is_no_bert_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="can neither be adapted nor compressed"):
        folders.checked(weights.locate(str(save_tiny_model(tmp_path / "mpnet", "mpnet"))))


def test_an_unknown_way_names_those_there_are() -> None:
    with pytest.raises(BadRequestError, match="int8-static"):
        method_of("magic")
