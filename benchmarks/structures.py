"""Read every PDB and mmCIF file of the sample data, compare its columns, write it, read it again,
and make it a sentence and read that.

The columns are compared with the text of the file, which is read here by fixed columns and by
`gemmi.cif`, not by the core. Times are those of one process beside gemmi, in the same run.

    python benchmarks/structures.py [--data ../shared/data] [--blank-occupancy one] [--times]
"""

from __future__ import annotations

import argparse
import re
import tarfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import gemmi
import numpy as np

import logos_grammar as lg
from logos_grammar.columns import Words
from logos_grammar.fixed import Fixed
from logos_grammar.structure import Structure

DATA: Final = Path(__file__).resolve().parents[2] / "shared" / "data"
_SUFFIXES: Final = {".pdb": "pdb", ".ent": "pdb", ".cif": "mmcif", ".mmcif": "mmcif"}
TABLES: Final = {
    "pdb": re.compile(rb"^(?:ATOM|HETATM)[ 0-9]", re.MULTILINE),
    "mmcif": re.compile(rb"^[ \t]*_atom_site\.cartn_x\s", re.MULTILINE | re.IGNORECASE),
}
_NUMBER: Final = re.compile(r"([+-]?)([0-9]*)\.?([0-9]*)")
_DISPLACEMENTS: Final = ("u11", "u22", "u33", "u12", "u13", "u23")
_REPEATS: Final = 5


def files(data: Path) -> Iterator[tuple[str, str, bytes]]:
    """Every file that may have an atom table: its name, format and content."""
    for archive in sorted(data.rglob("*.tar.xz")):
        with tarfile.open(archive) as members:
            for member in members:
                format_ = _SUFFIXES.get(Path(member.name).suffix)
                content = members.extractfile(member) if format_ else None
                if format_ and content:
                    yield f"{archive.name.split('.')[0]}/{member.name}", format_, content.read()


def scaled(text: str, decimals: int) -> int | None:
    """Scale a number by ten to the power of `decimals`; None when the text is not such a number."""
    found = _NUMBER.fullmatch(text)
    if found is None or not (found[2] or found[3]) or len(found[3]) > decimals:
        return None
    number = int(f"{found[2]}{found[3]}" or "0") * int(10 ** (decimals - len(found[3])))
    return -number if found[1] == "-" else number


def differs(name: str, column: Sequence[Any] | Words | None, texts: Sequence[Any]) -> Iterator[str]:
    """The first row in which a column is not what the file has."""
    rows = [] if column is None else list(column)
    if len(rows) != len(texts):
        yield f"{name}: {len(rows)} rows for {len(texts)}"
        return
    for row, (held, text) in enumerate(zip(rows, texts, strict=True)):
        if held != text:
            yield f"{name}[{row}]: {held!r} for {text!r}"
            return


def numbers_differ(name: str, column: Fixed | None, texts: list[str]) -> Iterator[str]:
    """The same for numbers: all have the count of decimals of the longest."""
    if column is None:
        yield from differs(name, [], [text for text in texts if text not in ("", "?", ".")])
        return
    most = max(len(text.partition(".")[2]) for text in texts)
    if most > column.decimals:
        yield f"{name}: {column.decimals} decimals for {most}"
    blank = 1 if name == "occupancy" else 0
    wanted = [
        blank * 10**column.decimals if text in ("", "?", ".") else scaled(text, column.decimals)
        for text in texts
    ]
    yield from differs(name, column.scaled.tolist(), wanted)


def of_residues(structure: Structure, column: Any) -> list[Any]:
    """The cells of a column of residues, for each atom."""
    return list(column[structure.atoms.residue])


def of_strands(structure: Structure, column: Words | None) -> list[str]:
    """The names of a column of strands, for each atom."""
    if column is None:
        return [""] * len(structure)
    return list(column[structure.residues.strand[structure.atoms.residue]])


def models_of(structure: Structure) -> list[int]:
    """The number of the model of each atom."""
    strand = structure.residues.strand[structure.atoms.residue]
    return [int(number) for number in structure.models.number[structure.strands.model[strand]]]


def charge_of(text: str) -> int:
    """The charge of two columns."""
    sign = -1 if "-" in text else 1
    return sign * int(text.strip().strip("+-") or "0")


def pdb_differences(text: bytes, structure: Structure) -> Iterator[str]:
    """What of a PDB file is not in the structure."""
    lines = [line.rstrip("\r") for line in text.decode("latin-1").split("\n")]
    rows = [f"{line:80}" for line in lines if re.match("(ATOM|HETATM)[ 0-9]", line)]
    atoms, residues = structure.atoms, structure.residues

    def field(first: int, end: int) -> list[str]:
        return [row[first:end].strip(" ") for row in rows]

    old = [re.fullmatch(r"[^ ]{4} *[0-9]+", row[72:80]) is not None for row in rows]
    in_old = all(old) and len(rows) > 1 and int(rows[1][76:80]) == int(rows[0][76:80]) + 1
    numbered = [
        in_old or (is_old and row[77].isdigit()) for row, is_old in zip(rows, old, strict=True)
    ]
    yield from differs("name", atoms.name, field(12, 16))
    yield from differs("altloc", atoms.altloc, field(16, 17))
    yield from differs("component", of_residues(structure, residues.component), field(17, 21))
    yield from differs("chain", of_strands(structure, structure.strands.chain), field(21, 22))
    yield from differs("insertion", of_residues(structure, residues.insertion), field(26, 27))
    hetero = of_residues(structure, residues.hetero)
    yield from differs("hetero", hetero, [row.startswith("H") for row in rows])
    segments = [
        "" if is_old else row[72:76].strip(" ") for row, is_old in zip(rows, numbered, strict=True)
    ]
    yield from differs("segment", of_strands(structure, structure.strands.segment), segments)
    numbers = [int(text or "0") if text.lstrip("-").isdigit() else 0 for text in field(22, 26)]
    yield from differs("number", of_residues(structure, residues.number), numbers)
    for axis, first in (("x", 30), ("y", 38), ("z", 46)):
        yield from numbers_differ(axis, getattr(atoms, axis), field(first, first + 8))
    yield from numbers_differ("occupancy", atoms.occupancy, field(54, 60))
    yield from numbers_differ("b_factor", atoms.b_factor, field(60, 66))
    elements = [
        "" if is_old else row[76:78].strip() for row, is_old in zip(rows, numbered, strict=True)
    ]
    held = [
        element.upper() if text else ""
        for element, text in zip(atoms.element, elements, strict=True)
    ]
    symbols = [text.upper() if is_symbol(text) else text and "X" for text in elements]
    yield from differs("element", held, symbols)
    charges = [
        0 if is_old else charge_of(row[78:80]) for row, is_old in zip(rows, numbered, strict=True)
    ]
    yield from differs("charge", atoms.charge.tolist(), charges)
    anisotropic = [line for line in lines if line.startswith("ANISOU")]
    for column, first in zip(_DISPLACEMENTS, range(28, 70, 7), strict=True):
        wanted = [int(line[first : first + 7]) for line in anisotropic]
        yield from differs(column, displacements(structure, column), wanted)


def is_symbol(text: str) -> bool:
    """Whether a text is the symbol of an element, or that of an unknown one."""
    return text.upper() == "X" or gemmi.Element(text).name.upper() == text.upper()


def displacements(structure: Structure, name: str) -> list[int]:
    """The stated displacements of one column."""
    column: Fixed | None = getattr(structure.atoms, name)
    if column is None:
        return []
    states = structure.atoms.anisotropic_state
    stated = slice(None) if states is None else states == 0
    return [int(number) for number in column.scaled[stated]]


def mmcif_differences(text: bytes, structure: Structure) -> Iterator[str]:
    """What of an mmCIF file is not in the structure."""
    blocks = [block for block in gemmi.cif.read_string(text) if block.find(["_atom_site.Cartn_x"])]
    category = blocks[0].find_mmcif_category("_atom_site.")
    names = [tag.split(".")[1].lower() for tag in category.tags]
    rows = len(category)

    def column(item: str, otherwise: str = "?") -> list[str]:
        if item.lower() not in names:
            return [otherwise] * rows
        values = list(category.column(names.index(item.lower())))
        return [gemmi.cif.as_string(value) if value[0] in "'\";" else value for value in values]

    def words(item: str) -> list[str]:
        return ["" if value in (".", "?") else value for value in column(item)]

    atoms, residues, strands = structure.atoms, structure.residues, structure.strands

    def either(one: str, other: str) -> list[str]:
        return [a or b for a, b in zip(words(one), words(other), strict=True)]

    component = of_residues(structure, residues.component)
    yield from differs("name", atoms.name, either("label_atom_id", "auth_atom_id"))
    yield from differs("component", component, either("label_comp_id", "auth_comp_id"))
    yield from differs("altloc", atoms.altloc, words("label_alt_id"))
    yield from differs("label", of_strands(structure, strands.label), words("label_asym_id"))
    yield from differs("entity", of_strands(structure, strands.entity), words("label_entity_id"))
    chain = words("auth_asym_id" if "auth_asym_id" in names else "label_asym_id")
    yield from differs("chain", of_strands(structure, strands.chain), chain)
    yield from differs("segment", of_strands(structure, strands.segment), words("segment_id"))
    insertion = of_residues(structure, residues.insertion)
    yield from differs("insertion", insertion, words("pdbx_PDB_ins_code"))
    hetero = [group.startswith("HETA") for group in column("group_PDB")]
    yield from differs("hetero", of_residues(structure, residues.hetero), hetero)
    seq = words("auth_seq_id" if "auth_seq_id" in names else "label_seq_id")
    number = of_residues(structure, residues.number)
    yield from differs("number", number, [int(text or "0") for text in seq])
    if residues.label_seq is not None:
        held = of_residues(structure, residues.label_seq)
        yield from differs("label_seq", held, [int(text or "0") for text in words("label_seq_id")])
    models = [int(text) for text in column("pdbx_PDB_model_num", "1")]
    yield from differs("model", models_of(structure), models)
    for axis in "xyz":
        yield from numbers_differ(axis, getattr(atoms, axis), column(f"Cartn_{axis}"))
    yield from numbers_differ("occupancy", atoms.occupancy, column("occupancy"))
    yield from numbers_differ("b_factor", atoms.b_factor, column("B_iso_or_equiv"))
    charges = [int(text or "0") for text in words("pdbx_formal_charge")]
    yield from differs("charge", atoms.charge.tolist(), charges)
    symbols = words("type_symbol")
    held_symbols = [
        element.upper() if text else ""
        for element, text in zip(atoms.element, symbols, strict=True)
    ]
    wanted = [text.upper() if is_symbol(text) else text and "X" for text in symbols]
    yield from differs("element", held_symbols, wanted)
    ids = set(column("id"))
    for name in _DISPLACEMENTS:
        table = blocks[0].find(
            ["_atom_site_anisotrop.id", f"_atom_site_anisotrop.U[{name[1]}][{name[2]}]"]
        )
        texts = [row[1] for row in table if row[0] in ids]
        decimals = getattr(atoms, name).decimals if texts else 0
        wanted_numbers = [scaled(each, decimals) for each in texts]
        yield from differs(name, displacements(structure, name), wanted_numbers)


def least(work: Callable[[], object]) -> float:
    """The least processor time of a few runs, in seconds."""
    times = []
    for _ in range(_REPEATS):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def gemmi_reads(format_: str, text: str) -> None:
    """Read a file by gemmi."""
    if format_ == "pdb":
        gemmi.read_pdb_string(text)
    else:
        gemmi.make_structure_from_block(gemmi.cif.read_string(text).sole_block())


def comes_back(format_: str, structure: Structure, ids: np.ndarray) -> Iterator[str]:
    """What is lost by writing and reading a file, and by decoding."""
    if format_ == "pdb":
        again = Structure.from_pdb(structure.to_pdb(hybrid_36=True))
    else:
        again = Structure.from_mmcif(structure.to_mmcif())
    if again != structure:
        yield "another structure after writing and reading again"
    if lg.decode(ids) != structure:
        yield "another structure after decoding"


def print_times(seconds: list[tuple[int, float, float, float, float]]) -> None:
    """Print the times of files of one format, beside those of gemmi."""
    atoms, ours, beside, said, built = (sum(column) for column in zip(*seconds, strict=True))
    print(
        f"  {1e9 * ours / atoms:.0f} ns an atom, gemmi {1e9 * beside / atoms:.0f}, "
        f"{beside / ours:.1f} times (n = {len(seconds)} files, {atoms:,} atoms)"
    )
    print(
        f"  to ids {1e9 * said / atoms:.0f} ns an atom, with reading "
        f"{1e9 * (ours + said) / atoms:.0f}; of ids {1e9 * built / atoms:.0f}"
    )


def main() -> None:
    """Print what was read, what was refused and what differs."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, default=DATA)
    arguments.add_argument("--blank-occupancy", choices=["refuse", "one"], default="refuse")
    arguments.add_argument("--times", action="store_true", help="time each file beside gemmi")
    options = arguments.parse_args()
    counts: dict[str, Counter[str]] = {"pdb": Counter(), "mmcif": Counter()}
    seconds: dict[str, list[tuple[int, float, float, float, float]]] = {"pdb": [], "mmcif": []}
    readers = {"pdb": Structure.read_pdb, "mmcif": Structure.read_mmcif}
    compare = {"pdb": pdb_differences, "mmcif": mmcif_differences}
    for name, format_, text in files(options.data):
        if not TABLES[format_].search(text):
            continue
        count = counts[format_]
        count["files"] += 1
        try:
            reading = readers[format_](text, blank_occupancy=options.blank_occupancy)
        except lg.ConversionError as error:
            count["refused"] += 1
            print(f"refused {name}: {error}")
            continue
        structure = reading.structure
        count["atoms"] += len(structure)
        count["links"] += len(structure.links)
        try:
            ids = lg.encode(structure)
        except lg.GrammarError as error:
            count["without a sentence"] += 1
            print(f"no sentence {name}: {error}")
            continue
        count["tokens"] += len(ids)
        count["left out"] += len(reading.left_out)
        count["unseen residues"] += len(structure.residues) - len(
            np.unique(structure.atoms.residue)
        )
        found = [*compare[format_](text, structure), *comes_back(format_, structure, ids)]
        count["different" if found else "equal"] += 1
        for difference in found:
            print(f"different {name}: {difference}")
        if options.times:
            content = text.decode("utf-8", "replace")
            try:
                beside = least(lambda: gemmi_reads(format_, content))  # noqa: B023
            except (RuntimeError, ValueError):
                continue
            ours = least(lambda: readers[format_](text, blank_occupancy="one"))  # noqa: B023
            said = least(lambda: lg.encode(structure))  # noqa: B023
            built = least(lambda: lg.decode(ids))  # noqa: B023
            seconds[format_].append((len(structure), ours, beside, said, built))
    for format_, count in counts.items():
        print(f"{format_}: " + ", ".join(f"{number:,} {what}" for what, number in count.items()))
        if seconds[format_]:
            print_times(seconds[format_])


if __name__ == "__main__":
    main()
