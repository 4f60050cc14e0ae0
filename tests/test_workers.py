"""How many processes run the tests: as many as processors and memory allow, told by a quota where there is one."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from recsys.settings import PROJECT

GIB = 2**30


@pytest.fixture(scope="module")
def workers() -> ModuleType:
    spec = importlib.util.spec_from_file_location("workers", PROJECT / ".ci" / "workers.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("processors", "memory", "expected"),
    [
        pytest.param(1, 64 * GIB, 0, id="one-processor"),
        pytest.param(2, 16 * GIB, 2, id="two-processors"),
        pytest.param(2, 8 * GIB, 0, id="memory-for-one"),
        pytest.param(16, 20 * GIB, 3, id="memory-for-three"),
        pytest.param(64, 512 * GIB, 4, id="never-more-than-four"),
        pytest.param(8, 0, 0, id="memory-unknown"),
    ],
)
def test_workers_fit_into_processors_and_memory(
    workers: ModuleType, processors: int, memory: int, expected: int
) -> None:
    assert workers.workers(processors, memory) == expected


def test_a_container_with_less_than_its_machine_is_believed(workers: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "memory.max").write_text(f"{4 * GIB}\n")
    (tmp_path / "memory.current").write_text(f"{2 * GIB}\n")
    (tmp_path / "memory.stat").write_text(f"anon {GIB}\ninactive_file {GIB}\n")
    (tmp_path / "cpu.max").write_text("100000 100000\n")
    meminfo = tmp_path / "meminfo"
    meminfo.write_text("MemTotal: 33554432 kB\nMemAvailable: 16777216 kB\n")
    assert workers.memory(tmp_path, meminfo) == 3 * GIB
    assert workers.processors(tmp_path) == 1


@pytest.mark.parametrize("limit", ["max", "", "nonsense"])
def test_a_container_without_limits_has_its_machine(workers: ModuleType, tmp_path: Path, limit: str) -> None:
    (tmp_path / "memory.max").write_text(limit)
    (tmp_path / "memory.current").write_text("5\n")
    (tmp_path / "cpu.max").write_text(f"{limit} 100000")
    meminfo = tmp_path / "meminfo"
    meminfo.write_text("MemAvailable: 16777216 kB\n")
    assert workers.memory(tmp_path, meminfo) == 16 * GIB
    assert workers.processors(tmp_path) == workers.processors(tmp_path / "none")


def test_a_system_that_does_not_say_its_memory_runs_one(workers: ModuleType, tmp_path: Path) -> None:
    assert workers.memory(tmp_path, tmp_path / "none") == 0
