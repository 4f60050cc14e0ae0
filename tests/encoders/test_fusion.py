"""One space for words, pictures, attributes and prices, learned from products whose kind and colour are known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recsys.encoders.fusion import Fusion, Modalities
from recsys.encoders.fusion.modalities import described
from recsys.encoders.fusion.space import DIMENSION, WEIGHTS, gelu
from recsys.encoders.fusion.training import Training, figures, information, train
from recsys.errors import ArtifactError, DataError

KINDS, COLOURS, N = 8, 6, 480
QUICK = Training(epochs=12, batch=120)


def products(seed: int) -> Modalities:
    """N products of KINDS x COLOURS: each way of knowing them is another random look at kind, colour and themselves."""
    fixed, chance = np.random.default_rng(1), np.random.default_rng(seed)
    kind, colour = chance.integers(0, KINDS, N), chance.integers(0, COLOURS, N)
    own = chance.normal(size=(N, 12))
    truth = np.concatenate([2 * np.eye(KINDS)[kind], 2 * np.eye(COLOURS)[colour], 0.7 * own], axis=1)

    def looked_at(width: int, noise: float) -> np.ndarray:
        seen = truth @ fixed.normal(size=(truth.shape[1], width)) + noise * chance.normal(size=(N, width))
        return seen.astype(np.float32)

    named = {f"kind {k}": v for k, v in enumerate(fixed.normal(size=(KINDS, 20)).astype(np.float32))}
    named |= {f"colour {c}": v for c, v in enumerate(fixed.normal(size=(COLOURS, 20)).astype(np.float32))}
    said = [[f"kind {k}", f"colour {c}"] for k, c in zip(kind, colour, strict=True)]
    price = (10 + 5 * kind + chance.uniform(0, 1, N)).astype(np.float32)
    labels = np.stack([kind, colour], axis=1).astype(np.int32)
    return Modalities(looked_at(24, 0.3), looked_at(30, 0.3), described(said, named), price, labels)


@pytest.fixture(scope="module")
def learned() -> Fusion:
    return train(products(0), QUICK)


def test_on_products_it_never_saw_words_find_their_picture_and_pictures_their_words(learned: Fusion) -> None:
    found = figures(learned, products(5))
    assert found["products"] == N
    assert found["text_finds_picture@10"] > 0.6  # 0.02 by chance
    assert found["picture_finds_text@10"] > 0.6


def test_the_nearest_pictures_are_of_the_same_kind_and_colour(learned: Fusion) -> None:
    fresh = products(5)
    vectors = learned.encode(fresh.only("picture"))
    cosines = vectors @ vectors.T - 2 * np.eye(N)
    nearest = np.argsort(-cosines, axis=1)[:, :5]
    assert fresh.labels is not None
    same = (fresh.labels[nearest] == fresh.labels[:, None]).mean(axis=(0, 1))
    assert same[0] > 0.8  # an eighth by chance
    assert same[1] > 0.8


@pytest.mark.parametrize("kinds", [("text",), ("attributes",), ("picture", "price"), ("text", "picture", "attributes")])
def test_any_of_it_is_a_unit_vector_near_all_of_it(learned: Fusion, kinds: tuple[str, ...]) -> None:
    fresh = products(5)
    some, everything = learned.encode(fresh.only(*kinds)), learned.encode(fresh)
    assert some.shape == (N, DIMENSION)
    assert np.linalg.norm(some, axis=1) == pytest.approx(1.0, abs=1e-5)
    own = np.einsum("ij,ij->i", some, everything)
    others = (some @ everything.T).mean()
    assert own.mean() > others + 0.3


def test_a_product_that_lacks_something_is_as_if_only_the_rest_were_known(learned: Fusion) -> None:
    fresh = products(5)
    assert fresh.picture is not None
    holes = fresh.picture.copy()
    holes[::2] = np.nan
    found = learned.encode(Modalities(text=fresh.text, picture=holes))
    assert found[1::2] == pytest.approx(learned.encode(fresh.only("text", "picture"))[1::2], abs=1e-6)
    assert found[::2] == pytest.approx(learned.encode(fresh.only("text"))[::2], abs=1e-6)


def test_of_what_nothing_is_known_there_is_no_vector(learned: Fusion) -> None:
    assert not learned.encode(Modalities(text=np.full((3, 24), np.nan, np.float32))).any()
    assert learned.encode(Modalities(text=np.zeros((0, 24), np.float32))).shape == (0, DIMENSION)


def test_vectors_of_another_width_are_refused(learned: Fusion) -> None:
    with pytest.raises(ValueError, match="text vectors of 7 numbers where 24"):
        learned.encode(Modalities(text=np.ones((2, 7), np.float32)))


def test_it_is_the_same_after_it_was_kept(learned: Fusion, tmp_path: Path) -> None:
    learned.save(tmp_path)
    again = Fusion.load(tmp_path)
    assert again.kinds == ("text", "picture", "attributes", "price")
    assert again.card["validation"] == learned.card["validation"]
    fresh = products(5)
    assert (again.encode(fresh) == learned.encode(fresh)).all()


def test_a_damaged_file_is_said_with_the_remedy(learned: Fusion, tmp_path: Path) -> None:
    learned.save(tmp_path)
    whole = (tmp_path / WEIGHTS).read_bytes()
    for damaged in (b"", whole[:200], whole[:-50]):
        (tmp_path / WEIGHTS).write_bytes(damaged)
        with pytest.raises(ArtifactError, match="prepare"):
            Fusion.load(tmp_path)


def test_the_same_seed_learns_the_same() -> None:
    few = products(0).take(np.arange(120))
    quick = Training(epochs=2, batch=60)
    one, two = (train(few, quick) for _ in range(2))
    assert all((one.tensors[name] == two.tensors[name]).all() for name in one.tensors)
    assert (train(few, Training(epochs=2, batch=60, seed=1)).tensors["weights"] != one.tensors["weights"]).any()


def test_without_attributes_and_prices_it_learns_from_the_rest() -> None:
    bare = products(0).only("text", "picture")
    found = figures(train(Modalities(bare.text, bare.picture), QUICK), products(5))
    assert found["text_finds_picture@10"] > 0.5


def test_too_few_products_teach_nothing() -> None:
    with pytest.raises(DataError, match="59 products"):
        train(products(0).take(np.arange(59)), QUICK)
    with pytest.raises(DataError, match="0 products"):
        train(products(0).only("text"), QUICK)


def test_it_says_how_far_it_is() -> None:
    told: list[tuple[int, int]] = []
    train(
        products(0).take(np.arange(120)),
        Training(epochs=2, batch=60),
        lambda done, total, *_: told.append((done, total)),
    )
    assert told == [(1, 2), (2, 2)]  # 108 products learn, a batch of 60 each time


def test_agreeing_on_a_rare_value_says_more() -> None:
    even = np.arange(400, dtype=np.int32) % 4
    labels = np.stack([even, np.zeros(400, np.int32), np.arange(400, dtype=np.int32)], axis=1)
    quarter, nothing, everything = information(labels)
    assert quarter == pytest.approx(np.log(4), abs=1e-5)
    assert nothing == 0
    assert everything == pytest.approx(np.log(400), abs=1e-4)


def test_gelu_is_that_of_the_networks() -> None:
    torch = pytest.importorskip("torch")
    x = np.linspace(-4, 4, 41, dtype=np.float32)
    expected = torch.nn.functional.gelu(torch.from_numpy(x), approximate="tanh").numpy()
    assert gelu(x) == pytest.approx(expected, abs=1e-6)
