"""The formats that a sentence can be written as, by its kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from logos_grammar.codec import decode
from logos_grammar.encoded import Encoded
from logos_grammar.formats.logos import to_logos
from logos_grammar.kinds import TEXTS, text_kind
from logos_grammar.texts import decode_texts
from logos_grammar.vocabulary import vocabulary

__all__ = ["formats_of", "written"]

_Ids = npt.NDArray[np.uint16]
_FASTA_WIDTH: Final = 60
_OWN: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "molecule": ("smiles", "logos"),
        "reaction": ("smiles", "logos"),
        "protein": ("fasta", "logos"),
        "dna": ("fasta",),
        "rna": ("fasta",),
        "conformer": ("sdf",),
        "pocket": ("logos",),
        "complex": ("logos",),
        "structure": ("mmcif", "pdb"),
    }
)


def formats_of(kind: str) -> tuple[str, ...]:
    """Return the formats that sentences of a kind can be written as, the usual one first.

    Every kind has ``"tokens"`` and ``"ids"``; another kind that has a text has ``"text"``.
    """
    return (*_OWN.get(kind, ("text",) if kind in TEXTS else ()), "tokens", "ids")


def written(ids: npt.ArrayLike, *, kind: str, format: str, name: str = "sample") -> str:
    """Return a sentence in a format, its lines without the last line end.

    Parameters
    ----------
    ids
        The sentence.
    kind
        Its kind.
    format
        One of `formats_of`.
    name
        What names it in FASTA.

    Raises
    ------
    ValueError
        If the kind has no such format, the ids are not a sentence (`GrammarError`), or the format
        cannot hold the object (`ConversionError`).
    """
    if format not in formats_of(kind):
        expected = ", ".join(formats_of(kind))
        raise ValueError(f"expected a format of a {kind}, {expected}, got {format!r}")
    sentence = np.asarray(ids)
    if format == "text":
        return decode_texts(text_kind(kind), Encoded(sentence, np.array([0, len(sentence)])))[0]
    if format == "tokens":
        return " ".join(map(vocabulary.name, sentence.tolist()))
    if format == "ids":
        return " ".join(map(str, sentence.tolist()))
    obj = decode(sentence)
    return _fasta(obj, name) if format == "fasta" else _WRITERS[format](obj).removesuffix("\n")


def _fasta(obj: Any, name: str) -> str:
    sequence = obj.sequence
    lines = [sequence[at : at + _FASTA_WIDTH] for at in range(0, len(sequence), _FASTA_WIDTH)]
    return "\n".join([f">{name}", *lines])


_WRITERS: Final[Mapping[str, Callable[[Any], str]]] = MappingProxyType(
    {
        "smiles": lambda obj: str(obj.to_smiles()),
        "logos": to_logos,
        "sdf": lambda obj: str(obj.to_sdf()),
        "mmcif": lambda obj: str(obj.to_mmcif()),
        "pdb": lambda obj: str(obj.to_pdb()),
    }
)
