"""The page Diversity: sliders move the shelf and its figures, a link shows the same, what cannot be done is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from recsys.engine import Engine
from recsys.engine.diversity import Diversity
from recsys.schema import Request, Reranking
from recsys.settings import Settings
from tests.pages.app_visit import App
from tests.pages.idle_jobs import nothing_runs
from tests.pages.lab_page import LabPage


class DiversityPage(LabPage):
    page = "pages/understand/diversity/page.py"

    @property
    def figures(self) -> dict[str, str]:
        """The measures by their labels."""
        return {each.label: each.value for each in self.at.metric}

    @property
    def badges(self) -> str:
        """What the small cards say of moves."""
        return "\n".join(str(each.value) for each in self.at.markdown if "-badge[" in str(each.value))

    def move(self, name: str, value: float) -> DiversityPage:
        """Move a slider."""
        self.at.slider(key=f"control.{name}").set_value(value)
        return self.run()


def test_by_score_alone_the_page_says_what_diversity_would_cost(household: str) -> None:
    page = DiversityPage(shopper=household)
    assert page.figures["Relevance kept"] == "100.0 %"
    assert "the shelf is by score alone" in page.text
    assert "The shelf as it is set" not in page.text
    assert "more diversity costs" in page.text
    assert not any(each.delta for each in page.at.metric)


def test_the_slider_moves_the_shelf_its_figures_and_the_link(household: str) -> None:
    page = DiversityPage(shopper=household)
    before = page.figures
    page.move("diversity", 0.9)
    assert float(page.figures["Intra-list diversity"]) > float(before["Intra-list diversity"])
    assert page.figures["Relevance kept"] != "100.0 %"
    assert page.address["diversity"] == "0.9"
    assert "The shelf as it is set" in page.text
    assert "new" in page.badges
    assert "left" in page.badges


def test_a_link_shows_the_same_and_the_reset_takes_it_back(household: str) -> None:
    moved = DiversityPage(shopper=household).move("diversity", 0.9).move("category_cap", 1)
    again = DiversityPage(**{name: str(value) for name, value in moved.address.items()})
    assert again.figures == moved.figures
    assert again.badges == moved.badges
    again.press("diversity.reset")
    assert set(again.address) == {"shopper"}
    assert again.figures["Relevance kept"] == "100.0 %"


def test_the_suggested_strength_is_one_press_away(household: str, engine: Engine) -> None:
    knee = engine.diversity(Request(shopper=household)).knee
    assert knee is not None
    page = DiversityPage(shopper=household).press("diversity.knee")
    assert page.address["diversity"] == f"{knee.strength:g}"
    assert not [button for button in page.at.button if button.key == "diversity.knee"]


def test_a_cap_that_cannot_be_kept_is_said(household: str) -> None:
    order = "exposure,caps,diversity,calibration"
    page = DiversityPage(shopper=household, q="milk", tail_share="1", category_cap="1", steps=order)
    assert "could not be" in page.text


def test_a_link_with_what_is_no_setting_is_answered_in_words(household: str) -> None:
    page = App(shopper=household, diversity="lots", steps="caps", brand_cap="-3", candidates="7")
    assert "diversity='lots' is no such number" in page.text
    assert "is not an order of what re-ranking does" in page.text
    assert "brand_cap=-3 is out of range" in page.text
    assert "candidates=7 is out of range" in page.text
    assert set(page.address) == {"shopper"}


def test_nobody_has_no_mix_to_be_calibrated_to() -> None:
    assert "Calibration is at rest: pick a household with a history." in DiversityPage().text
    asked = DiversityPage(shopper="new", calibration="0.5")
    assert "Calibration was left out: nothing is known of what this shopper takes" in asked.text


def test_one_product_has_nothing_to_differ_from(household: str) -> None:
    page = DiversityPage(shopper=household, k="1", diversity="0.5")
    assert "One product has no pairs to compare" in page.text


def test_nothing_found_is_said_and_no_figure_is_shown() -> None:
    page = DiversityPage(q="milk", diversity="0.5", department="no such")
    assert page.figures
    assert not page.at.exception


def test_the_order_may_be_changed_step_by_step(household: str) -> None:
    page = DiversityPage(shopper=household, diversity="0.5")
    page.at.multiselect(key="control.steps").set_value(["calibration", "diversity"])
    page.run()
    assert page.address["steps"] == "calibration,diversity,caps,exposure"


def test_every_measure_has_its_definition_on_hover(household: str) -> None:
    for each in DiversityPage(shopper=household).at.metric:
        assert len(each.help) > 40


def test_the_storefront_says_that_it_is_not_by_score_alone_and_goes_back(household: str) -> None:
    page = DiversityPage(shopper=household, diversity="0.9")
    page.at.switch_page("pages/shop/storefront/page.py").run()
    assert "Not by score alone: mean distance" in page.text
    page.press("reranked.reset")
    assert "Not by score alone" not in page.text


@pytest.mark.parametrize("made_shop", ["outdoor", "bare", "catalogue", "small_demo"], indirect=True)
def test_every_shop_shows_what_it_knows_and_says_what_it_does_not(made_shop: Settings) -> None:
    engine = Engine.open(made_shop)
    page = DiversityPage(diversity="0.8", category_cap="1", tail_share="0.5", new_share="0.5", calibration="0.5")
    found: Diversity = engine.diversity(Request(reranking=Reranking(0.8)))
    known = {each.measure.label for each in found.measured if each.after is not None}
    assert set(page.figures) == known
    assert "Calibration was left out" in page.text
    if len(known) < 9:
        assert "Not known here: " in page.text


def test_a_kept_evaluation_says_what_diversity_costs_everybody_who_is_shown_and_who_is_served() -> None:
    page = DiversityPage()
    assert "For everybody" in page.text
    assert "did best on the validation" in page.text
    assert "Made with: python -m recsys evaluate diversity" in page.text
    for part, found, said in (
        ("rules", "settings of rules", "Each rule alone"),
        ("shown", "Shown least for what is taken of it", "Gini of exposure over single products"),
        ("served", "Served best are", "in each group of shoppers"),
    ):
        page.at.button_group(key="control.everybody").set_value(part)
        page.run()
        assert page.address["everybody"] == part
        assert found in page.text
        assert said in page.text


def test_a_link_to_an_evaluation_that_is_not_here_shows_another() -> None:
    page = DiversityPage(measured_on="diversity_nowhere")
    assert "did best on the validation" in page.text
    assert "shows figures of “diversity_nowhere”, which are not here" in page.text


def test_where_nothing_was_measured_a_button_has_it_measured_beside_the_app(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("recsys.evaluation.diversity.kept.COMMITTED", tmp_path)
    begun = nothing_runs(monkeypatch, "it cannot be done")
    page = DiversityPage()
    assert "Nothing was measured yet." in page.text
    page.at.button(key="measuring.diversity").click()
    page.run()
    assert [(job.kind, job.arguments[:2]) for job in begun] == [("diversity", ("evaluate", "diversity"))]
    assert begun[0].arguments[-1].startswith("--shop=")
