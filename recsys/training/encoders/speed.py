"""What an encoder costs: texts a second, the time of a query, memory; all contenders in turn, within one run."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from recsys.encoders.contract import TextEncoder
from recsys.errors import ModelError
from recsys.settings import PROJECT

ROUNDS: Final = 3
BLOCKS: Final = 5
# A fresh process: what the libraries take is there before the encoder is opened, and is not counted.
_MEMORY: Final = """
import sys
from pathlib import Path
import psutil
from recsys.encoders.onnx_encoder import OnnxTextEncoder
me = psutil.Process()
before = me.memory_info().rss
encoder = OnnxTextEncoder(Path(sys.argv[1]))
encoder.encode(["a first query", "another one of a few words"])
print((me.memory_info().rss - before) / 1e6)
"""
RULES: Final = {
    "speed": "processor time of one thread (other work on the machine counts for nothing), ONNX Runtime; "
    f" texts of the shop, all encoders in turn, forwards and backwards, "
    f"{ROUNDS} rounds: the median; times the full model's is the figure that travels to other machines",
    "query": "processor time of one query at a time, from its text to its vector, all encoders in turn",
    "memory": "what a fresh process holds more once the encoder is open and has read two queries",
    "size": "the graph and its tokenizer: what has to be shipped to answer queries",
}


def texts_per_second(encoders: Mapping[str, TextEncoder], texts: Sequence[str]) -> dict[str, float]:
    """The median over ROUNDS, by name."""
    for encoder in encoders.values():
        encoder.encode(texts[:16])
    seen: dict[str, list[float]] = {name: [] for name in encoders}
    for number in range(ROUNDS):
        for name in list(encoders)[:: 1 if number % 2 == 0 else -1]:
            start = time.thread_time()
            encoders[name].encode(texts)
            seen[name].append(len(texts) / (time.thread_time() - start))
    return {name: float(np.median(speeds)) for name, speeds in seen.items()}


def query_milliseconds(encoders: Mapping[str, TextEncoder], queries: Sequence[str]) -> dict[str, tuple[float, float]]:
    """(median, 95th percentile) of one query, by name."""
    seen: dict[str, list[float]] = {name: [] for name in encoders}
    for block in range(BLOCKS):
        for name in list(encoders)[:: 1 if block % 2 == 0 else -1]:
            encoders[name].encode(queries[:1])  # meets caches that hold another's weights: not counted
            for query in queries[block::BLOCKS]:
                start = time.thread_time()
                encoders[name].encode([query])
                seen[name].append(1000 * (time.thread_time() - start))
    return {name: (float(np.median(ms)), float(np.percentile(ms, 95))) for name, ms in seen.items()}


def memory_mb(serving: Path) -> float:
    """Megabytes (10**6 bytes) of one encoder. Raises ModelError when it cannot be opened."""
    done = subprocess.run(
        [sys.executable, "-c", _MEMORY, str(serving)], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ModelError(f"the encoder cannot be opened: {done.stderr.strip()[-200:]}")
    return float(done.stdout)


def shares(figures: Mapping[str, Any], base: str) -> dict[str, float]:
    """Each figure over the base's."""
    return {name: float(value) / float(figures[base]) for name, value in figures.items()}
