"""A real run at 100m for the time that is left: loss by kind, then samples of each kind."""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Iterator

import torch
from benchmarks.gpu.settings import Record, Settings

from logos_model.checkpoint import read_model
from logos_model.generation.sampling import Sampling
from logos_model.generation.slots import draw
from logos_model.grammar import LogosGrammar
from logos_model.loop import train
from logos_model.parallel import joined
from logos_model.report import METRICS
from logos_model.samples import tally, write_samples

_OVERHEAD = 45.0
"""Seconds of a run that are not steps: start, compilation, validation, checkpoint, samples."""
_SAMPLES = 256


def run(settings: Settings) -> Iterator[tuple[str, Record]]:
    """Train as many steps as fit; draw, decode and count."""
    limit = float(sys.argv[sys.argv.index("--limit") + 1]) if "--limit" in sys.argv else 120.0
    steps = 4
    given: tuple[str, ...] = ()
    if not settings.small:
        speed = settings.read("training").get("100m", {}).get("tokens/s", 300_000)
        steps = max(20, int(0.85 * speed * max(10.0, limit - _OVERHEAD) / 2**16))
        given = (
            "training.batch_rows=16",
            "training.pass_rows=16",
            f"training.validate_every={steps}",
            "training.checkpoint_every=1000000",
            "training.export_dtype=bfloat16",
            f"optimizer.warmup_steps={max(2, steps // 20)}",
        )
    config = settings.config("100m", f"training.steps={steps}", *given)
    out = settings.out / "learning"
    shutil.rmtree(out, ignore_errors=True)
    grammar = LogosGrammar()
    begin = time.perf_counter()
    with joined() as ranks:
        outcome = train(config, out=out, grammar=grammar, ranks=ranks)
    records = [json.loads(line) for line in (out / METRICS).read_text("utf-8").splitlines()]
    taken = [record for record in records if "loss" in record]
    validated = next(record for record in reversed(records) if "validation_loss" in record)
    yield (
        "training",
        {
            "steps": len(taken),
            "tokens": taken[-1]["tokens"],
            "seconds": round(time.perf_counter() - begin, 1),
            "tokens/s": taken[-1]["tokens_per_second"],
            "MFU, real": taken[-1]["mfu"],
            "loss": [round(taken[at]["loss"], 4) for at in (0, len(taken) // 2, -1)],
            "validation": validated,
        },
    )
    device = settings.device
    model = read_model(outcome.checkpoint, fingerprint=grammar.fingerprint, device=device)
    if device.type == "cuda":
        model = model.to(torch.bfloat16)
    for name, opening in _kinds(grammar, outcome.openings):
        for with_grammar in (True, False):
            begin = time.perf_counter()
            samples = draw(
                model,
                grammar,
                count=8 if settings.small else _SAMPLES,
                limit=config.model.max_position_embeddings - 2 if settings.small else 1000,
                prefix=[opening],
                sampling=Sampling(with_grammar=with_grammar),
            )
            key = f"{name}, {'with grammar' if with_grammar else 'without'}"
            folder = settings.out / key.replace(", ", "-").replace(" ", "-")
            folder.mkdir(exist_ok=True)
            write_samples(samples, folder)
            yield (
                key,
                {
                    "counts": str(tally(samples)),
                    "unique": len({sample.text for sample in samples if sample.text is not None}),
                    "seconds": round(time.perf_counter() - begin, 1),
                },
            )


def _kinds(grammar: LogosGrammar, openings: tuple[int, ...]) -> list[tuple[str, int]]:
    names = {id: name for name, id in grammar.kinds().items()}
    return [(names[opening], opening) for opening in openings]
