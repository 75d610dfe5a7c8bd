"""Projections on the way to a shard: other sentences than those of the texts, by named options."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from logos_grammar.codec import decode_many, encode_many
from logos_grammar.encoded import Encoded
from logos_grammar.error import ConversionError, GrammarError
from logos_grammar.formats.compressed import InputError
from logos_grammar.kinds import TextKind
from logos_grammar.molecule import Molecule
from logos_grammar.prep.batch import Options
from logos_grammar.prep.methods import check_methods
from logos_grammar.prep.readers import loaded
from logos_grammar.reaction import Reaction

Projection = Callable[[Any], Any]

KINDS: dict[str, tuple[TextKind, ...]] = {
    "root_aligned": ("reaction",),
    "kekulized": ("molecule", "reaction"),
    "without_maps": ("molecule", "reaction"),
    "retro": ("reaction",),
}
"""The kinds to which each option applies, in the order in which they are applied."""


def check_projections(options: Options) -> None:
    """Raise `InputError` if a projection does not go with the kind, or its library is missing."""
    check_methods(options)
    for name, kinds in KINDS.items():
        if getattr(options, name):
            if options.kind not in kinds:
                option = f"--{name.replace('_', '-')}"
                raise InputError(f"expected no {option} for a {options.kind}")
            _projection(name)


def projected(encoded: Encoded, options: Options) -> Encoded:
    """Replace sentences by those that the options name.

    Parameters
    ----------
    encoded
        Sentences; refused rows are empty and stay so.
    options
        What the records are to become.

    Returns
    -------
    Encoded
        As many rows; a row that a projection refuses is empty, with its error.
    """
    projections = [_projection(name) for name in KINDS if getattr(options, name)]
    if not projections:
        return encoded
    errors = dict(encoded.errors)
    objects: dict[int, Any] = {}
    whole = encoded.without_refused()
    for row, found in zip(encoded.accepted.tolist(), decode_many(whole, threads=1), strict=True):
        try:
            obj = found
            for projection in projections:
                obj = projection(obj)
        except GrammarError as error:
            errors[row] = ConversionError(str(error), record=row)
        else:
            objects[row] = obj
    again = encode_many(objects.values(), threads=1)
    lengths = np.zeros(len(encoded), np.int64)
    lengths[list(objects)] = np.diff(again.offsets)
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    return Encoded(again.ids, offsets, tuple(sorted(errors.items())))


def _projection(name: str) -> Projection:
    if name == "retro":
        return Reaction.retro
    if name == "without_maps":
        return lambda obj: obj.without_maps().without_brackets()
    option = f"--{name.replace('_', '-')}"
    if name == "root_aligned":
        aligned: Projection = loaded("logos_grammar.reaction.rdkit", option).root_aligned
        return aligned
    kekulized: Projection = loaded("logos_grammar.molecule.rdkit", option).kekulized
    return lambda obj: _of_each_molecule(obj, kekulized)


def _of_each_molecule(obj: Molecule | Reaction, projection: Projection) -> Molecule | Reaction:
    if isinstance(obj, Molecule):
        molecule: Molecule = projection(obj)
        return molecule
    return replace(
        obj,
        reactants=tuple(map(projection, obj.reactants)),
        agents=tuple(map(projection, obj.agents)),
        products=tuple(map(projection, obj.products)),
    )
