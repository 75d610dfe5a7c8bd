"""Requests of many sorts, each with what must come of it."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import logos_grammar as lg
from logos_grammar.serving import request
from logos_grammar.serving.vllm import ARGUMENT

BOS, EOS = 1, 2
LIMITS = (16, 32, 64)
MAX_MODEL_LEN = 256
FIRST = 1_000  # words of the extended model
NARROW = 640  # rows of a model, which hold all that molecules need
KINDS = ("molecule", "reaction", "protein", "dna", "antibody", "infill", "edit", "any")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request.

    Attributes
    ----------
    sort
        Its sort, for the counts.
    prompt_ids
        The prompt.
    begun
        What the prompt holds of the sentence.
    params
        The arguments of vLLM's `SamplingParams`.
    wanted
        "a sentence", "nothing", or "anything" without the grammar.
    """

    sort: str
    prompt_ids: list[int]
    begun: list[int]
    params: dict[str, Any]
    wanted: str

    def fault_of(self, output_ids: Sequence[int]) -> str | None:
        """What is wrong with an output; None where nothing is."""
        output = list(output_ids)
        if self.wanted == "nothing":
            return None if output == [EOS] else f"expected nothing, got {output}"
        if len(output) > self.params["max_tokens"]:
            return f"expected {self.params['max_tokens']} tokens at most, got {len(output)}"
        if self.wanted == "anything":
            return None
        if output[-1:] == [EOS]:
            output.pop()
        error = lg.check([*self.begun, *output])
        return None if error is None else str(error)


def traffic(count: int, *, seed: int = 0) -> Iterator[Asked]:
    """Some requests, in a fixed order."""
    rng = random.Random(seed)
    acid = lg.encode(lg.molecule.Molecule.from_smiles("OC(=O)C1CC1")).tolist()
    for number in range(count):
        limit = rng.choice(LIMITS)
        params: dict[str, Any] = {"max_tokens": limit, "temperature": 1.0, "seed": number}
        sort = rng.choice(["plain", "bare", "begun", "valence", "four", "none", "contrary"])
        begun = acid[: rng.randrange(1, len(acid))] if sort == "begun" else []
        prompt, kind, terms = [BOS, *begun], rng.choice(KINDS), None
        if sort in ("bare", "contrary"):
            terms = "molecule"
            prompt = [BOS, 32] if sort == "contrary" else prompt
        elif sort != "none":
            kind = "molecule" if sort in ("begun", "valence") else kind
            terms = request(
                None if kind == "any" else kind,
                prompt_ids=prompt,
                max_new_tokens=limit,
                profile="kekule+valence" if sort == "valence" else None,
            )
        if terms is not None:
            params["extra_args"] = {ARGUMENT: terms}
        if sort == "four":
            params["n"] = 4
        wanted = {"none": "anything", "contrary": "nothing"}.get(sort, "a sentence")
        yield Asked(sort=sort, prompt_ids=prompt, begun=begun, params=params, wanted=wanted)
