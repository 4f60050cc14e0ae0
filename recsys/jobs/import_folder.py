"""The one folder of the server whose files a page may name: that of the setting `import_dir`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from recsys.errors import BadRequestError

MOST: Final = 500  # files that are offered: beyond, nobody looks through a list


def listed(folder: Path | None) -> list[str]:
    """The names of the files in the folder, in order; none where there is none. Links and hidden files do not count."""
    if folder is None:
        return []
    try:
        names = [path.name for path in folder.iterdir() if _is_plain(path)]
    except (OSError, ValueError):
        return []
    return sorted(names)[:MOST]


def inside(folder: Path | None, name: str) -> Path:
    """Where the file of that name lies. Raises BadRequestError for all that is no file right in the folder."""
    try:
        if folder is not None and name in listed(folder):
            path = (folder / name).resolve(strict=True)
            if path.parent == folder.resolve(strict=True):
                return path
    except (OSError, ValueError):
        pass  # it was removed this moment, or the name is none that a file can have
    raise BadRequestError(
        f"the import folder has no file {name[:60]!r}",
        allowed=", ".join(listed(folder)[:5]) or "nothing: the setting SHELFLENS_IMPORT_DIR names no folder with files",
        remedy="pick one of the list, or upload the file",
    )


def _is_plain(path: Path) -> bool:
    """Whether it is a file and no link, which may lead anywhere, nor one whose name cannot be written down."""
    printable = path.name.isprintable() and not path.name.startswith(".")
    return printable and path.is_file() and not path.is_symlink()
