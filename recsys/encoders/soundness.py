"""Whether a folder is an encoder at all, said before anything rests on it: what is missing, cut off or empty.

A damaged folder has another fingerprint than the sound one, so that all that was made with it would be called missing.
Everything is told by names, sizes and small files, and a graph by its seal; what was checked stays known while it is
unchanged.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from recsys.artifacts import file_sha256
from recsys.encoders.compressing.folders import GRAPH_ALONE
from recsys.encoders.onnx_encoder import CARD, GRAPH, TOKENIZER
from recsys.encoders.serving_graph import SEAL, SERVING
from recsys.encoders.weights import HUB_NAME, MINILM, WEIGHTS, locate
from recsys.errors import ModelError

CONFIG: Final = "config.json"
SIZES: Final = ("hidden_size", "num_hidden_layers", "num_attention_heads", "vocab_size")  # of those that say them
TOKENIZERS: Final = (TOKENIZER, "vocab.txt", "vocab.json", "tokenizer.model", "spiece.model", "sentencepiece.bpe.model")
WHOLE: Final = "a sentence-transformers folder, or one that `recsys adapt` or `recsys compress --keep` made"
AGAIN: Final = "make or download it again, name another in SHELFLENS_ENCODER, or unset it to use minilm"
LONGEST_HEADER: Final = 100_000_000  # bytes, as the format allows
Stamps = tuple[tuple[str, int, int], ...]


def check(setting: str, kept: Path) -> None:
    """Whether the encoder of a setting can be used; `kept` is the folder of those that were made here.

    Raises ModelError that says what is wrong with it.
    """
    if setting == MINILM:
        return  # comes with the install, and its hash is checked wherever it is loaded
    folder = Path(setting).expanduser()
    if setting.strip() and folder.is_dir():
        _checked(folder, _stamps(folder))
        return
    if "/" in setting and (folder.is_absolute() or not HUB_NAME.fullmatch(setting)):
        raise _broken(folder.name, f"its folder is not there: {setting}")
    try:
        locate(setting)
    except ModelError as error:
        there = ", ".join(sorted(each.name for each in kept.iterdir() if not each.name.startswith("."))) if (
            kept.is_dir()
        ) else ""  # fmt: skip
        raise ModelError(
            f"the encoder {setting[:80]!r} is neither kept here nor on this machine nor can it be downloaded",
            allowed=f"minilm; kept here: {there or 'none'}; a folder; owner/model of the hub",
            remedy="correct SHELFLENS_ENCODER, or unset it to use minilm",
        ) from error


def _stamps(folder: Path) -> Stamps:
    """The names, sizes and times of what is looked at."""
    names = (CONFIG, TOKENIZER, WEIGHTS, f"{SERVING}/{CARD}", f"{SERVING}/{GRAPH}", f"{SERVING}/{TOKENIZER}")
    found = []
    for name in names:
        try:
            stat = (folder / name).stat()
        except OSError:
            continue
        found.append((name, stat.st_size, stat.st_mtime_ns))
    return tuple(found)


@lru_cache(maxsize=16)
def _checked(folder: Path, stamps: Stamps) -> None:
    sizes = {name: size for name, size, _ in stamps}
    config = _json(folder, CONFIG)
    if not isinstance(config.get("model_type"), str) or not config["model_type"]:
        raise _broken(folder.name, f"{CONFIG} names no model_type")
    _whole_numbers(folder.name, CONFIG, config, [name for name in SIZES if name in config])
    if (folder / SERVING).is_dir():
        _check_serving(folder, sizes)
    if config["model_type"] == GRAPH_ALONE:
        if f"{SERVING}/{GRAPH}" not in sizes:
            raise _broken(folder.name, f"it has neither weights nor {SERVING}/{GRAPH}")
        return
    if not any((folder / name).is_file() for name in TOKENIZERS):
        raise _broken(folder.name, f"it has no {TOKENIZER}")
    if TOKENIZER in sizes:
        _check_tokenizer(folder, TOKENIZER)
    if WEIGHTS not in sizes:
        raise _broken(folder.name, f"it has no {WEIGHTS}")
    _check_weights(folder, sizes[WEIGHTS])


def _check_serving(folder: Path, sizes: dict[str, int]) -> None:
    for name in (CARD, GRAPH, TOKENIZER):
        if f"{SERVING}/{name}" not in sizes:
            raise _broken(folder.name, f"it has no {SERVING}/{name}")
    card = _json(folder, f"{SERVING}/{CARD}")
    _whole_numbers(folder.name, f"{SERVING}/{CARD}", card, ("dimension", "max_tokens"))
    _check_tokenizer(folder, f"{SERVING}/{TOKENIZER}")
    if file_sha256(folder / SERVING / GRAPH) != card.get(SEAL):
        raise _broken(folder.name, f"{SERVING}/{GRAPH} is not the one that was sealed: it is cut off or changed")


def _check_tokenizer(folder: Path, name: str) -> None:
    if not isinstance(_json(folder, name).get("model"), dict):
        raise _broken(folder.name, f"{name} holds no tokenizer")


def _whole_numbers(encoder: str, file: str, found: dict[str, Any], names: Sequence[str]) -> None:
    """Sizes are whole numbers from 1 on. Raises ModelError where one is not."""
    for name in names:
        size = found.get(name)
        if not isinstance(size, int) or isinstance(size, bool) or size < 1:
            raise _broken(encoder, f"{file} has {str(size)[:20]!r} for {name}, which is no size")


def _check_weights(folder: Path, size: int) -> None:
    """The header of the weights says how long the file is. Raises ModelError where it is not."""
    try:
        with (folder / WEIGHTS).open("rb") as handle:
            length = int.from_bytes(handle.read(8), "little")
            if length > min(size, LONGEST_HEADER):
                raise ValueError("the header is longer than the file")
            header = json.loads(handle.read(length))
        ends = [each["data_offsets"][1] for name, each in header.items() if name != "__metadata__"]
        whole = 8 + length + max(ends)
    except (OSError, ValueError, TypeError, AttributeError, KeyError, IndexError) as error:
        raise _broken(folder.name, f"{WEIGHTS} is no safetensors file with weights, or is cut off") from error
    if whole != size:
        raise _broken(folder.name, f"{WEIGHTS} has {size:,} bytes where its header says {whole:,}: it is cut off")


def _json(folder: Path, name: str) -> dict[str, Any]:
    try:
        found = json.loads((folder / name).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise _broken(folder.name, f"it has no {name}") from error
    except (OSError, ValueError, RecursionError) as error:
        raise _broken(folder.name, f"{name} cannot be read as JSON") from error
    if not isinstance(found, dict) or not found:
        raise _broken(folder.name, f"{name} is empty")
    return found


def _broken(name: str, why: str) -> ModelError:
    return ModelError(f"the encoder {name} is damaged: {why}", allowed=WHOLE, remedy=AGAIN)
