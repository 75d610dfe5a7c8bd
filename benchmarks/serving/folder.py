"""A small random model with the vocabulary, and its tokenizer, as an engine opens them.

`python -m benchmarks.serving.folder FOLDER` writes it, in a process of its own: where the class of
the tokenizer is loaded, an engine takes it, and not the file that servers read. Beside it lie
`FOLDER-extended`, with the vocabulary behind 1,000 words, and `FOLDER-narrow`, with too few rows.
"""

from __future__ import annotations

import sys
from pathlib import Path

import torch
from benchmarks.serving.traffic import FIRST, MAX_MODEL_LEN, NARROW
from transformers import LlamaConfig, LlamaForCausalLM

import logos_grammar as lg
from logos_grammar.serving.sentence import FIRST_ID
from logos_grammar.serving.tokenizer import LogosTokenizer


def write_folder(
    folder: Path, *, first_id: int = 0, rows: int | None = None, width: int = 64, layers: int = 2
) -> None:
    """Write it; its tokenizer is what `save_pretrained` writes. Another one has none."""
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=rows or first_id + lg.vocabulary.size,
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
    if first_id:
        setattr(config, FIRST_ID, first_id)
    LlamaForCausalLM(config).save_pretrained(folder)
    if not first_id and rows is None:
        LogosTokenizer(with_bos=True).save_pretrained(folder)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    write_folder(folder)
    write_folder(folder.with_name(f"{folder.name}-extended"), first_id=FIRST)
    write_folder(folder.with_name(f"{folder.name}-narrow"), rows=NARROW)
