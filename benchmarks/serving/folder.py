"""A small random model with the vocabulary, and its tokenizer, as an engine opens them."""

from __future__ import annotations

from pathlib import Path

import torch
from transformers import LlamaConfig, LlamaForCausalLM

import logos_grammar as lg
from logos_grammar.serving.tokenizer import LogosTokenizer

MAX_MODEL_LEN = 256


def write_folder(folder: Path, *, width: int = 64, layers: int = 2) -> Path:
    """Write it, unless it is there; its tokenizer is what `save_pretrained` writes."""
    if (folder / "tokenizer_config.json").exists():
        return folder
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=lg.vocabulary.size,
        hidden_size=width,
        intermediate_size=2 * width,
        num_hidden_layers=layers,
        num_attention_heads=width // 32,
        num_key_value_heads=width // 32,
        max_position_embeddings=MAX_MODEL_LEN,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=0,
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    LogosTokenizer(with_bos=True).save_pretrained(folder)
    return folder
