"""The table of atoms of an mmCIF file, by the tokens of its text."""

from __future__ import annotations

import re
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from logos_grammar.structure.comparison.table import DISPLACEMENTS, ELEMENT, Column, Table, symbols

__all__ = ["table_of_mmcif"]

_TOKEN: Final = re.compile(
    rb"(?:(?<=\n)|(?<=\A));.*?\n;(?=\s|\Z)"  # a field of lines
    rb"|'(?:[^'\n]|'(?=\S))*'(?=\s|\Z)|\"(?:[^\"\n]|\"(?=\S))*\"(?=\s|\Z)"
    rb"|#[^\n]*|\S+",
    re.DOTALL,
)
_RESERVED: Final = (b"data_", b"loop_", b"save_", b"stop_", b"global_")
_TABLE: Final = b"_atom_site."
_CELL: Final = ("length_a", "length_b", "length_c", "angle_alpha", "angle_beta", "angle_gamma")
_NONE: Final = (b".", b"?")

_Category = dict[str, list[bytes]]


def table_of_mmcif(content: bytes) -> Table:
    """Read the categories of the first block that has a table of atoms."""
    categories = _categories(content.replace(b"\r\n", b"\n"))
    site = categories["_atom_site"]
    rows = len(site["cartn_x"])

    def column(*items: str) -> Column:
        """The values of the first of some items that the file has."""
        values = next((site[item] for item in items if item in site), [b"?"] * rows)
        return np.array([*values, b""])[:-1]

    def words(*items: str) -> Column:
        values = next((site[item] for item in items if item in site), [b"?"] * rows)
        return np.array([*map(_unquoted, values), b""])[:-1]

    def either(one: str, other: str) -> Column:
        first = words(one)
        return np.where(first == b"", words(other), first)

    names = {
        "name": either("label_atom_id", "auth_atom_id"),
        "component": either("label_comp_id", "auth_comp_id"),
        "altloc": words("label_alt_id"),
        "insertion": words("pdbx_pdb_ins_code"),
        "chain": words("auth_asym_id", "label_asym_id"),
        "segment": words("segment_id"),
        "element": symbols(words("type_symbol")),
    }
    names |= {
        name: words(item)
        for name, item in (("label", "label_asym_id"), ("entity", "label_entity_id"))
        if item in site
    }
    integers: dict[str, npt.NDArray[Any]] = {
        "hetero": np.char.startswith(column("group_pdb"), b"HETA"),
        "number": _integers(words("auth_seq_id", "label_seq_id")),
        "charge": _integers(words("pdbx_formal_charge")),
    }
    if "pdbx_pdb_model_num" in site:
        integers["model"] = _integers(words("pdbx_pdb_model_num"))
    if "label_seq_id" in site:
        integers["label_seq"] = _integers(words("label_seq_id"))
    numbers = {axis: column(f"cartn_{axis}") for axis in "xyz"}
    numbers["occupancy"] = column("occupancy")
    numbers["b_factor"] = column("b_iso_or_equiv")
    return Table(
        rows=rows,
        names=names,
        integers=integers,
        numbers=numbers,
        displacements=_displacements(categories, set(site.get("id", ()))),
        **_unit_cell(categories),
        **_assemblies(categories),
    )


def _categories(content: bytes) -> dict[str, _Category]:
    """The categories of the block, each its items and their values as they are written."""
    tokens = [token for token in _TOKEN.findall(content) if not token.startswith(b"#")]
    lower = [token[:12].lower() for token in tokens]
    marks = [at for at, token in enumerate(lower) if token.startswith((b"_", *_RESERVED))]
    marks.append(len(tokens))
    found: dict[str, _Category] = {}
    place = 0
    while place < len(marks) - 1:
        at = marks[place]
        if lower[at].startswith(b"data_"):
            if "cartn_x" in found.get("_atom_site", ()):
                break
            found = {}
        place += 1
        if lower[at].startswith(b"loop_"):
            begin = place
            while place < len(marks) - 1 and marks[place] == at + 1 + place - begin:
                place += 1
            tags = tokens[at + 1 : at + 1 + place - begin]
            values = tokens[at + 1 + len(tags) : marks[place]]
            for number, tag in enumerate(tags):
                _add(found, tag, values[number :: len(tags)])
        elif lower[at].startswith(b"_"):
            _add(found, tokens[at], tokens[at + 1 : marks[place]])
    return found


def _add(found: dict[str, _Category], tag: bytes, values: list[bytes]) -> None:
    category, _, item = tag.decode("latin-1").lower().partition(".")
    found.setdefault(category, {})[item] = values


def _unquoted(value: bytes) -> bytes:
    """The name of a value, empty where none is given."""
    if value in _NONE:
        return b""
    if value[:1] in (b"'", b'"') and len(value) > 1:
        return value[1:-1]
    return value[1:-2] if value.startswith(b";") and b"\n" in value else value


def _integers(texts: Column) -> npt.NDArray[np.int64]:
    distinct, inverse = np.unique(texts, return_inverse=True)
    return np.array([*(int(text or b"0") for text in distinct.tolist()), 0], np.int64)[inverse]


def _displacements(categories: dict[str, _Category], ids: set[bytes]) -> dict[str, list[bytes]]:
    """The displacements of the atoms that there are."""
    table = categories.get("_atom_site_anisotrop", {})
    kept = [at for at, id in enumerate(table.get("id", ())) if id in ids]
    found = {}
    for name in DISPLACEMENTS:
        values = table.get(f"u[{name[1]}][{name[2]}]", [])
        found[name] = [values[at] for at in kept] if values else []
    return found


def _unit_cell(categories: dict[str, _Category]) -> dict[str, Any]:
    cell = categories.get("_cell", {})
    numbers = tuple(b"".join(cell.get(item, [b"?"])) for item in _CELL)
    # A standard uncertainty is left out.
    numbers = tuple(re.sub(rb"\(\d+\)$", b"", number) for number in numbers)
    if any(number in _NONE for number in numbers):
        return {"cell": None, "space_group": b""}
    groups = [
        categories.get("_symmetry", {}).get("space_group_name_h-m"),
        categories.get("_space_group", {}).get("name_h-m_alt"),
    ]
    group = next((_unquoted(each[0]) for each in groups if each and _unquoted(each[0])), b"")
    return {"cell": numbers, "space_group": group}


def _assemblies(categories: dict[str, _Category]) -> dict[str, Any]:
    """The operators and assemblies, unless a value of theirs is missing or invalid."""
    table = categories.get("_pdbx_struct_oper_list", {})
    items = [
        item
        for row in "123"
        for item in (*(f"matrix[{row}][{place}]" for place in "123"), f"vector[{row}]")
    ]
    columns = [table.get(item, []) for item in items]
    numbers = list(zip(*columns, strict=True)) if len({*map(len, columns)}) == 1 else []
    ids = [_listed(id) for id in table.get("id", ())]
    listed = categories.get("_pdbx_struct_assembly_gen", {})
    rows = list(
        zip(
            *(
                map(_listed, listed.get(item, ()))
                for item in ("assembly_id", "asym_id_list", "oper_expression")
            ),
            strict=False,
        )
    )
    is_whole = (
        len(numbers) == len(ids) == len({*ids})
        and all(all(ELEMENT.fullmatch(number) for number in each) for each in numbers)
        and all(all(row) for row in rows)
        and all(ids)
    )
    if not is_whole:
        return {"operators": None, "assemblies": ()}
    return {"operators": dict(zip(ids, numbers, strict=True)), "assemblies": tuple(rows)}


def _listed(value: bytes) -> bytes:
    return b"".join(_unquoted(value).split())
