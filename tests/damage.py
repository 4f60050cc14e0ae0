"""A prepared cache of which one file is damaged: everything else is the shared one, linked."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

from recsys.preparation import Plan
from recsys.settings import Settings

DAMAGES = ("truncated", "flipped", "missing")
FILES = (
    "dataset/items.parquet",
    "encoder/model.onnx",
    "vectors/vectors.npy",
    "lexical/fielded.json",
    "maps/maps.json",
)


def damaged_cache(sound: Settings, folder: Path, file: str, damage: str) -> Settings:
    """Settings whose cache is that of `sound` but for one damaged file, `artefact/name`."""
    artefact, name = file.split("/")
    settings = sound.model_copy(update={"cache_dir": folder})
    plan = Plan.of(sound)
    for known in plan.versions:
        source = plan.path(known)
        copy = folder / source.relative_to(sound.cache_dir)
        copy.parent.mkdir(parents=True, exist_ok=True)
        if known == artefact:
            copytree(source, copy)
            _damage(copy / name, damage)
        else:
            copy.symlink_to(source)
    return settings


def _damage(path: Path, damage: str) -> None:
    content = path.read_bytes()
    if damage == "truncated":
        path.write_bytes(content[: len(content) // 2])
    elif damage == "flipped":
        middle = len(content) // 2
        path.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
    else:
        path.unlink()
