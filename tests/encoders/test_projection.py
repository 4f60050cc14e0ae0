"""Maps of synthetic clusters, where the true neighbours are known by construction."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from recsys.encoders import projection
from recsys.encoders.maps import Maps
from recsys.encoders.neighbour_maps import tsne_map
from recsys.encoders.projection import (
    Graph,
    build_maps,
    into_the_box,
    neighbour_graph,
    neighbours_kept,
    principal_axes,
)
from recsys.errors import ArtifactError
from recsys.schema import Floats
from tests.encoders.clusters import CLUSTERS, EACH, unit


def test_the_graph_is_what_sorting_all_cosines_gives(clustered: Floats) -> None:
    scores = clustered @ clustered.T
    np.fill_diagonal(scores, -np.inf)
    graph = neighbour_graph(clustered, 7)
    assert (graph.rows == np.argsort(-scores, axis=1, kind="stable")[:, :7]).all()
    assert graph.cosine == pytest.approx(-np.sort(-scores, axis=1)[:, :7], abs=1e-6)


def test_the_graph_of_few_points_has_all_the_others() -> None:
    graph = neighbour_graph(np.eye(3, dtype=np.float32), 10)
    assert graph.rows.tolist() == [[1, 2], [0, 2], [0, 1]]


def test_points_may_look_for_others_by_other_vectors_than_they_are_found_by() -> None:
    found = np.eye(3, dtype=np.float32)
    asking = found[[1, 2, 0]]  # each looks for the next one
    assert neighbour_graph(found, 1, asking).rows.tolist() == [[1], [2], [0]]


def test_only_the_maps_that_are_named_are_made_and_the_straight_one(tmp_path: Path, clustered: Floats) -> None:
    told: list[tuple[int, int]] = []
    info = build_maps(clustered, tmp_path, lambda done, total, note="": told.append((done, total)), ("pca",))
    assert [(each["method"], each["dims"]) for each in info["maps"]] == [("pca", 2), ("pca", 3)]
    assert not (tmp_path / "umap2.npy").exists()
    assert told[-1][0] == told[-1][1]


def test_principal_axes_find_the_direction_of_a_line() -> None:
    mean, axes = principal_axes(np.array([[0, 0], [3, 4], [6, 8]], np.float32), 3)
    assert mean.tolist() == [3, 4]
    assert axes[:, 0] == pytest.approx([0.6, 0.8], abs=1e-5)
    assert axes[:, 2].tolist() == [0, 0]  # two dimensions have no third axis


@given(arrays(np.float32, (5, 2), elements=st.floats(-1e3, 1e3, width=32)))
def test_the_box_is_never_left_and_shapes_are_kept(points: Floats) -> None:
    boxed, centre, scale = into_the_box(points)
    assert np.abs(boxed).max() <= 1 + 1e-4
    assert boxed == pytest.approx((points - centre) * scale, abs=1e-3)


def test_all_neighbours_are_kept_when_the_map_is_the_line_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(projection, "NEAREST", 2)
    monkeypatch.setattr(projection, "WINDOW", 2)
    # Points 0..4 on a line; the two nearest of 0 are 1, 2; of 4 are 3, 2.
    graph = Graph(np.array([[1, 2], [0, 2], [1, 3], [2, 4], [3, 2]], np.int32), np.array([[0.9, 0.8]] * 5, np.float32))
    line = np.array([[0], [1], [2], [3], [4]], np.float32)
    everyone = np.arange(5, dtype=np.int32)
    assert neighbours_kept(graph, line, everyone) == 1
    # With the ends swapped, 0 lies at 4 and finds 2, 3: half of its neighbours; 4 lies at 0 and finds 1, 2: half.
    # 1 finds 2 and 4: half; 2 keeps both; 3 finds 2 and 0: half. (4 x 1 + 2) / 10.
    swapped = np.array([[4], [1], [2], [3], [0]], np.float32)
    assert neighbours_kept(graph, swapped, everyone) == pytest.approx(6 / 10)


def test_points_equally_near_count_whichever_of_them_the_map_keeps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(projection, "NEAREST", 1)
    monkeypatch.setattr(projection, "WINDOW", 1)
    graph = Graph(np.array([[1, 2]], np.int32), np.array([[0.7, 0.7]], np.float32))  # 1 and 2 are as near to 0
    graph = Graph(np.repeat(graph.rows, 3, 0), np.repeat(graph.cosine, 3, 0))
    assert neighbours_kept(graph, np.array([[0.0], [9], [1]], np.float32), np.array([0], np.int32)) == 1


def test_every_map_keeps_the_clusters_apart(built: tuple[Maps, Path, object], clustered: Floats) -> None:
    maps, _, _ = built
    for method in ("umap", "tsne"):
        for dims in (2, 3):
            positions = np.asarray(maps.positions(method, dims))
            apart = np.linalg.norm(positions[:, None] - positions[None], axis=2)
            np.fill_diagonal(apart, np.inf)
            same = apart.argmin(axis=1) // EACH == np.arange(len(positions)) // EACH
            assert same.mean() > 0.99, (method, dims)


def test_the_maps_say_how_faithful_they_are(built: tuple[Maps, Path, object]) -> None:
    maps, _, _ = built
    assert [(i.method, i.dims) for i in maps.infos] == [
        ("umap", 2), ("umap", 3), ("tsne", 2), ("tsne", 3), ("pca", 2), ("pca", 3),
    ]  # fmt: skip
    for info in maps.infos:
        assert info.fitted_on == CLUSTERS * EACH
        assert 0 <= info.faithfulness <= 1
        if info.method != "pca":  # all of the 49 others of a cluster fit into the window of 50
            assert info.faithfulness > 0.95
            assert info.placed_faithfulness > 0.95


def test_positions_fill_the_box(built: tuple[Maps, Path, object]) -> None:
    maps, _, _ = built
    for info in maps.infos:
        positions = maps.positions(info.method, info.dims)
        assert positions.shape == (CLUSTERS * EACH, info.dims)
        assert positions.dtype == np.float32
        assert np.ptp(positions, axis=0).max() == pytest.approx(2, abs=1e-4)


def test_progress_rises_to_the_end_and_names_each_map(
    built: tuple[Maps, Path, list[tuple[int, int, str]]],
) -> None:
    told = built[2]
    assert [d for d, _, _ in told] == sorted(d for d, _, _ in told)
    assert told[-1][0] == told[-1][1]
    assert {"UMAP, 2-D", "UMAP, 3-D", "t-SNE, 2-D", "t-SNE, 3-D"} <= {note for _, _, note in told}


def test_a_handful_of_products_gets_the_straight_view_and_says_so(
    tmp_path: Path,
) -> None:
    few = unit(np.random.default_rng(1).normal(size=(5, 4)).astype(np.float32))
    build_maps(few, tmp_path)
    maps = Maps(tmp_path, few)
    assert maps.positions("umap", 2) == pytest.approx(maps.positions("pca", 2))
    assert "straight view (PCA) is shown instead" in maps.infos[0].note


def test_a_method_that_stops_is_an_error_with_its_last_words(
    clustered: Floats, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projection, "_write_graph", lambda folder, graph, start: None)  # the graph never arrives
    with pytest.raises(ArtifactError, match=r"stopped with code 1: FileNotFoundError"):
        build_maps(clustered, tmp_path)


def test_the_same_graph_gives_the_same_map(clustered: Floats) -> None:
    graph = neighbour_graph(clustered, 30)
    neighbours = np.hstack([np.arange(300, dtype=np.int32)[:, None], graph.rows])
    distances = np.hstack([np.zeros((300, 1), np.float32), 1 - graph.cosine])
    first, second = (tsne_map(neighbours, distances, clustered[:, :3], 2) for _ in range(2))
    assert (first == second).all()
