"""One typed settings object, from the environment (`SHELFLENS_...`) and an optional `shelflens.toml`."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from pydantic_settings import SettingsError as Unparsed

from recsys.errors import SettingsError

PROJECT: Final = Path(__file__).resolve().parent.parent
BUILT_IN_ENCODER: Final = "minilm"
KEPT_ENCODER: Final = re.compile(r"[a-z0-9][a-z0-9_.-]{0,79}")  # what an encoder that is kept may be called


class Settings(BaseSettings):
    """Every setting of ShelfLens; the environment wins over the file, the file over the defaults."""

    model_config = SettingsConfigDict(
        env_prefix="SHELFLENS_",
        toml_file=PROJECT / "shelflens.toml",
        frozen=True,
        extra="forbid",
        env_ignore_empty=True,
    )

    shop: str = Field("complete_journey", description="the shop that is opened; see `python -m recsys shops`")
    shop_packs: tuple[str, ...] = Field((), description="modules with further shops, as a JSON list of names")
    cache_dir: Path = Field(PROJECT / "data" / "cache", description="prepared files; safe to delete")
    feedback_url: str = Field("", description="SQLAlchemy URL of the feedback database; empty: SQLite under state_dir")
    state_dir: Path = Field(PROJECT / "data" / "state", description="what people did; keep it")
    import_dir: Path | None = Field(None, description="a folder whose files the pages may read; unset: uploads alone")
    shared: bool | None = Field(
        None, description="whether visitors are told apart; unset: where the server is reached from other machines"
    )
    encoder: str = Field(
        BUILT_IN_ENCODER, description="'minilm' (comes with the install), an encoder kept here, a hub name or a folder"
    )
    picture_encoder: str = Field(
        "efficientnet-lite0", description="'efficientnet-lite0' (comes with the install), or a folder with a graph"
    )
    threads: int = Field(1, ge=0, le=256, description="processor threads per query, 0 to 256; 1 suits many people")
    max_jobs: int = Field(
        2, ge=1, le=64, description="trainings, evaluations and the like at once; others wait, 1 to 64"
    )
    max_waiting: int = Field(5, ge=1, le=100, description="of these, how many of one visitor may wait, 1 to 100")
    simulated_products: int = Field(
        10_000, ge=200, le=1_000_000, description="products of a simulated shop, 200 to 1,000,000"
    )
    simulated_shoppers: int = Field(1_000, ge=20, le=100_000, description="people of a simulated shop, 20 to 100,000")
    simulated_seed: int = Field(
        7, ge=0, le=2**32 - 1, description="where a simulated shop comes from: the same seed, the same shop"
    )
    minimum_free_mb: int = Field(500, ge=0, description="refuse to prepare with less free disk than this")

    @field_validator("*", mode="after")
    @classmethod
    def _can_be_written_down(cls, value: Any) -> Any:
        """NUL and halves of surrogate pairs name no file and fit into no record."""
        if isinstance(value, str | Path) and re.search("[\0\ud800-\udfff]", str(value)):
            raise ValueError("it holds NUL, or bytes that are no text in UTF-8")
        return value

    @model_validator(mode="after")
    def _kept_encoder(self) -> Settings:
        """The name of an encoder that was kept means its folder: everything behind this reads folders."""
        kept = self.encoders_dir / self.encoder
        if KEPT_ENCODER.fullmatch(self.encoder) and kept.is_dir():  # damaged or not: that is said where it is used
            object.__setattr__(self, "encoder", str(kept.resolve()))
        return self

    @model_validator(mode="before")
    @classmethod
    def _names_of_before(cls, given: Any) -> Any:
        """A `shelflens.toml` of before says `dataset` for what is `shop` now."""
        if isinstance(given, dict) and "dataset" in given:
            given = {"shop": given["dataset"]} | {name: value for name, value in given.items() if name != "dataset"}
        return given

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first, then the environment, then the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def runs_dir(self) -> Path:
        """Where evaluations are kept."""
        return self.state_dir / "evaluations"

    @property
    def trainings_dir(self) -> Path:
        """Where trainings are kept."""
        return self.state_dir / "trainings"

    @property
    def adaptations_dir(self) -> Path:
        """Where adaptations of the text encoder are kept while they learn, and what is known of them after."""
        return self.state_dir / "adaptations"

    @property
    def encoders_dir(self) -> Path:
        """Where encoders are kept that were adapted or compressed here."""
        return self.state_dir / "encoders"

    @property
    def jobs_dir(self) -> Path:
        """Where work beside the app is kept that has no other place."""
        return self.state_dir / "jobs"

    @property
    def measured_dir(self) -> Path:
        """Where evaluations of diversity and of a cold start are kept, the latest of each shop."""
        return self.state_dir / "measured"

    @property
    def feedback_database(self) -> str:
        """The SQLAlchemy URL in force."""
        return self.feedback_url or f"sqlite:///{self.state_dir / 'feedback.sqlite3'}"


def _allowed(name: str) -> str:
    """What a setting is for, or which settings there are."""
    known = Settings.model_fields.get(name)
    return (known.description or "") if known else ", ".join(Settings.model_fields)


def load_settings() -> Settings:
    """The settings in force. Raises SettingsError naming the setting that cannot be used."""
    own = tuple(item for item in os.environ.items() if item[0].upper().startswith("SHELFLENS_"))
    found = _loaded(own, _file_as_it_is())
    # the name of an encoder that was kept means a folder, which may have come or gone since
    return found if found.encoder == BUILT_IN_ENCODER else _read()


def _file_as_it_is() -> tuple[str, int, int]:
    """The file of settings, when it was changed, and its size in bytes: what changes when the file does."""
    file = Settings.model_config.get("toml_file")
    if not isinstance(file, str | Path):
        return "", 0, 0
    try:
        facts = Path(file).stat()
    except OSError:
        return str(file), 0, 0
    return str(file), facts.st_mtime_ns, facts.st_size


@lru_cache(maxsize=4)  # asked for many times a page; reading takes a millisecond
def _loaded(environment: tuple[tuple[str, str], ...], file: tuple[str, int, int]) -> Settings:
    """The settings by what they are read from: the arguments only say when that changed."""
    del environment, file
    return _read()


def _read() -> Settings:
    before = os.environ.get("SHELFLENS_DATASET")  # the name of SHELFLENS_SHOP in earlier versions
    try:
        return Settings(shop=before) if before and not os.environ.get("SHELFLENS_SHOP") else Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "settings"
        raise SettingsError(
            f"setting {name}={first.get('input')!r}: {first['msg']}",
            allowed=_allowed(name),
            remedy=f"correct SHELFLENS_{name.upper()} in the environment or {name} in shelflens.toml",
        ) from error
    except Unparsed as error:
        raise SettingsError(
            f"a setting cannot be read: {str(error)[:200]}",
            allowed='lists as JSON, such as ["mine.shoes"]',
            remedy="correct it in the environment (SHELFLENS_...) or in shelflens.toml",
        ) from error
    except (ValueError, OSError) as error:
        raise SettingsError(f"shelflens.toml cannot be read: {error}", remedy="correct or remove it") from error
