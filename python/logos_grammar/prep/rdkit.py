"""Records of MDL formats as SMILES, and SMILES compared, by RDKit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from logos_grammar.error import ConversionError
from logos_grammar.molecule import Molecule
from logos_grammar.molecule.rdkit import from_rdkit
from logos_grammar.prep.batch import Options
from logos_grammar.prep.extension import RejectedRecord
from logos_grammar.reaction import Reaction
from logos_grammar.reaction.rxn import read_blocks
from logos_grammar.texts import Kind

try:
    from rdkit import Chem, rdBase
    from rdkit.Chem import rdCIPLabeler
except ImportError as error:
    raise ImportError("expected RDKit: install logos-grammar[rdkit]") from error

_ATROPISOMERS = (Chem.BondStereo.STEREOATROPCW, Chem.BondStereo.STEREOATROPCCW)
_LABELLING_STEPS: Final = 1_000_000
_NOUNS = {
    "without_conformers": "coordinates in space",
    "without_stereo_groups": "stereo groups",
    "without_substance_groups": "substance groups",
    "without_atropisomers": "a single bond of one handedness (an atropisomer)",
}


def text_of_mol_block(block: bytes, options: Options) -> bytes | RejectedRecord:
    """Return the SMILES of a MOL block, its atoms in the order of the block where that can be.

    RDKit perceives aromaticity and stereo; hydrogens stay as they are. A flat layout is not part
    of a molecule; coordinates in space are, and options say what to do with them.

    Parameters
    ----------
    block
        One record of an SDF.
    options
        What may be left out.

    Returns
    -------
    bytes or RejectedRecord
        The SMILES, or the reason why it has none.
    """
    try:
        return _molecule(block.decode("utf-8", "replace"), options).to_smiles().encode()
    except ConversionError as error:
        return RejectedRecord(str(error), None, block.partition(b"\n")[0].strip())


def text_of_rxn_block(block: bytes, options: Options) -> bytes | RejectedRecord:
    """Return the reaction SMILES of an RXN file; its molecules are read as those of an SDF.

    Parameters
    ----------
    block
        The file.
    options
        What may be left out.

    Returns
    -------
    bytes or RejectedRecord
        The reaction SMILES, or the reason why it has none.
    """
    try:
        found = read_blocks(block.decode("utf-8", "replace"))
        sides = [tuple(_molecule(one, options) for one in side) for side in found]
        reaction = Reaction(reactants=sides[0], agents=sides[1], products=sides[2])
        return reaction.to_smiles().encode()
    except ConversionError as error:
        return RejectedRecord(str(error), None, block.partition(b"\n")[0].strip())


def compared(before: str, after: str, kind: Kind) -> tuple[bool, str | None]:
    """Compare two SMILES by RDKit's canonical isomeric SMILES and CIP labels.

    Parameters
    ----------
    before
        A SMILES or reaction SMILES, perhaps with the extension that groups fragments.
    after
        The same after a journey.
    kind
        Molecule or reaction.

    Returns
    -------
    tuple
        Whether RDKit reads the first one, and how the second differs, None when it does not.
    """
    with rdBase.BlockLogs():
        was = [_mol_of(side) for side in _sides(before, kind)]
        if None in was:
            return False, None
        return True, _difference(was, after, kind)


def compared_with_record(record: bytes, after: str, kind: Kind) -> tuple[bool, str | None]:
    """Compare what RDKit reads in a MOL block or RXN file with a SMILES, without one in between.

    Parameters
    ----------
    record
        One record of an SDF, or an RXN file.
    after
        The SMILES after a journey.
    kind
        Molecule or reaction.

    Returns
    -------
    tuple
        Whether RDKit reads the record, and how the SMILES differs, None when it does not.
    """
    text = record.decode("utf-8", "replace")
    with rdBase.BlockLogs():
        sides = [[text]] if kind == "molecule" else list(read_blocks(text))
        was = [
            _joined([Chem.MolFromMolBlock(one, removeHs=False) for one in side]) for side in sides
        ]
        if None in was:
            return False, None
        return True, _difference(was, after, kind)


def _difference(was: Sequence[Chem.Mol | None], after: str, kind: Kind) -> str | None:
    found = [_mol_of(side) for side in _sides(after, kind)]
    if len(was) != len(found):
        return "a side of the reaction is lost"
    for one, other in zip(was, found, strict=True):
        if one is None or other is None or not _same(one, other):
            return f"RDKit reads {_written(one)} before and {_written(other)} after"
    return None


def _same(one: Chem.Mol, other: Chem.Mol) -> bool:
    """Whether two molecules are one, their stereo by the CIP labels of RDKit's new labeller.

    Where atoms are symmetric, RDKit has several canonical SMILES; InChI decides then.
    """
    if _labels(one) != _labels(other):
        return False
    if _written(one) == _written(other):
        return True
    flat, other_flat = (_written(mol, isomericSmiles=False) for mol in (one, other))
    isotopes, other_isotopes = (
        sorted((atom.GetAtomicNum(), atom.GetIsotope()) for atom in mol.GetAtoms())
        for mol in (one, other)
    )
    key_of: Callable[[Chem.Mol], str] = Chem.MolToInchiKey
    key, other_key = key_of(one), key_of(other)
    return bool(key) and (key, flat, isotopes) == (other_key, other_flat, other_isotopes)


def _labels(mol: Chem.Mol) -> list[str]:
    labelled = Chem.Mol(mol)
    for atom in labelled.GetAtoms():
        atom.ClearProp("_CIPCode")
    for bond in labelled.GetBonds():
        bond.ClearProp("_CIPCode")
    rdCIPLabeler.AssignCIPLabels(labelled, maxRecursiveIterations=_LABELLING_STEPS)
    every: list[Any] = [*labelled.GetAtoms(), *labelled.GetBonds()]
    return sorted(each.GetProp("_CIPCode") for each in every if each.HasProp("_CIPCode"))


def _molecule(text: str, options: Options) -> Molecule:
    with rdBase.BlockLogs():
        mol = Chem.MolFromMolBlock(text, removeHs=False)
        if mol is None:
            raise ConversionError(_refusal(text))
        if (found := _in_the_way(mol, options)) is not None:
            raise ConversionError(found)
        return from_rdkit(
            mol,
            without_conformers=True,
            without_stereo_groups=True,
            without_substance_groups=True,
            without_atropisomers=True,
        ).molecule


def _in_the_way(mol: Chem.Mol, options: Options) -> str | None:
    """Return what a molecule has that a sentence does not hold and no option leaves out."""
    found = {
        "without_conformers": any(conformer.Is3D() for conformer in mol.GetConformers()),
        "without_stereo_groups": any(
            # That a centre is absolute is what a SMILES says, too.
            group.GetGroupType() != Chem.StereoGroupType.STEREO_ABSOLUTE
            for group in mol.GetStereoGroups()
        ),
        "without_substance_groups": bool(Chem.GetMolSubstanceGroups(mol)),
        "without_atropisomers": any(bond.GetStereo() in _ATROPISOMERS for bond in mol.GetBonds()),
    }
    for option, there in found.items():
        if there and not getattr(options, option):
            return f"{_NOUNS[option]}, which --{option.replace('_', '-')} would leave out"
    return None


def _refusal(text: str) -> str:
    """Return why RDKit does not read a MOL block."""
    mol = Chem.MolFromMolBlock(text, sanitize=False, removeHs=False)
    if mol is not None:
        try:
            Chem.SanitizeMol(mol)
        except Chem.MolSanitizeException as error:
            return f"expected a molecule that RDKit sanitizes: {error}"
    return "expected a MOL block that RDKit can read"


def _sides(text: str, kind: Kind) -> list[str]:
    """Return reactants, agents and products, each as one SMILES; a molecule is one side."""
    body = text.partition(" ")[0]
    if kind == "molecule":
        return [body]
    # The arrow of a dative bond has a dash before its head.
    sides = body.replace("->", "-\0").split(">")
    return [side.replace("\0", ">") for side in sides]


def _mol_of(text: str) -> Chem.Mol | None:
    """Return what RDKit reads in a SMILES, None for what it does not read."""
    reading: Any = Chem.SmilesParserParams()  # its stubs take no values
    reading.removeHs = False
    return _joined([Chem.MolFromSmiles(text, reading)])


def _joined(mols: Sequence[Chem.Mol | None]) -> Chem.Mol | None:
    """Return molecules as one, None when RDKit has not read one of them."""
    joined = Chem.Mol()
    for mol in mols:
        if mol is None:
            return None
        joined = mol if joined.GetNumAtoms() == 0 else Chem.CombineMols(joined, mol)
    for atom in joined.GetAtoms():
        # RDKit writes a map number of 0, which says that the atom has no map number.
        if atom.GetAtomMapNum() == 0:
            atom.ClearProp("molAtomMapNumber")
    return joined


def _written(mol: Chem.Mol | None, **options: bool) -> str | None:
    return None if mol is None else str(Chem.MolToSmiles(mol, **options))
