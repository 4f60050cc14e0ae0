"""The benchmarks measure what they say, and their results have the shape that others read."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from benchmarks import answers, crowd, encoding, index, report, shopper_queries, suite
from benchmarks.measurement import Bar, Measurement, Workbench
from benchmarks.timing import Contender, interleaved, spread
from recsys.schema import Request
from recsys.settings import PROJECT, Settings

if TYPE_CHECKING:
    from recsys.engine import Engine

ENVELOPE = {"command", "date", "quick", "machine", "versions", "dataset"}


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where results go in this test."""
    monkeypatch.setattr(report, "RESULTS", tmp_path / "results")
    return tmp_path / "results"


def run_tiny(monkeypatch: pytest.MonkeyPatch, engine: Engine, settings: Settings, *, quick: bool) -> dict[str, object]:
    """The suite with measurements that take no time."""

    def measure(bench: Workbench) -> Measurement:
        rows = [{"what": "a contender", "n": 3, "p50_ms": 1.23456}]
        return Measurement("tiny", "How long?", ("once",), rows, [Bar("p50", 2.0, "ms", 1.23456)])

    monkeypatch.setattr(suite, "MEASUREMENTS", {"tiny": measure, "preparation": measure})
    monkeypatch.setattr(Workbench, "engine", engine)
    return suite.run_suite(settings, quick=quick)


def test_the_suite_returns_plain_data_with_every_bar_and_what_made_it(
    monkeypatch: pytest.MonkeyPatch, sample_engine: Engine, settings: Settings, kept: Path
) -> None:
    results = run_tiny(monkeypatch, sample_engine, settings, quick=True)
    assert json.loads(json.dumps(results)) == results
    assert set(results) > ENVELOPE | {"products", "distinct_texts", "shoppers", "seconds", "bars_hold"}
    assert results["bars"] == [{"benchmark": "tiny", "what": "p50", "bar": "<= 2 ms", "measured": 1.235, "holds": True}]
    assert list(results["measurements"]) == ["tiny"]  # type: ignore[call-overload]


def test_results_name_no_computer_and_no_folder(
    monkeypatch: pytest.MonkeyPatch, sample_engine: Engine, settings: Settings, kept: Path
) -> None:
    text = json.dumps(run_tiny(monkeypatch, sample_engine, settings, quick=False))
    assert f'"{socket.gethostname()}"' not in text
    assert [folder for folder in (PROJECT, Path.home(), settings.cache_dir) if f"{folder}/" in text] == []


def test_only_full_runs_over_the_whole_catalogue_are_kept(
    monkeypatch: pytest.MonkeyPatch, sample_engine: Engine, settings: Settings, kept: Path
) -> None:
    whole = settings.model_copy(update={"shop": "complete_journey"})
    run_tiny(monkeypatch, sample_engine, settings, quick=False)
    run_tiny(monkeypatch, sample_engine, whole, quick=True)
    assert not kept.exists()
    run_tiny(monkeypatch, sample_engine, whole, quick=False)
    assert sorted(file.name for file in kept.iterdir()) == ["preparation.json", "tiny.json"]
    document = json.loads((kept / "tiny.json").read_text(encoding="utf-8"))
    assert set(document) > ENVELOPE | {"protocol", "rows", "bars", "facts", "skipped"}


def test_answers_are_measured_for_a_query_a_shopper_and_both(sample_engine: Engine) -> None:
    effort = answers.Effort(1, queries=4, shoppers=4, with_feedback=2, peer_queries=2, blocks=2, milvus=(), naive=False)
    found = answers.run(sample_engine, effort).as_json()
    assert [row["n"] for row in found["rows"]] == [4, 4, 4, 4, 4, 2]
    assert [bar["bar"] for bar in found["bars"]] == ["<= 15 ms", "<= 25 ms", "<= 25 ms", "<= 25 ms"]
    assert {"encode", "words", "meaning"} <= set(found["facts"]["median_ms_per_stage"][answers.QUERY])


def test_a_crowd_is_answered_without_error_and_each_request_is_counted(sample_engine: Engine) -> None:
    found = crowd.run(sample_engine, crowd.Effort(people=3, requests_each=4)).as_json()
    assert found["rows"][0]["n"] == 12
    assert found["rows"][0]["errors"] == 0
    assert len(found["facts"]["resident_mb"]["after_each_third"]) == 3


def test_a_crowd_counts_what_goes_wrong_and_goes_on() -> None:
    def ask(request: Request) -> None:
        if request.query == "breaks":
            raise ValueError("broken")

    watch = crowd.let_go(ask, [[Request(), Request(query="breaks"), Request(), Request()]] * 2)
    assert watch.errors == ["ValueError: broken"] * 2
    assert len(watch.times) == 4


def test_the_index_is_compared_with_brute_force_at_both_sizes(sample_engine: Engine) -> None:
    found = index.run(sample_engine, index.Effort(synthetic_rows=2_000, queries=4, blocks=2)).as_json()
    ours = [row for row in found["rows"] if row["what"] == index.OURS]
    assert [row["rows"] for row in ours] == [sample_engine.index.shared.n_rows, 2_000]
    assert [row["recall_at_10"] for row in ours] == [1.0, 1.0]


def test_recall_is_the_share_of_the_true_best_that_was_found() -> None:
    scores = np.array([[0.9, 0.8, 0.7, 0.1]])
    assert index.recall(scores, [np.array([0, 1])]) == 1.0
    assert index.recall(scores, [np.array([0, 2])]) == 0.5  # rows 0 and 1 are the best two


def test_agreement_is_the_share_of_neighbours_that_both_find() -> None:
    rows = np.eye(4, dtype=np.float32)
    mine = np.array([[0.9, 0.8, 0.1, 0.0]], np.float32)  # finds rows 0 and 1
    other = np.array([[0.9, 0.1, 0.8, 0.0]], np.float32)  # finds rows 0 and 2
    assert encoding.same_top(rows, rows, mine, other, k=2) == 0.5


def test_texts_are_encoded_in_turns_and_each_round_is_timed() -> None:
    turns: list[str] = []

    def way(name: str) -> object:
        return lambda texts: turns.append(name) or np.zeros((len(texts), 2))  # type: ignore[func-returns-value]

    speeds, vectors = encoding.timed({"a": way("a"), "b": way("b")}, ["text"] * 3, rounds=2)  # type: ignore[dict-item]
    assert turns == ["a", "b", "a", "b", "b", "a"]  # each warms up; then A B, B A
    assert {name: len(rounds) for name, rounds in speeds.items()} == {"a": 2, "b": 2}
    assert vectors["a"].shape == (3, 2)


def test_contenders_take_turns_forwards_and_backwards_and_the_first_request_of_a_turn_is_not_counted() -> None:
    asked: list[str] = []
    contenders = [Contender(name, lambda i, name=name: asked.append(f"{name}{i}"), [0, 1]) for name in "ab"]  # type: ignore[misc]
    times = interleaved(contenders, blocks=2)
    assert asked == ["a1", "a0", "b1", "b0", "b0", "b1", "a0", "a1"]
    assert {name: len(ms) for name, ms in times.items()} == {"a": 2, "b": 2}


def test_percentiles_are_linear_between_the_nearest_two() -> None:
    assert spread([1.0, 2.0, 3.0]) == {"n": 3, "p50_ms": 2.0, "p95_ms": 2.9, "p99_ms": 2.98, "mean_ms": 2.0}


def test_a_bar_holds_at_its_limit() -> None:
    assert Bar("speed", 3.0, "times", 3.0, at_least=True).holds
    assert Bar("time", 15.0, "ms", 15.0).holds
    assert not Bar("time", 15.0, "ms", 15.1).holds


def test_there_are_two_hundred_different_queries() -> None:
    assert len(set(shopper_queries.QUERIES)) == len(shopper_queries.QUERIES) == 200
    assert len(shopper_queries.first_queries(200)) == 200
    assert shopper_queries.first_queries(2) == [shopper_queries.QUERIES[0], shopper_queries.QUERIES[-1]]
