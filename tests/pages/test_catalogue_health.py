"""The catalogue health page on the prepared sample."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from pages.understand.catalogue_health.sections import SECTIONS
from pages.understand.catalogue_health.views import VIEWS
from recsys.engine import Engine
from recsys.settings import PROJECT

pytestmark = pytest.mark.usefixtures("prepared")

PAGE = "pages/understand/catalogue_health/page.py"


def opened(**address: str) -> AppTest:
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
    for name, value in address.items():
        app.query_params[name] = value
    app.run()
    app.switch_page(PAGE).run()
    assert not app.exception, app.exception
    return app


def first(app: AppTest) -> str:
    """The sentence with which the page begins, below the bar that all pages have."""
    return next(str(each.value) for each in app.main.markdown if str(each.value).startswith("#")).replace("\\", "")


def test_the_sections_of_the_page_are_those_that_a_link_may_name() -> None:
    assert tuple(SECTIONS) == VIEWS["section"]


@pytest.mark.parametrize("section", SECTIONS)
def test_each_section_opens_from_its_link_with_rows_and_an_export(section: str) -> None:
    app = opened(section=section)
    assert app.dataframe
    assert app.get("download_button")
    assert first(app).startswith("##### ")
    assert any(sign.isdigit() for sign in first(app))  # a figure


def test_the_figures_count_the_products(sample_engine: Engine) -> None:
    assert f"{len(sample_engine.items):,}" in [metric.value for metric in opened().metric]


def test_what_was_dropped_is_listed_with_its_reason(sample_engine: Engine) -> None:
    table = opened(section="loaded").dataframe[0].value
    assert table["dropped"].tolist() == sample_engine.health().cleaning["dropped"].tolist()
    assert (table["why"].str.len() > 0).all()


def test_the_reasons_stand_in_full_below_the_table(sample_engine: Engine) -> None:
    said = "\n".join(str(each.value) for each in opened(section="loaded").markdown).replace("\\", "")
    for why in sample_engine.health().cleaning["why"]:
        assert why in said


def test_the_long_tail_is_said_in_plain_words() -> None:
    assert "best-selling tenth of products makes" in first(opened(section="tail"))


def test_the_rows_of_the_chosen_department_are_shown() -> None:
    app = opened(section="departments")
    wanted = app.selectbox(key="health.department").options[-1]
    app.selectbox(key="health.department").select(wanted).run()
    assert set(app.dataframe[1].value["department"]) == {wanted}


def test_the_sliders_of_the_shelf_stay_with_the_pages_that_show_it_and_keep_their_values() -> None:
    app = opened(k="7", mode="xray")
    assert not app.slider
    app.switch_page("pages/understand/embedding_map/page.py").run()
    assert app.slider(key="control.k").value == 7
    app.slider(key="control.k").set_value(9).run()
    app.switch_page(PAGE).run()
    app.switch_page("pages/shop/storefront/page.py").run()
    assert app.slider(key="control.k").value == 9
