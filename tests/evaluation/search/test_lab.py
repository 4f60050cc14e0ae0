"""Systems side by side and over query sets, by arithmetic that a reader can redo."""

from __future__ import annotations

import math
from collections.abc import Callable
from math import log2

import pytest

from recsys.errors import BadRequestError, DataError
from recsys.evaluation.search import lab as search_lab
from recsys.evaluation.search import lab_sets as search_lab_sets
from recsys.evaluation.search.lab import (
    Column,
    Scope,
    Twins,
    figures,
    rank_change,
    ranks,
    request_of,
    scores,
    side_by_side,
)
from recsys.evaluation.search.lab_sets import run_set
from recsys.schema import Answer, Knobs, RankedItem, Request, Stage

SYSTEMS = search_lab.systems(Knobs(meaning_weight=0.25))
LISTS = {0.0: "abcd", 1.0: "cae"}  # the weight of meaning -> product ids, best first


def item(name: str, rank: int, **changes: object) -> RankedItem:
    made = {
        "row": ord(name),
        "item_id": name,
        "title": f"Product {name}",
        "icon": "🥛",
        "department": "Dairy",
        "category": "Milk",
        "price": 1.0,
        "rank": rank,
        "score": 1 / rank,
        "parts": {"words": 1 / rank},
        "facts": {"bm25": float(rank)},
        "reason": "",
        "similarity": None,
    }
    return RankedItem(**(made | changes))  # type: ignore[arg-type]


def engine(times: list[float] | None = None) -> Callable[[Request], Answer]:
    """Answers by the weight of meaning alone; the words stage takes the next of `times`."""
    clock = iter(times or [])

    def ask(request: Request) -> Answer:
        found = LISTS.get(request.knobs.meaning_weight, "abcd")
        items = tuple(item(name, rank) for rank, name in enumerate(found, start=1))[: request.k]
        stages = (Stage("words", "Words (BM25)", 5, len(items), next(clock, 1.0)), Stage("score", "Scored", 5, 5, 0.5))
        return Answer(request, items, stages, (f"Only 4 of the {request.k} products asked for were found.", "A note."))

    return ask


def columns(*names: str) -> list[Column]:
    return side_by_side(engine(), "milk", [SYSTEMS[name] for name in names])


# --- systems ------------------------------------------------------------------------------------------------------


def test_each_system_is_a_setting_of_the_engine() -> None:
    knobs = {name: system.knobs for name, system in SYSTEMS.items()}
    weights = {
        name: (of.meaning_weight, of.shopper_weight, of.kind_weight, of.popularity) for name, of in knobs.items()
    }
    usual = Knobs()
    assert weights["words"] == (0.0, 0.0, 0.0, 0.0)
    assert weights["meaning"] == (1.0, 0.0, 0.0, 0.0)
    assert weights["fusion"] == (usual.meaning_weight, 0.0, usual.kind_weight, usual.popularity)
    assert weights["personal"] == (usual.meaning_weight, usual.shopper_weight, usual.kind_weight, usual.popularity)
    assert weights["yours"] == (0.25, usual.shopper_weight, usual.kind_weight, usual.popularity)


def test_the_shopper_is_told_to_the_personal_systems_alone() -> None:
    asked = {name: request_of(system, "milk", 10, Scope("7", "v")).shopper for name, system in SYSTEMS.items()}
    assert asked == {"words": None, "meaning": None, "fusion": None, "personal": "7", "yours": "7"}


def test_departments_and_words_as_typed_hold_for_every_system() -> None:
    scope = Scope("7", departments=("Dairy",), verbatim=True)
    asked = [request_of(system, "milk", 10, scope) for system in SYSTEMS.values()]
    assert {(request.departments, request.verbatim) for request in asked} == {(("Dairy",), True)}


def test_a_set_is_asked_within_the_scope_that_its_run_keeps() -> None:
    asked: list[Request] = []
    answer = engine()
    scope = Scope(departments=("Dairy",), verbatim=True)
    run = run_set(lambda request: asked.append(request) or answer(request), "set", ["milk"], BOTH, scope=scope)  # type: ignore[func-returns-value]
    assert run.scope == scope
    assert {(request.departments, request.verbatim) for request in asked} == {(("Dairy",), True)}


def test_look_alikes_are_folded_alike_in_all_systems() -> None:
    assert {s.knobs.fold for s in search_lab.systems(Knobs(fold="none")).values()} == {"none"}


def test_a_query_is_kept_as_the_engine_reads_it_in_small_letters() -> None:
    assert search_lab.normalised("  Whole\u200b  MILK ") == "whole milk"
    assert search_lab.normalised("?!") == ""


# --- side by side -------------------------------------------------------------------------------------------------


def test_the_time_of_a_stage_is_the_median_of_three_answers() -> None:
    # two systems take turns: words 9, 1, 2 and meaning 5, 4, 6
    first, second = side_by_side(engine([9, 5, 1, 4, 2, 6]), "milk", [SYSTEMS["words"], SYSTEMS["meaning"]])
    assert (first.stages[0].ms, second.stages[0].ms) == (2.0, 5.0)
    assert first.ms == 2.0 + 0.5


def test_what_the_engine_says_is_passed_on_but_for_products_nobody_asked_for() -> None:
    assert columns("words", "meaning")[0].notes == ("A note.",)


@pytest.mark.parametrize("count", [0, 1, 5])
def test_two_to_four_systems_stand_side_by_side(count: int) -> None:
    with pytest.raises(BadRequestError, match="allowed: 2 to 4"):
        side_by_side(engine(), "milk", list(SYSTEMS.values())[:count])


def test_a_rank_change_is_counted_in_places_and_new_products_have_none() -> None:
    words, meaning = columns("words", "meaning")  # abcd, cae
    assert rank_change(words, meaning) == {"c": 2, "a": -1, "e": None}


def test_ranks_have_a_row_per_product_the_best_rank_anywhere_first() -> None:
    table = ranks(columns("words", "meaning"))
    assert table["item_id"].tolist() == ["a", "c", "b", "e", "d"]  # best 1 1 2 3 4; a and c: the lower mean first
    assert table.set_index("item_id").loc["c", ["words", "meaning"]].tolist() == [3.0, 1.0]
    assert math.isnan(table.set_index("item_id").loc["e", "words"])


def test_scores_stand_beside_grades_and_the_figures_behind_them() -> None:
    table = scores(columns("words", "meaning"), {"a": 3}).set_index("item_id")
    assert table.loc["a", "words score"] == 1.0  # 1 / rank 1
    assert table.loc["a", "meaning score"] == 0.5  # 1 / rank 2
    assert table.loc["a", "grade"] == 3
    assert table.loc["b", "bm25"] == 2.0
    assert table["cosine_taste"].isna().all()


def test_products_of_one_title_count_as_one_and_share_their_grades() -> None:
    twins = Twins.of(["a", "b", "c"], ["Milk", "Bread", "Milk"])
    assert [twins.one(each) for each in "abc"] == ["a", "b", "a"]
    assert twins.grades({"q": {"c": 3, "b": 1}}) == {"q": {"a": 3, "b": 1}}
    words, meaning = side_by_side(engine(), "milk", [SYSTEMS["words"], SYSTEMS["meaning"]], twins=twins)
    assert words.ids == ("a", "b", "d")  # a b c d, and c is a
    assert meaning.ids == ("a", "e")  # c a e
    assert rank_change(words, meaning) == {"a": 0, "e": None}
    assert (words.alike, meaning.alike) == ((2, 1, 1), (2, 1))  # a stands for c too


def test_products_that_are_not_folded_stand_for_themselves_alone() -> None:
    assert {count for column in columns("words", "meaning") for count in column.alike} == {1}


# --- figures ------------------------------------------------------------------------------------------------------


def test_figures_of_a_graded_list_are_those_of_the_formulas() -> None:
    row = figures({"milk": list("xbac")}, {"milk": {"a": 3, "b": 1, "c": 0, "d": 2}}).loc["milk"]
    ideal = 7 / log2(2) + 3 / log2(3) + 1 / log2(4)  # a, d, b
    assert row["ndcg@10"] == pytest.approx((1 / log2(3) + 7 / log2(4)) / ideal)  # b second, a third
    assert row["p@10"] == pytest.approx(2 / 10)  # a and b are graded 1 or more
    assert row["rr@10"] == pytest.approx(1 / 2)
    assert row["judged@10"] == pytest.approx(3 / 4)  # x has no grade


def test_figures_look_at_the_first_ten_alone() -> None:
    row = figures({"q": [*"0123456789", "good"]}, {"q": {"good": 3}}).loc["q"]
    assert (row["ndcg@10"], row["p@10"], row["rr@10"], row["judged@10"]) == (0.0, 0.0, 0.0, 0.0)


def test_a_query_with_nothing_relevant_says_nothing_of_a_system() -> None:
    table = figures({"q": ["a"], "none": ["a"]}, {"q": {"a": 0}})
    assert table[["ndcg@10", "p@10", "rr@10"]].isna().all(axis=None)
    assert table["judged@10"].tolist() == [1.0, 0.0]


def test_an_empty_list_for_a_graded_query_is_worth_nothing() -> None:
    assert figures({"q": []}, {"q": {"a": 1}}).loc["q"].tolist() == [0.0, 0.0, 0.0, 0.0]


# --- query sets ---------------------------------------------------------------------------------------------------

GRADES = {"milk": {"c": 3}, "tea": {"a": 1}}
BOTH = [SYSTEMS["words"], SYSTEMS["meaning"]]


def test_every_system_is_asked_every_distinct_query_once() -> None:
    run = run_set(engine(), "set", ["Milk", "milk ", "tea", ""], BOTH)
    assert run.queries == ["milk", "tea"]
    assert [name for name, _ in run.found["meaning"]["milk"]] == ["c", "a", "e"]
    assert [len(ms) for ms in run.ms.values()] == [2, 2]


def test_the_table_has_means_intervals_and_the_best_system_first() -> None:
    run = run_set(engine(), "set", ["milk", "tea", "ungraded"], BOTH)
    table = search_lab_sets.standings(run, search_lab_sets.measured(run, GRADES)).set_index("system")
    assert list(table.index) == ["meaning", "words"]
    # words a b c d: milk 1 / log2(4), tea 1; meaning c a e: milk 1, tea 1 / log2(3)
    assert table.loc["words", "ndcg@10"] == pytest.approx((1 / log2(4) + 1) / 2)
    assert table.loc["meaning", "ndcg@10"] == pytest.approx((1 + 1 / log2(3)) / 2)
    assert table.loc["words", "rr@10"] == pytest.approx((1 / 3 + 1) / 2)
    assert table.loc["words", "judged@10"] == pytest.approx(1 / 4)  # of the two queries that count
    assert table.loc["words", "count"] == 2
    assert table.loc["words", "ndcg@10 low"] == pytest.approx(1 / 2)
    assert table.loc["words", "ndcg@10 high"] == pytest.approx(1.0)


def test_the_worst_queries_stand_first_and_those_without_a_figure_last() -> None:
    run = run_set(engine(), "set", ["ungraded", "tea", "milk"], BOTH)
    values = search_lab_sets.measured(run, GRADES)
    assert search_lab_sets.worst(values, "words")["query"].tolist() == ["milk", "tea", "ungraded"]
    assert search_lab_sets.worst(values, "meaning")["query"].tolist() == ["tea", "milk", "ungraded"]


def test_pairs_compare_over_the_same_queries_the_better_one_first() -> None:
    run = run_set(engine(), "set", ["milk", "tea"], BOTH)
    pair = search_lab_sets.pairs(run, search_lab_sets.measured(run, GRADES)).iloc[0]
    assert (pair["model"], pair["against"], pair["count"]) == ("meaning", "words", 2)
    assert pair["difference"] == pytest.approx((1 - 1 / 2 + 1 / log2(3) - 1) / 2)
    assert search_lab_sets.pairs(run, search_lab_sets.measured(run, {})).empty


def test_a_set_without_a_readable_query_is_said() -> None:
    with pytest.raises(DataError, match="no readable query"):
        run_set(engine(), "set", ["", "?!"], BOTH)


def test_a_run_is_written_in_trec_form() -> None:
    run = run_set(engine(), "set", ["oat milk"], BOTH)
    assert search_lab_sets.trec_run(run, "meaning").splitlines()[0] == "oat%20milk Q0 c 1 1.000000 shelflens-meaning"


# --- in and out ---------------------------------------------------------------------------------------------------


def test_judgments_go_out_and_come_in_the_same() -> None:
    from recsys.evaluation.search import judgments

    kept = search_lab_sets.as_judgments({"oat milk": {"a": 3, "b": 0}, "tea": {"a": 1}})
    for text in (judgments.csv_text(kept), judgments.qrels(kept)):
        assert search_lab_sets.read_judgments("mine", text.encode(), {"a", "b"}).ratings == kept.ratings


def test_unknown_ids_are_counted_and_queries_normalised() -> None:
    data = b"query,docid,rating\nMilk,a,3\nmilk,zz,1\n?!,a,1\n"
    found = search_lab_sets.read_judgments("mine.csv", data, {"a"})
    assert found.ratings == {"milk": {"a": 3}}
    assert "1 of 3 judgments" in found.notes[0]
    assert "1 judgments have an unreadable query" in found.notes[1]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"query,docid\nmilk,a\n", "rating missing"),
        (b"query,docid,rating\nmilk,a,900\n", "no number up to 100"),
        (b"query,docid,rating\ncaf\0,a,1\n", "is no text"),
        (b"", "empty"),
        (b"query,docid,rating\nmilk,zz,1\n", "none of its 1"),
        (b"x" * 2_000_001, "2.0 MB"),
    ],
)
def test_a_file_that_holds_no_judgments_is_refused_under_its_own_name(data: bytes, said: str) -> None:
    with pytest.raises(DataError, match=said) as caught:
        search_lab_sets.read_judgments("mine.csv", data, {"a"})
    assert "mine.csv" in caught.value.seen
    assert "upload" not in caught.value.seen


def test_a_text_file_is_one_query_a_line() -> None:
    assert search_lab_sets.read_queries("q.txt", "\ufeffMilk\r\n\r\nmilk\ntea\n".encode()) == ["milk", "tea"]


@pytest.mark.parametrize("data", [b"\0\1\2\3", b"\n\n", b"x" * 2_000_001])
def test_a_file_without_queries_is_refused(data: bytes) -> None:
    with pytest.raises((DataError, BadRequestError)):
        search_lab_sets.read_queries("q.txt", data)
