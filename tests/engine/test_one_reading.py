"""An answer reads and encodes its query once, and carries what was made of it for all that is drawn."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.engine import Engine
from recsys.schema import Request
from tests.counting import ONCE, readings


def test_an_answer_and_all_that_is_drawn_of_it_encode_the_query_once(
    sample_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = readings(monkeypatch)
    answer = sample_engine.answer(Request(query="gluten free pasta"))
    similar = sample_engine.similarities(answer)
    assert similar is not None
    plane = next(info for info in sample_engine.maps() if info.dims == 2)
    sample_engine.place(plane.method, 2, np.stack(list(answer.vectors.values())))
    assert counted == ONCE


def test_the_vectors_of_an_answer_are_those_that_there_are(sample_engine: Engine) -> None:
    household = str(sample_engine.shoppers["shopper_id"].iloc[0])
    assert set(sample_engine.answer(Request()).vectors) == set()
    assert set(sample_engine.answer(Request(query="milk")).vectors) == {"query"}
    both = sample_engine.answer(Request(query="milk", shopper=household))
    assert {name: np.linalg.norm(vector) for name, vector in both.vectors.items()} == pytest.approx(
        {"query": 1.0, "shopper": 1.0}, abs=1e-5
    )


def test_across_languages_there_is_no_vector_among_those_of_the_products(sample_engine: Engine) -> None:
    answer = sample_engine.answer(Request(query="queso rallado fresco para la cena"))
    assert (answer.understood is not None and answer.understood.language) == "Spanish"
    assert ("query" in answer.vectors) == bool(answer.understood and answer.understood.translation)


def test_vectors_are_no_part_of_what_is_written_as_json(sample_engine: Engine) -> None:
    assert not {"query_vector", "interest_vector"} & set(sample_engine.answer(Request(query="milk")).as_json())
