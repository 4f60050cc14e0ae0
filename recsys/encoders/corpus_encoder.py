"""Which way a corpus is encoded on this machine: bfloat16 in torch, or float32 in the exported graph.

Where the processor or a graphics card multiplies bfloat16 matrices, torch is fastest. Elsewhere it computes in float32,
and there the exported graph, whose batches are shared out among threads, takes a fraction of torch's processor time for
vectors that differ by less than 1e-6 (benchmarks/results/encoding.json). An encoder that brings a graph for products
too (`serving_graph.py`) is run by that graph everywhere: then products and queries are read by one and the same.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from recsys.encoders.contract import TextEncoder
from recsys.encoders.serving_graph import reads_products, serving_encoder
from recsys.encoders.weights import ModelFiles, recipe

TELLING: Final = ("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16", "amx_int8", "asimd", "bf16", "i8mm")
PROCESSOR: Final = Path("/proc/cpuinfo")


@dataclass(frozen=True, slots=True)
class CorpusEncoder:
    """An encoder for a whole corpus, and the way it takes in words."""

    encoder: TextEncoder
    path: str  # "torch bf16", "torch fp32", "onnx fp32" or "onnx, its own graph"

    @property
    def facts(self) -> dict[str, object]:
        """What an artefact's info tells of it."""
        return {"encoder_path": self.path, "instructions": instructions()}


def corpus_encoder(model: ModelFiles, exported: Path) -> CorpusEncoder:
    """The fastest encoder of this model here; `exported` is the folder that onnx_export.export wrote for it.

    One that brings its own graph for products is run by it, a model that cannot be exported by torch. Raises
    ModelError or ArtifactError when files are missing or damaged.
    """
    if reads_products(model.folder):
        return CorpusEncoder(serving_encoder(model.folder, batches_at_once=_processors()), "onnx, its own graph")
    from recsys.encoders.torch_encoder import TorchTextEncoder, native_bfloat16

    if recipe(model).obstacle or native_bfloat16():
        torch_encoder = TorchTextEncoder(model)
        return CorpusEncoder(torch_encoder, f"torch {torch_encoder.precision}")
    from recsys.encoders.onnx_encoder import OnnxTextEncoder

    return CorpusEncoder(OnnxTextEncoder(exported, batches_at_once=_processors()), "onnx fp32")


def instructions() -> list[str]:
    """The processor's instructions that decide the way; none where the system does not tell."""
    try:
        lines = PROCESSOR.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:  # no Linux
        return []
    flags = next((line for line in lines if line.startswith(("flags", "Features"))), "")
    there = set(flags.split())
    return [flag for flag in TELLING if flag in there]


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
