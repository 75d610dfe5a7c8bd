"""RXN files as text: a reaction cut into MOL blocks and put together, in V2000 and V3000.

Source: CTfile formats, BIOVIA 2020, chapters 7 (Rxnfile) and 3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from logos_grammar.error import ConversionError

_MOLECULE: Final = "$MOL"
_ROLES: Final = ("REACTANT", "PRODUCT", "AGENT")
_V3000: Final = "M  V30 "
_FRAME: Final = "\n     logos\n\n  0  0  0     0  0            999 V3000\n"


class Blocks(NamedTuple):
    """The MOL blocks of a reaction, by role.

    Attributes
    ----------
    reactants, agents, products
        MOL blocks.
    """

    reactants: tuple[str, ...]
    agents: tuple[str, ...]
    products: tuple[str, ...]


def read_blocks(text: str) -> Blocks:
    """Cut an RXN text into MOL blocks.

    Parameters
    ----------
    text
        One reaction, V2000 (also with a third count, for agents) or V3000.

    Returns
    -------
    Blocks
        V2000 or V3000 MOL blocks, as the reaction is.

    Raises
    ------
    ConversionError
        When the header, the counts or the number of blocks is not that of an RXN file.
    """
    lines = re.split(r"\r\n|\r|\n", text)
    if not lines[0].startswith("$RXN"):
        raise ConversionError(f"expected $RXN in line 1, found {lines[0] or 'nothing'}")
    if len(lines) < 5:
        raise ConversionError(f"expected counts in line 5, found {len(lines)} lines")
    return _read_v3000(lines) if "V3000" in lines[0] else _read_v2000(lines)


def write_blocks(blocks: Blocks, *, name: str = "", v3000: bool = False) -> str:
    """Put MOL blocks together to an RXN text.

    Parameters
    ----------
    blocks
        MOL blocks, all V2000 or, with `v3000`, all V3000.
    name
        The name of the reaction, one line.
    v3000
        Whether to write a V3000 text.

    Returns
    -------
    str
        A V2000 text, with a third count if there are agents, or a V3000 text.
    """
    if v3000:
        return _write_v3000(blocks, name)
    counts = [len(blocks.reactants), len(blocks.products)]
    if blocks.agents:
        counts.append(len(blocks.agents))
    lines = ["$RXN", name, "      logos", "", "".join(f"{count:3d}" for count in counts)]
    for block in (*blocks.reactants, *blocks.products, *blocks.agents):
        lines += [_MOLECULE, block.rstrip("\n")]
    return "\n".join(lines) + "\n"


def _read_v2000(lines: Sequence[str]) -> Blocks:
    line = lines[4].rstrip()
    counts = [_count(line[i : i + 3]) for i in range(0, len(line), 3)]
    if not 2 <= len(counts) <= 3:
        raise ConversionError(f"expected two or three counts in line 5, found {line}")
    starts = [i for i, line in enumerate(lines) if line.strip() == _MOLECULE]
    if len(starts) != sum(counts):
        raise ConversionError(f"expected {sum(counts)} molecules, found {len(starts)}")
    cuts = pairwise([*starts, len(lines)])
    found = ["\n".join(lines[start + 1 : end]).rstrip("\n") + "\n" for start, end in cuts]
    products = counts[0] + counts[1]
    return Blocks(
        reactants=tuple(found[: counts[0]]),
        agents=tuple(found[products:]),
        products=tuple(found[counts[0] : products]),
    )


def _count(text: str) -> int:
    if not text.strip().isdecimal():
        raise ConversionError(f"expected a count of three characters in line 5, found {text!r}")
    return int(text)


def _read_v3000(lines: Sequence[str]) -> Blocks:
    found: dict[str, list[str]] = {role: [] for role in _ROLES}
    role = ""
    block: list[str] | None = None
    for line in lines[4:]:
        said = line.removeprefix(_V3000).split()
        if said == ["BEGIN", "CTAB"]:
            if not role:
                raise ConversionError("expected molecules of a role, found one without")
            block = []
        if block is not None:
            block.append(line)
        if said == ["END", "CTAB"] and block is not None:
            found[role].append(_FRAME + "\n".join(block) + "\nM  END\n")
            block = None
        elif said[:1] == ["BEGIN"] and said[1:2] and said[1] in _ROLES:
            role = said[1]
        elif said[:1] == ["END"] and said[1:2] == [role]:
            role = ""
    if block is not None or role:
        raise ConversionError("expected the end of every molecule and role, found the end of text")
    _check_counts(lines[4], [len(found[each]) for each in _ROLES])
    return Blocks(
        reactants=tuple(found["REACTANT"]),
        agents=tuple(found["AGENT"]),
        products=tuple(found["PRODUCT"]),
    )


def _check_counts(line: str, found: list[int]) -> None:
    said = line.removeprefix(_V3000).split()
    counts = [int(count) for count in said[1:] if count.isdecimal()]
    if said[:1] != ["COUNTS"] or not 2 <= len(counts) <= 3 or len(counts) != len(said) - 1:
        raise ConversionError(f"expected COUNTS and two or three numbers in line 5, found {line}")
    if [*counts, 0][:3] != found:
        raise ConversionError(f"expected {counts} molecules, found {found}")


def _write_v3000(blocks: Blocks, name: str) -> str:
    counts = [len(blocks.reactants), len(blocks.products)]
    if blocks.agents:
        counts.append(len(blocks.agents))
    lines = ["$RXN V3000", name, "      logos", "", f"{_V3000}COUNTS {' '.join(map(str, counts))}"]
    for role, side in zip(_ROLES, (blocks.reactants, blocks.products, blocks.agents), strict=True):
        if side:
            lines.append(f"{_V3000}BEGIN {role}")
            lines += [line for block in side for line in _table(block)]
            lines.append(f"{_V3000}END {role}")
    return "\n".join([*lines, "M  END"]) + "\n"


def _table(block: str) -> Iterator[str]:
    """The lines of a V3000 MOL block from BEGIN CTAB to END CTAB."""
    within = False
    for line in block.splitlines():
        said = line.removeprefix(_V3000).split()
        within = within or said == ["BEGIN", "CTAB"]
        if within:
            yield line
        within = within and said != ["END", "CTAB"]
