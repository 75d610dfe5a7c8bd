"""How fast a model is sampled, and how much of the time is spent outside of its forward pass.

`python -m benchmarks.generate --checkpoint RUN` prints tokens per second of processor time, the
share outside of the forward pass, and the share of row-steps that gave a token of a sample. One
thread, so that processor time is what one core needs.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

import logos_grammar as lg
from logos_model.checkpoint import find_checkpoint, read_model
from logos_model.generation import slots
from logos_model.generation.forward import Forward
from logos_model.generation.sampling import Sampling
from logos_model.grammar import LogosGrammar


class _Timed(Forward):
    """A forward pass that adds up its processor time and its row-steps."""

    seconds = 0.0
    row_steps = 0

    def step(self, position_B: NDArray[np.int64]) -> None:
        begin = time.process_time()
        super().step(position_B)
        _Timed.seconds += time.process_time() - begin
        _Timed.row_steps += len(self.ids_B)


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--kind", default="molecule")
    parser.add_argument("--profile")
    parser.add_argument("--slots", type=int, nargs="+", default=[64, 512])
    parser.add_argument("--n", type=int, default=2048)
    options = parser.parse_args()
    torch.set_num_threads(1)
    grammar = LogosGrammar(options.profile)
    path = find_checkpoint(options.checkpoint)
    model = read_model(path, fingerprint=grammar.fingerprint, device=torch.device("cpu"))
    # Measured where it is used.
    vars(slots)["Forward"] = _Timed
    for count in options.slots:
        for sampling in (Sampling(), Sampling(top_p=0.95)):
            _Timed.seconds, _Timed.row_steps = 0.0, 0
            begin = time.process_time()
            samples = slots.draw(
                model,
                grammar,
                count=options.n,
                limit=model.config.max_position_embeddings,
                prefix=lg.prompt(options.kind).ids,
                slots=count,
                sampling=sampling,
            )
            seconds = time.process_time() - begin
            tokens = sum(len(sample.ids) - 1 for sample in samples)
            decoded = sum(sample.text is not None for sample in samples)
            print(
                f"{count} slots, top_p {sampling.top_p}: {tokens / seconds:,.0f} tokens/s a core, "
                f"{100 * (1 - _Timed.seconds / seconds):.1f} % outside of the forward pass, "
                f"{100 * tokens / _Timed.row_steps:.1f} % of row-steps gave a token, "
                f"{decoded} of {len(samples)} decode"
            )


if __name__ == "__main__":
    main()
