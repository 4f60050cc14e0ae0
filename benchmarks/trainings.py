"""The trainings that come with the sample shop, from nothing: `python -m benchmarks.trainings`.

Each is one `python -m recsys train`, in a folder of its own. What the page of models shows is kept, beside the pack of
the shop: its record and its figures per validation visit. The weights, megabytes that answer nobody, are not.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from recsys.settings import PROJECT
from recsys.shops.registry import shop
from recsys.training import fitting, records
from recsys.training.built_in import FOLDER

SHOP = "complete_journey_sample"
MODELS = ("transformer", "personal-frequency")  # the one whose learning can be watched, and what it has to beat
ONE_THREAD = {"OMP_NUM_THREADS": "1"}  # sums in another order train another model


def main() -> None:
    """Train, and put the records in place of those before."""
    home = shop(SHOP).built_in
    assert home is not None
    with tempfile.TemporaryDirectory() as state:
        for model in MODELS:
            subprocess.run(
                [sys.executable, "-m", "recsys", "train", model, "--shop", SHOP],
                cwd=PROJECT,
                check=True,
                env=os.environ | ONE_THREAD | {"SHELFLENS_STATE_DIR": state},
            )
        shutil.rmtree(home / FOLDER, ignore_errors=True)
        for training in records.listed(Path(state) / "trainings"):
            keep(training.path, home / FOLDER / training.id)


def keep(made: Path, kept: Path) -> None:
    """Copy what is shown of a training."""
    kept.mkdir(parents=True)
    for name in (records.RECORD, fitting.VALUES):
        shutil.copy2(made / name, kept / name)


if __name__ == "__main__":
    main()
