"""What Kekulé forms cost a model beside aromatic ones: `python -m benchmarks.kekule_training`.

The same molecules make two streams: as they were found, and kekulized by RDKit with their atoms in
the same order. A decoder is trained on each, from the same seed, by the same steps, with the same
molecules held out and as many seen in each step: rows are longer by as much as sentences are.
Losses are in nats. Those of whole molecules can be compared, however many tokens they are written
in; the difference is paired, by molecule, and ± is the standard error over the molecules held out.

Then molecules are drawn from each model under the grammar, and RDKit says how many it sanitizes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np
import torch
import torch.nn.functional as F
from benchmarks.texts import BESIDE, columns
from numpy.typing import NDArray
from rdkit import Chem, rdBase

import logos_grammar as lg
from logos_grammar.molecule import Molecule
from logos_grammar.molecule.rdkit import kekulized
from logos_grammar.prep import prepare
from logos_model.checkpoint import read_model
from logos_model.config import BOS, IGNORED, Config
from logos_model.data.corpus import Corpus, open_corpus
from logos_model.data.division import divide
from logos_model.data_config import SourceConfig
from logos_model.decoder import Decoder
from logos_model.device import use_threads
from logos_model.generation.sampling import Sampling
from logos_model.generation.slots import draw
from logos_model.grammar import LogosGrammar, Reader
from logos_model.loop import train
from logos_model.parallel import joined
from logos_model.presets import preset_names, read_config
from logos_model.samples import tally

_KIND: Final = "molecule"
_DRAWN: Final = (("aromatic", None), ("kekule", None), ("kekule", "kekule+valence"))
"""Streams, and the profiles under which molecules are drawn from their models."""
_ROWS: Final = 32


class Profiled(LogosGrammar):
    """The grammar of molecules, kept to a profile."""

    def __init__(self, profile: str | None) -> None:
        super().__init__()
        self._profile = profile

    def reader(self, prefix: Sequence[int], limit: int) -> Reader:
        """Return a recognizer after `prefix` with a budget of `limit` ids."""
        reader = lg.Recognizer(_KIND, profile=self._profile, budget=limit)
        if reader.accept_many(list(prefix)) < len(prefix):
            raise ValueError(f"no molecule of at most {limit} tokens begins so: {reader.error()}")
        return reader


@dataclass(frozen=True, kw_only=True)
class Stream:
    """Molecules written in one way: document i is molecule i in every stream."""

    name: str
    folder: Path
    corpus: Corpus


@dataclass(frozen=True, kw_only=True)
class Trained:
    """What a training came to.

    Attributes
    ----------
    model
        The model.
    seen
        Molecules seen, as often as they were.
    tokens, nats
        Tokens, the end of the sequence included, and loss of each molecule held out, [n] each.
    """

    model: Decoder
    seen: float
    tokens: NDArray[np.int64]
    nats: NDArray[np.float64]


def main() -> None:
    """Make the streams; for each seed train, compare and draw."""
    options = _parser().parse_args()
    use_threads(options.threads)
    differences = []
    with tempfile.TemporaryDirectory() as name, rdBase.BlockLogs():
        folder = Path(name)
        streams = _streams(islice(_texts(options.input), options.molecules), folder)
        for seed in options.seeds:
            trained: dict[str, Trained] = {}
            for stream in streams:
                config = _config(options, seed, stream, streams[0])
                trained[stream.name] = _train(config, stream, folder / f"{stream.name}-{seed}")
            print(f"\nseed {seed}: {options.config}, {_size(trained):,} parameters")
            differences.append(_compare(trained))
            print(f"\n{'drawn from':12}{'profile':18}{'n':>8}{'sanitized':>11}{'distinct':>10}")
            for stream_name, profile in _DRAWN:
                model = trained[stream_name].model
                print(_drawn(model, stream_name, profile, options.samples, seed), flush=True)
    print(f"\nmean over {len(differences)} seeds: {np.mean(differences):+.3f} nats a molecule")


def _texts(path: Path | None) -> Iterator[str]:
    """The SMILES of a list, or of the first column that there is to measure with."""
    if path is None:
        yield from next(columns(BESIDE, sys.maxsize)).texts
        return
    with path.open(encoding="utf-8") as lines:
        yield from (line.split()[0] for line in lines if line.strip())


def _streams(texts: Iterator[str], folder: Path) -> list[Stream]:
    forms: dict[str, list[str]] = {"aromatic": [], "kekule": []}
    refused = 0
    for text in texts:
        try:
            found = Molecule.from_smiles(text)
            kekule = kekulized(found)
        except lg.ConversionError:
            refused += 1
            continue
        forms["aromatic"].append(found.to_smiles())
        forms["kekule"].append(kekule.to_smiles())
    streams = []
    for name, smiles in forms.items():
        source = folder / f"{name}.smi"
        source.write_text("".join(f"{text}\n" for text in smiles), encoding="utf-8")
        prepare(source, kind=_KIND, out=folder / name, header=False)
        corpus = open_corpus([folder / name], fingerprint=lg.vocabulary.fingerprint)
        assert len(corpus) == len(smiles), f"expected {len(smiles)} sentences, got {len(corpus)}"
        streams.append(Stream(name=name, folder=folder / name, corpus=corpus))
    lengths = ", ".join(f"{each.corpus.lengths.mean():.2f} {each.name}" for each in streams)
    print(f"{len(streams[0].corpus):,} molecules, {refused} refused; mean tokens: {lengths}")
    return streams


def _config(options: argparse.Namespace, seed: int, stream: Stream, first: Stream) -> Config:
    """Return the named configuration, its rows as long as takes the molecules of the first."""
    config = read_config(options.config)
    rows, context = options.batch_rows, config.training.context
    trained = len(first.corpus) - options.held_out
    seen = options.passes * trained * first.corpus.lengths.mean()
    steps = max(1, int(seen / (rows * context)))
    longer = stream.corpus.lengths.mean() / first.corpus.lengths.mean()
    training = replace(
        config.training,
        seed=seed,
        steps=steps,
        context=round(context * longer),
        batch_rows=rows,
        validate_every=steps,
        checkpoint_every=steps,
    )
    data = replace(
        config.data,
        sources=(SourceConfig(name=stream.name, paths=(str(stream.folder),)),),
        held_out=(options.held_out + 0.5) / len(first.corpus),
        held_out_limit=options.held_out,
    )
    model = replace(
        config.model,
        vocabulary_rows=lg.vocabulary.size,
        max_position_embeddings=training.context,
    )
    if options.width:
        deep = config.model.intermediate_size * options.width // config.model.hidden_size
        model = replace(
            model,
            hidden_size=options.width,
            intermediate_size=deep,
            head_dim=options.width // config.model.num_attention_heads,
        )
    return replace(config, model=model, training=training, data=data)


def _train(config: Config, stream: Stream, out: Path) -> Trained:
    grammar = LogosGrammar()
    division = divide(
        stream.corpus,
        config.data.sources[0],
        config.data,
        context=config.training.context,
        seed=config.training.seed,
    )
    with redirect_stdout(sys.stderr), joined("cpu") as ranks:
        outcome = train(config, out=out, grammar=grammar, ranks=ranks)
    if not outcome.finished:
        raise SystemExit("interrupted")
    model = read_model(
        outcome.checkpoint, fingerprint=grammar.fingerprint, device=torch.device("cpu")
    )
    mean = division.trained_tokens / len(division.trained)
    return Trained(
        model=model,
        seen=outcome.progress.tokens / mean,
        tokens=stream.corpus.lengths[division.held_out],
        nats=_nats(model.eval(), stream.corpus, division.held_out),
    )


@torch.inference_mode()
def _nats(model: Decoder, corpus: Corpus, documents: NDArray[np.int64]) -> NDArray[np.float64]:
    """The loss of each document, float64 [documents]."""
    nats: list[float] = []
    for begin in range(0, len(documents), _ROWS):
        some = [corpus.document(n) for n in documents[begin : begin + _ROWS].tolist()]
        targets = [torch.from_numpy(ids.astype(np.int64)) for ids in some]
        counts = torch.tensor([len(ids) for ids in targets])
        ends = counts.cumsum(0)
        begin_N = (ends - counts).repeat_interleave(counts).int()
        logits_NV = model(
            torch.cat([F.pad(ids[:-1], (1, 0), value=BOS) for ids in targets]),
            begin_N=begin_N,
            end_N=ends.repeat_interleave(counts).int(),
            position_N=torch.arange(len(begin_N), dtype=torch.int32) - begin_N,
        )
        losses_N = F.cross_entropy(
            logits_NV, torch.cat(targets), ignore_index=IGNORED, reduction="none"
        )
        nats += [part.double().sum().item() for part in torch.split(losses_N, counts.tolist())]
    return np.array(nats)


def _compare(trained: dict[str, Trained]) -> float:
    """Print the losses of both streams; return how much more a Kekulé molecule takes."""
    print(f"{'stream':12}{'seen':>10}{'held out':>10}{'tokens':>8}{'nats a molecule':>24}", end="")
    print(f"{'nats a token':>14}")
    for name, one in trained.items():
        mean, error = _mean(one.nats)
        print(f"{name:12}{one.seen:>10,.0f}{len(one.nats):>10,}{one.tokens.mean():>8.2f}", end="")
        print(f"{mean:>15.3f} ± {error:<6.3f}{one.nats.sum() / one.tokens.sum():>14.4f}")
    before, after = trained["aromatic"].nats, trained["kekule"].nats
    mean, error = _mean(after - before)
    print(f"{'difference':40}{mean:>+15.3f} ± {error:<6.3f}{100 * mean / before.mean():>+12.2f} %")
    return mean


def _size(trained: dict[str, Trained]) -> int:
    return sum(weight.numel() for weight in trained["aromatic"].model.parameters())


def _mean(values: NDArray[np.float64]) -> tuple[float, float]:
    """The mean and its standard error."""
    return float(values.mean()), float(values.std(ddof=1) / len(values) ** 0.5)


def _drawn(model: Decoder, stream: str, profile: str | None, count: int, seed: int) -> str:
    grammar = Profiled(profile)
    samples = draw(
        model,
        grammar,
        count=count,
        limit=model.config.max_position_embeddings,
        prefix=[grammar.kinds()[_KIND]],
        sampling=Sampling(seed=seed),
    )
    texts = [sample.text for sample in samples if sample.text is not None]
    sanitized = sum(Chem.MolFromSmiles(text) is not None for text in texts)
    counts = tally(samples)
    return (
        f"{stream:12}{profile or 'none':18}{count:>8,}{100 * sanitized / count:>9.2f} %"
        f"{counts.distinct:>10,}"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="train on Kekulé forms beside aromatic ones")
    add = parser.add_argument
    add("--input", type=Path, help="a list of SMILES (the first column of real files there is)")
    add("--molecules", type=int, default=100_000, help="(%(default)s)")
    add("--held-out", type=int, default=5_000, help="of these (%(default)s)")
    add("--passes", type=float, default=1.0, help="over the others (%(default)s)")
    add("--config", choices=preset_names(), default="tiny", help="(%(default)s)")
    add("--width", type=int, help="of the model (the configuration's)")
    add("--batch-rows", type=int, default=8, help="rows of a step (%(default)s)")
    add("--seeds", type=int, nargs="+", default=[0, 1], help="(0 1)")
    add("--samples", type=int, default=1_000, help="drawn from each model (%(default)s)")
    add("--threads", type=int, help="threads of the processor (what torch takes)")
    return parser


if __name__ == "__main__":
    main()
