"""The page Why: one product of the shelf, what made its score, and the shelf under another condition."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from recsys.engine import Engine
from recsys.schema import SHOPPER_ID, TITLE, Request
from recsys.settings import Settings
from tests.conftest import MADE_SHOPS
from tests.pages.app_visit import sound
from tests.pages.test_any_shop import text_of, visit

PAGE = "pages/understand/why/page.py"
PEOPLED = ["outdoor", "small_demo"]


@pytest.fixture(autouse=True)
def on_the_sample() -> None:
    """These tests choose their shop themselves."""


def opened(**address: str) -> AppTest:
    return sound(visit(PAGE, **address))


def someone(engine: Engine) -> str:
    return str(engine.shoppers[SHOPPER_ID].iloc[1])


def headlines(app: AppTest) -> list[str]:
    return [str(each.value).replace("\\", "") for each in app.main.markdown if str(each.value).startswith("#####")]


@pytest.mark.parametrize("made_shop", MADE_SHOPS, indirect=True)
def test_the_first_product_is_explained_where_none_was_chosen(made_shop: Settings) -> None:
    app = opened()
    first = Engine.open(made_shop).answer(Request()).items[0]
    assert app.selectbox(key="control.why").value == str(first.item_id)
    assert headlines(app)[0].startswith("##### Number 1: ")
    assert first.title in text_of(app)
    assert f"{100 * first.score:.1f} points" in text_of(app)


@pytest.mark.parametrize("made_shop", PEOPLED, indirect=True)
def test_a_link_explains_its_product_and_one_that_is_not_there_is_said(made_shop: Settings) -> None:
    engine = Engine.open(made_shop)
    third = engine.answer(Request(shopper=someone(engine))).items[2]
    assert headlines(opened(shopper=someone(engine), why=str(third.item_id)))[0].startswith("##### Number 3: ")
    strange = opened(shopper=someone(engine), why="no such product")
    assert "is not on this shelf; number 1 is explained" in text_of(strange)
    assert headlines(strange)[0].startswith("##### Number 1: ")


@pytest.mark.parametrize("made_shop", PEOPLED, indirect=True)
def test_another_product_is_chosen_and_stands_in_the_address(made_shop: Settings) -> None:
    app = opened()
    second = str(Engine.open(made_shop).answer(Request()).items[1].item_id)
    sound(app.selectbox(key="control.why").set_value(second).run())
    assert headlines(app)[0].startswith("##### Number 2: ")
    assert app.query_params["why"] in (second, [second])


@pytest.mark.parametrize("made_shop", PEOPLED, indirect=True)
def test_the_purchases_behind_the_taste_are_drawn(made_shop: Settings) -> None:
    engine = Engine.open(made_shop)
    app = opened(shopper=someone(engine), discovery="1.0", exploration="0.9")
    assert "What the purchases of each product add" in text_of(app)
    assert "by rounding" in text_of(app)


@pytest.mark.parametrize("made_shop", PEOPLED, indirect=True)
def test_a_purchase_left_out_makes_the_shelf_anew_and_is_undone(made_shop: Settings) -> None:
    engine = Engine.open(made_shop)
    bought = engine.whys.bought(Request(shopper=someone(engine)))[0]
    app = opened(shopper=someone(engine))
    assert len(headlines(app)) == 1
    sound(app.multiselect(key="control.without").set_value([bought.item_id]).run())
    assert "changed places" in headlines(app)[1]
    both = engine.whys.otherwise(Request(shopper=someone(engine)), [bought.item_id])
    came = len({item.row for item in both.after.items} - {item.row for item in both.before.items})
    assert f"{came} product{'' if came == 1 else 's'} came" in headlines(app)[1]
    assert app.query_params["without"] in (bought.item_id, [bought.item_id])
    sound(app.button(key="whys.undo").click().run())
    assert len(headlines(app)) == 1
    assert app.multiselect(key="control.without").value == []


@pytest.mark.parametrize("made_shop", MADE_SHOPS, indirect=True)
def test_other_words_are_asked_and_what_they_do_is_said(made_shop: Settings) -> None:
    engine = Engine.open(made_shop)
    word = str(engine.items[TITLE].iloc[0]).split()[-1]
    app = opened(instead=word)
    assert "changed places" in headlines(app)[1]
    assert opened(q=word, instead=word).text_input(key="control.instead").value == word  # the same words change nothing
    assert len(headlines(opened(q=word, instead=word))) == 1


@pytest.mark.parametrize("made_shop", PEOPLED, indirect=True)
def test_the_smallest_change_is_looked_for_and_shown(made_shop: Settings) -> None:
    engine = Engine.open(made_shop)
    titles = str(engine.items[TITLE].iloc[0]).split()
    request = Request(query=" ".join(titles[-2:]))
    app = opened(q=request.query)
    found = engine.whys.smallest(request, engine.answer(request).items[0].row)
    sound(app.button(key="whys.smallest").click().run())
    if found.changes:
        assert "it is not among the 12 any more" in text_of(app)
        sound(app.button(key="whys.show").click().run())
        assert "leaves the shelf" in headlines(app)[1]
    else:
        assert "Nothing that was tried" in text_of(app) or "There is no purchase" in text_of(app)


@pytest.mark.parametrize("made_shop", PEOPLED, indirect=True)
def test_words_are_left_out_one_by_one(made_shop: Settings) -> None:
    engine = Engine.open(made_shop)
    query = " ".join(str(engine.items[TITLE].iloc[0]).split()[-2:])
    assert "What each word does" in text_of(opened(q=query))
    assert "What each word does" not in text_of(opened(q=query.split()[0]))


@pytest.mark.parametrize("made_shop", PEOPLED, indirect=True)
def test_what_somebody_else_bought_is_not_left_out(made_shop: Settings) -> None:
    engine = Engine.open(made_shop)
    app = opened(without=",".join(each.item_id for each in engine.whys.bought(Request(shopper=someone(engine)))[:2]))
    assert app.multiselect(key="control.without").disabled
    assert len(headlines(app)) == 1
    assert "no purchase that counts here" in text_of(app)


@pytest.mark.parametrize("made_shop", MADE_SHOPS, indirect=True)
def test_paths_are_said_with_what_of_them_the_score_counts_or_why_there_are_none(made_shop: Settings) -> None:
    engine = Engine.open(made_shop)
    text = text_of(opened())
    assert "It is not what made the score" in text
    assert "Nobody in particular asks" in text
    if engine.shoppers.empty:
        return
    request = Request(shopper=someone(engine))
    found = engine.paths.of(request, engine.answer(request).items[0].row)
    text = text_of(opened(shopper=someone(engine))).replace("\\", "")
    if found.paths:
        assert engine.paths.said(found.paths[0]).replace("\\", "") in text
        assert "strength 1 in" in text
    else:
        assert "No path leads" in text


@pytest.mark.parametrize("made_shop", ["outdoor", "small_demo"], indirect=True)
def test_a_transformer_is_asked_on_a_button_and_says_what_each_visit_does(made_shop: Settings) -> None:
    engine = Engine.open(made_shop)
    app = opened(shopper=someone(engine))
    there = engine.sequences.there()
    if not there:
        assert "This shop has no Transformer that could be asked" in text_of(app)
        return
    request = Request(shopper=someone(engine))
    found = engine.sequences.explained(request, engine.answer(request).items[0].row, there[0])
    assert found is not None
    assert "By what this model foresees" not in text_of(app)
    sound(app.button(key="whys.sequence").click().run())
    text = text_of(app)
    assert f"the product is number {engine.shop.number(found.rank)} of" in text
    assert f"{abs(found.missed):.4f} apart" in text
    agrees = found.attention_agrees
    assert ("where the model looks is not what makes" in text) is (agrees is not None and agrees < 0.5)
    other = str(engine.answer(request).items[1].item_id)
    sound(app.selectbox(key="control.why").set_value(other).run())
    assert "By what this model foresees" not in text_of(app)  # of another product it was not asked


@pytest.mark.parametrize("made_shop", ["bare", "small_demo"], indirect=True)
def test_of_nobody_there_are_no_visits_and_without_a_model_it_is_said(made_shop: Settings) -> None:
    engine = Engine.open(made_shop)
    text = text_of(opened())
    if engine.sequences.there():
        assert "Nobody in particular asks: pick a" in text
    else:
        assert "This shop has no Transformer that could be asked" in text


@pytest.mark.parametrize("made_shop", MADE_SHOPS, indirect=True)
def test_rules_are_made_on_a_button_with_their_fidelity(made_shop: Settings) -> None:
    app = opened()
    assert "what makes scores differ" not in text_of(app)
    sound(app.button(key="whys.rules").click().run())
    engine = Engine.open(made_shop)
    found = engine.ruling.of(Request())
    text = text_of(app)
    if found is None:
        assert "There are too few candidates for rules" in text
        return
    assert f"they say {100 * max(found.rules.explained, 0):.0f} % of what makes scores differ" in text
    assert ("Do not lean on these rules" in text) is not found.rules.faithful
    assert text.count("(this product)") == 1
