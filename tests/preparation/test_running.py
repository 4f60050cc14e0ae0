"""What is missing is made, in an order that rests on what is there, and whatever happens the cache stays usable."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from recsys.errors import DataError, StorageError
from recsys.preparation.plan import Plan
from recsys.preparation.running import LAST, StepResult, Stopped, prepare
from recsys.progress import Progress, silent
from recsys.settings import PROJECT, Settings
from recsys.steps.contract import Basis, Context, Step

Steps = dict[str, Step]
WITHIN = 60.0  # seconds: how long a slow machine may take to begin a thread; nothing waits so long where all is well


def made(results: list[StepResult]) -> set[str]:
    return {result.name for result in results if result.made}


def names(root: Path) -> list[str]:
    return sorted(path.name.rpartition("-")[0] for path in root.glob("[a-z]*-*"))


def test_everything_is_made_once_and_found_after(settings: Settings, steps: Steps) -> None:
    assert made(prepare(settings, steps=steps)) == set(steps)
    again = prepare(settings, steps=steps)
    assert made(again) == set()
    assert [result.name for result in again] == list(steps)


def test_a_shop_has_its_own_folder_and_shares_what_is_the_same_for_all(settings: Settings, steps: Steps) -> None:
    prepare(settings, steps=steps)
    full = settings.model_copy(update={"shop": "complete_journey"})
    assert made(prepare(full, steps=steps)) == set(steps) - {"model"}
    assert names(settings.cache_dir / settings.shop) == names(settings.cache_dir / full.shop)
    assert names(settings.cache_dir / "shared") == ["model"]


def test_shops_never_evict_each_other(settings: Settings, steps: Steps, source: Path) -> None:
    prepare(settings, steps=steps)
    for price in range(4):
        source.write_text(json.dumps({"prices": [price], "texts": ["milk"]}), encoding="utf-8")
        prepare(settings.model_copy(update={"shop": "complete_journey"}), steps=steps)
    source.write_text(json.dumps({"prices": [1], "texts": ["milk"]}), encoding="utf-8")
    assert made(prepare(settings, steps=steps)) == set()
    assert names(settings.cache_dir / "complete_journey").count("data") == 2


def test_a_changed_price_makes_nothing_of_the_texts_again(settings: Settings, steps: Steps, source: Path) -> None:
    prepare(settings, steps=steps)
    source.write_text(json.dumps({"prices": [2], "texts": ["milk"]}), encoding="utf-8")
    assert made(prepare(settings, steps=steps)) == {"data", "words"}
    source.write_text(json.dumps({"prices": [2], "texts": ["milk", "tea"]}), encoding="utf-8")
    assert made(prepare(settings, steps=steps)) == {"data", "words", "vectors", "maps"}


def test_while_the_data_are_not_there_nothing_made_of_their_texts_is_current(
    settings: Settings, steps: Steps, source: Path
) -> None:
    prepare(settings, steps=steps)
    there = Plan.of(settings, steps)
    source.write_text(json.dumps({"prices": [2], "texts": ["milk"]}), encoding="utf-8")
    before = Plan.of(settings, steps)
    assert before.versions["vectors"] != there.versions["vectors"]
    prepare(settings, steps=steps)
    assert Plan.of(settings, steps).versions["vectors"] == there.versions["vectors"]


def test_two_steps_run_beside_each_other_and_those_of_one_library_do_not(settings: Settings, steps: Steps) -> None:
    running, most, together = set[str](), 0, set[frozenset[str]]()
    lock, both_begun = threading.Lock(), threading.Barrier(2)  # what rests on nothing begins at once

    def seen(step: Step) -> Step:
        def make(context: Context, progress: Progress, folder: Path) -> dict[str, Any]:
            nonlocal most
            with lock:
                running.add(step.name)
                most = max(most, len(running))
                together.add(frozenset(running))
            if step.rests_on:
                time.sleep(0.2)  # time enough to be met by another one
            else:
                both_begun.wait(WITHIN)
            with lock:
                running.remove(step.name)
            return step.make(context, progress, folder)

        return replace(step, make=make)

    watched = {name: seen(step) for name, step in steps.items()}
    watched["vectors"] = replace(watched["vectors"], library="torch")
    watched["words"] = replace(watched["words"], library="torch")
    prepare(settings, steps=watched)
    assert most == 2
    assert not any({"vectors", "words"} <= at_once for at_once in together)


def test_what_a_shelf_can_do_without_stands_back(settings: Settings, steps: Steps) -> None:
    niceness: dict[str, int] = {}

    def seen(step: Step) -> Step:
        def make(context: Context, progress: Progress, folder: Path) -> dict[str, Any]:
            own = threading.Thread(target=lambda: niceness.update({step.name: _niceness()}))
            own.start()
            own.join()
            return step.make(context, progress, folder)

        return replace(step, make=make)

    prepare(settings, steps={name: seen(step) for name, step in steps.items()})
    assert set(niceness) == set(steps)
    if sys.platform == "linux":  # elsewhere threads have no priority of their own
        assert {name for name, nice in niceness.items() if nice == LAST} == {"maps"}
        assert _niceness() < LAST


def test_while_a_shelf_waits_one_place_is_kept_for_it(settings: Settings, steps: Steps) -> None:
    """Two steps that a shelf can do without are ready long before the one that it needs: it need not wait for both."""
    together, running = list[frozenset[str]](), set[str]()
    lock, idle_begun, last_begun = threading.Lock(), threading.Event(), threading.Event()

    def made_by(name: str, begun: threading.Event, ends_after: threading.Event) -> Step:
        def make(context: Context, progress: Progress, folder: Path) -> dict[str, Any]:
            with lock:
                running.add(name)
                together.append(frozenset(running))
            begun.set()
            ends_after.wait(WITHIN)
            with lock:
                running.remove(name)
            return {}

        return replace(steps["model"], name=name, label=name, make=make, shared=False)

    idle = [replace(made_by(name, idle_begun, last_begun), needed=False) for name in ("one", "two")]
    slow = made_by("slow", threading.Event(), idle_begun)
    last = replace(made_by("last", last_begun, last_begun), rests_on=(Basis("slow"),))
    prepare(settings, steps={step.name: step for step in (*idle, slow, last)})
    with_last = next(place for place, each in enumerate(together) if "last" in each)
    assert not any({"one", "two"} <= each for each in together[: with_last + 1])
    assert together[with_last] & {"one", "two"}


def _niceness() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) if sys.platform == "linux" else 0


def test_a_failing_step_is_the_error_and_what_was_finished_stays(settings: Settings, steps: Steps) -> None:
    def fail(context: Context, progress: Progress, folder: Path) -> dict[str, Any]:
        raise DataError("the words are missing")

    broken = {**steps, "words": replace(steps["words"], make=fail)}
    with pytest.raises(DataError, match="the words are missing"):
        prepare(settings, steps=broken)
    assert "data" in names(settings.cache_dir / settings.shop)
    assert "words" not in names(settings.cache_dir / settings.shop)
    assert "data" not in made(prepare(settings, steps=steps))


def test_a_step_beside_a_failing_one_ends_at_its_next_word(settings: Settings, steps: Steps) -> None:
    ended: list[type[BaseException]] = []
    going = threading.Event()

    def fail(context: Context, progress: Progress, folder: Path) -> dict[str, Any]:
        going.wait(10)
        raise DataError("no source")

    def long(context: Context, progress: Progress, folder: Path) -> dict[str, Any]:
        going.set()
        try:
            for done in range(2_000):
                progress(done, 2_000)
                time.sleep(0.01)
        except BaseException as error:
            ended.append(type(error))
            raise
        return {}

    two = {**steps, "data": replace(steps["data"], make=fail), "model": replace(steps["model"], make=long)}
    with pytest.raises(DataError):
        prepare(settings, steps=two)
    assert ended == [Stopped]
    assert names(settings.cache_dir / "shared") == []


def test_each_step_tells_its_progress_and_is_begun_once(settings: Settings, steps: Steps) -> None:
    told: dict[str, list[tuple[int, int, str]]] = {}

    def progress_of(label: str) -> Progress:
        told[label] = []
        return lambda done, total, note="": told[label].append((done, total, note))

    prepare(settings, progress_of, steps=steps)
    assert set(told) == {step.label for step in steps.values()}
    assert {calls[-1] for calls in told.values()} == {(1, 1, "done")}
    assert (1, 2, "") in told["Encode"]


def test_too_little_room_is_said_before_anything_is_made(settings: Settings, steps: Steps) -> None:
    with pytest.raises(StorageError, match="MB are free"):
        prepare(settings.model_copy(update={"minimum_free_mb": 10**9}), steps=steps)
    assert not (settings.cache_dir / settings.shop / "data").exists()


def test_what_is_there_is_found_on_a_disk_that_cannot_be_written(
    settings: Settings, steps: Steps, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(settings, steps=steps)

    def refuse(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "mkdir", refuse)
    monkeypatch.setattr("recsys.artifacts.os.utime", refuse)
    assert made(prepare(settings, steps=steps)) == set()


def test_what_an_earlier_version_kept_in_one_folder_is_cleared_away(settings: Settings, steps: Steps) -> None:
    flat = settings.cache_dir / "data-0123456789abcdef"
    other = settings.cache_dir / "notes-of-somebody"
    for folder in (flat, other):
        folder.mkdir(parents=True)
    (settings.cache_dir / ".data-0123456789abcdef.lock").touch()
    prepare(settings, steps=steps)
    assert not flat.exists()
    assert other.exists()
    assert sorted(path.name for path in settings.cache_dir.iterdir() if path.name.startswith(".")) == []


STOPPABLE = """
import signal, sys, time
from pathlib import Path
from recsys.preparation.running import prepare
from recsys.settings import Settings
from recsys.steps.contract import Basis, Step

def quick(context, progress, folder):
    (folder / "a.txt").write_text("a")
    return {}

def slow(context, progress, folder):
    (Path(sys.argv[1]) / "begun").touch()
    for done in range(3000):
        progress(done, 3000)
        time.sleep(0.01)
    return {}

module = "recsys.encoders.preparing.maps"
steps = {"quick": Step("quick", "Quick", module, quick),
         "slow": Step("slow", "Slow", module, slow, (Basis("quick"),))}
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored by all that a shell starts in the background
try:
    prepare(Settings(shop="complete_journey_sample", cache_dir=Path(sys.argv[1])), steps=steps)
except KeyboardInterrupt:
    sys.exit(130)
"""


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")
@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)])
def test_stopped_at_any_moment_it_leaves_what_was_finished_and_the_next_run_goes_on(
    tmp_path: Path, sent: signal.Signals, code: int
) -> None:
    command = [sys.executable, "-c", STOPPABLE, str(tmp_path)]
    process = subprocess.Popen(command, cwd=PROJECT)
    deadline = time.monotonic() + 60
    while not (tmp_path / "begun").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(sent)
    assert process.wait(20) == code
    assert names(tmp_path / "complete_journey_sample") == ["quick"]
    (tmp_path / "begun").unlink()
    settings = Settings(shop="complete_journey_sample", cache_dir=tmp_path)
    module = "recsys.encoders.preparing.maps"
    quick = Step("quick", "Quick", module, lambda context, progress, folder: pytest.fail("made twice"))
    assert [result.made for result in prepare(settings, steps={"quick": quick})] == [False]


def _slow_steps(steps: Mapping[str, Step], begun: threading.Event, go_on: threading.Event) -> Steps:
    def make(context: Context, progress: Progress, folder: Path) -> dict[str, Any]:
        begun.set()
        go_on.wait(30)
        return steps["data"].make(context, progress, folder)

    return {**steps, "data": replace(steps["data"], make=make)}


def test_two_preparations_at_once_make_it_once_and_the_second_says_that_it_waits(
    settings: Settings, steps: Steps
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    slow = _slow_steps(steps, begun, go_on)
    said: list[str] = []
    results: list[list[StepResult]] = []

    def run(say: Callable[[str], None]) -> None:
        results.append(prepare(settings, lambda label: silent, say, slow))

    first = threading.Thread(target=run, args=(said.append,))
    first.start()
    assert begun.wait(20)
    second = threading.Thread(target=run, args=(said.append,))
    second.start()
    while not said and second.is_alive():
        time.sleep(0.01)
    go_on.set()
    first.join(30)
    second.join(30)
    assert "another preparation is making 'data'; waiting for it" in said
    assert sum("data" in made(each) for each in results) == 1
