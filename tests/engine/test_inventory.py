"""What lies prepared, as its manifests tell it; and the cards."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from recsys.engine import Engine
from recsys.engine.inventory import Prepared, cards, prepared_files


def test_every_artefact_of_the_plan_is_listed_with_when_how_long_and_how_large(sample_engine: Engine) -> None:
    found = {each.name: each for each in prepared_files(sample_engine.plan)}
    assert list(found) == list(sample_engine.plan.versions)
    encoder = found["encoder"]
    assert encoder.made_at is not None
    assert encoder.size > 10_000_000  # 6 layers of 384 numbers
    assert encoder.facts["dimension"] == 384


def test_what_is_not_made_or_cannot_be_read_has_no_date(sample_engine: Engine, tmp_path: Path) -> None:
    settings = sample_engine.settings.model_copy(update={"cache_dir": tmp_path})
    plan = replace(sample_engine.plan, settings=settings, versions={"maps": "0", "later": "1"})
    (tmp_path / "maps-0").mkdir()
    (tmp_path / "maps-0" / "manifest.json").write_text(json.dumps({"files": 3}), encoding="utf-8")
    assert [(each.label, each.made_at) for each in prepared_files(plan)] == [("Draw the maps", None), ("Later", None)]


def test_the_facts_of_a_builder_fit_into_a_line() -> None:
    info = {
        "label": "trees",
        "report": {"ndcg": {"trees": 0.2, "best one": 0.3}, "folds": 5},
        "parts": ["a", "b"],
        "maps": [{}, {}],
        "long": "x" * 100,
    }
    prepared = Prepared("order", "", 1.0, 1.0, 1, info)
    assert prepared.facts == {"label": "trees", "report folds": 5, "parts": "a, b", "maps": 2}
    assert prepared.ndcg == 0.3
    assert replace(prepared, info={"report": None}).ndcg is None


def test_cards_are_found_by_their_title_and_lead_nowhere_out_of_the_project(tmp_path: Path) -> None:
    text = "# Model card: a model\n\nfigures: [results](../../benchmarks/results), [paper](https://example.org)\n"
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    (tmp_path / "b_c.md").write_text("no heading", encoding="utf-8")
    assert cards(tmp_path) == {
        "a model": "figures: results, [paper](https://example.org)",
        "b c": "no heading",
    }
    assert "the learned blend" in cards()
