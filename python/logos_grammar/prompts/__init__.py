"""Prompts: what a sample begins with, by kind of object, and what it is usually kept to."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from logos_grammar.codec import encode
from logos_grammar.conformer import Conformer
from logos_grammar.fixed import Fixed
from logos_grammar.formats.logos import from_logos
from logos_grammar.kinds import FORMS, TEXTS, openings, text_kind
from logos_grammar.molecule import Molecule
from logos_grammar.prompts.relations import complex_ids, pocket_ids
from logos_grammar.prompts.smiles import sentence_of
from logos_grammar.reaction import Reaction
from logos_grammar.texts import encode_texts
from logos_grammar.vocabulary import vocabulary

__all__ = ["PROFILES", "Prompt", "prompt"]

PROFILES: Final[Mapping[str, str]] = MappingProxyType(
    {"molecule": "aromatic", "edit": "copy", "pocket": "copy"}
)
"""The profile that samples of a kind are usually kept to, by its short form."""

_IDS: Final = re.compile(r"\d+(?:[\s,]+\d+)*")
_DECIMALS: Final = 3
"""Decimals of the coordinates, in ångström, of a conformer that is begun."""


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """What a sample begins with.

    Attributes
    ----------
    ids
        The first ids of the sentence; none for any kind of object.
    profile
        The profile that samples of the kind are usually kept to, as `Recognizer` takes it:
        ``"aromatic"`` for a molecule, so that its valences are those that RDKit accepts,
        ``"copy"`` for an edit and a pocket; None for others.
    """

    ids: tuple[int, ...]
    profile: str | None


def prompt(kind: str | None, text: str | None = None) -> Prompt:
    """Return the prompt that a text is.

    Parameters
    ----------
    kind
        Kind of object, such as ``"molecule"``; None for any, or the one that LOGOS text says.
    text
        The beginning of the object; None for its opening tag alone.

        * ids, in digits: the first ids of the sentence, whatever the kind;
        * LOGOS text, which begins with a tag: ``<MoleculeS>CCO<MoleculeE><ReverseReact>``;
        * for a molecule SMILES, which is continued where its next character would continue it; a
          branch, a ring and a bond may be open: ``C1CC(``;
        * for a reaction SMILES of one side: ``CCO.CC(=O)O`` or ``CCO.CC(=O)O>[H+]>`` is continued
          with the products, ``>>CCOC(C)=O`` with the reactants;
        * for a conformer a whole SMILES, which is continued with a pose: coordinates with three
          decimals of its atoms, and of hydrogens if the pose has any;
        * for a protein, DNA or RNA its first letters, a FASTA header before them or not;
        * for a pocket proteins as letters or FASTA, whose sites are to be found, or LOGOS text that
          ends in ``<Search>`` or ``<Trans>``;
        * for a complex a protein or a pocket as LOGOS text, which is continued with a molecule; a
          molecule as LOGOS text or proteins as letters, which are continued with a protein;
        * for another kind that has a text, a whole text, which is continued before its closing tag.

    Raises
    ------
    ValueError
        If there is no such kind, or the text is not the beginning of such an object.

    Examples
    --------
    >>> import logos_grammar as lg
    >>> begun = lg.prompt("molecule", "C1CC(")
    >>> recognizer = lg.Recognizer("molecule", profile=begun.profile)
    >>> recognizer.accept_many(begun.ids) == len(begun.ids)
    True
    """
    opening = _openings(kind)
    ids: tuple[int, ...] = opening if len(opening) == 1 else ()
    if text is not None:
        try:
            ids = _ids_of(kind, text.strip())
        except ValueError as error:
            wanted = "an object" if kind is None else f"a {kind}"
            raise ValueError(f"expected the beginning of {wanted}: {error}") from None
    if kind is not None and (not ids or ids[0] not in opening):
        found = f", got {ids[0]}" if ids else ""
        either = " or ".join(map(str, opening))
        raise ValueError(f"expected a prompt that begins a {kind}, with the id {either}{found}")
    return Prompt(ids=ids, profile=PROFILES.get(kind or ""))


def _openings(kind: str | None) -> tuple[int, ...]:
    """The ids that begin a kind; of a type with forms one of them is to be said."""
    if kind is None:
        return ()
    forms = [form for form, of in FORMS.items() if of == kind]
    if forms:
        raise ValueError(f"expected a form of {kind}, {' or '.join(forms)}")
    return openings(kind)


def _ids_of(kind: str | None, text: str) -> tuple[int, ...]:
    if _IDS.fullmatch(text):
        return tuple(int(id) for id in re.split(r"[\s,]+", text))
    if kind in _RELATIONS:
        return _RELATIONS[kind](text)
    if text.startswith("<"):
        return _open(encode(from_logos(text)))
    if kind in _BEGINNINGS:
        return _BEGINNINGS[kind](text)
    if kind is not None and kind in TEXTS:
        return _open(encode_texts(text_kind(kind), [text])[0])
    raise ValueError(f"a prompt of ids in digits, or of LOGOS text, got {text!r}")


def _sequence(kind: str) -> Callable[[str], tuple[int, ...]]:
    def begun(text: str) -> tuple[int, ...]:
        lines = [line.strip() for line in text.splitlines() if not line.startswith(">")]
        return _open(encode_texts(text_kind(kind), ["".join(lines)])[0])

    return begun


def _reaction(text: str) -> tuple[int, ...]:
    """The reaction whose other side is still empty."""
    if text.startswith(">>"):
        return _open(encode(Reaction.from_smiles(text).retro()))
    missing = 2 - text.count(">")
    reaction = Reaction.from_smiles(text + ">" * max(0, missing))
    if reaction.products:
        raise ValueError("one side of a reaction, got both")
    return _open(encode(reaction))


def _conformer(text: str) -> tuple[int, ...]:
    """The molecule and the beginning of its first pose, which says how many hydrogens it has."""
    molecule = Molecule.from_smiles(text)
    zeros = Fixed(np.zeros(len(molecule.element), np.int64), _DECIMALS)
    bare = np.zeros(len(molecule.element), np.uint32)
    ids = encode(Conformer(molecule=molecule, hydrogens=bare, x=zeros, y=zeros, z=zeros)).tolist()
    return tuple(ids[: ids.index(vocabulary.id("<Pose>")) + 1])


def _open(sentence: npt.NDArray[np.uint16]) -> tuple[int, ...]:
    """The sentence without its closing tag."""
    return tuple(sentence[:-1].tolist())


_RELATIONS: Final[Mapping[str | None, Callable[[str], tuple[int, ...]]]] = MappingProxyType(
    {"pocket": pocket_ids, "complex": complex_ids}
)
"""The same of kinds whose LOGOS text is the beginning of another object than it says."""

_BEGINNINGS: Final[Mapping[str | None, Callable[[str], tuple[int, ...]]]] = MappingProxyType(
    {
        "molecule": sentence_of,
        "reaction": _reaction,
        "conformer": _conformer,
        **{kind: _sequence(kind) for kind in ("protein", "dna", "rna")},
    }
)
"""What makes the first ids of a text, by kind; others take a whole text, or none."""
