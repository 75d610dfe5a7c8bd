"""Another atom order is the same molecule; a root-aligned reaction is the same reaction."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import logos_grammar as lg
from logos_grammar.molecule import Molecule
from logos_grammar.molecule.strategies import molecules
from logos_grammar.reaction import Reaction
from logos_model.data.atom_order import has_plain_stereo, reordered
from logos_model.data.augmentation import augmented, cropped
from logos_model.sample_data import SAMPLES

Chem = pytest.importorskip("rdkit.Chem", reason="judged by rdkit")

STEREO = [
    "C[S@](=O)CC",
    "[S@](=O)(C)CC",
    "N[C@@H](C)C(=O)O",
    "[C@H](N)(C)O",
    "C[C@@]12CCC(C1)C2",
    "C1CC[C@H]2C[C@@H]1CC2",
    "C[P@](=O)(O)CC",
    "[C@@]12(C)CCC(C1)C2",
    "C/C=C/C",
    "F/C=C\\1CCCC(C)C1",
    "F/C=C/C=C/1CCC(C)C1",
    "C1=C/C2CC2/C1",
    "[Na+].[Cl-].CC",
    "c1ccccc1-c1ccccc1",
    "N->[Fe]<-N",
    "C[N+](C)(C)C.[2H]C",
]


def canonical(text: str) -> str:
    return str(Chem.CanonSmiles(text))


def sample_texts(kind: str, count: int) -> list[str]:
    path = next(sample.path for sample in SAMPLES if sample.kind == kind)
    lines = path.read_text(encoding="utf-8").splitlines()[:count]
    return [line.split("\t")[0] for line in lines]


def seeds(count: int, first: int = 0) -> np.ndarray[Any, np.dtype[np.uint64]]:
    return np.arange(first, first + count, dtype=np.uint64)


def test_another_order_is_the_same_molecule_for_rdkit() -> None:
    texts = [text for text in STEREO if "->" not in text] * 8 + sample_texts("molecule", 400)
    sentences = list(lg.encode_texts("molecule", texts))
    changed = augmented("atom_order", sentences, seeds(len(sentences)))
    different = 0
    for text, ids, new in zip(texts, sentences, changed, strict=True):
        assert new is not None
        different += new.tobytes() != ids.tobytes()
        assert canonical(lg.decode(new).to_smiles()) == canonical(text)
    assert different > 0.9 * len(sentences)


@settings(max_examples=150, deadline=None)
@given(molecules().filter(has_plain_stereo), st.randoms(use_true_random=False))
def test_any_order_has_a_sentence_and_the_same_atoms(molecule: Molecule, random: Any) -> None:
    rank = list(range(len(molecule)))
    random.shuffle(rank)
    new = reordered(molecule, rank)
    assert lg.decode(lg.encode(new)) == new
    for column in ("element", "isotope", "charge", "hydrogens", "map"):
        assert sorted(getattr(new, column).tolist()) == sorted(getattr(molecule, column).tolist())
    assert len(new.begin) == len(molecule.begin)
    # Along the new order nothing changes any more, and the way back ends where it began.
    assert reordered(new, range(len(new))) == new
    begun = reordered(molecule, range(len(molecule)))
    numbered = replace(begun, map=np.arange(1, len(begun) + 1, dtype=np.uint32))
    there = reordered(numbered, rank)
    assert reordered(there, there.map.tolist()) == numbered


def test_stereo_of_other_classes_stays_as_it_is() -> None:
    ids = lg.encode(Molecule.from_smiles("F[Pt@SP1](Cl)(Br)I"))
    assert augmented("atom_order", [ids], seeds(1)) == [None]
    assert augmented("root_aligned", [ids], seeds(1)) == [None]


def test_a_change_follows_from_its_seed() -> None:
    sentences = list(lg.encode_texts("molecule", ["CCOC(=O)c1ccccc1N"] * 20))
    first = augmented("atom_order", sentences, seeds(20))
    again = augmented("atom_order", sentences, seeds(20))
    assert [ids.tolist() for ids in first if ids is not None] == [
        ids.tolist() for ids in again if ids is not None
    ]
    assert len({ids.tobytes() for ids in first if ids is not None}) > 10


def test_molecules_of_a_reaction_are_put_in_another_order() -> None:
    texts = sample_texts("reaction", 60)
    sentences = list(lg.encode_texts("reaction", texts))
    for ids, new in zip(sentences, augmented("atom_order", sentences, seeds(60)), strict=True):
        assert new is not None
        before, after = lg.decode(ids), lg.decode(new)
        for side in ("reactants", "agents", "products"):
            for one, other in zip(getattr(before, side), getattr(after, side), strict=True):
                assert canonical(one.to_smiles()) == canonical(other.to_smiles())


def test_aligned_reactions_begin_at_the_same_atom_on_both_sides() -> None:
    text = (
        "[CH3:1][C:2](=[O:3])[Cl:4].[NH2:5][CH2:6][CH3:7]>>[CH3:1][C:2](=[O:3])[NH:5][CH2:6][CH3:7]"
    )
    reaction = Reaction.from_smiles(text)
    seen = set()
    for seed in range(12):
        (new,) = augmented("root_aligned", [lg.encode(reaction)], seeds(1, seed))
        assert new is not None
        after = lg.decode(new)
        assert not any(each.map.any() for each in (*after.reactants, *after.products))
        plain = reaction.without_maps()
        for side in ("reactants", "products"):
            wanted = sorted(canonical(each.to_smiles()) for each in getattr(plain, side))
            found = sorted(canonical(each.to_smiles()) for each in getattr(after, side))
            assert found == wanted
        # The first reactant begins with the atom with which the product begins.
        assert after.reactants[0].element[0] == after.products[0].element[0]
        seen.add(new.tobytes())
    assert len(seen) > 3
    unmapped = lg.encode(reaction.without_maps())
    assert augmented("root_aligned", [unmapped], seeds(1)) == [None]


@pytest.mark.parametrize("kind", ["protein", "dna", "rna"])
def test_a_part_of_a_sequence_is_a_sentence(kind: Any) -> None:
    letters = "ACGU" if kind == "rna" else "ACGT"
    text = letters * 10 + ("(MSE)" if kind == "protein" else "(PSU)") + letters * 10
    (ids,) = lg.encode_texts(kind, [text])
    parts = set()
    for seed in range(40):
        part = cropped(ids, 23, seed)
        assert lg.check(part) is None
        assert 15 <= len(part) <= 23
        sequence = lg.decode(part).sequence
        assert sequence in text
        parts.add(sequence)
    assert len(parts) > 5
    assert cropped(ids, len(ids), 0).tolist() == ids.tolist()


def test_what_has_no_part_is_refused() -> None:
    with pytest.raises(ValueError, match="a Molecule has no part that is one"):
        cropped(lg.encode_texts("molecule", ["CCCCCC"])[0], 4, 0)
    with pytest.raises(ValueError, match="one residue takes"):
        cropped(lg.encode_texts("protein", ["(MSE)(MSE)"])[0], 3, 0)
