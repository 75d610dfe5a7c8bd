"""Programs that spell sequences: pieces of text, one residue or one mark each."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Final, TypeAlias

from logos_grammar.programs import choice, instructions

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
        Characters that stand for no residue (a hole, an end).
    names
        Well-known names of modified residues; when empty, no residue is spelled by name.
    lettered
        Names that are never spelled, because a letter stands for them.

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
    common = max(3, 180 // (len(letters) + len(rare) // 3 + 1))
    return instructions(
        [
            *((common, _constant(letter)) for letter in letters),
            *((common // 3, _constant(letter)) for letter in rare),
            *((8, _constant(mark)) for mark in marks),
            (12 * bool(known), modified),
        ]
    )


def pieces(program: bytes, table: tuple[Piece, ...]) -> Iterator[str]:
    """Spell a program, piece by piece."""
    code = iter(program)
    for byte in code:
        yield table[byte](code)


def _constant(text: str) -> Piece:
    return lambda _: text
