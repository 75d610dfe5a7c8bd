"""spec/residues.toml: its words are consistent, and those of the component dictionary."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

FILE = Path(__file__).parents[1] / "spec" / "residues.toml"
TABLE: dict[str, Any] = tomllib.loads(FILE.read_text(encoding="utf-8"))
LISTS = ("pdb", "alphafold", "maestro", "amber", "charmm", "cns", "v2", "trace")
RESIDUES: list[dict[str, str]] = TABLE["residue"]
ELEMENTS = {word: element for element, some in TABLE["elements"].items() for word in some.split()}


def test_it_is_what_the_component_dictionary_says() -> None:
    pytest.importorskip("biotite")
    from derive_residues import residues_toml  # noqa: PLC0415 - needs biotite when called

    assert FILE.read_text(encoding="utf-8") == residues_toml()


def test_every_word_has_one_element_and_is_used() -> None:
    said = [word for some in TABLE["elements"].values() for word in some.split()]
    assert len(said) == len(set(said))
    used = {word for residue in RESIDUES for word in [*parents(residue), *aliases(residue)]}
    assert used == set(said)


@pytest.mark.parametrize("residue", RESIDUES, ids=lambda residue: residue["component"])
def test_every_list_has_words_of_its_residue_once(residue: dict[str, str]) -> None:
    own = {*parents(residue), *aliases(residue)}
    assert set(residue) - set(LISTS) == {"strand", "token", "component", "parents", "aliases"}
    for words in lists(residue).values():
        assert words
        assert len(words) == len(set(words))
        assert set(words) <= own


@pytest.mark.parametrize("residue", RESIDUES, ids=lambda residue: residue["component"])
def test_a_parent_is_an_atom_before(residue: dict[str, str]) -> None:
    before: set[str] = set()
    for atom, parent in parents(residue).items():
        assert (parent is None) == (not before)
        assert parent is None or parent in before
        before.add(atom)
    assert set(aliases(residue).values()) <= before
    for word, atom in aliases(residue).items():
        assert word not in before
        assert ELEMENTS[word] == ELEMENTS[atom]


def test_every_residue_has_a_token_and_a_name_of_its_own() -> None:
    assert len({(residue["strand"], residue["token"]) for residue in RESIDUES}) == len(RESIDUES)
    assert len({residue["component"] for residue in RESIDUES}) == len(RESIDUES)


def parents(residue: dict[str, str]) -> dict[str, str | None]:
    """The atoms of a residue and their parents."""
    return {atom: parent or None for atom, _, parent in split(residue["parents"], "<")}


def aliases(residue: dict[str, str]) -> dict[str, str]:
    """Other words for atoms of a residue."""
    return {word: atom for word, _, atom in split(residue["aliases"], "=")}


def lists(residue: dict[str, str]) -> dict[str, list[str]]:
    """The lists of a residue by their names."""
    return {name: residue.get(name, residue["pdb"]).split() for name in LISTS}


def split(text: str, mark: str) -> Iterator[tuple[str, str, str]]:
    """Each word of a text in its parts."""
    return (word.partition(mark) for word in text.split())
