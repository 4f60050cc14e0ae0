"""The first stage: guess the words that are hidden in a product's text, from those around them.

Devlin et al., "BERT", NAACL 2019: of all tokens that are words 15 % are to be guessed; of these 80 % are hidden behind
the mask, 10 % replaced by another token, 10 % left as they are. The head that guesses ends in the network's own word
embeddings (Press & Wolf, "Using the output embedding to improve language models", EACL 2017). Sentence encoders are
published without one, so it begins anew and learns alone at first: a fresh head would drag what the network knows along
(Kumar et al., "Fine-tuning can distort pretrained features and underperform out-of-distribution", ICLR 2022).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from recsys.encoders.adapting.learning import State, corrected, looked, restore, warm_up
from recsys.encoders.adapting.network import THREADS, Ids, Network
from recsys.encoders.adapting.settings import Adapting
from recsys.errors import ModelError
from recsys.progress import Progress, silent

GUESSED: Final = 0.15
MASKED, REPLACED = 0.8, 0.1  # of what is guessed
HEAD_ALONE: Final = 0.25  # of the steps
HEAD_RATE: Final = 1e-3  # it begins from nothing
MOST: Final = 0.5  # of the minutes
HEAD: Final = "mlm_head."  # before the names of its tensors
UNTOUCHED: Final = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
WATCHED_SEED: Final = 7_919  # what is hidden in the texts that are watched is the same at every look
Rng = np.random.Generator


class Guesser:
    """A network with a head that guesses words. Raises ModelError for a tokenizer without a mask."""

    def __init__(self, network: Network, settings: Adapting) -> None:
        import torch

        torch.manual_seed(settings.seed)
        self.network, self.device = network, network.device
        self._special = _special(network)
        self._mask = network.tokens.token_to_id("[MASK]")
        self._drawn = np.setdiff1d(np.arange(network.tokens.get_vocab_size()), self._special)
        words = network.network.get_input_embeddings().weight  # (vocabulary, d)
        d = words.shape[1]
        turn = torch.nn.Linear(d, d)
        torch.nn.init.normal_(turn.weight, std=0.02)  # as BERT's own begins
        torch.nn.init.zeros_(turn.bias)
        self._head = torch.nn.Sequential(turn, torch.nn.GELU(), torch.nn.LayerNorm(d))
        self._head.to(self.device)
        self._bias = torch.nn.Parameter(torch.zeros(len(words), device=self.device))
        self.own = {f"{HEAD}{name}": each for name, each in self._head.named_parameters()} | {f"{HEAD}bias": self._bias}
        self.moving: dict[str, Any] = self.own | network.moving

    def loss(self, texts: Sequence[str], rng: Rng, *, head_alone: bool = False) -> Any:
        """The mean cross-entropy of the hidden words, nats; `head_alone`: the network below stands still.

        Raises ModelError where no word of the texts is known.
        """
        import torch

        ids, mask = self.network.read(texts)
        shown, guessed = hide(ids, mask, self._special, self._mask, self._drawn, rng)
        with torch.set_grad_enabled(torch.is_grad_enabled() and not head_alone):
            hidden = self.network.hidden(
                torch.from_numpy(shown).to(self.device), torch.from_numpy(mask).to(self.device)
            )  # (b, t, d)
        asked = hidden[torch.from_numpy(guessed).to(self.device)]  # (m, d)
        words = self.network.network.get_input_embeddings().weight  # they are the head's last layer too
        scores = torch.nn.functional.linear(self._head(asked), words.detach() if head_alone else words, self._bias)
        return torch.nn.functional.cross_entropy(scores, torch.from_numpy(ids[guessed]).to(self.device))

    def watched(self, texts: Sequence[str], at_once: int) -> float:
        """The mean loss of texts that nothing is learned from, the same words hidden each time."""
        import torch

        self.network.network.train(False)
        with torch.inference_mode():
            parts = [texts[start : start + at_once] for start in range(0, len(texts), at_once)]
            losses = [
                float(self.loss(part, np.random.default_rng([WATCHED_SEED, at]))) for at, part in enumerate(parts)
            ]
        return float(np.average(losses, weights=[len(part) for part in parts]))

    def state(self) -> dict[str, Any]:
        """All that moves, by name."""
        return self.network.state() | {name: each.detach().clone() for name, each in self.own.items()}

    def restore(self, state: dict[str, Any]) -> None:
        """Put back what `state` gave."""
        import torch

        self.network.restore(state)
        with torch.no_grad():
            for name, each in self.own.items():
                each.copy_(state[name].to(self.device))


def _special(network: Network) -> Ids:
    """The tokens that are no words. Raises ModelError when none of them hides a word."""
    tokens = network.tokens
    added = [number for number, each in tokens.get_added_tokens_decoder().items() if each.special]
    named = [tokens.token_to_id(name) for name in UNTOUCHED]
    if named[-1] is None:
        raise ModelError(
            "the encoder's tokenizer has no [MASK], so that no word can be hidden",
            allowed="a BERT such as minilm",
            remedy="adapt it without the first stage: --mlm 0",
        )
    return np.array(sorted({*added, *(each for each in named if each is not None)}), np.int64)


def hide(ids: Ids, mask: Ids, special: Ids, hidden_by: int, drawn: Ids, rng: Rng) -> tuple[Ids, npt.NDArray[np.bool_]]:
    """(b, t) the tokens with some of them hidden, and which are to be guessed: at least one.

    Neither a special token nor what fills up is ever touched. Raises ModelError where there is nothing else.
    """
    words = (mask == 1) & ~np.isin(ids, special)
    places = np.flatnonzero(words)
    if not len(places):
        raise ModelError(
            "no word of the texts of a step is known to the encoder", remedy="adapt without the first stage: --mlm 0"
        )
    guessed = words & (rng.random(ids.shape) < GUESSED)
    if not guessed.any():
        guessed.flat[places[int(rng.integers(len(places)))]] = True
    how, others = rng.random(ids.shape), rng.choice(drawn, ids.shape)
    shown = np.where(guessed & (how < MASKED), hidden_by, ids)
    shown = np.where(guessed & (how >= MASKED) & (how < MASKED + REPLACED), others, shown)
    return shown.astype(np.int64), guessed


def learn_masked(
    guesser: Guesser,
    texts: Sequence[str],
    watched: Sequence[str],
    settings: Adapting,
    keep: Callable[[State], None],
    resumed: State | None = None,
    progress: Progress = silent,
) -> State:
    """Guess until the steps or half of the minutes are over; the network then has the weights of its best look.

    The figures of a look are the loss, that of the `watched` texts, and seconds. Raises as `learning.learn` does.
    """
    import torch

    torch.set_num_threads(min(THREADS, torch.get_num_threads()))
    state = resumed or State()
    alone = round(HEAD_ALONE * settings.mlm)
    own = {"params": list(guesser.own.values()), "height": HEAD_RATE}
    adam = torch.optim.AdamW([own, *guesser.network.groups(settings.learning_rate)], weight_decay=0.01)
    if resumed:
        guesser.restore(state.weights)
        restore(
            adam, guesser, state, lambda name: state.steps - (0 if name in guesser.own else min(alone, state.steps))
        )
    spent = sum(seconds for _, _, seconds in state.figures)
    while state.steps < settings.mlm and spent < MOST * 60 * settings.minutes:
        started = time.perf_counter()
        losses = []
        for number in range(state.steps, min(state.steps + settings.every, settings.mlm)):
            warm_up(adam, number, settings.mlm)
            losses.append(_step(guesser, adam, texts, settings, number, head_alone=number < alone))
            progress(number + 1, settings.mlm, f"step {number + 1:,} of {settings.mlm:,}")
        found = guesser.watched(watched, settings.pairs_per_step)
        seconds = time.perf_counter() - started
        spent += seconds
        better = not state.best or found < min(before for _, before, _ in state.figures)
        looked(guesser, adam, state, [float(np.mean(losses)), found, seconds], len(losses), better=better)
        keep(state)
    guesser.restore(state.best)
    return state


def _step(
    guesser: Guesser, adam: Any, texts: Sequence[str], settings: Adapting, number: int, *, head_alone: bool
) -> float:
    """One step, which follows from its number; its loss. Raises ModelError when that is no number."""
    import torch

    torch.manual_seed(settings.seed * 1_000_003 + number)
    rng = np.random.default_rng([settings.seed, 1, number])
    rows = rng.choice(len(texts), min(settings.pairs_per_step, len(texts)), replace=False)
    guesser.network.network.train()
    loss = guesser.loss([texts[row] for row in rows.tolist()], rng, head_alone=head_alone)
    regular = 0.0 if head_alone else guesser.network.regular()
    return corrected(adam, loss, list(guesser.moving.values()), number, regular)
