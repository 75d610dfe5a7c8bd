"""Reactions to RDKit, to RXN files and back, and their root-aligned writing."""

from __future__ import annotations

import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from rdkit import Chem, rdBase
from rdkit.Chem import rdChemReactions

import logos_grammar as lg
from converters.real import REACTIONS, texts_of
from logos_grammar.molecule.rdkit import to_rdkit as molecule_to_rdkit
from logos_grammar.molecule.strategies import molecules
from logos_grammar.reaction import Reaction
from logos_grammar.reaction.rdkit import from_rdkit, from_rxn, root_aligned, to_rdkit, to_rxn
from logos_grammar.reaction.rxn import Blocks, read_blocks, write_blocks
from logos_grammar.reaction.strategies import reactions

MAPPED = (
    "[CH3:1][C:2](=[O:3])[OH:4].[CH3:5][CH2:6][OH:7]>[Na+].[Cl-]>"
    "[CH3:1][C:2](=[O:3])[O:7][CH2:6][CH3:5].[OH2:4]"
)
WITH_STEREO = "C[C@H](F)Br.[Na+].[I-]>CC(C)=O>C[C@@H](F)I.C/C=C/C |f:1.2|"


def canonical(reaction: Reaction) -> list[list[str]]:
    """The canonical SMILES of each molecule, by role."""
    sides = (reaction.reactants, reaction.agents, reaction.products)
    return [[Chem.MolToSmiles(molecule_to_rdkit(each)) for each in side] for side in sides]


@pytest.mark.parametrize("text", [MAPPED, WITH_STEREO, ">>", "C>>", ">O>", ">>C"])
def test_what_rdkit_holds_comes_back(text: str) -> None:
    reaction = Reaction.from_smiles(text)
    assert from_rdkit(to_rdkit(reaction)) == reaction
    assert from_rdkit(to_rdkit(reaction.retro())) == reaction


@given(reactions(molecule=molecules(stereo=False, isotopes=False)))
def test_roles_and_order_come_back(reaction: Reaction) -> None:
    made = to_rdkit(reaction, sanitize=False)
    for side, templates in (
        (reaction.reactants, made.GetReactants()),
        (reaction.agents, made.GetAgents()),
        (reaction.products, made.GetProducts()),
    ):
        assert [len(molecule) for molecule in side] == [mol.GetNumAtoms() for mol in templates]


def test_reaction_smiles_that_rdkit_read_come_in() -> None:
    read = rdChemReactions.ReactionFromSmarts("CC.[CH3:1]O>[Na+]>[CH3:1]N", useSmiles=True)
    assert from_rdkit(read).to_smiles() == "CC.[CH3:1]O>[Na+]>[CH3:1]N"


def test_queries_are_refused_with_their_place() -> None:
    read = rdChemReactions.ReactionFromSmarts("[#6:1]>>[C:1].[C,N:2]")
    with pytest.raises(lg.ConversionError, match=r"expected no query at atom 0.* in reactant 0"):
        from_rdkit(read)


@pytest.mark.parametrize(
    ("convert", "wanted"),
    [
        (from_rdkit, "an RDKit reaction"),
        (to_rdkit, "a Reaction"),
        (from_rxn, "the text of an RXN file"),
        (to_rxn, "a Reaction"),
        (root_aligned, "a Reaction"),
    ],
)
def test_what_is_no_reaction_is_refused_in_a_sentence(
    convert: Callable[[Any], object], wanted: str
) -> None:
    with pytest.raises(TypeError, match=f"expected {wanted}, found NoneType"):
        convert(None)


@pytest.mark.parametrize("v3000", [False, True])
@pytest.mark.parametrize("text", [MAPPED, WITH_STEREO, ">>", "C>>", "[13CH3:7]C#N>>[2H]O[2H]"])
def test_rxn_files_hold_the_reaction(text: str, v3000: bool) -> None:
    reaction = Reaction.from_smiles(text)
    written = to_rxn(reaction, name="a name", v3000=v3000)
    assert written.splitlines()[0] == ("$RXN V3000" if v3000 else "$RXN")
    assert written.splitlines()[1] == "a name"
    assert canonical(from_rxn(written)) == canonical(reaction)


@given(reactions(molecule=molecules(valence=True, max_atoms=12, stereo=False), max_molecules=2))
def test_reactions_of_usual_valence_come_back_from_rxn_files(reaction: Reaction) -> None:
    assert canonical(from_rxn(to_rxn(reaction))) == canonical(reaction)


def test_rdkit_reads_the_rxn_files_that_we_write() -> None:
    for v3000 in (False, True):
        written = to_rxn(Reaction.from_smiles(MAPPED), v3000=v3000)
        read = rdChemReactions.ReactionFromRxnBlock(written)
        assert read.GetNumReactantTemplates() == 2
        assert read.GetNumProductTemplates() == 2
        assert read.GetNumAgentTemplates() == 2


def test_large_map_numbers_are_written_in_v3000() -> None:
    written = to_rxn(Reaction.from_smiles("[CH4:1000]>>"))
    assert written.startswith("$RXN V3000")
    assert from_rxn(written).reactants[0].map.tolist() == [1000]


def test_stereo_that_rxn_files_do_not_hold_is_refused() -> None:
    with pytest.raises(lg.ConversionError, match="expected tetrahedral stereo at atom 1"):
        to_rxn(Reaction.from_smiles(">>F[As@TB20](Cl)(Br)(N)S"))


REFUSED = {
    "": "expected $RXN in line 1, found nothing",
    "$RDFILE\n": "expected $RXN in line 1, found $RDFILE",
    "$RXN\n\n": "expected counts in line 5, found 3 lines",
    "$RXN\n\n\n\n  1  0\n": "expected 1 molecules, found 0",
    "$RXN\n\n\n\n  1\n": "expected two or three counts in line 5, found   1",
    "$RXN\n\n\n\n  x  0\n": "expected a count of three characters in line 5, found '  x'",
    "$RXN V3000\n\n\n\nM  V30 COUNTS 1 0\n": "expected [1, 0] molecules, found [0, 0, 0]",
    "$RXN V3000\n\n\n\nM  V30 BEGIN\n": (
        "expected COUNTS and two or three numbers in line 5, found M  V30 BEGIN"
    ),
    "$RXN V3000\n\n\n\nM  V30 COUNTS 1 0\nM  V30 BEGIN REACTANT\n": (
        "expected the end of every molecule and role, found the end of text"
    ),
    "$RXN\n\n\n\n  1  0\n$MOL\nnothing\n": ("expected a MOL block that RDKit reads in reactant 0"),
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_rxn_file_is_refused(text: str) -> None:
    with pytest.raises(lg.ConversionError) as raised:
        from_rxn(text)
    assert str(raised.value) == REFUSED[text]


def test_blocks_come_back_as_text() -> None:
    block = "\n  test\n\n  0  0  0  0  0  0  0  0  0  0999 V2000\nM  END\n"
    blocks = Blocks(reactants=(block,), agents=(block, block), products=())
    assert read_blocks(write_blocks(blocks)) == blocks


def test_root_aligned_sides_begin_alike() -> None:
    reaction = root_aligned(Reaction.from_smiles(MAPPED), root=6)
    assert reaction.products[0].map[0] == 6
    assert [molecule.map[0] for molecule in reaction.reactants] == [6, 2]
    assert canonical(reaction)[2] == canonical(Reaction.from_smiles(MAPPED))[2]


def test_root_aligned_reactions_are_the_same_reaction() -> None:
    reaction = Reaction.from_smiles(MAPPED).retro()
    aligned = root_aligned(reaction)
    assert aligned.direction == "retro"
    assert [sorted(side) for side in canonical(aligned)] == [
        sorted(side) for side in canonical(reaction)
    ]
    assert root_aligned(aligned) == aligned


def test_a_root_that_no_product_has_is_refused() -> None:
    with pytest.raises(lg.ConversionError, match="expected map number 9 in a product, found none"):
        root_aligned(Reaction.from_smiles(MAPPED), root=9)


def test_without_maps_each_molecule_is_canonical() -> None:
    aligned = root_aligned(Reaction.from_smiles("OCC.C>>C(O)C"))
    assert aligned.to_smiles() == "CCO.C>>CCO"


@pytest.mark.parametrize("name", REACTIONS)
def test_real_reactions_come_back_from_rdkit(real_data: Path, name: str) -> None:
    refused = 0
    with rdBase.BlockLogs():
        for text in texts_of(real_data, name, REACTIONS[name], count=60):
            reaction = Reaction.from_smiles(text)
            try:
                made = to_rdkit(reaction)
            except lg.ConversionError:
                refused += 1
                continue
            back = from_rdkit(made)
            assert canonical(back) == canonical(reaction)
            aligned = root_aligned(reaction)
            assert [sorted(side) for side in canonical(aligned)] == [
                sorted(side) for side in canonical(reaction)
            ]
    assert refused <= 2


def test_real_rxn_files_are_read_or_refused(real_data: Path) -> None:
    archive = real_data / "reactions/nasty/rxn_test_files.tar.xz"
    read = 0
    with tarfile.open(archive) as files:
        for member in files:
            if not member.name.endswith(".rxn"):
                continue
            content = files.extractfile(member)
            assert content is not None
            try:
                reaction = from_rxn(
                    content.read().decode("latin-1"),
                    without_conformers=True,
                    without_stereo_groups=True,
                    without_substance_groups=True,
                )
            except lg.ConversionError:
                continue
            assert lg.decode(lg.encode(reaction)) == reaction
            read += 1
    assert read >= 90
