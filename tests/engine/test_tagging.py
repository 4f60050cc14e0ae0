"""Products get the label that they are: titles and pictures whose right label is known by construction."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from recsys.engine import Engine
from recsys.engine.tagging import (
    AT_ONCE,
    LONGEST_LABEL,
    LONGEST_TEMPLATE,
    MOST_LABELS,
    MOST_TEMPLATES,
    NOT_TAGGED,
    PICTURE,
    TEMPLATES,
    RememberedTexts,
    Sight,
    Tagging,
    TagRequest,
)
from recsys.engine.turns import Turns
from recsys.errors import BadRequestError
from recsys.progress import Progress, Stopped, silent
from recsys.schema import Floats
from tests.encoders.test_zero_shot import encode

LABELS = ("shoe", "shirt", "bag")
TITLES = ("Fine red shoe", "Fine red bag", "Fine red shirt", "Fine red shoe")


class Counting:
    """An encoder of words by their axes, which counts the texts it is given."""

    name, dimension = "counting", 6

    def __init__(self) -> None:
        self.seen: list[str] = []

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> Floats:
        self.seen += texts
        return encode(list(texts))


def tagging(titles: Sequence[str] = TITLES, sight: Sight | None = None) -> tuple[Tagging, Counting]:
    encoder = Counting()
    return Tagging(titles, encoder, Turns(1), sight), encoder


def test_every_title_gets_the_label_that_it_names() -> None:
    tagged = tagging()[0].tag(TagRequest(LABELS, ("{}",)))
    assert [LABELS[place] for place in tagged.best] == ["shoe", "bag", "shirt", "shoe"]
    assert tagged.there.all()
    assert (tagged.confidence > 0.9).all()


def test_each_text_is_encoded_once_for_all_requests() -> None:
    made, encoder = tagging()
    made.tag(TagRequest(LABELS, ("{}",)))
    assert len(encoder.seen) == len(set(encoder.seen)) == 9  # three labels, three titles, three times their last words
    made.tag(TagRequest((*LABELS, "hat"), ("{}",)))
    assert encoder.seen[9:] == ["hat"]


def test_the_same_request_is_answered_from_memory() -> None:
    made, _ = tagging()
    assert made.tag(TagRequest(LABELS)) is made.tag(TagRequest(LABELS))


def test_progress_counts_up_to_all_that_is_to_be_read() -> None:
    told: list[tuple[int, int]] = []
    titles = [f"Fine {number} shoe" for number in range(200)]
    tagging(titles)[0].tag(TagRequest(LABELS, ("{}",)), lambda done, total, note="": told.append((done, total)))
    assert {total for _, total in told} == {3 + 200 + 200}
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1] == (403, 403)


def test_what_was_stopped_goes_on_where_it_was() -> None:
    made, encoder = tagging([f"Fine {number} shoe" for number in range(500)])

    def stop(done: int, total: int, note: str = "") -> None:
        if done >= 2 * AT_ONCE:
            raise Stopped

    with pytest.raises(Stopped):
        made.tag(TagRequest(LABELS, ("{}",)), stop)
    before = len(encoder.seen)
    assert 2 * AT_ONCE <= before < 500
    tagged = made.tag(TagRequest(LABELS, ("{}",)))
    assert (tagged.best == 0).all()
    assert len(encoder.seen) == len(set(encoder.seen)) == 3 + 500 + 500


def test_more_texts_than_there_is_room_for_are_encoded_rightly() -> None:
    encoder = Counting()
    remembered = RememberedTexts(encoder, Turns(1), most=3)
    texts = ["shoe", "shirt", "bag", "red", "photo", "shoe"]
    for _ in range(2):
        assert remembered.encode(texts) == pytest.approx(encode(texts), abs=1e-3)
    assert remembered.missing(texts) == 2


def test_a_picture_gets_the_label_it_points_to_and_a_product_without_one_gets_none() -> None:
    pictures = np.eye(6, dtype=np.float32)[[1, 0, 2, 0]]
    pictures[3] = 0
    made, encoder = tagging(sight=Sight(pictures, lambda vectors: vectors))
    tagged = made.tag(TagRequest(LABELS, ("{}",), PICTURE))
    assert tagged.best.tolist() == [1, 0, 2, NOT_TAGGED]
    assert np.isnan(tagged.confidence[3])
    assert tagged.there.tolist() == [True, True, True, False]
    assert set(encoder.seen) == set(LABELS)  # no title is read


def test_a_shop_without_pictures_says_so() -> None:
    with pytest.raises(BadRequestError, match="no pictures that can be compared"):
        tagging()[0].tag(TagRequest(LABELS, ("{}",), PICTURE))


def test_what_is_typed_is_cleaned() -> None:
    read = TagRequest.read(["  Ankle   boots ", "", "Lamp"], ["{}", "a  {}", "{}"])
    assert read.labels == ("Ankle boots", "Lamp")
    assert read.templates == ("{}", "a {}")


@pytest.mark.parametrize(
    ("labels", "templates", "seen"),
    [
        ([], TEMPLATES, "there are no labels"),
        (["shoe", " "], TEMPLATES, "there is one label only, “shoe”"),
        (["shoe", "bag", "Shoe"], TEMPLATES, "the label “Shoe” is there twice, once as “shoe”"),
        (["shoe", "shoe"], TEMPLATES, "the label “shoe” is there twice. "),
        ([str(number) for number in range(MOST_LABELS + 1)], TEMPLATES, f"there are {MOST_LABELS + 1} labels"),
        (["shoe", "x" * (LONGEST_LABEL + 1)], TEMPLATES, f"has {LONGEST_LABEL + 1} characters"),
        (["shoe", "bag"], [], "there are no prompts"),
        (["shoe", "bag"], ["{}", "a photo"], "the prompt “a photo” has no {}"),
        (["shoe", "bag"], ["{}" + "x" * LONGEST_TEMPLATE], f"has {LONGEST_TEMPLATE + 2} characters"),
        (["shoe", "bag"], [f"{number} {{}}" for number in range(MOST_TEMPLATES + 1)], "there are 21 prompts"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_line(labels: list[str], templates: Sequence[str], seen: str) -> None:
    with pytest.raises(BadRequestError) as caught:
        TagRequest.read(labels, templates)
    line = caught.value.one_line()
    assert seen in line
    assert "allowed: " in line
    assert "what to do: " in line
    assert "\n" not in line


def test_an_unknown_way_of_looking_is_said() -> None:
    with pytest.raises(BadRequestError, match="by 'smell'"):
        TagRequest.read(["shoe", "bag"], by="smell")


def test_the_products_of_every_shop_can_be_tagged(any_engine: Engine) -> None:
    some = [str(title) for title in dict.fromkeys(any_engine.catalogue.titles[:3].tolist())]
    request = TagRequest.read([title[:LONGEST_LABEL] for title in (*some, "a bicycle bell")])
    if any_engine.catalogue.size > 1000:  # the encoder of the sample would take half a minute
        pytest.skip("a shop of many titles: the others show the same")
    for by in any_engine.tags_by:
        tagged = any_engine.tag(TagRequest(request.labels, request.templates, by))
        assert len(tagged.best) == any_engine.catalogue.size
    titles = any_engine.tag(request)
    for row in range(min(3, len(some))):
        assert request.labels[titles.best[row]] == str(any_engine.catalogue.titles[row])[:LONGEST_LABEL]
