"""Which shops there are; a pack that is broken is one clear line, whatever it raises."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from recsys.errors import DataError, SettingsError, StorageError
from recsys.progress import Stopped, silent
from recsys.settings import Settings
from recsys.shops import preparing, registry
from recsys.shops.complete_journey import SAMPLE_HOUSEHOLDS
from recsys.shops.registry import shop, shop_names, shops


def test_an_unknown_data_set_lists_those_there_are() -> None:
    with pytest.raises(SettingsError, match=r"'nothing'.*complete_journey, complete_journey_sample"):
        shop("nothing")


def test_each_data_set_is_known_by_its_own_name() -> None:
    assert all(shop(name).name == name for name in shop_names())
    assert len({each.version() for each in shops()}) == len(shops())


def test_the_sample_is_a_few_hundred_households_with_a_short_list() -> None:
    sample = shop("complete_journey_sample").load(lambda done, total, note="": None)
    assert sample.name == "complete_journey_sample"
    assert len(sample.shoppers) == SAMPLE_HOUSEHOLDS
    assert (sample.shoppers["featured"] >= 0).sum() == 12


@pytest.mark.parametrize(
    "code",
    [
        "SHOPS = ('abc',)",
        "SHOPS = 'abc'",
        "SHOPS = 7",
        "SHOPS = (",
        "raise RuntimeError('no licence')",
        "raise SystemExit(3)",
        "from recsys.shops.registry import shop\nfrom dataclasses import replace\n"
        "SHOPS = (replace(shop('complete_journey'), name=7),)",
    ],
)
def test_a_broken_pack_is_said_as_one(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken_pack_of_a_test.py").write_text(code)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(__import__("sys").modules, "broken_pack_of_a_test", raising=False)
    with pytest.raises(SettingsError, match="the shop pack 'broken_pack_of_a_test' cannot be used"):
        registry._shops(("broken_pack_of_a_test",))


def _raises(error: BaseException) -> Callable[..., object]:
    def call(*given: object) -> object:
        raise error

    return call


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("version", _raises(ZeroDivisionError("by zero")), "ZeroDivisionError: by zero"),
        ("load", _raises(KeyError("price")), "KeyError"),
        ("load", lambda progress: None, "load gave NoneType"),
    ],
)
def test_what_the_code_of_a_shop_raises_is_an_error_of_that_shop(
    field: str, value: Callable[..., object], said: str, tmp_path: Path
) -> None:
    made = dataclasses.replace(shop("complete_journey"), name="broken_of_a_test", loader="recsys.shops.contract")
    registry.bring(dataclasses.replace(made, **({"version": lambda: "1"} | {field: value})))
    settings = Settings(shop="broken_of_a_test", cache_dir=tmp_path, state_dir=tmp_path)
    context: Any = SimpleNamespace(settings=settings)
    asked = partial(preparing.STEP.inputs, settings) if field == "version" else partial(preparing.STEP.make, context)
    with pytest.raises(DataError, match=f"the shop 'broken_of_a_test' cannot be read: .*{said}"):
        asked(*(() if field == "version" else (silent, tmp_path)))


@pytest.mark.parametrize("error", [Stopped(), StorageError("full"), KeyboardInterrupt()])
def test_our_own_errors_and_a_stop_pass_as_they_are(error: BaseException) -> None:
    with pytest.raises(type(error)), preparing._said(shop("complete_journey")):
        raise error
