"""Gradients worked out by hand are those of autograd, and the loss is the mean cross entropy over all items."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from scipy import sparse
from torch import Tensor
from torch.nn import functional

from recsys.recommenders.contract import SideInformation
from recsys.recommenders.transformer import softmax as softmax_module
from recsys.recommenders.transformer.batches import Batch, baskets_of, training_batches
from recsys.recommenders.transformer.items import Content, SumOfBags, UnitRows, attribute_table
from recsys.recommenders.transformer.model import InterestNetwork, next_items
from recsys.recommenders.transformer.softmax import CatalogueSoftmax, Targets
from tests.recommenders.recommender_contract import sequence_data, side_information
from tests.recommenders.transformer.made import CPU, NOTHING, everything_known, network, outings


def random(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def close(seen: Tensor | None, expected: Tensor | None) -> None:
    assert seen is not None
    assert expected is not None
    torch.testing.assert_close(seen, expected, rtol=1e-4, atol=1e-6)


def test_rows_of_length_one_and_their_gradient() -> None:
    one, other = (random(7, 5).requires_grad_() for _ in range(2))
    seen, expected = UnitRows.apply(one), functional.normalize(other, dim=1)
    close(seen, expected)
    (seen * random(7, 5, seed=1)).sum().backward()
    (expected * random(7, 5, seed=1)).sum().backward()
    close(one.grad, other.grad)


def test_a_row_of_zeros_stays_finite() -> None:
    rows = torch.zeros(1, 3, requires_grad=True)
    unit = UnitRows.apply(rows)
    unit.sum().backward()
    assert unit.tolist() == [[0, 0, 0]]
    assert rows.grad is not None
    assert torch.isfinite(rows.grad).all()


def test_sums_of_bags_and_their_gradient() -> None:
    dense = np.array([[1, 1, 0], [0, 0, 0], [0, 1, 1], [1, 0, 0]], np.float32)  # item 1 has no attributes
    content = Content(SideInformation(sparse.csr_array(dense)), 4, CPU, torch.float32)
    assert content.attributes is not None
    one, other = (random(3, 5).requires_grad_() for _ in range(2))
    seen, expected = SumOfBags.apply(one, *content.attributes), torch.from_numpy(dense) @ other
    close(seen, expected)
    (seen * random(4, 5, seed=1)).sum().backward()
    (expected * random(4, 5, seed=1)).sum().backward()
    close(one.grad, other.grad)


def test_kinds_of_product_stand_beside_the_attributes() -> None:
    side = SideInformation(sparse.csr_array(np.eye(2, dtype=np.float32)), kinds=np.array([1, 0], np.int32))
    table = attribute_table(side, 2)
    assert table is not None
    assert table.toarray().tolist() == [[1, 0, 0, 1], [0, 1, 1, 0]]
    assert attribute_table(NOTHING, 2) is None


TARGETS = Targets(
    torch.tensor([0, 0, 1, 2, 2, 2]),
    torch.tensor([3, 10, 3, 0, 1, 2]),
    torch.tensor([1 / 2, 1 / 2, 1, 1 / 3, 1 / 3, 1 / 3]),
)


@pytest.mark.parametrize("cells", [1, 3 * 4, 3 * 5, 8_000_000], ids=["one item", "four items", "five items", "all"])
def test_the_softmax_in_tiles_is_cross_entropy_with_its_gradients(cells: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(softmax_module, "CELLS_AT_ONCE", cells)
    interests, vectors = (3 * random(3, 6)).requires_grad_(), random(11, 6, seed=1).requires_grad_()
    probabilities = torch.zeros(3, 11)
    probabilities[TARGETS.positions, TARGETS.items] = TARGETS.shares
    expected = functional.cross_entropy(interests @ vectors.T, probabilities)
    expected.backward()
    found = CatalogueSoftmax(torch.float32)(interests.detach(), vectors.detach(), TARGETS)
    close(found.loss, expected.detach())
    close(found.of_interests, interests.grad)
    close(found.of_vectors, vectors.grad)


def test_the_memory_of_a_large_call_does_not_leak_into_a_small_one() -> None:
    softmax = CatalogueSoftmax(torch.float32)
    softmax(random(3, 6), random(40, 6), TARGETS)
    again, fresh = (each(random(3, 6), random(11, 6), TARGETS) for each in (softmax, CatalogueSoftmax(torch.float32)))
    for one, other in zip(again, fresh, strict=True):
        assert torch.equal(one, other)


def test_in_bfloat16_the_loss_and_its_gradients_are_near() -> None:
    interests, vectors = 3 * random(3, 6), functional.normalize(random(11, 6, seed=1), dim=1)
    exact, low = (CatalogueSoftmax(each)(interests, vectors, TARGETS) for each in (torch.float32, torch.bfloat16))
    assert low.loss.item() == pytest.approx(exact.loss.item(), abs=0.02)
    for one, other in zip(low[1:], exact[1:], strict=True):
        torch.testing.assert_close(one, other, rtol=0.05, atol=0.01)


def test_the_loss_of_knowing_nothing_is_the_log_of_the_number_of_items() -> None:
    found = CatalogueSoftmax(torch.float32)(torch.zeros(3, 6), random(11, 6), TARGETS)
    assert found.loss.item() == pytest.approx(math.log(11))


def by_autograd(made: InterestNetwork, batch: Batch, side: SideInformation) -> Tensor:
    """The mean cross entropy of a batch's positions, written down plainly."""
    table, composed = attribute_table(side, len(made.ids)), made.ids
    if table is not None and made.attributes is not None:
        composed = composed + torch.from_numpy(table.toarray()).float() @ made.attributes
    if side.vectors is not None and made.text is not None:
        composed = composed + torch.from_numpy(side.vectors) @ made.text
    vectors = functional.normalize(composed, dim=1)
    interests = made.interests(batch, vectors[torch.from_numpy(batch.bags.items)]) * made.scale
    positions, items, shares = map(torch.from_numpy, next_items(batch))
    probabilities = torch.zeros(len(interests), len(vectors))
    probabilities[positions, items] = shares
    return functional.cross_entropy(interests @ vectors.T, probabilities)


DATA = {"dated baskets": outings(), "sequences": sequence_data([0, 1, 2, 1, 5], [7, 3, 0, 4, 4])}
SIDES = {"nothing": NOTHING, "attributes and text": side_information(5), "everything": everything_known(5)}


@pytest.mark.parametrize("data", DATA)
@pytest.mark.parametrize("side", SIDES)
def test_the_whole_gradient_is_that_of_autograd(data: str, side: str) -> None:
    made, content = network(SIDES[side], DATA[data], heads=2, layers=2, max_length=4)
    batches = list(training_batches(baskets_of(DATA[data]), 4, 8, np.random.default_rng(0))[1])
    for batch in batches:
        made.zero_grad()
        expected = by_autograd(made, batch, SIDES[side])
        expected.backward()
        gradients = {
            name: parameter.grad.clone() for name, parameter in made.named_parameters() if parameter.grad is not None
        }
        made.zero_grad()
        loss = made.backward(batch, content, CatalogueSoftmax(torch.float32))
        assert loss == pytest.approx(expected.item(), rel=1e-5)
        assert gradients.keys() == dict(made.named_parameters()).keys()
        for name, parameter in made.named_parameters():
            torch.testing.assert_close(parameter.grad, gradients[name], rtol=1e-3, atol=2e-6, msg=name)


def test_gradients_add_up_over_batches() -> None:
    made, content = network(NOTHING, DATA["sequences"])
    (batch, *_) = training_batches(baskets_of(DATA["sequences"]), 4, 8, np.random.default_rng(0))[1]
    made.backward(batch, content, CatalogueSoftmax(torch.float32))
    assert made.ids.grad is not None
    once = made.ids.grad.clone()
    made.backward(batch, content, CatalogueSoftmax(torch.float32))
    torch.testing.assert_close(made.ids.grad, 2 * once)


def test_nothing_is_learned_from_a_batch_without_targets() -> None:
    made, content = network(NOTHING, DATA["sequences"])
    (batch, *_) = training_batches(baskets_of(DATA["sequences"]), 4, 8, np.random.default_rng(0))[1]
    with pytest.raises(ValueError, match="nothing to learn from"):
        made.backward(Batch(batch.shape, batch.bags, batch.gaps, None), content, CatalogueSoftmax(torch.float32))
