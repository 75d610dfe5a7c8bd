"""One engine of vLLM with requests of many sorts, few blocks of cache and scheduling ahead."""

from __future__ import annotations

import os
from collections import Counter
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from benchmarks.serving.traffic import MAX_MODEL_LEN, traffic

BLOCK = 32  # tokens; what attention on a processor requires
PROCESSOR = "logos_grammar.serving.vllm:GrammarLogitsProcessor"


def engine(folder: Path, *, processor: str = PROCESSOR, **options: Any) -> Any:
    """Start it; with vLLM's second runner where Triton is interpreted."""
    if os.environ.get("TRITON_INTERPRET") == "1":
        # On a processor vLLM takes Triton only with a backend for it; the interpreter needs none.
        active = SimpleNamespace(is_active=lambda: True)
        backends = import_module("triton.backends").backends
        backends["cpu"] = SimpleNamespace(driver=active, compiler=None)
    return import_module("vllm").LLM(
        str(folder),
        dtype="float32",
        enforce_eager=True,
        max_model_len=MAX_MODEL_LEN,
        logits_processors=[processor],
        disable_log_stats=False,
        **options,
    )


def mixed(folder: Path, count: int, *, blocks: int) -> dict[str, Any]:
    """Run requests of many sorts at once, and judge every output.

    Returns
    -------
    counts
        Outputs by sort, faults (none is right), how often a request lost its place in the cache.
    """
    llm = engine(
        folder,
        max_num_seqs=32,
        max_num_batched_tokens=64,
        enable_prefix_caching=True,
        enable_chunked_prefill=True,
        num_gpu_blocks_override=blocks,
        block_size=BLOCK,
        async_scheduling=True,
    )
    requests = list(traffic(count))
    params = [import_module("vllm").SamplingParams(**one.params) for one in requests]
    prompts = [{"prompt_token_ids": one.prompt_ids} for one in requests]
    results = llm.generate(prompts, params, use_tqdm=False)
    sorts: Counter[str] = Counter()
    faults = []
    for one, result in zip(requests, results, strict=True):
        for output in result.outputs:
            sorts[one.sort] += 1
            fault = one.fault_of(output.token_ids)
            if fault is not None:
                faults.append(f"{one.sort}: {fault}")
    metrics = {metric.name: metric for metric in llm.get_metrics()}
    preemptions = metrics["vllm:num_preemptions"].value
    return {"outputs": dict(sorts), "faults": faults, "preemptions": preemptions}
