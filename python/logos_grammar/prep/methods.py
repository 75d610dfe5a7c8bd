"""What structures and conformers become on the way to a shard: methods, by their names."""

from __future__ import annotations

from typing import Any, Final, TypeVar

from logos_grammar.error import ConversionError, GrammarError
from logos_grammar.formats.compressed import InputError
from logos_grammar.prep.batch import Options

__all__ = ["METHODS", "applied", "check_methods"]

_Object = TypeVar("_Object")

METHODS: Final[dict[str, tuple[str, ...]]] = {
    "alpha_carbons": ("structure",),
    "backbone": ("structure",),
    "centred": ("structure", "conformer"),
    "first_altloc": ("structure",),
    "heavy": ("conformer",),
    "without_b_factors": ("structure",),
    "without_displacements": ("structure",),
    "without_hydrogens": ("structure",),
    "without_waters": ("structure",),
}
"""The methods that ``--projection`` names, and the kinds whose objects have them."""


def check_methods(options: Options) -> None:
    """Raise `InputError` for a projection that objects of the kind do not have."""
    known = [name for name, kinds in METHODS.items() if options.kind in kinds]
    for name in options.projections:
        if name not in known:
            wanted = f"one of {', '.join(known)} as" if known else "no"
            raise InputError(f"expected {wanted} --projection for a {options.kind}, got {name!r}")


def applied(obj: _Object, options: Options) -> _Object:
    """An object after the projections that are named, in their order.

    Raises
    ------
    ConversionError
        For an object that a projection refuses, such as one whose coordinates leave 64 bits.
    """
    made: Any = obj
    for name in options.projections:
        try:
            made = getattr(made, name)()
        except GrammarError:
            raise
        except ValueError as error:
            raise ConversionError(f"{name}: {error}") from error
    projection: _Object = made
    return projection
