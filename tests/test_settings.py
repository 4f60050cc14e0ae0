"""Settings come from the environment, are typed, and complain in plain words."""

from __future__ import annotations

from pathlib import Path

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


PATHS = ("cache_dir", "state_dir", "import_dir", "encoder", "feedback_url", "shop")


@pytest.mark.parametrize("name", PATHS)
def test_a_path_with_nul_is_refused_in_words(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHELFLENS_SHOP", raising=False)
    monkeypatch.setitem(Settings.model_config, "toml_file", tmp_path / "shelflens.toml")
    (tmp_path / "shelflens.toml").write_text(f'{name} = "a\\u0000b"', encoding="utf-8")
    refused(name)


@pytest.mark.parametrize("name", PATHS)
def test_a_path_whose_bytes_are_no_text_is_refused_in_words(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"SHELFLENS_{name.upper()}", "a\udcffb")
    refused(name)


def refused(name: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert f"setting {name}=" in caught.value.seen
    assert "it holds NUL, or bytes that are no text in UTF-8" in caught.value.seen
    caught.value.one_line().encode("utf-8")


def test_pages_read_no_file_of_the_server_unless_a_folder_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().import_dir is None
    monkeypatch.setenv("SHELFLENS_IMPORT_DIR", "/data/sets")
    assert load_settings().import_dir == Path("/data/sets")


def test_a_changed_file_is_read_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "shelflens.toml"
    monkeypatch.delenv("SHELFLENS_THREADS", raising=False)
    monkeypatch.setitem(Settings.model_config, "toml_file", file)
    assert load_settings().threads == 1
    file.write_text("threads = 3\n")
    assert load_settings().threads == 3
    file.write_text("threads = 12\n")
    assert load_settings().threads == 12
    file.unlink()
    assert load_settings().threads == 1


def test_an_encoder_that_is_kept_later_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SHELFLENS_STATE_DIR", str(tmp_path))
    monkeypatch.setenv("SHELFLENS_ENCODER", "small")
    assert load_settings().encoder == "small"
    kept = tmp_path / "encoders" / "small"
    kept.mkdir(parents=True)
    (kept / "config.json").write_text("{}")
    assert load_settings().encoder == str(kept)
