"""The text form of LOGOS, read."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

import numpy as np

from logos_grammar.complex import Complex
from logos_grammar.error import ConversionError
from logos_grammar.molecule import Molecule
from logos_grammar.pocket import LinedChain, Pocket, Sites
from logos_grammar.protein import Protein
from logos_grammar.reaction import Reaction
from logos_grammar.texts import encode_texts

__all__ = ["Logos", "Reader"]

Logos: TypeAlias = Molecule | Reaction | Protein | Pocket | Complex
"""What a LOGOS text can be read as."""

_TAG = re.compile(
    r"<(?:(?:Protein|Antibody|Molecule|Pocket|Material|Metal)[SE]|React|ReverseReact|Trans|Search)>"
)
_LATER = {"Material": "a material", "Metal": "a metal node"}


class Reader:
    """A LOGOS text, read tag by tag from left to right."""

    def __init__(self, text: str, *, antibody: Literal["protein"] | None) -> None:
        self.text = text
        self.antibody = antibody
        self.tags = list(_TAG.finditer(text))
        self.next = 0
        self.at = 0
        self.first: dict[str, int | None] = {}
        """Where the first lining residue of the last chain is, by a letter and as SMILES."""

    def read(self) -> Logos:
        first = self._expected("an object")
        obj: Logos
        match first.group():
            case "<MoleculeS>" | "<React>" | "<ReverseReact>":
                obj = self._molecule_or_reaction()
            case "<ProteinS>":
                obj = self._protein_or_more()
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
            molecules.append(self._smiles(smiles, start))
        return tuple(molecules)

    def _protein_or_more(self) -> Protein | Pocket | Complex:
        chain = self._lined()
        assert isinstance(chain.chain, Protein)
        is_lined = len(chain.sites) > 0
        if self.at == len(self.text):
            return Pocket((chain,)) if is_lined else chain.chain
        what = "<Trans>" if is_lined else "<Search>"
        what += ", <MoleculeS> or the end"
        tag = self._expected(what)
        match tag.group():
            case "<Search>" | "<Trans>" as task if task in what:
                self._pass()
                self._expect_letters("before <Trans>")
                return self._sought(chain, "search" if task == "<Search>" else "trans")
            case "<MoleculeS>":
                molecules = self._molecules()
                if len(molecules) > 1:
                    raise self._error("expected the end after one molecule", tag.start())
                return Complex((chain, *molecules))
        raise self._error(f"expected {what}, found {tag.group()}", self.at)

    def _sought(self, given: LinedChain, task: Literal["search", "trans"]) -> Pocket:
        """What was found of a chain."""
        start = self.at
        if not self.text.startswith("<ProteinS>", start):
            raise self._error("expected <ProteinS>", start)
        found = self._lined()
        if not len(found.sites):
            raise self._error("expected a residue that lines the pocket", start)
        if task == "search":
            self._expect_letters("after <Search>")
        elif self.first["letter"] is not None:
            reason = "expected every lining residue as SMILES after <Trans>"
            raise self._error(reason, self.first["letter"])
        return Pocket((found,), given=(given,), task=task)

    def _lined(self) -> LinedChain:
        """The protein here, and its residues that line the pocket."""
        self._pass()
        self.first = {"letter": None, "SMILES": None}
        letters: list[str] = []
        lining: list[int] = []
        spelled: list[tuple[int, Molecule]] = []
        while True:
            start = self.at
            tag = self._next("<ProteinE>")
            letters += self._letters(self.text[start : tag.start()], start)
            if tag.group() == "<ProteinE>":
                break
            if tag.group() != "<PocketS>":
                raise self._error(f"expected <ProteinE>, found {tag.group()}", tag.start())
            lining.append(len(letters))
            inner, content = self._content("<PocketE>")
            sort = "SMILES" if len(content) > 1 else "letter"
            if self.first[sort] is None:
                self.first[sort] = inner
            if sort == "SMILES":
                spelled.append((len(letters), self._smiles(content, inner)))
                letters.append("X")
            else:
                found = self._letters(content, inner)
                if not found:
                    raise self._error("expected a residue", inner)
                letters += found
        self._pass()
        sites = Sites(residue=np.array(lining, np.uint32), site=np.ones(len(lining), np.uint8))
        return LinedChain(Protein("".join(letters)), sites, tuple(spelled))

    def _expect_letters(self, where: str) -> None:
        """Refuse a chain that was read and has residues as SMILES."""
        if self.first["SMILES"] is not None:
            raise self._error(f"expected residues by their letters {where}", self.first["SMILES"])

    def _next(self, end: str) -> re.Match[str]:
        """The next tag, past which the text goes on at it."""
        if self.next == len(self.tags):
            raise self._error(f"expected {end}", len(self.text))
        tag = self.tags[self.next]
        self.at = tag.start()
        return tag

    def _letters(self, sequence: str, start: int) -> str:
        """Residues by one-letter codes."""
        name = sequence.find("(")
        if name >= 0:
            raise self._error("expected a residue, found (", start + name)
        try:
            encode_texts("protein", [sequence])
        except ConversionError as error:
            raise self._within(error, start) from error
        return sequence

    def _smiles(self, smiles: str, start: int) -> Molecule:
        try:
            return Molecule.from_smiles(smiles)
        except ConversionError as error:
            raise self._within(error, start) from error

    def _protein(self, end: str) -> Protein:
        start, sequence = self._content(end)
        return Protein(self._letters(sequence, start))

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
