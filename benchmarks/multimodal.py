"""One space for pictures, titles and attributes, and how fast a picture is looked at.

`python -m benchmarks.multimodal --pictures DIR [--quick] [--json]`: DIR is a folder with styles.csv and images.tar.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks import machine
from benchmarks.measurement import Bar, Measurement, Row
from benchmarks.report import RESULTS, show, stderr
from recsys.artifacts import write_whole
from recsys.encoders.fusion.fusion import DIMENSION, Fusion
from recsys.encoders.fusion.training import train
from recsys.encoders.pictures import export, network, weights
from recsys.encoders.pictures.encoder import PictureEncoder
from recsys.errors import ShelfLensError
from recsys.evaluation.multimodal import folder as reading
from recsys.evaluation.multimodal import running
from recsys.files.pictures import jpeg, read_picture
from recsys.settings import PROJECT, Settings, load_settings

NAME: Final = "multimodal_fashion"
FOLDER: Final = PROJECT.parent / "shared" / "data" / "fashion_pictures"
SEEDS: Final = (0, 1, 2)
FEW: Final = 500  # products to learn from
THREADS: Final = 2
BATCHES: Final = (1, 32)
SPEED_BAR: Final = 3.0
QUERY_BAR_MS: Final = 40.0
SEARCHED: Final = 10_000
LOOKED_AT: Final = 512  # pixels that a query's picture is unpacked to
PHOTO: Final = (4000, 3000)  # pixels of an uploaded one
SYSTEM: Final = "fusion"

PROTOCOL: Final = (
    *(f"{key.replace('_', ' ')}: {rule}" for key, rule in running.PROTOCOL.items()),
    f"each figure of the fusion is the mean over seeds {', '.join(map(str, SEEDS))}; its interval is of the first seed",
    f"pictures per second: the same squares of 224 pixels, {THREADS} threads each, both warm, interleaved rounds "
    "(A B, B A, ...); the median counts",
    f"a picture query: JPEG decoded, encoded ({THREADS} threads), fused, and its 10 nearest of {SEARCHED:,} vectors of "
    f"{DIMENSION} found; pictures of the folder, and as photos of {PHOTO[0]} x {PHOTO[1]} pixels",
)


def main() -> int:
    """Measure, show, and keep the result."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.multimodal", description=__doc__)
    parser.add_argument("--pictures", type=Path, default=FOLDER, metavar="DIR", help="folder of products with pictures")
    parser.add_argument("--quick", action="store_true", help="one seed, few rounds; nothing is kept")
    parser.add_argument("--json", action="store_true", help="print JSON on standard output")
    options = parser.parse_args()
    try:
        document: dict[str, Any] = {
            "command": f"python -m benchmarks.multimodal --pictures {options.pictures.name}",
            "date": datetime.now(UTC).date().isoformat(),
            "quick": options.quick,
            "machine": machine.described(),
            "versions": machine.versions(),
        }
        found = measure(options.pictures, load_settings(), quick=options.quick)
    except ShelfLensError as error:
        print(f"error: {error.one_line()}", file=sys.stderr)
        return 1
    document |= found.as_json()
    show(found, stderr())
    text = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    if not options.quick:
        write_whole(RESULTS / f"{NAME}.json", text.encode())
    if options.json:
        print(text)
    return 0


def measure(folder: Path, settings: Settings, *, quick: bool) -> Measurement:
    """The tables of all and of few training products, and the speeds."""
    data = running.encoded(folder, settings)
    rows: list[Row] = []
    bars: list[Bar] = []
    seconds: list[float] = []
    for count in (None, FEW):
        reports = [running.evaluated(data, seed, count) for seed in (SEEDS[:1] if quick else SEEDS)]
        rows += together(reports)
        seconds += [report["fusion"]["seconds"] for report in reports]
        if count is None:
            bars += [
                Bar(row["what"], row["goal"], "", row["value"], True)
                for row in rows
                if row["system"] in {SYSTEM, "prompts, last words and shared words"}
            ]
    fusion = train(data.modalities(running.split(data, "test", FEW)[0]), 0)
    speeds, queries = timed(folder, fusion, rounds=2 if quick else 7)
    bars += [
        Bar(f"pictures per second over torch eager, batches of {size}", SPEED_BAR, "times", speeds[size]["ratio"], True)
        for size in BATCHES
    ]
    bars += [Bar(f"a picture query, {name}, p95", QUERY_BAR_MS, "ms", each["p95_ms"]) for name, each in queries.items()]
    facts = {"speed": speeds, "queries": queries, "training_seconds": seconds, "notes": list(data.notes)}
    return Measurement(
        NAME, "Does one space bring together pictures, titles and attributes", PROTOCOL, rows, bars, facts
    )


def together(reports: list[dict[str, Any]]) -> list[Row]:
    """A row for each task and system: the mean over the seeds, and every seed's value."""
    out: list[Row] = []
    for rows in zip(*(report["rows"] for report in reports), strict=True):
        values = [row["value"] for row in rows]
        first = rows[0]
        out.append(
            {
                "learned_from": reports[0]["learned_from"],
                "asked": first["n"],
                "task": first["task"],
                "what": first["what"],
                "system": first["system"],
                "value": float(np.mean(values)),
                "low": first["ci95"][0],
                "high": first["ci95"][1],
                "by_seed": " ".join(f"{value:.4f}" for value in values),
                "goal": first["goal"],
            }
        )
    return out


def timed(folder: Path, fusion: Fusion, rounds: int) -> tuple[dict[int, dict[str, float]], dict[str, dict[str, float]]]:
    """(pictures per second by batch, milliseconds of a query by kind of picture)."""
    import torch

    torch.set_num_threads(THREADS)
    products = reading.read_products(folder)
    chosen = frozenset(products.ids[:400])
    pictures = [pixels for _, pixels in reading.pictures(folder, chosen) if pixels is not None]
    model = weights.locate(weights.LITE0)
    with tempfile.TemporaryDirectory() as made:
        export.export(model, Path(made))
        encoder = PictureEncoder.load(Path(made), THREADS)
    eager = network.made(weights.read(model))
    speeds = {}
    with torch.inference_mode():
        for size in BATCHES:
            planes = np.stack([encoder.planes(pixels) for pixels in pictures[:size]])
            tensor = torch.from_numpy(planes)
            ways: dict[str, Callable[[], Any]] = {
                "onnx": lambda planes=planes: encoder.seen(planes),  # type: ignore[misc]
                "torch_eager": lambda tensor=tensor: eager(tensor),  # type: ignore[misc]
            }
            speeds[size] = _per_second(ways, size, rounds)
    shelf = np.random.default_rng(0).normal(size=(SEARCHED, DIMENSION)).astype(np.float32)
    kinds = {
        "of the folder": [jpeg(pixels) for pixels in pictures[:200]],
        "as a photo": [jpeg(_enlarged(pixels)) for pixels in pictures[:100]],
    }
    return speeds, {kind: _asked(files, encoder, fusion, shelf) for kind, files in kinds.items()}


def _per_second(ways: dict[str, Callable[[], Any]], size: int, rounds: int) -> dict[str, float]:
    calls = max(1, 32 // size)
    found: dict[str, list[float]] = {name: [] for name in ways}
    for way in ways.values():
        way()
    for number in range(rounds):
        for name in list(ways) if number % 2 == 0 else list(reversed(ways)):
            start = time.perf_counter()
            for _ in range(calls):
                ways[name]()
            found[name].append(calls * size / (time.perf_counter() - start))
    medians = {name: float(np.median(each)) for name, each in found.items()}
    return medians | {"ratio": medians["onnx"] / medians["torch_eager"]}


def _asked(files: list[bytes], encoder: PictureEncoder, fusion: Fusion, shelf: np.ndarray) -> dict[str, float]:
    taken = []
    for file in files:
        start = time.perf_counter()
        vector = fusion.encode(picture=encoder.encode([read_picture(file, side=LOOKED_AT).pixels]), query=True)
        np.argsort(-(shelf @ vector[0]), kind="stable")[:10]
        taken.append(1000 * (time.perf_counter() - start))
    return {"n": len(taken), "p50_ms": float(np.median(taken)), "p95_ms": float(np.quantile(taken, 0.95))}


def _enlarged(pixels: np.ndarray) -> np.ndarray:
    from PIL import Image

    return np.asarray(Image.fromarray(pixels).resize(PHOTO, Image.Resampling.BICUBIC))


if __name__ == "__main__":
    raise SystemExit(main())
