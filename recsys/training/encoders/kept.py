"""Encoders that were made here and kept: one folder each, which SHELFLENS_ENCODER names.

<state>/encoders/<name>/            a sentence-transformers folder, with a graph of its own for queries where it has one
<state>/encoders/<name>/card.json   what it was made from and how; README.md says the same to people
"""

from __future__ import annotations

import json
import re
import shutil
import time
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from recsys.artifacts import storage_errors, write_whole
from recsys.encoders.soundness import check
from recsys.errors import BadRequestError, ModelError
from recsys.settings import KEPT_ENCODER

KEPT_CARD: Final = "card.json"
README: Final = "README.md"
NAME: Final = KEPT_ENCODER
LONGEST: Final = 80  # characters of a name
LICENCE: Final = "Apache-2.0, that of all-MiniLM-L6-v2; the texts it learned from keep their own"


@dataclass(frozen=True, slots=True)
class KeptEncoder:
    """One of them: its name is what the setting takes."""

    name: str
    path: Path
    card: dict[str, Any]

    @property
    def damage(self) -> str:
        """What is wrong with it, in a sentence; "" where the app can be started with it."""
        try:
            check(str(self.path), self.path.parent)
        except ModelError as error:
            return error.seen
        return ""

    @property
    def bytes(self) -> int:
        """On disk."""
        return sum(file.stat().st_size for file in self.path.rglob("*") if file.is_file())


def keep(made: Path, root: Path, name: str, card: Mapping[str, Any]) -> str:
    """Move a folder that was made to the kept ones, in place of one of that name; returns the name.

    Raises BadRequestError for a name that cannot be one, StorageError; then what was there stays.
    """
    if not NAME.fullmatch(name):
        raise BadRequestError(
            f"encoder {name[:40]!r} cannot be kept by that name",
            allowed="small letters, digits, '_', '.' and '-'",
            remedy="choose another name",
        )
    facts = {"name": name, "licence": LICENCE, "made": time.time(), **card}
    target, old = root / name, root / f".{name}.old.tmp"
    with storage_errors(root):
        root.mkdir(parents=True, exist_ok=True)
        write_whole(made / KEPT_CARD, json.dumps(facts, indent=1, ensure_ascii=False).encode())
        write_whole(made / README, markdown(facts).encode())
        shutil.rmtree(old, ignore_errors=True)
        if target.exists():
            target.replace(old)
        shutil.move(made, target)
        shutil.rmtree(old, ignore_errors=True)
    return name


def name_from(words: str, ending: str) -> str:
    """A name that an encoder can be kept by, from what people call its data and its own `ending`.

    "Möbel & Co" and "lora-1a2b" make "mobel_-_co-lora-1a2b". Letters lose their accents, and what no name may hold
    becomes "-"; where nothing is left it is "encoder".
    """
    bare = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower().replace(" ", "_")
    begun = re.sub(r"[^a-z0-9_.]+", "-", bare).strip("-_.")[: LONGEST - len(ending) - 1].rstrip("-_.")
    return f"{begun or 'encoder'}-{ending}"


def listed(root: Path) -> list[KeptEncoder]:
    """Those that are there, the newest first; folders without a readable card are passed over."""
    found = []
    for path in root.iterdir() if root.is_dir() else ():
        try:
            card = json.loads((path / KEPT_CARD).read_text(encoding="utf-8"))
            if NAME.fullmatch(path.name) and isinstance(card, dict) and isinstance(card.get("made", 0.0), int | float):
                found.append(KeptEncoder(path.name, path, card))
        except (OSError, ValueError):
            continue
    return sorted(found, key=lambda each: (-float(each.card.get("made", 0.0)), each.name))


def find(root: Path, name: str) -> KeptEncoder:
    """One by its name. Raises BadRequestError naming those there are."""
    found = {each.name: each for each in listed(root)}
    if name not in found:
        raise BadRequestError(
            f"there is no kept encoder {name[:40]!r}",
            allowed=", ".join(found) or "none yet",
            remedy="make one by `python -m recsys adapt` or `compress --keep`",
        )
    return found[name]


def discard(root: Path, name: str) -> None:
    """Remove one. Raises BadRequestError for a name that is none."""
    find(root, name)
    with storage_errors(root):
        doomed = root / f".{name}.tmp"
        (root / name).replace(doomed)
        shutil.rmtree(doomed, ignore_errors=True)


def markdown(card: Mapping[str, Any]) -> str:
    """The card for people."""
    lines = [f"# {card['name']}", "", str(card.get("label", "An encoder of texts")), ""]
    for key, value in card.items():
        if key in ("name", "label", "made"):
            continue
        said = "; ".join(f"{k}: {v}" for k, v in value.items()) if isinstance(value, Mapping) else str(value)
        lines.append(f"- **{key.replace('_', ' ').capitalize()}:** {said}")
    return "\n".join([*lines, "", f"Start the app with it: `SHELFLENS_ENCODER={card['name']} make demo`", ""])
