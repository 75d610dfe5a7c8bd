"""The valence limits: read from valence/rdkit.toml, written as the tables of the core."""

from __future__ import annotations

import re
import tomllib

from generator.text import NOTICE, SPEC

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


def limits_rs() -> str:
    """The valence table, by atomic number and charge."""
    table = tomllib.loads((SPEC / "valence" / "rdkit.toml").read_text(encoding="utf-8"))
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
