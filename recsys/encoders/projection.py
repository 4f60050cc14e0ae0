"""Vectors on a plane or in a cube: PCA, UMAP and t-SNE, made at preparation, and how far each can be trusted.

Every distinct vector is one point. All maps start from one exact neighbour graph (cosine, all dimensions). The picture
of a map is its faithfulness: the share of each point's true nearest neighbours that are still near it on the map.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from recsys.artifacts import PREPARE, write_array
from recsys.encoders.neighbour_maps import GRAPH, SEED
from recsys.encoders.placing import METHODS, PLACED_AMONG, MapInfo, among_neighbours
from recsys.errors import ArtifactError
from recsys.progress import Progress, silent
from recsys.schema import Floats, Rows
from recsys.settings import PROJECT

DIMS: Final = (2, 3)
COMPONENTS: Final = 50
GRAPH_NEIGHBOURS: Final = 60  # three times t-SNE's perplexity, as its authors advise
NEAREST: Final = 10  # true neighbours that are looked for ...
WINDOW: Final = 50  # ... among this many nearest points on the map
SAMPLE: Final = 2000  # points that faithfulness is measured on; its standard error is then about .003
SMALLEST: Final = 40  # fewer points have no neighbourhoods worth a map: all methods show the principal components
HEARTBEAT: Final = 0.5  # seconds after which somebody who wants to stop is heard
_BLOCK: Final = 1024
_GRAPH_SECONDS: Final = 3  # shares of progress
_SECONDS: Final = {
    "umap2": 8,
    "umap3": 4,
    "tsne2": 10,
    "tsne3": 16,
}


@dataclass(frozen=True, slots=True)
class Graph:
    """Each point's exact nearest neighbours, most similar first, ties by row, itself left out."""

    rows: Rows  # (n, k)
    cosine: Floats  # (n, k)


def neighbour_graph(vectors: Floats, k: int, asking: Floats | None = None) -> Graph:
    """The exact `k` nearest neighbours by cosine of every unit vector (n, d), in blocks of a matrix product.

    `asking` (n, d) is how each of them looks for others, where that is not how it is found.
    """
    n = len(vectors)
    asking = vectors if asking is None else asking
    k = min(k, n - 1)
    rows = np.empty((n, k), np.int32)
    cosine = np.empty((n, k), np.float32)
    for start in range(0, n, _BLOCK):
        scores = asking[start : start + _BLOCK] @ vectors.T  # (b, d) @ (d, n) -> (b, n)
        here = np.arange(len(scores))
        scores[here, start + here] = -np.inf
        best = np.sort(
            np.argpartition(scores, -k, axis=1)[:, -k:], axis=1
        )  # by row, so that the next sort keeps ties so
        near = np.take_along_axis(scores, best, 1)
        order = np.argsort(-near, axis=1, kind="stable")
        rows[start : start + _BLOCK] = np.take_along_axis(best, order, 1)
        cosine[start : start + _BLOCK] = np.take_along_axis(near, order, 1)
    return Graph(rows, cosine)


def principal_axes(vectors: Floats, count: int) -> tuple[Floats, Floats]:
    """The mean (d,) and the `count` first principal axes (d, count), by eigenvectors of the covariance.

    Axes beyond the rank are zero; each axis points where its largest entry is positive, so that it is reproducible.
    """
    mean = vectors.mean(axis=0)
    centred = vectors - mean
    _, axes = np.linalg.eigh(centred.T @ centred / len(vectors))
    axes = axes[:, ::-1][:, :count]
    signs = np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
    out = np.zeros((vectors.shape[1], count), np.float32)
    out[:, : axes.shape[1]] = axes * signs
    return mean.astype(np.float32), out


def into_the_box(positions: Floats) -> tuple[Floats, Floats, float]:
    """Positions moved and scaled, shape kept, so that the longest side runs from -1 to 1.

    Returns (positions, the centre that was subtracted, the scale that was multiplied).
    """
    low, high = positions.min(axis=0), positions.max(axis=0)
    centre = ((low + high) / 2).astype(np.float32)
    scale = 2 / max(float((high - low).max()), 1e-9)
    return ((positions - centre) * scale).astype(np.float32), centre, scale


def neighbours_kept(graph: Graph, positions: Floats, sample: Rows, at: Floats | None = None) -> float:
    """The share of the NEAREST true neighbours of `sample` found among the WINDOW nearest points on the map.

    `at` (len(sample), dims) looks around other places than the points' own. Points as similar as the last of the
    true neighbours count as well as it (equal texts have no order). 1 when nothing is lost; by chance WINDOW / n.
    """
    from scipy.spatial import cKDTree

    n, k = len(positions), min(NEAREST, graph.rows.shape[1])
    window = min(WINDOW, n - 1)
    places = positions[sample] if at is None else at
    _, found = cKDTree(positions).query(places, k=window + 1)
    found = np.asarray(found)
    itself = found == sample[:, None]
    itself[~itself.any(axis=1), -1] = True  # among many at one place: leave the last out instead
    found = found[~itself].reshape(len(sample), window)
    kept = 0
    for row, near in zip(sample, found, strict=True):
        last = graph.cosine[row, k - 1]
        surely = graph.rows[row, graph.cosine[row] > last + 1e-6]
        tied = graph.rows[row, np.abs(graph.cosine[row] - last) <= 1e-6]
        kept += int(np.isin(surely, near).sum()) + min(k - len(surely), int(np.isin(tied, near).sum()))
    return float(kept / (len(sample) * k))


def build_maps(
    vectors: Floats,
    folder: Path,
    progress: Progress = silent,
    methods: Sequence[str] = tuple(METHODS),
    asking: Floats | None = None,
) -> dict[str, Any]:
    """Make maps of the unit vectors (n, d) in `folder`: `<method><dims>.npy` (n, dims), axes and `maps.json`.

    PCA is always among them, of the other `methods` those that are named. `asking` as for `neighbour_graph`: what is
    placed later comes as such a vector, so that the straight view is one of those. The same vectors give the same
    maps: the two neighbour methods run side by side, each on one thread. Returns what `maps.json` holds. Raises
    ArtifactError when UMAP or t-SNE fails.
    """
    vectors = np.ascontiguousarray(vectors, dtype=np.float32)
    asking = vectors if asking is None else np.ascontiguousarray(asking, dtype=np.float32)
    total = _GRAPH_SECONDS + 1 + sum(seconds for name, seconds in _SECONDS.items() if name[:-1] in methods)
    done = 0
    progress(0, total, "true neighbours")
    graph = neighbour_graph(vectors, GRAPH_NEIGHBOURS, asking)
    mean, axes = principal_axes(asking, COMPONENTS)
    start: Floats = np.asarray((asking - mean) @ axes, np.float32)  # (n, d) @ (d, 50) -> (n, 50)
    sample = np.sort(np.random.default_rng(SEED).permutation(len(vectors))[:SAMPLE]).astype(np.int32)
    infos: list[MapInfo] = []
    projection: dict[str, Any] = {"mean": mean, "axes": axes[:, :3]}
    done += _GRAPH_SECONDS

    def still_at_it() -> None:
        progress(min(done, total - 1), total, infos[-1].title)

    others = [method for method in methods if method != "pca"]
    for method, dims, raw, seconds in _every_map(graph, start, others, still_at_it):
        positions, centre, scale = into_the_box(raw)
        write_array(folder / f"{method}{dims}.npy", positions)
        if method == "pca":
            projection |= {f"centre{dims}": centre, f"scale{dims}": np.float32(scale)}
        infos.append(_measure(method, dims, graph, positions, sample, seconds))
        done += _SECONDS.get(f"{method}{dims}", 0)
        progress(min(done, total - 1), total, infos[-1].title)
    np.savez(folder / "pca_axes.npz", **projection)
    info = {"maps": [asdict(i) for i in sorted(infos, key=lambda i: (list(METHODS).index(i.method), i.dims))]}
    (folder / "maps.json").write_text(json.dumps(info, indent=1), encoding="utf-8")
    progress(total, total, "")
    return info


def _every_map(
    graph: Graph, start: Floats, others: Sequence[str], waiting: Callable[[], None]
) -> Iterator[tuple[str, int, Floats, float]]:
    for dims in DIMS:
        yield "pca", dims, start[:, :dims], 0.0
    if len(start) >= SMALLEST:
        yield from _neighbour_maps(graph, start, others, waiting)
        return
    for method in others:
        for dims in DIMS:
            yield method, dims, start[:, :dims], 0.0


def _neighbour_maps(
    graph: Graph, start: Floats, methods: Sequence[str], waiting: Callable[[], None]
) -> Iterator[tuple[str, int, Floats, float]]:
    """UMAP, t-SNE or both, in a process each, a map as soon as it is done.

    `waiting` is called now and then, and may raise. However this ends, no process outlives it.
    """
    lines: queue.SimpleQueue[tuple[str, str]] = queue.SimpleQueue()
    with tempfile.TemporaryDirectory(prefix="maps-") as scratch:
        _write_graph(Path(scratch), graph, start)
        running = {method: _start(method, Path(scratch), lines) for method in methods}
        try:
            while running:
                try:
                    method, line = lines.get(timeout=HEARTBEAT)
                except queue.Empty:
                    waiting()
                    continue
                if line:
                    made = json.loads(line)
                    raw = np.load(
                        Path(scratch) / f"{method}{made['dims']}.npy",
                        allow_pickle=False,
                    )
                    yield method, made["dims"], raw, made["seconds"]
                else:
                    _finish(method, running.pop(method), Path(scratch))
        finally:
            for process in running.values():
                process.kill()
                process.wait()


def _write_graph(folder: Path, graph: Graph, start: Floats) -> None:
    itself = np.arange(len(start), dtype=np.int32)[:, None]
    neighbours = np.hstack([itself, graph.rows])
    # Between unit vectors the squared distance is 2 - 2 cosine.
    distances = np.sqrt(np.maximum(2 - 2 * np.hstack([np.ones_like(itself, np.float32), graph.cosine]), 0))
    np.savez(
        folder / GRAPH,
        neighbours=neighbours,
        distances=distances.astype(np.float32),
        start=start,
    )


def _start(method: str, folder: Path, lines: queue.SimpleQueue[tuple[str, str]]) -> subprocess.Popen[str]:
    one_thread = dict.fromkeys(
        (
            "NUMBA_NUM_THREADS",
            "OMP_NUM_THREADS",
            "OPENBLAS_NUM_THREADS",
            "MKL_NUM_THREADS",
        ),
        "1",
    )
    paths = os.pathsep.join(p for p in (str(PROJECT), os.environ.get("PYTHONPATH", "")) if p)
    with (folder / f"{method}.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "recsys.encoders.neighbour_maps", str(folder), method],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=os.environ | one_thread | {"PYTHONPATH": paths},
        )

    def listen() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            lines.put((method, line))
        lines.put((method, ""))

    threading.Thread(target=listen, daemon=True).start()
    return process


def _finish(method: str, process: subprocess.Popen[str], folder: Path) -> None:
    if process.wait() != 0:
        last = ((folder / f"{method}.log").read_text(errors="replace").strip().splitlines() or ["no message"])[-1]
        raise ArtifactError(
            f"{METHODS[method]} stopped with code {process.returncode}: {last[:300]}",
            remedy=PREPARE,
        )


def _measure(
    method: str,
    dims: int,
    graph: Graph,
    positions: Floats,
    sample: Rows,
    seconds: float,
) -> MapInfo:
    if method == "pca":
        again = positions[sample]  # a projection puts a point where it was
        note = "A straight view along the directions in which products differ most. New points are projected exactly."
    else:
        k = min(PLACED_AMONG, graph.rows.shape[1])
        again = among_neighbours(positions[graph.rows[sample, :k]], graph.cosine[sample, :k])
        note = (
            "Keeps each product near its neighbours; distances between far groups mean little. "
            f"New points are placed among their {k} nearest products."
        )
        if len(positions) < SMALLEST:
            note = f"Fewer than {SMALLEST} products: the straight view (PCA) is shown instead. " + note
    return MapInfo(
        method=method,
        dims=dims,
        fitted_on=len(positions),
        faithfulness=round(neighbours_kept(graph, positions, sample), 4),
        placed_faithfulness=round(neighbours_kept(graph, positions, sample, again), 4),
        neighbours_k=NEAREST,
        window=WINDOW,
        seconds=round(seconds, 1),
        note=note,
    )
