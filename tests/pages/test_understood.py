"""How the query was read, on the page: each guess is on show and goes with one press."""

from __future__ import annotations

from recsys.engine import Engine
from recsys.engine.nearness import NOTHING_CLOSE, not_called
from tests.pages.app_visit import App


def pressable(app: App, start: str) -> list[str]:
    """The keys of the buttons that begin so."""
    return [b.key for b in app.at.button if b.key and b.key.startswith(start)]


def test_a_filter_is_a_chip_that_goes_with_one_press(open_app: type[App]) -> None:
    app = open_app(q="milk under $3")
    assert "Searching for" in app.text
    assert pressable(app, "chip.") == ["chip.0", "chip.words.0"] or pressable(app, "chip.") == ["chip.0"]
    app.press("chip.0")
    assert app.address == {"q": ["milk"]}
    assert pressable(app, "chip.") == []


def test_a_slip_is_put_right_and_one_press_searches_for_what_was_typed(open_app: type[App]) -> None:
    app = open_app(q="choclate")
    assert "Read “choclate” as **chocolate**" in app.text
    app.press("verbatim")
    assert app.address == {"q": ["choclate"], "verbatim": ["1"]}
    assert "Did you mean" in app.text
    app.press("suggestion")
    assert app.address == {"q": ["chocolate"]}


def test_the_shop_s_own_word_is_said_and_one_press_searches_for_what_was_typed(open_app: type[App]) -> None:
    app = open_app(q="coke")
    assert "Read “coke” as **soft drinks**" in app.text
    app.press("verbatim")
    assert "soft drinks**" not in app.text


def test_another_query_is_read_afresh(open_app: type[App]) -> None:
    app = open_app(q="choclate", verbatim="1").ask("chese")
    assert "verbatim" not in app.address


def test_a_completion_is_searched_for_with_one_press(open_app: type[App], engine: Engine) -> None:
    app = open_app().ask("choc")
    expected = next(one.text for one in engine.complete("choc", 5))
    app.press("completion.0")
    assert app.address == {"q": [expected]}


def test_a_likely_department_can_be_kept_to(open_app: type[App]) -> None:
    app = open_app(q="coffee")
    if keys := pressable(app, "likely."):
        app.press(keys[0])
        assert len(app.address["department"]) == 1
        assert pressable(app, "likely.") == []


def test_a_bar_shows_how_likely_each_department_is_and_says_so_in_words(open_app: type[App]) -> None:
    app = open_app(q="coffee", mode="xray")
    said = [alt for alt in _alts(app) if alt]
    names = [
        b.label.split(") ", 1)[1].split(" :small")[0].replace("\\", "")
        for b in app.at.button
        if b.key and b.key.startswith("likely.")
    ]
    assert len(names) > 1
    assert said[0].startswith(f"How likely each department is: {names[0]} ")
    assert all(f"{name} " in said[0] for name in names)
    assert "How likely" not in "".join(_alts(open_app(q="coffee", department=names[0], mode="xray")))


def _alts(app: App) -> list[str]:
    return [str(image.alt) for drawn in app.at.get("image") for image in drawn.proto.imgs]


def test_the_words_of_the_query_are_marked_in_the_titles(open_app: type[App]) -> None:
    titles = [str(m.value) for m in open_app(q="pastas").at.markdown if ":primary-background[" in str(m.value)]
    assert titles
    assert all(t.startswith(":small[**") and ":primary-background[pasta" in t.lower() for t in titles)
    assert ":primary-background" not in open_app().text


def test_a_facet_becomes_a_chip(open_app: type[App]) -> None:
    app = open_app(q="milk")
    app.facet("Price", next(iter(app.facets("Price"))))
    assert pressable(app, "chip.")[0] == "chip.0"
    assert app.address["q"][0].startswith("milk ")


def test_an_order_is_in_the_address_and_a_bad_one_is_said(open_app: type[App]) -> None:
    app = open_app(q="milk")
    app.at.selectbox(key="control.sort").set_value("price")
    app.run()
    assert app.address == {"q": ["milk"], "sort": ["price"]}
    odd = open_app(q="milk", sort="colour")
    assert "cannot; the best match comes first" in odd.text
    assert odd.address == {"q": ["milk"]}


def test_a_longer_shelf_is_one_press_away(open_app: type[App]) -> None:
    app = open_app(q="milk")
    shown = len(app.cards)
    app.press("more")
    assert len(app.cards) > shown
    assert app.address["k"] == ["24"]


def test_what_was_searched_for_can_be_searched_for_again(open_app: type[App]) -> None:
    app = open_app().ask("milk").ask("bread").ask("")
    assert pressable(app, "recent.") == ["recent.0", "recent.1"]
    app.press("recent.1")
    assert app.address == {"q": ["milk"]}


def test_a_search_that_is_only_typed_further_is_not_remembered(open_app: type[App]) -> None:
    app = open_app().ask("mi").ask("milk").ask("")
    assert pressable(app, "recent.") == ["recent.0"]
    app.press("recent.0")
    assert app.address == {"q": ["milk"]}


def test_the_language_a_query_was_read_in_is_said_and_can_be_changed(open_app: type[App]) -> None:
    app = open_app(q="leche")
    assert "Read as **Spanish**: \u201cmilk\u201d." in app.text
    app.press("language")
    assert app.address == {"q": ["leche"], "language": ["en"]}
    assert "Read as **Spanish**" not in app.text


def test_a_wrong_guess_of_the_language_costs_one_choice(open_app: type[App]) -> None:
    app = open_app(q="pan", mode="xray")  # English for a cook, Spanish for bread
    assert "Read as" not in app.text
    next(box for box in app.at.selectbox if box.label == "Language of the query").set_value("es").run()
    assert app.address == {"q": ["pan"], "language": ["es"], "mode": ["xray"]}
    labels = [button.label for button in app.at.button if button.key == "language.detect"]
    assert labels == ["Read as Spanish, as you asked (“bread”). Detect the language again"]
    assert "**Bread" in app.text or "[Bread]" in app.text
    app.press("language.detect")
    assert app.address == {"q": ["pan"], "mode": ["xray"]}


def test_a_link_may_say_the_language_and_only_one_there_is(open_app: type[App]) -> None:
    assert open_app(q="pan", language="es").address == {"q": ["pan"], "language": ["es"]}
    assert open_app(q="pan", language="xx").address == {"q": ["pan"]}


def test_a_name_that_is_not_carried_is_said_in_one_line_and_one_press_takes_it_back(open_app: type[App]) -> None:
    app = open_app(q="guinness")
    assert "We do not carry “guinness”; it is a kind of" in app.text
    app.press("verbatim.named")
    assert app.address == {"q": ["guinness"], "verbatim": ["1"]}
    assert "We do not carry" not in app.text


def test_one_failure_is_said_once_above_and_the_headline_and_the_cards_say_the_same(open_app: type[App]) -> None:
    for query, line in (("qwrtzpl", NOTHING_CLOSE), ("hammer", not_called("hammer"))):
        app = open_app(q=query)
        assert app.text.count(line) == 1
        assert "We do not carry" not in app.text
        assert "No product" not in app.text
        assert f"nearest to “{query}”" in app.text
        assert "A guess: nearest to what you asked for" in app.text
        assert "lose to what you asked for" not in app.text
        assert len(app.at.info) == 1
        assert not app.at.warning


def test_a_label_that_is_all_there_is_gets_no_warning_and_one_beside_a_thing_does(open_app: type[App]) -> None:
    alone = open_app(q="paleo")
    assert len(alone.at.info) == 1
    assert not alone.at.warning
    assert "called or labelled “paleo”" in alone.at.info[0].value
    beside = open_app(q="paleo snacks")
    assert "labelled “paleo”" in beside.at.warning[0].value
