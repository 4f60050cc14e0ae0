"""The network that learns: the encoder with what moves in it, by all weights or by matrices of low rank beside them."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from recsys.encoders.adapting.settings import ADALORA, FULL, Adapting
from recsys.encoders.corpus_encoder import instructions
from recsys.encoders.torch_encoder import load_transformer, pooled
from recsys.encoders.weights import ModelFiles, recipe
from recsys.errors import ModelError
from recsys.progress import Progress, silent
from recsys.schema import Floats

# The attention's products: where the paper found low ranks to pay most, and the cheapest place on a processor.
TARGETS: Final = ("query", "value")
ALPHA: Final = 2  # times the rank: what is learned counts double, peft's usual
FULL_RATE: Final = 0.05  # of the learning rate, where all weights move: 2e-5 to 3e-5, the usual of fine-tuning
# The same for AdaLoRA's singular values: they begin at 0 between matrices of length 1, and what they add to a weight
# is no larger than they are. By LoRA's rate 60 steps change nothing; so they come as far as LoRA's matrices do.
SINGULAR_RATE: Final = 20.0
ORTHOGONAL: Final = 0.1  # weight of AdaLoRA's regularisation; gamma in section 3.1 of the paper
AT_ONCE: Final = 64  # texts encoded together while looking
THREADS: Final = 2
STATE: Final = "allocator."  # what AdaLoRA remembers of each matrix, among the tensors of a checkpoint
Ids = npt.NDArray[np.int64]
MEMORIES: Final = ("ipt", "exp_avg_ipt", "exp_avg_unc")


class Network:
    """The encoder on the device there is, its tokenizer, and what moves. Raises ModelError when it cannot be loaded."""

    def __init__(self, model: ModelFiles, way: str, settings: Adapting) -> None:
        import torch

        torch.manual_seed(settings.seed)
        self.way, self._how = way, recipe(model)
        self._tokenizer, network = load_transformer(model)
        self._learned = min(settings.max_tokens, self._how.reading.max_tokens)
        self._tokenizer.enable_truncation(self._learned)
        self._tokenizer.enable_padding(pad_id=int(network.config.pad_token_id or 0))
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.network = (network if way == FULL else _adapters(network, way, settings)).to(self.device)
        self.moving = {
            name: each
            for name, each in self.network.named_parameters()
            if each.requires_grad and "pooler" not in name  # a head of the network that no sentence goes through
        }

    def processor(self) -> str:
        """What it learns on, in words: "2 threads, avx2 avx512f"."""
        known = " ".join(instructions()) or "instructions not known"
        return f"{self.threads} threads, {known}" if self.threads else "a GPU"

    @property
    def threads(self) -> int:
        """How many threads learn; 0 on a GPU."""
        import torch

        return min(torch.get_num_threads(), THREADS) if self.device == "cpu" else 0

    def vectors(self, texts: Sequence[str]) -> Any:
        """(b, d) unit vectors as a tensor that remembers how it came about."""
        import torch

        ids, mask = (torch.from_numpy(each).to(self.device) for each in self.read(texts))  # (b, t) each
        hidden = self.hidden(ids, mask)
        if self._how.pooling == "cls":
            return pooled(hidden, "cls")
        shown = mask.unsqueeze(-1).to(hidden.dtype)  # (b, t, 1)
        return torch.nn.functional.normalize((hidden * shown).sum(1) / shown.sum(1), dim=1)

    def read(self, texts: Sequence[str]) -> tuple[Ids, Ids]:
        """(b, t) the tokens' numbers, and 1 for each that is there, 0 for what only fills up."""
        read = self._tokenizer.encode_batch([self._how.reading.prepare(text) for text in texts])
        return np.array([each.ids for each in read], np.int64), np.array([e.attention_mask for e in read], np.int64)

    def hidden(self, ids: Any, mask: Any) -> Any:
        """(b, t) tokens -> (b, t, d) what the network makes of each."""
        return self.network(input_ids=ids, attention_mask=mask).last_hidden_state

    @property
    def tokens(self) -> Any:
        """The tokenizer, of the tokenizers package."""
        return self._tokenizer

    def encode_whole(self, texts: Sequence[str], progress: Progress = silent) -> Floats:
        """As `encode`, but texts are read as far as the encoder will read them once it serves."""
        self._tokenizer.enable_truncation(self._how.reading.max_tokens)
        try:
            return self.encode(texts, progress)
        finally:
            self._tokenizer.enable_truncation(self._learned)

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> Floats:
        """(n, d) unit vectors, nothing dropped out and nothing remembered."""
        import torch

        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        found = np.empty((len(texts), self._how.dimension), np.float32)
        self.network.train(False)
        with torch.inference_mode():
            for start in range(0, len(order), AT_ONCE):
                places = order[start : start + AT_ONCE]
                found[places] = self.vectors([texts[place] for place in places]).float().cpu().numpy()
                progress(start + len(places), len(texts))
        return found

    def regular(self) -> Any:
        """What AdaLoRA adds to the loss, so that its matrices stay near orthogonal; 0 for the others."""
        import torch

        if self.way != ADALORA:
            return 0.0
        terms = []
        for name, each in self.moving.items():
            if "lora_A" in name or "lora_B" in name:
                product = each @ each.T if "lora_A" in name else each.T @ each
                terms.append(torch.norm(product - torch.eye(len(product), device=each.device), p="fro"))
        return ORTHOGONAL * torch.stack(terms).mean()

    def stepped(self, number: int) -> None:
        """After step `number` (from 1), before its gradients go: AdaLoRA deals its ranks anew."""
        if self.way == ADALORA:
            self.network.base_model.update_and_allocate(number)

    def groups(self, rate: float) -> list[dict[str, Any]]:
        """What moves, for an optimiser, by the height of its rate."""
        values = [each for name, each in self.moving.items() if "lora_E" in name]
        others = [each for name, each in self.moving.items() if "lora_E" not in name]
        found = [{"params": others, "height": rate * (FULL_RATE if self.way == FULL else 1.0)}]
        return [*found, {"params": values, "height": rate * SINGULAR_RATE}] if values else found

    def state(self) -> dict[str, Any]:
        """What moves, by name, and what AdaLoRA remembers of it."""
        found = {name: each.detach().clone() for name, each in self.moving.items()}
        for memory in MEMORIES if self.way == ADALORA else ():
            kept = getattr(self.network.base_model.rankallocator, memory)
            for name, each in self.moving.items():
                found[f"{STATE}{memory}.{name}"] = kept.get(self._own(name), each.detach() * 0).clone()
        return found

    def restore(self, state: dict[str, Any]) -> None:
        """Put back what `state` gave."""
        import torch

        with torch.no_grad():
            for name, each in self.moving.items():
                each.copy_(state[name].to(self.device))
        for memory in MEMORIES if self.way == ADALORA else ():
            setattr(
                self.network.base_model.rankallocator,
                memory,
                {
                    self._own(name): state[f"{STATE}{memory}.{name}"].to(self.device).clone()
                    for name in self.moving
                    if "lora_" in name
                },
            )

    @staticmethod
    def _own(name: str) -> str:
        """The allocator's name of a matrix: it looks at the network within."""
        return name.removeprefix("base_model.model.")

    def merged(self) -> dict[str, Any]:
        """The weights as a plain encoder's, what was learned added in: name -> array in float32."""
        network = self.network if self.way == FULL else self.network.merge_and_unload()
        return {name: each.detach().cpu().float().numpy() for name, each in network.state_dict().items()}


def _adapters(network: Any, way: str, settings: Adapting) -> Any:
    """The network with matrices of low rank; everything else stands still."""
    try:
        from peft import AdaLoraConfig, LoraConfig, get_peft_model
    except ImportError as error:
        raise ModelError(
            "the package peft, which adapts by matrices of low rank, is not installed",
            remedy="run `.venv/bin/python -m pip install peft==0.21.2`, or adapt all weights: `adapt full`",
        ) from error
    common: dict[str, Any] = {"target_modules": list(TARGETS), "lora_alpha": ALPHA * settings.rank, "lora_dropout": 0.0}
    if way == ADALORA:
        config: Any = AdaLoraConfig(
            **common, init_r=settings.rank + settings.rank // 2 + 1, target_r=settings.rank,
            total_step=settings.steps + 1, tinit=settings.steps // 10, tfinal=0, deltaT=max(1, settings.steps // 40),
            orth_reg_weight=ORTHOGONAL,
        )  # fmt: skip
    else:
        config = LoraConfig(**common, r=settings.rank)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # it asks the network by a name of before; nobody here can act
        found = get_peft_model(network, config)
    if way == ADALORA:
        _turned(found)
    return found


def _turned(network: Any) -> None:
    """Begin AdaLoRA's matrices where its regularisation would bring them: rows and columns at right angles, length 1.

    The package begins them near 0, from where a short training never comes away.
    """
    import torch

    for name, each in network.named_parameters():
        if "lora_A" in name or "lora_B" in name:
            torch.nn.init.orthogonal_(each)
