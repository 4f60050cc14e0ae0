"""The evaluation of diversity chooses on the validation alone and reports plain data."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recsys.cli import main
from recsys.errors import BadRequestError
from recsys.evaluation import problems
from recsys.evaluation.diversity.grouping import of_histories
from recsys.evaluation.diversity.rules import Known
from recsys.evaluation.diversity.running import MARGIN, MOST_LOSS, Effort, evaluated
from recsys.evaluation.problems import Problem
from recsys.evaluation.protocol import Protocol
from recsys.evaluation.splits import Task
from recsys.ranking.models import model_of

SMALL = Effort(visits=40, candidates=30)
ITEMS, USERS = 60, 80


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """Histories that follow each other in small steps, and items of five kinds."""
    random = np.random.default_rng(1)
    lines = []
    for user in range(USERS):
        start, steps = int(random.integers(ITEMS)), np.cumsum(random.integers(1, 4, 8))
        lines.append(f"{user + 1} " + " ".join(str((start + int(step)) % ITEMS + 1) for step in steps))
    interactions, attributes = tmp_path / "made.txt", tmp_path / "made_attributes.json"
    interactions.write_text("\n".join(lines) + "\n", encoding="utf-8")
    attributes.write_text(json.dumps({str(i + 1): [i % 5 + 1, 6 + i % 2] for i in range(ITEMS)}), encoding="utf-8")
    return interactions, attributes


@pytest.fixture
def problem(files: tuple[Path, Path]) -> Problem:
    return problems.of_file(Protocol("sequences", "strict", keep_seen=False), *files)


def test_the_report_has_every_way_at_every_strength_and_is_plain_data(problem: Problem) -> None:
    report = evaluated(problem, model_of("item-knn"), SMALL, Known(of_histories(problem)))
    assert json.loads(json.dumps(report))["rows"] == report["rows"]
    assert {row["way"] for row in report["rows"]} == {"distance", "mmr", "dpp"}
    alone = [row for row in report["rows"] if row["strength"] == 0]
    assert len({row["ndcg@20"] for row in alone}) == 1
    assert {row["diversity_change"] for row in alone} == {0.0}
    assert sum(row["chosen"] for row in report["rows"]) == 3
    assert {row["group"] for row in report["exposure"]} == {"all", "long tail", "well known"}
    assert {row["rule"] for row in report["rules"]} == {"long tail at least"}
    assert {"by score", "re-ranked"} == {row["model"] for row in report["cohorts"]}


def test_what_is_chosen_costs_no_more_on_the_validation_than_is_allowed(problem: Problem) -> None:
    report = evaluated(problem, model_of("item-knn"), SMALL)
    chosen = [(row["way"], row["relevance"], row["strength"]) for row in report["rows"] if row["chosen"]]
    tried = {(row["way"], row["relevance"], row["strength"]): row for row in report["validation"]}
    for setting in chosen:
        assert tried[setting]["ndcg_change"] >= MARGIN - MOST_LOSS
        better = [
            row for row in tried.values() if row["way"] == setting[0] and row["ndcg_change"] >= MARGIN - MOST_LOSS
        ]
        assert tried[setting]["diversity_change"] == max(row["diversity_change"] for row in better)


def test_the_answers_of_the_test_choose_nothing(problem: Problem) -> None:
    test = problem.split.test
    turned = np.roll(np.arange(len(test.visits)), 1).astype(np.int32)
    other = replace(problem, split=replace(problem.split, test=Task(test.visits, test.relevant[turned])))
    one, two = (evaluated(each, model_of("item-knn"), SMALL) for each in (problem, other))
    assert one["validation"] == two["validation"]
    assert one["best"] == two["best"]
    assert [row["chosen"] for row in one["rows"]] == [row["chosen"] for row in two["rows"]]
    assert [row["ndcg@20"] for row in one["rows"]] != [row["ndcg@20"] for row in two["rows"]]


def test_items_of_which_nothing_is_known_cannot_be_told_apart(files: tuple[Path, Path]) -> None:
    bare = problems.of_file(Protocol("sequences", "strict", keep_seen=False), files[0])
    with pytest.raises(BadRequestError, match="none is like another"):
        evaluated(bare, model_of("item-knn"), SMALL)


def test_the_command_prints_json_and_names_no_folder(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--interactions", str(files[0]), "--attributes", str(files[1]), "--model", "item-knn", "--visits", "100"]
    assert main(["evaluate", "diversity", *given, "--candidates", "25", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert str(files[0].parent) not in json.dumps(report)
    assert report["goal"]["met"] in (True, False)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--visits", "1"], "100 to"),
        (["--candidates", "501"], "20 to 500"),
        (["--attributes", "x.json"], "give --interactions FILE too"),
    ],
)
def test_bad_input_is_one_line(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "diversity", *arguments]) == 2
    assert said in capsys.readouterr().err
