"""The form of the page of models: what it starts, what it refuses, and its words."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pages.lab.models import choices as models_choices
from pages.lab.models.wording import SETTINGS, figure_words, setting_value, size
from recsys.jobs import Job, JobQueue
from recsys.settings import PROJECT
from recsys.training import choices, records
from recsys.training.records import STOPPED
from tests.pages.models_page import OURS, Page, made

# --- starting one -------------------------------------------------------------------------------------------------


def test_the_form_starts_a_training_with_the_settings_chosen(root: Path, started: list[Job]) -> None:
    page = Page()
    page.at.number_input(key="models.form.transformer.epochs").set_value(2)
    page.at.number_input(key="models.form.transformer.learning_rate").set_value(0.001)
    page.at.number_input(key="models.form.seed").set_value(7)
    page.press("models.start")
    (training,) = records.listed(root)
    assert [job.id for job in started] == [training.id]
    assert (training.settings["epochs"], training.settings["learning_rate"], training.seed) == (2, 0.001, 7)
    assert training.data == OURS
    assert page.address["training"] == training.id


def test_settings_that_do_not_go_together_are_one_clear_error(root: Path, started: list[Job]) -> None:
    page = Page()
    page.at.number_input(key="models.form.transformer.heads").set_value(3)
    page.press("models.start")
    assert "heads that divide the dimension" in page.text
    assert (started, records.listed(root)) == ([], [])


def test_without_a_file_nothing_starts(root: Path, started: list[Job]) -> None:
    page = Page()
    page.at.radio(key="models.form.data").set_value("file")
    page.run()
    page.press("models.start")
    assert "Give a file of sequences" in page.text
    assert (started, records.listed(root)) == ([], [])


def test_an_uploaded_file_lies_in_the_trainings_own_folder(root: Path, started: list[Job], ring: Path) -> None:
    page = Page()
    page.at.radio(key="models.form.data").set_value("file")
    page.run()
    page.at.file_uploader(key="models.form.interactions").set_value(("a ring.txt", ring.read_bytes(), "text/plain"))
    page.run()
    page.press("models.start")
    (training,) = records.listed(root)
    assert [job.id for job in started] == [training.id]
    assert training.data.interactions == str(training.path.resolve() / "files" / "interactions" / "a_ring.txt")
    assert Path(training.data.interactions).read_bytes() == ring.read_bytes()
    assert training.data.words == "a_ring"
    records.discard(root, training.id)
    assert not training.path.exists()


def test_a_training_that_cannot_even_wait_is_refused_in_words_and_leaves_nothing(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = JobQueue(root.parent / "jobs", (root,), limit=0, waiting=0)
    monkeypatch.setattr(JobQueue, "of", lambda settings: full)
    page = Page()
    page.press("models.start")
    assert "jobs wait already" in page.text
    assert not list(root.glob("2*"))


def test_no_page_takes_a_path() -> None:
    page = Page()
    page.at.radio(key="models.form.data").set_value("file")
    page.run()
    assert [field.label for field in page.at.text_input if "file" in field.label.lower()] == []
    assert page.at.file_uploader(key="models.form.attributes")


def test_a_file_of_the_import_folder_is_picked_by_its_name(
    root: Path, started: list[Job], ring: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "import"
    folder.mkdir()
    (folder / "ring.txt").write_bytes(ring.read_bytes())
    (folder / "key.txt").symlink_to(ring)
    monkeypatch.setenv("SHELFLENS_IMPORT_DIR", str(folder))
    page = Page()
    page.at.radio(key="models.form.data").set_value("file")
    page.run()
    box = page.at.selectbox(key="models.form.interactions.name")
    assert box.options == ["none: upload one", "ring.txt"]
    box.set_value("ring.txt")
    page.run()
    page.press("models.start")
    (training,) = records.listed(root)
    assert training.data.interactions == str((folder / "ring.txt").resolve())


def test_the_form_says_how_long_it_will_take(root: Path) -> None:
    made(root)  # epochs of 10 s with the same dimension: five of them take 50 s
    assert "about 50 s at most" in Page().text


@pytest.mark.parametrize("model", ["tifu-knn", "most-popular", "ease"])
def test_every_model_has_a_form(model: str) -> None:
    page = Page()
    page.at.selectbox(key="models.form.model").select(model)
    page.run()
    asked = {str(each.key).removeprefix(f"models.form.{model}.") for each in page.at.number_input}
    assert {setting.name for setting in choices.settings_of(model)} < asked | {""}


def test_a_training_is_started_once_however_often_it_is_asked_for(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(JobQueue, "of", lambda settings: JobQueue(settings.jobs_dir, (settings.trainings_dir,), 0))
    training, other = made(root, state=STOPPED), made(root, state=STOPPED)
    for each in (training, training, other):
        models_choices.start(each)
    assert [models_choices.waiting(each) for each in (training, other)] == [1, 2]
    assert models_choices.active(training)


# --- words --------------------------------------------------------------------------------------------------------


def test_every_setting_has_a_name_and_a_plain_explanation() -> None:
    names = {setting.name for model in choices.trainable() for setting in choices.settings_of(model)}
    assert names <= set(SETTINGS)
    assert all(SETTINGS[name].help for name in names)


def test_figures_are_said_with_their_unit() -> None:
    assert [size(number) for number in (643, 33_400, 15_000_000)] == ["643 B", "33 kB", "15.0 MB"]
    assert [figure_words(name, 3.0) for name in ("epochs", "seconds", "loss")] == ["3", "3.0 s", "3.0000"]
    assert [setting_value(value) for value in (0.0045, 2000, None)] == ["0.0045", "2,000", "–"]


OPENED = """
import sys
from streamlit.testing.v1 import AppTest
at = AppTest.from_file("app.py", default_timeout=60).run()
at.switch_page("pages/lab/models/page.py").run()
assert not at.exception
print(sorted({"torch", "lightgbm", "implicit", "sklearn", "transformers"} & set(sys.modules)))
"""


@pytest.mark.usefixtures("prepared")
def test_opening_the_page_needs_no_library_that_trains() -> None:
    done = subprocess.run([sys.executable, "-c", OPENED], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.stdout.strip().splitlines()[-1:] == ["[]"], done.stderr
