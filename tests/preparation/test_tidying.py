"""What a shop takes on disk is told and freed, but never under the hands of a preparation."""

from __future__ import annotations

import multiprocessing
import os
import signal
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from recsys.engine.inventory import delete_prepared, disk_use, shared_use
from recsys.errors import BadRequestError, SettingsError
from recsys.preparation.presence import present, somebody_present
from recsys.preparation.running import prepare
from recsys.settings import Settings
from recsys.steps.contract import Step

Steps = dict[str, Step]


def use_of(settings: Settings, shop: str) -> int:
    return {each.shop: each.bytes for each in disk_use(settings)}[shop]


def test_what_each_shop_takes_is_told_apart(settings: Settings, steps: Steps) -> None:
    assert [each.bytes for each in disk_use(settings)] == [0] * len(disk_use(settings))
    prepare(settings, steps=steps)
    files = [path for path in (settings.cache_dir / settings.shop).rglob("*") if path.is_file()]
    assert use_of(settings, settings.shop) == sum(path.stat().st_size for path in files) > 100
    assert use_of(settings, "complete_journey") == 0
    assert shared_use(settings) > 100
    assert not any(each.prepared for each in disk_use(settings)), "these are not the steps of a real shop"


def test_deleting_frees_what_was_said_and_leaves_the_other_shops_and_what_they_share(
    settings: Settings, steps: Steps
) -> None:
    full = settings.model_copy(update={"shop": "complete_journey"})
    prepare(settings, steps=steps)
    prepare(full, steps=steps)
    shared, said = shared_use(settings), use_of(settings, settings.shop)
    assert delete_prepared(full, settings.shop) == said
    assert use_of(settings, settings.shop) == 0
    assert use_of(settings, full.shop) > 0
    assert shared_use(settings) == shared
    assert not any(result.made for result in prepare(full, steps=steps))
    assert [path for path in settings.cache_dir.iterdir() if path.name.startswith(".")] == []


def test_deleting_what_is_not_there_frees_nothing(settings: Settings) -> None:
    assert delete_prepared(settings, settings.shop) == 0


def test_a_shop_that_is_none_is_an_error_and_no_folder_is_touched(settings: Settings) -> None:
    (settings.cache_dir / "shared").mkdir(parents=True)
    for name in ("shared", "..", "../..", ""):
        with pytest.raises(SettingsError):
            delete_prepared(settings, name)
    assert (settings.cache_dir / "shared").is_dir()


def test_a_shop_that_is_being_prepared_is_not_deleted(settings: Settings, steps: Steps) -> None:
    prepare(settings, steps=steps)
    with present(settings.cache_dir / settings.shop), pytest.raises(BadRequestError, match="being prepared") as caught:
        delete_prepared(settings, settings.shop)
    assert "wait" in caught.value.remedy
    assert use_of(settings, settings.shop) > 0
    assert delete_prepared(settings, settings.shop) > 0


def _be_present(folder: Path, there: Event) -> None:
    with present(folder):
        there.set()
        signal.pause()


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")
def test_who_was_killed_is_not_present(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    there = context.Event()
    process = context.Process(target=_be_present, args=(tmp_path, there))
    process.start()
    assert there.wait(60)
    assert somebody_present(tmp_path)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    assert not somebody_present(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_catalogues_that_were_judged_are_told_and_freed_too(settings: Settings) -> None:
    judged = settings.cache_dir / "catalogue_0123456789abcdef"
    (judged / "vectors-0123456789abcdef").mkdir(parents=True)
    (judged / "vectors-0123456789abcdef" / "vectors.npy").write_bytes(b"x" * 1000)
    assert use_of(settings, judged.name) == 1000
    with pytest.raises(SettingsError):
        delete_prepared(settings, "catalogue_/../catalogue_0123456789abcdef")
    assert delete_prepared(settings, judged.name) == 1000
    assert not judged.exists()
    assert judged.name not in {each.shop for each in disk_use(settings)}
