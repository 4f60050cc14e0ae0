"""UMAP and t-SNE of a ready neighbour graph, as a program of its own: `python -m recsys.encoders.neighbour_maps`.

A process, not a function of the preparation, for three reasons. Each method runs on one thread, which alone makes it
give the same map for the same seed, so two processes use two cores. numba crashes when two threads of one process use
it at once. And neither library is ever loaded by the process that prepares or serves.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

GRAPH: Final = "graph.npz"
SEED: Final = 7
UMAP_NEIGHBOURS: Final = 15
UMAP_EPOCHS: Final = 150  # 200 takes a third longer and keeps .951 of the neighbours instead of .950
PERPLEXITY: Final = 20.0  # 60 neighbours, the graph's width
# Rounds with attraction exaggerated, then without. Neighbours kept settle within 50 rounds of the second phase
# (.954 in 2-D); the rest only spreads the islands. A round costs .01 to .04 s in 2-D (FFT), .1 s in 3-D (Barnes-Hut).
TSNE_ROUNDS: Final = {2: (150, 200), 3: (75, 75)}
BARNES_HUT_THETA: Final = 0.8


def umap_map(
    neighbours: npt.NDArray[np.int32], distances: npt.NDArray[np.float32], start: npt.NDArray[np.float32], dims: int
) -> npt.NDArray[np.float32]:
    """UMAP (McInnes, Healy & Melville 2018) of a neighbour graph.

    neighbours, distances (n, k): each point's nearest, itself first. start (n, >= dims): principal components, which
    lay out the islands as PCA does. Returns (n, dims).
    """
    import umap

    init = start[:, :dims] / max(float(np.abs(start[:, :dims]).max()), 1e-9) * 10
    model = umap.UMAP(
        n_components=dims,
        n_neighbors=min(UMAP_NEIGHBOURS, neighbours.shape[1]),
        min_dist=0.1,
        n_epochs=UMAP_EPOCHS,
        init=init.astype(np.float32),
        precomputed_knn=(neighbours, distances, None),
        random_state=SEED,
        n_jobs=1,
        force_approximation_algorithm=True,  # below 4,096 points it would ignore the graph it is given
    )
    return np.asarray(model.fit_transform(start), dtype=np.float32)


def tsne_map(
    neighbours: npt.NDArray[np.int32], distances: npt.NDArray[np.float32], start: npt.NDArray[np.float32], dims: int
) -> npt.NDArray[np.float32]:
    """t-SNE (van der Maaten & Hinton 2008) of a neighbour graph: FFT-interpolated in 2-D, Barnes-Hut in 3-D.

    Arguments and result as for `umap_map`.
    """
    from openTSNE import TSNEEmbedding
    from openTSNE.affinity import PerplexityBasedNN
    from openTSNE.nearest_neighbors import PrecomputedNeighbors

    others = PrecomputedNeighbors(neighbours[:, 1:].astype(np.int64), distances[:, 1:].astype(np.float64))
    perplexity = min(PERPLEXITY, (neighbours.shape[1] - 1) / 3)
    affinities = PerplexityBasedNN(perplexity=perplexity, knn_index=others, n_jobs=1)
    init = start[:, :dims].astype(np.float64) / max(float(start[:, 0].std()), 1e-9) * 1e-4
    embedding = TSNEEmbedding(
        init,
        affinities,
        n_jobs=1,
        random_state=SEED,
        theta=BARNES_HUT_THETA,
        negative_gradient_method="fft" if dims == 2 else "bh",
    )
    exaggerated, plain = TSNE_ROUNDS[dims]
    embedding = embedding.optimize(exaggerated, exaggeration=12, momentum=0.5)
    embedding = embedding.optimize(plain, momentum=0.8)
    return np.asarray(embedding, dtype=np.float32)


METHODS: Final = {"umap": umap_map, "tsne": tsne_map}


def main(folder: Path, method: str) -> None:
    """Make the 2-D and the 3-D map of `method`, one `<method><dims>.npy` each, and print a line of JSON for each."""
    warnings.filterwarnings("ignore")  # both libraries talk to their authors there, not to who prepares
    with np.load(folder / GRAPH, allow_pickle=False) as graph:
        arrays: dict[str, Any] = {name: graph[name] for name in ("neighbours", "distances", "start")}
    for dims in (2, 3):
        began = time.perf_counter()
        np.save(folder / f"{method}{dims}.npy", METHODS[method](dims=dims, **arrays))
        made = {"dims": dims, "seconds": round(time.perf_counter() - began, 2)}
        sys.stdout.write(json.dumps(made) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
