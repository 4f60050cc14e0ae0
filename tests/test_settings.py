"""Settings come from the environment, are typed, and complain in plain words."""

from __future__ import annotations

import pytest

from recsys.errors import SettingsError
from recsys.settings import Settings, load_settings


def test_the_environment_sets_the_data_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELFLENS_SHOP", "complete_journey_sample")
    assert load_settings().shop == "complete_journey_sample"


def test_the_name_of_before_still_sets_the_shop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHELFLENS_SHOP", raising=False)
    monkeypatch.setenv("SHELFLENS_DATASET", "complete_journey_sample")
    assert load_settings().shop == "complete_journey_sample"
    assert Settings.model_validate({"dataset": "elsewhere"}).shop == "elsewhere"


def test_feedback_is_kept_beside_the_state_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELFLENS_STATE_DIR", "/somewhere")
    monkeypatch.delenv("SHELFLENS_FEEDBACK_URL", raising=False)
    assert load_settings().feedback_database == "sqlite:////somewhere/feedback.sqlite3"
    monkeypatch.setenv("SHELFLENS_FEEDBACK_URL", "postgresql://db/x")
    assert load_settings().feedback_database == "postgresql://db/x"


def test_a_bad_setting_is_named_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELFLENS_THREADS", "many")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert "threads='many'" in caught.value.seen
    assert "SHELFLENS_THREADS" in caught.value.remedy


def test_a_list_that_is_no_json_is_said_with_how_to_write_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELFLENS_SHOP_PACKS", "abc")
    with pytest.raises(SettingsError, match="shop_packs") as caught:
        load_settings()
    assert "environment" in caught.value.one_line()
    monkeypatch.setenv("SHELFLENS_SHOP_PACKS", "[1]")
    with pytest.raises(SettingsError, match="setting shop_packs=") as caught:
        load_settings()
    assert "SHELFLENS_SHOP_PACKS in" in caught.value.one_line()
