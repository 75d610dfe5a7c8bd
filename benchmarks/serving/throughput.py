"""Tokens per second of an engine with the grammar and without, in turns, and their chart."""

from __future__ import annotations

import time
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any

import matplotlib.pyplot as plt
from benchmarks.serving.engine import engine
from benchmarks.serving.traffic import BOS

from logos_grammar.serving import request
from logos_grammar.serving.vllm import ARGUMENT

BATCHES = (1, 8, 32, 64)
TOKENS = 64


def throughput(folder: Path, *, turns: int = 3) -> list[dict[str, Any]]:
    """Measure each batch size, with and without the grammar in turns; medians of the turns.

    Without the grammar every output has all its tokens; with it a sentence may be shorter, so
    tokens are counted. Seconds are the engine's processor time.
    """
    llm = engine(folder, max_num_seqs=max(BATCHES))
    terms = request("molecule", prompt_ids=[BOS], max_new_tokens=TOKENS)
    make = import_module("vllm").SamplingParams
    free = make(max_tokens=TOKENS, ignore_eos=True)
    bound = make(max_tokens=TOKENS, extra_args={ARGUMENT: terms})
    _measured(llm, free, 1)
    _measured(llm, bound, 1)
    rows = []
    for batch in BATCHES:
        found: dict[str, list[float]] = {"without": [], "with": []}
        for _ in range(turns):
            found["without"].append(_measured(llm, free, batch))
            found["with"].append(_measured(llm, bound, batch))
        rows.append({"batch": batch} | {name: median(values) for name, values in found.items()})
    return rows


def chart(rows: list[dict[str, Any]], file: Path) -> None:
    """Draw tokens per second by batch size."""
    figure, axes = plt.subplots(figsize=(6, 4))
    batches = [str(row["batch"]) for row in rows]
    axes.plot(batches, [row["without"] for row in rows], "o-", label="without the grammar")
    axes.plot(batches, [row["with"] for row in rows], "o-", label="with the grammar")
    axes.set_xlabel("requests at once")
    axes.set_ylabel("tokens per second of processor time")
    axes.set_ylim(bottom=0)
    axes.legend()
    figure.tight_layout()
    figure.savefig(file, dpi=150)


def _measured(llm: Any, params: Any, batch: int) -> float:
    begin = time.process_time()
    results = llm.generate([{"prompt_token_ids": [BOS]}] * batch, params, use_tqdm=False)
    seconds = time.process_time() - begin
    return sum(len(result.outputs[0].token_ids) for result in results) / seconds
