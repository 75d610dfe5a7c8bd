"""Links between residues have no sentence yet: they are refused, never dropped."""

from __future__ import annotations

import numpy as np
import pytest

import logos_grammar as lg
from logos_grammar.structure import Structure

ATOMS = [
    "ATOM      1  SG  CYS A   1       0.000   0.000   0.000  1.00 10.00           S",
    "ATOM      2  SG  CYS A   5       2.000   0.000   0.000  1.00 10.00           S",
]
BOND = "SSBOND   1 CYS A    1    CYS A    5                          1555   1555  2.00"


def test_links_are_refused_and_left_out_by_name() -> None:
    structure = Structure.from_pdb("\n".join([BOND, *ATOMS, "END", ""]))
    assert len(structure.links.begin) == 1
    with pytest.raises(lg.GrammarError, match="without_links"):
        lg.encode(structure)
    bare = structure.without_links()
    assert len(bare.links.begin) == 0
    assert len(structure.links.begin) == 1
    assert lg.decode(lg.encode(bare)) == bare
    assert np.array_equal(bare.atoms.x.scaled, [0, 2000])
