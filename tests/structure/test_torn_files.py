"""Torn files: whatever is done to a file, it is refused with its place or comes back as it is."""

from __future__ import annotations

import lzma
import tarfile
import time
from pathlib import Path
from random import Random

import pytest

import logos_grammar as lg
from logos_grammar.structure import Structure

TOKENS = [
    *b"loop_ data_ ' \" _atom_site. ? . -0.000 1e5 999999999 HETATM ATOM A000".split(b" "),
    *(
        b"\n;",
        b"TER\n",
        b"ENDMDL\n",
        b"MODEL\n",
        b"END\n",
        b"\r\n",
        b" ",
        b"\t",
        b"\xff",
        b"#",
        b"-",
    ),
]
MOST_BYTES = 40_000
SECONDS = 600


def torn(text: bytes, random: Random) -> bytes:
    """The text with a few bytes, lines and parts of it changed, repeated, moved or cut off."""
    for _ in range(random.randrange(6)):
        at = random.randrange(len(text) + 1)
        kind = random.randrange(7)
        if kind == 0:
            text = text[:at] + random.randbytes(1) + text[at + 1 :]
        elif kind == 1:
            text = text[:at] + text[at + random.randrange(40) :]
        elif kind == 2:
            text = text[:at] + random.choice(TOKENS) + text[at:]
        elif kind == 3:
            text = text[:at]
        elif kind == 4:
            to = random.randrange(len(text) + 1)
            text = text[:to] + text[at : at + random.randrange(200)] + text[to:]
        elif kind == 5:
            lines = text.split(b"\n")
            row = random.randrange(len(lines))
            lines[row : row + 1] = random.choice([[], [lines[row]] * 2])
            text = b"\n".join(lines)
        else:
            token = random.choice(TOKENS)
            text = text[:at] + token + text[at + len(token) :]
    return text


def expect_nothing_lost(text: bytes, format_: str) -> bool:
    """Whether a text is read; then it is the structure of what is written of it."""
    read = Structure.from_pdb if format_ == "pdb" else Structure.from_mmcif
    try:
        structure = read(text, blank_occupancy="one")
    except lg.ConversionError as error:
        refused = error
    else:
        return comes_back(structure, format_)
    assert str(refused).startswith("line ")
    assert 0 <= refused.position <= len(text)
    return False


def comes_back(structure: Structure, format_: str) -> bool:
    """Whether a structure is that of its bytes and of the file that is written of it."""
    read = Structure.from_pdb if format_ == "pdb" else Structure.from_mmcif
    assert Structure._of_bytes(structure._bytes) == structure
    try:
        written = structure.to_pdb(hybrid_36=True) if format_ == "pdb" else structure.to_mmcif()
    except lg.ConversionError:
        return True
    assert read(written) == structure
    return True


def real_files(data: Path) -> list[tuple[str, bytes]]:
    """Real files that are short, by their format."""
    archive = data / "protein_structures" / "nasty" / "nasty_structures.tar.xz"
    found = []
    with lzma.open(archive) as content, tarfile.open(fileobj=content) as members:
        for member in members:
            suffix = member.name.rpartition(".")[2]
            file = members.extractfile(member) if suffix in ("pdb", "ent", "cif") else None
            if file is not None and member.size < MOST_BYTES:
                found.append(("mmcif" if suffix == "cif" else "pdb", file.read()))
    return found


SMALL = {
    "pdb": b"".join(
        b"%-6s%5d  %-3s%1sALA A%4d    %8.3f%8.3f%8.3f  1.00 10.00      SEG  C\n"
        % (record, at, name, b"AB "[at % 3 : at % 3 + 1], at // 4, at, -at, at / 8)
        for at, (record, name) in enumerate([(b"ATOM", b"CA"), (b"HETATM", b"CB")] * 8)
    ),
    "mmcif": b"data_x\nloop_\n"
    + b"".join(
        b"_atom_site.%s\n" % item
        for item in (
            b"group_PDB id type_symbol label_atom_id label_alt_id label_comp_id label_asym_id "
            b"label_seq_id pdbx_PDB_ins_code Cartn_x Cartn_y Cartn_z auth_seq_id auth_asym_id"
        ).split()
    )
    + b"".join(
        b"ATOM %d C 'C %d' . ALA A %d ? %.3f 1 -2.5 ? B\n" % (at, at, at // 3, at / 8)
        for at in range(12)
    ),
}


@pytest.mark.parametrize("format_", ["pdb", "mmcif"])
def test_a_torn_file_is_refused_or_comes_back(format_: str) -> None:
    random = Random(7)
    read = sum(expect_nothing_lost(torn(SMALL[format_], random), format_) for _ in range(3000))
    assert 300 < read < 2700


@pytest.mark.slow
def test_a_torn_real_file_is_refused_or_comes_back(real_data: Path) -> None:
    files = real_files(real_data)
    assert len(files) > 100
    random = Random()
    seed = random.randrange(1 << 32)
    random.seed(seed)
    print(f"seed {seed}")  # shown when it fails
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        format_, text = random.choice(files)
        expect_nothing_lost(torn(text, random), format_)
