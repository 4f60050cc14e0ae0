"""What the numbers were measured on, in plain words: nothing that names a computer, a person or a folder."""

from __future__ import annotations

import os
import platform
import re
import shutil
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import psutil

# The instructions that decide how fast vectors and encoders are.
FLAGS: Final = ("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16", "amx_int8", "asimd", "bf16", "i8mm")
PACKAGES: Final = (
    "numpy", "scipy", "onnxruntime", "torch", "transformers", "sentence-transformers", "scikit-learn", "bm25s",
    "faiss-cpu", "pymilvus", "milvus-lite", "tantivy", "streamlit", "playwright",
)  # fmt: skip


def described() -> dict[str, Any]:
    """Cores, memory, the processor's instructions that matter, and how busy it was when the run began."""
    return {
        "cores": cores(),
        "memory_gb": round(psutil.virtual_memory().total / 2**30),
        "processor": platform.machine(),
        "instructions": list(_instructions()),
        "gpu": "an NVIDIA GPU" if shutil.which("nvidia-smi") else "none",
        "system": platform.system(),
        "load_before": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
    }


def cores() -> int:
    """How many processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _instructions() -> Iterator[str]:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:  # no Linux
        return
    there = set(" ".join(re.findall(r"^(?:flags|Features)\s*:(.*)$", text, re.MULTILINE)).split())
    yield from (flag for flag in FLAGS if flag in there)


def versions() -> dict[str, str]:
    """The versions of Python and of the packages that were measured, "not installed" for those that are not."""
    return {"python": platform.python_version()} | {name: _version(name) for name in PACKAGES}


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"


def resident_mb(process: psutil.Process | None = None) -> float:
    """Resident memory of a process and all it started, in megabytes (2**20 bytes)."""
    first = process or psutil.Process()
    total = 0
    for one in [first, *first.children(recursive=True)]:
        try:
            total += one.memory_info().rss
        except psutil.NoSuchProcess:  # ended meanwhile
            continue
    return total / 2**20
