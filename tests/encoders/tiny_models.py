"""Tiny sentence-transformers folders with random weights, for tests of 'any model in a folder'."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

WORDS = (
    "milk",
    "whole",
    "tea",
    "frozen",
    "waffles",
    "pasta",
    "dry",
    "shampoo",
    "laundry",
    "detergent",
    "a",
    "b",
    "1",
    "2",
    "##s",
)
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
SIZES: dict[str, Any] = {"vocab_size": 40, "max_position_embeddings": 66, "pad_token_id": 0}
SHAPE: dict[str, Any] = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 24}


def _network(model_type: str) -> Any:
    import torch
    import transformers as t

    torch.manual_seed(7)
    networks: dict[str, Any] = {
        "bert": lambda: t.BertModel(t.BertConfig(**SIZES, **SHAPE)),
        "roberta": lambda: t.RobertaModel(t.RobertaConfig(**SIZES, **SHAPE)),
        "mpnet": lambda: t.MPNetModel(t.MPNetConfig(**SIZES, **SHAPE)),
        "distilbert": lambda: t.DistilBertModel(
            t.DistilBertConfig(vocab_size=40, max_position_embeddings=66, dim=16, n_layers=2, n_heads=2, hidden_dim=24)
        ),
        "modernbert": lambda: t.ModernBertModel(
            t.ModernBertConfig(**SIZES, **SHAPE, cls_token_id=2, sep_token_id=3, bos_token_id=2, eos_token_id=3)
        ),
    }
    return networks[model_type]().eval()


def save_tiny_model(folder: Path, model_type: str = "bert", pooling: str = "mean", max_tokens: int | None = 12) -> Path:
    """A sentence-transformers folder with a two-layer network of 16 dimensions; returns the folder."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    _network(model_type).save_pretrained(folder)
    vocabulary = {word: i for i, word in enumerate((*SPECIAL, *WORDS, *"cdefghijklmnopqrst"))}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing("[CLS] $A [SEP]", None, [("[CLS]", 2), ("[SEP]", 3)])
    tokenizer.save(str(folder / "tokenizer.json"))
    kinds = {
        "pad_token": "[PAD]",
        "unk_token": "[UNK]",
        "cls_token": "[CLS]",
        "sep_token": "[SEP]",
        "mask_token": "[MASK]",
    }
    _write(
        folder / "tokenizer_config.json",
        {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": 64, **kinds},
    )
    prefix = "sentence_transformers.models"
    _write(
        folder / "modules.json",
        [
            {"idx": 0, "name": "0", "path": "", "type": f"{prefix}.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": f"{prefix}.Pooling"},
        ],
    )
    _write(folder / "sentence_bert_config.json", {"max_seq_length": max_tokens, "do_lower_case": False})
    (folder / "1_Pooling").mkdir()
    _write(folder / "1_Pooling" / "config.json", {"embedding_dimension": 16, "pooling_mode": pooling})
    return folder


def _write(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content), encoding="utf-8")
