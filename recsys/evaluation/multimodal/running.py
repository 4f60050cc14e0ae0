"""One evaluation from a folder to its report: read, encode, train on the training products, ask the test products."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from recsys.encoders import weights as text_weights
from recsys.encoders import zero_shot
from recsys.encoders.fusion.fusion import Fusion, as_query
from recsys.encoders.fusion.modalities import Attributes, Modalities
from recsys.encoders.fusion.training import train
from recsys.encoders.onnx_encoder import OnnxTextEncoder
from recsys.encoders.pictures import export as picture_export
from recsys.encoders.pictures import weights as picture_weights
from recsys.encoders.pictures.encoder import PictureEncoder
from recsys.encoders.pictures.network import HEAD
from recsys.errors import DataError
from recsys.evaluation.multimodal import folder as reading
from recsys.evaluation.multimodal import measuring
from recsys.evaluation.multimodal.folder import ATTRIBUTES, TITLE, Products
from recsys.progress import Progress, silent
from recsys.schema import Floats
from recsys.settings import Settings

Part = Literal["test", "validation"]
ProgressOf = Callable[[str], Progress]
CHUNK: Final = 512  # pictures that are unpacked at a time
LEAST_ASKED: Final = 20  # products; fewer say nothing
ALIKE: Final = {"same_type": "articleType", "same_colour": "baseColour", "same_category": "masterCategory"}
GOALS: Final = {
    "same_type": 0.78,
    "same_colour": 0.50,
    "same_category": 0.985,
    "title_finds_picture": 0.40,
    "picture_finds_title": 0.40,
    "zero_shot_type": 0.80,
}
TASKS: Final = {
    "same_type": "of the 5 nearest by picture alone, same article type",
    "same_colour": "of the 5 nearest by picture alone, same base colour",
    "same_category": "of the 5 nearest by picture alone, same master category",
    "title_finds_picture": "the title finds its own picture in the best 10",
    "picture_finds_title": "the picture finds its own title in the best 10",
    "zero_shot_type": "article type from the title, without training",
}
PROTOCOL: Final = {
    "split": "a product is in the test where SHA-256 of its id, as a number, is divisible by 4; of the others it is in "
    "the validation where a quarter of that number, rounded down, is",
    "learned_from": "the products that are not in the test, their pictures, titles and attributes "
    f"({', '.join(ATTRIBUTES)}); of fewer, those with the smallest hashes. Both encoders are frozen",
    "asked": "all test products with a picture; queries and candidates are test products, the query itself left out; "
    "a picture is the fused vector of the picture alone, a title that of the title alone",
    "ties": "by id; of products with the same title, its own counts behind those with a smaller id",
    "labels": "a product without a label is not asked for it; it is no match either",
    "zero_shot": "one of all article types of the folder; nothing is trained. Its templates and the weight of shared "
    "words were chosen once, by the labels of training products of the first folder",
    "interval": "95 %, percentile bootstrap over test products, 1,000 resamples",
    "chosen_on": "settings were chosen on the validation products of the first folder, by a training without them; the "
    "test was asked once they stood",
}


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """Products with pictures, encoded by what is frozen."""

    name: str
    products: Products
    text: Floats  # (n, 384)
    picture: Floats  # (n, features + colours)
    features: int
    encode: Callable[[list[str]], Floats]
    notes: tuple[str, ...]

    def rows(self, chosen: Callable[[str], bool]) -> npt.NDArray[np.int64]:
        """Those whose id is chosen."""
        return np.flatnonzero([chosen(identifier) for identifier in self.products.ids])

    def modalities(self, rows: npt.NDArray[np.int64]) -> Modalities:
        """What there is to learn from."""
        columns = {name: self.products.columns[name][rows].tolist() for name in ATTRIBUTES}
        return Modalities(self.text[rows], self.picture[rows], Attributes.of(columns, self.encode))


def encoded(folder: Path, settings: Settings, progress_of: ProgressOf = lambda label: silent) -> Encoded:
    """Read a folder and encode it. Raises DataError or ModelError."""
    products = reading.read_products(folder)
    with tempfile.TemporaryDirectory() as made:
        text_encoder, picture_encoder = _encoders(Path(made), settings, progress_of("Encoders"))
    vectors, there, damaged = _pictures(folder, products, picture_encoder, progress_of("Pictures"))
    notes = list(products.notes)
    missing = len(products) - int(there.sum()) - damaged
    notes += [f"{missing} products have no picture; left out"] if missing else []
    notes += [f"{damaged} pictures are damaged or none; their products are left out"] if damaged else []
    kept = products.take(np.flatnonzero(there))
    titles = kept.columns[TITLE].tolist()
    distinct = list(dict.fromkeys(titles))
    row = {title: number for number, title in enumerate(distinct)}
    text = text_encoder.encode(distinct, progress_of("Titles"))[[row[title] for title in titles]]
    return Encoded(
        folder.resolve().name,
        kept,
        text,
        vectors[there],
        picture_encoder.features,
        text_encoder.encode,
        tuple(notes),
    )


def _encoders(folder: Path, settings: Settings, progress: Progress) -> tuple[OnnxTextEncoder, PictureEncoder]:
    from recsys.encoders import onnx_export

    onnx_export.export(text_weights.locate(settings.encoder), folder)
    progress(1, 2)
    picture_export.export(picture_weights.locate(settings.picture_encoder), folder)
    progress(2, 2)
    threads = max(1, settings.threads)
    return OnnxTextEncoder(folder, threads, batches_at_once=2), PictureEncoder.load(folder, max(2, threads))


def _pictures(
    folder: Path, products: Products, encoder: PictureEncoder, progress: Progress
) -> tuple[Floats, npt.NDArray[np.bool_], int]:
    """((n, d) vectors, (n,) whose are there, how many files are damaged). Raises DataError where there is none."""
    row = {identifier: number for number, identifier in enumerate(products.ids)}
    vectors = np.zeros((len(products), encoder.dimension), np.float32)
    there = np.zeros(len(products), np.bool_)
    damaged, rows, waiting, done = 0, [], [], 0
    files = reading.pictures(folder, frozenset(row))
    while True:
        name, pixels = next(files, ("", None))
        if name and pixels is None:
            damaged += 1
        elif pixels is not None:
            rows.append(row[name])
            waiting.append(pixels)
        if waiting and (not name or len(waiting) == CHUNK):
            vectors[rows], there[rows] = encoder.encode(waiting), True
            done += len(rows)
            progress(done, len(products))
            rows, waiting = [], []
        if not name:
            break
    if not there.any():
        raise DataError(
            f"no picture of {len(products)} products can be read; {damaged} files are damaged or none",
            allowed=reading.FORM,
            remedy=reading.REMEDY,
        )
    return vectors, there, damaged


def evaluated(
    data: Encoded,
    seed: int = 0,
    train_products: int | None = None,
    part: Part = "test",
    progress: Progress = silent,
    fusion: Fusion | None = None,
) -> dict[str, Any]:
    """Train, ask and sum up: rows of task, system, value, ci95, n and goal; what the fusion was made of; notes.

    With part "validation" it learns from what is neither test nor validation, and asks the validation. With a `fusion`
    that learned elsewhere nothing of the folder is learned from.
    """
    learned, asked = split(data, part, train_products)
    of_shop, fusion = fusion is not None, fusion or train(data.modalities(learned), seed, progress)
    values = {("fusion", task): each for task, each in fused(data, fusion, asked).items()}
    values |= {(name, task): each for name, found in frozen(data, asked).items() for task, each in found.items()}
    summed = measuring.summed_up({f"{system}|{task}": each for (system, task), each in values.items()})
    rows = [
        {"task": task, "what": TASKS[task], "system": system, **summed[f"{system}|{task}"], "goal": GOALS[task]}
        for task in TASKS
        for system, of in values
        if of == task
    ]
    return {
        "folder": data.name,
        "products": len(data.products),
        "learned_from": 0 if of_shop else len(learned),
        "asked": len(asked),
        "part": part,
        "seed": seed,
        "protocol": PROTOCOL,
        "rows": rows,
        "chance": round(min(1.0, measuring.FOUND_IN / len(asked)), 4),
        "fusion": {key: value for key, value in fusion.card.items() if key != "made"},
        "notes": list(data.notes),
    }


def split(data: Encoded, part: Part, train_products: int | None) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """(rows learned from, rows asked). Raises DataError where too few are left of either."""
    test, validation = reading.is_test, reading.is_validation
    if part == "test":
        learned, asked = data.rows(lambda i: not test(i)), data.rows(test)
    else:
        learned = data.rows(lambda i: not test(i) and not validation(i))
        asked = data.rows(lambda i: not test(i) and validation(i))
    if train_products is not None:
        smallest = sorted(learned, key=lambda row: reading.hashed(data.products.ids[row]))[:train_products]
        learned = np.sort(np.array(smallest, np.int64))
    if len(asked) < LEAST_ASKED or len(learned) < LEAST_ASKED:
        raise DataError(
            f"{len(learned)} products to learn from and {len(asked)} to ask for",
            allowed=f"at least {LEAST_ASKED} of each",
            remedy="give a larger folder",
        )
    return learned, asked


def fused(data: Encoded, fusion: Fusion, asked: npt.NDArray[np.int64]) -> dict[str, measuring.Doubles]:
    """The value of each task and product by the fusion."""
    picture, text = fusion.encode(picture=data.picture[asked]), fusion.encode(text=data.text[asked])
    return {
        **_alike(data, picture, asked, as_query(picture)),
        "title_finds_picture": measuring.own_found(as_query(text), picture),
        "picture_finds_title": measuring.own_found(as_query(picture), text),
    }


def frozen(data: Encoded, asked: npt.NDArray[np.int64]) -> dict[str, dict[str, measuring.Doubles]]:
    """The same by what nothing was trained for: features and colours of pictures, and titles by prompts."""
    pictures = data.picture[asked]
    features = pictures[:, : min(HEAD, data.features)]
    titles = data.products.columns[TITLE][asked].tolist()
    truth = data.products.columns["articleType"]
    labels = sorted(set(truth.tolist()) - {""})
    found = {
        "frozen features": _alike(data, features, asked),
        "colours alone": _alike(data, pictures[:, data.features :], asked),
    }
    if len(labels) >= 2:
        own = truth[asked]
        plain = zero_shot.tag(data.text[asked], labels, data.encode, ("{}",))
        ours = zero_shot.tag(titles, labels, data.encode)
        for name, tags in (("prompts, last words and shared words", ours), ("one vector, no prompt", plain)):
            right = np.where(own == "", np.nan, np.array(tags.best) == own)
            found[name] = {"zero_shot_type": right.astype(np.float64)}
    return found


def _alike(
    data: Encoded, vectors: Floats, asked: npt.NDArray[np.int64], queries: Floats | None = None
) -> dict[str, measuring.Doubles]:
    nearest = measuring.nearest_to(vectors, queries=queries)
    return {task: measuring.alike(data.products.columns[column][asked], nearest) for task, column in ALIKE.items()}
