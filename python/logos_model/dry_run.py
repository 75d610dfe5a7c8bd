"""A dry run: what a run would take and what it would read first, without memory for the model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray

from logos_model.attention import takes_varlen
from logos_model.config import Config
from logos_model.costs import flops, memory, parameters, peak_flops
from logos_model.data.steps import Data
from logos_model.decoder import Decoder
from logos_model.grammar import Grammar
from logos_model.metrics import duration
from logos_model.validation import documents_of

_ASSUMED_PEAK = 989e12
"""Operations a second that are taken for granted where there is no GPU: those of an H100."""
_SHOWN = 8
_WIDTH = 96


def describe(config: Config, *, grammar: Grammar, ranks: int) -> Iterator[str]:
    """Yield lines about the run of a configuration on `ranks` GPUs.

    Raises
    ------
    ShardError, ConfigError
        If the data or the division among the ranks does not fit.
    """
    training = config.training
    data = None
    if config.data.sources:
        data = Data(
            config.data,
            grammar=grammar,
            context=training.context,
            seed=training.seed,
            first_id=config.model.first_id,
            verify=False,
        )
    if config.model.vocabulary_rows == "auto":
        first_id = config.model.first_id
        highest = first_id + grammar.size - 1 if data is None else data.highest_id()
        rows = first_id + grammar.rows_for(highest - first_id)
        config = replace(config, model=replace(config.model, vocabulary_rows=rows))
    with torch.device("meta"):
        total = sum(weight.numel() for weight in Decoder(config.model).parameters())
    kinds = ", ".join(f"{name} {count:,}" for name, count in parameters(config.model).items())
    yield f"parameters        {total:,} ({kinds}); {config.model.vocab_size:,} rows"
    rows_of_a_pass = training.rows_of_a_pass(ranks)
    passes = training.batch_rows // (ranks * rows_of_a_pass)
    tokens = training.batch_rows * training.context
    yield (
        f"a step            {tokens:,} tokens: {ranks} ranks, {passes} passes of "
        f"{rows_of_a_pass * training.context:,} tokens each; {training.steps:,} steps, "
        f"{tokens * training.steps:,} tokens"
    )
    held = memory(config, ranks)
    parts = ", ".join(f"{name} {size / 1e9:.2f}" for name, size in held.items())
    yield f"memory of a rank  {sum(held.values()) / 1e9:.2f} GB, an estimate: {parts}"
    context = None
    first = None
    if data is not None:
        first = next(data.steps(rows=training.batch_rows, passes=training.batch_rows))
        targets = sum(one.targets for one in first.passes)
        context = sum(one.context for one in first.passes) / max(1, targets)
    yield from _operations(config, context, ranks)
    if data is not None and first is not None:
        # As it will be on GPUs; what cannot run there is refused here.
        gpu = torch.device("cuda")
        yield takes_varlen(config, context=data.context_of_a_token(), device=gpu)[1]
        yield str(data)
        yield "first row:"
        one = first.passes[0]
        documents = documents_of(one)
        for begin, end, _ in documents[:_SHOWN]:
            ids = one.targets_N[begin : end - 1].numpy() - config.model.first_id
            yield f"  {_read(grammar, ids)}"
        if len(documents) > _SHOWN:
            yield f"  and {len(documents) - _SHOWN} more"


def _operations(config: Config, context: float | None, ranks: int) -> Iterator[str]:
    """Yield operations of a token, and how long the run takes at several shares of the peak."""
    training = config.training
    each = flops(config.model)
    nominal = each.of(1, training.context)
    real = nominal if context is None else each.of(1, context)
    seen = "no data" if context is None else f"{context:,.0f} tokens attended to, in the first step"
    yield (
        f"FLOPs a token     {nominal / 1e9:.3f} G nominal ({training.context:,} tokens attended "
        f"to), {real / 1e9:.3f} G real ({seen})"
    )
    device = torch.device("cuda") if torch.cuda.is_available() else torch.device("cpu")
    peak = peak_flops(device)
    name = torch.cuda.get_device_name(device) if peak is not None else "H100, which is assumed"
    total = real * training.batch_rows * training.context * training.steps
    times = ", ".join(
        f"{duration(total / ((peak or _ASSUMED_PEAK) * ranks * share))} at {100 * share:.0f} %"
        for share in (0.3, 0.4, 0.5)
    )
    yield f"time of the run   {times} of real MFU on {ranks} x {name}"


def _read(grammar: Grammar, ids: NDArray[np.int64]) -> str:

    if ids.size and ids.min() < 0:
        return f"{ids.size} tokens of text"
    try:
        text = grammar.to_text(ids.astype(np.uint16))
    except ValueError as error:
        return f"{ids.size} tokens: {error}"
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"
