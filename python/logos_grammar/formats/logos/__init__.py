"""The text form that LOGOS published, read and written: a foreign format, not this grammar.

LOGOS (arXiv 2606.16905, and the input formats in the README and scripts of LOGOS-Hub/LOGOS) writes
an object as plain text between two tags: ``<MoleculeS>CCO<MoleculeE>``.

=====================  ==========================================================================
molecule               ``<MoleculeS>`` SMILES ``<MoleculeE>``
reaction, forward      molecules of the reactants, ``<React>``, molecules of the products
reaction, retro        molecules of the products, ``<ReverseReact>``, molecules of the reactants
protein                ``<ProteinS>`` one-letter codes ``<ProteinE>``
antibody, one chain    ``<AntibodyS>`` one-letter codes ``<AntibodyE>``
pocket                 a protein, each residue that lines it between ``<PocketS>`` and ``<PocketE>``
pocket, expanded       the same, with the SMILES of the residue between these tags
pocket, searched       a protein, ``<Search>``, the pocket
pocket, translated     a pocket, ``<Trans>``, the expanded pocket
complex                a protein or a pocket of either form, and a molecule
=====================  ==========================================================================

A prompt is a reaction whose second side is still empty:
``<MoleculeS>CCO<MoleculeE><ReverseReact>``.

Source of each form: for molecule, retro reaction and protein the README's input formats and
``reversereact_gen.py``; ``<React>`` and the antibody tags are in the published vocabulary, and
the text between them is written by analogy, since no published text shows it. The forms with a
pocket are those of the figure of the data in the repository of LOGOS, which shows one chain.

What is between ``<PocketS>`` and ``<PocketE>`` is a residue where it is one letter, and SMILES
where it is more: the text does not say which. A residue that is spelled out has no letter in the
text, so that it is X here (`pocket.without_letters()`), and lines the only site there is, 1.

*Kept*: molecules with isotopes, charges, stereo and map numbers, which SMILES holds; the order of
molecules and atoms; all one-letter codes of a protein.

*Normalised when read*: the spelling of SMILES (ring labels, brackets that say nothing, bond
symbols that are implied). What RDKit writes as canonical SMILES comes back character for
character.

*Refused by* :func:`to_logos`, *because the form has no place for it*: agents of a reaction (call
``reaction.without_agents()`` first); modified residues; nucleic acids, for which LOGOS has no tag;
infill and edit, for which it has neither tags nor a published text; an antibody of two chains,
since no published text joins two. Regions, locus and constant part of an antibody are lost only
under ``drop="regions"``.

*Refused by* :func:`from_logos`: anything but one object with nothing around it, a space or an end
token of a language model included; an antibody, whose regions the text does not say, unless
``antibody="protein"`` reads its residues as a protein; and the objects of LOGOS that are not yet
an object type here (materials, metals).

A tag is a tag in any place: no SMILES and no sequence contains one, so text within an object
cannot forge one.
"""

from __future__ import annotations

from typing import Literal

from logos_grammar.codec import encode
from logos_grammar.formats.logos.reading import Logos, Reader
from logos_grammar.formats.logos.writing import written
from logos_grammar.object_types import ScientificObject

__all__ = ["Logos", "from_logos", "to_logos"]


def to_logos(obj: ScientificObject, *, drop: Literal["regions"] | None = None) -> str:
    """Write an object as LOGOS writes it.

    Parameters
    ----------
    obj
        A molecule, reaction, protein, antibody, pocket or complex.
    drop
        ``"regions"``: write an antibody of one chain without its regions and locus.

    Returns
    -------
    str
        ``from_logos`` of it is ``obj`` again, without what ``drop`` names.

    Raises
    ------
    ConversionError
        When the form cannot hold the object; the position is 0, or for a protein or antibody the
        residue in its text that cannot be held.
    GrammarError
        When the object breaks a condition of its own grammar.
    ValueError
        When ``drop`` is neither ``"regions"`` nor None.
    """
    _check_choice("drop", drop, "regions")
    encode(obj)  # so that no tag gets into the text by way of a field
    return written(obj, drop)


def from_logos(text: str, *, antibody: Literal["protein"] | None = None) -> Logos:
    """Read an object as LOGOS writes it.

    Parameters
    ----------
    text
        One object and nothing else.
    antibody
        ``"protein"``: read an antibody, whose regions the text does not say, as a protein.

    Returns
    -------
    Molecule, Reaction, Protein, Pocket or Complex
        The object.

    Raises
    ------
    ConversionError
        At the first character that is not allowed there; the length of the text when it is
        cut short.
    ValueError
        When ``antibody`` is neither ``"protein"`` nor None.
    """
    _check_choice("antibody", antibody, "protein")
    return Reader(text, antibody=antibody).read()


def _check_choice(option: str, given: object, choice: str) -> None:
    if given is not None and given != choice:
        raise ValueError(f'expected {option}="{choice}" or {option}=None, found {given!r}')
