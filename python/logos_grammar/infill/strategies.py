"""Hypothesis strategies for infills: sequences and molecules with holes, and what fills them."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from hypothesis import strategies as st

from logos_grammar.antibody import Antibody
from logos_grammar.antibody.strategies import ADVANCE, LIGHT, chain, regions
from logos_grammar.antibody.tables import Locus
from logos_grammar.infill import Infill
from logos_grammar.molecule import BondOrder, Molecule
from logos_grammar.molecule.strategies import molecules as drawn_molecules
from logos_grammar.nucleic_acid import NucleicAcid
from logos_grammar.nucleic_acid.strategies import KINDS, Kind, nucleotide_spellings
from logos_grammar.protein import Protein
from logos_grammar.protein.strategies import residue_spellings
from logos_grammar.testing.programs import programs
from logos_grammar.testing.sequence_programs import Piece, pieces

_Grown: TypeAlias = tuple[BondOrder, Molecule]
_ATTACHMENTS = tuple(order for order in BondOrder if order != BondOrder.AROMATIC)
_HOLE = "_"
_END = ";"


def infills(
    *,
    proteins: bool = True,
    nucleic_acids: bool = True,
    antibodies: bool = True,
    molecules: bool = True,
) -> st.SearchStrategy[Infill]:
    """Draw infills: by default every infill that has a sentence.

    A hole is drawn together with what fills it, so both vanish together.

    Parameters
    ----------
    proteins, nucleic_acids, antibodies, molecules
        Whether the template may be one of these; at least one.

    Returns
    -------
    SearchStrategy[Infill]
        Shrinks to a protein that is one hole, filled with nothing.

    Raises
    ------
    ValueError
        When no template is left to draw from.
    """
    kinds = [
        *([_of_proteins()] if proteins else []),
        *([_of_strands()] if nucleic_acids else []),
        *([_of_antibodies()] if antibodies else []),
        *([_of_molecules()] if molecules else []),
    ]
    if not kinds:
        raise ValueError("expected at least one kind of template, found none")
    return st.one_of(*kinds)


def _of_proteins() -> st.SearchStrategy[Infill]:
    table = residue_spellings(_END + _HOLE)

    def spell(program: bytes) -> Infill:
        template, fills = _at_least_one(_holed(program, table))
        return Infill(Protein("".join(template)), fills)

    return programs().map(spell)


def _of_strands() -> st.SearchStrategy[Infill]:
    tables = {kind: nucleotide_spellings(kind, _END + _HOLE) for kind in KINDS}

    def spell(kind: Kind, program: bytes) -> Infill:
        template, fills = _at_least_one(_holed(program, tables[kind]))
        return Infill(NucleicAcid(kind, "".join(template)), fills)

    return st.builds(spell, st.sampled_from(KINDS), programs())


def _of_antibodies() -> st.SearchStrategy[Infill]:
    table = residue_spellings(ADVANCE + _END + _HOLE)

    def heavy(program: bytes) -> Infill:
        template, fills = _at_least_one(_holed(program, table))
        return Infill(Antibody(chain("heavy", regions(template)), None), fills)

    def light(locus: Locus, program: bytes) -> Infill:
        template, fills = _at_least_one(_holed(program, table))
        return Infill(Antibody(None, chain(locus, regions(template))), fills)

    def both(first: bytes, locus: Locus, second: bytes) -> Infill:
        (one, its), (other, others) = _holed(first, table), _holed(second, table)
        if not others:
            one, its = _at_least_one((one, its))
        whole = Antibody(chain("heavy", regions(one)), chain(locus, regions(other)))
        return Infill(whole, its + others)

    return st.one_of(
        programs().map(heavy),
        st.builds(light, LIGHT, programs()),
        st.builds(both, programs(), LIGHT, programs()),
    )


def _of_molecules() -> st.SearchStrategy[Infill]:
    fill = st.none() | st.tuples(st.sampled_from(_ATTACHMENTS), drawn_molecules(components=False))

    def grow(template: Molecule, grown: list[tuple[int, _Grown | None]]) -> Infill:
        # By the place of its atom, so that one that is deleted leaves the others where they are.
        at = [(code * len(template) >> 8, fill) for code, fill in grown]
        at.sort(key=lambda hole: hole[0])
        fills = tuple(_behind_wildcard(fill) for _, fill in at)
        return Infill(template, fills, tuple(atom for atom, _ in at))

    holes = st.lists(st.tuples(st.integers(0, 255), fill), min_size=1, max_size=8)
    return st.builds(grow, drawn_molecules(), holes)


def _behind_wildcard(fill: _Grown | None) -> Molecule:
    """Put the wildcard before a molecule that its first atom joins; alone it is a hydrogen."""
    wildcard = Molecule.from_smiles("*")
    if fill is None:
        return wildcard
    order, molecule = fill
    atoms = {
        name: np.concatenate([getattr(wildcard, name), getattr(molecule, name)])
        for name in ("element", "aromatic", "isotope", "stereo", "hydrogens", "charge", "map")
    }
    return Molecule(
        **atoms,
        begin=np.concatenate([[0], molecule.begin + 1]),
        end=np.concatenate([[1], molecule.end + 1]),
        order=np.concatenate([[order], molecule.order]),
    )


def _holed(program: bytes, table: tuple[Piece, ...]) -> tuple[list[str], tuple[str, ...]]:
    """Spell a template, and what fills each hole: the pieces from the hole to the next mark."""
    template: list[str] = []
    fills: list[list[str]] = []
    present = template
    for piece in pieces(program, table):
        if piece == _HOLE:
            template.append(_HOLE)
            fills.append([])
            present = fills[-1]
        elif piece == _END:
            present = template
        elif piece == ADVANCE:
            template.append(ADVANCE)
            present = template
        else:
            present.append(piece)
    return template, tuple("".join(fill) for fill in fills)


def _at_least_one(
    holed: tuple[list[str], tuple[str, ...]],
) -> tuple[list[str], tuple[str, ...]]:
    template, fills = holed
    return (template, fills) if fills else ([*template, _HOLE], ("",))
