"""How long `python -m recsys prepare` takes from nothing: until the first shelf, step by step, and in all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from benchmarks.measurement import Bar, Measurement, Row, Workbench
from benchmarks.report import run_alone
from recsys.errors import ShelfLensError
from recsys.settings import PROJECT, Settings

# of a processor without bfloat16 and VNNI: encoding takes about twice as long there; the result names the instructions
SHELF_BAR_SECONDS: Final = 172.0
TOTAL_BAR_SECONDS: Final = 244.0
PATIENCE_SECONDS: Final = 900.0

PROTOCOL: Final = (
    "`python -m recsys prepare --json` as a process of its own, in an empty cache folder, start of Python included",
    "the files of the installed packages may be in the memory of the operating system already",
    "then the same command again: everything is there, every byte is checked",
    "until the first shelf: with `--first-shelf`, in another empty cache folder",
)


def environment(settings: Settings, cache: Path) -> dict[str, str]:
    """The environment of a process that works with these settings on another cache folder."""
    apart = {name: value for name, value in os.environ.items() if not name.startswith("SHELFLENS_")}
    return apart | {
        "SHELFLENS_SHOP": settings.shop,
        "SHELFLENS_CACHE_DIR": str(cache),
        "SHELFLENS_STATE_DIR": str(settings.state_dir),
        "SHELFLENS_ENCODER": settings.encoder,
        "SHELFLENS_THREADS": str(settings.threads),
    }


def measure(bench: Workbench) -> Measurement:
    """Seconds until the first shelf, per step, in all, and for the second run."""
    with TemporaryDirectory(prefix="shelflens-preparation-") as folder:
        _, shelf = _prepare(bench.settings, Path(folder), "--first-shelf")
        _, shelf_again = _prepare(bench.settings, Path(folder), "--first-shelf")
    with TemporaryDirectory(prefix="shelflens-preparation-") as folder:
        first, total = _prepare(bench.settings, Path(folder))
        size = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file()) / 2**20
        second, again = _prepare(bench.settings, Path(folder))
    repeated = {step["name"]: step["seconds"] for step in second["steps"]}
    rows: list[Row] = [
        {"what": step["label"], "seconds": step["seconds"], "second_run_seconds": repeated[step["name"]]}
        for step in first["steps"]
    ]
    rows.append(
        {
            "what": "Start of Python, imports",  # steps run side by side: their sum is more than the whole
            "seconds": total - first["seconds"],
            "second_run_seconds": again - second["seconds"],
        }
    )
    rows.append({"what": "Until the first shelf", "seconds": shelf, "second_run_seconds": shelf_again})
    rows.append({"what": "In all", "seconds": total, "second_run_seconds": again})
    made_again = [step["label"] for step in second["steps"] if step["made"]]
    return Measurement(
        "preparation",
        "How long preparing everything takes",
        PROTOCOL,
        rows,
        [
            Bar("until the first shelf", SHELF_BAR_SECONDS, "s", shelf),
            Bar("preparation in all", TOTAL_BAR_SECONDS, "s", total),
            Bar("steps that the second run made again", 0, "", len(made_again)),
        ],
        {"prepared_mb": size},
    )


def _prepare(settings: Settings, cache: Path, *options: str) -> tuple[dict[str, Any], float]:
    """(what the command printed, seconds). Raises ShelfLensError when it fails."""
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "recsys", "prepare", "--json", *options],
        cwd=PROJECT,
        env=environment(settings, cache),
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise ShelfLensError(f"the preparation failed: {last}", remedy="run `python -m recsys prepare` to see why")
    printed: dict[str, Any] = json.loads(done.stdout)
    return printed, time.perf_counter() - started


if __name__ == "__main__":
    raise SystemExit(run_alone("preparation", measure))
