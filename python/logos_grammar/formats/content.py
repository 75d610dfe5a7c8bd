"""The content of a file as bytes, and what is not one: a path, compressed data, another format."""

from __future__ import annotations

import re
from typing import Final

from logos_grammar.error import ConversionError

__all__ = ["content_of"]

_PATH: Final = re.compile(
    r"[^\n\r]*\.(?:pdb|ent|cif|mmcif|sdf|sd|mol)(?:\.(?:gz|bz2|xz|zst))?", re.IGNORECASE
)
_LONGEST: Final = 4_096
"""How many characters a path has at most."""
_COMPRESSED: Final = {
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"\x28\xb5\x2f\xfd": "Zstandard",
}
_CIF: Final = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s|#[^\n]*\n)*data_\S", re.IGNORECASE)


def content_of(text: str | bytes, *, refuse_cif: bool) -> bytes:
    """Return the bytes of a file.

    Parameters
    ----------
    text
        The whole content. A str is read as UTF-8, a lone surrogate as its byte.
    refuse_cif
        Whether the first line says another format where it begins a block of CIF.

    Raises
    ------
    ConversionError
        For the path of a file, compressed data, and CIF where another format is read.
    TypeError
        For anything but str or bytes.
    """
    if not isinstance(text, str | bytes):
        found = type(text).__name__
        raise TypeError(f"expected the content of a file as str or bytes, not {found}")
    if isinstance(text, str) and len(text) <= _LONGEST and _PATH.fullmatch(text):
        raise ConversionError(
            f"expected the content of a file, found a path: Path({text!r}).read_bytes() gives it"
        )
    content = text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text
    for begin, name in _COMPRESSED.items():
        if content.startswith(begin):
            raise ConversionError(f"expected the text of a file, found data compressed by {name}")
    if refuse_cif and _CIF.match(content):
        raise ConversionError("expected a PDB file; this is CIF, which from_mmcif reads")
    return content
