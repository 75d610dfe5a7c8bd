"""Strategies of files and of structures read from them: what they reach, and what is narrowed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import logos_grammar as lg
from logos_grammar.formats.strategies import pdb_files
from logos_grammar.structure import StrandKind, Structure
from logos_grammar.structure.strategies import entries


@settings(max_examples=40)
@given(pdb_files())
def test_what_is_drawn_is_read_written_and_encoded(text: str) -> None:
    structure = Structure.from_pdb(text)
    assert Structure.from_pdb(structure.to_pdb()) == structure
    assert Structure.from_mmcif(structure.to_mmcif()).atoms.x == structure.atoms.x
    assert lg.decode(lg.encode(structure)) == structure
    assert len(structure) == sum(line.startswith(("ATOM", "HETATM")) for line in text.splitlines())


@settings(max_examples=25)
@given(pdb_files())
def test_gemmi_reads_the_same_atoms(text: str) -> None:
    gemmi = pytest.importorskip("gemmi")
    read = gemmi.read_pdb_string(text)
    structure = Structure.from_pdb(text)
    found = [
        (model.num, chain.name, residue.seqid.num, residue.name, atom.name, atom.pos.x)
        for model in read
        for chain in model
        for residue in chain
        for atom in residue
    ]
    atoms, residues, strands = structure.atoms, structure.residues, structure.strands
    strand = residues.strand[atoms.residue]
    columns = (
        structure.models.number[strands.model[strand]].tolist(),
        strands.chain[strand],
        residues.number[atoms.residue].tolist(),
        residues.component[atoms.residue],
        atoms.name,
        np.asarray(atoms.x.to_float()).tolist(),
    )
    assert sorted(found) == sorted(zip(*columns, strict=True))


USUAL = set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'*")
FEATURES: dict[str, Callable[[Structure], bool]] = {
    "locations": lambda it: "B" in it.atoms.altloc,
    "insertion codes": lambda it: "B" in it.residues.insertion,
    "negative numbers": lambda it: bool((it.residues.number < 0).any()),
    "gaps": lambda it: bool((np.diff(it.residues.number) > 1).any()),
    "numbers that go back": lambda it: bool((np.diff(it.residues.number) < 0).any()),
    "modified residues": lambda it: "SE" in it.atoms.name,
    "DNA": lambda it: bool((it.strands.kind == StrandKind.DNA).any()),
    "RNA": lambda it: bool((it.strands.kind == StrandKind.RNA).any()),
    "charged ions": lambda it: bool((it.atoms.charge == 2).any()),
    "waters": lambda it: "HOH" in it.residues.component,
    "models": lambda it: len(it.models) > 1,
    "chains": lambda it: len(it.strands.chain.words) > 2,
    "odd names": lambda it: any(set(name) - USUAL for name in it.atoms.name.words),
    "far atoms": lambda it: bool((it.atoms.x.scaled > 1_000_000).any()),
}


def seen(strategy: st.SearchStrategy[Structure], examples: int) -> set[str]:
    """The features of some structures that are drawn."""
    found: set[str] = set()

    @settings(max_examples=examples, phases=[Phase.generate])
    @given(strategy)
    def look(structure: Structure) -> None:
        found.update(feature for feature, has in FEATURES.items() if has(structure))

    look()
    return found


def test_entries_reach_every_feature() -> None:
    assert seen(entries(), 250) == set(FEATURES) - {"odd names"}


def test_hostile_entries_have_names_that_no_file_has() -> None:
    assert "odd names" in seen(entries(hostile=True), 150)


def test_a_narrowed_file_has_what_is_left() -> None:
    plain = pdb_files(
        models=1,
        altlocs=False,
        insertions=False,
        gaps=False,
        modified=False,
        nucleic=False,
        others=False,
        far=False,
    )

    @settings(max_examples=40)
    @given(plain)
    def law(text: str) -> None:
        structure = Structure.from_pdb(text)
        assert len(structure.models) == 1
        assert set(structure.atoms.altloc) == set(structure.residues.insertion) == {""}
        assert not structure.residues.hetero.any()
        assert set(structure.strands.kind.tolist()) == {StrandKind.PROTEIN}
        assert np.abs(structure.atoms.x.scaled).max() < 103_000
        assert structure.residues.number.min() == 1

    law()
