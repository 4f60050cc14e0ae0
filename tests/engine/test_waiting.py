"""A shelf can be shown while maps and other languages are still being prepared, and it is said that they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from recsys.engine import Engine
from recsys.engine.inventory import disk_use, prepared
from recsys.errors import ArtifactError
from recsys.preparation import STEPS, Plan
from recsys.schema import Request
from recsys.settings import Settings

PICTURES = ("pictures", "picture_encoder", "picture_features", "fusion", "picture_maps", "interests", "things")
OF_BUSINESS = ("baskets", "review_heads", "reviews", "offers", "promotions", "demand")


def linked(sound: Settings, cache: Path, *names: str) -> None:
    """Put these artefacts of a prepared cache into another one."""
    plan = Plan.of(sound)
    for name in names:
        there = cache / plan.path(name).relative_to(sound.cache_dir)
        there.parent.mkdir(parents=True, exist_ok=True)
        there.symlink_to(plan.path(name))


@pytest.fixture
def waiting(prepared_cache: Path, settings: Settings) -> tuple[Settings, Settings]:
    """(a cache with all that a shelf needs and nothing more, the one it was taken from)."""
    sound = settings.model_copy(update={"cache_dir": prepared_cache})
    linked(sound, settings.cache_dir, *(step.name for step in STEPS.values() if step.needed))
    return settings, sound


def test_a_query_is_answered_before_maps_and_languages_are_made(waiting: tuple[Settings, Settings]) -> None:
    engine = Engine.open(waiting[0])
    assert engine.waiting == {"maps", "languages", *PICTURES, *OF_BUSINESS}
    assert engine.picture(0) is None
    assert len(engine.answer(Request(query="milk", k=5)).items) == 5
    assert list(engine.maps()) == []
    with pytest.raises(ArtifactError, match="not made yet"):
        engine.map_positions("pca", 2)
    assert prepared(waiting[0])
    assert {each.shop: each.prepared for each in disk_use(waiting[0])}[waiting[0].shop]


@pytest.mark.parametrize("query", ["\u5496\u5561\u673a", "\u0445\u043b\u0435\u0431"])
def test_of_a_query_in_another_script_it_is_said_that_languages_are_being_prepared(
    waiting: tuple[Settings, Settings], query: str
) -> None:
    understood = Engine.open(waiting[0]).answer(Request(query=query, k=5)).understood
    assert understood is not None
    assert "not prepared yet" in understood.language_off


def test_an_engine_is_outdated_once_what_it_waited_for_is_there(waiting: tuple[Settings, Settings]) -> None:
    settings, sound = waiting
    engine = Engine.open(settings)
    assert not engine.outdated()
    linked(sound, settings.cache_dir, "maps")
    assert engine.outdated()
    again = Engine.open(settings)
    assert again.waiting == {"languages", *PICTURES, *OF_BUSINESS}
    assert len(again.maps()) == 6
    linked(sound, settings.cache_dir, "languages", *PICTURES, *OF_BUSINESS)
    assert not Engine.open(settings).outdated()
    assert Engine.open(settings).waiting == frozenset()


def test_without_what_a_shelf_needs_there_is_no_engine(waiting: tuple[Settings, Settings]) -> None:
    settings, _ = waiting
    Plan.of(settings).path("lexical").unlink()
    assert not prepared(settings)
    with pytest.raises(ArtifactError, match="lexical"):
        Engine.open(settings).answer(Request(query="milk"))
