"""Writes what the code takes from the spec: ids, blocks, fingerprint and the rolls of object types.

python spec/generate.py            write
python spec/generate.py --check    say which file is not fresh, and exit 1
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
# By atomic number, the wildcard first.
ELEMENTS = re.findall(
    r"\S+",
    "* H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se "
    "Br Kr Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy "
    "Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf "
    "Es Fm Md No Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og",
)
# In the order of their codes.
BONDS = ("-", "=", "#", "$", ":", "/", "\\", "~", "->", "<-")
NOTICE = "written by spec/generate.py from spec/; do not edit"


def main() -> int:
    """Write the generated files, or with ``--check`` compare them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare only")
    check = parser.parse_args().check
    stale = []
    for path, text in generated().items():
        file = ROOT / path
        if file.exists() and file.read_text(encoding="utf-8") == text:
            continue
        stale.append(path)
        if not check:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            print(f"wrote {path}")
    if check and stale:
        print(f"not fresh: {', '.join(stale)}; run `python spec/generate.py`", file=sys.stderr)
        return 1
    return 0


def generated() -> dict[str, str]:
    """Every generated file: its path from the root, and its text."""
    vocabulary = read_vocabulary()
    types = sorted(path.stem for path in (ROOT / "spec" / "objects").glob("*.ebnf"))
    return {
        "rust/core/src/tokens.rs": tokens_rs(vocabulary),
        "rust/core/src/objects/mod.rs": core_roll(types),
        "rust/core/src/spec_texts.rs": spec_texts_rs(types),
        "rust/core/src/profiles/limits.rs": limits_rs(),
        "rust/python/src/objects/mod.rs": border_roll(types),
        "python/logos_grammar/_roll.py": python_roll(types),
    }


@dataclass(frozen=True)
class Run:
    """One token, or a numbered run of tokens."""

    base: int
    first: int
    count: int
    name: str
    text: str
    gloss: str

    def names(self) -> Iterator[tuple[int, str]]:
        """Every id of the run with its name."""
        for i in range(self.count):
            yield self.base + i, numbered(self.name, self.first + i)


@dataclass(frozen=True)
class Block:
    """A contiguous range of ids."""

    name: str
    base: int
    size: int
    gloss: str
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class Vocabulary:
    """All blocks, by ascending base."""

    size: int
    blocks: tuple[Block, ...]

    def fingerprint(self) -> str:
        """SHA-256 over the line ``id<TAB>name`` of every assigned id, ascending."""
        lines = [
            f"{id}\t{name}\n"
            for block in self.blocks
            for run in block.runs
            for id, name in run.names()
        ]
        return hashlib.sha256("".join(lines).encode()).hexdigest()


def numbered(template: str, number: int) -> str:
    """Fill ``{n}`` and ``{n:03}`` of a numbered run."""
    return template.replace("{n:03}", f"{number:03}").replace("{n}", str(number))


def read_vocabulary() -> Vocabulary:
    """Read vocabulary.toml; refuse blocks that overlap, overflow, or share a name."""
    text = (ROOT / "spec" / "vocabulary.toml").read_text(encoding="utf-8")
    data: dict[str, Any] = tomllib.loads(text)
    blocks: list[Block] = []
    seen: dict[str, int] = {}
    end = 0
    for entry in data["block"]:
        if entry["base"] < end:
            raise SystemExit(f"block {entry['name']} begins inside the block before it")
        end = entry["base"] + entry["size"]
        runs: list[Run] = []
        id = entry["base"]
        for token in entry["tokens"]:
            first = token.get("from", 0)
            count = token["to"] - first + 1 if "from" in token else 1
            run = Run(id, first, count, token["name"], token["text"], token["gloss"])
            for each, name in run.names():
                if name in seen:
                    raise SystemExit(f"two tokens are named {name}: {seen[name]} and {each}")
                seen[name] = each
            runs.append(run)
            id += count
        if id > end:
            raise SystemExit(f"block {entry['name']} has more tokens than its size")
        blocks.append(
            Block(entry["name"], entry["base"], entry["size"], entry["gloss"], tuple(runs))
        )
    if end > data["size"]:
        raise SystemExit(f"the last block ends at {end}, beyond the size {data['size']}")
    return Vocabulary(data["size"], tuple(blocks))


def tokens_rs(vocabulary: Vocabulary) -> str:
    """The vocabulary as a static table."""
    lines = [
        f"//! The vocabulary as a table: {NOTICE}.",
        "",
        "use crate::vocabulary::{Block, Run};",
        "",
        "/// One past the highest id that may ever be assigned: the width of logits.",
        f"pub const SIZE: usize = {vocabulary.size};",
        "",
        "/// SHA-256 over every assigned id and its name.",
        f'pub const FINGERPRINT: &str = "{vocabulary.fingerprint()}";',
        "",
        "/// Every block, by ascending base.",
        "#[rustfmt::skip]",
        "pub static BLOCKS: &[Block] = &[",
    ]
    for block in vocabulary.blocks:
        lines.append(
            f"    Block {{ name: {quote(block.name)}, base: {block.base}, size: {block.size}, "
            f"gloss: {quote(block.gloss)}, runs: &["
        )
        lines += [
            f"        Run {{ base: {run.base}, first: {run.first}, count: {run.count}, "
            f"name: {quote(run.name)}, text: {quote(run.text)}, gloss: {quote(run.gloss)} }},"
            for run in block.runs
        ]
        lines.append("    ] },")
    return "\n".join([*lines, "];", ""])


def core_roll(types: list[str]) -> str:
    """The modules of the core's object types, and the macro that names them all."""
    return "\n".join(
        [
            f"//! The roll of object types: {NOTICE}.",
            "",
            *(f"pub mod {name};" for name in types),
            "",
            *(f"pub use {name}::{camel(name)};" for name in types),
            "",
            "/// Hand the roll of object types, `module Type` each, to a macro.",
            "#[macro_export]",
            "macro_rules! for_each_object {",
            "    ($macro:ident) => {",
            "        $macro! {",
            *(f"            {name} {camel(name)}" for name in types),
            "        }",
            "    };",
            "}",
            "",
        ]
    )


def spec_texts_rs(types: list[str]) -> str:
    """The texts of the spec, carried inside the library."""
    files = [
        "vocabulary.toml",
        "common.ebnf",
        *(f"objects/{name}.ebnf" for name in types),
        # A new type has none until the core knows it.
        *(f"vectors/{file.name}" for file in sorted((ROOT / "spec/vectors").glob("*.jsonl"))),
    ]
    lines = [
        f"//! The texts of the spec, carried in the library: {NOTICE}.",
        "",
        "/// Every file of the spec: its path below `spec/`, and its text.",
        "#[rustfmt::skip]",
        "pub static SPEC_TEXTS: &[(&str, &str)] = &[",
        *(f'    ("{file}", include_str!("../../../spec/{file}")),' for file in files),
        "];",
        "",
    ]
    return "\n".join(lines)


def limits_rs() -> str:
    """The valence table, by atomic number and charge."""
    table = tomllib.loads((ROOT / "spec" / "valence" / "rdkit.toml").read_text(encoding="utf-8"))
    unlimited = table["unlimited"]
    numbers = {symbol: number for number, symbol in enumerate(ELEMENTS)}
    neutral = [unlimited] * len(ELEMENTS)
    for limit, symbols in table["neutral"].items():
        for symbol in symbols:
            neutral[numbers[symbol]] = int(limit)
    rows = []
    for symbol, number in numbers.items():
        row = {}
        for charge in range(-15, 16):
            electrons = number - charge
            known = neutral[electrons] if 0 <= electrons < len(ELEMENTS) else unlimited
            row[charge] = unlimited if neutral[number] == unlimited else known
        for charges, limit in table["charged"].get(symbol, {}).items():
            first, _, last = charges.partition("..")
            ends = sorted((int(first), int(last or first)))
            for charge in range(ends[0], ends[1] + 1):
                row[charge] = -1 if limit == "refused" else limit
        rows.append(row)
    bare = [table["bare"].get(symbol, -1) for symbol in ELEMENTS]

    def taken(kind: str, prefix: str) -> list[list[int]]:
        # No symbol and `-` are one bond; a bond that is not in the table is in no such molecule.
        names = {"-": "", **{name: prefix + name for name in BONDS[1:]}}
        return [table[kind].get(names[name], [-1, -1]) for name in BONDS]

    chains, rings = taken("bonds", ""), taken("ring_bonds", "ring")
    aromatic = table["aromatic"]
    refused = [
        f"({numbers[symbol]}, {charge})"
        for symbol, charges in aromatic["refused"].items()
        for charge in charges
    ]
    return "\n".join(
        [
            f"//! How much an atom may bear: {NOTICE}.",
            "",
            "/// The name and the version of the table.",
            f'pub const TABLE: &str = "{table["name"]} {table["version"]}";',
            "",
            "/// By atomic number the limit of an atom without brackets; -1 where none stands so.",
            "#[rustfmt::skip]",
            f"pub(super) static BARE: [i8; {len(bare)}] = {bare};",
            "",
            "/// By atomic number and charge, from -15, the limit of one in brackets; -1 for none.",
            "#[rustfmt::skip]",
            f"pub(super) static LIMITS: [[i8; 31]; {len(rows)}] = [",
            *(f"    {list(row.values())}," for row in rows),
            "];",
            "",
            "/// By bond what it takes of the two atoms; -1 where none may be.",
            "#[rustfmt::skip]",
            f"pub(super) static BONDS: [[i8; 2]; {len(BONDS)}] = {chains};",
            "",
            "/// What a bond that closes a ring takes of the atom that opened it and of the other.",
            "#[rustfmt::skip]",
            f"pub(super) static RING_BONDS: [[i8; 2]; {len(BONDS)}] = {rings};",
            "",
            "/// How many aromatic bonds an atom may have.",
            f"pub(super) const AROMATIC_BONDS: u32 = {aromatic['most_bonds']};",
            "",
            "/// The atomic numbers and charges that no aromatic atom may have.",
            "#[rustfmt::skip]",
            f"pub(super) static NEVER_AROMATIC: [(u8, i8); {len(refused)}] = "
            f"[{', '.join(refused)}];",
            "",
        ]
    )


def border_roll(types: list[str]) -> str:
    """The modules of the border, one an object type."""
    return "\n".join(
        [
            f"//! The roll of object types at the border: {NOTICE}.",
            "",
            *(f"mod {name};" for name in types),
            "",
        ]
    )


def python_roll(types: list[str]) -> str:
    """The packages and classes of the object types."""
    return "\n".join(
        [
            f'"""The roll of object types: {NOTICE}."""',
            "",
            "OBJECT_TYPES: dict[str, str] = {",
            *(f'    "{name}": "{camel(name)}",' for name in types),
            "}",
            "",
        ]
    )


def camel(name: str) -> str:
    """``nucleic_acid`` -> ``NucleicAcid``."""
    return "".join(word.capitalize() for word in name.split("_"))


def quote(text: str) -> str:
    """A Rust string literal."""
    return json.dumps(text, ensure_ascii=False)


if __name__ == "__main__":
    sys.exit(main())
