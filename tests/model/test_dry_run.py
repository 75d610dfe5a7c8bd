"""A dry run counts what a run takes, without memory for it, and reads its first row."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from logos_model.config import Config, ConfigError
from logos_model.costs import flops, memory, parameters
from logos_model.data_config import SourceConfig
from logos_model.decoder import Decoder
from logos_model.dry_run import describe
from logos_model.grammar import Grammar
from logos_model.presets import preset_names, read_config

from .conftest import Documents, WriteShard


@pytest.mark.parametrize("name", preset_names())
def test_parameters_are_counted_by_kind(name: str) -> None:
    shape = read_config(name).model
    if shape.vocabulary_rows == "auto":
        shape = replace(shape, vocabulary_rows=8192)
    with torch.device("meta"):
        model = Decoder(shape)
    assert sum(parameters(shape).values()) == sum(w.numel() for w in model.parameters())


def test_operations_are_those_of_matrices_and_of_what_is_attended_to(config: Config) -> None:
    each = flops(config.model)
    matrices = sum(
        weight.numel()
        for name, weight in Decoder(config.model).named_parameters()
        if weight.ndim == 2 and "embed" not in name
    )
    # The tied head multiplies, too.
    assert each.matrices == 6 * (matrices + 64 * 32)
    assert each.per_context == 12 * 2 * 32
    assert each.of(10, 55.0) == 10 * each.matrices + 55 * each.per_context


def test_memory_is_shared_by_ranks_and_saved_by_recomputing() -> None:
    config = read_config("1b", ["model.vocabulary_rows=8192"])
    one, eight = memory(config, 1), memory(config, 8)
    assert one["parameters"] == 4 * sum(parameters(config.model).values())
    assert one["optimizer"] == 2 * one["parameters"] == 16 * eight["parameters"]
    assert one["activations"] == eight["activations"]
    held = [
        memory(replace(config, system=replace(config.system, activation_checkpointing=how)), 1)
        for how in ("none", "selective", "full")
    ]
    activations = [each["activations"] for each in held]
    assert activations == sorted(activations, reverse=True)
    assert len(set(activations)) == 3


def test_a_dry_run_reads_the_first_row(
    config: Config, grammar: Grammar, write_shard: WriteShard, documents: Documents
) -> None:
    source = SourceConfig(name="words", paths=(str(write_shard("data/words", documents)),))
    wanted = replace(config, data=replace(config.data, sources=(source,)))
    lines = list(describe(wanted, grammar=grammar, ranks=2))
    total = sum(weight.numel() for weight in Decoder(config.model).parameters())
    assert lines[0].startswith(f"parameters        {total:,} (embedding 2,048")
    assert "192 tokens: 2 ranks, 1 passes of 96 tokens each" in lines[1]
    assert any(line.startswith("memory of a rank") for line in lines)
    assert any("at 30 %" in line and "at 50 %" in line for line in lines)
    first = lines[lines.index("first row:") + 1].strip()
    assert first == first.strip("\n")
    assert set(first) <= set("abcdefgh()")
    with pytest.raises(ConfigError, match="divisible by 3 ranks, got 4"):
        list(describe(wanted, grammar=grammar, ranks=3))
