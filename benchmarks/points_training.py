"""What places and steps cost a model: `python -m benchmarks.points_training`.

Backbones (N, CA, C, O) of real chains, cut into crops, each centred and turned at random, are
written in three ways: every atom placed; the first atom of a residue placed and the others stepped,
as the grammar writes them; and steps throughout, the first atom of a residue from the C before it.
The same small decoder is trained on each from the same seed, by the same updates on the same crops
in the same turns, with the chains of the same files held out. Losses are in bits of a residue, for
what says where its atoms are, so that the three ways can be compared; they are split by the tokens
that say it. The sentences of the grammar's way are checked: each is decoded and compared.

Shape suffixes: R residues, A atoms of a residue, N tokens of a stream.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import torch
import torch.nn.functional as F
from benchmarks.structures import files
from numpy.typing import NDArray

import logos_grammar as lg
from logos_grammar.structure import Structure
from logos_model.decoder import Decoder
from logos_model.presets import read_config

_BESIDE: Final = Path(__file__).resolve().parents[2] / "shared" / "data"
_WAYS: Final = ("places", "grammar", "steps")
_BACKBONE: Final = ("N", "CA", "C", "O")
_PARENTS: Final = (-1, 0, 1, 2)
"""Of each atom of a residue the one that it steps from; N, where it steps, from the C before."""
_LONGEST_BOND: Final = 2.0
"""Ångströms; a chain is broken where the C of a residue and the next N are further apart."""
_WHOLE, _FRACTION, _CELL = (lg.vocabulary.id(name) for name in ("0.", ".000", "c<<<"))


@dataclass(frozen=True)
class Crop:
    """Residues in a row: ids of their letters [R] and places in ångströms, [R, A, 3]."""

    letter_R: NDArray[np.int64]
    place_RA3: NDArray[np.float64]


@dataclass(frozen=True)
class Sentence:
    """Ids [N], and of each the kind of number that it says: 0 none, whole, cell, digits."""

    ids_N: NDArray[np.int64]
    kind_N: NDArray[np.int64]


def main() -> None:
    """Train and compare."""
    options = _parser().parse_args()
    torch.set_num_threads(options.threads)
    trained, held = _crops(options.data, options.residues)
    held = held[:: max(1, len(held) // options.held_out)][: options.held_out]
    print(f"{len(trained):,} crops of {options.residues} residues trained, {len(held):,} held out")
    print(f"{options.config}, {options.updates:,} updates of {options.batch} crops")
    names = f"{'way':8} {'tokens':>7} {'bits':>13} {'whole':>6} {'cell':>5} {'digits':>6}"
    print(f"{'digits':>6} {'seed':>4} {names} {'seconds':>8}")
    for digits in options.digits:
        _check(held, digits)
        for seed in options.seeds:
            for way in _WAYS:
                _trial(way, trained=trained, held=held, digits=digits, seed=seed, options=options)


def _trial(  # noqa: PLR0913 (what one run is told)
    way: str,
    *,
    trained: Sequence[Crop],
    held: Sequence[Crop],
    digits: int,
    seed: int,
    options: argparse.Namespace,
) -> None:
    """Train on crops written in one way; print the bits of those held out."""
    began = time.process_time()
    model = _model(options)
    model.initialize(seed=seed)
    optimizer = torch.optim.AdamW(model.parameters(), lr=options.rate, betas=(0.9, 0.95))
    warm = max(1, options.updates // 20)
    for update in range(options.updates):
        share = (update - warm) / max(1, options.updates - warm)
        rate = min(1.0, (update + 1) / warm) * (0.55 + 0.45 * math.cos(math.pi * max(0.0, share)))
        for group in optimizer.param_groups:
            group["lr"] = options.rate * rate
        draw = np.random.default_rng((seed, update))
        chosen = draw.integers(len(trained), size=options.batch)
        some = [_written(trained[n], way, digits, draw) for n in chosen.tolist()]
        loss = _losses(model, some).mean()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
    draw = np.random.default_rng(0)
    written = [_written(crop, way, digits, draw) for crop in held]
    bits, kinds = _bits(model, written)
    each = bits.sum(axis=1) / options.residues
    error = each.std(ddof=1) / math.sqrt(len(each))
    of_kind = (bits.sum(axis=0) / np.maximum(1, kinds.sum(axis=0))).tolist()
    tokens = (kinds.sum() / len(held)) / options.residues
    print(f"{digits:>6} {seed:>4} {way:8} {tokens:>7.2f} {each.mean():>7.2f} ± {error:<4.2f}"
          f"{of_kind[0]:>6.2f} {of_kind[1]:>5.2f} {of_kind[2]:>6.2f} "
          f"{time.process_time() - began:>8.0f}", flush=True)  # fmt: skip


def _model(options: argparse.Namespace) -> Decoder:
    config = read_config(options.config).model
    return Decoder(
        replace(config, vocabulary_rows=lg.vocabulary.size, max_position_embeddings=4096)
    )


def _losses(model: Decoder, written: Sequence[Sentence]) -> torch.Tensor:
    """The loss in nats of every token but the first of its sentence, [N - sentences]."""
    counts = torch.tensor([len(one.ids_N) - 1 for one in written])
    ends = counts.cumsum(0)
    begin_N = (ends - counts).repeat_interleave(counts).int()
    logits_NV = model(
        torch.from_numpy(np.concatenate([one.ids_N[:-1] for one in written])),
        begin_N=begin_N,
        end_N=ends.repeat_interleave(counts).int(),
        position_N=torch.arange(len(begin_N), dtype=torch.int32) - begin_N,
    )
    targets_N = torch.from_numpy(np.concatenate([one.ids_N[1:] for one in written]))
    return F.cross_entropy(logits_NV, targets_N, reduction="none")


@torch.inference_mode()
def _bits(
    model: Decoder, written: Sequence[Sentence]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Bits of the numbers of each sentence, and how many tokens they take, by kind [n, 3]."""
    bits, counts = np.zeros((len(written), 3)), np.zeros((len(written), 3), np.int64)
    for begin in range(0, len(written), 8):
        some = written[begin : begin + 8]
        lengths = [len(one.ids_N) - 1 for one in some]
        for row, losses_N in enumerate(torch.split(_losses(model, some), lengths), begin):
            kind_N = written[row].kind_N[1:]
            for kind in (1, 2, 3):
                bits[row, kind - 1] = losses_N.double().numpy()[kind_N == kind].sum() / math.log(2)
                counts[row, kind - 1] = (kind_N == kind).sum()
    return bits, counts


def _written(crop: Crop, way: str, digits: int, draw: np.random.Generator) -> Sentence:
    """Write a crop, turned at random about its centre."""
    place_RA3 = crop.place_RA3 - crop.place_RA3.mean(axis=(0, 1))
    turned_RA3 = np.rint(place_RA3 @ _rotation(draw) * 10**digits).astype(np.int64)
    ids: list[int] = [lg.vocabulary.id(name) for name in _opening(digits)]
    kinds = [0] * len(ids)
    for r, letter in enumerate(crop.letter_R.tolist()):
        ids.append(letter)
        kinds.append(0)
        for a, parent in enumerate(_PARENTS):
            point = turned_RA3[r, a]
            said = None
            if way != "places" and parent >= 0:
                said = point - turned_RA3[r, parent]
            elif way == "steps" and r > 0:
                said = point - turned_RA3[r - 1, _BACKBONE.index("C")]
            _write(ids, kinds, point if said is None else said, is_step=said is not None,
                   digits=digits)  # fmt: skip
    ids.append(lg.vocabulary.id("<StructureE>"))
    kinds.append(0)
    return Sentence(np.array(ids), np.array(kinds))


def _opening(digits: int) -> tuple[str, ...]:
    return ("<StructureS>", "names:pdb", f"grid{digits}", "<Model>", "<ProteinStrand>")


def _write(
    ids: list[int], kinds: list[int], point: NDArray[np.int64], *, is_step: bool, digits: int
) -> None:
    """Write floors and digits as `place` and `step` of spec/common.ebnf do."""
    floors, rest = np.divmod(point, 10**digits)
    if is_step:
        ids.append(_CELL + int((floors + 2) @ (16, 4, 1)))
        kinds.append(2)
    else:
        ids.extend((_WHOLE + floors).tolist())
        kinds.extend([1] * 3)
    shown = [f"{number:0{digits}d}" for number in rest.tolist()]
    three = digits - digits % 3
    groups = [text[at : at + 3] for at in range(0, three, 3) for text in shown]
    groups += ["".join(text[at] for text in shown) for at in range(three, digits)]
    ids.extend(_FRACTION + int(group) for group in groups)
    kinds.extend([3] * len(groups))


def _rotation(draw: np.random.Generator) -> NDArray[np.float64]:
    """A rotation drawn evenly, from a unit quaternion, [3, 3]."""
    drawn = draw.normal(size=4)
    w, x, y, z = drawn / np.linalg.norm(drawn)
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )


def _check(crops: Sequence[Crop], digits: int) -> None:
    """Compare what the grammar decodes with what was written."""
    for crop in crops[:20]:
        sentence = _written(crop, "grammar", digits, np.random.default_rng(0))
        found = lg.decode(sentence.ids_N.astype(np.uint16))
        place_RA3 = crop.place_RA3 - crop.place_RA3.mean(axis=(0, 1))
        turned_RA3 = np.rint(place_RA3 @ _rotation(np.random.default_rng(0)) * 10**digits)
        for axis, column in enumerate((found.atoms.x, found.atoms.y, found.atoms.z)):
            assert column.decimals == digits
            assert np.array_equal(np.asarray(column.scaled), turned_RA3[..., axis].ravel())


def _crops(data: Path, residues: int) -> tuple[list[Crop], list[Crop]]:
    """Crops of the first model of every PDB file; those of each tenth file are held out."""
    trained: list[Crop] = []
    held: list[Crop] = []
    count = 0
    for _, format_, content in files(data):
        if format_ != "pdb":
            continue
        try:
            structure = Structure.from_pdb(content)
        except lg.ConversionError:
            continue
        found = list(_crops_of(structure, residues))
        count += bool(found)
        (held if count % 10 == 0 else trained).extend(found)
    return trained, held


def _crops_of(structure: Structure, residues: int) -> Iterator[Crop]:
    atoms, table = structure.atoms, structure.residues
    first = (np.asarray(structure.strands.model) == 0)[np.asarray(table.strand)]
    name, component = np.asarray(atoms.name), np.asarray(table.component)
    place_3 = np.stack([axis.to_float() for axis in (atoms.x, atoms.y, atoms.z)], axis=1)
    is_first_altloc = np.isin(np.asarray(atoms.altloc), ("", "A"))
    place_RA3 = np.full((len(component), len(_BACKBONE), 3), np.nan)
    for a, wanted in enumerate(_BACKBONE):
        rows = np.flatnonzero((name == wanted) & is_first_altloc)
        place_RA3[np.asarray(atoms.residue)[rows], a] = place_3[rows]
    letters = {three.upper(): lg.vocabulary.id(three) for three in _LETTERS}
    letter_R = np.array([letters.get(str(three), -1) for three in component])
    usable = first & (letter_R >= 0) & ~np.isnan(place_RA3).any(axis=(1, 2))
    steps = place_RA3[1:, 0] - place_RA3[:-1, 2]
    joined = np.concatenate([[False], np.linalg.norm(steps, axis=1) < _LONGEST_BOND])
    run = 0
    for r in range(len(letter_R)):
        run = (run + 1 if joined[r] else 1) if usable[r] else 0
        if run == residues:
            first_row = r + 1 - residues
            yield Crop(letter_R[first_row : r + 1], place_RA3[first_row : r + 1])
            run = 0


_LETTERS: Final = (
    "Ala", "Arg", "Asn", "Asp", "Cys", "Gln", "Glu", "Gly", "His", "Ile",
    "Leu", "Lys", "Met", "Phe", "Pro", "Ser", "Thr", "Trp", "Tyr", "Val",
)  # fmt: skip


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Compare places and steps by training.")
    parser.add_argument("--data", type=Path, default=_BESIDE, help="folder of the sample data")
    parser.add_argument("--config", default="tiny", help="a preset of logos_model")
    parser.add_argument("--residues", type=int, default=16, help="residues of a crop")
    parser.add_argument("--batch", type=int, default=8, help="crops of an update")
    parser.add_argument("--updates", type=int, default=1500)
    parser.add_argument("--rate", type=float, default=2e-3, help="learning rate")
    parser.add_argument("--held-out", type=int, default=200, help="crops held out, at most")
    parser.add_argument("--digits", type=int, nargs="+", default=[1, 3], help="decimals")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--threads", type=int, default=2)
    return parser


if __name__ == "__main__":
    main()
