"""The same steps with transformers' Llama, each of its layers compiled, with Liger if installed.

It reads each row as one causal sequence, which is less work than to keep documents apart.
"""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Iterator

import torch
import torch.nn.functional as F
from benchmarks.gpu.settings import Record, Settings
from benchmarks.gpu.training import data_of, with_rows

from logos_model.config import IGNORED, Config

_WARM = 3


def run(settings: Settings) -> Iterator[tuple[str, Record]]:
    """Yield a record for each preset, then with Liger's kernels."""
    rows = () if settings.small else ("training.batch_rows=4",)
    for preset in ("100m", "1b"):
        config = with_rows(settings.config(preset, *rows))
        yield preset, _steps(config, settings, count=6 if settings.small else 15)
    if importlib.util.find_spec("liger_kernel") is not None:
        from liger_kernel.transformers import (  # type: ignore[import-not-found]  # noqa: PLC0415
            apply_liger_kernel_to_llama,
        )

        apply_liger_kernel_to_llama()
        config = with_rows(settings.config("1b", *rows))
        yield "1b, Liger", _steps(config, settings, count=15)


def _steps(config: Config, settings: Settings, *, count: int) -> Record:
    from transformers import LlamaConfig, LlamaForCausalLM  # noqa: PLC0415 (slow)

    device = settings.device
    fields = config.model.to_hugging_face()
    shape = LlamaConfig(**{**fields, "attn_implementation": "sdpa"})
    with torch.device(device):
        model = LlamaForCausalLM(shape)
    if device.type == "cuda":
        for layer in model.model.layers:
            layer.compile()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, fused=True)
    T = config.training.context
    steps = data_of(config).steps(rows=config.training.batch_rows, after=None)
    targets = 0
    for number in range(count):
        if number == _WARM:
            _wait(device)
            begin, targets = time.perf_counter(), 0
        batch = next(steps).passes[0].to(device)
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type == "cuda"):
            logits_BTV = model(batch.ids_N.view(-1, T), use_cache=False).logits
            loss = F.cross_entropy(
                logits_BTV.flatten(0, 1).float(), batch.targets_N, ignore_index=IGNORED
            )
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        targets += batch.targets
    _wait(device)
    record: Record = {
        "tokens a step": config.training.batch_rows * T,
        "steps timed": count - _WARM,
        "tokens/s": round(targets / (time.perf_counter() - begin)),
    }
    if device.type == "cuda":
        record["memory, GB"] = round(torch.cuda.max_memory_allocated() / 1e9, 2)
        torch.cuda.reset_peak_memory_stats()
    return record


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize()
