"""Records of real files: every SMILES, every reaction SMILES and every FASTA sequence in them."""

from __future__ import annotations

import csv
import io
import lzma
import re
import sys
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Final

from rdkit import Chem, rdBase

import logos_grammar as lg
from logos_grammar.kinds import TextKind

_LAST: Final = "moses_train"
"""The file that takes longest comes last."""
_NAMES_OF_SMILES: Final = {"smiles", "canonical_smiles"}
_ARROW: Final = re.compile(r"(?<!-)>")
_LOOKED_AT: Final = 100
_LISTS: Final = (".smi", ".smiles", ".rsmi", ".txt")
_FASTAS: Final = (".fasta", ".fa", ".faa", ".fna", ".fas")


@dataclass(frozen=True, kw_only=True)
class Source:
    """One column of one file, or the sequences of one file.

    Attributes
    ----------
    name
        The file's path in its folder, and the column after `:`.
    kind
        What its texts are.
    texts
        Its records that are not empty.
    """

    name: str
    kind: TextKind
    texts: Iterable[str]


def sources(folder: Path) -> Iterator[Source]:
    """Yield the columns of all files that hold SMILES, reactions or sequences.

    Parameters
    ----------
    folder
        Where `molecules`, `reactions`, `protein_sequences` and `antibodies` lie.
    """
    csv.field_size_limit(sys.maxsize)
    rdBase.DisableLog("rdApp.*")
    kinds = ("molecules", "reactions", "protein_sequences", "antibodies")
    paths = [path for kind in kinds for path in sorted((folder / kind).rglob("*.xz"))]
    for path in sorted(paths, key=lambda path: _LAST in path.name):
        name = str(path.relative_to(folder)).removesuffix(".xz")
        if name.endswith(".tar"):
            yield from _members(path, name)
        else:
            with lzma.open(path, "rt", encoding="utf-8", errors="replace", newline="") as text:
                yield from _columns(name, text)


def _members(path: Path, name: str) -> Iterator[Source]:
    """The lists and sequences in an archive, each kind of record as one source."""
    found: dict[TextKind, list[str]] = {}
    with tarfile.open(path) as archive:
        for member in archive:
            if member.isfile() and member.name.endswith(_LISTS + _FASTAS):
                content = archive.extractfile(member)
                assert content is not None
                text = io.StringIO(content.read().decode("utf-8", errors="replace"))
                for source in _columns(member.name, text):
                    found.setdefault(source.kind, []).extend(source.texts)
    for kind, texts in found.items():
        yield Source(name=f"{name}: {kind}", kind=kind, texts=texts)


def _columns(name: str, text: IO[str]) -> Iterator[Source]:
    if name.endswith(_FASTAS):
        yield from _sequences(name, text)
        return
    if name.endswith(_LISTS):
        rows: Iterable[list[str]] = (_cells(line) for line in text if line[0] not in "#\r\n")
        header: list[str] = []
    elif name.endswith((".csv", ".tsv")):
        rows = csv.reader(text, delimiter="\t" if name.endswith(".tsv") else ",")
        header = next(iter(rows), [])
    else:
        return
    rows = iter(rows)
    head = list(islice(rows, _LOOKED_AT))
    kinds = [
        _kind([row[i] for row in head if len(row) > i], title) for i, title in _titles(head, header)
    ]
    wanted = {i: kind for i, kind in enumerate(kinds) if kind}
    if len(wanted) == 1:
        # One column need not be held in memory.
        ((i, kind),) = wanted.items()
        yield Source(name=_named(name, header, i), kind=kind, texts=_column([head, rows], i))
        return
    table = [*head, *rows] if wanted else []
    for i, kind in wanted.items():
        yield Source(name=_named(name, header, i), kind=kind, texts=_column([table], i))


def _titles(head: list[list[str]], header: list[str]) -> list[tuple[int, str]]:
    width = max((len(row) for row in head), default=0)
    return [(i, header[i] if i < len(header) else "") for i in range(width)]


def _named(name: str, header: list[str], column: int) -> str:
    return f"{name}: {header[column] if header else column + 1}"


def _column(parts: list[Iterable[list[str]]], i: int) -> Iterator[str]:
    return (row[i] for rows in parts for row in rows if len(row) > i and row[i])


def _cells(line: str) -> list[str]:
    """The fields of a line in a list: between tabs, or else between blanks."""
    line = line.rstrip("\r\n")
    cells = line.split("\t") if "\t" in line else line.split()
    return [cell.strip() for cell in cells]


def _kind(cells: list[str], title: str) -> TextKind | None:
    """What most of the cells of a column are."""
    cells = [cell for cell in cells if cell]
    if not cells:
        return None
    if sum(len(_ARROW.findall(cell)) == 2 for cell in cells) > len(cells) / 2:
        return "reaction"
    if title:
        return "molecule" if title.lower() in _NAMES_OF_SMILES else None
    readable = sum(Chem.MolFromSmiles(cell, sanitize=False) is not None for cell in cells)
    return "molecule" if readable > len(cells) / 2 else None


def _sequences(name: str, text: IO[str]) -> Iterator[Source]:
    try:
        sequences = [record.sequence for record in lg.fasta.read(text)]
    except lg.GrammarError as error:
        print(f"{name}: no FASTA: {error}", file=sys.stderr)
        return
    letters = set("".join(sequences[:_LOOKED_AT]).upper()) - {"-"}
    kind: TextKind = "protein"
    if letters <= set("ACGTUNRYSWKMBDHV"):
        kind = "rna" if "U" in letters else "dna"
    yield Source(name=name, kind=kind, texts=sequences)
