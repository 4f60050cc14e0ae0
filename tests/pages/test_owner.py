"""On a server for many a visitor cancels and removes what is theirs alone; on a laptop everybody removes all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pages.shared import owner
from recsys.engine import Engine
from recsys.errors import BadRequestError
from recsys.evaluation.search.lab import grade_book
from recsys.jobs import Job, JobQueue, uploads
from recsys.settings import PROJECT, Settings
from recsys.training import records
from recsys.training.records import STOPPED
from tests.evaluation.tiny_run import kept_run
from tests.pages.lab_page import LabPage
from tests.pages.models_page import Page as ModelsPage
from tests.pages.models_page import made
from tests.pages.test_leaderboard import Page as Leaderboard
from tests.pages.test_search_lab import Page as SearchLab

SHARED = "SHELFLENS_SHARED"
SOMEBODY = "0" * owner.HEX


def buttons(page: LabPage) -> set[str]:
    return {str(button.key) for button in page.at.button}


@pytest.fixture
def others(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that others reach; each opened page is another visitor."""
    monkeypatch.setenv(SHARED, "true")


@pytest.mark.parametrize(
    ("address", "local"),
    [("127.0.0.1", True), ("127.1.2.3", True), ("localhost", True), ("::1", True), ("[::1]", True), ("", False),
     ("0.0.0.0", False), ("::", False), ("192.168.0.4", False), ("shop.example", False)],
)  # fmt: skip
def test_a_server_is_for_its_own_machine_by_the_address_it_listens_at(address: str, local: bool) -> None:
    assert owner.is_local(address) is local


def test_the_secret_of_a_browser_is_the_same_under_every_mask() -> None:
    secret = bytes(range(16))

    def cookie(mask: bytes) -> str:
        under = bytes(each ^ mask[place % 4] for place, each in enumerate(secret))
        return f"2|{mask.hex()}|{under.hex()}|1700000000"

    assert owner._unmasked(cookie(b"abcd")) == owner._unmasked(cookie(b"wxyz")) == secret
    for broken in ("", "2|x", "1|61626364|00|1", "2|6162|" + "00" * 16 + "|1", "2|61626364|00|1", "2|zz|zz|1"):
        assert owner._unmasked(broken) == b""


def test_on_a_laptop_everybody_removes_everything(prepared: Settings, root: Path) -> None:
    run = kept_run(prepared.runs_dir)
    training = made(root, owner=SOMEBODY)
    assert {"models.keep", "models.discard"} <= buttons(ModelsPage(training=training.id))
    assert "leaderboard.remove" in buttons(Leaderboard(run=run.id))
    assert any(key.startswith("storage.") for key in buttons(ModelsPage()))


@pytest.mark.usefixtures("others")
def test_what_somebody_else_made_cannot_be_removed_and_that_is_said(prepared: Settings, root: Path) -> None:
    run = kept_run(prepared.runs_dir)
    (run.path / "owner.txt").write_text(SOMEBODY, encoding="ascii")
    for whose in ("", SOMEBODY):
        training = made(root, owner=whose)
        page = ModelsPage(training=training.id)
        assert not {"models.keep", "models.discard"} & buttons(page)
        assert "Somebody else started it" in page.text
    assert "leaderboard.remove" not in buttons(Leaderboard(run=run.id))
    assert not [key for key in buttons(ModelsPage()) if key.startswith("storage.")]


@pytest.mark.usefixtures("others")
def test_what_i_started_is_mine(root: Path, started: list[Job]) -> None:
    page = ModelsPage()
    page.press("models.start")
    (training,) = records.listed(root)
    assert re.fullmatch("[0-9a-f]{32}", training.owner)
    assert [job.owner for job in started] == [training.owner]
    records.write(training)
    assert {"models.resume", "models.discard"} <= buttons(page.run())
    assert not {"models.resume", "models.discard"} & buttons(ModelsPage(training=training.id))
    page.press("models.discard")
    assert records.listed(root) == []


@pytest.mark.usefixtures("others")
def test_a_run_at_work_is_cancelled_by_who_started_it(
    prepared: Settings, started: list[Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(JobQueue, "of", lambda settings: JobQueue(settings.jobs_dir, (settings.trainings_dir,), 0))
    mine = Leaderboard().press("leaderboard.start")
    (job,) = JobQueue.of(prepared).listed("evaluate")
    assert job.owner
    assert "leaderboard.cancel" in buttons(mine.run())
    assert "leaderboard.cancel" not in buttons(Leaderboard())
    mine.press("leaderboard.cancel")
    assert JobQueue.of(prepared).listed("evaluate") == []


@pytest.mark.usefixtures("others")
def test_a_button_of_a_page_that_was_open_before_does_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SHARED)
    training = made(root, state=STOPPED, owner=SOMEBODY)
    page = ModelsPage(training=training.id)
    monkeypatch.setenv(SHARED, "true")
    page.press("models.discard")
    assert [each.id for each in records.listed(root)] == [training.id]


@pytest.mark.usefixtures("others")
def test_query_sets_and_grades_of_others_stay(prepared: Settings, engine: Engine) -> None:
    book = grade_book(prepared)
    book.save_set("theirs", ["milk"], SOMEBODY)
    item = str(engine.catalogue.ids[0])
    book.give("milk", item, 3, "Ann", SOMEBODY)
    page = SearchLab(lab="sets", queries="theirs")
    assert "search_lab.delete" not in buttons(page)
    page.at.text_input(key="search_lab.new.name").set_value("theirs")
    page.at.text_area(key="search_lab.new.queries").set_value("bread")
    next(b for b in page.at.button if b.label == "Save the set").click()
    page.run()
    assert "belongs to somebody else" in page.text
    assert book.sets() == {"theirs": ["milk"]}
    page = SearchLab(q="milk")
    page.press("search_lab.clear")
    page.press("search_lab.undo")
    assert book.of("milk") == {item: 3}


def test_must_says_who_can(monkeypatch: pytest.MonkeyPatch) -> None:
    owner.must(SOMEBODY)
    monkeypatch.setenv(SHARED, "true")
    with pytest.raises(BadRequestError, match="not yours"):
        owner.must("")


def test_no_upload_is_larger_than_the_server_takes_and_every_uploader_is_bounded() -> None:
    config = (PROJECT / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    (largest,) = re.findall(r"^maxUploadSize = (\d+)$", config, re.MULTILINE)
    assert int(largest) == uploads.MAX_MB
    calls = re.compile(r"st\.file_uploader\((.*?)\n\s*\)\n|st\.file_uploader\(([^\n]*)\)", re.DOTALL)
    sources = [path.read_text(encoding="utf-8") for path in (PROJECT / "pages").rglob("*.py")]
    bounds = [re.search(r"max_upload_size=(\w+)", "".join(call)) for text in sources for call in calls.findall(text)]
    assert len(bounds) >= 3
    assert all(bound is not None and bound[1] in ("MAX_MB", "2") for bound in bounds)
