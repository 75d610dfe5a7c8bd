"""What a beginner gives for the content of a file: a path, compressed data, another format."""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Callable

import pytest

from logos_grammar.conformer import Conformer
from logos_grammar.error import ConversionError
from logos_grammar.structure import Structure

PDB = "ATOM      1  CA  GLY A   7       1.500  -2.250   0.125  1.00 20.00           C\n"
SDF = (
    "{title}\n  x                 3D\n\n  1  0  0  0  0  0            999 V2000\n"
    "    0.0000    0.0000    0.1000 O   0  0\nM  END\n"
)
READERS: tuple[Callable[[str | bytes], object], ...] = (
    Structure.from_pdb,
    Structure.from_mmcif,
    Conformer.from_sdf,
)


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(
    "path", ["1gcn.pdb", "a b/1GCN.ENT.gz", "x.cif", "/x/y.mmcif.xz", "l.sdf", "l.mol", "l.sd.zst"]
)
def test_a_path_is_not_a_content(read: Callable[[str], object], path: str) -> None:
    pytest.importorskip("rdkit", reason="SDF needs the extra rdkit")
    with pytest.raises(ConversionError, match=r"found a path: Path\(.*\)\.read_bytes\(\) gives it"):
        read(path)


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(
    ("compress", "name"), [(gzip.compress, "gzip"), (bz2.compress, "bzip2"), (lzma.compress, "xz")]
)
def test_compressed_data_are_not_a_content(
    read: Callable[[bytes], object], compress: Callable[[bytes], bytes], name: str
) -> None:
    pytest.importorskip("rdkit", reason="SDF needs the extra rdkit")
    with pytest.raises(ConversionError, match=f"found data compressed by {name}"):
        read(compress(PDB.encode()))


@pytest.mark.parametrize("before", ["", "\ufeff", "# a comment\n\n  ", "#\n"])
def test_cif_is_not_pdb(before: str) -> None:
    cif = Structure.from_pdb(PDB).to_mmcif()
    for text in (before + cif, (before + cif).encode()):
        with pytest.raises(ConversionError, match="this is CIF, which from_mmcif reads"):
            Structure.from_pdb(text)


@pytest.mark.parametrize("title", ["data_1", "1gcn.pdb", "BZ"])
def test_a_title_may_look_like_one_of_these(title: str) -> None:
    pytest.importorskip("rdkit", reason="SDF needs the extra rdkit")
    (water,) = Conformer.from_sdf(SDF.format(title=title))
    assert water.title == title


def test_neither_is_an_object() -> None:
    with pytest.raises(TypeError, match="as str or bytes, not int"):
        Structure.from_pdb(1)  # type: ignore[arg-type]
