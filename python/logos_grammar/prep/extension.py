"""The CXSMILES extension that may follow a SMILES: `CC.O>>CO |f:0.1|`."""

from __future__ import annotations

import re

_ABSOLUTE = re.compile(rb"(?:^|(?<=,))a:\d+(?:,\d+)*(?=,|$)")
_LABELS = re.compile(rb"\$[^$]*\$")
_FRAGMENTS = re.compile(rb"(?:^|(?<=,))f:\d+(?:\.\d+)*(?:,\d+(?:\.\d+)*)*(?=,|$)")


class RejectedRecord(Exception):
    """Why a record has no text to encode.

    Attributes
    ----------
    reason
        What was wanted or is in the way.
    position
        The character of `text`, from 0, or None.
    text
        The text of the record, as far as it has one.
    """

    def __init__(self, reason: str, position: int | None, text: bytes) -> None:
        super().__init__(reason)
        self.reason = reason
        self.position = position
        self.text = text


def without_extension(text: bytes, *, reaction: bool, drop: bool) -> bytes:
    """Take from a text the CXSMILES features that a sentence does not hold.

    Which fragments of a reaction are one molecule (`f:`) is held, and stays. That stereo centres
    are absolute (`a:`) is what SMILES says without it, and goes.

    Parameters
    ----------
    text
        A SMILES and what follows it.
    reaction
        Whether it is a reaction SMILES.
    drop
        Leave other features out.

    Raises
    ------
    RejectedRecord
        If there are other features and `drop` is false, or the extension does not end.
    """
    smiles = text.replace(b"\t", b" ").partition(b" ")[0]
    rest = text[len(smiles) :].lstrip(b" \t")
    if not rest.startswith(b"|"):
        return text
    end = rest.find(b"|", 1)
    begin = len(text) - len(rest)
    if end < 0:
        raise RejectedRecord("expected '|' at the end of the CXSMILES extension", len(text), text)
    features = rest[1:end]
    # Labels are free text, in which nothing else counts.
    bare = _LABELS.sub(lambda match: b"$" * len(match.group()), features)
    fragments = _FRAGMENTS.search(bare) if reaction else None
    others = bare if fragments is None else bare[: fragments.start()] + bare[fragments.end() :]
    others = _ABSOLUTE.sub(b"", others)
    if others.strip(b",") and not drop:
        raise RejectedRecord(
            "CXSMILES features that a sentence does not hold, "
            "which --without-extensions would leave out",
            begin,
            text,
        )
    return smiles if fragments is None else smiles + b" |" + fragments.group() + b"|"


def without_fragment_bond(text: bytes, *, bond: bytes, reaction: bool) -> bytes:
    """Write the fragments of one molecule as SMILES does: with a dot, and in a reaction as a group.

    ``CC.[Na+]~[Cl-]>>CCO`` becomes ``CC.[Na+].[Cl-]>>CCO |f:1.2|``.

    Parameters
    ----------
    text
        A SMILES, perhaps with an extension.
    bond
        The sign between two fragments of one molecule.
    reaction
        Whether it is a reaction SMILES.

    Raises
    ------
    RejectedRecord
        If an extension groups fragments as well.
    """
    if bond not in text:
        return text
    if not reaction:
        return text.replace(bond, b".")
    if b"|" in text:
        raise RejectedRecord("expected fragments in one way, not by two", text.index(b"|"), text)
    groups, first = [], 0
    # The arrow of a dative bond has a dash before its head.
    for side in text.replace(b"->", b"-\0").split(b">"):
        for molecule in filter(None, side.split(b".")):
            count = molecule.count(bond) + 1
            if count > 1:
                groups.append(".".join(map(str, range(first, first + count))))
            first += count
    return text.replace(bond, b".") + f" |f:{','.join(groups)}|".encode()
