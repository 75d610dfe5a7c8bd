"""Generation: sentences drawn from a model, each token among those that the grammar allows.

`python -m logos_model.generate --checkpoint DIR --kind molecule --n 32` prints what they say.

Shape suffixes: B sequences still being drawn, T tokens of a step, V vocabulary, A ids that are
allowed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from logos_model.cache import KeyValueCache, next_logits
from logos_model.checkpoint import CheckpointError, find_checkpoint, read_model
from logos_model.config import BOS, ConfigError
from logos_model.decoder import Decoder
from logos_model.device import DeviceError, chosen_device, threads_for, use_threads
from logos_model.grammar import Grammar, Ids, LogosGrammar
from logos_model.picture import draw_molecules
from logos_model.samples import Sample, tally, write_samples


@torch.inference_mode()
def draw(  # noqa: PLR0913 (each a choice of the user's)
    model: Decoder,
    grammar: Grammar,
    *,
    count: int,
    limit: int,
    prefix: Sequence[int] = (),
    temperature: float = 1.0,
    seed: int = 0,
    rows: int = 64,
) -> list[Sample]:
    """Draw `count` samples.

    Parameters
    ----------
    model
        The model, on any device.
    grammar
        Says what may come next, and reads what ended.
    count
        How many.
    limit
        Tokens of a sample, the prefix counted; at most the model's context. The grammar allows
        nothing after which a sample could not be a whole sentence within it.
    prefix
        Ids that every sample begins with, such as an opening tag; may be empty.
    temperature
        Divides the logits; above 0.
    seed
        What the draws follow from. The same on every device, as far as the logits are.
    rows
        Sequences drawn together.

    Returns
    -------
    list of Sample
        In the order drawn.

    Raises
    ------
    ConfigError
        If the limit does not lie between the prefix and the context, the temperature is not above
        0, the prefix is a whole sentence, or no sentence begins with it within the limit.
    """
    context = model.config.max_position_embeddings
    if not len(prefix) < limit <= context:
        raise ConfigError(f"expected a limit from {len(prefix) + 1} to {context}, got {limit}")
    if temperature <= 0:
        raise ConfigError(f"expected a temperature above 0, got {temperature}")
    try:
        first = grammar.reader(prefix, limit).allowed()
    except ValueError as error:
        raise ConfigError(str(error)) from error
    if not len(first):
        raise ConfigError("expected a prefix that goes on, got a whole sentence")
    if not grammar.usable(model.config.vocab_size)[first].any():
        raise ConfigError(
            f"expected a kind of object within the model's {model.config.vocab_size} rows"
        )
    openings = {id: name for name, id in grammar.kinds().items()}
    generator = torch.Generator().manual_seed(seed)
    was_training = model.training
    model.eval()
    samples: list[Sample] = []
    with threads_for(model):
        for begin in range(0, count, rows):
            drawing = _Drawing(model, grammar, min(rows, count - begin), prefix, limit)
            drawing.run(temperature, generator)
            for ids, ended, removed in drawing.results():
                samples.append(_read(grammar, openings[int(ids[0])], ids, ended, removed))
    model.train(was_training)
    return samples


def opening_of(grammar: Grammar, kind: str | None) -> list[int]:
    """Return the prefix of one kind of object, its opening tag; of any kind, nothing.

    Raises
    ------
    ConfigError
        If the grammar has no such kind.
    """
    if kind is None:
        return []
    kinds = grammar.kinds()
    if kind not in kinds:
        raise ConfigError(f"expected a kind among {', '.join(sorted(kinds))}, got {kind!r}")
    return [kinds[kind]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status, 1 if a sample that ended did not decode."""
    options = _parser().parse_args(arguments)
    try:
        grammar = LogosGrammar(options.profile)
    except ValueError as error:
        raise SystemExit(f"{error}") from None
    try:
        device = chosen_device(options.device)
        use_threads(options.threads)
        path = find_checkpoint(options.checkpoint)
        model = read_model(path, fingerprint=grammar.fingerprint, device=device)
        samples = draw(
            model,
            grammar,
            count=options.n,
            limit=options.limit or model.config.max_position_embeddings,
            prefix=opening_of(grammar, options.kind),
            temperature=options.temperature,
            seed=options.seed,
        )
    except (CheckpointError, ConfigError, DeviceError) as error:
        raise SystemExit(f"{error}") from None
    for sample in samples:
        if sample.text is not None:
            print(sample.text)
    counts = tally(samples)
    print(counts, file=sys.stderr)
    if options.out is not None:
        write_samples(samples, options.out)
        print(draw_molecules(samples, options.out / "molecules.png"), file=sys.stderr)
    return 0 if counts.decoded == counts.ended else 1


class _Drawing:
    """Sequences of equal length drawn side by side; those that end step aside."""

    def __init__(
        self, model: Decoder, grammar: Grammar, count: int, prefix: Sequence[int], limit: int
    ) -> None:
        weight = model.lm_head.weight
        self._model = model
        self._readers = [grammar.reader(prefix, limit) for _ in range(count)]
        self._limit = limit
        self._usable = grammar.usable(model.config.vocab_size)
        self._prefix = prefix
        self._cache = KeyValueCache(
            model.config, rows=count, limit=limit, device=weight.device, dtype=weight.dtype
        )
        self._ids = np.zeros((count, limit), dtype=np.uint16)
        self._ids[:, : len(prefix)] = prefix
        self._lengths = np.full(count, len(prefix))
        self._ended = np.zeros(count, dtype=bool)
        self._removed = np.zeros(count)

    def run(self, temperature: float, generator: torch.Generator) -> None:
        """Draw until every sequence has ended or reached the limit."""
        device = self._model.lm_head.weight.device
        alive = np.arange(len(self._ids))
        at = len(self._prefix)
        step_BT = torch.tensor([[BOS, *self._prefix]] * len(alive), device=device)
        while True:
            allowed = [self._readers[row].allowed() for row in alive]
            allowed = [ids[self._usable[ids]] for ids in allowed]
            # Nothing may follow a sentence but <eos>, so it has ended without being asked for it.
            open_rows = np.flatnonzero([len(ids) > 0 for ids in allowed])
            self._ended[np.delete(alive, open_rows)] = True
            if at == self._limit or not len(open_rows):
                return
            if len(open_rows) < len(alive):
                rows_B = torch.from_numpy(open_rows).to(device)
                alive, step_BT = alive[open_rows], step_BT[rows_B]
                self._cache.keep(rows_B)
            logits_BV = next_logits(self._model, step_BT, self._cache)[:, -1].float().cpu()
            next_B, removed_B = _chosen(
                logits_BV, [allowed[row] for row in open_rows], temperature, generator
            )
            self._ids[alive, at] = next_B.numpy()
            for row, id in zip(alive, next_B.tolist(), strict=True):
                self._readers[row].accept(id)
            self._removed[alive] += removed_B.numpy()
            at += 1
            self._lengths[alive] = at
            step_BT = next_B[:, None].to(device)

    def results(self) -> Iterator[tuple[Ids, bool, float]]:
        """Yield each sequence's ids, whether it ended, and its mean mass removed."""
        for ids, length, ended, removed in zip(
            self._ids, self._lengths, self._ended, self._removed, strict=True
        ):
            drawn = length - len(self._prefix)
            yield ids[:length].copy(), bool(ended), float(removed / drawn)


def _chosen(
    logits_BV: Tensor, allowed: list[Ids], temperature: float, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Draw one of each row's allowed ids; also return the probability that the others had."""
    ids_BA, logits_BA = _among(logits_BV, allowed)
    kept_B = (logits_BA.logsumexp(-1) - logits_BV.logsumexp(-1)).exp()
    chances_BA = (logits_BA / temperature).softmax(-1)
    drawn_B1 = torch.multinomial(chances_BA, 1, generator=generator)
    return ids_BA.gather(1, drawn_B1)[:, 0], (1.0 - kept_B).clamp(min=0.0)


def _among(logits_BV: Tensor, allowed: list[Ids]) -> tuple[Tensor, Tensor]:
    """The allowed ids of each row and their logits; rows are filled up with impossible ones."""
    ids_BA = np.zeros((len(allowed), max(map(len, allowed))), dtype=np.int64)
    filling_BA = np.ones(ids_BA.shape, dtype=bool)
    for row, ids in enumerate(allowed):
        ids_BA[row, : len(ids)] = ids
        filling_BA[row, : len(ids)] = False
    places_BA = torch.from_numpy(ids_BA)
    logits_BA = logits_BV.gather(1, places_BA)
    return places_BA, logits_BA.masked_fill(torch.from_numpy(filling_BA), -torch.inf)


def _read(grammar: Grammar, kind: str, ids: Ids, ended: bool, removed: float) -> Sample:
    text: str | None = None
    error: str | None = None
    if ended:
        try:
            text = grammar.to_text(ids)
        except ValueError as refusal:
            error = str(refusal)
    return Sample(kind=kind, ids=ids, ended=ended, text=text, error=error, mass_removed=removed)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m logos_model.generate",
        description="draw samples from a trained model under the grammar, and print what they say",
    )
    parser.add_argument(
        "--checkpoint", type=Path, required=True, help="a checkpoint, or the folder of a run"
    )
    parser.add_argument("--kind", help="kind of object, such as molecule; any without it")
    parser.add_argument(
        "--profile", help='what samples keep to: "kekule+valence", "aromatic", "copy"'
    )
    parser.add_argument("--n", type=int, default=32, help="samples (%(default)s)")
    parser.add_argument("--limit", type=int, help="tokens of a sample (the model's context)")
    parser.add_argument("--temperature", type=float, default=1.0, help="(%(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="(%(default)s)")
    parser.add_argument("--device", help="cpu or cuda (the GPU if there is one)")
    parser.add_argument("--threads", type=int, help="threads of the processor (what torch takes)")
    parser.add_argument("--out", type=Path, help="folder for samples.txt, .jsonl and the picture")
    return parser


if __name__ == "__main__":
    sys.exit(main())
