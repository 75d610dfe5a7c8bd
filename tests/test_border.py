"""The border: what Python may hand over, threads, forks, and what comes back."""

from __future__ import annotations

import copy
import multiprocessing
import pickle
import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import logos_grammar as lg
from logos_grammar.molecule import Molecule
from logos_grammar.texts import Kind

TEXTS = ["CCO", "c1ccccc1", "[13CH4]", "C1CC1.[Na+]", "F/C=C\\F"] * 200


def test_every_way_to_hand_over_a_column_gives_the_same_ids() -> None:
    pa = pytest.importorskip("pyarrow")
    wanted = lg.encode_texts("molecule", TEXTS)
    lines = "\n".join(TEXTS).encode()
    columns = [
        lines,
        lines + b"\n",
        lines.replace(b"\n", b"\r\n"),
        bytearray(lines),
        tuple(TEXTS),
        np.array(TEXTS),
        np.array(TEXTS, dtype=object),
        np.array([text.encode() for text in TEXTS]),
        pa.array(TEXTS),
        pa.array(TEXTS, pa.large_string()),
        pa.array(["C", *TEXTS])[1:],
        pa.chunked_array([TEXTS[:7], TEXTS[7:]]),
    ]
    for column in columns:
        encoded = lg.encode_texts("molecule", column)
        assert np.array_equal(encoded.ids, wanted.ids)
        assert np.array_equal(encoded.offsets, wanted.offsets)


def test_empty_columns_are_empty() -> None:
    columns: list[Any] = [[], b"", np.array([], dtype=str)]
    for column in columns:
        encoded = lg.encode_texts("protein", column)
        assert len(encoded) == 0
        assert lg.decode_texts("protein", encoded) == []
    assert lg.decode_many(lg.encode_many([])) == []


def test_what_is_no_column_is_refused() -> None:
    pa = pytest.importorskip("pyarrow")
    for column in (np.array([[b"C"]]), np.array([1.5]), pa.array([1])):
        with pytest.raises(TypeError):
            lg.encode_texts("molecule", column)
    with pytest.raises(ValueError, match="expected a kind"):
        lg.encode_texts("crystal", ["C"])  # type: ignore[arg-type]


def test_ids_of_any_integer_type_are_taken_and_others_refused() -> None:
    ids = lg.encode_texts("molecule", ["CCO"]).ids
    for dtype in (np.int64, np.int32, np.uint8 if ids.max() < 256 else np.uint32):
        assert lg.check(ids.astype(dtype)) is None
    assert lg.check(list(map(int, ids))) is None
    assert lg.check(np.repeat(ids, 2)[::2]) is None
    for strange, position in (([-1], 0), ([192, 70_000], 1)):
        error = lg.check(strange)
        assert error is not None
        assert error.position == position
    with pytest.raises(TypeError):
        lg.decode(np.array([1.0]))
    with pytest.raises(TypeError):
        lg.decode(np.zeros((2, 2), np.uint16))


@pytest.mark.parametrize(
    ("offsets", "found"),
    [
        ([0, 9], "from 0 to 9"),
        ([3, 1], "from 3 to 1"),
        ([-1, 4], "from -1 to 4"),
        ([1, 4], "from 1 to 4"),
        ([0, 3], "from 0 to 3"),
        ([0], "from 0 to 0"),
        ([], "none"),
        ([0, 3, 2, 4], "2 after 3 at place 2"),
    ],
)
def test_offsets_that_do_not_hold_all_ids_are_refused(offsets: list[int], found: str) -> None:
    ids = lg.encode_texts("protein", ["MK"]).ids
    broken = lg.Encoded(ids, np.array(offsets, np.int64))
    for decode in (lg.decode_many, lambda column: lg.decode_texts("protein", column)):
        with pytest.raises(ValueError, match=f"expected offsets .*, found {found}$"):
            decode(broken)


@pytest.mark.parametrize("offsets", [[0, 9, 8], [0, 9], [0, 5, 3, 4], [-4, 4], [4, -1]])
def test_rows_that_are_not_among_the_ids_are_not_given(offsets: list[int]) -> None:
    ids = lg.encode_texts("protein", ["MK"]).ids
    broken = lg.Encoded(ids, np.array(offsets, np.int64))
    with pytest.raises(ValueError, match=rf"row 0 .* to 4, .* not {offsets[0]} and {offsets[1]}$"):
        broken[0]
    with pytest.raises(ValueError, match="expected offsets"):
        list(broken)


def test_rows_that_would_be_read_twice_or_lost_are_not_iterated() -> None:
    ids = lg.encode_texts("protein", ["MK"]).ids
    for offsets in ([0, 3, 2, 4], [1, 4], [0, 3]):
        with pytest.raises(ValueError, match="expected offsets"):
            list(lg.Encoded(ids, np.array(offsets, np.int64)))


@pytest.mark.parametrize("offsets", [[0], [0, 0, 0]])
def test_offsets_of_no_ids_are_read(offsets: list[int]) -> None:
    nothing = lg.Encoded(np.zeros(0, np.uint16), np.array(offsets, np.int64))
    assert len(nothing) == len(offsets) - 1
    if offsets == [0]:
        assert lg.decode_many(nothing) == []
    else:
        with pytest.raises(lg.GrammarError, match="of record 0"):
            lg.decode_many(nothing)


def test_a_refused_row_is_empty_and_told() -> None:
    encoded = lg.encode_texts("molecule", ["CC", "C(", "O", "C]"], errors="collect")
    assert [len(row) for row in encoded] == [4, 0, 3, 0]
    assert [(row, error.record, error.position) for row, error in encoded.errors] == [
        (1, 1, 2),
        (3, 3, 1),
    ]
    with pytest.raises(lg.ConversionError) as caught:
        lg.encode_texts("molecule", ["CC", "C(", "O", "C]"], threads=3)
    assert caught.value.record == 1


def test_a_column_with_refused_rows_says_which_rows_there_are() -> None:
    texts = ["C!", "CC", "C(", "O", "C]"]
    encoded = lg.encode_texts("molecule", texts, errors="collect")
    for decode in (lg.decode_many, lambda column: lg.decode_texts("molecule", column)):
        with pytest.raises(lg.GrammarError, match=r"row 0 was refused .*3 of 5 were") as caught:
            decode(encoded)
        assert caught.value.record == 0
        assert "without_refused()" in str(caught.value)
    assert encoded.accepted.tolist() == [1, 3]
    kept = encoded.without_refused()
    assert (len(kept), kept.errors, kept.accepted.tolist()) == (2, (), [0, 1])
    assert lg.decode_texts("molecule", kept) == ["CC", "O"]
    assert lg.decode_many(kept) == [Molecule.from_smiles("CC"), Molecule.from_smiles("O")]
    assert all(np.array_equal(kept[j], encoded[row]) for j, row in enumerate(encoded.accepted))
    nothing = lg.encode_texts("molecule", ["C!"], errors="collect")
    assert (nothing.accepted.tolist(), len(nothing.without_refused())) == ([], 0)
    assert kept.without_refused() is kept


@pytest.mark.parametrize("row", [-1, 1, 2])
def test_a_refused_row_that_is_not_empty_is_refused(row: int) -> None:
    encoded = lg.encode_texts("protein", ["M", "K"])
    for offsets in (encoded.offsets, np.zeros(0, np.int64)):
        with pytest.raises(ValueError, match=f"expected refused row {row} to be an empty row"):
            lg.Encoded(encoded.ids, offsets, ((row, lg.ConversionError("x")),))


def test_threads_share_nothing() -> None:
    wanted = lg.encode_texts("molecule", TEXTS, threads=1)
    for threads in (1, 2, 3, 16):
        assert np.array_equal(lg.encode_texts("molecule", TEXTS, threads=threads).ids, wanted.ids)
    with ThreadPoolExecutor(8) as pool:
        for encoded in pool.map(lambda _: lg.encode_texts("molecule", TEXTS, threads=2), range(32)):
            assert np.array_equal(encoded.ids, wanted.ids)


def _encode_in_child(texts: list[str]) -> bytes:
    return lg.encode_texts("molecule", texts, threads=2).ids.tobytes()


def test_a_fork_after_use_works() -> None:
    wanted = _encode_in_child(TEXTS)
    with multiprocessing.get_context("fork").Pool(2) as pool:
        assert pool.map(_encode_in_child, [TEXTS] * 4) == [wanted] * 4


def test_errors_and_objects_survive_pickling_and_copying() -> None:
    with pytest.raises(lg.GrammarError) as grammar:
        lg.decode([192, 193])
    with pytest.raises(lg.ConversionError) as conversion:
        lg.encode_texts("molecule", ["C", "C)"])
    for error in (grammar.value, conversion.value):
        again = pickle.loads(pickle.dumps(error))
        assert type(again) is type(error)
        assert str(again) == str(error)
        assert again.__dict__.keys() >= {"position", "condition"}
        assert (again.position, again.expected) == (error.position, error.expected)
    molecule = lg.molecule.Molecule.from_smiles("C[C@H](N)C(=O)O")
    for twin in (pickle.loads(pickle.dumps(molecule)), copy.deepcopy(molecule)):
        assert twin == molecule
        assert hash(twin) == hash(molecule)
        assert not twin.charge.flags.writeable


class _PickledByVersion010:
    """What a molecule of version 0.1.0 said of itself to pickle."""

    def __init__(self, molecule: Molecule) -> None:
        self._molecule = molecule

    def __reduce__(self) -> tuple[Any, ...]:
        names = (column.name for column in Molecule._declared)
        columns = {name: getattr(self._molecule, name) for name in names}
        return lg.molecule._remade, (Molecule, columns)


def test_pickles_of_version_0_1_0_are_read() -> None:
    molecule = Molecule.from_smiles("[13CH3]C1=CC(=O)O1")
    assert pickle.loads(pickle.dumps(_PickledByVersion010(molecule))) == molecule
    assert b"logos_grammar.molecule" in pickle.dumps(_PickledByVersion010(molecule))


def test_one_object_instead_of_many_is_rejected() -> None:
    with pytest.raises(TypeError, match=r"expected an iterable of objects, such as \[molecule\]"):
        lg.encode_many(Molecule.from_smiles("C"))


def test_an_object_of_another_library_is_refused() -> None:
    with pytest.raises(TypeError, match="expected one of"):
        lg.encode("CCO")


def test_columns_of_a_molecule_cannot_be_changed() -> None:
    molecule = lg.molecule.Molecule.from_smiles("CCO")
    with pytest.raises(ValueError, match="read-only"):
        molecule.charge[0] = 1


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("element", 119),
        ("hydrogens", -2),
        ("hydrogens", 10),
        ("charge", 16),
        ("charge", -128),
        ("stereo", 58),
        ("isotope", 1_000_000_000),
        ("map", 4_294_967_295),
        ("order", 10),
        ("begin", 2),
        ("end", 9),
    ],
)
def test_a_molecule_that_is_none_is_refused(column: str, value: int) -> None:
    molecule = lg.molecule.Molecule.from_smiles("[CH3][CH2][OH]")
    values = getattr(molecule, column).copy()
    values[1] = value
    with pytest.raises(lg.GrammarError) as caught:
        lg.encode(replace(molecule, **{column: values}))
    assert caught.value.condition
    with pytest.raises(lg.GrammarError):
        replace(molecule, **{column: values}).to_smiles()


@pytest.mark.parametrize(
    ("column", "value", "condition"),
    [
        ("element", 119, "element 119 has no symbol"),
        ("hydrogens", 10, "0 to 9 hydrogens"),
        ("charge", -16, "a charge is from -15 to +15"),
        ("stereo", 58, "a stereo code is at most 57"),
        ("isotope", 10**9, "an isotope is at most 999,999,999"),
        ("map", 10**9, "a map number is at most 999,999,999"),
        ("order", 10, "no bond order 10"),
        ("begin", 2, "from an earlier atom to a later one"),
        ("end", 9, "one of the 4 atoms"),
    ],
)
def test_a_cell_that_cannot_be_written_is_named(column: str, value: int, condition: str) -> None:
    molecule = lg.molecule.Molecule.from_smiles("[CH3][CH2][CH2][OH]")
    values = getattr(molecule, column).copy()
    values[1] = value
    broken = replace(molecule, **{column: values})
    reaction = lg.reaction.Reaction((molecule,), (molecule, broken), ())
    for thing, name in ((broken, column), (reaction, f"agents[1].{column}")):
        for encode in (lg.encode, lambda thing: lg.encode_many([molecule, thing])):
            with pytest.raises(lg.GrammarError) as caught:
                encode(thing)
            error = pickle.loads(pickle.dumps(caught.value))
            assert (error.column, error.row) == (name, 1)
            assert condition in (error.condition or "")
            assert f"in {name}[1]" in str(error)
    assert error.record == 1


def test_bonds_that_are_no_molecule_are_named() -> None:
    ring = lg.molecule.Molecule.from_smiles("CC1CCC1")
    for begin, row in (
        ([0, 1, 2, 1, 3], 4),
        ([0, 1, 2, 3, 3], 4),
        ([0, 1, 1, 2, 3], 4),
        ([0, 0, 2, 3, 1], 4),
    ):
        with pytest.raises(lg.GrammarError) as caught:
            lg.encode(replace(ring, begin=np.array(begin, np.uint32)))
        assert (caught.value.column, caught.value.row) == ("begin", row), begin
    chain = lg.molecule.Molecule.from_smiles("CCCC")
    with pytest.raises(lg.GrammarError, match="depth-first") as caught:
        lg.encode(replace(chain, begin=np.array([0, 0, 1], np.uint32)))
    assert (caught.value.column, caught.value.row) == ("begin", 2)
    many = 300
    atoms = lg.molecule.Molecule.from_smiles("C" * many)
    begins = np.append(atoms.begin, np.zeros(many - 2, np.uint32))
    ends = np.append(atoms.end, np.arange(2, many, dtype=np.uint32))
    sorting = np.argsort(ends, kind="stable")
    orders = np.zeros(len(ends), np.uint8)
    star = replace(atoms, begin=begins[sorting], end=ends[sorting], order=orders)
    with pytest.raises(lg.GrammarError, match="at most 255 rings") as caught:
        lg.encode(star)
    assert (caught.value.column, caught.value.row) == ("element", 0)


def test_columns_cannot_be_forced() -> None:
    molecule = lg.molecule.Molecule.from_smiles("CCO")
    with pytest.raises(AttributeError, match="isotope"):
        object.__setattr__(molecule, "isotope", molecule.isotope[:1])
    for held in (b"", b"12345678" * 4, molecule._bytes[:-8], molecule._bytes + bytes(8)):
        object.__setattr__(molecule, "_bytes", held)
        with pytest.raises(ValueError, match="columns"):
            lg.encode(molecule)


def test_one_text_is_no_column() -> None:
    pa = pytest.importorskip("pyarrow")
    for strange in ("CCO", {"CCO": 1}, pa.table({"smiles": ["CCO"]})):
        with pytest.raises(TypeError, match="column of texts"):
            lg.encode_texts("molecule", strange)


def test_a_table_is_no_column() -> None:
    pa = pytest.importorskip("pyarrow")
    columns = {"C": ["CCO"], "N": ["CCN"]}
    tables: list[Any] = [pa.table(columns), pa.RecordBatch.from_pydict(columns)]
    texts: list[Any] = [pa.table(columns)["C"]]
    for library in ("pandas", "polars"):
        found = pytest.importorskip(library)
        table = found.DataFrame(columns)
        tables.append(table)
        texts.append(table["C"])
    tables.append(tables[-1].lazy())
    # A column may have a row of this name, which pandas shows as an attribute.
    texts.append(pytest.importorskip("pandas").Series({"columns": "CCO"}))
    for table in tables:
        with pytest.raises(TypeError, match=r'column of texts, such as df\["column"\], not one'):
            lg.encode_texts("molecule", table)
    for column in texts:
        assert lg.decode_texts("molecule", lg.encode_texts("molecule", column)) == ["CCO"]


def test_rows_that_are_no_text_are_refused_as_their_rows() -> None:
    pa = pytest.importorskip("pyarrow")
    missing = ["C", None, "O"]
    for column in (missing, np.array(missing, dtype=object), pa.array(missing)):
        encoded = lg.encode_texts("molecule", column, errors="collect")
        assert [len(row) for row in encoded] == [3, 0, 3]
        [(row, error)] = encoded.errors
        assert row == 1
        assert "expected a text, not NoneType" in str(error)
        with pytest.raises(lg.ConversionError, match="NoneType") as caught:
            lg.encode_texts("molecule", column)
        assert caught.value.record == 1
    strange = lg.encode_texts("protein", ["A", float("nan"), "\ud800", b"M\xff"], errors="collect")
    assert [row for row, _ in strange.errors] == [1, 2, 3]


@pytest.mark.parametrize("threads", [0, -1])
def test_no_thread_is_refused(threads: int) -> None:
    with pytest.raises(ValueError, match="at least 1 thread"):
        lg.encode_texts("molecule", ["C"], threads=threads)
    with pytest.raises(ValueError, match="at least 1 thread"):
        lg.decode_texts("molecule", lg.encode_texts("molecule", ["C"]), threads=threads)


def _objects() -> list[Any]:
    kinds: dict[Kind, list[str]] = {
        "molecule": TEXTS,
        "protein": ["MK(MSE)L", "", "A" * 500],
        "rna": ["ACGU", "GG"],
    }
    columns = [lg.decode_many(lg.encode_texts(kind, texts)) for kind, texts in kinds.items()]
    return [each for column in columns for each in column] * 3


@pytest.mark.parametrize("threads", [None, 1, 2, 3, 16, 1_000_000])
def test_many_objects_are_the_same_on_any_number_of_threads(threads: int | None) -> None:
    objects = _objects()
    encoded = lg.encode_many(objects, threads=threads)
    assert [row.tolist() for row in encoded] == [lg.encode(each).tolist() for each in objects]
    assert lg.decode_many(encoded, threads=threads) == objects


@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("place", [0, 255, 256, 1500, 2999])
def test_the_first_of_many_that_fails_is_told(threads: int, place: int) -> None:
    objects = _objects()
    objects[place] = lg.antibody.Antibody()
    objects[place + 1 :] = ["neither", *objects[place + 2 :]]
    with pytest.raises(lg.GrammarError, match=f"at token 1 of record {place}: ") as caught:
        lg.encode_many(objects, threads=threads)
    assert caught.value.record == place
    objects[place] = "not an object"
    with pytest.raises(TypeError, match=f"not str of record {place}$"):
        lg.encode_many(objects, threads=threads)
    objects[place] = lg.protein.Protein("M?")
    with pytest.raises(lg.ConversionError, match=f"of record {place}$") as conversion:
        lg.encode_many(objects, threads=threads)
    assert (conversion.value.record, conversion.value.position) == (place, 1)
    encoded = lg.encode_many(_objects())
    ids = encoded.ids.copy()
    for row in (place, place + 1):
        ids[encoded.offsets[row]] = 1
    with pytest.raises(lg.GrammarError, match=f"at token 0 of record {place};"):
        lg.decode_many(lg.Encoded(ids, encoded.offsets), threads=threads)


def test_many_objects_need_a_thread() -> None:
    for threads in (0, -1):
        with pytest.raises(ValueError, match="at least 1 thread"):
            lg.encode_many([], threads=threads)
        with pytest.raises(ValueError, match="at least 1 thread"):
            lg.decode_many(lg.encode_many([]), threads=threads)


def test_many_objects_can_be_interrupted() -> None:
    objects = _objects() * 300

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.01)
        with pytest.raises(KeyboardInterrupt):
            lg.encode_many(objects, threads=2)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("threads", [1_000_000, 1 << 63, 10**20])
def test_very_many_threads_are_as_good_as_some(threads: int) -> None:
    texts = TEXTS * 20
    encoded = lg.encode_texts("molecule", texts, threads=threads)
    assert np.array_equal(encoded.ids, lg.encode_texts("molecule", texts).ids)
    written = lg.decode_texts("molecule", encoded, threads=threads)
    assert written == lg.decode_texts("molecule", encoded)
    objects = lg.decode_many(encoded, threads=threads)
    assert np.array_equal(lg.encode_many(objects, threads=threads).ids, encoded.ids)
    recognizers = [lg.Recognizer("molecule") for _ in range(100)]
    assert lg.accept_batch(recognizers, [192] * 100, threads=threads).all()
    mask = np.zeros((100, 256), np.int32)
    lg.fill_batch(recognizers, mask, threads=threads)
    assert (mask == mask[0]).all()
    assert mask.any()


def test_threads_are_an_integer_of_at_least_one() -> None:
    encoded = lg.encode_texts("protein", ["M"])
    roads: list[Any] = [
        lambda threads: lg.encode_texts("protein", ["M"], threads=threads),
        lambda threads: lg.decode_texts("protein", encoded, threads=threads),
        lambda threads: lg.encode_many([lg.protein.Protein("M")], threads=threads),
        lambda threads: lg.decode_many(encoded, threads=threads),
        lambda threads: lg.fill_batch([lg.Recognizer()], np.zeros((1, 256), np.int32), threads),
        lambda threads: lg.accept_batch([lg.Recognizer()], [192], threads),
    ]
    for road in roads:
        for threads in (2.5, "2"):
            with pytest.raises(TypeError, match="expected threads to be an integer or None, not"):
                road(threads)
        with pytest.raises(ValueError, match=f"expected at least 1 thread, not {-(10**20)}"):
            road(-(10**20))


@pytest.mark.parametrize("given", [None, np.array([192, 384, 193]), [[192, 384, 193]], "CC"])
def test_what_is_no_encoded_is_not_decoded(given: Any) -> None:
    found = type(given).__name__
    with pytest.raises(TypeError, match=f"expected an Encoded, as encode_texts .* not {found}$"):
        lg.decode_texts("molecule", given)


def test_an_error_among_many_says_which() -> None:
    good = lg.encode_texts("molecule", ["C", "CC"])
    broken = lg.Encoded(good.ids[:-1], np.array([0, 3, 6]))
    for decode in (lg.decode_many, lambda encoded: lg.decode_texts("molecule", encoded)):
        with pytest.raises(lg.GrammarError, match="of record 1") as caught:
            decode(broken)
        assert caught.value.record == 1
    with pytest.raises(lg.GrammarError) as several:
        lg.encode_many([lg.protein.Protein("M"), lg.antibody.Antibody()])
    assert several.value.record == 1


def test_a_number_that_is_no_id_says_what_was_expected() -> None:
    for strange, position, expected in (([-1], 0, "<MoleculeS>"), ([192, 70_000], 1, "C")):
        error = lg.check(strange)
        assert error is not None
        assert error.position == position
        assert expected in error.expected
    earlier = lg.check([192, 193, -1])
    assert earlier is not None
    assert earlier.position == 1
    with pytest.raises(TypeError, match="masked"):
        lg.check(np.ma.masked_array([192, 384, 193], mask=[False, True, False]))


def test_objects_hold_tuples_whatever_they_are_given() -> None:
    molecule = lg.molecule.Molecule.from_smiles("C")
    reaction = lg.reaction.Reaction([molecule], iter([]), [molecule])  # type: ignore[arg-type]
    assert lg.decode(lg.encode(reaction)) == reaction
    infill = lg.infill.Infill(lg.protein.Protein("M_K"), ["GG"])  # type: ignore[arg-type]
    assert lg.decode(lg.encode(infill)) == infill
    with pytest.raises(TypeError, match="fills"):
        lg.infill.Infill(lg.protein.Protein("M__K"), "GG")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="reactants"):
        lg.reaction.Reaction("CC", (), ())  # type: ignore[arg-type]


def test_a_molecule_keeps_what_its_arrays_held() -> None:
    molecule = lg.molecule.Molecule.from_smiles("CCO")
    held = molecule.element.copy()
    view = held.view()
    view.flags.writeable = False
    twin = replace(molecule, element=view)
    held[0] = 7
    assert twin == molecule
    with pytest.raises(ValueError, match="WRITEABLE"):
        twin.element.flags.writeable = True
    odd = np.frombuffer(b"\x02\x00\x00", np.bool_)
    aromatic = replace(molecule, aromatic=odd)
    assert lg.decode(lg.encode(aromatic)) == aromatic


def test_a_refused_text_says_why_in_words() -> None:
    with pytest.raises(lg.ConversionError) as caught:
        lg.reaction.Reaction.from_smiles("CC")
    assert caught.value.record is None
    assert "record" not in str(caught.value)
    assert caught.value.condition is not None


@pytest.mark.parametrize(
    ("ids", "offsets", "error"),
    [
        (np.array([192 + 65536, 384, 193]), [0, 3], "ids from 0 to 65,535, not 65728 at place 0"),
        (np.array([192, -1, 193]), [0, 3], "ids from 0 to 65,535, not -1 at place 1"),
        (np.array([192.9, 384.2, 193.5]), [0, 3], "ids that are integers"),
        (np.array([192, 384, 193]), [0.9, 3.7], "offsets that are integers"),
        ([[192, 384, 193]], [0, 3], r"ids in one dimension, not of shape \(1, 3\)"),
        ([192, 384, 193], [[0, 3]], r"offsets in one dimension, not of shape \(1, 2\)"),
        ([192, 384, 193], 3, r"offsets in one dimension, not of shape \(\)"),
    ],
)
def test_encoded_never_rounds_or_wraps(ids: Any, offsets: Any, error: str) -> None:
    with pytest.raises((TypeError, ValueError), match=f"expected {error}"):
        lg.Encoded(ids, offsets)
