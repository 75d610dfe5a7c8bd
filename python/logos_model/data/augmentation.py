"""Augmentation: another sentence of the same object; and a part of an object that is one itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

import logos_grammar as lg
from logos_grammar.molecule import Molecule
from logos_grammar.nucleic_acid import NucleicAcid
from logos_grammar.protein import Protein
from logos_grammar.reaction import Reaction
from logos_model.data.atom_order import has_plain_stereo, reordered
from logos_model.shuffle import hashed

Ids = NDArray[Any]

_RESIDUE = re.compile(r"\(.*?\)|.", re.DOTALL)


def augmented(how: str, sentences: Sequence[Ids], seeds: NDArray[np.uint64]) -> list[Ids | None]:
    """Return another sentence for each, or None where there is no other.

    Parameters
    ----------
    how
        "atom_order" or "root_aligned", see `logos_model.data_config.SourceConfig`.
    sentences
        Ids of one object each.
    seeds
        What each change follows from, uint64 [n].
    """
    change = _CHANGES[how]
    objects = [
        change(lg.decode(ids), int(seed)) for ids, seed in zip(sentences, seeds, strict=True)
    ]
    return [None if each is None else _encoded(each) for each in objects]


def cropped(sentence: Ids, limit: int, seed: int) -> Ids:
    """Return a sentence of at most `limit` ids that is a part of the object of another.

    Proteins and nucleic acids give a run of residues.

    Raises
    ------
    ValueError
        If the type of the object has no parts that are objects.
    """
    whole = lg.decode(sentence)
    if not isinstance(whole, Protein | NucleicAcid):
        raise ValueError(f"a {type(whole).__name__} has no part that is one: split or refuse it")
    residues = _RESIDUE.findall(whole.sequence)
    ids, count = sentence, len(residues)
    while len(ids) > limit:
        if count == 1:
            raise ValueError(f"one residue takes {len(ids)} ids, more than {limit}")
        # Every residue takes a token or more.
        count = max(1, count - (len(ids) - limit))
        begin = seed % (len(residues) - count + 1)
        ids = lg.encode(replace(whole, sequence="".join(residues[begin : begin + count])))
    return ids


def _with_new_order(thing: object, *key: int) -> object | None:
    """A molecule, or each molecule of a reaction, in another atom order."""
    if isinstance(thing, Molecule):
        if not has_plain_stereo(thing):
            return None
        return reordered(thing, hashed(np.arange(len(thing)), *key).tolist())
    if isinstance(thing, Reaction):
        sides = [
            [_with_new_order(each, *key, side, place) for place, each in enumerate(given)]
            for side, given in enumerate((thing.reactants, thing.agents, thing.products))
        ]
        if any(each is None for side in sides for each in side):
            return None
        reactants, agents, products = sides
        return replace(thing, reactants=reactants, agents=agents, products=products)  # type: ignore[arg-type]
    return None


def _root_aligned(thing: object, seed: int) -> object | None:
    """A reaction whose reactants follow the atom order of its products, without map numbers.

    Products are put in another order; the atoms of a reactant are then visited in the order in
    which their map numbers stand in the products, and reactants in that of their first atom.
    Method: R-SMILES, Zhong et al., Chem. Sci. 2022, 13, 9023.
    """
    if not isinstance(thing, Reaction):
        return None
    molecules = (*thing.reactants, *thing.agents, *thing.products)
    if not any(each.map.any() for each in thing.products) or not all(
        map(has_plain_stereo, molecules)
    ):
        return None
    turned: list[Molecule] = []
    for place, each in enumerate(thing.products):
        rank = hashed(np.arange(len(each)), seed, place).tolist()
        turned.append(reordered(each, rank))
    maps = [number for each in turned for number in each.map.tolist() if number]
    place_of = {number: place for place, number in enumerate(maps)}
    aligned: list[tuple[float, Molecule]] = []
    for each in thing.reactants:
        rank = [
            place_of.get(number, len(maps) + atom) for atom, number in enumerate(each.map.tolist())
        ]
        aligned.append((min(rank), reordered(each, rank)))
    aligned.sort(key=lambda pair: pair[0])
    return replace(
        thing, reactants=tuple(each for _, each in aligned), products=tuple(turned)
    ).without_maps()


def _encoded(thing: object) -> Ids | None:
    """The sentence; None where the new order needs more ring labels than there are."""
    try:
        return lg.encode(thing)
    except lg.GrammarError:
        return None


_CHANGES: dict[str, Callable[[object, int], object | None]] = {
    "atom_order": _with_new_order,
    "root_aligned": _root_aligned,
}
