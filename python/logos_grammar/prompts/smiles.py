"""The beginning of a molecule as the beginning of its SMILES.

Branches and rings may be open at its end, and a bond pending.
"""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

from logos_grammar.codec import encode
from logos_grammar.error import ConversionError
from logos_grammar.molecule import Molecule
from logos_grammar.vocabulary import vocabulary

_BONDS = frozenset("-=#$:~/\\")
_ATOMS = ("element", "aromatic")
_PART = re.compile(r"\[[^\]]*\]|%(\d\d)|(\d)|([()])|.", re.DOTALL)


def sentence_of(text: str) -> tuple[int, ...]:
    """Return the ids with which the sentence of a molecule begins whose SMILES begins so.

    What is open is closed over wildcards behind the text, and the sentence is cut before them.

    Raises
    ------
    ConversionError
        If no SMILES begins so, or an atom in brackets is cut short.
    ValueError
        If the sentence has the atoms in another order than the text, or no bond at its end.
    """
    ends = _ends(text)
    try:
        closed = Molecule.from_smiles(text + ends)
    except ConversionError as error:
        if error.position >= len(text):
            # It is about what was put there.
            Molecule.from_smiles(text)
        raise
    ids = _cut(encode(closed), wildcards=ends.count("*"))
    if text[-1:] in _BONDS and vocabulary.block_of(ids[-1]).name != "bond":
        raise ValueError(f"an atom at its end: the grammar does not write {text[-1]} there")
    return ids


def _ends(text: str) -> str:
    """What closes each ring in the branch in which it was opened, and each branch."""
    rings: list[set[str]] = [set()]
    for part in _PART.finditer(text):
        of_two, of_one, branch = part.groups()
        label = of_two or of_one
        if branch == "(":
            rings.append(set())
        elif branch == ")" and len(rings) > 1:
            rings.pop()
        elif label:
            written = f"%{of_two}" if of_two else of_one
            holder = next((open_ for open_ in rings if written in open_), None)
            if holder is None:
                rings[-1].add(written)
            else:
                holder.remove(written)
    closed = ["*" + "".join(f"*{label}" for label in sorted(open_)) for open_ in reversed(rings)]
    return ")".join(closed)


def _cut(sentence: npt.NDArray[np.uint16], *, wildcards: int) -> tuple[int, ...]:
    """The sentence before the first of its last atoms, all of which are wildcards."""
    wildcard = vocabulary.id("*")
    places = [at for at, id in enumerate(sentence.tolist()) if id == wildcard]
    cut = places[-wildcards]
    atoms = [id for id in sentence[cut:].tolist() if vocabulary.block_of(id).name in _ATOMS]
    if atoms != [wildcard] * wildcards:
        raise ValueError("SMILES whose atoms the grammar has in the same order")
    return tuple(sentence[:cut].tolist())
