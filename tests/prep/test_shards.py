"""Objects to shards and back, whatever their types and what the caller says of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import logos_grammar as lg
from logos_grammar.antibody import Antibody, Chain
from logos_grammar.edit import Edit
from logos_grammar.infill import Infill
from logos_grammar.kinds import OBJECT_TYPES
from logos_grammar.molecule import Molecule
from logos_grammar.nucleic_acid import NucleicAcid
from logos_grammar.prep import InputError, ShardReader, Shards, prepare, side_car
from logos_grammar.protein import Protein
from logos_grammar.reaction import Reaction
from logos_grammar.testing.strategies import objects

from .conftest import contents, read_shard

METHANE = Molecule.from_smiles("C")
OBJECTS: list[Any] = [
    METHANE,
    Reaction.from_smiles("CC.[Na+].[Cl-]>>CCO |f:1.2|").retro(),
    Protein("MK(MSE)L"),
    NucleicAcid("rna", "GGCU"),
    NucleicAcid("dna", "ACGT"),
    Antibody(Chain("heavy", "QV", "GF", "WV", "IN", "ARC", "A", "WG"), None),
    Infill(Protein("M_L"), ("K",)),
    Edit(Protein("M[K]L"), Protein("MRL")),
]
KINDS = ["molecule", "reaction", "protein", "rna", "dna", "antibody", "infill", "edit"]


def test_objects_of_any_type_come_back(tmp_path: Path) -> None:
    with Shards(tmp_path / "out") as shards:
        assert [shards.add(each) for each in OBJECTS] == list(range(len(OBJECTS)))
    found = ShardReader(tmp_path / "out")
    assert len(found) == len(OBJECTS)
    assert list(found) == OBJECTS
    assert found[-1] == OBJECTS[-1]
    assert found[1:3] == OBJECTS[1:3]
    assert [found.meta(row)["kind"] for row in range(len(found))] == KINDS
    assert [found.meta(row)["record"] for row in range(len(found))] == list(range(1, 9))
    for row, each in enumerate(OBJECTS):
        assert found.ids(row).tolist() == lg.encode(each).tolist()
        assert found.meta(row)["tokens"] == len(lg.encode(each)) + 1
    documents = read_shard(tmp_path / "out", "objects")
    assert documents == [[*lg.encode(each).tolist(), 2] for each in OBJECTS]
    with pytest.raises(IndexError, match="expected a row below 8, not 8"):
        found[8]


@given(st.lists(st.sampled_from(sorted(OBJECT_TYPES)).flatmap(objects), max_size=4))
@settings(max_examples=30)
def test_drawn_objects_come_back(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[Any]
) -> None:
    out = tmp_path_factory.mktemp("shards")
    with Shards(out) as shards:
        shards.add_many(drawn)
    assert list(ShardReader(out)) == drawn


def test_one_by_one_or_many_at_once_are_the_same_bytes(tmp_path: Path) -> None:
    labels = [0, 1.5, None, 2, None, -1, 0, 7]
    with Shards(tmp_path / "one") as shards:
        for each, label in zip(OBJECTS, labels, strict=True):
            shards.add(each, meta={"label": label})
    with Shards(tmp_path / "many") as shards:
        assert shards.add_many(OBJECTS[:3], meta={"label": labels[:3]}) == range(3)
        assert shards.add_many(OBJECTS[3:], meta={"label": labels[3:]}) == range(3, 8)
        assert len(shards) == 8
    assert contents(tmp_path / "one") == contents(tmp_path / "many")
    label = ShardReader(tmp_path / "one").table["label"]
    assert label.to_pylist() == [0.0, 1.5, None, 2.0, None, -1.0, 0.0, 7.0]
    assert str(label.type) == "double"


@pytest.mark.parametrize("group", [1, 2, 1000])
def test_columns_that_only_some_objects_have_are_null_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, group: int
) -> None:
    monkeypatch.setattr(side_car, "ROW_GROUP", group)
    with Shards(tmp_path / "out") as shards:
        shards.add(METHANE)
        shards.add(METHANE, meta={"id": "x", "count": 3})
        shards.add(METHANE, meta={"count": np.float32(0.5), "done": np.bool_(True), "none": None})
    rows = ShardReader(tmp_path / "out").table.drop_columns(["record", "kind", "tokens"])
    assert rows.to_pylist() == [
        {"id": None, "count": None, "done": None},
        {"id": "x", "count": 3.0, "done": None},
        {"id": None, "count": 0.5, "done": True},
    ]


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"label": "x"}, TypeError, "expected int in column 'label', found str"),
        ({"label": True}, TypeError, "expected int in column 'label', found bool"),
        ({"label": [1]}, TypeError, "expected str, int, float, bool or None in column 'label'"),
        ({"label": 1 << 63}, TypeError, "expected integers of 64 bits in column 'label'"),
        ({"tokens": 1}, ValueError, "expected another name than 'tokens'"),
        ({5: 5}, TypeError, "expected names of columns in meta that are text, not 5"),
        (5, TypeError, "expected meta as a mapping by the names of columns, not int"),
        ([], TypeError, "expected meta as a mapping by the names of columns, not list"),
    ],
)
def test_cells_that_do_not_go_with_their_column_are_refused_and_add_nothing(
    tmp_path: Path, given: Any, error: type[Exception], message: str
) -> None:
    with Shards(tmp_path / "out") as shards:
        shards.add(METHANE, meta={"label": 1})
        with pytest.raises(error, match=message):
            shards.add(METHANE, meta=given)
        for cells in (5, "ab"):
            several: Any = {"label": cells}
            with pytest.raises(TypeError, match="expected several cells in column 'label', not"):
                shards.add_many([METHANE, METHANE], meta=several)
        with pytest.raises(lg.GrammarError):
            shards.add(Protein("?"))
        with pytest.raises(TypeError):
            shards.add("CCO")
        with pytest.raises(ValueError, match="expected 2 cells in column 'label', found 1"):
            shards.add_many([METHANE, METHANE], meta={"label": [1]})
        with pytest.raises(lg.GrammarError) as caught:
            shards.add_many([METHANE, Protein("?")])
        assert caught.value.record == 1
        shards.add(METHANE, meta={"label": 2})
    assert ShardReader(tmp_path / "out").table["label"].to_pylist() == [1, 2]


def test_an_exception_leaves_the_folder_as_it_was(tmp_path: Path) -> None:
    with pytest.raises(lg.GrammarError), Shards(tmp_path / "out") as shards:
        shards.add_many([METHANE, Protein("?")])
    assert list((tmp_path / "out").iterdir()) == []
    with Shards(tmp_path / "out"):
        pass
    assert len(ShardReader(tmp_path / "out")) == 0
    assert list(ShardReader(tmp_path / "out")) == []


def test_shards_that_are_there_are_not_written_over(tmp_path: Path) -> None:
    with Shards(tmp_path / "out") as shards:
        with pytest.raises(InputError, match="another process is preparing"):
            Shards(tmp_path / "out")
        shards.add(METHANE)
    with pytest.raises(InputError, match=r"expected no shards in .*, found"):
        Shards(tmp_path / "out")
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="cannot make the folder"):
        Shards(tmp_path / "file")


def test_what_prep_wrote_is_read_too(
    written: Callable[[str, str | bytes], Path], tmp_path: Path
) -> None:
    source = written("a.smi", "CCO\nC!\nN\n")
    prepare(source, kind="molecule", out=tmp_path / "out")
    found = ShardReader(tmp_path / "out")
    assert list(found) == [Molecule.from_smiles("CCO"), Molecule.from_smiles("N")]
    assert found.meta(1) == {"source": str(source), "record": 3, "kind": "molecule", "tokens": 4}


def _shorter(folder: Path) -> None:
    path = folder / "objects.bin"
    path.write_bytes(path.read_bytes()[:-2])


def _of_another_vocabulary(folder: Path) -> None:
    path = folder / "manifest.json"
    found = json.loads(path.read_text())
    path.write_text(json.dumps({**found, "fingerprint": "0", "lineage": []}))


def _of_an_unknown_type(folder: Path) -> None:
    path = folder / "manifest.json"
    found = json.loads(path.read_text())
    path.write_text(json.dumps({**found, "types": {"rock": "0"}}))


def _changed(field: str, value: Any) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = folder / "manifest.json"
        found = json.loads(path.read_text())
        path.write_text(json.dumps({**found, field: value}))

    return change


def _without_file(ending: str) -> Callable[[Path], None]:
    def remove(folder: Path) -> None:
        path = folder / "manifest.json"
        found = json.loads(path.read_text())
        found["files"] = {name: one for name, one in found["files"].items() if ending not in name}
        path.write_text(json.dumps(found))

    return remove


def _without_manifest(folder: Path) -> None:
    (folder / "manifest.json").unlink()


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (_shorter, r"objects\.bin is not as it was written, with 6 bytes instead of 8"),
        (_of_another_vocabulary, "expected ids of this vocabulary"),
        (_of_an_unknown_type, "expected rock to be declared"),
        (_without_manifest, "expected the manifest of shards"),
        *((_changed("types", value), "expected the manifest of") for value in ([1], "x", 5, None)),
        *((_changed("files", value), "expected") for value in ([1], "x", None, {}, {"a": 1})),
        *(
            (_without_file(one), rf"expected objects\{one} in")
            for one in (".bin", ".idx", ".parquet")
        ),
    ],
)
def test_shards_that_do_not_add_up_are_refused(
    tmp_path: Path, damage: Callable[[Path], None], message: str
) -> None:
    with Shards(tmp_path / "out") as shards:
        shards.add(METHANE)
    damage(tmp_path / "out")
    with pytest.raises(InputError, match=message):
        ShardReader(tmp_path / "out")


@pytest.mark.parametrize("ending", ["bin", "idx", "parquet"])
def test_one_flipped_bit_is_noticed_and_its_file_named(tmp_path: Path, ending: str) -> None:
    out = tmp_path / "out"
    with Shards(out) as shards:
        shards.add_many(OBJECTS)
    path = out / f"objects.{ending}"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    message = (
        rf"objects\.{ending} is not as it was written, its SHA-256 is not that of the manifest"
    )
    with pytest.raises(InputError, match=message):
        ShardReader(out)
    (out / "objects.idx").unlink()
    with pytest.raises(
        InputError, match=r"expected .*objects\.idx, as manifest\.json says: No such"
    ):
        ShardReader(out, verify=False)


def test_who_trusts_a_folder_reads_it_without_digests(tmp_path: Path) -> None:
    with Shards(tmp_path) as shards:
        shards.add(Protein("MK"))
    path = tmp_path / "objects.bin"
    path.write_bytes(lg.encode(Protein("KM")).tobytes() + b"\x02\x00")
    assert list(ShardReader(tmp_path, verify=False)) == [Protein("KM")]


def test_models_read_what_the_writer_wrote(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    from logos_model.data.manifest import read_manifest  # noqa: PLC0415
    from logos_model.data.shards import open_shard  # noqa: PLC0415

    with Shards(tmp_path / "out", name="mine") as shards:
        shards.add_many(OBJECTS)
    manifest = read_manifest(tmp_path / "out" / "manifest.json")
    manifest.check_files(["mine"], whole=True, verify=True)
    assert manifest.fingerprint == lg.vocabulary.fingerprint
    shard = open_shard(tmp_path / "out" / "mine")
    assert shard.lengths.tolist() == [len(lg.encode(each)) + 1 for each in OBJECTS]
