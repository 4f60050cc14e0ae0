"""The reference beside our own: Vowpal Wabbit, a library that learns line by line."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any, Final

import numpy as np

from recsys.learning.learners import Page
from recsys.schema import Floats

OPTIONS: Final = "--quiet --noconstant --bit_precision 8 --loss_function logistic"
SPACE: Final = "x"  # of the features of a product


def is_there() -> bool:
    """Whether the library is installed; nothing but measuring asks for it."""
    return find_spec("vowpalwabbit") is not None


class VowpalWabbit:
    """Online logistic regression for each person, by the library's own steps (Karampatziakis & Langford, UAI 2011).

    It learns from the same products as the bandits, and explores nothing.
    """

    name, label = "vowpal", "Vowpal Wabbit (the reference)"

    def __init__(self, vectors: Floats, popular: Floats, weight: float, rate: float) -> None:
        """`vectors` (n_items, d); `weight` of its margin beside `popular` (n_items,); `rate` of learning."""
        self._vectors, self._popular, self._weight, self._rate = vectors, popular, weight, rate
        self._workspaces: dict[int, Any] = {}

    def scores(self, who: int) -> Floats:
        """popular + weight * x . theta, with the weights that the library has come to."""
        workspace = self._workspaces.get(who)
        if workspace is None:
            return self._popular
        space = workspace.hash_space(SPACE)
        theta = np.array(
            [workspace.get_weight(workspace.hash_feature(str(at), space)) for at in range(self._vectors.shape[1])],
            np.float32,
        )
        return np.asarray(self._popular + self._weight * (self._vectors @ theta), np.float32)

    def learn(self, who: int, page: Page) -> None:
        """A line for each product that was looked at, weighed by how much was done with it."""
        from vowpalwabbit import Workspace

        looked = page.looked
        if not looked:
            return
        if who not in self._workspaces:
            self._workspaces[who] = Workspace(f"{OPTIONS} --learning_rate {self._rate}")
        workspace = self._workspaces[who]
        for item, reward in looked:
            features = " ".join(f"{at}:{value:.6f}" for at, value in enumerate(self._vectors[item].tolist()))
            line = workspace.example(f"{1 if reward > 0 else -1} {abs(reward) or 1.0} |{SPACE} {features}")
            workspace.learn(line)
            workspace.finish_example(line)
