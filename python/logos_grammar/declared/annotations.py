"""Annotations of fields: what they say of the values of a part."""

from __future__ import annotations

import types
from typing import Any, Union, get_args, get_origin


def expect(wanted: type, hint: Any) -> None:
    """Raise TypeError when an annotation is not this type."""
    if hint is not wanted:
        found = getattr(hint, "__name__", hint)
        raise TypeError(f"expected the annotation {wanted.__name__}, not {found}")


def members(hint: Any) -> tuple[Any, ...]:
    """The types of a union; of another annotation itself."""
    is_union = isinstance(hint, types.UnionType) or get_origin(hint) is Union
    return get_args(hint) if is_union else (hint,)


def without_none(hint: Any) -> Any:
    """What an annotation is when it is not None; TypeError when it never is."""
    kept = tuple(each for each in members(hint) if each is not type(None))
    if len(kept) == len(members(hint)):
        raise TypeError(
            f"expected the annotation … | None for a part that may be missing, not {hint}"
        )
    return Union[kept]  # noqa: UP007 (as many as there are)


def of_tuple(hint: Any) -> Any:
    """The member type of an annotation of a tuple of any length; TypeError for any other."""
    arguments = get_args(hint)
    if get_origin(hint) is not tuple or len(arguments) != 2 or arguments[1] is not Ellipsis:
        raise TypeError(
            f"expected the annotation tuple[…, ...] for a part that is repeated, not {hint}"
        )
    return arguments[0]
