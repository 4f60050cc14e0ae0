"""The page Tags: any labels on every product, beside what the shop says itself."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from streamlit.runtime.scriptrunner import StopException
from streamlit.testing.v1 import AppTest

from pages.lab.tags import results, work
from recsys.encoders.onnx_encoder import OnnxTextEncoder
from recsys.engine import Engine
from recsys.engine.tagging import MOST_LABELS
from recsys.progress import Progress, silent
from recsys.schema import Floats
from recsys.settings import Settings
from tests.conftest import MADE_SHOPS
from tests.pages.app_visit import sound
from tests.pages.test_any_shop import text_of, visit

PAGE = "pages/lab/tags/page.py"


@pytest.fixture(autouse=True)
def on_the_sample() -> None:
    """These tests choose their shop themselves."""


def opened(**address: str) -> AppTest:
    return sound(visit(PAGE, **address))


def run(app: AppTest, labels: Sequence[str] = (), prompts: Sequence[str] = ()) -> AppTest:
    """Type labels and prompts, if any, and press the button."""
    if labels:
        app.text_area(key="tags.labels").set_value("\n".join(labels))
    if prompts:
        app.text_area(key="tags.prompts").set_value("\n".join(prompts))
    return sound(app.button(key="tags.run").click().run())


def first(app: AppTest) -> str:
    """The sentence that the page begins with."""
    return next(str(each.value) for each in app.main.markdown if str(each.value).startswith("#####")).replace("\\", "")


def choose(app: AppTest, name: str, value: str) -> AppTest:
    return sound(app.selectbox(key=f"control.{name}").set_value(value).run())


def labels_in(app: AppTest) -> list[str]:
    return str(app.text_area(key="tags.labels").value).splitlines()


@pytest.mark.parametrize("made_shop", MADE_SHOPS, indirect=True)
def test_every_shop_can_be_tagged_with_labels_of_one_s_own(made_shop: Settings) -> None:
    app = run(opened(), ["lantern", "history of the sea", "shampoo"])
    assert " got one of 3 labels, most of all “" in first(app) or " tagged as the shop says" in first(app)
    assert app.dataframe[-1].value["products"].sum() == Engine.open(made_shop).catalogue.size


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_what_the_shop_says_is_begun_with_and_compared_with(made_shop: Settings) -> None:
    app = opened()
    assert len(labels_in(app)) == 20
    app = run(app)
    assert "Of 200 products " in first(app) or "All 200 products" in first(app)
    assert "tagged as the shop says" in first(app)
    labels = app.dataframe[-1].value
    assert labels["products"].sum() == 200
    assert labels["given"].tolist() == [10] * 20


@pytest.mark.parametrize("made_shop", ["bare"], indirect=True)
def test_a_shop_that_says_nothing_is_tagged_all_the_same(made_shop: Settings) -> None:
    app = opened()
    assert labels_in(app) == []
    assert not [box for box in app.selectbox if box.key in ("control.compare_with", "control.labels_of")]
    assert run(app).warning[0].value.replace("\\", "").startswith("There are no labels. allowed: 2 to 500")
    app = run(app, ["lamp", "boots"])
    assert not app.warning
    assert "All products, the least sure first" in text_of(app)


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_disagreements_come_surest_first_and_can_be_narrowed(made_shop: Settings) -> None:
    app = choose(run(opened(), ["Tent", "Lantern"]), "compare_with", "category")
    table = app.dataframe[0].value
    assert len(table) == 180  # of 20 categories two are right
    assert table["confidence"].is_monotonic_decreasing
    assert "180 are not" in first(app)
    assert "180 products are called something that is none of the labels" in text_of(app)
    app = sound(app.text_input(key="tags.find").set_value("SANDALS fjellvik").run())
    found = app.dataframe[0].value
    assert 0 < len(found) <= 10
    assert found["title"].str.contains("Fjellvik sandals").all()
    app = sound(app.text_input(key="tags.find").set_value("no such thing").run())
    assert "None of them has “no such thing” in it" in text_of(app)


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_tags_can_be_compared_with_nothing(made_shop: Settings) -> None:
    app = choose(run(opened()), "compare_with", "-")
    assert app.query_params["compare_with"] == "-"
    assert "got one of 20 labels" in first(app)
    assert app.dataframe[0].value["confidence"].is_monotonic_increasing


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_labels_that_are_no_values_of_it_are_said(made_shop: Settings) -> None:
    app = choose(run(opened(), ["Tent", "Lantern"]), "compare_with", "department")
    assert "got one of 2 labels" in first(app)
    assert "None of the labels is what the shop says under “department”: nothing can agree." in text_of(app)


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_other_values_to_start_from_become_the_labels(made_shop: Settings) -> None:
    app = run(choose(opened(), "labels_of", "department"))
    assert labels_in(app) == ["Footwear", "Kitchen", "Light", "Shelter"]
    assert app.query_params["labels_of"] == "department"
    assert app.selectbox(key="control.compare_with").value == "department"
    assert "tagged as the shop says" in first(app)


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_pictures_are_looked_at_where_there_are_some(made_shop: Settings) -> None:
    app = run(opened(by="picture", labels_of="colour"))
    assert app.button_group(key="control.by").value == "picture"
    share = int(first(app).partition(" % are")[0].split()[-1])
    assert share >= 80  # of 24 colours: by chance it is 4
    shown = app.dataframe[0].value
    assert shown["picture"].str.startswith("data:image/jpeg;base64,").all()
    app.button_group(key="control.by").set_value("title")
    assert f"{share} % are" not in first(sound(app.run()))


@pytest.mark.parametrize("made_shop", ["bare"], indirect=True)
def test_a_link_that_asks_for_what_the_shop_has_not_is_answered_in_words(made_shop: Settings) -> None:
    words = text_of(opened(by="picture", labels_of="colour", compare_with="kind"))
    assert "This shop has no pictures. Titles are looked at." in words
    assert "The link begins with the values of “colour”, which this shop does not have." in words
    assert "The link compares with “kind”, which this shop does not have." in words


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
@pytest.mark.parametrize(
    ("labels", "prompts", "seen"),
    [
        (["tent"], [], "there is one label only, “tent”"),
        (["tent", "tarp", "Tent"], [], "the label “Tent” is there twice, once as “tent”"),
        (["tent", "tarp"], ["a photo of it"], "the prompt “a photo of it” has no {}"),
        ([f"label {number}" for number in range(MOST_LABELS + 1)], [], "there are 501 labels"),
        (["tent", "x" * 81], [], "has 81 characters"),
        (["[tent](https://evil.example)"], [], "there is one label only, “[tent](https:"),
    ],
)
def test_bad_input_is_one_line_and_what_was_shown_stays(
    labels: list[str], prompts: list[str], seen: str, made_shop: Settings
) -> None:
    app = run(opened(), ["boots", "lamp"])
    before = first(app)
    app = run(app, labels, prompts)
    assert len(app.warning) == 1
    said = str(app.warning[0].value).replace("\\", "").replace("\u2060", "")
    assert seen.lower() in said.lower()
    assert said[0].isupper()
    assert "allowed: " in said
    assert "what to do: " in said
    assert "\n" not in said
    assert first(app) == before


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_what_was_typed_and_found_survives_another_page(made_shop: Settings) -> None:
    app = run(opened(), ["boots", "lamp"], ["a {}"])
    before = first(app)
    sound(app.switch_page("pages/lab/models/page.py").run())
    sound(app.switch_page(PAGE).run())
    assert labels_in(app) == ["boots", "lamp"]
    assert app.text_area(key="tags.prompts").value == "a {}"
    assert first(app) == before


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_typing_alone_changes_nothing_but_says_so(made_shop: Settings) -> None:
    app = run(opened(), ["boots", "lamp"])
    before = first(app)
    app.text_area(key="tags.labels").set_value("boots\nlamp\nstove")
    assert "The labels or prompts were changed" in text_of(sound(app.run()))
    assert first(app) == before
    assert first(run(app)) != before


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_another_shop_begins_with_its_own_labels_and_the_first_keeps_its(made_shop: Settings) -> None:
    app = run(choose(opened(), "labels_of", "department"))
    app = sound(app.selectbox(key="shop.picker").set_value("bare").run())
    assert labels_in(app) == []
    assert "labels_of" not in app.query_params
    assert first(app) == "##### Any list of labels tags the whole shop, without training."
    app = sound(app.selectbox(key="shop.picker").set_value("outdoor").run())
    assert len(labels_in(app)) == 20


class Interrupted:
    """Encodes until some texts are done; then the page is used, which ends a script as Streamlit ends it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, after: int) -> None:
        self.left, self.seen = after, list[str]()
        self._encode = OnnxTextEncoder.encode
        monkeypatch.setattr(OnnxTextEncoder, "encode", lambda of, texts, progress=silent: self(of, texts, progress))
        monkeypatch.setattr(work, "PATIENCE", 0.0)

    def __call__(self, encoder: OnnxTextEncoder, texts: Sequence[str], progress: Progress) -> Floats:
        self.left -= len(texts)
        if self.left < 0:
            raise StopException
        self.seen += texts
        return self._encode(encoder, texts, progress)


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_long_work_says_how_far_it_is_can_be_cancelled_and_goes_on_where_it_was(
    made_shop: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened()
    encoder = Interrupted(monkeypatch, after=200)
    app = run(app)
    assert "The products are being tagged." in first(app)
    assert not app.dataframe
    assert " texts read · about " in next(iter(app.get("progress"))).proto.text
    app = sound(app.button(key="tags.cancel").click().run())
    assert "Any list of labels" in first(app)
    assert not [button for button in app.button if button.key == "tags.cancel"]
    done = list(encoder.seen)
    encoder.left = 10**9
    app = run(app)
    assert "tagged as the shop says" in first(app)
    assert not set(done) & set(encoder.seen[len(done) :])
    assert not [button for button in app.button if button.key == "tags.cancel"]


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_what_is_found_can_be_saved(made_shop: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    saved: dict[str, list[str]] = {}
    monkeypatch.setattr(results, "export", lambda table, name, key: saved.update({name: table.columns.tolist()}))
    run(opened(), ["Tent", "Lantern"])
    assert saved["tags.csv"] == ["item_id", "title", "category", "tag", "confidence"]
    assert saved["labels.csv"][:2] == ["label", "products"]
