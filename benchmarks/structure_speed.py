"""Time structures from files to ids and back, beside gemmi in the same run, and measure memory.

Every time is processor time of one thread, the least of several, our work and gemmi's in turn:

* `read`: the text of a file to a `Structure`; `to ids`: that to ids; `file`: both;
* `of ids`: ids to a `Structure`; `write`: a `Structure` to the text of a file;
* `gemmi`: `read_pdb_string`, or `cif.read_string` and `make_structure_from_block`;
  `any`: `read_structure_string`, which finds the format itself and merges parts of chains.

The files are those of the sample data with the most atoms, and others of every size; besides, an
entry of 150,000 atoms is made of the models of the largest one. Its memory is the growth of the
largest resident size of a child process that holds the input already.

    python -m benchmarks.structure_speed [--files 30] [--skip-times] [--skip-memory]
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import gemmi
import numpy as np
from benchmarks.structures import DATA, TABLES, files

import logos_grammar as lg
from logos_grammar.structure import Structure

_COLUMNS: Final = ("read", "to ids", "file", "gemmi", "any", "of ids", "write")
_ATOMS: Final = 150_000
_SECONDS: Final = 0.4  # of work on a file, of each kind
_ATOM: Final = re.compile(rb"^(?:ATOM  |HETATM)[^\n]*", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A file and what it holds."""

    name: str
    format: str
    text: bytes
    atoms: int


def main() -> None:
    """Print the times of every file, those of all, and the memory of a large one."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, default=DATA)
    arguments.add_argument("--files", type=int, default=30, help="of each format")
    arguments.add_argument("--skip-times", action="store_true")
    arguments.add_argument("--skip-memory", action="store_true")
    arguments.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    options = arguments.parse_args()
    if options.child:
        print(growth(*options.child))
        return
    made = []
    for format_, all_entries in read_entries(options.data).items():
        entries = selected(all_entries, options.files)
        made.append(made_entry(format_, entries[-1]))
        if not options.skip_times:
            print_times(format_, [*entries, made[-1]])
        if format_ == "pdb":
            print_threads([read(entry) for entry in entries[-4:]] * 24)
    if not options.skip_memory:
        print_memory(made)


def read(entry: Entry) -> Structure:
    """Read an entry."""
    reads = Structure.from_pdb if entry.format == "pdb" else Structure.from_mmcif
    return reads(entry.text)


def read_entries(data: Path) -> dict[str, list[Entry]]:
    """The files that both we and gemmi read, by format, in the order of their size."""
    found: dict[str, list[Entry]] = {"pdb": [], "mmcif": []}
    for name, format_, text in files(data):
        if not TABLES[format_].search(text):
            continue
        entry = Entry(name=name, format=format_, text=text, atoms=0)
        try:
            atoms = len(read(entry))
            gemmi_reads(entry)
            gemmi.read_structure_string(text)
        except (lg.ConversionError, RuntimeError, ValueError):
            continue
        found[format_].append(Entry(name=name, format=format_, text=text, atoms=atoms))
    return {key: sorted(some, key=lambda entry: entry.atoms) for key, some in found.items()}


def selected(entries: Sequence[Entry], count: int) -> list[Entry]:
    """Those with the most atoms, for half of the count, and others evenly from 100 atoms on."""
    entries = [entry for entry in entries if entry.atoms >= 100]
    largest, rest = entries[-(count // 2) :], entries[: -(count // 2)]
    places = np.linspace(0, len(rest) - 1, count - len(largest)).astype(int)
    return [rest[place] for place in dict.fromkeys(places.tolist())] + largest


def made_entry(format_: str, entry: Entry) -> Entry:
    """An entry of as many models of another one as have 150,000 atoms, cut there."""
    rows = _ATOM.findall(read(entry).to_pdb(hybrid_36=True).encode())
    text, left, model = b"", _ATOMS, 0
    while left > 0:
        model += 1
        lines = b"\n".join(rows[:left])
        text += b"MODEL     %4d\n%s\nENDMDL\n" % (model, lines)
        left -= len(rows)
    if format_ == "mmcif":
        text = Structure.from_pdb(text).to_mmcif().encode()
    return Entry(name=f"{model} models of {entry.name}", format=format_, text=text, atoms=_ATOMS)


def gemmi_reads(entry: Entry) -> None:
    """Read an entry by gemmi."""
    if entry.format == "pdb":
        gemmi.read_pdb_string(entry.text)
    else:
        gemmi.make_structure_from_block(gemmi.cif.read_string(entry.text).sole_block())


def times_of(entry: Entry) -> list[float]:
    """The least times of an entry, in seconds, in the order of the columns."""
    structure = read(entry)
    ids = lg.encode(structure)
    writes = "to_pdb" if entry.format == "pdb" else "to_mmcif"
    options = {"hybrid_36": True} if entry.format == "pdb" else {}
    work: list[Callable[[], object]] = [
        lambda: read(entry),
        lambda: lg.encode(structure),
        lambda: lg.encode(read(entry)),
        lambda: gemmi_reads(entry),
        lambda: gemmi.read_structure_string(entry.text),
        lambda: lg.decode(ids),
        lambda: getattr(structure, writes)(**options),
    ]
    times: list[list[float]] = [[] for _ in work]
    begin = time.process_time()
    while len(times[0]) < 5 or (time.process_time() - begin < _SECONDS and len(times[0]) < 200):
        for each, of_it in zip(work, times, strict=True):
            start = time.process_time()
            each()
            of_it.append(time.process_time() - start)
    return [min(of_it) for of_it in times]


def print_times(format_: str, entries: list[Entry]) -> None:
    """Print the nanoseconds an atom of each entry and of all of them."""
    width = max(len(entry.name) for entry in entries)
    print(f"{format_}, ns an atom".ljust(width), "  atoms", *(f"{name:>7}" for name in _COLUMNS))
    all_times = []
    for entry in entries:
        times = times_of(entry)
        all_times.append(times)
        print_row(entry.name.ljust(width), entry.atoms, times)
    atoms = sum(entry.atoms for entry in entries)
    print_row(f"all {len(entries)}".ljust(width), atoms, np.sum(all_times, axis=0))
    ratios = [times[2] / times[3] for times in all_times]
    print(
        f"file to ids / gemmi's reading: median {np.median(ratios):.2f}, "
        f"least {min(ratios):.2f}, most {max(ratios):.2f} (n = {len(ratios)} files)\n"
    )


def print_row(name: str, atoms: int, seconds: Sequence[float] | np.ndarray) -> None:
    """Print one row of the table."""
    print(name, f"{atoms:7}", *(f"{1e9 * each / atoms:7.0f}" for each in seconds), flush=True)


def print_threads(structures: list[Structure]) -> None:
    """Print how much faster two threads are."""
    atoms = sum(map(len, structures))
    encoded = lg.encode_many(structures)

    def wall(work: Callable[[int], object], threads: int) -> float:
        start = time.perf_counter()
        work(threads)
        return time.perf_counter() - start

    runs: dict[str, Callable[[int], object]] = {
        "encode_many": lambda threads: lg.encode_many(structures, threads=threads),
        "decode_many": lambda threads: lg.decode_many(encoded, threads=threads),
    }
    for name, run in runs.items():
        pairs = [[wall(run, threads) for threads in (1, 2)] for _ in range(7)]
        one, two = np.min(pairs, axis=0)
        median = np.median([pair[0] / pair[1] for pair in pairs])
        print(
            f"{name}, two threads: {one / two:.2f} times (median of pairs {median:.2f}; "
            f"n = {len(structures)} structures, {atoms:,} atoms, wall time)"
        )


def growth(step: str, path: str) -> int:
    """By how many bytes the largest resident size grows in a step on what a file holds."""
    held = Path(path).read_bytes()
    structure = Structure._of_bytes(b"" if step.startswith(("read", "decode")) else held)
    ids = np.frombuffer(held if step == "decode" else b"", np.uint16)
    steps: dict[str, Callable[[], object]] = {
        "read pdb": lambda: Structure.from_pdb(held),
        "read mmcif": lambda: Structure.from_mmcif(held),
        "encode": lambda: lg.encode(structure),
        "decode": lambda: lg.decode(ids),
        "write pdb": lambda: structure.to_pdb(hybrid_36=True),
        "write mmcif": structure.to_mmcif,
    }
    before = largest_resident_size()
    kept = steps[step]()
    grown = largest_resident_size() - before
    del kept
    return grown


def largest_resident_size() -> int:
    """That of this process in bytes; `getrusage` counts that of its parent at the fork, too."""
    found = re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text())
    assert found, "a kernel that says VmHWM"
    return 1024 * int(found[1])


def print_memory(made: list[Entry]) -> None:
    """Print by how many bytes an atom memory grows in each step, for several counts of atoms."""
    print("\nbytes an atom, beside the input")
    for entry in made:
        structure = read(entry)
        for atoms in (_ATOMS // 4, _ATOMS // 2, _ATOMS, 2 * _ATOMS, 4 * _ATOMS):
            part = repeated(structure, atoms)
            inputs = {f"write {entry.format}": part._bytes, "encode": part._bytes}
            inputs["decode"] = lg.encode(part).tobytes()
            writes = part.to_pdb(hybrid_36=True) if entry.format == "pdb" else part.to_mmcif()
            inputs[f"read {entry.format}"] = writes.encode()
            figures = [
                f"{step} {child(step, held) / atoms:.0f} (input {len(held) / atoms:.0f})"
                for step, held in inputs.items()
            ]
            print(f"{atoms:7} atoms of {entry.format}:", ", ".join(figures), flush=True)


def repeated(structure: Structure, atoms: int) -> Structure:
    """As many atoms of a structure, its models one after another and again."""
    lines = structure.to_pdb(hybrid_36=True).encode()
    models = re.findall(rb"^MODEL[^\n]*\n(.*?)^ENDMDL", lines, re.MULTILINE | re.DOTALL)
    rows = _ATOM.findall(models[0])
    text, model = b"", 0
    while atoms > 0:
        model += 1
        text += b"MODEL     %4d\n%s\nENDMDL\n" % (model, b"\n".join(rows[:atoms]))
        atoms -= len(rows)
    return Structure.from_pdb(text)


def child(step: str, held: bytes) -> int:
    """The growth in a process of its own."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(held)
        file.flush()
        command = [sys.executable, "-m", "benchmarks.structure_speed", "--child", step, file.name]
        return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


if __name__ == "__main__":
    main()
