"""Small structures and records that the tests of preparation write to files."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Iterable

PDB = """CRYST1   30.000   40.500   50.250  90.00 100.00  90.00 P 1 21 1      2
ATOM      1  N   GLY A   7       1.500  -2.250   0.125  1.00 20.00           N
ANISOU    1  N   GLY A   7      100    200    300    -10     20     -5       N
ATOM      2  CA AGLY A   7       2.500  -2.250   0.125  0.50 20.00           C
ATOM      3  CA BGLY A   7       2.600  -2.350   0.125  0.50 21.50           C
ATOM      4  C   GLY A   7       3.500  -1.250   0.125  1.00 20.00           C
ATOM      5  N   ALA A   8A      4.500  -1.250   0.125  1.00 20.00           N
TER       6      ALA A   8A
HETATM    7 ZN    ZN A 101      -0.500   9.250   4.125  1.00 30.00          ZN2+
END
"""
BROKEN = PDB.replace("   2.600", "     nan")
MMCIF = """data_small
loop_
_atom_site.group_PDB
_atom_site.id
_atom_site.type_symbol
_atom_site.label_atom_id
_atom_site.label_alt_id
_atom_site.label_comp_id
_atom_site.label_asym_id
_atom_site.label_entity_id
_atom_site.label_seq_id
_atom_site.pdbx_PDB_ins_code
_atom_site.Cartn_x
_atom_site.Cartn_y
_atom_site.Cartn_z
_atom_site.occupancy
_atom_site.B_iso_or_equiv
_atom_site.pdbx_formal_charge
_atom_site.auth_seq_id
_atom_site.auth_asym_id
_atom_site.pdbx_PDB_model_num
ATOM 1 N N . GLY A 1 1 ? 1.5 -2.25 0.125 1 20.0 ? 7 B 1
ATOM 2 C CA A GLY A 1 1 ? 2.5 -2.25 0.125 0.5 20.0 ? 7 B 1
ATOM 3 C CA B GLY A 1 1 ? 2.6 -2.25 0.125 0.5 21.5 ? 7 B 1
ATOM 4 O "O5'" . ALA A 1 2 A 2.6 -2.25 3.125 1 ? ? 8 B 1
HETATM 5 ZN ZN . ZN C 2 . ? -0.5 9.25 4.125 1 30.0 2 101 B 1
"""
SDF = """{name}
  -TEST-            3D

  3  2  0  0  0  0            999 V2000
   -0.5000    0.8000    {z} H   0  0
    0.0000    0.0000    1.2500 O   0  0
    1.0500    0.0000    0.0000 H   0  0
  1  2  1  0
  3  2  1  0
M  END
$$$$
"""
RECORDS = [SDF.format(name=name, z=z) for name, z in (("a", "0.1000"), ("b", "   nan"))]
COUNT = 3


def tar_of(members: Iterable[tuple[str, bytes]], mode: str = "w:") -> bytes:
    """The bytes of a tar of members; a name that ends with a slash is a folder, `@` a link."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode) as archive:  # type: ignore[call-overload]
        for name, content in members:
            member = tarfile.TarInfo(name.rstrip("/@"))
            member.size = len(content)
            if name.endswith("/"):
                member.type = tarfile.DIRTYPE
            if name.endswith("@"):
                member.type, member.linkname, member.size = tarfile.SYMTYPE, "elsewhere", 0
            archive.addfile(member, io.BytesIO(content))
    return file.getvalue()


MEMBERS = [
    ("set/", b""),
    ("set/a.pdb", PDB.encode()),
    ("set/README", b"not a structure"),
    ("set/broken.ent.gz", gzip.compress(BROKEN.encode())),
    ("set/link.pdb@", b""),
    ("set/" + 120 * "long" + ".cif", MMCIF.encode()),
    ("set/torn.pdb.gz", gzip.compress(PDB.encode())[:-9]),
    ("set/a.bcif", b"\x80"),
]
