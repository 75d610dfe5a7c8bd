"""Checks of sentences that were drawn: whole in time, decoded, and what their profile promises."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem

import logos_grammar as lg
from logos_grammar.edit import Edit
from logos_grammar.molecule import Molecule
from logos_grammar.molecule.rdkit import to_rdkit
from logos_grammar.reaction import Reaction

CHECKS: Final = ("ended", "decoded", "sanitized", "kept")

Asked = str | lg.Profile | None
Ids = NDArray[np.uint16]


def promise(profile: Asked) -> str | None:
    """The check that a profile brings with it."""
    if profile in (None, "aromatic"):
        return None
    return "sanitized" if profile == "kekule+valence" else "kept"


def passed(ids: Ids, *, profile: Asked, budget: int, done: bool) -> Iterator[str]:
    """Yield the checks that a sentence passes, in their order, up to the first that it does not.

    Parameters
    ----------
    ids
        What was drawn, uint16 [n].
    profile, budget
        What the recognizer kept to.
    done
        Whether it says that the sentence is whole.
    """
    if not done or len(ids) > budget:
        return
    yield "ended"
    try:
        thing = lg.decode(ids)
        again = lg.encode(thing)
    except lg.GrammarError:
        return
    if not np.array_equal(again, ids):
        return
    yield "decoded"
    promised = promise(profile)
    if promised and _keeps(profile, thing, ids):
        yield promised


def _keeps(profile: Asked, thing: lg.ScientificObject, ids: Ids) -> bool:
    if isinstance(profile, lg.Profile):
        found = Counter(_UNIT[token] for token in ids.tolist() if token in _UNIT)
        if profile.composition is not None:
            return found == profile.composition
        assert isinstance(profile.length, tuple)
        return profile.length[0] <= found.total() <= profile.length[1]
    if isinstance(thing, Edit):
        parts = re.split(r"(\[[^\]]*\])", thing.before.sequence)
        same = "".join(".*" if part.startswith("[") else re.escape(part) for part in parts)
        return re.fullmatch(same, thing.after.sequence) is not None
    if isinstance(thing, Reaction):
        return all(map(_sanitized, (*thing.reactants, *thing.agents, *thing.products)))
    assert isinstance(thing, Molecule)
    return _sanitized(thing)


def _sanitized(molecule: Molecule) -> bool:
    if Chem.MolFromSmiles(molecule.to_smiles()) is None:
        return False
    try:
        to_rdkit(molecule)
    except lg.ConversionError:
        return False
    return True


def _unit(token: int) -> str | None:
    """What a count counts a token as; an atom is its element, a name a residue or nucleotide."""
    name, block = lg.vocabulary.name(token), lg.vocabulary.block_of(token).name
    if block == "aromatic":
        return name.capitalize()
    return name if block in ("element", "amino_acid", "nucleotide") or name == "<NameS>" else None


_UNIT: Final = {token: unit for token in lg.vocabulary if (unit := _unit(token))}
