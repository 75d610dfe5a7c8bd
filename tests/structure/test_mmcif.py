"""mmCIF files: what is kept of each item, what is refused and where."""

from __future__ import annotations

import time
from typing import Any

import pytest

import logos_grammar as lg
from logos_grammar.columns import Words
from logos_grammar.fixed import Fixed
from logos_grammar.structure import LinkKind, StrandKind, Structure

ITEMS = [
    "group_PDB",
    "id",
    "type_symbol",
    "label_atom_id",
    "label_alt_id",
    "label_comp_id",
    "label_asym_id",
    "label_entity_id",
    "label_seq_id",
    "pdbx_PDB_ins_code",
    "Cartn_x",
    "Cartn_y",
    "Cartn_z",
    "occupancy",
    "B_iso_or_equiv",
    "pdbx_formal_charge",
    "auth_seq_id",
    "auth_asym_id",
    "pdbx_PDB_model_num",
]
ROW = "ATOM 1 C CA . ALA A 1 1 ? 1.000 -2.000 3.000 1.00 10.00 ? 1 A 1"


def row(**cells: str) -> str:
    """A row of the atom table, some of its cells changed."""
    values = dict(zip(ITEMS, ROW.split(), strict=True)) | cells
    return " ".join(values.values())


def table(*rows: str, leave_out: tuple[str, ...] = (), **more: str) -> str:
    """An atom table as a loop, without some items and with more of one value each."""
    kept = [at for at, item in enumerate(ITEMS) if item not in leave_out]
    items = [f"_atom_site.{item}" for item in (*(ITEMS[at] for at in kept), *more)]
    lines = [" ".join([*(each.split(" ")[at] for at in kept), *more.values()]) for each in rows]
    return "\n".join(["loop_", *items, *lines]) + "\n"


def read(text: str, **options: Any) -> Structure:
    """Read a file, and the file that is written of it, which must be the same structure."""
    text = text if text.startswith("data_") else f"data_x\n{text}"
    structure = Structure.from_mmcif(text, **options)
    assert Structure.from_mmcif(text.encode(), **options) == structure
    assert Structure.from_mmcif(text.replace("\n", "\r\n"), **options) == structure
    assert Structure.from_mmcif(f"# note\n{text}".replace("\n", "\r"), **options) == structure
    assert Structure.from_mmcif(f"\ufeff# note\n{text}", **options) == structure
    assert Structure.from_mmcif(structure.to_mmcif()) == structure
    return structure


def test_an_atom_has_what_its_row_says() -> None:
    structure = read(
        table(
            row(label_alt_id="B", pdbx_PDB_ins_code="C", pdbx_formal_charge="-2", auth_seq_id="-7")
        )
    )
    atoms, residues, strands = structure.atoms, structure.residues, structure.strands
    assert (atoms.name[0], atoms.element[0], atoms.altloc[0], atoms.charge[0]) == (
        "CA",
        "C",
        "B",
        -2,
    )
    assert (atoms.x, atoms.y, atoms.z) == (Fixed([1000], 3), Fixed([-2000], 3), Fixed([3000], 3))
    assert (atoms.occupancy, atoms.b_factor) == (Fixed([100], 2), Fixed([1000], 2))
    assert (residues.component[0], residues.number[0], residues.insertion[0]) == ("ALA", -7, "C")
    assert residues.label_seq is not None
    assert residues.label_seq.tolist() == [1]
    assert strands.label is not None
    assert strands.entity is not None
    assert (strands.chain[0], strands.label[0], strands.entity[0]) == ("A", "A", "1")
    assert [StrandKind(kind) for kind in strands.kind] == [StrandKind.PROTEIN]


def test_a_table_of_one_row_may_be_items() -> None:
    items = "\n".join(
        f"_ATOM_SITE.{item.upper()} {cell}" for item, cell in zip(ITEMS, ROW.split(), strict=True)
    )
    assert read(items) == read(table(ROW))


@pytest.mark.parametrize(
    ("item", "value", "text"),
    [
        ("label_atom_id", '"O5\'"', "O5'"),
        ("label_atom_id", "'C\"'", 'C"'),
        ("label_atom_id", "a'b", "a'b"),
        ("label_atom_id", "'it's'", "it's"),
        ("label_atom_id", "'.'", "."),
        ("label_atom_id", "\n;two\nlines\n;\n", "two\nlines"),
        ("label_atom_id", "loop_x", "loop_x"),
        ("label_atom_id", "é", "é"),
    ],
)
def test_names_have_any_quotes(item: str, value: str, text: str) -> None:
    content = table(row(**{item: "QUOTED"})).replace("QUOTED", value)
    assert Structure.from_mmcif(f"data_x\n{content}").atoms.name[0] == text
    if "\n" not in text:
        assert read(content).atoms.name[0] == text


def test_comments_and_other_categories_are_skipped() -> None:
    plain = read(table(ROW))
    other = (
        "_entry.id x # note\nloop_\n_citation.id\n_citation.title\n1 'a _b loop_'\n2\n;\n_c\n;\n"
    )
    assert read(f"{other}{table(ROW)}#\nsave_frame\n_a.b c\nsave_\n_z.z .") == plain
    assert read(table(ROW).replace("loop_", "LOOP_").replace("_atom_site", "_Atom_Site")) == plain


def test_numbers_without_trailing_zeros_get_the_decimals_of_their_column() -> None:
    rows = (row(Cartn_x="1", Cartn_y="2.5", B_iso_or_equiv="7"), row(Cartn_z="0.12345"))
    atoms = read(table(*rows)).atoms
    assert atoms.x == Fixed([100_000, 100_000], 5)
    assert atoms.y == Fixed([250_000, -200_000], 5)
    assert atoms.b_factor == Fixed([700, 1000], 2)


def test_what_is_not_given_is_absent_or_unknown() -> None:
    assert read(table(row(occupancy=".", B_iso_or_equiv="?"))).atoms.occupancy is None
    optional = (
        "occupancy",
        "B_iso_or_equiv",
        "pdbx_formal_charge",
        "pdbx_PDB_ins_code",
        "group_PDB",
    )
    atoms = read(table(ROW, leave_out=optional)).atoms
    assert (atoms.occupancy, atoms.b_factor, atoms.charge.tolist()) == (None, None, [0])
    some = read(table(ROW, row(B_iso_or_equiv="?"))).atoms
    assert some.b_factor_state is not None
    assert some.b_factor_state.tolist() == [0, 1]
    blank = table(ROW, row(occupancy="?"))
    with pytest.raises(lg.ConversionError, match="line 23, column 46: expected an occupancy"):
        read(blank)
    assert read(blank, blank_occupancy="one").atoms.occupancy == Fixed([100, 100], 2)


def test_numbers_of_residues_may_be_unknown_or_not_apply() -> None:
    residues = read(
        table(row(auth_seq_id="?", label_seq_id="."), row(auth_seq_id="."), ROW)
    ).residues
    assert residues.number_state is not None
    assert residues.label_seq_state is not None
    assert residues.number_state.tolist() == [1, 2, 0]
    assert residues.label_seq_state.tolist() == [2, 0, 0]


def test_what_authors_do_not_name_has_its_label() -> None:
    structure = read(table(row(label_seq_id="5"), leave_out=("auth_seq_id", "auth_asym_id")))
    assert (structure.strands.chain[0], structure.residues.number.tolist()) == ("A", [5])
    absent = read(table(row(auth_asym_id=".", label_asym_id="?")))
    assert absent.strands.label is not None
    assert (absent.strands.chain[0], absent.strands.label[0]) == ("", "")


def test_names_of_authors_that_differ_are_left_out() -> None:
    content = f"data_x\n{table(ROW, auth_comp_id='GLY')}"
    reading = Structure.read_mmcif(content)
    assert reading.structure.residues.component[0] == "ALA"
    assert [*reading.left_out] == [
        "line 23, column 65: expected 'ALA', as in _atom_site.label_comp_id, not 'GLY', "
        "in _atom_site.auth_comp_id"
    ]
    assert read(table(row(label_comp_id="."), auth_comp_id="GLY")).residues.component[0] == "GLY"


def test_chains_have_long_names_and_segments() -> None:
    structure = read(table(row(auth_asym_id="AXZLONG"), segment_id="S1"))
    assert structure.strands.chain[0] == "AXZLONG"
    assert structure.strands.segment is not None
    assert structure.strands.segment[0] == "S1"


def test_models_are_runs_of_rows() -> None:
    numbers = ["0", "0", "2", "0"]
    structure = read(table(*(row(pdbx_PDB_model_num=number) for number in numbers)))
    assert structure.models.number.tolist() == [0, 2, 0]
    assert read(table(ROW, leave_out=("pdbx_PDB_model_num",))).models.number.tolist() == [1]


def test_a_block_is_taken_by_its_name() -> None:
    one, other = f"data_a\n{table(ROW)}", f"data_b\n{table(row(Cartn_x='9.000'))}"
    assert read(f"{one}data_c\n_a.b c\n", block="a") == read(one)
    with pytest.raises(lg.ConversionError, match="one block with an atom table, not 'a' and 'b'"):
        Structure.from_mmcif(one + other)
    assert Structure.from_mmcif(one + other, block="b").atoms.x == Fixed([9000], 3)
    with pytest.raises(lg.ConversionError, match="expected a block 'z'; the file has 'a', 'b'"):
        Structure.from_mmcif(one + other, block="z")


@pytest.mark.parametrize(
    "inside",
    [
        table(row(Cartn_x="9.000")),
        "_cell.length_a 1\n_cell.length_b 1\n_cell.length_c 1\n"
        "_cell.angle_alpha 90\n_cell.angle_beta 90\n_cell.angle_gamma 90\n",
        "_atom_site_label 1\n",
        f"{table(ROW)}save_\nsave_other\n{table(ROW)}",
    ],
)
def test_what_stands_in_a_save_frame_is_not_of_the_block(inside: str) -> None:
    frame = f"save_frame\n{inside}save_\n"
    assert read(frame + table(ROW)) == read(table(ROW) + frame) == read(table(ROW))
    with pytest.raises(lg.ConversionError, match="expected an atom table"):
        Structure.from_mmcif(f"data_x\n{frame}")
    with pytest.raises(lg.ConversionError, match="expected save_, which ends the frame"):
        Structure.from_mmcif(f"data_x\n{table(ROW)}save_open\n{inside}")


@pytest.mark.parametrize(
    "category", ["_citation", "_struct_conn", "_pdbx_poly_seq_scheme", "_cell"]
)
def test_a_loop_without_values_has_no_rows(category: str) -> None:
    loop = f"loop_\n{category}.id\n{category}.asym_id\n"
    for content in (loop + table(ROW), table(ROW) + loop, f"{table(ROW)}{loop}loop_\n_a.b\nc\n"):
        assert read(content) == read(table(ROW))
    with pytest.raises(
        lg.ConversionError, match="line 3, column 1: expected atoms, and this table"
    ):
        read(table() + loop)


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ("? ? ? ? ? ?", None),
        (". . . . . .", None),
        ("1 2 ? 4 5 6", r"expected .* not '\?', in _atom_site_anisotrop.U\[3\]\[3\]"),
    ],
)
def test_displacements_that_are_not_given_are_none(numbers: str, message: str | None) -> None:
    items = ["id", "U[1][1]", "U[2][2]", "U[3][3]", "U[1][2]", "U[1][3]", "U[2][3]"]
    loop = "\n".join(["loop_", *(f"_atom_site_anisotrop.{item}" for item in items)])
    content = f"{table(ROW)}{loop}\n1 {numbers}\n"
    if message is None:
        assert read(content) == read(table(ROW))
        return
    with pytest.raises(lg.ConversionError, match=message):
        read(content)


@pytest.mark.parametrize("block", [None, "last"])
def test_many_blocks_take_time_by_their_number(block: str | None) -> None:
    many = "".join(f"data_b{at}\n_a.b 1\n" for at in range(20_000))
    text = f"{many}data_last\n{table(ROW)}"
    begun = time.process_time()
    assert len(Structure.from_mmcif(text, block=block)) == 1
    assert time.process_time() - begun < 2


def test_anisotropic_displacements_belong_to_the_id_of_an_atom() -> None:
    names = [f"U[{a}][{b}]" for a, b in ("11", "22", "33", "12", "13", "23")]
    items = "\n".join(f"_atom_site_anisotrop.{name}" for name in ["id", *names])
    rows = "3 0.1 0.25 0.3 0.4 0.5 -0.6\n1 1 1 1 1 1 1\n9 1 1 1 1 1 1\n"
    atoms_table = table(*(row(id=str(at)) for at in (1, 2, 3)))
    content = f"data_x\n{atoms_table}loop_\n{items}\n{rows}"
    reading = Structure.read_mmcif(content)
    atoms = reading.structure.atoms
    assert atoms.u22 == Fixed([100, 0, 25], 2)
    assert atoms.u23 == Fixed([100, 0, -60], 2)
    assert atoms.anisotropic_state is not None
    assert atoms.anisotropic_state.tolist() == [0, 2, 0]
    assert [note.partition(": ")[2] for note in reading.left_out] == [
        "expected the id of an atom, not '9', in _atom_site_anisotrop.id"
    ]
    assert read(content).atoms.u22 == atoms.u22


@pytest.mark.parametrize("more", range(4))
def test_displacements_of_a_short_table_at_the_end_of_a_file_are_kept(more: int) -> None:
    items = ["id", "U[1][1]", "U[2][2]", "U[3][3]", "U[1][2]", "U[1][3]", "U[2][3]"]
    loop = "\n".join(["loop_", *(f"_atom_site_anisotrop.{item}" for item in items)])
    others: dict[str, str] = dict.fromkeys("abcd"[:more], "?")
    text = f"data_x\n{loop}\n1 1 2 3 4 5 6\n" + table(ROW, leave_out=(), **others)
    for content in (text, text.rstrip()):
        reading = Structure.read_mmcif(content)
        assert reading.left_out == ()
        assert reading.structure.atoms.u11 == Fixed([1], 0)


def test_the_unit_cell_is_kept_when_all_of_it_is_given() -> None:
    names = ["length_a", "length_b", "length_c", "angle_alpha", "angle_beta", "angle_gamma"]
    items = [
        f"_cell.{name} {at}"
        for name, at in zip(names, ["1.5", "2", "3.25", "90", "90", "9.1"], strict=True)
    ]
    symmetry = "_symmetry.space_group_name_H-M 'P 21 21 21'"
    cell = read("\n".join([*items, symmetry, table(ROW)])).cell
    assert cell is not None
    assert (cell.a, cell.alpha, cell.space_group[0]) == (
        Fixed([150], 2),
        Fixed([900], 1),
        "P 21 21 21",
    )
    absent = [line.replace("9.1", "?") for line in items]
    assert read("\n".join([*absent, table(ROW)])).cell is None
    with pytest.raises(
        lg.ConversionError, match=r"line 2, column 16: expected .*'x', in _cell.length_a"
    ):
        read("\n".join(["_cell.length_a x", table(ROW)]))


SCHEME = ["asym_id", "entity_id", "seq_id", "mon_id", "pdb_seq_num", "pdb_ins_code"]


def scheme(*rows: str) -> str:
    items = [f"_pdbx_poly_seq_scheme.{item}" for item in SCHEME]
    return "\n".join(["loop_", *items, *rows]) + "\n"


def test_residues_that_were_not_seen_have_their_place_in_the_sequence() -> None:
    seen = [row(label_seq_id=seq, auth_seq_id=number) for seq, number in (("2", "12"), ("4", "14"))]
    rows = [f"A 1 {seq} GLY {10 + seq} ." for seq in (1, 2, 3, 4, 5, 6)]
    structure = read(table(*seen) + scheme(*rows[:5], "A 1 6 SER ? ."))
    residues = structure.residues
    assert [*residues.component] == ["GLY", "ALA", "GLY", "ALA", "GLY", "SER"]
    assert residues.number.tolist() == [11, 12, 13, 14, 15, 0]
    assert residues.label_seq is not None
    assert residues.label_seq.tolist() == [1, 2, 3, 4, 5, 6]
    assert structure.atoms.residue.tolist() == [1, 3]
    assert len(structure.strands) == 1
    items = [f"_entity_poly_seq.{item}" for item in ("entity_id", "num", "mon_id")]
    by_entity = "\n".join(["loop_", *items, "1 1 GLY", "1 2 ALA", ""])
    residues = read(table(seen[0]) + by_entity).residues
    assert residues.number_state is not None
    assert (residues.number.tolist(), residues.number_state.tolist()) == ([0, 12], [1, 0])


@pytest.mark.parametrize("entities", ["12", "21", "121"])
def test_a_strand_of_several_sequences_is_refused(entities: str) -> None:
    items = [f"_entity_poly_seq.{item}" for item in ("entity_id", "num", "mon_id")]
    rows = ["1 1 GLY", "1 2 ALA", "1 3 SER", "2 1 ALA"]
    sequences = "\n".join(["loop_", *items, *rows, ""])
    atoms = [row(label_entity_id=each, label_seq_id="1") for each in entities]
    with pytest.raises(
        lg.ConversionError, match=r"expected one entity in 'A', found .*_atom_site.label_entity_id"
    ):
        Structure.from_mmcif(f"data_x\n{table(*atoms)}{sequences}")


def test_links_are_the_bonds_of_struct_conn() -> None:
    items = [f"_struct_conn.{item}" for item in ["conn_type_id"]]
    ends = [
        item.format(end)
        for end in (1, 2)
        for item in (
            "_struct_conn.ptnr{}_label_asym_id", "_struct_conn.ptnr{}_label_comp_id",
            "_struct_conn.ptnr{}_label_seq_id", "_struct_conn.ptnr{}_label_atom_id",
            "_struct_conn.ptnr{}_auth_asym_id", "_struct_conn.ptnr{}_auth_seq_id",
            "_struct_conn.ptnr{}_symmetry",
        )
    ]  # fmt: skip
    one, other = "A ALA 1 CA A 1 1_555", "A ALA 2 CA A 2 1_555"
    rows = [
        f"metalc {one} {other}",
        f"covale {other} {one}",
        f"hydrog {one} {other}",
        f"disulf {one} {other.replace('1_555', '2_555')}",
        f"disulf {one} {other.replace('CA', 'SG')}",
        f"covale {one} {other}",
        f"metalc {other} {one}",
        f"glycos {one} {other}",
        f". {one} {other}",
    ]
    atoms = table(ROW, row(label_seq_id="2", auth_seq_id="2"))
    content = "\n".join([atoms, "loop_", *items, *ends, *rows, ""])
    links = read(content).links
    assert (links.begin.tolist(), links.end.tolist()) == ([0] * 4, [1] * 4)
    assert [LinkKind(kind) for kind in links.kind] == [
        LinkKind.METAL, LinkKind.COVALENT, LinkKind.HYDROGEN_BOND, LinkKind.DISULFIDE,
    ]  # fmt: skip
    assert links.begin_symmetry is None
    assert links.end_symmetry == Words(["", "", "", "2_555"])
    assert (links.distance, links.distance_state) == (None, None)
    left_out = Structure.read_mmcif(f"data_x\n{content}").left_out
    assert [note.partition(": ")[2] for note in left_out] == [
        "a connection of another kind, 'glycos'",
        "a bond whose atoms are not in one model",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"line 1, column 1: expected a data block \(data_ and its name\)"),
        ("HEADER\n", "line 1, column 1: expected a data block"),
        ("data_x\n_a.b c\n", r"expected an atom table \(_atom_site.\) in one of the blocks 'x'"),
        ("data_x\nloop_\n_atom_site_label\n_atom_site_fract_x\nC1 0.5\n", "the CIF of a crystal"),
        (
            "data_x\nvalue\n",
            "line 2, column 1: expected the name of an item before the value 'value'",
        ),
        ("data_x\n_a.b\n_c.d e\n", "line 3, column 1: expected a value of '_a.b'"),
        (
            "data_x\nloop_\n_a.b\n_a.c\n1 2 3\n_d.e f\n",
            "expected rows of 2 values, and 3 stand before",
        ),
        ("data_x\nloop_\n", "expected the items of a loop"),
        ("data_x\nloop_\n1\n", "expected the items of a loop"),
        ("data_x\n_a.b 'c\n", "line 2, column 6: expected the quote that ends this value"),
        ("data_x\n_a.b\n;c\n", "line 3, column 1: expected the line that begins with ;"),
        (
            "data_x\n_cell.length_a 1\n_cell.length_a 2\n",
            "line 3, column 1: expected '_cell.length_a' once",
        ),
        (
            "data_x\n" + table(ROW) + table(ROW),
            "line 24, column 1: expected one table of _atom_site",
        ),
        (
            "data_x\n" + table(ROW, leave_out=("Cartn_y",)),
            "line 3, column 1: expected _atom_site.Cartn_y among",
        ),
        (
            "data_x\n" + table(ROW, leave_out=("label_atom_id",)),
            "label_atom_id or _atom_site.auth_atom_id among",
        ),
        ("data_x\n" + table(ROW) + "ATOM 2\n", "and the row ends here, in _atom_site.type_symbol"),
        ("data_x\n" + table(ROW).replace("_atom_site.id", "_atom_site.Cartn_x"), "once in a loop"),
        (
            "data_x\n" + table(ROW).replace("_atom_site.label_seq_id", "_atom_site.ID"),
            "line 11, column 1: expected '_atom_site.ID' once in a loop",
        ),
        (
            "data_x\n"
            + table(ROW).replace("_atom_site.label_seq_id", "_atom_site.x", 1)
            + "loop_\n_cell.a\n_cell.A\n1 2\n",
            "expected '_cell.A' once in a loop",
        ),
        (
            "data_x\n_cell.length_a 1\n_CELL.LENGTH_A 2\n",
            "line 3, column 1: expected '_CELL.LENGTH_A' once in a block",
        ),
        (
            "data_x\n" + table(ROW).replace("_atom_site.label_seq_id", "_foo.label_seq_id"),
            "line 11, column 1: expected an item of '_atom_site', as before, not '_foo.label_",
        ),
        (
            "data_x\n" + table(ROW).replace("_atom_site.group_PDB", "_foo.group_PDB"),
            "line 4, column 1: expected an item of '_foo', as before, not '_atom_site.id'",
        ),
        ("data_x\n" + table(ROW) + "_atom_site.x 1\n", "expected '_atom_site.x' once in a block"),
        ("data_x\nloop_\n_cell.length_a\n1\n_cell.length_b 2\n", "'_cell.length_b' once"),
        (
            "data_x\n"
            + table(ROW)
            + "loop_\n_atom_site_anisotrop.id\n"
            + "".join(
                f"_atom_site_anisotrop.U[{a}][{b}]\n"
                for a, b in ("11", "22", "33", "12", "13", "23")
            )
            + "1 1 1 1 1 1 1\n1 2 2 2 2 2 2\n",
            "expected the id of each atom once, not '1', in _atom_site_anisotrop.id",
        ),
    ],
)
def test_what_is_no_mmcif_is_refused_where_it_is(text: str, message: str) -> None:
    with pytest.raises(lg.ConversionError, match=message):
        Structure.from_mmcif(text)


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"Cartn_x": "?"}, r"line 22, column 27: expected .* not '\?', in _atom_site.Cartn_x"),
        ({"Cartn_y": "1.0(3)"}, r"not '1.0\(3\)', in _atom_site.Cartn_y"),
        ({"Cartn_z": "1e3"}, "without an exponent, not '1e3', in _atom_site.Cartn_z"),
        ({"Cartn_z": "0.1234567890"}, "at most 18 digits, 9 of them decimals"),
        ({"occupancy": "inf"}, "in _atom_site.occupancy"),
        ({"B_iso_or_equiv": "nan"}, "in _atom_site.B_iso_or_equiv"),
        (
            {"auth_seq_id": "1A"},
            r"expected an integer, \? or \., not '1A', in _atom_site.auth_seq_id",
        ),
        ({"auth_seq_id": "2147483648"}, "in _atom_site.auth_seq_id"),
        ({"label_seq_id": "1.5"}, "in _atom_site.label_seq_id"),
        ({"pdbx_formal_charge": "128"}, "expected a charge of -128 to 127"),
        ({"pdbx_PDB_model_num": "?"}, "expected the number of a model"),
        ({"pdbx_formal_charge": "1+"}, r"expected a charge .* not '1\+'"),
        ({"group_PDB": "TER"}, "expected ATOM or HETATM, not 'TER', in _atom_site.group_PDB"),
    ],
)
def test_a_value_that_is_something_else_is_refused_with_its_item(
    cells: dict[str, str], message: str
) -> None:
    with pytest.raises(lg.ConversionError, match=message):
        read(table(row(**cells)))


def test_what_mmcif_cannot_hold_is_refused() -> None:
    structure = Structure.from_pdb(
        "MODEL        1\nENDMDL\nMODEL        2\n"
        "ATOM      1  CA  GLY A   7       1.500  -2.250   0.125  1.00 20.00           C\n"
    )
    with pytest.raises(lg.ConversionError, match=r"models.number\[0\] has none"):
        structure.to_mmcif()


def test_a_structure_of_pdb_gets_labels() -> None:
    line = "ATOM      1  CA  GLY {}{:4}       1.500  -2.250   0.125  1.00 20.00           C"
    water = "HETATM    1  O   HOH A   9       1.500  -2.250   0.125  1.00 20.00           O"
    lines = [
        line.format("A", 1),
        line.format("A", 2),
        "TER",
        line.format("B", 1),
        line.format("B", 2),
        "TER",
        water,
    ]
    structure = Structure.from_pdb("\n".join(lines))
    labelled = Structure.from_mmcif(structure.to_mmcif())
    assert labelled.atoms == structure.atoms
    assert labelled.strands.chain == structure.strands.chain
    assert labelled.strands.kind.tolist() == structure.strands.kind.tolist()
    assert labelled.strands.label is not None
    assert labelled.strands.entity is not None
    assert labelled.residues.label_seq is not None
    assert [*labelled.strands.label] == ["A", "B", "C"]
    assert [*labelled.strands.entity] == ["1", "1", "2"]
    assert labelled.residues.label_seq.tolist() == [1, 2, 1, 2, 0]
    assert Structure.from_mmcif(labelled.to_mmcif()) == labelled


@pytest.mark.parametrize(
    "second",
    [
        "HETATM    1  O   HOH A  10       1.500  -2.250   0.125  1.00 20.00           O\n",
        "ATOM      1  CA  GLY B   1       1.500  -2.250   0.125  1.00 20.00           C\n"
        "ATOM      2  CA  GLY B   2       1.500  -2.250   0.125  1.00 20.00           C\n",
        "ATOM      1  CA  ALA B   1       1.500  -2.250   0.125  1.00 20.00           C\n"
        "HETATM    1  O   HOH A  10       1.500  -2.250   0.125  1.00 20.00           O\n",
        "ATOM      1  CA  ALA A   1       1.500  -2.250   0.125  1.00 20.00           C\n"
        "ATOM      2  CA  ALA A   3       1.500  -2.250   0.125  1.00 20.00           C\n",
    ],
)
def test_the_sequence_of_a_strand_is_not_that_of_another_model(second: str) -> None:
    line = "ATOM      1  CA  ALA A{:4}       1.500  -2.250   0.125  1.00 20.00           C\n"
    structure = Structure.from_pdb(
        "SEQRES   1 A    3  ALA GLY ALA\n"
        f"MODEL        1\n{line.format(1)}{line.format(3)}ENDMDL\nMODEL        2\n{second}ENDMDL\n"
    )
    assert len(structure.residues) > len(structure.atoms)
    labelled = Structure.from_mmcif(structure.to_mmcif())
    assert labelled.residues.component == structure.residues.component
    assert labelled.residues.number.tolist() == structure.residues.number.tolist()
    assert labelled.residues.strand.tolist() == structure.residues.strand.tolist()
    assert labelled.strands.model.tolist() == structure.strands.model.tolist()
    assert Structure.from_mmcif(labelled.to_mmcif()) == labelled


@pytest.mark.parametrize("numbers", ["1 1", "1 2 2", "3 3 1"])
def test_models_of_one_number_that_follow_each_other_are_refused(numbers: str) -> None:
    line = "HETATM    1  O   HOH A   9       1.500  -2.250   0.125  1.00 20.00           O"
    models = [f"MODEL     {number:>4}\n{line}\nENDMDL\n" for number in numbers.split()]
    structure = Structure.from_pdb("".join(models))
    assert structure.models.number.tolist() == [int(number) for number in numbers.split()]
    from logos_grammar.structure.gemmi import to_gemmi  # noqa: PLC0415

    with pytest.raises(lg.ConversionError, match=r"cannot hold models\.number"):
        structure.to_mmcif()
    with pytest.raises(lg.ConversionError, match=r"cannot hold models\.number"):
        to_gemmi(structure)


def test_residues_that_differ_in_their_labels_alone_are_not_one_in_pdb() -> None:
    structure = read(table(row(), row(label_seq_id="2")))
    assert len(structure.residues) == 2
    with pytest.raises(lg.ConversionError, match=r"PDB cannot hold atoms\.residue\[1\]"):
        structure.to_pdb()
    structure = read(table(row(), row(label_asym_id="B")))
    assert Structure.from_pdb(structure.to_pdb()).residues.strand.tolist() == [0, 1]


NAMES = ["label_atom_id", "label_alt_id", "label_comp_id", "auth_asym_id", "label_asym_id"]


@pytest.mark.parametrize("item", [*NAMES, "pdbx_PDB_ins_code"])
@pytest.mark.parametrize("name", ["é", "名", "\udcff", "C*'"])
def test_names_of_any_bytes_have_a_sentence(item: str, name: str) -> None:
    text = f"data_x\n{table(row(**{item: name}))}"
    structure = Structure.from_mmcif(text.encode("utf-8", "surrogateescape"))
    assert lg.decode(lg.encode(structure)) == structure
    assert Structure.from_mmcif(structure.to_mmcif()) == structure


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"pdbx_formal_charge": "16"}, r"a charge is from -15 to \+15"),
        ({"pdbx_formal_charge": "-128"}, r"a charge is from -15 to \+15"),
        ({"occupancy": "1000"}, "the whole part of an occupancy"),
        ({"auth_seq_id": "1500000000"}, r"1,000,000,000 from .*, in residues\.number\[0\]"),
        ({"label_seq_id": "1500000000"}, r"1,000,000,000 from .*, in residues\.label_seq\[0\]"),
        ({"pdbx_PDB_model_num": "-1500000000"}, r"1,000,000,000 from .*, in models\.number\[0\]"),
        ({"Cartn_x": "1234567890.5"}, "a whole part has at most nine digits"),
        ({"B_iso_or_equiv": "1234567890.5"}, "a whole part has at most nine digits"),
    ],
)
def test_what_a_file_has_and_no_sentence_says_is_refused_by_encode(
    cells: dict[str, str], message: str
) -> None:
    structure = read(table(row(**cells)))
    with pytest.raises(lg.GrammarError, match=message):
        lg.encode(structure)
