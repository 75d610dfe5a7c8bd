"""Kinds: what an object, a sentence or a text is, by the name that every function takes.

A *kind* is an object type (``"molecule"``, ``"nucleic_acid"``) or one of the forms into which the
first rule of a type divides it (``"dna"`` and ``"rna"``). Some kinds have a text. All of them are
generated from the spec.
"""

from __future__ import annotations

from typing import cast

from logos_grammar._core import Recognizer
from logos_grammar._kinds import FORMS, OBJECT_TYPES, TEXTS, TextKind

__all__ = ["FORMS", "OBJECT_TYPES", "TEXTS", "TextKind", "object_type", "openings", "text_kind"]


def object_type(kind: str) -> str:
    """The object type of a kind: ``"nucleic_acid"`` of ``"dna"``, any other kind itself."""
    return FORMS.get(kind, kind)


def text_kind(kind: str) -> TextKind:
    """A kind that has a text.

    Raises
    ------
    ValueError
        When it has none; for a type whose forms have one, with the forms to say instead.
    """
    if kind in TEXTS:
        return cast(TextKind, kind)
    forms = [form for form in TEXTS if FORMS.get(form) == kind]
    say = f": say {' or '.join(forms)}" if forms else ""
    raise ValueError(f"expected a kind of text, one of {', '.join(TEXTS)}, not {kind!r}{say}")


def openings(kind: str) -> tuple[int, ...]:
    """The ids with which a sentence of a kind can begin, ascending.

    Raises
    ------
    ValueError
        When the kind is not known.
    """
    return tuple(Recognizer(kind).allowed().tolist())
