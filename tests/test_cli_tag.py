"""`python -m recsys tag` on a made-up shop whose every title names its category and its colour."""

from __future__ import annotations

import json

import pytest

from recsys.cli import main
from recsys.settings import Settings
from tests.command_line import one_clear_line

pytestmark = pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)


def test_every_product_has_a_tag_and_what_the_shop_says(
    made_shop: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["tag", "--labels-of", "category", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert len(printed["labels"]) == 20
    assert len(printed["products"]) == printed["compared"] == 200
    assert printed["agree"] == sum(each["tag"] == each["given"] for each in printed["products"]) >= 190
    assert {"item_id", "title", "tag", "confidence", "given"} == set(printed["products"][0])


def test_labels_of_one_s_own_are_counted(made_shop: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tag", "--labels", '"lantern, headlamp", tent', "--templates", "a {}"]) == 0
    printed = capsys.readouterr().out
    assert "lantern, headlamp" in printed
    assert "tagged as the shop says" not in printed


@pytest.mark.parametrize(
    ("arguments", "seen"),
    [
        ([], "there are no labels"),
        (["--labels", "tent"], "there is one label only"),
        (["--labels", "tent,Tent"], "is there twice"),
        (["--labels", "tent,tarp", "--templates", "a photo"], "has no {}"),
        (["--labels", "tent,tarp", "--compare-with", "smell"], "says nothing under 'smell'"),
        (["--labels", "a,b\n" * 300], "there are 600 labels"),
    ],
)
def test_bad_input_is_one_line_with_a_remedy(
    made_shop: Settings, arguments: list[str], seen: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["tag", *arguments]) == 2
    assert seen in one_clear_line(capsys)
