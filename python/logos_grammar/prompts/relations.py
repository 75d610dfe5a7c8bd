"""Prompts of pockets and complexes: what is known of one part, before what is to be found."""

from __future__ import annotations

import re
from typing import Final

from logos_grammar.codec import encode
from logos_grammar.complex import Complex
from logos_grammar.formats.logos import from_logos
from logos_grammar.molecule import Molecule
from logos_grammar.pocket import LinedChain, Pocket
from logos_grammar.protein import Protein
from logos_grammar.vocabulary import vocabulary

__all__ = ["complex_ids", "pocket_ids"]

_TASK: Final = re.compile(r"<(Search|Trans)>$")


def pocket_ids(text: str) -> tuple[int, ...]:
    """The chains of which something is to be found, up to the tag that says what.

    LOGOS text that ends in ``<Search>`` or ``<Trans>``, or proteins as letters or FASTA, whose
    sites are to be found.
    """
    task = _TASK.search(text)
    if task is None and not text.startswith("<"):
        chains = _chains(text)
        return _up_to(Pocket(chains, given=chains, task="search"), "<Search>")
    given = from_logos(text[: task.start()] if task else text)
    chains = given.chains if isinstance(given, Pocket) else ()
    if isinstance(given, Protein):
        chains = (LinedChain(given),)
    if not chains:
        raise ValueError(f"a protein or a pocket before {task.group() if task else 'a task'}")
    if task is None:
        return tuple(encode(Pocket(chains))[:-1].tolist())
    if task.group() == "<Search>":
        return _up_to(Pocket(chains, given=chains, task="search"), "<Search>")
    return _up_to(Pocket(chains, given=chains, task="trans"), "<Trans>")


def complex_ids(text: str) -> tuple[int, ...]:
    """The members that are known, and the tag of the one that is to be found.

    After a protein or a pocket as LOGOS text a molecule, after a molecule as LOGOS text a protein,
    after proteins as letters or FASTA a protein.
    """
    if not text.startswith("<"):
        return (*_members(Complex(_chains(text))), vocabulary.id("<ProteinS>"))
    given = from_logos(text)
    if isinstance(given, Complex):
        return _members(given)
    if isinstance(given, Molecule):
        return (*_members(Complex((given,))), vocabulary.id("<ProteinS>"))
    if isinstance(given, Pocket) and given.given is None:
        return (*_members(Complex(given.chains)), vocabulary.id("<MoleculeS>"))
    if isinstance(given, Protein):
        return (*_members(Complex((LinedChain(given),))), vocabulary.id("<MoleculeS>"))
    raise ValueError("a protein, a pocket or a molecule as the first member")


def _chains(text: str) -> tuple[LinedChain, ...]:
    """Proteins by their letters: one, or one for each header of FASTA."""
    records = re.split(r"^>.*$", text, flags=re.MULTILINE) if text.startswith(">") else ["", text]
    return tuple(LinedChain(Protein("".join(record.split()))) for record in records[1:])


def _members(complex_: Complex) -> tuple[int, ...]:
    return tuple(encode(complex_)[:-1].tolist())


def _up_to(pocket: Pocket, tag: str) -> tuple[int, ...]:
    ids = encode(pocket).tolist()
    return tuple(ids[: ids.index(vocabulary.id(tag)) + 1])
