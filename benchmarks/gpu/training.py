"""Steps of training at 100m and 1b: tokens a second, use of the card, memory, largest kernels."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import torch
from benchmarks.gpu.settings import Record, Settings
from torch.profiler import ProfilerActivity, profile

from logos_model.config import Config
from logos_model.costs import flops, parameters, peak_flops
from logos_model.data.steps import Data
from logos_model.grammar import LogosGrammar
from logos_model.optim import Optimizer
from logos_model.parallel import Ranks, joined, sharded
from logos_model.step import take_step

_PRESETS = {
    "100m": ("training.batch_rows=16", "training.pass_rows=16"),
    "1b": ("training.batch_rows=16", "training.pass_rows=4"),
}
_WARM = 4


def run(settings: Settings) -> Iterator[tuple[str, Record]]:
    """Yield a record for each preset."""
    with joined() as ranks:
        for preset, given in _PRESETS.items():
            config = with_rows(settings.config(preset, *(() if settings.small else given)))
            yield preset, _steps(config, ranks, count=8 if settings.small else 20)
            if ranks.device.type == "cuda":
                torch.cuda.empty_cache()


def with_rows(config: Config) -> Config:
    """Return the configuration with all rows of the vocabulary, as a large model has them."""
    return replace(config, model=replace(config.model, vocabulary_rows=LogosGrammar().size))


def data_of(config: Config) -> Data:
    """Return the data of a configuration."""
    return Data(
        config.data,
        grammar=LogosGrammar(),
        context=config.training.context,
        seed=0,
        vocab_size=config.model.vocab_size,
    )


def _steps(config: Config, ranks: Ranks, *, count: int) -> Record:
    begin = time.perf_counter()
    model = sharded(config, ranks)
    optimizer = Optimizer(model, config.optimizer)
    optimizer.set_rate(1e-4)
    training = config.training
    pass_rows = training.rows_of_a_pass(ranks.count)
    steps = data_of(config).steps(
        rows=training.batch_rows, after=None, passes=training.batch_rows // pass_rows
    )
    clip_norm = config.optimizer.clip_norm
    taken = [next(steps) for _ in range(count)]
    late = []
    for number, step in enumerate(taken):
        if number == _WARM:
            _wait(ranks.device)
            ready = time.perf_counter()
        late.append(take_step(model, optimizer, step.passes, ranks=ranks, clip_norm=clip_norm))
    _wait(ranks.device)
    seconds = time.perf_counter() - ready
    numbers = [one.read() for one in late]
    targets = sum(one.targets for one in numbers[_WARM:])
    context = sum(one.context for one in numbers[_WARM:])
    cost, peak = flops(config.model), peak_flops(ranks.device)
    record: Record = {
        "parameters": sum(parameters(config.model).values()),
        "tokens a step": training.batch_rows * training.context,
        "steps timed": count - _WARM,
        "tokens/s": round(targets / seconds),
        "mean context": round(context / targets, 1),
        "seconds to the first timed step": round(ready - begin, 1),
        "losses": [round(numbers[at].loss, 3) for at in (0, _WARM, -1)],
    }
    if peak is not None:
        nominal = cost.of(targets, targets * (training.context + 1) / 2)
        record |= {
            "MFU, real": round(cost.of(targets, context) / seconds / peak, 3),
            "MFU, nominal": round(nominal / seconds / peak, 3),
            "memory, GB": round(torch.cuda.max_memory_allocated() / 1e9, 2),
        }
        torch.cuda.reset_peak_memory_stats()
        with profile(activities=[ProfilerActivity.CUDA]) as seen:
            take_step(model, optimizer, taken[-1].passes, ranks=ranks, clip_norm=clip_norm).read()
        kernels = sorted(seen.key_averages(), key=lambda one: -one.self_device_time_total)
        whole = sum(one.self_device_time_total for one in kernels)
        record["kernels, ms"] = round(whole / 1000, 2)
        record["largest kernels, share"] = {
            one.key[:80]: round(one.self_device_time_total / whole, 4) for one in kernels[:12]
        }
    return record


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize()
