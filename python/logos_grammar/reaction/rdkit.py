"""Reactions from RDKit and RXN files and back, and the projection that needs RDKit.

Kept: reactants, agents and products in order, and of each molecule what
`logos_grammar.molecule.rdkit` keeps.

Normalised: as there. RXN files hold Kekulé structures: aromatic bonds are written as single and
double ones, and reading a file perceives aromaticity again.

Refused: as there; and for RXN files stereo other than tetrahedral and of double bonds.

Not read, because they are not the reaction's: names, reacting centres, properties, the direction,
which RDKit does not have: what RDKit holds is read and written forwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Final, TypeVar

import numpy as np

from logos_grammar.error import ConversionError
from logos_grammar.molecule import Molecule
from logos_grammar.molecule.rdkit import as_written, sanitize_as_smiles
from logos_grammar.molecule.rdkit import from_rdkit as molecule_from_rdkit
from logos_grammar.molecule.rdkit import to_rdkit as molecule_to_rdkit
from logos_grammar.reaction import Reaction
from logos_grammar.reaction.rxn import Blocks, read_blocks, write_blocks

try:
    from rdkit import Chem, rdBase
    from rdkit.Chem import rdChemReactions, rdDepictor
except ImportError as error:
    raise ImportError("expected RDKit: install logos-grammar[rdkit]") from error

T = TypeVar("T")
U = TypeVar("U")

_LARGEST_V2000: Final = 999
_TETRAHEDRAL: Final = 2


def from_rdkit(
    reaction: rdChemReactions.ChemicalReaction,
    *,
    without_atropisomers: bool = False,
    without_conformers: bool = False,
    without_stereo_groups: bool = False,
    without_substance_groups: bool = False,
) -> Reaction:
    """Make a reaction of an RDKit reaction, such as one read from reaction SMILES.

    Parameters
    ----------
    reaction
        Its templates are molecules, not queries: read SMARTS with ``useSmiles=True``.
    without_atropisomers, without_conformers, without_stereo_groups, without_substance_groups
        As for molecules: leave these out instead of refusing them.

    Returns
    -------
    Reaction
        Forward.

    Raises
    ------
    ConversionError
        For a molecule that is refused, with its role and number.
    TypeError
        For anything but an RDKit reaction.
    """
    if not isinstance(reaction, rdChemReactions.ChemicalReaction):
        raise TypeError(f"expected an RDKit reaction, found {type(reaction).__name__}")
    read = partial(
        molecule_from_rdkit,
        without_atropisomers=without_atropisomers,
        without_conformers=without_conformers,
        without_stereo_groups=without_stereo_groups,
        without_substance_groups=without_substance_groups,
    )
    reactants, agents, products = _sides(
        lambda mol: read(mol).molecule,
        reaction.GetReactants(),
        reaction.GetAgents(),
        reaction.GetProducts(),
    )
    return Reaction(reactants=reactants, agents=agents, products=products)


def to_rdkit(reaction: Reaction, *, sanitize: bool = True) -> rdChemReactions.ChemicalReaction:
    """Make an RDKit reaction of a reaction, whichever its direction.

    Parameters
    ----------
    reaction
        Any reaction.
    sanitize
        Whether RDKit sanitizes each molecule.

    Returns
    -------
    rdkit.Chem.rdChemReactions.ChemicalReaction
        Its templates are the molecules, with the atoms in order; not initialised.

    Raises
    ------
    ConversionError
        For a molecule that RDKit refuses, with its role and number.
    TypeError
        For anything but a `Reaction`.
    """
    _check_reaction(reaction)
    reactants, agents, products = _sides(
        partial(molecule_to_rdkit, sanitize=sanitize),
        reaction.reactants,
        reaction.agents,
        reaction.products,
    )
    made = rdChemReactions.ChemicalReaction()
    for mol in reactants:
        made.AddReactantTemplate(mol)
    for mol in agents:
        made.AddAgentTemplate(mol)
    for mol in products:
        made.AddProductTemplate(mol)
    return made


def from_rxn(
    text: str,
    *,
    without_atropisomers: bool = False,
    without_conformers: bool = False,
    without_stereo_groups: bool = False,
    without_substance_groups: bool = False,
) -> Reaction:
    """Read the text of an RXN file, V2000 or V3000.

    Parameters
    ----------
    text
        One reaction. Its molecules are sanitized, and keep explicit hydrogens.
    without_atropisomers, without_conformers, without_stereo_groups, without_substance_groups
        As for molecules: leave these out instead of refusing them.

    Returns
    -------
    Reaction
        Forward.

    Raises
    ------
    ConversionError
        For text that is not an RXN file, and for a molecule that RDKit or the grammar refuses.
    TypeError
        For anything but text.
    """
    if not isinstance(text, str):
        raise TypeError(f"expected the text of an RXN file, found {type(text).__name__}")
    read = partial(
        molecule_from_rdkit,
        without_atropisomers=without_atropisomers,
        without_conformers=without_conformers,
        without_stereo_groups=without_stereo_groups,
        without_substance_groups=without_substance_groups,
    )
    reactants, agents, products = _sides(
        lambda block: read(_mol_of_block(block)).molecule, *read_blocks(text)
    )
    return Reaction(reactants=reactants, agents=agents, products=products)


def to_rxn(reaction: Reaction, *, name: str = "", v3000: bool = False) -> str:
    """Write a reaction as the text of an RXN file, drawn in the plane.

    What was written is read again, so nothing is lost in silence.

    Parameters
    ----------
    reaction
        Any reaction whose molecules RDKit can sanitize.
    name
        The name of the reaction, one line.
    v3000
        Whether to write V3000 even where V2000 would do; it is written in any case for molecules of
        more than 999 atoms or with a map number above 999.

    Returns
    -------
    str
        The reaction, written forwards.

    Raises
    ------
    ConversionError
        For stereo other than tetrahedral and of double bonds, and for a molecule that does not come
        back the same.
    TypeError
        For anything but a `Reaction`.
    """
    _check_reaction(reaction)
    sides = (reaction.reactants, reaction.agents, reaction.products)
    v3000 = v3000 or any(
        molecule.element.size > _LARGEST_V2000 or (molecule.map > _LARGEST_V2000).any()
        for side in sides
        for molecule in side
    )
    write = partial(_block_of, v3000=v3000)
    return write_blocks(Blocks(*_sides(write, *sides)), name=name, v3000=v3000)


def root_aligned(reaction: Reaction, *, root: int | None = None) -> Reaction:
    """Write the atoms of both sides in as similar an order as map numbers allow.

    The product is written from its root; a reactant from the atom whose map number comes first in
    the product, and reactants in the order of these. Agents and what shares no map number with the
    product are written canonically, the latter behind the others.

    Parameters
    ----------
    reaction
        With map numbers on both sides. They are kept: see `Reaction.without_maps`.
    root
        The map number of the root, an atom of a product; by default the mapped atom of each product
        that comes first in its canonical order.

    Returns
    -------
    Reaction
        The same molecules, the order of whose atoms and reactants differs.

    Raises
    ------
    ConversionError
        When no product has the root, and for molecules that RDKit cannot sanitize.
    TypeError
        For anything but a `Reaction`.

    Notes
    -----
    The idea is that of root-aligned SMILES: Zhong et al., Chem. Sci. 2022, 13, 9023.
    """
    _check_reaction(reaction)
    if root is not None and not any((product.map == root).any() for product in reaction.products):
        raise ConversionError(f"expected map number {root} in a product, found none")
    products = tuple(_rooted(product, [root, None]) for product in reaction.products)
    order = [int(number) for product in products for number in product.map if number]
    place = {number: i for i, number in reversed(list(enumerate(order)))}
    reactants = sorted(
        (_rooted(reactant, order) for reactant in reaction.reactants),
        key=lambda reactant: min(
            (place[number] for number in reactant.map.tolist() if number in place),
            default=len(order),
        ),
    )
    return Reaction(
        reactants=tuple(reactants),
        agents=tuple(_rooted(agent, []) for agent in reaction.agents),
        products=products,
        direction=reaction.direction,
    )


def _check_reaction(reaction: object) -> None:
    if not isinstance(reaction, Reaction):
        raise TypeError(f"expected a Reaction, found {type(reaction).__name__}")


def _rooted(molecule: Molecule, roots: Iterable[int | None]) -> Molecule:
    """Write a molecule canonically from its atom with the earliest of these map numbers.

    None means the mapped atom that comes first in canonical order.
    """
    mol = molecule_to_rdkit(molecule)
    parameters: Any = Chem.SmilesWriteParams()
    parameters.ignoreAtomMapNumbers = True
    for root in roots:
        found = np.flatnonzero(molecule.map == root) if root is not None else _first_mapped(mol)
        if len(found):
            parameters.rootedAtAtom = int(found[0])
            break
    return as_written(mol, parameters).molecule


def _first_mapped(mol: Chem.Mol) -> list[int]:
    ranks = Chem.CanonicalRankAtoms(mol, includeAtomMaps=False)
    mapped = [atom.GetIdx() for atom in mol.GetAtoms() if atom.GetAtomMapNum()]
    return sorted(mapped, key=ranks.__getitem__)


def _sides(
    convert: Callable[[T], U],
    reactants: Iterable[T],
    agents: Iterable[T],
    products: Iterable[T],
) -> tuple[tuple[U, ...], tuple[U, ...], tuple[U, ...]]:
    return (
        _each(convert, reactants, "reactant"),
        _each(convert, agents, "agent"),
        _each(convert, products, "product"),
    )


def _each(convert: Callable[[T], U], molecules: Iterable[T], role: str) -> tuple[U, ...]:
    """Convert the molecules of one role; an error tells which one it was."""
    found = []
    for number, molecule in enumerate(molecules):
        try:
            found.append(convert(molecule))
        except ConversionError as error:
            raise ConversionError(f"{error} in {role} {number}") from error
    return tuple(found)


def _mol_of_block(block: str) -> Chem.Mol:
    with rdBase.BlockLogs():
        mol = Chem.MolFromMolBlock(block, removeHs=False)
        if mol is not None:
            return mol
        raw = Chem.MolFromMolBlock(block, sanitize=False, removeHs=False)
        if raw is None:
            raise ConversionError("expected a MOL block that RDKit reads")
        sanitize_as_smiles(raw)
        return raw


def _block_of(molecule: Molecule, *, v3000: bool) -> str:
    if (invalid := np.flatnonzero(molecule.stereo > _TETRAHEDRAL)).size:
        raise ConversionError(f"expected tetrahedral stereo at atom {invalid[0]}")
    mol = molecule_to_rdkit(molecule)
    rdDepictor.Compute2DCoords(mol)
    block: str = Chem.MolToMolBlock(mol, forceV3000=v3000)
    written, read = Chem.MolToSmiles(mol), Chem.MolToSmiles(_mol_of_block(block))
    if written != read:
        raise ConversionError(f"expected a MOL block of {written}, RDKit wrote {read}")
    return block
