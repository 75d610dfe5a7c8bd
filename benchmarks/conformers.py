"""Records of SDF and MOL: read, to ids, back, and every column beside the text of the file.

    python benchmarks/conformers.py PATH... [--layouts] [--wedges] [--write] [--limit N]

A path is a file, a tar, either of them compressed by xz, or a folder of these. What stands in a
record is read a second time, by other code: the coordinates as decimal numbers, the elements, the
title, the data items. Layouts are refused unless ``--layouts`` takes them, too. ``--write`` writes
each conformer and reads it again.

The first table has for each source how many records came back, how many were refused and how many
differ; then come the refusals by reason, the tokens, and each difference.
"""

from __future__ import annotations

import argparse
import lzma
import re
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

import logos_grammar as lg
from logos_grammar.conformer import Conformer
from logos_grammar.conformer.comparison import atoms_of, difference, records_of
from logos_grammar.conformer.sdf import SdfOptions, read_records
from logos_grammar.error import ConversionError

_ENDINGS = (".sdf", ".mol", ".sd")
_NUMBERS = re.compile(r"\d+")
_ALIASES = {"D": "H", "T": "H"}
_WILD = {"*", "A", "Q", "L", "LP", "R", "R#", "X", "Pol", "Mod", "AH", "QH", "M", "MH", "XH"}


@dataclass
class Counts:
    """What became of the records of a source."""

    read: int = 0
    equal: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    differing: list[str] = field(default_factory=list)
    atoms: int = 0
    tokens: Counter[str] = field(default_factory=Counter)
    written: int = 0
    unwritten: Counter[str] = field(default_factory=Counter)
    changed: list[str] = field(default_factory=list)
    bytes: int = 0


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--layouts", action="store_true")
    parser.add_argument("--wedges", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--limit", type=int, default=sys.maxsize)
    args = parser.parse_args()
    options = SdfOptions(
        layouts="keep" if args.layouts else "refuse",
        stereo="wedges" if args.wedges else "coordinates",
    )
    sources: dict[str, Counts] = {}
    for source, name, text in _files(args.paths):
        counts = sources.setdefault(source, Counts())
        if counts.read < args.limit:
            _look_at(name, text, options, counts, write=args.write)
    _print(sources)


def _files(paths: list[Path]) -> Iterator[tuple[str, str, bytes]]:
    """Yield the source, the name and the content of each file of records."""
    for path in paths:
        if path.is_dir():
            yield from _files(sorted(each for each in path.rglob("*") if each.is_file()))
            continue
        plain = path.name.removesuffix(".xz")
        if plain.endswith(".tar"):
            with tarfile.open(path) as tar:
                for member in tar:
                    if member.isfile() and member.name.lower().endswith(_ENDINGS):
                        held = tar.extractfile(member)
                        if held is not None:
                            yield plain, member.name, held.read()
        elif plain.lower().endswith(_ENDINGS):
            content = path.read_bytes()
            yield plain, plain, lzma.decompress(content) if plain != path.name else content


def _look_at(name: str, text: bytes, options: SdfOptions, counts: Counts, *, write: bool) -> None:
    records = records_of(text)
    counts.bytes += len(text)
    found = list(read_records(text, options))
    if len(found) != len(records):
        counts.differing.append(f"{name}: {len(records)} records, {len(found)} read")
    for row, (record, read) in enumerate(zip(records, found, strict=False)):
        counts.read += 1
        if isinstance(read, ConversionError):
            counts.refused[_family(str(read))] += 1
            continue
        conformer = Conformer(**read._asdict())
        try:
            ids = lg.encode(conformer)
        except lg.GrammarError as error:
            counts.refused[_family(str(error))] += 1
            continue
        different = "ids" if lg.decode(ids) != conformer else difference(record, conformer)
        different = different or _difference_of_elements(record, conformer)
        if different:
            counts.differing.append(f"{name}, record {row}: {different}")
            continue
        counts.equal += 1
        _count_tokens(conformer, len(ids), counts)
        if write:
            _write(f"{name}, record {row}", conformer, options, counts)


def _count_tokens(conformer: Conformer, tokens: int, counts: Counts) -> None:
    counts.atoms += len(conformer.x)
    counts.tokens["all"] += tokens
    plain = conformer.without_title().without_properties()
    counts.tokens["with order"] += len(lg.encode(plain))
    counts.tokens["without order"] += len(lg.encode(plain.without_order()))
    counts.tokens["molecule"] += len(lg.encode(conformer.molecule))


def _write(name: str, conformer: Conformer, options: SdfOptions, counts: Counts) -> None:
    try:
        text = conformer.to_sdf()
    except ConversionError as error:
        counts.unwritten[_family(str(error))] += 1
        return
    try:
        (again,) = Conformer.from_sdf(text, layouts="keep", stereo=options.stereo)
    except ConversionError as error:
        counts.changed.append(f"{name}: {error}")
        return
    if again == conformer:
        counts.written += 1
    else:
        columns = ("molecule", "hydrogens", "x", "y", "z", "order", "title", "properties")
        pairs = ((each, getattr(again, each), getattr(conformer, each)) for each in columns)
        changed = [each for each, now, was in pairs if not np.all(now == was)]
        counts.changed.append(f"{name}: {', '.join(changed)} after writing")


def _difference_of_elements(lines: list[str], conformer: Conformer) -> str | None:
    """Of which atom the element is another one."""
    assert conformer.order is not None
    elements = _elements(conformer)
    rows = np.argsort(conformer.order).tolist()
    for at, (row, (element, *_)) in enumerate(zip(rows, atoms_of(lines), strict=True)):
        found = elements[row]
        if found != _ALIASES.get(element, element) and not (found == "*" and element in _WILD):
            return f"{element} of atom {at + 1} is {found}"
    return None


def _elements(conformer: Conformer) -> list[str]:
    from rdkit.Chem import GetPeriodicTable  # noqa: PLC0415

    table = GetPeriodicTable()
    found = []
    for number, count in zip(conformer.molecule.element, conformer.hydrogens, strict=True):
        found.append("*" if number == 0 else table.GetElementSymbol(int(number)))
        found += ["H"] * int(count)
    return found


def _family(reason: str) -> str:
    return _NUMBERS.sub("#", re.sub(r": line.*| at atom.*|, found .*", "", reason))[:110]


def _print(sources: dict[str, Counts]) -> None:
    print(f"{'source':45} {'records':>7} {'equal':>7} {'refused':>7} {'differ':>6}")
    for name, counts in sources.items():
        refused, differ = counts.refused.total(), len(counts.differing)
        print(f"{name[:45]:45} {counts.read:7} {counts.equal:7} {refused:7} {differ:6}", end="")
        if counts.atoms:
            print(f"  {counts.tokens['without order'] / counts.atoms:.2f} tokens an atom", end="")
        print()
    read = sum(each.read for each in sources.values())
    equal = sum(each.equal for each in sources.values())
    reasons = sum((each.refused for each in sources.values()), Counter[str]())
    differing = [each for counts in sources.values() for each in counts.differing]
    print(f"{'all':45} {read:7} {equal:7} {reasons.total():7} {len(differing):6}")
    print("\nrefused")
    for reason, count in reasons.most_common():
        print(f"{count:7}  {reason}")
    atoms = sum(each.atoms for each in sources.values())
    print(f"\ntokens an atom ({equal} records, {atoms} atoms with coordinates)")
    for kind in ("molecule", "without order", "with order", "all"):
        tokens = sum(each.tokens[kind] for each in sources.values())
        print(f"  {tokens / max(atoms, 1):6.2f}  {kind}")
    written = sum(each.written for each in sources.values())
    changed = [each for counts in sources.values() for each in counts.changed]
    if written or changed:
        unwritten = sum((each.unwritten for each in sources.values()), Counter[str]())
        print(f"\nwritten and read again: {written} equal, {len(changed)} differ")
        for reason, count in unwritten.most_common():
            print(f"{count:7}  not written: {reason}")
    for line in (*differing, *changed):
        print(f"  {line}")


if __name__ == "__main__":
    main()
