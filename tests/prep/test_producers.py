"""Producers: what is not text goes to shards as text does, from any producer of sentences."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import logos_grammar as lg
from logos_grammar import prep
from logos_grammar.formats.compressed import InputError, Stream
from logos_grammar.molecule import Molecule
from logos_grammar.prep import readers
from logos_grammar.prep.audit import Audit, audit
from logos_grammar.prep.batch import Options, Refusal
from logos_grammar.prep.plan import sources_of
from logos_grammar.prep.producer import Sentences
from logos_grammar.prep.readers import Layout, TableOptions

from .conftest import contents, read_refused, read_shard

SMILES = ["CCO", "c1ccccc1", "[13CH4]", "C1CC1.[Na+]", "F/C=C\\F"] * 7
RECORD = b"record\n"


class Pickled(ModuleType):
    """A format of pickled molecules: no text on the way."""

    @staticmethod
    def inspect(path: str, kind: str, table_options: TableOptions) -> Layout:
        return Layout()

    @staticmethod
    def blocks(path: str, stream: Stream, layout: Layout, size: int) -> Iterator[bytes]:
        held = stream.read(1 << 30)
        step = max(size, 1)
        records = held.split(RECORD)[1:]
        for first in range(0, len(records), step):
            yield pickle.dumps(records[first : first + step])

    @staticmethod
    def produce(block: bytes, layout: Layout, options: Options, first: bool) -> Sentences:
        objects, rows, refused = [], [], []
        records = pickle.loads(block)
        for row, record in enumerate(records):
            found = pickle.loads(record)
            if isinstance(found, Molecule):
                objects.append(found)
                rows.append(row)
            else:
                refused.append(
                    Refusal(row=row, line=None, reason="a molecule", position=None, text=str(found))
                )
        encoded = lg.encode_many(objects, threads=1)
        return Sentences(
            ids=encoded.ids,
            offsets=encoded.offsets,
            rows=np.array(rows, np.int64),
            records=len(records),
            newlines=0,
            refused=tuple(refused),
        )


@pytest.fixture
def pickled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "logos_grammar.prep.readers.pickled", Pickled("pickled"))
    monkeypatch.setitem(readers.ENDINGS, "pickled", (".pickled",))


@pytest.mark.usefixtures("pickled")
def test_sentences_of_any_producer_become_shards(
    written: Callable[[str, str | bytes], Path], tmp_path: Path
) -> None:
    things: list[object] = [*map(Molecule.from_smiles, SMILES)]
    things.insert(3, "not a molecule")
    source = written("a.pickled", b"".join(RECORD + pickle.dumps(each) for each in things))
    manifest = prep.prepare(source, kind="molecule", out=tmp_path / "objects")
    texts = written("a.smi", "\n".join(SMILES))
    prep.prepare(texts, kind="molecule", out=tmp_path / "texts")
    assert manifest.counts.read == len(SMILES) + 1
    assert manifest.counts.refused == 1
    assert read_shard(tmp_path / "objects", "molecule") == read_shard(
        tmp_path / "texts", "molecule"
    )
    for name in ("molecule.bin", "molecule.idx"):
        assert contents(tmp_path / "objects")[name] == contents(tmp_path / "texts")[name]
    [refused] = read_refused(tmp_path / "objects")
    assert (refused["record"], refused["reason"]) == (4, "a molecule")
    small = prep.prepare(source, kind="molecule", out=tmp_path / "small", chunk_bytes=2)
    assert small.files == manifest.files
    found = audited(source)
    assert (found.read, found.round_tripped) == (len(SMILES) + 1, len(SMILES))
    assert [each.record for each in found.refused] == [4]
    with pytest.raises(InputError, match="which holds no texts"):
        audited(source, rdkit=True)


def audited(source: Path, *, rdkit: bool = False) -> Audit:
    [found] = sources_of([source], kind="molecule", format=None, table_options=TableOptions())
    return audit(found, options=Options(kind="molecule"), chunk_bytes=10, rdkit=rdkit)


@pytest.mark.parametrize(
    ("offsets", "rows", "records"),
    [([0, 2], [0, 1], 2), ([0, 2, 2], [0, 1], 2), ([0, 1, 2], [0, 1], 3), ([0, 1, 2], [0], 1)],
)
def test_sentences_account_for_every_record(
    offsets: list[int], rows: list[int], records: int
) -> None:
    with pytest.raises(ValueError, match="expected"):
        Sentences(
            ids=np.zeros(2, np.uint16),
            offsets=np.array(offsets, np.int64),
            rows=np.array(rows, np.int64),
            records=records,
            newlines=0,
        )
