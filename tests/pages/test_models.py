"""The page of models: what is in use, trainings in every state, and comparing two."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pages.lab.models import choices as models_choices
from pages.lab.models import in_use
from pages.lab.models.finding import sentence
from recsys.jobs import Job, JobQueue
from recsys.jobs.progress import PROGRESS
from recsys.shops.registry import shop
from recsys.training import records
from recsys.training.built_in import committed_trainings
from recsys.training.records import FAILED, KEPT, RUNNING, STOPPED, Training
from tests.conftest import SAMPLE
from tests.pages.models_page import EPOCHS, SOURCE, Page, made

# --- nothing trained ----------------------------------------------------------------------------------------------


def test_on_a_fresh_machine_a_training_that_came_with_the_shop_is_shown_and_marked() -> None:
    page = Page()
    assert "built in" in page.text
    assert "Came with the shop" in page.text
    assert "Transformer foretells purchases that it has not seen with nDCG@10 0.085" in page.text.replace("**", "")
    assert "behind own favourites, more than luck" in page.text
    assert page.table("epochs")["state"].tolist() == ["built in", "built in"]
    assert not {"models.keep", "models.discard", "models.resume"} & page.buttons
    assert "models.start" in page.buttons


def test_trainings_that_came_with_the_shop_can_be_laid_over_each_other() -> None:
    first, second = committed_trainings(shop(SAMPLE))
    page = Page(training=first.id, beside=second.id)
    assert "is behind" in page.text
    assert "over 295 visits" in page.text


def test_a_training_of_the_visitor_comes_before_those_that_came_with_the_shop(root: Path) -> None:
    training = made(root, "pctm")
    page = Page()
    assert page.at.selectbox(key="control.training").value == training.id
    assert "Came with the shop" not in page.text
    assert [option.startswith("built in: ") for option in page.at.selectbox(key="control.training").options] == [
        False,
        True,
        True,
    ]


def test_a_shop_without_a_training_says_what_to_do_and_a_button_does_it(
    root: Path, started: list[Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models_choices, "committed_trainings", lambda shop: [])
    page = Page()
    assert "Nothing was trained on Sample of the Journey yet" in page.text
    page.press("models.first")
    (training,) = records.listed(root)
    assert (training.model, training.data.dataset) == ("transformer", SAMPLE)
    assert [job.id for job in started] == [training.id]
    assert page.address["training"] == training.id


def test_what_is_in_use_is_listed_with_its_figures() -> None:
    page = Page()
    rows = page.table("facts").set_index("what")["facts"]
    assert "all-MiniLM-L6-v2, pretrained · 384 numbers" in rows["Text encoder"]
    assert "300 shoppers" in rows["Data set"]


def test_the_cards_of_models_and_data_can_be_read() -> None:
    page = Page()
    cards = page.at.selectbox(key="models.card")
    assert "all-MiniLM-L6-v2 (text encoder)" in cards.options
    cards.select("Transformer interest model")
    assert "causal self-attention" in page.run().text


# --- a training in each state -------------------------------------------------------------------------------------


def test_a_finished_training_shows_its_figures_and_asks_for_a_decision(root: Path) -> None:
    training = made(root)
    page = Page()
    assert "finished: keep it or discard it" in page.text
    assert [metric.value for metric in page.at.metric][:2] == ["0.1234", "0.0500"]
    row = page.table("epochs").iloc[0]
    assert (row["model"], row["epochs"], row["took"]) == ("Transformer", "3 of 3", "42 s")
    page.press("models.keep")
    assert records.find(root, training.id).state == KEPT
    assert "finished and kept" in page.text
    assert "models.keep" not in page.buttons


def test_a_discarded_training_is_gone_and_the_next_one_is_shown(root: Path) -> None:
    made(root, "pctm")
    doomed = made(root)
    page = Page(training=doomed.id)
    page.press("models.discard")
    assert not doomed.path.exists()
    assert "The training was discarded" in page.text
    assert "What follows what" in page.text


def test_a_training_that_somebody_else_discarded_first_is_said(root: Path) -> None:
    training = made(root)
    page = Page()
    records.discard(root, training.id)
    assert "there is no training" in page.press("models.discard").text


def test_a_stopped_training_can_be_resumed(root: Path, started: list[Job]) -> None:
    training = made(root, state=STOPPED, metrics={}, epochs=EPOCHS[:2])
    page = Page()
    assert "stopped, can be resumed" in page.text
    assert page.at.button(key="models.resume").label == "Resume after epoch 2"
    page.press("models.resume")
    assert [job.folder for job in started] == [training.path]


def test_a_failed_training_says_why(root: Path) -> None:
    made(root, state=FAILED, error="the loss of training is nan. what to do: lower learning_rate.", metrics={})
    page = Page()
    assert "It failed: the loss of training is nan." in page.text
    assert "models.resume" in page.buttons


def test_a_training_whose_process_is_gone_is_not_at_work(root: Path) -> None:
    made(root, state=RUNNING, metrics={})
    page = Page()
    assert "its process is gone" in page.text
    assert "models.cancel" not in page.buttons


@pytest.fixture
def at_work(root: Path) -> Iterator[Training]:
    """A training that this process holds, as if it worked on it."""
    training = made(root, state=RUNNING, metrics={}, epochs=EPOCHS[:1])
    with records.only_me(training.path):
        yield training


def test_a_training_at_work_shows_how_far_it_is_and_can_be_cancelled(
    at_work: Training, monkeypatch: pytest.MonkeyPatch
) -> None:
    cancelled: list[str] = []
    monkeypatch.setattr(JobQueue, "cancel", lambda queue, folder: cancelled.append(folder.name))
    (at_work.path / PROGRESS).write_text(
        '{"label": "Learning", "note": "epoch 2 of 3", "share": 0.5, "seconds_left": 12.0}', encoding="utf-8"
    )
    page = Page()
    assert "at work" in page.text
    assert {"models.keep", "models.discard", "models.resume"} & page.buttons == set()
    page.press("models.cancel")
    assert cancelled == [at_work.id]


def test_models_that_count_have_no_curves(root: Path) -> None:
    made(root, "tifu-knn")
    page = Page()
    assert "there are no epochs" in page.text
    assert page.table("epochs")["model"].tolist()[0] == "TIFU-KNN"


# --- comparing ----------------------------------------------------------------------------------------------------


def test_two_trainings_are_told_apart_by_what_differs(root: Path) -> None:
    first = made(root, given={"epochs": 3, "dropout": 0.1}, metrics={"ndcg@10": 0.2})
    second = made(root, given={"epochs": 3}, metrics={"ndcg@10": 0.15})
    page = Page(training=first.id, beside=second.id)
    assert page.table("setting")[["setting", "one", "other"]].to_numpy().tolist() == [["Dropout", "0.1", "0.3"]]
    figures = page.table("difference").set_index("figure")
    assert figures.loc["nDCG@10"].tolist() == ["0.2000", "0.1500", "+0.0500 ✓"]
    assert "is ahead of" in page.text
    assert "nDCG@10 +0.0500" in page.text


def test_trainings_on_other_data_are_not_compared(root: Path) -> None:
    first, second = made(root), made(root, source={**SOURCE, "version": "2"})
    page = Page(training=first.id, beside=second.id)
    assert "answer different questions" in page.text
    assert page.table("difference").set_index("figure").loc["nDCG@10", "difference"] == ""


def test_a_choice_goes_to_the_address_and_comes_back_from_it(root: Path) -> None:
    older, newer = made(root, "pctm"), made(root)
    page = Page()
    page.at.selectbox(key="control.beside").select_index(1)
    page.run()
    beside = page.address["beside"]
    assert {beside} == {older.id, newer.id} - {records.listed(root)[0].id}
    assert Page(**page.address).at.selectbox(key="control.beside").value == beside


@pytest.mark.parametrize(
    "address", [{"training": "../../etc"}, {"beside": "20990101-000000-00000000"}, {"training": "<b>"}]
)
def test_a_bad_link_shows_the_page_all_the_same(root: Path, address: dict[str, str]) -> None:
    made(root)
    page = Page(**address)
    assert "which is not here" in page.text
    assert "finished: keep it or discard it" in page.text


def test_a_training_beside_itself_is_nothing_to_compare(root: Path) -> None:
    training = made(root)
    assert "Side by side" not in Page(training=training.id, beside=training.id).text


def test_trainings_of_one_second_have_names_of_their_own() -> None:
    words = {"20170131-120000-0000aaaa": "PCTM", "20170131-120000-0000bbbb": "PCTM"}  # newest first
    assert models_choices.told_apart(words) == {
        "20170131-120000-0000aaaa": "PCTM · aaaa",
        "20170131-120000-0000bbbb": "PCTM",
    }


# --- the finding --------------------------------------------------------------------------------------------------

LABELS = {"transformer": "Transformer", "pctm": "What follows what (PCTM)"}


def said(training: Training, *others: Training) -> str:
    return sentence(training, [training, *others], LABELS).replace("\\", "").replace("**", "")


def test_a_finished_training_says_how_good_it_is_and_when_it_was_best(root: Path) -> None:
    assert said(made(root)) == (
        "Transformer foretells purchases that it has not seen with nDCG@10 0.123; it made 3 epochs, best after number "
        "2 (watched nDCG@10 0.080), while its loss fell from 9.50 to 8.50."
    )


def test_it_is_set_against_the_best_of_the_other_models(root: Path) -> None:
    other = made(root, "pctm", metrics={"ndcg@10": 0.2468})
    assert "nDCG@10 0.123, 50 % behind what follows what, more than luck" in said(made(root), other)
    assert "100 % ahead of transformer, more than luck" in said(other, made(root))


def test_trainings_that_answered_another_question_are_no_rivals(root: Path) -> None:
    other = made(root, "pctm", metrics={"ndcg@10": 0.2}, source=SOURCE | {"version": "2"})
    assert "behind" not in said(made(root), other)


def test_one_that_equals_another_is_level_with_it(root: Path) -> None:
    assert "level with what follows what" in said(made(root), made(root, "pctm"))


def test_a_training_that_is_not_finished_says_how_far_it_is(root: Path) -> None:
    stopped = made(root, state=STOPPED, epochs=EPOCHS[:1], metrics={})
    assert said(stopped) == "Transformer made 1 epoch of 3 so far, best after number 1 (watched nDCG@10 0.050)."
    nothing = made(root, state=STOPPED, epochs=(), metrics={})
    assert said(nothing) == "Transformer has not finished an epoch yet: there is nothing to judge."


def test_every_prepared_file_has_a_name_that_fits_and_figures_in_words() -> None:
    from recsys.preparation.graph import STEPS

    assert set(STEPS) == set(in_use.WHAT) == set(in_use.SAYINGS)
    assert max(map(len, in_use.WHAT.values())) <= 21  # of 150 pixels
