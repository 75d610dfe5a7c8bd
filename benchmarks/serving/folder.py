"""A small random model with the vocabulary, and its tokenizer, as an engine opens them.

`python -m benchmarks.serving.folder FOLDER` writes it, in a process of its own: where the class of
the tokenizer is loaded, an engine takes it, and not the file that servers read.
"""

from __future__ import annotations

import sys
from pathlib import Path

import torch
from benchmarks.serving.traffic import MAX_MODEL_LEN
from transformers import LlamaConfig, LlamaForCausalLM

import logos_grammar as lg
from logos_grammar.serving.tokenizer import LogosTokenizer


def write_folder(folder: Path, *, width: int = 64, layers: int = 2) -> None:
    """Write it; its tokenizer is what `save_pretrained` writes."""
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


if __name__ == "__main__":
    write_folder(Path(sys.argv[1]))
