"""Every format, compressed or not, comes to the same sentences."""

from __future__ import annotations

import bz2
import gzip
import importlib
import json
import lzma
from collections.abc import Callable
from pathlib import Path

import pytest

import logos_grammar as lg
from logos_grammar.prep import InputError, prepare
from logos_grammar.texts import Kind

from .conftest import contents, read_refused, read_shard

SMILES = ["CCO", "c1ccccc1", "C[C@H](N)C(=O)O", "[Na+].[Cl-]", "CC#N"]
Write = Callable[[str, str | bytes], Path]


def expected(kind: Kind, texts: list[str]) -> list[list[int]]:
    """Return the documents: sentences with an end behind each."""
    return [[*sentence.tolist(), 2] for sentence in lg.encode_texts(kind, texts)]


def _zstd(data: bytes) -> bytes:
    compress: Callable[[bytes], bytes] = importlib.import_module("zstandard").compress
    return compress(data)


COMPRESSED: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": _zstd,
}

TEXTS = {
    "a.smi": "\n".join(SMILES),
    "names.smi": "".join(f"{text} name {i} of it\n" for i, text in enumerate(SMILES)),
    "tabs.txt": "SMILES\tid\n" + "".join(f"{text}\t{i}\n" for i, text in enumerate(SMILES)),
    "blank.smi": "\n" + "\n\n".join(SMILES) + "\n \n",
    "dos.smi": "\r\n".join(SMILES) + "\r\n",
    "mac.smi": "\r".join(SMILES),
    "mark.smi": "\ufeff" + "\n".join(SMILES),
    "a.csv": "id,smiles,x\n" + "".join(f"{i},{text},\n" for i, text in enumerate(SMILES)),
    "short.csv": "smiles,split\n" + "".join(f"{text}\n" for text in SMILES),
    "quoted.csv": "id,smiles\n" + "".join(f'"a, ""b""\nc",{text}\n' for text in SMILES),
    "all.csv": '"n","smiles"\n' + "".join(f'"a,b","{text}"\n' for text in SMILES),
    "stray.csv": "n,smiles\n" + "".join(f'5" pipe,{text}\n' for text in SMILES),
    "a.tsv": "smiles\tn\n" + "".join(f'{text}\t5" pipe\n' for text in SMILES),
    "quoted.tsv": "n\tsmiles\n" + "".join(f'"x"\t"{text}"\n' for text in SMILES),
    "a.jsonl": "".join(json.dumps({"n": 1, "smiles": text}) + "\n" for text in SMILES),
}


@pytest.mark.parametrize("ending", COMPRESSED)
@pytest.mark.parametrize("name", TEXTS)
def test_every_text_format_comes_to_the_same_sentences(
    written: Write, tmp_path: Path, name: str, ending: str
) -> None:
    source = written(name + ending, COMPRESSED[ending](TEXTS[name].encode()))
    manifest = prepare(source, kind="molecule", out=tmp_path / "out", chunk_bytes=16)
    assert read_shard(tmp_path / "out", "molecule") == expected("molecule", SMILES)
    assert read_refused(tmp_path / "out") == []
    assert manifest.counts.read == manifest.counts.written == len(SMILES)


@pytest.mark.parametrize("chunk_bytes", [4, 1 << 20])
@pytest.mark.parametrize("quote", ["", '"'])
@pytest.mark.parametrize("name", ["a.csv", "a.tsv"])
def test_rows_without_a_header_are_read_by_the_number_of_their_column(
    written: Write, tmp_path: Path, name: str, quote: str, chunk_bytes: int
) -> None:
    mark = "\t" if name.endswith("tsv") else ","
    rows = [[str(number), text] for number, text in enumerate(SMILES)]
    text = "".join(mark.join(f"{quote}{cell}{quote}" for cell in row) + "\n" for row in rows)
    out = tmp_path / "out"
    source = written(name, text + f"5{mark}C!\n")
    prepare(source, kind="molecule", out=out, header=False, column="2", chunk_bytes=chunk_bytes)
    assert read_shard(out, "molecule") == expected("molecule", SMILES)
    assert [(one["record"], one["line"]) for one in read_refused(out)] == [(6, 6)]


def test_a_table_of_one_column_needs_no_number(written: Write, tmp_path: Path) -> None:
    source = written("a.csv", "\n".join(SMILES))
    prepare(source, kind="molecule", out=tmp_path / "out", header=False)
    assert read_shard(tmp_path / "out", "molecule") == expected("molecule", SMILES)


@pytest.mark.parametrize("ending", COMPRESSED)
def test_parquet_comes_to_the_same_sentences(tmp_path: Path, ending: str) -> None:
    pa = importlib.import_module("pyarrow")
    parquet = importlib.import_module("pyarrow.parquet")
    parquet.write_table(pa.table({"n": [1] * 5, "smiles": SMILES}), tmp_path / "plain.parquet")
    source = tmp_path / f"a.parquet{ending}"
    source.write_bytes(COMPRESSED[ending]((tmp_path / "plain.parquet").read_bytes()))
    prepare(source, kind="molecule", out=tmp_path / "out")
    assert read_shard(tmp_path / "out", "molecule") == expected("molecule", SMILES)


def test_parquet_may_hold_nulls_blanks_and_dictionaries(tmp_path: Path) -> None:
    pa = importlib.import_module("pyarrow")
    parquet = importlib.import_module("pyarrow.parquet")
    column = pa.array(["CCO", None, " CC#N ", "a\nb", ""]).dictionary_encode()
    parquet.write_table(pa.table({"s": column}), tmp_path / "a.parquet")
    prepare(tmp_path / "a.parquet", kind="molecule", out=tmp_path / "out", column="s")
    assert read_shard(tmp_path / "out", "molecule") == expected("molecule", ["CCO", "CC#N"])
    found = [(one["record"], one["line"], one["reason"]) for one in read_refused(tmp_path / "out")]
    assert found == [
        (2, None, "no text"),
        (4, None, "a line end inside the text"),
        (5, None, "no text"),
    ]


def test_a_list_may_be_put_together_from_compressed_members(written: Write, tmp_path: Path) -> None:
    source = written("a.smi.gz", gzip.compress(b"CCO\nCC") + gzip.compress(b"#N\n") + b"\0" * 8)
    prepare(source, kind="molecule", out=tmp_path / "out")
    assert read_shard(tmp_path / "out", "molecule") == expected("molecule", ["CCO", "CC#N"])


@pytest.mark.parametrize("ending", [ending for ending in COMPRESSED if ending])
def test_compressed_data_that_end_early_are_refused(
    written: Write, tmp_path: Path, ending: str
) -> None:
    text = "\n".join(SMILES * 100).encode()
    source = written(f"a.smi{ending}", COMPRESSED[ending](text)[:-5])
    with pytest.raises(InputError, match="end early"):
        prepare(source, kind="molecule", out=tmp_path / "out")


@pytest.mark.parametrize("ending", [ending for ending in COMPRESSED if ending])
def test_damaged_data_are_refused(written: Write, tmp_path: Path, ending: str) -> None:
    source = written(f"a.smi{ending}", b"this is not compressed at all")
    with pytest.raises(InputError, match="are damaged before byte 29"):
        prepare(source, kind="molecule", out=tmp_path / "out")


def test_utf16_is_refused(written: Write, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="found UTF-16"):
        prepare(written("a.smi", "CCO\n".encode("utf-16")), kind="molecule", out=tmp_path / "out")


def test_fasta_comes_to_sentences(written: Write, tmp_path: Path) -> None:
    source = written("a.fasta", ">one\nMKV\nLA\n\n>two\nM(MSE)K\n")
    prepare(source, kind="protein", out=tmp_path / "out", chunk_bytes=4)
    assert read_shard(tmp_path / "out", "protein") == expected("protein", ["MKVLA", "M(MSE)K"])


@pytest.mark.parametrize("kind", ["dna", "rna"])
def test_nucleic_acids_come_from_both(written: Write, tmp_path: Path, kind: Kind) -> None:
    prepare(
        [written("a.txt", "ACG\nNNT\n"), written("a.fa", ">x\nAC\nG\n>y\nNNT")],
        kind=kind,
        out=tmp_path / "out",
    )
    assert read_shard(tmp_path / "out", kind) == expected(kind, ["ACG", "NNT"] * 2)


def test_reactions_keep_the_groups_of_their_fragments(written: Write, tmp_path: Path) -> None:
    texts = ["CC.O>>CO |f:0.1|", "CC.O>>CO", "C[Pd]<-N>>C"]
    prepare(written("a.rsmi", "\n".join(texts)), kind="reaction", out=tmp_path / "out")
    assert read_shard(tmp_path / "out", "reaction") == expected("reaction", texts)


def test_the_side_car_says_where_each_sentence_comes_from(written: Write, tmp_path: Path) -> None:
    first = written("a.smi", "CCO\nXX\n\nC\n")
    second = written("b.csv", "smiles\nCC#N\n")
    prepare([first, second], kind="molecule", out=tmp_path / "out", chunk_bytes=4)
    parquet = importlib.import_module("pyarrow.parquet")
    assert parquet.read_table(tmp_path / "out" / "molecule.parquet").to_pylist() == [
        {"source": str(first), "record": 1, "kind": "molecule", "tokens": 6},
        {"source": str(first), "record": 3, "kind": "molecule", "tokens": 4},
        {"source": str(second), "record": 1, "kind": "molecule", "tokens": 7},
    ]


def test_an_empty_file_makes_an_empty_shard(written: Write, tmp_path: Path) -> None:
    manifest = prepare(written("a.smi", ""), kind="molecule", out=tmp_path / "out")
    assert manifest.counts.read == 0
    assert read_shard(tmp_path / "out", "molecule") == []


@pytest.mark.parametrize("ending", ["smi", "csv", "tsv", "jsonl"])
@pytest.mark.parametrize("mark", ["\ufeff", ""])
def test_a_byte_order_mark_does_not_depend_on_the_size_of_chunks(
    written: Write, tmp_path: Path, ending: str, mark: str
) -> None:
    text = {"smi": "CCO\nCC\n", "jsonl": '{"smiles": "CCO"}\n{"smiles": "CC"}\n'}
    source = written(f"a.{ending}", mark + text.get(ending, "smiles\nCCO\nCC\n"))
    shards = []
    for size in (1, 2, 3, 4, 5, 1 << 20):
        out = tmp_path / str(size)
        manifest = prepare(source, kind="molecule", out=out, chunk_bytes=size)
        assert (manifest.counts.written, manifest.counts.refused) == (2, 0)
        shards.append(contents(out))
    assert all(shard == shards[0] for shard in shards)


@pytest.mark.parametrize("text", ["", "\ufeff", "\ufeffC", "C", "CC", "\r\nC\r\n"])
def test_the_smallest_lists(written: Write, tmp_path: Path, text: str) -> None:
    source = written("a.smi", text)
    for size in (1, 2, 3, 1 << 20):
        manifest = prepare(source, kind="molecule", out=tmp_path / str(size), chunk_bytes=size)
        assert (manifest.counts.written, manifest.counts.refused) == (int("C" in text), 0)
