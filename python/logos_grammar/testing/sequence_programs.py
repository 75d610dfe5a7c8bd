"""Programs that spell sequences: pieces of text, one residue or one mark each."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Final, TypeAlias

from logos_grammar.testing.programs import choice, instructions

Piece: TypeAlias = Callable[[Iterator[int]], str]
"""An instruction that spells one piece, reading more bytes of the program if it needs them."""

_CHARACTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def spellings(
    letters: str,
    *,
    rare: str = "",
    marks: str = "",
    names: Collection[str] = (),
    lettered: Collection[str] = (),
) -> tuple[Piece, ...]:
    """Make the instructions that spell sequences over an alphabet.

    Parameters
    ----------
    letters, rare
        The letters of residues, the simplest first; those of `rare` come a third as often.
    marks
        Characters that are not residues (a hole, an end).
    names
        Well-known names of modified residues; when empty, no residue is spelled by name.
    lettered
        Names that are never spelled, because a letter is written for them.

    Returns
    -------
    tuple
        256 instructions, one for each byte.
    """

    def modified(code: Iterator[int]) -> str:
        if next(code, 0) < 128:
            return f"({choice(code, known)})"
        name = "".join(choice(code, _CHARACTERS) for _ in range(choice(code, range(1, 6))))
        return f"({name}1)" if name in lettered else f"({name})"

    known = tuple(names)
    # The same mark has the same bytes in every alphabet, so that a failure can shrink from one
    # kind of sequence to another: the last of them the last bytes.
    free = 256 - 8 * len(marks) - 12 * bool(known)
    each = free // (3 * len(letters) + len(rare))
    weighted = [
        *((3 * each, _constant(letter)) for letter in letters),
        *((each, _constant(letter)) for letter in rare),
        (12 * bool(known), modified),
        *((8, _constant(mark)) for mark in marks),
    ]
    weight, first = weighted[0]
    spare = 256 - sum(weight for weight, _ in weighted)
    return instructions([(weight + spare, first), *weighted[1:]])


def pieces(program: bytes, table: tuple[Piece, ...]) -> Iterator[str]:
    """Spell a program, piece by piece."""
    code = iter(program)
    for byte in code:
        yield table[byte](code)


def _constant(text: str) -> Piece:
    return lambda _: text
