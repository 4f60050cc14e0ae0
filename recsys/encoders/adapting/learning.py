"""The learning: in every step each text must find its own among all others of the step (InfoNCE, both ways).

The loss of a pair is -log softmax(scale * cosine) over the step's texts (van den Oord et al., "Representation learning
with contrastive predictive coding", 2018). Two texts of one product are no negatives of each other. A step follows from
the seed and its number alone, so that what is resumed goes on as if nothing had happened.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import numpy as np

from recsys.encoders.adapting.network import THREADS, Network
from recsys.encoders.adapting.pairs import Dealer, Products, Step
from recsys.encoders.adapting.settings import Adapting, lengths
from recsys.errors import ModelError
from recsys.progress import Progress, silent
from recsys.schema import Floats

WARM_UP: Final = 0.1  # of the steps, over which the rate rises to its full height
LONGEST_GRADIENT: Final = 1.0
TOP: Final = 10


class Learner(Protocol):
    """What can be kept and gone on with: the tensors that move, by name, and the device they are on."""

    moving: dict[str, Any]
    device: str

    def state(self) -> dict[str, Any]:
        """Copies of all that is needed to go on."""
        ...


@dataclass(slots=True)
class State:
    """An adaptation after some looks: all that is needed to go on as if nothing had happened."""

    look: int = 0
    steps: int = 0
    weights: dict[str, Any] = field(default_factory=dict)
    first: dict[str, Any] = field(default_factory=dict)  # Adam's running means of gradients
    second: dict[str, Any] = field(default_factory=dict)  # and of their squares
    best: dict[str, Any] = field(default_factory=dict)  # the weights of the best look so far
    best_look: int = 0
    figures: list[list[float]] = field(default_factory=list)  # per look: loss, what is watched, seconds


def learn(
    network: Network,
    products: Products,
    watched: Sequence[tuple[str, str]],
    settings: Adapting,
    keep: Callable[[State], None],
    resumed: State | None = None,
    progress: Progress = silent,
    earlier: float = 0.0,
) -> State:
    """Learn until the steps or the minutes are over; the network then has the weights of its best look.

    `watched` are pairs of products that nothing is learned from; `keep` is told after each look; `earlier` seconds of
    the minutes are gone already. Raises ModelError when the loss is no number, KeyboardInterrupt when told to stop:
    `keep` has the latest look then.
    """
    import torch

    torch.set_num_threads(min(THREADS, torch.get_num_threads()))
    state = resumed or State()
    adam = torch.optim.AdamW(network.groups(settings.learning_rate), weight_decay=0.01)
    if resumed:
        network.restore(state.weights)
        restore(adam, network, state, lambda _: state.steps)
    dealer = Dealer(
        products, settings.pairs_per_step, settings.same_category, settings.misspelt, settings.seed, settings.respelt
    )
    spent = earlier + sum(seconds for _, _, seconds in state.figures)
    while state.steps < settings.steps and spent < 60 * settings.minutes:
        started = time.perf_counter()
        losses = []
        for number in range(state.steps, min(state.steps + settings.every, settings.steps)):
            losses.append(_step(network, adam, dealer.step(number), settings, number))
            done = max((number + 1) / settings.steps, (spent + time.perf_counter() - started) / (60 * settings.minutes))
            progress(round(1000 * min(done, 1.0)), 1000, f"step {number + 1:,} of {settings.steps:,} at most")
        ndcg = pairs_ndcg(network.encode, watched)
        seconds = time.perf_counter() - started
        spent += seconds
        better = not state.best or ndcg > max(before for _, before, _ in state.figures)
        looked(network, adam, state, [float(np.mean(losses)), ndcg, seconds], len(losses), better=better)
        keep(state)
    network.restore(state.best)
    return state


def _step(network: Network, adam: Any, step: Step, settings: Adapting, number: int) -> float:
    """One step; its loss. Raises ModelError when that is no number."""
    import torch

    torch.manual_seed(settings.seed * 1_000_003 + number)  # what is dropped out follows from the step too
    warm_up(adam, number, settings.steps)
    network.network.train()
    left, right = network.vectors(step.left), network.vectors(step.right)
    loss = matryoshka(left, right, step.names, settings.scale, lengths(left.shape[1], settings.matryoshka))
    value = corrected(adam, loss, list(network.moving.values()), number, network.regular())
    network.stepped(number + 1)  # AdaLoRA looks at the gradients of the step
    return value


def corrected(adam: Any, loss: Any, moving: Sequence[Any], number: int, regular: Any = 0.0) -> float:
    """Move what moves along the gradient of a step's loss and of what keeps it regular; the loss as a number.

    Raises ModelError when that is none.
    """
    import torch

    value = float(loss.detach())
    if not math.isfinite(value):
        raise ModelError(f"the loss of step {number + 1} is {value}", remedy="adapt again with a smaller learning rate")
    adam.zero_grad(set_to_none=True)
    (loss + regular).backward()
    torch.nn.utils.clip_grad_norm_(moving, LONGEST_GRADIENT)
    adam.step()
    return value


def contrastive(left: Any, right: Any, names: Sequence[str], scale: float) -> Any:
    """The mean loss of the pairs (b, d) and (b, d), both ways; pairs of one name are no negatives of each other."""
    import torch

    codes = {name: code for code, name in enumerate(dict.fromkeys(names))}
    of = torch.tensor([codes[name] for name in names], device=left.device)
    same = (of[:, None] == of[None]) & ~torch.eye(len(names), dtype=torch.bool, device=left.device)  # (b, b)
    scores = (scale * left @ right.T).masked_fill(same, -math.inf)  # (b, d) @ (d, b) -> (b, b)
    wanted = torch.arange(len(names), device=left.device)
    cross = torch.nn.functional.cross_entropy
    return (cross(scores, wanted) + cross(scores.T, wanted)) / 2


def warm_up(adam: Any, number: int, steps: int) -> None:
    """Set the rates of step `number` of so many: they rise over the first of them."""
    for group in adam.param_groups:
        group["lr"] = group["height"] * min(1.0, (number + 1) / max(1, round(WARM_UP * steps)))


def matryoshka(left: Any, right: Any, names: Sequence[str], scale: float, of: Sequence[int]) -> Any:
    """The mean of the contrastive loss over the first numbers of each vector, as many as each of `of` says.

    Kusupati et al., "Matryoshka representation learning", NeurIPS 2022, all lengths of equal weight.
    """
    import torch

    unit = torch.nn.functional.normalize
    losses = [contrastive(unit(left[:, :k], dim=1), unit(right[:, :k], dim=1), names, scale) for k in of]
    return torch.stack(losses).mean()


def pairs_loss(encode: Callable[[Sequence[str]], Floats], pairs: Sequence[tuple[str, str]], scale: float) -> float:
    """The contrastive loss of pairs that nothing is learned from, all of them one step."""
    import torch

    names = [name for name, _ in pairs]
    left, right = torch.from_numpy(encode(names)), torch.from_numpy(encode([other for _, other in pairs]))
    return float(contrastive(left, right, names, scale))


def pairs_ndcg(encode: Callable[[Sequence[str]], Floats], pairs: Sequence[tuple[str, str]]) -> float:
    """The mean of 1 / log2(rank + 1) at which each name finds its own other text among all, 0 past the tenth."""
    scores = encode([name for name, _ in pairs]) @ encode([other for _, other in pairs]).T
    ranks = (scores >= np.diag(scores)[:, None]).sum(axis=1)
    return float(np.where(ranks <= TOP, 1 / np.log2(ranks + 1), 0.0).mean())


# --- what is kept to go on from -----------------------------------------------------------------------------


def looked(learner: Learner, adam: Any, state: State, figures: list[float], steps: int, *, better: bool) -> None:
    """Note a look after so many more steps; the weights are the best so far where it is `better`."""
    import torch

    state.figures.append(figures)
    state.look, state.steps = state.look + 1, state.steps + steps
    state.weights = learner.state()
    moments = {name: adam.state[each] for name, each in learner.moving.items() if adam.state.get(each)}
    for means, kept in (("exp_avg", "first"), ("exp_avg_sq", "second")):  # zeros of their own: a file shares none
        nothing = {name: torch.zeros_like(each) for name, each in state.weights.items()}
        setattr(state, kept, nothing | {name: each[means].clone() for name, each in moments.items()})
    if better:
        state.best, state.best_look = {name: each.clone() for name, each in state.weights.items()}, state.look


def restore(adam: Any, learner: Learner, state: State, moved: Callable[[str], int]) -> None:
    """Give Adam back what it knew; `moved` says how often each tensor was corrected, 0 for one it does not know yet."""
    import torch

    for name, each in learner.moving.items():
        if moved(name):
            adam.state[each] = {
                "step": torch.tensor(float(moved(name))),
                "exp_avg": state.first[name].to(learner.device).clone(),
                "exp_avg_sq": state.second[name].to(learner.device).clone(),
            }
