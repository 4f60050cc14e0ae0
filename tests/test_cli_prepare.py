"""A first shelf needs less than everything; the rest is made later, by the same verb or beside the app."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from recsys.cli import main
from recsys.jobs import JobQueue
from recsys.preparation import FIRST_SHELF, STEPS, Plan
from recsys.settings import Settings
from tests.command_line import one_clear_line
from tests.pages.idle_jobs import nothing_runs

REST = [
    "pictures", "picture_encoder", "languages", "maps", "picture_features", "fusion", "picture_maps", "things",
    "interests", "baskets", "review_heads", "reviews", "offers", "promotions", "demand",
]  # fmt: skip
LATER = (
    "gather the pictures, export the picture encoder, learn other languages' words for it, draw the maps, "
    "look at the pictures, learn one space for pictures and words, draw the maps of pictures, "
    "name things on photographs, place the shoppers among pictures and words, "
    "count what is bought together, learn from sentences of other shops' reviews, read the reviews, foretell "
    "who redeems which coupons, measure displays, mailers and price offers, foretell the demand of the next "
    "weeks"
)


@pytest.fixture
def first_shelf(prepared: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The sample as `--first-shelf` leaves it: linked, but for what a shelf can do without."""
    plan, cache = Plan.of(prepared), tmp_path / "cache"
    for name in FIRST_SHELF:
        link = cache / plan.path(name).relative_to(prepared.cache_dir)
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(plan.path(name))
    monkeypatch.setenv("SHELFLENS_CACHE_DIR", str(cache))
    return prepared.model_copy(update={"cache_dir": cache})


def printed(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_nothing_that_a_shelf_needs_rests_on_what_it_can_do_without() -> None:
    assert set(STEPS) - set(FIRST_SHELF) == set(REST)
    assert all(basis.step in FIRST_SHELF for step in FIRST_SHELF.values() for basis in step.rests_on)


def test_a_first_shelf_leaves_the_rest_and_says_so(first_shelf: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    Plan.of(first_shelf).path("lexical").unlink()
    assert main(["prepare", "--first-shelf", "--json"]) == 0
    done = printed(capsys)
    assert done["left"] == REST
    assert {step["name"]: step["made"] for step in done["steps"]} == {name: name == "lexical" for name in FIRST_SHELF}
    assert main(["prepare", "--first-shelf"]) == 0
    assert capsys.readouterr().out == (
        f"What a shelf of {first_shelf.shop} needs is prepared already. Left for later: {LATER}.\n"
    )


def test_where_everything_is_there_a_first_shelf_leaves_nothing(
    prepared: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["prepare", "--first-shelf"]) == 0
    assert capsys.readouterr().out == f"{prepared.shop} is prepared already.\n"


@pytest.mark.usefixtures("first_shelf")
def test_preparing_afterwards_makes_the_rest_alone(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def make(*_: object) -> dict[str, object]:
        return {}

    quick = {name: replace(step, make=make) for name, step in STEPS.items()}
    monkeypatch.setattr("recsys.preparation.STEPS", quick)
    assert main(["prepare", "--json"]) == 0
    done = printed(capsys)
    assert [step["name"] for step in done["steps"] if step["made"]] == REST
    assert done["left"] == []


def test_what_is_missing_is_queued_once_and_again_after_a_kill(
    first_shelf: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHELFLENS_MAX_JOBS", "1")
    begun = nothing_runs(monkeypatch)
    queue = JobQueue.of(first_shelf.model_copy(update={"max_jobs": 1}))
    monkeypatch.setattr("recsys.jobs.processes.alive", lambda pid, began: True)
    assert main(["prepare", "--behind"]) == 0
    said = capsys.readouterr().out
    assert said == f"Made beside the app: {LATER}.\n"
    assert main(["prepare", "--behind", "--json"]) == 0
    (job,) = queue.listed("prepare", first_shelf.shop)
    assert printed(capsys)["job"] == job.id
    assert job.arguments == ("prepare", "--json", f"--shop={first_shelf.shop}")
    assert [each.id for each in begun] == [job.id]
    monkeypatch.setattr("recsys.jobs.processes.alive", lambda pid, began: False)  # killed: another start takes it up
    assert main(["prepare", "--behind", "--json"]) == 0
    assert printed(capsys)["job"] not in (None, job.id)


def test_nothing_is_queued_where_everything_is_there(prepared: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prepare", "--behind", "--json"]) == 0
    done = printed(capsys)
    assert (done["missing"], done["job"]) == ([], None)
    assert JobQueue.of(prepared).listed("prepare") == []


@pytest.mark.usefixtures("first_shelf")
def test_a_queue_that_cannot_be_written_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("SHELFLENS_STATE_DIR", str(tmp_path / "file"))
    assert main(["prepare", "--behind"]) == 1
    one_clear_line(capsys)


def test_one_way_of_preparing_at_a_time(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["prepare", "--behind", "--first-shelf"])
    assert caught.value.code == 2
    assert "not allowed with" in capsys.readouterr().err
