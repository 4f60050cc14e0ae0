"""`python -m recsys evaluate reinforcement` says in one line what it cannot use."""

from __future__ import annotations

import pytest

from recsys.cli import main
from recsys.settings import Settings
from tests.command_line import one_clear_line


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_a_shop_in_which_nobody_answers_is_refused(made_shop: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "reinforcement", "--episodes", "8", "--seeds", "2"]) != 0
    assert "simulated shop" in one_clear_line(capsys)


@pytest.mark.parametrize("wrong", [["--episodes", "7"], ["--seeds", "1"], ["--seed", "-1"]])
def test_numbers_that_cannot_be_are_refused(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "reinforcement", *wrong]) != 0
    assert "cannot be used" in capsys.readouterr().err


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["evaluate", "reinforcement", "--seeds", "nan"])
