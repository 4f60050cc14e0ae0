"""Encoding a whole corpus with torch: batches of equal length, bfloat16 where the processor computes in it.

Used at preparation only. Importing this file is light; torch and transformers are loaded when an encoder is made.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal

import numpy as np

from recsys.encoders.contract import by_length
from recsys.encoders.weights import ModelFiles, Recipe, recipe, verify
from recsys.errors import ModelError
from recsys.progress import Progress, silent
from recsys.schema import Floats

Precision = Literal["auto", "fp32"]
TOKENS_PER_BATCH: Final = 4096  # 1,024 to 8,192 differ by less than a tenth, the most at 4,096
SENTENCE_TRANSFORMERS_BATCH: Final = 256
UNUSED: Final = "pooler."  # transformers' own head over the first token: the vectors do without, many files too


class TorchTextEncoder:
    """A sentence-transformers model as a TextEncoder.

    BERT-like models with mean or cls pooling run in a lean loop of their own; any other model runs in
    sentence-transformers itself. `precision="auto"` computes in bfloat16 where the processor does so natively.
    `loaded` is what `load_transformer` gave for this model, for whoever has it already; its network is converted in
    place. Raises ModelError when the files are not a model's, or have the wrong hash.
    """

    def __init__(self, model: ModelFiles, precision: Precision = "auto", loaded: tuple[Any, Any] | None = None) -> None:
        if loaded is None:
            verify(model)
        self.name = model.name
        self.precision = "bf16" if precision == "auto" and native_bfloat16() else "fp32"
        self._recipe = recipe(model)
        self._run: _Lean | _SentenceTransformers
        if self._recipe.obstacle:
            self._run = _SentenceTransformers(model, self._recipe)
            self.dimension = self._run.dimension
        else:
            self._run = _Lean(loaded or load_transformer(model), self._recipe, self.precision == "bf16")
            self.dimension = self._recipe.dimension

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> Floats:
        """The vectors of the texts: (n, d) float32, each of length 1."""
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        vectors = self._run.encode([self._recipe.reading.prepare(text) for text in texts], progress)
        if not np.isfinite(vectors).all():
            raise ModelError(
                f"the model {self.name} computes numbers that are not finite",
                remedy="the weights are damaged or unfit for this processor; use another encoder",
            )
        return vectors


def native_bfloat16() -> bool:
    """Whether this machine multiplies bfloat16 matrices in hardware."""
    import torch

    if torch.cuda.is_available():
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    # Processors without these instructions emulate bfloat16, several times slower than float32.
    able = torch.cpu.get_capabilities()
    return any(bool(able.get(feature)) for feature in ("avx512_bf16", "amx_bf16", "bf16"))


def load_transformer(model: ModelFiles) -> tuple[Any, Any]:
    """(tokenizer of the tokenizers package, float32 torch module in evaluation mode), from local files only.

    Raises ModelError when transformers cannot read them, or finds no weights for a part that makes the vectors: it
    would fill that with chance and say nothing.
    """
    from transformers import AutoModel, AutoTokenizer
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        tokenizer = AutoTokenizer.from_pretrained(model.folder, local_files_only=True).backend_tokenizer
        network, found = AutoModel.from_pretrained(
            model.folder, local_files_only=True, use_safetensors=True, dtype="float32", output_loading_info=True
        )
    except Exception as error:  # transformers raises whatever the file's defect happens to trip
        raise ModelError(
            f"the model {model.name} cannot be loaded: {' '.join(str(error).split())[:200]}",
            remedy="save or download it again, or unset SHELFLENS_ENCODER to use minilm",
        ) from error
    if missing := sorted(name for name in found["missing_keys"] if not name.startswith(UNUSED)):
        raise ModelError(
            f"the model {model.name} has no weights for {len(missing):,} of its parts, the first of them {missing[0]}",
            remedy="save or download it again, or unset SHELFLENS_ENCODER to use minilm",
        )
    tokenizer.no_padding()
    tokenizer.enable_truncation(recipe(model).reading.max_tokens)
    return tokenizer, network.eval()


def pooled(hidden: Any, pooling: str) -> Any:
    """(b, t, d) -> (b, d): the mean over tokens or the first token, each of length 1."""
    import torch

    vector = hidden[:, 0] if pooling == "cls" else hidden.mean(1)
    return torch.nn.functional.normalize(vector, dim=1)


class _Lean:
    """The loop without padding: tokenize all, batch by equal length, pool, write in place."""

    def __init__(self, loaded: tuple[Any, Any], how: Recipe, bf16: bool) -> None:
        import torch

        self._how = how
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._tokenizer, network = loaded
        # Weights in bfloat16 rather than autocast: a tenth faster, at cosine 0.9999 to float32 (autocast: 0.99998).
        self._network = network.to(self._device, torch.bfloat16 if bf16 else torch.float32)

    def encode(self, texts: list[str], progress: Progress) -> Floats:
        import torch

        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch(texts, add_special_tokens=True)]
        vectors = np.empty((len(texts), self._how.dimension), np.float32)
        done = 0
        with torch.inference_mode():
            for batch in by_length(tokens, TOKENS_PER_BATCH):
                ids = torch.tensor([tokens[i] for i in batch], device=self._device)  # (b, t)
                hidden = self._network(input_ids=ids).last_hidden_state  # (b, t) -> (b, t, d)
                vectors[batch] = pooled(hidden.float(), self._how.pooling).cpu().numpy()
                done += len(batch)
                progress(done, len(texts))
        return vectors


class _SentenceTransformers:
    """Any other model: sentence-transformers knows how to run it."""

    def __init__(self, model: ModelFiles, how: Recipe) -> None:
        from sentence_transformers import SentenceTransformer

        try:
            self._model = SentenceTransformer(
                str(model.folder), local_files_only=True, model_kwargs={"use_safetensors": True}
            )
        except Exception as error:  # as in load_transformer
            raise ModelError(
                f"the model {model.name} cannot be loaded: {' '.join(str(error).split())[:200]}",
                remedy="save or download it again, or unset SHELFLENS_ENCODER to use minilm",
            ) from error
        self.dimension = int(self._model.get_embedding_dimension() or how.dimension)

    def encode(self, texts: list[str], progress: Progress) -> Floats:
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for start in range(0, len(order), SENTENCE_TRANSFORMERS_BATCH):
            batch = order[start : start + SENTENCE_TRANSFORMERS_BATCH]
            # The prefix is already on the text; "" keeps sentence-transformers from putting it there again.
            vectors[batch] = self._model.encode(
                [texts[i] for i in batch], prompt="", normalize_embeddings=True, show_progress_bar=False
            )
            progress(start + len(batch), len(texts))
        return vectors
