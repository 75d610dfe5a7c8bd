"""Side conditions on the names of atoms, by spec/residues.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from oracle.condition import BROKEN, Broken, Condition, Register
from oracle.notation import SPEC, Spec

STRANDS: Final = ("<ProteinStrand>", "<DnaStrand>", "<RnaStrand>", "<HeteroStrand>")


@dataclass(frozen=True)
class Template:
    """What each word of a residue names, and its lists."""

    named: Mapping[str, str]
    lists: Mapping[str, tuple[str, ...]]


@cache
def table(folder: Path = SPEC) -> dict[str, Any]:
    """The file as it is written."""
    return tomllib.loads((folder / "residues.toml").read_text(encoding="utf-8"))


@cache
def templates() -> Mapping[tuple[str, str], Template]:
    """The residues by their kind and token."""
    found = {}
    for entry in table()["residue"]:
        parents = (word.split("<")[0] for word in entry["parents"].split())
        aliases = (word.partition("=")[::2] for word in entry["aliases"].split())
        named = {atom: atom for atom in parents} | dict(aliases)
        lists = {
            name: tuple(some.split())
            for name, some in entry.items()
            if name not in ("strand", "token", "component", "parents", "aliases")
        }
        found[entry["strand"], entry["token"]] = Template(named, lists)
    return found


def words() -> frozenset[tuple[str, str]]:
    """Every word: its element and its name."""
    elements = table()["elements"]
    return frozenset((symbol, word) for symbol, some in elements.items() for word in some.split())


class _Names(NamedTuple):
    """The list in force, the residue, the place in its list; whether nucleotides are of RNA."""

    naming: str = ""
    is_rna: bool = False
    is_other: bool = False
    residue: Template | None = None
    place: int = 0

    @property
    def list(self) -> tuple[str, ...]:
        """The words of the residue in the order in force."""
        assert self.residue is not None
        return self.residue.lists.get(self.naming, self.residue.lists["pdb"])


class OutOfTurn(Condition):
    """A word that is said is not the one whose turn it is. Register: as above."""

    def __init__(self, text: str, spec: Spec, rule: str, *atoms: str) -> None:
        super().__init__(text)
        self.rule = rule
        self.rules = frozenset(atoms)
        self.names = spec.vocabulary.names
        blocks = spec.vocabulary.blocks
        self.lists = frozenset(blocks["naming"].ids)
        self.words = frozenset(blocks["atom_word"].ids)
        self.strands = frozenset(spec.vocabulary.ids[name] for name in STRANDS)
        self.other = spec.vocabulary.ids["<OtherSugar>"]
        self.residues = frozenset(spec.vocabulary.ids[token] for _, token in templates())
        self.tokens = self.lists | self.words | self.strands | self.residues | {self.other}

    def start(self, in_force: Mapping[str, int]) -> Register:
        return _Names()

    def enter(self, register: _Names, rule: str) -> Register:
        return register._replace(place=(register.place + 1) % len(register.list))

    def read(  # noqa: PLR0911 (a case for each sort of token)
        self, register: _Names, token: int, rule: str
    ) -> Register | Broken:
        name = self.names[token]
        if token in self.lists:
            return register._replace(naming=name.removeprefix("names:"))
        if token in self.strands:
            return register._replace(is_rna=name == "<RnaStrand>")
        if token == self.other:
            return register._replace(is_other=True)
        if token in self.residues:
            kinds = ("protein", "water", "rna" if register.is_rna != register.is_other else "dna")
            own = next(templates()[kind, name] for kind in kinds if (kind, name) in templates())
            return register._replace(residue=own, place=0, is_other=False)
        if rule != self.rule:
            return register
        assert register.residue is not None
        turn = (register.place - 1) % len(register.list)
        word = name.removeprefix("atom:")
        if word == register.list[turn]:
            return BROKEN
        return register._replace(place=self._after(register, turn, word))

    def _after(self, register: _Names, turn: int, word: str) -> int:
        assert register.residue is not None
        named, some = register.residue.named, register.list
        if word in some:
            found = [some.index(word)]
        else:
            atom = named.get(word)
            found = [n for n, other in enumerate(some) if atom and named[other] == atom]
        return (found[0] + 1) % len(some) if found else turn

    def kind(self, token: int, rule: str) -> Hashable:
        return token if token in self.tokens else None
