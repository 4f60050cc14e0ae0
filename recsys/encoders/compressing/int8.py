"""The same graph in whole numbers of 8 bits: activations as they come, or by fixed scales.

By ONNX Runtime's own tools (onnxruntime.quantization); formulas: Jacob et al., "Quantization and training of neural
networks for efficient integer-arithmetic-only inference", CVPR 2018. A scale per output channel costs nothing and keeps
rows of small weights apart from rows of large ones. Static scales need texts to be found on: the shop's own.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
from tokenizers import Tokenizer

from recsys.encoders.onnx_encoder import INPUT

DYNAMIC: Final = ("MatMul", "Attention", "Gather")
STATIC: Final = ("MatMul", "Gather")  # the tool has no static form of the fused attention: that stays in float32


def dynamic(graph: Path, out: Path) -> None:
    """Weights in 8 bits per channel, activations scaled batch by batch."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with _quiet():
        quantize_dynamic(
            graph, out, op_types_to_quantize=list(DYNAMIC), per_channel=True, weight_type=QuantType.QInt8,
            extra_options={"DefaultTensorType": 1},
        )  # fmt: skip


def static(graph: Path, out: Path, texts: Sequence[str], tokenizer: Tokenizer) -> None:
    """Weights in 8 bits per channel, activations by scales found on `texts`."""
    from onnxruntime.quantization import QuantFormat, QuantType, quantize_static

    with _quiet():
        quantize_static(
            graph, out, _reader([tokenizer.encode(text).ids for text in texts]), quant_format=QuantFormat.QDQ,
            op_types_to_quantize=list(STATIC), per_channel=True, activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8, extra_options={"DefaultTensorType": 1},
        )  # fmt: skip


def _reader(tokens: Sequence[Sequence[int]]) -> Any:
    """What the tool asks for texts: one at a time, since a batch has no padding."""
    from onnxruntime.quantization import CalibrationDataReader

    class Reader(CalibrationDataReader):  # type: ignore[misc]
        def __init__(self) -> None:
            self._left = iter(tokens)

        def get_next(self) -> dict[str, Any] | None:
            ids = next(self._left, None)
            return None if ids is None else {INPUT: np.array([ids], np.int64)}  # (1, t)

    return Reader()


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the tool's advice to prepare a graph, which has been written fused, off the screen."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(before)
