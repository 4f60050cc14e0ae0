"""The search lab as one person has it open: comparing, grading, query sets and files."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages.lab.search_lab import choices as search_lab_choices
from pages.lab.search_lab import files as search_lab_files
from pages.lab.search_lab import ruled
from recsys.engine import Engine
from recsys.evaluation.search import set_answers
from recsys.evaluation.search.lab import GradeBook, grade_book
from recsys.jobs import FINISHED, JobQueue
from recsys.schema import Request
from recsys.settings import Settings, load_settings
from tests.jobs.conftest import ended
from tests.pages.lab_page import LabPage


class Page(LabPage):
    """The search lab as one person has it open."""

    page = "pages/lab/search_lab/page.py"
    also_said = ("success", "toast")

    def controls(self, system: str) -> list[Any]:
        """The grades of the products in one list, in order."""
        return [each for each in self.at.segmented_control if str(each.key).startswith(f"search_lab.grade.{system}.")]

    def grade(self, system: str, place: int, grade: int | None) -> Page:
        self.controls(system)[place].set_value(grade)
        return self.run()

    @property
    def picked_set(self) -> str:
        """The query set that the picker shows."""
        return str(next(each.value for each in self.at.selectbox if each.label == "Query set"))

    def finish(self) -> Page:
        """Wait for the run of the set, and look."""
        job = JobQueue.of(load_settings()).listed("queries")[0]
        assert ended(JobQueue.of(load_settings()), job).state == FINISHED, job
        return self.run()


@pytest.fixture
def book(prepared: Settings) -> GradeBook:
    return grade_book(prepared)


# --- side by side -------------------------------------------------------------------------------------------------


def test_on_a_fresh_machine_the_page_begins_with_a_finding_over_built_in_grades_and_an_answered_query() -> None:
    page = Page()
    assert "ranks best on 12 graded queries of “Built in: graded by rules”: nDCG@10" in page.text
    assert "built in" in page.text
    assert "rules written by hand grade every product" in page.text
    assert "An example: “whole wheat bread”" in page.text
    assert len(page.controls("words")) == len(page.controls("fusion")) == 10
    assert all(control.value is not None for control in page.controls("fusion"))  # the rules grade every product
    assert "q" not in page.address  # it is nobody's query, and goes to no other page
    page.press("search_lab.example.0")
    assert page.address["q"] == "gluten free pasta"
    assert len(page.controls("words")) == len(page.controls("fusion")) == 10


def test_the_link_carries_systems_depth_and_weights() -> None:
    page = Page(q="milk", systems="fusion,yours", depth="5", meaning_weight="0.2")
    assert [len(page.controls(name)) for name in ("words", "fusion", "yours")] == [0, 5, 5]
    assert page.at.slider(key="search_lab.control.meaning_weight").value == 0.2
    assert page.at.text_input(key="search_lab.control.q").value == "milk"


def test_a_system_that_is_not_here_is_said_and_left_out() -> None:
    page = Page(q="milk", systems="words,magic,meaning")
    assert "“magic”, which is not here" in page.text
    assert page.controls("words")
    assert page.controls("meaning")


def test_a_fifth_system_and_a_single_one_are_refused() -> None:
    page = Page(q="milk")
    pills = page.at.pills(key="search_lab.control.systems")
    pills.set_value(["words", "meaning", "fusion", "personal", "yours"])
    page.run()
    assert "4 systems at most" in page.text
    page.at.pills(key="search_lab.control.systems").set_value(["words"])
    page.run()
    assert "2 systems at least" in page.text
    page.at.pills(key="search_lab.control.systems").set_value(["fusion", "words"])
    page.run()
    assert page.address["systems"] == "words,fusion"


def test_personal_without_a_shopper_says_what_is_missing(household: str) -> None:
    assert "No shopper is chosen" in Page(q="milk", systems="fusion,personal").text
    page = Page(q="milk", shopper=household)
    assert "No shopper is chosen" not in page.text
    assert page.controls("personal")  # it stands beside the others as soon as there is a shopper


def test_departments_narrow_every_list_and_stand_in_the_address(engine: Engine) -> None:
    department = engine.answer(Request(query="milk")).items[0].department
    page = Page(q="milk", systems="words,fusion")
    page.at.multiselect(key="search_lab.control.departments").set_value([department])
    page.run()
    assert page.address["department"] == department
    assert f"in {department} alone" in page.text
    departments = dict(zip(map(str, engine.catalogue.ids), engine.catalogue.departments, strict=True))
    shown = [str(each.key).rsplit(".", 1)[1] for name in ("words", "fusion") for each in page.controls(name)]
    assert shown
    assert {departments[item] for item in shown} == {department}
    assert f"in {department} alone" in Page(q="milk", department=department).text


def test_words_are_taken_as_typed_until_it_is_turned_off_whatever_is_asked_next() -> None:
    page = Page(q="bannana", systems="words,fusion")
    assert "Nothing here is called" not in page.text  # read as banana
    page.at.toggle(key="search_lab.control.verbatim").set_value(True)
    page.run()
    assert page.address["verbatim"] == "1"
    assert "Nothing here is called “bannana”" in page.text
    page.at.text_input(key="search_lab.control.q").set_value("milk")
    page.run()
    assert page.address["verbatim"] == "1"
    assert "words taken as typed" in page.text


def test_a_product_that_stands_for_others_of_its_title_says_for_how_many(engine: Engine) -> None:
    titles = engine.catalogue.titles.tolist()
    several = next(title for title in titles if titles.count(title) > 1)
    page = Page(q=several, systems="words,fusion")
    assert f"×{titles.count(several)}" in page.text
    assert "×" not in Page(q=several, systems="words,fusion", fold="none").text


def test_a_query_without_a_letter_asks_for_one() -> None:
    assert "Which way of searching" in Page(q="?!").text


def test_nobody_is_told_that_fewer_products_were_found_than_nobody_asked_for() -> None:
    assert "products asked for" not in Page(q="zzzz qqqq").text


def test_the_graded_queries_of_the_shop_are_a_set_with_its_result() -> None:
    page = Page(lab="sets")
    assert "The 12 queries of this set" in [each.label for each in page.at.expander]
    assert "Worst queries first" in page.text
    worst = next(each.value for each in page.at.dataframe if "open" in each.value)
    assert len(worst) == 12
    assert (worst["judged@10"] == 1).all()
    assert not [button for button in page.at.button if button.key == "search_lab.run"]


def test_a_grade_given_here_counts_before_that_of_the_rules(book: GradeBook) -> None:
    page = Page(q="broccoli", systems="words,fusion")
    assert "Graded by built-in rules" in page.text
    page.grade("words", 0, 3)
    assert page.controls("words")[0].value == 3
    assert "**1 grade** for this query" in page.text
    assert "the others are built in" in page.text


def test_a_shop_without_graded_queries_says_that_nothing_can_be_said_and_answers_an_example(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ruled, "graded_queries", lambda shop: ())
    monkeypatch.setattr(search_lab_choices, "graded_queries", lambda shop: ())
    page = Page()
    assert "cannot be said yet: grade what a query finds" in page.text
    assert "An example: “gluten free pasta”" in page.text
    assert len(page.controls("words")) == 10


# --- grading ------------------------------------------------------------------------------------------------------


def test_a_grade_is_kept_at_once_shown_in_every_list_and_counted(book: GradeBook) -> None:
    page = Page(q="Milk", systems="words,fusion")
    assert "Nothing is graded yet" in page.text
    page.grade("words", 0, 3)
    first = str(page.controls("words")[0].key).removeprefix("search_lab.grade.words.")
    assert book.all() == {"milk": {first: 3}}
    assert "**1 grade** for this query" in page.text
    assert "**1.000**" in page.text  # the only graded product stands first in the list of words: nDCG and RR are 1
    beside = [each.value for each in page.controls("fusion") if str(each.key).endswith(f".{first}")]
    assert beside in ([3], [])  # the same product has the same grade wherever it stands


def test_a_grade_is_taken_away_undone_and_cleared(book: GradeBook) -> None:
    page = Page(q="milk").grade("words", 0, 2).grade("words", 1, 1).grade("words", 0, None)
    assert list(book.of("milk").values()) == [1]
    page.press("search_lab.undo")
    assert sorted(book.of("milk").values()) == [1, 2]
    assert page.controls("words")[0].value == 2
    page.press("search_lab.clear")
    assert book.all() == {}
    assert "2 grades cleared" in page.text


def test_the_name_of_who_grades_is_kept_with_the_grade(book: GradeBook, prepared: Settings) -> None:
    import sqlite3

    page = Page(q="milk")
    page.at.text_input(key="search_lab.control.grader").set_value("Ada")
    page.run().grade("meaning", 0, 1)
    with sqlite3.connect(prepared.state_dir / "feedback.sqlite3") as connection:
        assert connection.execute("SELECT grader FROM shelflens_grades").fetchall() == [("Ada",)]


def test_a_damaged_database_is_said_and_the_lists_are_still_there(prepared: Settings) -> None:
    prepared.state_dir.mkdir(parents=True)
    (prepared.state_dir / "feedback.sqlite3").write_bytes(b"no database " * 100)
    page = Page(q="milk")
    assert "damaged" in page.text
    assert len(page.controls("words")) == 10


# --- query sets ---------------------------------------------------------------------------------------------------


def test_the_first_set_is_a_click_away_and_its_run_tells_which_system_is_best(book: GradeBook) -> None:
    page = Page(lab="sets")
    assert "No query set of your own yet" in page.text
    page.press("search_lab.examples")
    assert len(book.sets()["Ten examples"]) == 10
    page.press("search_lab.run").finish()
    assert "nothing is graded yet" in page.text
    job = JobQueue.of(load_settings()).listed("queries")[0]
    _, answers = set_answers.opened(job.folder)
    book.give("whole milk", answers["whole milk"].found["words"][0][0], 3)
    page.run()
    assert "ranks best" in page.text
    assert "ranks best" in Page(lab="sets", queries="Ten examples").text  # a second tab sees the same run
    assert "Only those with a product graded 1 or more count in the figures, so far 1:" in page.text
    worst = next(each.value for each in page.at.dataframe if "open" in each.value)
    assert worst["query"].iloc[0] == "whole milk"


def test_a_set_is_made_from_lines_shown_and_deleted(book: GradeBook) -> None:
    page = Page(lab="sets")
    page.at.text_input(key="search_lab.new.name").set_value("Mine")
    page.at.text_area(key="search_lab.new.queries").set_value("Oat MILK\n\noat milk\ntea")
    page.at.button[-1].click()
    page.run()
    assert book.sets() == {"Mine": ["oat milk", "tea"]}
    assert page.address["queries"] == "Mine"
    page.press("search_lab.delete")
    assert book.sets() == {}


def test_a_set_without_a_name_is_refused_in_plain_words(book: GradeBook) -> None:
    page = Page(lab="sets")
    page.at.text_area(key="search_lab.new.queries").set_value("tea")
    page.at.button[-1].click()
    page.run()
    assert "the name of the set has 0 characters" in page.text
    assert book.sets() == {}


def test_graded_queries_are_a_set_of_their_own(book: GradeBook) -> None:
    book.give_all({"milk": {"1": 1}, "tea": {"2": 2}})
    page = Page(lab="sets", queries="All queries with a grade")
    assert "The 2 queries of this set" in [each.label for each in page.at.expander]


def test_the_picker_shows_the_set_that_the_headline_speaks_of(book: GradeBook) -> None:
    book.give_all({"milk": {"1": 1}})
    page = Page(lab="sets")
    assert page.picked_set == "Built in: graded by rules"
    assert "12 graded queries of “Built in: graded by rules”" in page.text
    chosen = Page(lab="sets", queries="All queries with a grade")
    assert chosen.picked_set == "All queries with a grade"
    assert "“All queries with a grade” has not been run yet" in chosen.text
    chosen.press("search_lab.run").finish()
    later = Page(lab="sets")  # a link without a set: the one that was run last
    assert later.picked_set == "All queries with a grade"
    assert "graded query of “All queries with a grade”" in later.text or "none is graded" in later.text
    assert "12 graded queries" not in later.text


def test_the_grades_of_the_rules_are_explained_on_the_scale_of_one_s_own() -> None:
    page = Page(q="broccoli")
    assert "Grades: 0 not relevant, 1 related, 2 good, 3 exactly this" in page.text
    for said in ("2 (good)", "1 (related)", "0 (not relevant)"):
        assert said in page.text


# --- files --------------------------------------------------------------------------------------------------------


def test_nothing_graded_is_nothing_to_save() -> None:
    page = Page(lab="files")
    assert "Nothing is graded yet" in page.text
    assert "Run a query set first" in page.text


def test_an_imported_file_is_kept_and_what_was_left_out_is_said(book: GradeBook, engine: Engine) -> None:
    first = str(engine.catalogue.ids[0])
    at = AppTest.from_function(_import, kwargs={"data": f"query,docid,rating\nMilk,{first},3\nmilk,nothing,1\n"})
    at.run(timeout=60)
    assert not at.exception
    assert book.all() == {"milk": {first: 3}}
    assert "1 of 2 judgments name a product" in "\n".join(at.session_state[search_lab_files.NOTES])


def test_a_file_that_is_no_judgments_is_said_in_plain_words(book: GradeBook) -> None:
    at = AppTest.from_function(_import, kwargs={"data": "name,stars\nmilk,3\n"})
    at.run(timeout=60)
    assert "mine.csv has the columns name, stars" in at.session_state["search_lab.trouble"]
    assert book.all() == {}


def _import(data: str) -> None:
    from pages.lab.search_lab import files as search_lab_files
    from pages.shared import state

    search_lab_files._imported(state.get_engine(), "mine.csv", data.encode())


@pytest.mark.parametrize(
    "address",
    [
        {"lab": "elsewhere"},
        {"systems": "," * 90},
        {"q": "\u202e\0<b>$x$"},
        {"q": "x" * 5_000},
        {"lab": "sets", "queries": "../x"},
        {"depth": "1000000", "q": "milk"},
        {"fold": "none", "q": "milk"},
    ],
)
def test_a_bad_link_shows_the_page_all_the_same(address: dict[str, str]) -> None:
    assert Page(**address).at.segmented_control(key="search_lab.control.lab").value in ("compare", "sets")
