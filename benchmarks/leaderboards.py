"""The committed leaderboards from nothing: `python -m benchmarks.leaderboards --sequences FOLDER [--only strict]`.

They are also the runs that the Leaderboard shows where nobody has run anything (`recsys/evaluation/built_in.py`).

Each is one `python -m recsys evaluate ... --json`, whose output, command included, is written to `benchmarks/results`.
The folder holds the standard sequence files (`Beauty.txt.gz`, `Beauty_item2attributes.json.gz`, and so on); without it
only the data set that comes with the install is evaluated.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

from benchmarks.machine import described
from recsys.artifacts import write_whole
from recsys.settings import PROJECT

RESULTS = PROJECT / "benchmarks" / "results"
ONE_THREAD = {"OMP_NUM_THREADS": "1"}  # sums in another order train another model: Beauty's blend .0736, with two .0728
SHOPS = ("complete_journey", "complete_journey_sample", "demo_store")
FILES = {"beauty": "Beauty", "sports": "Sports_and_Outdoors"}


def commands(folder: Path | None) -> dict[str, list[str]]:
    """The arguments of each evaluation, by the name of its result."""
    out = {f"leaderboard_{shop}": ["next-basket", "--shop", shop] for shop in SHOPS}
    for short, name in FILES.items() if folder else ():
        assert folder is not None
        files = [
            "--interactions",
            str(folder / f"{name}.txt.gz"),
            "--attributes",
            str(folder / f"{name}_item2attributes.json.gz"),
        ]
        for variant in ("strict", "refit"):
            out[f"leaderboard_{short}_{variant}"] = ["sequences", *files, "--protocol", variant]
    return out


def main() -> None:
    """Run the evaluations asked for, one after another, and write what they print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sequences", type=lambda text: Path(text).resolve(), help="folder with the sequence files")
    parser.add_argument("--only", default="", help="only results whose name holds this")
    parser.add_argument("--models", default="", help="only these models")
    options = parser.parse_args()
    for name, arguments in commands(options.sequences).items():
        if options.only not in name:
            continue
        print(f"{name} ...", flush=True)
        models = ["--models", options.models] if options.models else []
        done = subprocess.run(
            [sys.executable, "-m", "recsys", "evaluate", *arguments, *models, "--json"],
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            check=True,
            env=os.environ | ONE_THREAD,
        )
        report = json.loads(done.stdout) | {"machine": described()}
        write_whole(RESULTS / f"{name}.json", json.dumps(report, ensure_ascii=False, indent=1).encode())
        for model in sorted(report["models"], key=lambda m: -m["metrics"]["ndcg@10"]):
            print(f"  {model['name']:<20} ndcg@10 {model['metrics']['ndcg@10']:.4f}")


if __name__ == "__main__":
    main()
