"""Conformers that a recognizer lets be drawn are decoded, and written as SDF that says them.

Or they are refused. What RDKit perceives anew (aromaticity, stereo, marks beside double bonds) is
not compared.
"""

from __future__ import annotations

from itertools import chain
from random import Random
from typing import Final

import numpy as np
import pytest

import logos_grammar as lg
from logos_grammar.conformer import Conformer
from logos_grammar.error import ConversionError
from recognizer.states import FAST, random_walk

pytest.importorskip("rdkit.Chem", reason="SDF needs the extra rdkit")

WALKS: Final = 150 if FAST else 30_000
_BEGINS: Final = (
    (),
    "<ConformerS> <MoleculeS> C C O <MoleculeE> grid3 <Pose>",
    "<ConformerS> <MoleculeS> N ( C ) = C <MoleculeE> grid9 <Pose>",
    "<ConformerS> <MoleculeS> [ #491 Ac H6 ] C <MoleculeE> grid0 <Pose>",
)
"""RDKit sanitizes few molecules that are drawn at random."""


def points_of(conformer: Conformer) -> list[tuple[object, ...]]:
    """Every point with its element, isotope and charge, in any order."""
    molecule, found = conformer.molecule, []
    columns = [each.rescaled(9).scaled for each in (conformer.x, conformer.y, conformer.z)]
    places = iter(zip(*(column.tolist() for column in columns), strict=True))
    for _ in range(conformer.poses):
        for row, hydrogens in enumerate(conformer.hydrogens.tolist()):
            atom = (molecule.element[row], molecule.isotope[row], molecule.charge[row])
            found.append((*map(int, atom), *next(places)))
            found += [(1, 0, 0, *next(places)) for _ in range(hydrogens)]
    return sorted(found)


def test_what_is_drawn_is_written_as_it_is_or_refused() -> None:
    written = refused = 0
    for seed in range(WALKS):
        random = Random(seed)
        begin = random.choice(_BEGINS)
        ids = [lg.vocabulary.id(name) for name in begin.split()] if begin else []
        recognizer = lg.Recognizer("conformer", budget=random.choice((64, 128)))
        assert recognizer.accept_many(ids) == len(ids), begin
        for _ in random_walk(recognizer, random, reluctance=(0.0, 0.5, 0.9, 1.0)[seed % 4]):
            pass
        conformer = lg.decode(recognizer.ids)
        assert isinstance(conformer, Conformer)
        assert np.array_equal(lg.encode(conformer), recognizer.ids)
        try:
            text = conformer.to_sdf()
        except ConversionError:
            refused += 1
            continue
        written += 1
        back = Conformer.from_sdf(text, layouts="keep")
        assert sorted(chain.from_iterable(map(points_of, back))) == points_of(conformer)
        assert {each.title for each in back} == {conformer.title}
        assert [each.properties for each in back] == [conformer.properties] * len(back)
    assert written > WALKS // 20
    assert refused > WALKS // 20
