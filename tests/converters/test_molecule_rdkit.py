"""Molecules to RDKit and back: what is kept, what is normalised, what is refused."""

from __future__ import annotations

import tarfile
from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from rdkit import Chem, rdBase

import logos_grammar as lg
from converters.real import SMILES, texts_of
from logos_grammar.molecule import BondOrder, Molecule
from logos_grammar.molecule.rdkit import canonical, from_rdkit, kekulized, to_rdkit
from logos_grammar.molecule.strategies import molecules

KEPT = [
    "C",
    "[CH4]",
    "*",
    "[13CH3][2H]",
    "[Fe+3].[Cl-].[Cl-].[Cl-]",
    "OC(=O)[C@@H](N)C",
    "[C@H](F)(Cl)Br",
    "C[S@](=O)CC",
    "F/C=C/F",
    "F/C=C\\F",
    "C/C=C/C=C\\C",
    "C1CC/C=C/CCC1",
    "[F][Pt@SP1]([Cl])([Br])[I]",
    "[F][Pt@SP3H]([Cl])[Br]",
    "F[As@TB20](Cl)(Br)(N)S",
    "[F][Co@OH28]([Cl])([Br])([I])([NH2])[OH]",
    "c1ccccc1-c1ccc[nH]1",
    "[se]1cccc1",
    "[CH3:7][OH:999999999]",
    "[NH3]->[Fe]",
    "[Fe]<-[NH3]",
    "[CH3]1C[NH]~[Fe]~1",
    "[CH2]",
    "[CH3]",
    "[C-]#[O+]",
    "N[C@@H]1C[C@H]2CC[C@@]1(F)O2",
    "C1%10%11CC%12CC1CC%10CC%11C%12",
]


@pytest.mark.parametrize("text", KEPT)
def test_what_rdkit_holds_comes_back(text: str) -> None:
    molecule = Molecule.from_smiles(text)
    back = from_rdkit(to_rdkit(molecule))
    assert back.molecule == molecule
    assert back.atom_order.tolist() == list(range(len(molecule)))


@given(molecules())
def test_atoms_and_bonds_come_back_through_an_unsanitized_molecule(molecule: Molecule) -> None:
    try:
        mol = to_rdkit(molecule, sanitize=False)
        back = from_rdkit(mol)
    except lg.ConversionError:
        return
    order = back.atom_order
    for column in ("element", "aromatic", "isotope", "charge", "map"):
        np.testing.assert_array_equal(
            getattr(back.molecule, column), getattr(molecule, column)[order]
        )
    stated = molecule.hydrogens[order] >= 0
    np.testing.assert_array_equal(
        back.molecule.hydrogens[stated], molecule.hydrogens[order][stated]
    )
    assert _bonds(back.molecule, order) == _bonds(molecule, np.arange(len(molecule)))


@given(molecules(valence=True))
def test_molecules_of_usual_valence_come_back_sanitized(molecule: Molecule) -> None:
    mol = to_rdkit(molecule)
    back = from_rdkit(mol)
    again = to_rdkit(back.molecule)
    for atom, index in zip(again.GetAtoms(), back.atom_order.tolist(), strict=True):
        twin = mol.GetAtomWithIdx(index)
        assert atom.GetAtomicNum() == twin.GetAtomicNum()
        assert atom.GetTotalNumHs() == twin.GetTotalNumHs()
        assert atom.GetNumRadicalElectrons() == 0
        assert atom.GetIsAromatic() == twin.GetIsAromatic()
    assert from_rdkit(again).molecule == back.molecule


def _bonds(molecule: Molecule, order: np.ndarray) -> dict[tuple[int, int], BondOrder]:
    """Bond orders by pairs of original atoms, without directions."""
    molecule = molecule.without_stereo()
    turned = {
        BondOrder.DATIVE: BondOrder.DATIVE_BACK,
        BondOrder.DATIVE_BACK: BondOrder.DATIVE,
    }
    found = {}
    for begin, end, code in zip(
        order[molecule.begin].tolist(), order[molecule.end].tolist(), molecule.order, strict=True
    ):
        bond = BondOrder(code)
        if begin < end:
            found[begin, end] = bond
        else:
            found[end, begin] = turned.get(bond, bond)
    return found


@pytest.mark.parametrize("order", BondOrder)
@pytest.mark.parametrize("aromatic", [False, True])
def test_every_bond_order_reaches_rdkit_in_chains_and_rings(
    order: BondOrder, aromatic: bool
) -> None:
    atom = {"element": [6] * 4, "aromatic": [aromatic] * 4, "hydrogens": [-1] * 4}
    zeros = {name: [0] * 4 for name in ("isotope", "stereo", "charge", "map")}
    bonds = {"begin": [0, 1, 2, 0], "end": [1, 2, 3, 3], "order": [order, 0, 0, order]}
    columns = {name: np.array(value) for name, value in {**atom, **zeros, **bonds}.items()}
    mol = to_rdkit(Molecule(**columns), sanitize=False)
    chain, ring = (mol.GetBondBetweenAtoms(*pair) for pair in ((0, 1), (0, 3)))
    assert chain.GetBondType() == ring.GetBondType()
    assert (chain.GetBondType() == Chem.BondType.ZERO) == (order == BondOrder.ANY)
    assert not chain.HasQuery()
    assert not ring.HasQuery()
    if order in (BondOrder.DATIVE, BondOrder.DATIVE_BACK):
        donor = 0 if order == BondOrder.DATIVE else 1
        assert chain.GetBeginAtomIdx() == donor
        assert ring.GetBeginAtomIdx() == (0 if order == BondOrder.DATIVE else 3)


def test_the_order_of_atoms_is_told_where_it_changes() -> None:
    mol = Chem.RenumberAtoms(Chem.MolFromSmiles("C[C@H](F)/C=C/O"), [5, 1, 3, 0, 4, 2])
    back = from_rdkit(mol)
    assert back.atom_order.tolist() != list(range(6))
    symbols = [mol.GetAtomWithIdx(int(i)).GetAtomicNum() for i in back.atom_order]
    assert back.molecule.element.tolist() == symbols
    assert Chem.MolToSmiles(to_rdkit(back.molecule)) == Chem.MolToSmiles(mol)


def test_a_centre_that_is_written_first_is_not_mirrored() -> None:
    mol = Chem.AddHs(Chem.MolFromSmiles("F[C@H](Cl)Br"))
    mol = Chem.RenumberAtoms(Chem.RemoveHs(mol), [1, 0, 2, 3])
    mol.GetAtomWithIdx(0).SetNumExplicitHs(0)
    mol.GetAtomWithIdx(0).SetNoImplicit(False)
    mol.UpdatePropertyCache()
    back = from_rdkit(mol)
    assert back.atom_order.tolist() == [0, 1, 2, 3]
    assert Chem.MolToSmiles(to_rdkit(back.molecule)) == "F[C@H](Cl)Br"


def test_random_orders_of_atoms_are_the_same_molecule() -> None:
    random = Random(7)
    for text in KEPT:
        mol = to_rdkit(Molecule.from_smiles(text))
        for _ in range(5):
            order = random.sample(range(mol.GetNumAtoms()), mol.GetNumAtoms())
            back = from_rdkit(Chem.RenumberAtoms(mol, order))
            assert canonical(back.molecule).molecule == canonical(from_rdkit(mol).molecule).molecule
            elements = [mol.GetAtomWithIdx(order[i]).GetAtomicNum() for i in back.atom_order]
            assert back.molecule.element.tolist() == elements


def _edited(text: str, edit: Callable[[Chem.RWMol], object]) -> Chem.Mol:
    mol = Chem.RWMol(Chem.MolFromSmiles(text, sanitize=False))
    edit(mol)
    return mol.GetMol()


REFUSED = {
    "expected at least one atom, found none": Chem.Mol(),
    "expected no query at atom 0, found [#6,#7]": Chem.MolFromSmarts("[#6,#7]"),
    "expected a bond of SMILES at bond 0, found the query -,=": Chem.MolFromSmarts("*-,=*"),
    "expected a bond of SMILES at bond 0, found the query for single or aromatic": (
        Chem.MolFromSmarts("**")
    ),
    "expected a bond of SMILES at bond 0, found HYDROGEN": _edited(
        "CC", lambda mol: mol.GetBondWithIdx(0).SetBondType(Chem.BondType.HYDROGEN)
    ),
    "expected an element with an aromatic symbol at atom 0, found Ge": _edited(
        "[Ge]", lambda mol: mol.GetAtomWithIdx(0).SetIsAromatic(True)
    ),
    "expected a charge from -15 to 15 at atom 0, found 16": _edited(
        "[C]", lambda mol: mol.GetAtomWithIdx(0).SetFormalCharge(16)
    ),
    "expected at most 9 hydrogens at atom 0, found 10": _edited(
        "[C]", lambda mol: mol.GetAtomWithIdx(0).SetNumExplicitHs(10)
    ),
    "expected a map number from 0 to 999,999,999 at atom 0, found 1000000000": _edited(
        "C", lambda mol: mol.GetAtomWithIdx(0).SetAtomMapNum(1_000_000_000)
    ),
    "expected a map number from 0 to 999,999,999 at atom 0, found -1": _edited(
        "C", lambda mol: mol.GetAtomWithIdx(0).SetAtomMapNum(-1)
    ),
    "expected stereo that RDKit writes at atom 1, found allene-like stereo": Chem.MolFromSmiles(
        "C[C@AL1]C", sanitize=False
    ),
    "expected 0 radical electrons at atom 0, as its hydrogens and bonds leave, found 1": _edited(
        "[CH4]", lambda mol: mol.GetAtomWithIdx(0).SetNumRadicalElectrons(1)
    ),
}


@pytest.mark.parametrize("message", REFUSED)
def test_what_the_grammar_cannot_hold_is_refused(message: str) -> None:
    with pytest.raises(lg.ConversionError) as raised:
        from_rdkit(REFUSED[message])
    assert str(raised.value) == message


@pytest.mark.parametrize("thing", [None, "CCO", 3, Molecule.from_smiles("C")], ids=repr)
def test_what_is_no_rdkit_molecule_is_refused_in_a_sentence(thing: Any) -> None:
    with pytest.raises(TypeError, match="expected an RDKit molecule, found ") as raised:
        from_rdkit(thing)
    assert ("return None for what they refuse" in str(raised.value)) == (thing is None)


@pytest.mark.parametrize(
    "thing", [None, "CCO", Chem.MolFromSmiles("C")], ids=lambda x: str(type(x))
)
@pytest.mark.parametrize("convert", [to_rdkit, canonical, kekulized])
def test_what_is_no_molecule_is_refused_in_a_sentence(
    convert: Callable[[Any], object], thing: Any
) -> None:
    with pytest.raises(TypeError, match="expected a Molecule, found "):
        convert(thing)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[65536C]", "expected isotopes of 65535 or less at atom 0"),
        ("F[Pt@SP1H]Cl", "expected 4 neighbours or one less at atom 1"),
        ("CC(C)(C)(C)C", "expected a molecule that RDKit sanitizes: Explicit valence"),
        ("c1cccc1", "expected a molecule that RDKit sanitizes: Can't kekulize mol"),
    ],
)
def test_what_rdkit_cannot_hold_is_refused(text: str, message: str) -> None:
    with pytest.raises(lg.ConversionError) as raised:
        to_rdkit(Molecule.from_smiles(text))
    assert str(raised.value).startswith(message)


def _with_conformer() -> Chem.Mol:
    mol = Chem.MolFromSmiles("CO")
    conformer = Chem.Conformer(2)
    conformer.Set3D(True)
    mol.AddConformer(conformer)
    return mol


def _with_polymer() -> Chem.Mol:
    mol = Chem.MolFromSmiles("CCO")
    Chem.CreateMolSubstanceGroup(mol, "SRU")
    return mol


def _with_atropisomer() -> Chem.Mol:
    mol = Chem.MolFromSmiles("Cc1cccc(F)c1-c1c(C)cccc1F")
    bond = mol.GetBondBetweenAtoms(7, 8)
    bond.SetStereoAtoms(5, 9)
    bond.SetStereo(Chem.BondStereo.STEREOATROPCW)
    return mol


LEFT_OUT: dict[str, Callable[[], Chem.Mol]] = {
    "without_atropisomers": _with_atropisomer,
    "without_conformers": _with_conformer,
    "without_stereo_groups": lambda: Chem.MolFromSmiles("C[C@H](F)Cl |o1:1|"),
    "without_substance_groups": _with_polymer,
}


@pytest.mark.parametrize("option", LEFT_OUT)
def test_what_an_option_names_is_left_out_and_else_refused(option: str) -> None:
    mol = LEFT_OUT[option]()
    with pytest.raises(lg.ConversionError, match=f"or {option}=True"):
        from_rdkit(mol)
    assert len(from_rdkit(mol, **{option: True}).molecule) == mol.GetNumAtoms()


def test_r_groups_of_mol_blocks_are_wildcards() -> None:
    written = Chem.MolToMolBlock(Chem.MolFromSmiles("C[2*]")).replace(" * ", " R#")
    mol = Chem.MolFromMolBlock(written.replace("M  ISO", "M  RGP"))
    assert mol.GetAtomWithIdx(1).HasQuery()
    assert from_rdkit(mol).molecule.to_smiles() == "C[2*]"


def test_aromatic_dummies_are_wildcards() -> None:
    mol = Chem.MolFromSmiles("*1=CC=CC=C1")
    back = from_rdkit(mol).molecule
    assert not back.aromatic[0]
    assert Chem.MolToSmiles(to_rdkit(back)) == Chem.MolToSmiles(mol)


def test_hydrogens_are_stated_where_rdkit_has_no_implicit_ones() -> None:
    for text, expected in [("[CH4]", 4), ("C", -1), ("[NH4+]", 4), ("[2H]C", 0)]:
        molecule = from_rdkit(to_rdkit(Molecule.from_smiles(text))).molecule
        assert molecule.hydrogens[0] == expected


def test_kekulized_molecules_keep_their_atoms() -> None:
    molecule = Molecule.from_smiles("Cc1cc[nH]c1")
    assert kekulized(molecule).to_smiles() == "CC1C=C[NH]C=1"
    with pytest.raises(lg.ConversionError, match="expected alternating bonds"):
        kekulized(Molecule.from_smiles("c1cccc1"))


def test_canonical_molecules_are_what_rdkit_writes() -> None:
    molecule = Molecule.from_smiles("OC(C)[C@@H](F)C1=CC=CC=C1")
    found = canonical(molecule)
    assert found.molecule.to_smiles() == Chem.MolToSmiles(Chem.MolFromSmiles(molecule.to_smiles()))
    np.testing.assert_array_equal(found.molecule.element, molecule.element[found.atom_order])


@pytest.mark.parametrize("name", SMILES)
def test_real_molecules_come_back_from_rdkit(real_data: Path, name: str) -> None:
    parameters: Any = Chem.SmilesParserParams()
    parameters.removeHs = False
    with rdBase.BlockLogs():
        for text in texts_of(real_data, name, SMILES[name], count=200):
            mol = Chem.MolFromSmiles(text, parameters)
            if mol is None or mol.GetNumAtoms() == 0:
                continue
            back = from_rdkit(mol)
            again = to_rdkit(back.molecule)
            written = Chem.MolToSmiles(mol)
            assert Chem.MolToSmiles(again) == written
            assert from_rdkit(again).molecule == back.molecule
            assert canonical(back.molecule).molecule.to_smiles() == written


def test_real_files_of_coordinates_come_back_from_rdkit(real_data: Path) -> None:
    count = 0
    parameters: Any = Chem.SmilesParserParams()
    parameters.removeHs = False
    with tarfile.open(real_data / "conformers/pdb_ligands.tar.xz") as files, rdBase.BlockLogs():
        for member in islice(files, 600):
            content = files.extractfile(member)
            if content is None or not member.name.endswith(".sdf"):
                continue
            mol = Chem.MolFromMolBlock(content.read().decode("latin-1"), removeHs=False)
            if mol is None:
                continue
            written = Chem.MolToSmiles(mol)
            read = Chem.MolFromSmiles(written, parameters)
            if read is None or Chem.MolToSmiles(read) != written:
                continue  # RDKit has several canonical SMILES of it, so they decide nothing
            back = from_rdkit(mol, without_conformers=True).molecule
            assert Chem.MolToSmiles(to_rdkit(back)) == written, member.name
            count += 1
    assert count > 500


@pytest.mark.parametrize(
    ("text", "kekule"),
    [
        ("*1ccccc1", "*1=CC=CC=C1"),
        ("c1ccc2*cccc2c1", None),
        ("*1ccncc1", "*1=CC=NC=C1"),
        ("c1c*[nH]c1", None),
        ("c1c[*:1]ccc1", None),
        ("*c1ccccc1", "*C1=CC=CC=C1"),
        ("c1/c/c/c/c/c1", "C1C=CC=CC=1"),
        ("O=c1/c(=C/c2ccccc2)sc2nccn12", None),
        ("*1/ccccc1", "*1=CC=CC=C1"),
        (r"c1c\*[nH]c1", "C1C=*[NH]C=1"),
        (r"*1\cc*cc1", None),
        (r"*1/cc\*c/c1", None),
        (r"*1/*\ccc/c1", None),
        (r"*/c1ccccc1", r"*/C1=CC=CC=C1"),
        (r"F/C=C/*1ccccc1", r"F/C=C/*1C=CC=CC=1"),
    ],
)
def test_kekulized_molecules_have_the_same_hydrogens(text: str, kekule: str | None) -> None:
    molecule = Molecule.from_smiles(text)
    found = kekulized(molecule)
    if kekule is not None:
        assert found.to_smiles() == kekule
    assert not found.aromatic.any()
    assert not (found.order == BondOrder.AROMATIC).any()
    before, after = to_rdkit(molecule), to_rdkit(found)
    assert [atom.GetTotalNumHs() for atom in after.GetAtoms()] == [
        atom.GetTotalNumHs() for atom in before.GetAtoms()
    ]
    assert Chem.MolToSmiles(after) == Chem.MolToSmiles(before)


@pytest.mark.parametrize(
    ("text", "atoms"),
    [
        ("c", "atom 0"),
        ("cc", "atom 0"),
        ("C[nH]1cccc1", "atom 1"),
        ("[nH]1(=O)cccc1", "atom 0"),
        ("c1cccc1", "atoms 0, 1, 2, 3 and 4"),
        ("CCc1ccc2ccccc12", "atoms 2, 3, 4, 5, 6, 7, 8 and 2 more"),
    ],
)
def test_what_has_no_kekule_structure_is_refused(text: str, atoms: str) -> None:
    with pytest.raises(lg.ConversionError, match="expected alternating bonds") as refused:
        kekulized(Molecule.from_smiles(text))
    assert str(refused.value) == f"expected alternating bonds, found none at {atoms}"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("c1/c/c/c/c/c1", "c1ccccc1"),
        ("n1/c/cccc1", "c1ccncc1"),
        ("c1cccc\\c1", "c1ccccc1"),
        ("O=c1/c(=C/c2ccccc2)sc2nccn12", "O=c1/c(=C/c2ccccc2)sc2nccn12"),
        ("c1ccccc1/c1ccccc1", "c1ccc(-c2ccccc2)cc1"),
        ("c1ccccc1\\n1cccc1", "c1ccc(-n2cccc2)cc1"),
        ("c1ccc2c(c1)/c1ccccc1/2", "c1ccc2c(c1)-c1ccccc1-2"),
    ],
)
def test_a_directed_bond_between_aromatic_atoms_is_aromatic(text: str, plain: str) -> None:
    molecule = Molecule.from_smiles(text)
    assert Chem.MolToSmiles(to_rdkit(molecule)) == plain
    assert canonical(molecule).molecule.to_smiles() == plain
    flat = molecule.without_stereo()
    assert not np.isin(flat.order, (BondOrder.UP, BondOrder.DOWN)).any()
    assert Chem.MolToSmiles(to_rdkit(flat)) == Chem.MolToSmiles(
        Chem.MolFromSmiles(plain), isomericSmiles=False
    )


def test_directions_between_aromatic_atoms_change_nothing_else() -> None:
    """As without a symbol; beside a double bond they may say its stereo."""
    chosen = Random(4)
    sample = Path(lg.__file__).parents[1] / "logos_model" / "sample_data" / "molecules.smi"
    texts = [line.split()[0] for line in sample.read_text("utf-8").splitlines()[::40]]
    count = 0
    for text in [*texts, "c1ccccc1c1ccccc1", "c1ccccc1n1cccc1", "c1ccc2c(c1)c1ccccc12"]:
        plain = Molecule.from_smiles(text)
        double = plain.order == BondOrder.DOUBLE
        beside = np.zeros(len(plain), np.bool_)
        beside[plain.begin[double]] = beside[plain.end[double]] = True
        free = ~beside[plain.begin] & ~beside[plain.end]
        order = plain.order.copy()
        for row in np.flatnonzero((order == BondOrder.AROMATIC) & free):
            order[row] = chosen.choice((order[row], BondOrder.UP, BondOrder.DOWN))
        directed = replace(plain, order=order)
        assert directed.without_stereo() == plain.without_stereo()
        assert canonical(directed).molecule == canonical(plain).molecule
        assert kekulized(directed) == kekulized(plain)
        assert np.array_equal(
            directed.without_brackets().hydrogens, plain.without_brackets().hydrogens
        )
        for sanitize in (False, True):
            directed_mol, plain_mol = (
                to_rdkit(each, sanitize=sanitize) for each in (directed, plain)
            )
            for bond, twin in zip(directed_mol.GetBonds(), plain_mol.GetBonds(), strict=True):
                assert bond.GetBondType() == twin.GetBondType()
        count += directed != plain
    assert count > 60


def test_directions_at_aromatic_rings_do_not_become_stereo() -> None:
    """At a substituent: with no double bond beside it a direction says nothing."""
    chosen, count = Random(5), 0
    for text in [
        "Fc1c(F)cccc1",
        "Cc1cc(Cl)c2ccccc2c1O",
        "c1ccccc1-n1c(C)cnc1",
        "FC=Cc1c(F)cccc1",
    ] * 9:
        plain = Molecule.from_smiles(text)
        double = plain.order == BondOrder.DOUBLE
        beside = np.zeros(len(plain), np.bool_)
        beside[plain.begin[double]] = beside[plain.end[double]] = True
        single = plain.order == BondOrder.SINGLE
        order = plain.order.copy()
        for row in np.flatnonzero(single & ~beside[plain.begin] & ~beside[plain.end]):
            order[row] = chosen.choice((order[row], BondOrder.UP, BondOrder.DOWN))
        directed = replace(plain, order=order)
        assert kekulized(directed) == kekulized(plain), directed.to_smiles()
        count += directed != plain
    assert count > 25
    stated = Molecule.from_smiles("F/C=C/c1c(/F)cccc1")
    assert kekulized(stated).to_smiles() == "F/C=C/C1C(F)=CC=CC=1"


def test_directions_and_wildcards_in_rings_leave_the_hydrogens() -> None:
    """Any atom may be a wildcard, any bond that is not double may have a direction."""
    chosen, kekule = Random(9), 0
    refused: list[str] = []
    rings = ["c1ccccc1", "c1cc[nH]c1", "c1ccc2ccccc2c1", "c1ccc2[nH]ccc2c1", "c1ccccc1c1ccncc1C"]
    for _ in range(2000):
        plain = Molecule.from_smiles(chosen.choice(rings))
        wildcard = np.array([chosen.random() < 0.3 for _ in range(len(plain))])
        wildcard &= plain.hydrogens < 0
        element, aromatic = np.where(wildcard, 0, plain.element), plain.aromatic & ~wildcard
        order = plain.order.copy()
        order[wildcard[plain.begin] | wildcard[plain.end]] = BondOrder.SINGLE
        for row in range(len(order)):
            order[row] = chosen.choice((order[row], BondOrder.UP, BondOrder.DOWN))
        molecule = replace(
            plain, element=element.astype(plain.element.dtype), aromatic=aromatic, order=order
        )
        before = to_rdkit(molecule, sanitize=False)
        before.UpdatePropertyCache(strict=False)
        try:
            found = kekulized(molecule)
        except lg.ConversionError as error:
            refused.append(str(error))
            continue
        assert not found.aromatic.any()
        assert not (found.order == BondOrder.AROMATIC).any()
        after = to_rdkit(found, sanitize=False)
        after.UpdatePropertyCache(strict=False)
        for one, other in zip(before.GetAtoms(), after.GetAtoms(), strict=True):
            assert one.GetTotalNumHs() == other.GetTotalNumHs(), molecule.to_smiles()
        kekule += 1
    assert kekule > 1000
    # Rings without a structure are refused, and never one because of its hydrogens.
    assert all("bonds, found none at atom" in reason for reason in refused)


def test_radicals_that_contradict_the_hydrogens_are_refused() -> None:
    for text, count in [("[CH3]", 0), ("[CH2]", 0), ("C", 1), ("[O]", 0), ("[S](C)(C)C", 0)]:
        mol = Chem.MolFromSmiles(text)
        assert from_rdkit(mol).molecule.to_smiles() == text
        mol.GetAtomWithIdx(0).SetNumRadicalElectrons(count)
        with pytest.raises(lg.ConversionError, match="radical electrons at atom 0"):
            from_rdkit(mol)
    # What is not sanitized has none yet.
    for text in ["[CH3]", "[O]", "[CH2]C"]:
        mol = Chem.MolFromSmiles(text, sanitize=False)
        assert from_rdkit(mol).molecule.to_smiles() == text


@pytest.mark.parametrize(
    "text",
    [
        "[Cu]",
        "[Cu+2]",
        "[Sn](C)C",
        "[Na]",
        "[Na+]",
        "[Mg+]C",
        "[Fe+3]",
        "[Pt](Cl)Cl",
        "[Gd+3]",
        "*",
    ],
)
def test_radicals_of_metals_and_wildcards_are_not_changed_in_silence(text: str) -> None:
    metal = Chem.MolFromSmiles(text)
    assert from_rdkit(metal).molecule.to_smiles() == text
    inferred = metal.GetAtomWithIdx(0).GetNumRadicalElectrons()
    for count in {0, 1, 2, 3} - {inferred}:
        metal.GetAtomWithIdx(0).SetNumRadicalElectrons(count)
        message = f"expected {inferred} radical electrons at atom 0, .* found {count}"
        with pytest.raises(lg.ConversionError, match=message):
            from_rdkit(metal)


def test_a_metal_of_a_file_has_the_radicals_that_it_states_or_those_that_its_bonds_leave() -> None:
    for text in ["[Sn](C)C", "[Cu+2]", "[Tl](C)C"]:
        lines = Chem.MolToMolBlock(Chem.MolFromSmiles(text)).splitlines()
        lines[4] = f"{lines[4][:48]}  0{lines[4][51:]}"  # the valence, which many writers leave out
        unstated = [line for line in lines if not line.startswith("M  RAD")]
        mol = Chem.MolFromMolBlock("\n".join(unstated))
        metal = mol.GetAtomWithIdx(0)
        assert not metal.GetNumRadicalElectrons()
        assert from_rdkit(mol).molecule.to_smiles() == text
        metal.SetNumRadicalElectrons(3)
        with pytest.raises(lg.ConversionError, match=r"radical electrons at atom 0, .* found 3"):
            from_rdkit(mol)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("F[Pt@SP](Cl)(Br)I", "the permutation of square planar stereo, from 1 to 3,"),
        ("F[As@TB](Cl)(Br)(N)S", "the permutation of trigonal bipyramidal stereo, from 1 to 20,"),
        ("F[Co@OH](Cl)(Br)(I)(N)O", "the permutation of octahedral stereo, from 1 to 30,"),
    ],
)
def test_stereo_without_a_permutation_is_refused_at_its_atom(text: str, wanted: str) -> None:
    with pytest.raises(lg.ConversionError) as raised:
        from_rdkit(Chem.MolFromSmiles(text))
    assert str(raised.value) == f"expected {wanted} at atom 1, found none"
