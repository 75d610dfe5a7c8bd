"""The text form of LOGOS, written."""

from __future__ import annotations

import re
from typing import Literal

from logos_grammar.antibody import Antibody
from logos_grammar.complex import Complex
from logos_grammar.error import ConversionError
from logos_grammar.molecule import Molecule
from logos_grammar.object_types import ScientificObject
from logos_grammar.pocket import LinedChain, Pocket
from logos_grammar.protein import Protein
from logos_grammar.reaction import Reaction

__all__ = ["written"]


def written(obj: ScientificObject, drop: Literal["regions"] | None) -> str:
    """The text of an object."""
    if isinstance(obj, Molecule):
        return _molecule(obj)
    if isinstance(obj, Reaction):
        return _reaction(obj)
    if isinstance(obj, Protein):
        return f"<ProteinS>{_residues(obj.sequence)}<ProteinE>"
    if isinstance(obj, Antibody):
        return _antibody(obj, drop)
    if isinstance(obj, Pocket):
        return _pocket(obj)
    if isinstance(obj, Complex):
        return _complex(obj)
    raise ConversionError(f"LOGOS has no text form for {_noun(obj)}", position=0)


def _molecule(molecule: Molecule) -> str:
    return f"<MoleculeS>{molecule.to_smiles()}<MoleculeE>"


def _reaction(reaction: Reaction) -> str:
    if reaction.agents:
        reason = "LOGOS has no place for agents; write reaction.without_agents()"
        raise ConversionError(reason, position=0)
    reactants, products = (
        "".join(map(_molecule, s)) for s in (reaction.reactants, reaction.products)
    )
    if reaction.direction == "retro":
        return f"{products}<ReverseReact>{reactants}"
    return f"{reactants}<React>{products}"


def _antibody(antibody: Antibody, drop: Literal["regions"] | None) -> str:
    chains = [chain for chain in (antibody.heavy, antibody.light) if chain is not None]
    if len(chains) > 1:
        reason = "LOGOS has no text form for two chains of an antibody; write one of them"
        raise ConversionError(reason, position=0)
    if drop != "regions":
        reason = 'LOGOS has no place for the regions of an antibody; pass drop="regions"'
        raise ConversionError(reason, position=0)
    return f"<AntibodyS>{_residues(chains[0].protein().sequence)}<AntibodyE>"


def _residues(sequence: str) -> str:
    """A sequence of one-letter codes; a code of several letters is rejected at its position."""
    at = sequence.find("(")
    if at >= 0:
        name = sequence[at : sequence.index(")", at) + 1]
        raise ConversionError(
            f"LOGOS has no place for the modified residue {name} at character {at}", position=at
        )
    return sequence


def _noun(obj: object) -> str:
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(obj).__name__).lower()
    return f"{'an' if name[:1] in 'aeiou' else 'a'} {name}"


def _refused(reason: str) -> ConversionError:
    return ConversionError(reason, position=0)


def _pocket(pocket: Pocket) -> str:
    chain = _one(pocket.chains)
    if not len(chain.sites):
        raise _refused("a pocket without a lining residue is a protein to LOGOS; write its chain")
    if pocket.given is None:
        return _lined(chain)
    given = _one(pocket.given)
    if pocket.task == "search":
        if len(given.sites) or given.spelled:
            raise _refused("LOGOS gives a protein before <Search>; call pocket.searched()")
        if chain.spelled:
            raise _refused("LOGOS has residues by their letters after <Search>")
        return f"{_lined(given)}<Search>{_lined(chain)}"
    if given.spelled or not len(given.sites):
        raise _refused("LOGOS gives a pocket by the letters of its residues before <Trans>")
    if len(chain.spelled) != len(chain.sites):
        raise _refused("LOGOS has every lining residue as a molecule after <Trans>")
    return f"{_lined(given)}<Trans>{_lined(chain)}"


def _complex(complex_: Complex) -> str:
    if complex_.contacts is not None:
        raise _refused("LOGOS has no place for contacts; call complex.without_contacts()")
    match complex_.members:
        case (LinedChain() as chain, Molecule() as molecule):
            return _lined(chain) + _molecule(molecule)
    raise _refused("LOGOS has complexes of one protein and one molecule after it")


def _one(chains: tuple[LinedChain, ...]) -> LinedChain:
    if len(chains) > 1:
        raise _refused("LOGOS has no text form for a pocket of several chains")
    return chains[0]


def _lined(chain: LinedChain) -> str:
    """A protein, its residues that line site 1 between tags."""
    if not isinstance(chain.chain, Protein):
        raise _refused("LOGOS has no text form for a nucleic acid")
    if (chain.sites.site != 1).any():
        raise _refused("LOGOS has one pocket in a text, and no numbers of sites")
    letters = list(_residues(chain.chain.sequence))
    lining = set(chain.sites.residue.tolist())
    for row, molecule in chain.spelled:
        smiles = molecule.to_smiles()
        if row not in lining:
            raise _refused("LOGOS has molecules for residues that line the pocket only")
        if letters[row] != "X":
            reason = "LOGOS has no letter for a residue that is spelled out"
            raise _refused(f"{reason}; call pocket.without_letters()")
        if len(smiles) == 1:
            raise _refused(f"{smiles} between <PocketS> and <PocketE> is a residue to LOGOS")
        letters[row] = smiles
    for row in lining:
        letters[row] = f"<PocketS>{letters[row]}<PocketE>"
    return f"<ProteinS>{''.join(letters)}<ProteinE>"
