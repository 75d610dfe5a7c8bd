"""Which models an engine starts with: an extended one by the processor of its first id, no other.

The engine of an extended model validates requests, and generates, in the model's ids.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.serving.engine import PROCESSOR, engine
from benchmarks.serving.traffic import BOS, EOS, FIRST, NARROW

import logos_grammar as lg
from logos_grammar.serving.vllm import ARGUMENT

WORD, CLOSE = 193, FIRST + 193  # a word of the language model, and what closes a molecule


def starts(folder: Path) -> dict[str, Any]:
    """Start what must not start, then an extended model, and judge its answers.

    Returns
    -------
    found
        What refused to start and with which words, how many outputs were judged, and the faults.
    """
    extended = folder.with_name(f"{folder.name}-extended")
    narrow = folder.with_name(f"{folder.name}-narrow")
    named = f"{PROCESSOR}From{FIRST}"
    faults: list[str] = []
    refused = {}
    for name, model, processor, words in (
        ("extended", extended, PROCESSOR, f"expected the logits processor {named}"),
        ("not extended", folder, named, f"expected the logits processor {PROCESSOR}, got"),
        ("narrow", narrow, PROCESSOR, f"expected a model with {lg.vocabulary.size} ids at least"),
    ):
        try:
            engine(model, processor=processor, skip_tokenizer_init=True)
        except ValueError as error:
            refused[name] = str(error)
        if words not in refused.get(name, ""):
            faults.append(f"{name}: expected {words!r}, got {refused.get(name)!r}")
    llm = engine(extended, processor=named, skip_tokenizer_init=True)
    outputs = 0
    for stop_id, count in ((WORD, 8), (CLOSE, 0)):
        params = import_module("vllm").SamplingParams(
            max_tokens=24,
            n=8,
            stop_token_ids=[stop_id, FIRST + EOS],
            extra_args={ARGUMENT: "molecule"},
            detokenize=False,
        )
        drawn = _drawn(llm, params)
        if len(drawn) != count:
            faults.append(f"stop id {stop_id}: expected {count} outputs, got {len(drawn)}")
        outputs += len(drawn)
        for ids in drawn:
            fault = lg.check([id - FIRST for id in ids if id not in (WORD, FIRST + EOS)])
            if fault is not None:
                faults.append(f"stop id {stop_id}: {fault}")
    return {"rows": NARROW, "refused": refused, "outputs": outputs, "faults": faults}


def _drawn(llm: Any, params: Any) -> list[list[int]]:
    """The outputs of one prompt of text and `<bos>`; none when it is refused."""
    prompt = {"prompt_token_ids": [5, 6, FIRST + BOS]}
    try:
        (result,) = llm.generate([prompt], params, use_tqdm=False)
    except import_module("vllm.exceptions").VLLMValidationError:
        return []
    return [list(output.token_ids) for output in result.outputs]
