"""Exact nearest neighbours, fast: a rough scan with a proven error bound, then exact scores for what it leaves open.

The scan scores every row, in 8-bit integers or in float32, and knows how far off a score can be at most. The exact
scores of its best k rows give a threshold; every other row that could still reach it gets its exact score too. So the
answer is the one that exact scores of all rows would give, ties by row included, and no row is scored twice.

Exact score: the inner product in float64, rounded to float32. Each row's is computed on its own, so that equal vectors
have equal scores wherever they stand (a BLAS product does not promise that).
"""

from __future__ import annotations

import io
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt

from recsys.artifacts import PREPARE, write_whole
from recsys.errors import ArtifactError, ModelError
from recsys.index.contract import checked_k, checked_mask, checked_query
from recsys.schema import Candidates, Floats, Mask

Doubles = npt.NDArray[np.float64]
Positions = npt.NDArray[np.intp]

VECTORS: Final = "vectors.npy"
SCAN: Final = "scan.onnx"
CARD: Final = "index.json"
# Rows. One query, best 12, two cores, float32 against 8 bits: 0.45 and 0.19 ms at 17,000 x 384, 1.1 and 0.33 at 33,000,
# 2.4 and 1.3 at 68,000, 4.3 and 1.8 at 100,000. Below this float32 takes a fraction of a millisecond.
INT8_FROM: Final = 8_192
WIDEST_INT8: Final = 2_000  # dimensions; 127 * 63 * 2,000 < 2**24, so that float32 holds every sum exactly
LARGEST_GRAPH: Final = 2_000_000_000  # bytes; an ONNX file ends at 2 GiB
SCORED_OUTRIGHT: Final = 1_024  # allowed rows; scoring so few exactly takes 0.1 ms, less than a scan
# The threshold comes from the best k rows of the scan, and from so many at least. For 1,200 of 15,565 real texts that
# leaves 1,524 rows to score in all; 1.25 k would leave 1,507, and 2 k score 2,400.
FIRST_SCORED: Final = 64
ROWS_AT_A_TIME: Final = 1_024  # the float64 copies take 3 MB: 2,400 rows in 0.36 ms, 0.45 in pieces of 4,096
SLACK: Final = 2e-6  # for unit vectors: float32 rounding after the integer sums and of the exact score


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is known of the rows: their greatest length, and the greatest length of their rounding errors in int8."""

    longest: float
    rounding: float


class Scan(Protocol):
    """Rough scores of all rows for a query of length 1, and how far off any of them can be."""

    def __call__(self, direction: Doubles) -> tuple[Floats, float]:
        """((n,) scores, the greatest possible error)."""


class ExactIndex:
    """All rows in float32 (memory-mapped when loaded), and the scan that suits their number."""

    def __init__(self, vectors: Floats, bounds: Bounds, scan_graph: bytes | Path | None) -> None:
        self.vectors = vectors  # (n, d)
        self._rows: Floats = np.asarray(vectors)  # the same memory without memmap's own indexing, 40 us a time
        self._bounds = bounds
        self._scan_graph = scan_graph
        self._scan: Scan = Int8Scan(scan_graph, bounds) if scan_graph is not None else FloatScan(vectors, bounds)

    @classmethod
    def build(cls, vectors: Floats, int8_from: int = INT8_FROM) -> ExactIndex:
        """An index over the rows of `vectors` (n, d); from `int8_from` rows on it scans in 8 bits.

        Raises ModelError when they are no table of finite numbers.
        """
        rows = np.ascontiguousarray(vectors, np.float32)
        if rows.ndim != 2 or rows.shape[1] == 0 or not np.isfinite(rows).all():
            raise ModelError(
                f"the vectors, of shape {np.shape(vectors)}, are no table of finite numbers",
                remedy="check the encoder that made them",
            )
        fits = rows.shape[1] <= WIDEST_INT8 and rows.size <= LARGEST_GRAPH
        if len(rows) < max(int8_from, 1) or not fits:
            return cls(rows, Bounds(_longest(rows), 0.0), None)
        codes, scales, rounding = quantised(rows)
        return cls(rows, Bounds(_longest(rows), rounding), scan_graph(codes, scales))

    @property
    def size(self) -> int:
        """How many rows there are."""
        return int(self.vectors.shape[0])

    @property
    def dimension(self) -> int:
        """How long each vector is."""
        return int(self.vectors.shape[1])

    def search(self, query: Floats, k: int, mask: Mask | None = None) -> Candidates:
        """The best k rows by exact score, best first, ties by row; fewer when fewer are allowed."""
        k = checked_k(k)
        vector = checked_query(query, self.dimension)
        mask = checked_mask(mask, self.size)
        rows = None if mask is None else np.flatnonzero(mask)
        allowed = self.size if rows is None else len(rows)
        if max(k, SCORED_OUTRIGHT) >= allowed or not vector.any():
            rows = np.arange(self.size) if rows is None else rows
            return _best(rows, self._exact(rows, vector), k)
        return _best(*self._open(vector, k, rows), k)

    def _open(self, vector: Doubles, k: int, allowed: Positions | None) -> tuple[Positions, Doubles]:
        """Every row that may be among the best k, by the scan's bound, and its exact score."""
        length = float(np.linalg.norm(vector))
        rough, error = self._scan(vector / length)
        if allowed is not None:
            rough = rough[allowed]  # taking them is 4 times as fast as a mask over 68,000, and less is left to part
        first = len(rough) - max(k, FIRST_SCORED)  # above 0: more than k and than SCORED_OUTRIGHT are allowed
        border = np.partition(rough, first)[first]
        near = np.flatnonzero(rough >= border)
        rows = near if allowed is None else allowed[near]
        scores = self._exact(rows, vector)
        threshold = float(np.partition(scores, len(scores) - k)[len(scores) - k]) / length
        beyond = np.flatnonzero((rough >= threshold - error) & (rough < border))
        more = beyond if allowed is None else allowed[beyond]
        return np.concatenate((rows, more)), np.concatenate((scores, self._exact(more, vector)))

    def _exact(self, rows: Positions, vector: Doubles) -> Doubles:
        """(m,) inner products in float64, each row's computed on its own."""
        scores = np.empty(len(rows))
        for start in range(0, len(rows), ROWS_AT_A_TIME):
            part = rows[start : start + ROWS_AT_A_TIME]
            scores[start : start + len(part)] = np.vecdot(self._rows[part].astype(np.float64), vector)
        return scores

    def scores(self, query: Floats) -> Floats:
        """The score of every row, to float32 rounding: (n,)."""
        vector = checked_query(query, self.dimension)
        found: Floats = self.vectors @ vector.astype(np.float32)  # (n, d) @ (d,) -> (n,)
        return found

    def save(self, folder: Path) -> None:
        """Write vectors.npy, index.json and, when rows are scanned in 8 bits, scan.onnx into an existing folder."""
        written = io.BytesIO()
        np.save(written, self.vectors, allow_pickle=False)
        write_whole(folder / VECTORS, written.getvalue())
        if isinstance(self._scan_graph, Path):
            write_whole(folder / SCAN, self._scan_graph.read_bytes())
        elif self._scan_graph is not None:
            write_whole(folder / SCAN, self._scan_graph)
        card = {
            "size": self.size,
            "dimension": self.dimension,
            "int8": self._scan_graph is not None,
            "bounds": asdict(self._bounds),
        }
        write_whole(folder / CARD, json.dumps(card, indent=1).encode())

    @classmethod
    def load(cls, folder: Path) -> ExactIndex:
        """The index saved in `folder`, its rows memory-mapped. Raises ArtifactError when it is missing or damaged."""
        try:
            card = json.loads((folder / CARD).read_text(encoding="utf-8"))
            vectors = np.load(folder / VECTORS, mmap_mode="r", allow_pickle=False)
            expected = (int(card["size"]), int(card["dimension"]))
            bounds = Bounds(float(card["bounds"]["longest"]), float(card["bounds"]["rounding"]))
            graph = folder / SCAN if card["int8"] else None
        except (OSError, ValueError, KeyError, TypeError, EOFError) as error:
            raise ArtifactError(f"the index in {folder.name} is missing or damaged", remedy=PREPARE) from error
        if vectors.shape != expected or vectors.dtype != np.float32:
            raise ArtifactError(
                f"{VECTORS} holds {vectors.shape} of {vectors.dtype}", allowed=f"{expected} of float32", remedy=PREPARE
            )
        index = cls(vectors, bounds, graph)
        if isinstance(index._scan, Int8Scan) and index._scan.size != index.size:
            raise ArtifactError(
                f"{SCAN} scans {index._scan.size:,} rows", allowed=f"{index.size:,} rows", remedy=PREPARE
            )
        return index


def _best(rows: Positions, exact: Doubles, k: int) -> Candidates:
    scores = exact.astype(np.float32)
    order = np.lexsort((rows, -scores))[:k]
    return Candidates(rows[order].astype(np.int32), scores[order], "exact")


def _longest(rows: Floats) -> float:
    return float(np.sqrt(np.einsum("ij,ij->i", rows, rows, dtype=np.float64).max(initial=0.0)))


class FloatScan:
    """`vectors @ query` in float32.

    A float32 inner product of d numbers is off by at most d * 2**-24 / (1 - d * 2**-24) of the product of the lengths,
    in whatever order it is summed (Higham, Accuracy and Stability of Numerical Algorithms, section 3.1).
    """

    def __init__(self, vectors: Floats, bounds: Bounds) -> None:
        self._vectors = vectors
        unit = vectors.shape[1] * 2.0**-24
        self._error = bounds.longest * (unit / (1 - unit) + SLACK)

    def __call__(self, direction: Doubles) -> tuple[Floats, float]:
        """((n,) scores, the greatest possible error)."""
        return self._vectors @ direction.astype(np.float32), self._error


class Int8Scan:
    """Rows rounded to 8 bits, the query to two 7-bit digits; integer products in ONNX Runtime.

    With x = s c + e (row, its scale, its codes, its rounding error) and q = p + f (query, its digits' value, the rest):
    |x.q - s c.p| = |x.f + e.p| <= |x| |f| + |e| |p|, by Cauchy-Schwarz. Two digits make |f| negligible.
    """

    def __init__(self, graph: bytes | Path, bounds: Bounds) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # one thread takes 1 ms at 100,000 rows; the others serve other people
        options.log_severity_level = 4
        source = graph if isinstance(graph, bytes) else str(graph)
        try:
            self._session = onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime's errors share no class but Exception
            raise ArtifactError(f"{SCAN} of the index is missing or damaged", remedy=PREPARE) from error
        self._bounds = bounds
        self.size = int(self._session.get_outputs()[0].shape[1])

    def __call__(self, direction: Doubles) -> tuple[Floats, float]:
        """((n,) scores, the greatest possible error)."""
        digits, weights = query_digits(direction)
        value = weights.astype(np.float64) @ (digits.astype(np.float64) - 64)  # (2,) @ (2, d) -> (d,)
        rest = float(np.linalg.norm(direction - value))
        length = float(np.linalg.norm(value))
        scores: Floats = self._session.run(None, {"digits": digits, "weights": weights[None]})[0][0]
        return scores, self._bounds.longest * (rest + SLACK) + self._bounds.rounding * length


def query_digits(direction: Doubles) -> tuple[npt.NDArray[np.uint8], Floats]:
    """A query as two 7-bit digits: (2, d) in 1..127 with 64 for zero, and the (2,) values of a step.

    Seven bits, because processors without VNNI add two products in 16 bits: 2 * 127 * 127 < 2**15 cannot overflow.
    """
    digits = np.empty((2, len(direction)), np.uint8)
    weights = np.empty(2, np.float32)
    rest = direction
    for i in range(2):
        weights[i] = np.abs(rest).max() / 63 or 1.0
        steps = np.clip(np.rint(rest / weights[i]), -63, 63)
        digits[i] = steps + 64
        rest = rest - steps * float(weights[i])
    return digits, weights


def quantised(rows: Floats) -> tuple[npt.NDArray[np.int8], Floats, float]:
    """Each row in 8 bits: codes (n, d) in -127..127, scales (n,), and the greatest length of a row's rounding error."""
    scales = (np.abs(rows).max(axis=1) / np.float32(127)).astype(np.float32)
    scales[scales == 0] = 1.0
    codes = np.empty(rows.shape, np.int8)
    rounding = 0.0
    for start in range(0, len(rows), ROWS_AT_A_TIME):
        part = slice(start, start + ROWS_AT_A_TIME)
        scale = scales[part, None].astype(np.float64)
        exact = rows[part].astype(np.float64)
        codes[part] = np.clip(np.rint(exact / scale), -127, 127)
        rounding = max(rounding, float(np.linalg.norm(exact - codes[part] * scale, axis=1).max()))
    return codes, scales, rounding


def scan_graph(codes: npt.NDArray[np.int8], scales: Floats) -> bytes:
    """An ONNX model of the scan: digits (2, d), weights (1, 2) -> scores (1, n).

    The codes are a constant of the graph, so that ONNX Runtime packs them once for its integer kernels: 1.0 ms at
    100,000 x 384 on one thread, where codes given as an input take 7.4 ms and numpy's float32 product 4.1 ms.
    """
    from onnx import TensorProto, helper, numpy_helper

    n, d = codes.shape
    constants: dict[str, npt.NDArray[Any]] = {
        "codes": np.ascontiguousarray(codes.T),
        "zero": np.array(64, np.uint8),
        "scales": scales[None],
    }
    nodes = [
        helper.make_node("MatMulInteger", ["digits", "codes", "zero"], ["sums"]),  # (2, d) @ (d, n) -> (2, n)
        helper.make_node("Cast", ["sums"], ["floats"], to=TensorProto.FLOAT),
        helper.make_node("MatMul", ["weights", "floats"], ["scaled"]),  # (1, 2) @ (2, n) -> (1, n)
        helper.make_node("Mul", ["scaled", "scales"], ["scores"]),
    ]
    graph = helper.make_graph(
        nodes,
        "scan",
        [
            helper.make_tensor_value_info("digits", TensorProto.UINT8, [2, d]),
            helper.make_tensor_value_info("weights", TensorProto.FLOAT, [1, 2]),
        ],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, [1, n])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return bytes(model.SerializeToString())
