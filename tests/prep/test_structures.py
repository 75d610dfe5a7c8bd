"""PDB and mmCIF become shards: single files, folders, lists and tars, which are never unpacked."""

from __future__ import annotations

import bz2
import gzip
import importlib
import json
import lzma
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import logos_grammar as lg
from logos_grammar.__main__ import main
from logos_grammar.prep import InputError, Progress, prepare
from logos_grammar.prep.methods import METHODS
from logos_grammar.structure import Structure

from .conftest import contents, read_refused, read_shard
from .entries import BROKEN, MEMBERS, MMCIF, PDB, RECORDS, tar_of

Write = Callable[[str, str | bytes], Path]
FROM_PDB, FROM_MMCIF = Structure.from_pdb(PDB), Structure.from_mmcif(MMCIF)


def found_in(out: Path) -> list[object]:
    """The structures of a shard."""
    return [lg.decode(sentence[:-1]) for sentence in read_shard(out, "structure")]


def side_car(out: Path, kind: str = "structure") -> list[dict[str, Any]]:
    """The table beside a shard."""
    parquet = importlib.import_module("pyarrow.parquet")
    rows: list[dict[str, Any]] = parquet.read_table(out / f"{kind}.parquet").to_pylist()
    return rows


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of PDB and mmCIF, with folders in it."""
    place = tmp_path / "entries"
    (place / "b").mkdir(parents=True)
    (place / "z.pdb").write_text(PDB)
    (place / "a.ent.gz").write_bytes(gzip.compress(BROKEN.encode()))
    (place / "b" / "m.cif").write_text(MMCIF)
    (place / ".hidden.pdb").write_text(PDB)
    return place


def test_each_file_is_a_sentence(written: Write, tmp_path: Path) -> None:
    sources = [
        written("a.pdb", PDB),
        written("b.cif.xz", lzma.compress(MMCIF.encode())),
        written("c.ENT", PDB.replace("\n", "\r\n")),
    ]
    manifest = prepare(sources, kind="structure", out=tmp_path / "out")
    assert found_in(tmp_path / "out") == [FROM_PDB, FROM_MMCIF, FROM_PDB]
    assert [one.format for one in manifest.inputs] == ["pdb", "mmcif", "pdb"]
    assert [row["source"] for row in side_car(tmp_path / "out")] == list(map(str, sources))


def test_a_refusal_has_its_line_and_its_column(written: Write, tmp_path: Path) -> None:
    prepare(written("a.pdb", BROKEN), kind="structure", out=tmp_path / "pdb")
    (refused,) = read_refused(tmp_path / "pdb")
    assert (refused["record"], refused["line"], refused["position"]) == (1, 5, 35)
    assert refused["text"] == BROKEN.splitlines()[4]
    assert refused["reason"].startswith("expected a coordinate")
    prepare(written("a.cif", MMCIF.replace("2.6", "nan")), kind="structure", out=tmp_path / "cif")
    (refused,) = read_refused(tmp_path / "cif")
    assert refused["text"][refused["position"] :].startswith("nan")
    assert refused["text"] == MMCIF.replace("2.6", "nan").splitlines()[refused["line"] - 1]


def test_a_folder_gives_its_files_by_their_paths(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    prepare(folder, kind="structure", out=out)
    assert found_in(out) == [FROM_MMCIF, FROM_PDB]
    sources = [row["source"] for row in side_car(out)]
    assert sources == [str(folder / "b" / "m.cif"), str(folder / "z.pdb")]
    (refused,) = read_refused(out)
    assert (refused["source"], refused["line"]) == (str(folder / "a.ent.gz"), 5)


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "end early": lambda data: data[:-9],
    "are damaged": lambda data: data[:20] + bytes([data[20] ^ 255]) + data[21:],
}
COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "xz": lzma.compress,
    "bz2": bz2.compress,
}


@pytest.mark.parametrize("name", ["d.pdb.gz", "d.ent.xz", "d.cif.gz", "d.mmcif.bz2"])
@pytest.mark.parametrize("said", DAMAGES)
def test_a_damaged_file_is_one_refused_record(
    said: str, name: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As a damaged member of a tar is: the other files are read."""
    data = COMPRESS[name.rpartition(".")[2]]((PDB if "cif" not in name else MMCIF).encode())
    (folder / "a.ent.gz").unlink()
    (folder / name).write_bytes(DAMAGES[said](data))
    out = tmp_path / "out"
    manifest = prepare(folder, kind="structure", out=out)
    assert (manifest.counts.read, manifest.counts.written) == (3, 2)
    assert found_in(out) == [FROM_MMCIF, FROM_PDB]
    (refused,) = read_refused(out)
    assert (refused["source"], refused["record"]) == (str(folder / name), 1)
    assert (refused["line"], refused["position"], refused["text"]) == (None, None, "")
    assert refused["reason"].startswith(f"the compressed data {said}")
    assert main(["check", "--kind", "structure", "--json", str(folder)]) == 1
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["read"], found["round_tripped"], len(found["refused"])) == (3, 2, 1)
    assert found["refused"][0]["member"] == name


def test_a_first_byte_of_a_file_is_not_lost(written: Write, tmp_path: Path) -> None:
    """A block says with a byte of its own whether its file was read."""
    for first in "-+":
        source = written("a.pdb", f"{first}\n{PDB}")
        out = tmp_path / f"out{ord(first)}"
        prepare(source, kind="structure", out=out)
        assert found_in(out) == [FROM_PDB]
        source = written("b.pdb", f"{first}\n{BROKEN}")
        prepare(source, kind="structure", out=tmp_path / f"broken{ord(first)}")
        (refused,) = read_refused(tmp_path / f"broken{ord(first)}")
        assert refused["line"] == 6


def test_what_a_folder_holds_besides_is_named(folder: Path, tmp_path: Path) -> None:
    (folder / "README").write_text("two structures")
    with pytest.warns(UserWarning, match="not read in .*, by their endings: README"):
        prepare(folder, kind="structure", out=tmp_path / "out")
    with pytest.raises(InputError, match=r"expected files to read in .* endings \.sdf"):
        prepare(folder, kind="conformer", out=tmp_path / "none")


@pytest.mark.parametrize("command", [["check"], ["prep", "--out", "out", "--workers", "1"]])
def test_commands_tell_it_in_one_line(
    command: list[str],
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (folder / "README").write_text("two structures")
    monkeypatch.chdir(tmp_path)
    main([*command, "--kind", "structure", str(folder)])
    (line,) = [line for line in capsys.readouterr().err.split("\n") if "not read" in line]
    said = f"logos_grammar {command[0]}: not read in {folder}, by their endings: README"
    assert line.rpartition("\r")[2] == said


def test_a_folder_of_lists_gives_molecules(tmp_path: Path) -> None:
    place = tmp_path / "lists"
    place.mkdir()
    (place / "b.csv").write_text("smiles\nCC\n")
    (place / "a.smi").write_text("C\n")
    manifest = prepare(place, kind="molecule", out=tmp_path / "out")
    assert [Path(one.path).name for one in manifest.inputs] == ["a.smi", "b.csv"]


def test_a_list_of_paths_names_files_beside_it(
    folder: Path, written: Write, tmp_path: Path
) -> None:
    listed = written("two.txt", "entries/z.pdb\n\nentries/b/m.cif\n")
    prepare(listed, kind="structure", out=tmp_path / "out")
    assert found_in(tmp_path / "out") == [FROM_PDB, FROM_MMCIF]
    with pytest.raises(InputError, match=r"expected a list of paths in .*, found none"):
        prepare(written("none.lst", "\n"), kind="structure", out=tmp_path / "none")


@pytest.mark.parametrize("name", ["a.tar", "a.tar.gz", "a.tgz", "a.tar.xz"])
def test_a_tar_is_read_without_unpacking(name: str, written: Write, tmp_path: Path) -> None:
    mode = "w:" if name == "a.tar" else "w:xz" if name.endswith("xz") else "w:gz"
    out = tmp_path / "out"
    source = written(name, tar_of(MEMBERS, mode))
    manifest = prepare(source, kind="structure", out=out, carried=["member"])
    assert (manifest.counts.read, manifest.counts.written) == (7, 2)
    assert found_in(out) == [FROM_PDB, FROM_MMCIF]
    rows = [(row["record"], row["member"][:9]) for row in side_car(out)]
    assert rows == [(1, "set/a.pdb"), (5, "set/longl")]
    refused = [(one["record"], one["member"], one["line"]) for one in read_refused(out)]
    assert refused == [
        (2, "set/README", None),
        (3, "set/broken.ent.gz", 5),
        (4, "set/link.pdb", None),
        (6, "set/torn.pdb.gz", None),
        (7, "set/a.bcif", None),
    ]


def test_the_bytes_do_not_depend_on_chunks_workers_or_stops(written: Write, tmp_path: Path) -> None:
    source = written("a.tar", tar_of(3 * MEMBERS))
    out = tmp_path / "out"
    prepare(source, kind="structure", out=out)
    straight = contents(out)
    for chunk_bytes, workers in ((1, 1), (1_500, 2)):
        again = tmp_path / f"again{workers}"
        prepare(source, kind="structure", out=again, chunk_bytes=chunk_bytes, workers=workers)
        assert contents(again) == straight

    def stop(progress: Progress) -> None:
        if progress.counts.read > 8:
            raise KeyboardInterrupt

    stopped = tmp_path / "stopped"
    with pytest.raises(KeyboardInterrupt):
        prepare(source, kind="structure", out=stopped, chunk_bytes=1, on_progress=stop)
    resumed: list[int] = []
    prepare(
        source,
        kind="structure",
        out=stopped,
        chunk_bytes=1,
        on_progress=lambda progress: resumed.append(progress.resumed),
    )
    assert resumed[-1] > 0
    assert contents(stopped) == straight


@pytest.mark.parametrize("ending", ["", ".gz", ".xz"])
@pytest.mark.parametrize("left", [200, 1_024, 3_584, 6_000])
def test_a_tar_that_ends_early_is_one_refused_record_behind_its_members(
    left: int, ending: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The members before the end are read, and so are the other files."""
    data = tar_of(MEMBERS)
    whole = tmp_path / "whole.tar"
    whole.write_bytes(data)
    prepare(whole, kind="structure", out=tmp_path / "whole")
    cut = data[:left]
    if ending:
        cut = COMPRESS[ending[1:]](data)
        cut = cut[: len(cut) * left // 8_000]
    (folder / f"c.tar{ending}").write_bytes(cut)
    out = tmp_path / "out"
    prepare(folder, kind="structure", out=out)
    refused = [one for one in read_refused(out) if one["source"].endswith(f"c.tar{ending}")]
    assert refused[-1]["reason"].startswith("expected a whole tar")
    assert str(folder) not in refused[-1]["reason"]
    found = found_in(out)
    assert found[-1] == FROM_PDB
    assert found[0] == FROM_MMCIF
    assert [one for one in found[1:-1] if one not in found_in(tmp_path / "whole")] == []
    for chunk_bytes in (1, 10_000):
        again = tmp_path / f"out{chunk_bytes}"
        prepare(folder, kind="structure", out=again, chunk_bytes=chunk_bytes)
        assert contents(again) == contents(out)
    assert main(["check", "--kind", "structure", "--json", str(folder)]) == 1
    (checked,) = json.loads(capsys.readouterr().out)
    assert checked["round_tripped"] == len(found)


def test_a_link_to_no_file_is_named_and_the_others_are_read(folder: Path, tmp_path: Path) -> None:
    (folder / "dead.pdb").symlink_to(folder / "gone.pdb")
    with pytest.warns(UserWarning, match=r"links to files that are not there: dead\.pdb"):
        prepare(folder, kind="structure", out=tmp_path / "out")
    assert found_in(tmp_path / "out") == [FROM_MMCIF, FROM_PDB]


def test_damaged_files_of_one_kind_are_counted_together(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.pdb.gz").write_bytes(gzip.compress(PDB.encode())[:-9])
    assert main(["check", "--kind", "structure", str(tmp_path)]) == 1
    assert "2   the compressed data end early: a.pdb.gz, b.pdb.gz" in capsys.readouterr().out


def test_a_tar_of_records_cuts_them(written: Write, tmp_path: Path) -> None:
    pytest.importorskip("rdkit", reason="SDF needs the extra rdkit")
    both, first = "".join(RECORDS).encode(), gzip.compress(RECORDS[0].encode())
    source = written("a.tar", tar_of([("x.sdf", both), ("y.sdf.gz", first)]))
    for chunk_bytes in (1, 1 << 20):
        out = tmp_path / f"out{chunk_bytes}"
        prepare(source, kind="conformer", out=out, chunk_bytes=chunk_bytes, carried=["member"])
        assert [row["member"] for row in side_car(out, "conformer")] == ["x.sdf", "y.sdf.gz"]
        (refused,) = read_refused(out)
        assert (refused["record"], refused["member"], refused["line"]) == (2, "x.sdf", 16)


@pytest.mark.parametrize(
    ("kind", "read", "said"), [("structure", [1, 3], "PDB or mmCIF"), ("conformer", [2], "SDF")]
)
def test_members_of_another_kind_are_refused(
    kind: str, read: list[int], said: str, written: Write, tmp_path: Path
) -> None:
    if kind == "conformer":
        pytest.importorskip("rdkit", reason="SDF needs the extra rdkit")
    members = [("a.pdb", PDB), ("b.sdf", RECORDS[0]), ("c.cif", MMCIF)]
    source = written("a.tar", tar_of((name, text.encode()) for name, text in members))
    prepare(source, kind=kind, out=tmp_path / "out")
    assert [row["record"] for row in side_car(tmp_path / "out", kind)] == read
    refused = read_refused(tmp_path / "out")
    assert sorted([one["record"] for one in refused] + read) == [1, 2, 3]
    for one in refused:
        assert one["reason"] == f"expected a file of {said} by the ending of its name"


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("a.pdb", "molecule", "a.pdb is PDB, which is not read: convert it to SDF"),
        ("a.cif", "conformer", "a.cif is CIF, which is not read: convert it to SDF"),
        ("a.bcif", "structure", "a.bcif is BinaryCIF, which is not read: convert it to mmCIF"),
        ("a.tar", "molecule", "expected structure or conformer as the kind of the tar"),
    ],
)
def test_other_kinds_and_formats_are_told(
    name: str, kind: str, said: str, written: Write, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=said):
        prepare(written(name, PDB), kind=kind, out=tmp_path / "out")


@pytest.mark.parametrize("option", [{"without_links": True}, {"blank_occupancy": "one"}])
def test_options_of_structures_are_of_structures(
    option: dict[str, Any], written: Write, tmp_path: Path
) -> None:
    prepare(written("a.pdb", PDB), kind="structure", out=tmp_path / "out", **option)
    said = f"no --{next(iter(option)).replace('_', '-')} for a molecule"
    with pytest.raises(InputError, match=said):
        prepare(written("a.smi", "C\n"), kind="molecule", out=tmp_path / "none", **option)


def test_a_blank_occupancy_is_read_by_an_option(written: Write, tmp_path: Path) -> None:
    source = written("a.pdb", PDB.replace("0.125  0.50 20.00", "0.125       20.00"))
    prepare(source, kind="structure", out=tmp_path / "refused")
    (refused,) = read_refused(tmp_path / "refused")
    assert (refused["line"], refused["position"]) == (4, 54)
    prepare(source, kind="structure", out=tmp_path / "one", blank_occupancy="one")
    assert len(found_in(tmp_path / "one")) == 1


def test_check_adds_up_a_folder(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--kind", "structure", "--json", str(folder)]) == 1
    (found,) = json.loads(capsys.readouterr().out)
    counts = [found[name] for name in ("path", "read", "round_tripped", "changed")]
    assert counts == [str(folder), 3, 2, []]
    (refused,) = found["refused"]
    assert (refused["member"], refused["line"], refused["position"]) == ("a.ent.gz", 5, 35)
    assert main(["check", "--kind", "structure", str(folder)]) == 1
    assert "a.ent.gz line 5" in capsys.readouterr().out


def test_check_reads_a_tar_and_knows_single_files(
    written: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    tar = written("a.tar.gz", tar_of(MEMBERS, "w:gz"))
    files = [written("a.pdb", PDB), written("a.cif", MMCIF)]
    assert main(["check", "--json", *map(str, files)]) == 0
    assert [one["kind"] for one in json.loads(capsys.readouterr().out)] == 2 * ["structure"]
    assert main(["check", "--kind", "structure", "--json", str(tar)]) == 1
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["read"], found["round_tripped"], len(found["refused"])) == (7, 2, 5)


def test_check_tells_what_a_reader_left_out(
    written: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    link = "SSBOND   1 CYS A    7    CYS A   99                          1555   1555  2.03\n"
    source = written("a.pdb", link + PDB)
    assert main(["check", "--json", str(source)]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert [one["line"] for one in found["left_out"]] == [1]


def test_projections_are_applied_in_their_order(written: Write, tmp_path: Path) -> None:
    source = written("a.pdb", PDB)
    names = ["without_waters", "centred", "alpha_carbons"]
    prepare(source, kind="structure", out=tmp_path / "out", projections=names)
    assert found_in(tmp_path / "out") == [FROM_PDB.without_waters().centred().alpha_carbons()]
    command = ["prep", str(source), "--kind", "structure", "--out", str(tmp_path / "same")]
    assert main([*command, *(f"--projection={name}" for name in names)]) == 0
    assert contents(tmp_path / "same") == contents(tmp_path / "out")


@pytest.mark.parametrize("name", METHODS)
def test_every_projection_has_a_method(name: str, written: Write, tmp_path: Path) -> None:
    if "structure" in METHODS[name]:
        source = written("a.pdb", PDB)
        prepare(source, kind="structure", out=tmp_path / "out", projections=[name])
        assert found_in(tmp_path / "out") == [getattr(FROM_PDB, name)()]
    if "conformer" in METHODS[name]:
        assert callable(getattr(lg.conformer.Conformer, name))


def test_a_projection_of_another_kind_is_refused(written: Write, tmp_path: Path) -> None:
    for source, kind, said in (
        (
            written("a.pdb", PDB),
            "structure",
            "expected one of alpha_carbons, .* as --projection for a structure",
        ),
        (
            written("a.txt", "MK\n"),
            "protein",
            "expected no --projection for a protein, got 'heavy'",
        ),
    ):
        with pytest.raises(InputError, match=said):
            prepare(source, kind=kind, out=tmp_path / "out", projections=["heavy"])
