"""The text form that LOGOS published, read and written: a foreign format, not this grammar.

LOGOS (arXiv 2606.16905, and the input formats in the README and scripts of LOGOS-Hub/LOGOS) writes
an object as plain text between two tags: ``<MoleculeS>CCO<MoleculeE>``.

=====================  ==========================================================================
molecule               ``<MoleculeS>`` SMILES ``<MoleculeE>``
reaction, forward      molecules of the reactants, ``<React>``, molecules of the products
reaction, retro        molecules of the products, ``<ReverseReact>``, molecules of the reactants
protein                ``<ProteinS>`` one-letter codes ``<ProteinE>``
antibody, one chain    ``<AntibodyS>`` one-letter codes ``<AntibodyE>``
=====================  ==========================================================================

A prompt is a reaction whose second side is still empty:
``<MoleculeS>CCO<MoleculeE><ReverseReact>``.

Source of each form: for molecule, retro reaction and protein the README's input formats and
``reversereact_gen.py``; ``<React>`` and the antibody tags are in the published vocabulary, and
the text between them is written by analogy, since no published text shows it.

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
an object type here (pockets, materials, metals, ``<Search>``, ``<Trans>``).

A tag is a tag in any place: no SMILES and no sequence contains one, so text within an object
cannot forge one.
"""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from logos_grammar.antibody import Antibody
from logos_grammar.codec import encode
from logos_grammar.error import ConversionError
from logos_grammar.molecule import Molecule
from logos_grammar.object_types import ScientificObject
from logos_grammar.protein import Protein
from logos_grammar.reaction import Reaction
from logos_grammar.texts import encode_texts

Logos: TypeAlias = Molecule | Reaction | Protein
"""What a LOGOS text can be read as."""

_TAG = re.compile(
    r"<(?:(?:Protein|Antibody|Molecule|Pocket|Material|Metal)[SE]|React|ReverseReact|Trans|Search)>"
)
_LATER = {"Pocket": "a pocket", "Material": "a material", "Metal": "a metal node"}


def to_logos(obj: ScientificObject, *, drop: Literal["regions"] | None = None) -> str:
    """Write an object as LOGOS writes it.

    Parameters
    ----------
    obj
        A molecule, reaction, protein or antibody.
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
    if isinstance(obj, Molecule):
        return _molecule(obj)
    if isinstance(obj, Reaction):
        return _reaction(obj)
    if isinstance(obj, Protein):
        return f"<ProteinS>{_residues(obj.sequence)}<ProteinE>"
    if isinstance(obj, Antibody):
        return _antibody(obj, drop)
    raise ConversionError(f"LOGOS has no text form for {_noun(obj)}", position=0)


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
    Molecule, Reaction or Protein
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
    return _Reader(text, antibody=antibody).read()


def _check_choice(option: str, given: object, choice: str) -> None:
    if given is not None and given != choice:
        raise ValueError(f'expected {option}="{choice}" or {option}=None, found {given!r}')


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


class _Reader:
    """A LOGOS text, read tag by tag from left to right."""

    def __init__(self, text: str, *, antibody: Literal["protein"] | None) -> None:
        self.text = text
        self.antibody = antibody
        self.tags = list(_TAG.finditer(text))
        self.next = 0
        self.at = 0

    def read(self) -> Logos:
        first = self._expected("an object")
        obj: Logos
        match first.group():
            case "<MoleculeS>" | "<React>" | "<ReverseReact>":
                obj = self._molecule_or_reaction()
            case "<ProteinS>":
                obj = self._protein("<ProteinE>")
            case "<AntibodyS>" if self.antibody == "protein":
                obj = self._protein("<AntibodyE>")
            case "<AntibodyS>":
                raise self._error(
                    'LOGOS does not say the regions of an antibody; pass antibody="protein" to '
                    "read its residues",
                    self.at,
                )
            case tag:
                later = _LATER.get(tag[1:-2])
                reason = f"{later} is not an object type here yet" if later else f"unexpected {tag}"
                raise self._error(reason, self.at)
        if self.at < len(self.text):
            raise self._error("expected the end", self.at)
        return obj

    def _molecule_or_reaction(self) -> Molecule | Reaction:
        before = self._molecules()
        if self.at == len(self.text) and len(before) == 1:
            return before[0]
        what = f"<React>{',' if len(before) == 1 else ' or'} <ReverseReact>"
        what += " or the end" if len(before) == 1 else ""
        arrow = self._expected(what)
        if arrow.group() not in ("<React>", "<ReverseReact>"):
            raise self._error(f"expected {what}, found {arrow.group()}", self.at)
        self._pass()
        after = self._molecules()
        if arrow.group() == "<React>":
            return Reaction(before, (), after)
        return Reaction(after, (), before, direction="retro")

    def _molecules(self) -> tuple[Molecule, ...]:
        molecules: list[Molecule] = []
        while self.text.startswith("<MoleculeS>", self.at):
            start, smiles = self._content("<MoleculeE>")
            try:
                molecules.append(Molecule.from_smiles(smiles))
            except ConversionError as error:
                raise self._within(error, start) from error
        return tuple(molecules)

    def _protein(self, end: str) -> Protein:
        start, sequence = self._content(end)
        name = sequence.find("(")
        if name >= 0:
            raise self._error("expected a residue, found (", start + name)
        try:
            encode_texts("protein", [sequence])
        except ConversionError as error:
            raise self._within(error, start) from error
        return Protein(sequence)

    def _content(self, end: str) -> tuple[int, str]:
        """The text between the tag here and its end, and where it begins."""
        self._pass()
        start = self.at
        if self.next == len(self.tags):
            raise self._error(f"expected {end}", len(self.text))
        tag = self.tags[self.next]
        if tag.group() != end:
            raise self._error(f"expected {end}, found {tag.group()}", tag.start())
        self._pass()
        return start, self.text[start : tag.start()]

    def _expected(self, what: str) -> re.Match[str]:
        """The tag that begins here."""
        if self.next == len(self.tags) or self.tags[self.next].start() != self.at:
            raise self._error(f"expected {what}", self.at)
        return self.tags[self.next]

    def _pass(self) -> None:
        self.at = self.tags[self.next].end()
        self.next += 1

    def _error(self, reason: str, position: int) -> ConversionError:
        return ConversionError(f"{reason} at character {position}", position=position)

    def _within(self, error: ConversionError, start: int) -> ConversionError:
        """An error of a part, with its place in the whole text."""
        position = start + error.position
        reason = re.sub(r" at character \d+( of record \d+)?$", "", str(error))
        return self._error(reason, position)
