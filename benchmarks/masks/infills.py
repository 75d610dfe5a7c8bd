"""Masks of molecules that grow at holes, with and without lengths of fills: `logos` alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from random import Random
from typing import Final

import numpy as np
from benchmarks.masks.engines import WIDTH, Reader
from benchmarks.masks.measures import Found, steps

import logos_grammar as lg
from logos_grammar.infill import Infill

_CUTS: Final = 2
_PROFILES: Final = {"infill": None, "infill, lengths": lg.Profile(fill_length=(0, 1_000))}


def infills(molecules: Sequence[list[int]]) -> Found:
    """Times of masks and of reading a token, along molecules that are cut at random bonds."""
    sentences = [lg.encode(thing).tolist() for thing in _cut(molecules)]
    for title, profile in _PROFILES.items():
        masks, accepts, _ = steps(partial(_reader, profile), sentences)
        yield f"{title}, mask", masks
        yield f"{title}, accept", accepts


def _reader(profile: lg.Profile | None) -> Reader:
    recognizer = lg.Recognizer("infill", profile=profile)
    fill = partial(recognizer.fill, np.zeros((1, WIDTH // 32), np.int32), 0)
    return Reader(matcher=recognizer, fill=fill, accept=recognizer.accept)


def _cut(molecules: Sequence[list[int]]) -> Iterator[Infill]:
    """Each molecule with what two of its bonds join as fills, where it has two to cut."""
    random = Random(0)
    for ids in molecules:
        molecule = lg.decode(np.array(ids, np.uint16))
        bonds = list(zip(molecule.begin.tolist(), molecule.end.tolist(), strict=True))
        cuts: list[tuple[int, int]] = []
        for bond in random.sample(bonds, len(bonds)):
            try:
                thing = Infill.from_molecule(molecule, bonds=[*cuts, bond])
            except lg.ConversionError:  # a bond of a ring, or of what is cut off already
                continue
            cuts.append(bond)
            if len(cuts) == _CUTS:
                yield thing
                break
