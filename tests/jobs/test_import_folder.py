"""A page reads from one folder, by names that lie right in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from recsys.errors import BadRequestError
from recsys.jobs.import_folder import inside, listed


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "import"
    (made / "deeper").mkdir(parents=True)
    (tmp_path / "salt").write_text("0a1b2c3d", encoding="ascii")
    for name in ("b.txt", "a.csv", ".hidden", "deeper/c.txt"):
        (made / name).write_text("1 2 3", encoding="ascii")
    (made / "link.txt").symlink_to(tmp_path / "salt")
    (made / "away").symlink_to(tmp_path)
    return made


def test_files_are_offered_by_name_and_links_and_hidden_ones_are_not(folder: Path) -> None:
    assert listed(folder) == ["a.csv", "b.txt"]
    assert inside(folder, "a.csv") == (folder / "a.csv").resolve()
    assert listed(None) == listed(folder / "nowhere") == []


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../salt", "link.txt", "away/salt", "deeper/c.txt", ".hidden", "/etc/passwd", "a.csv\0", "\ud800",
     "x" * 10_000, "a.csv/", "./a.csv"],
)  # fmt: skip
def test_what_lies_elsewhere_is_refused(folder: Path, name: str) -> None:
    with pytest.raises(BadRequestError, match="the import folder has no file"):
        inside(folder, name)
    with pytest.raises(BadRequestError):
        inside(None, name)


def test_a_folder_that_is_a_link_itself_is_the_owners_choice(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "chosen").symlink_to(folder)
    assert inside(tmp_path / "chosen", "a.csv") == (folder / "a.csv").resolve()
