"""The profiles kekule+valence and aromatic: which molecule sentences they have, token by token.

It reads spec/vocabulary.toml and spec/valence/rdkit.toml and nothing else. It takes for granted
that each token is one that the grammar allows; what it refuses is what the profile adds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Final

from oracle.notation import SPEC
from oracle.valence_path import Atom, Bracket, Path
from oracle.valence_table import CHARGES, Table, is_aromatic, is_aromatic_bond, read_table
from oracle.vocabulary import Vocabulary, read_vocabulary

LEFT_OUT: Final = "left out of the profile"
TOO_MUCH: Final = "an atom bears too much"
OWED: Final = "nothing is left for what must follow"
APART: Final = "two atoms are kept apart"
NO_RING: Final = "an aromatic atom is in no ring"
FOURTH: Final = "an atom has too many aromatic bonds"

_REASONS: Final = (FOURTH, TOO_MUCH, OWED, APART)
_BONDS: Final = frozenset({"=", "#", "$", "/", "\\"})
_STEREO: Final = frozenset({"@", "@@"})


class Profile:
    """A profile, by the vocabulary, a table of valences, and whether atoms may be aromatic."""

    def __init__(self, vocabulary: Vocabulary, table: Table, *, aromatic: bool = False) -> None:
        self.vocabulary = vocabulary
        self.aromatic = aromatic
        self.table = table
        self.block_of = {
            token: block.name for block in vocabulary.blocks.values() for token in block.ids
        }
        self.labels = {
            vocabulary.names[token]: label
            for name in ("ring_open", "ring_close")
            for label, token in enumerate(vocabulary.blocks[name].ids, start=1)
        }

    def first_error(self, ids: Iterable[int]) -> tuple[int, str] | None:
        """Give the position of the first token that leaves the profile, and why; None for none."""
        return Walk(self).first_error(ids)


@cache
def kekule_valence() -> Profile:
    """The profile as spec/ has it."""
    vocabulary = read_vocabulary(SPEC / "vocabulary.toml")
    return Profile(vocabulary, read_table(vocabulary))


@cache
def aromatic() -> Profile:
    """The profile with aromatic atoms as spec/ has it."""
    kekule = kekule_valence()
    return Profile(kekule.vocabulary, kekule.table, aromatic=True)


class Walk:
    """A molecule sentence of the profile, as far as it was read."""

    def __init__(self, profile: Profile) -> None:
        self._table = profile.table
        self._bonds = _BONDS | {"-"} if profile.aromatic else _BONDS
        self._is_kekule = not profile.aromatic
        self._names = profile.vocabulary.names
        self._block_of = profile.block_of
        self._labels = profile.labels
        self._rules: dict[str, Rule] = {
            "aromatic": (self._refuses_aromatic, self._read_element),
            "molecule": (self._refuses_sign, self._read_sign),
            "bond": (self._refuses_bond, self._read_bond),
            "element": (self._refuses_element, self._read_element),
            "index_group": (self._refuses_number, _nothing),
            "stereo": (self._refuses_stereo, _nothing),
            "hydrogens": (self._refuses_hydrogens, self._read_hydrogens),
            "charge": (self._refuses_charge, self._read_charge),
            "ring_open": (self._refuses_opening, self._read_opening),
            "ring_bond": (self._refuses_ring_bond, self._read_ring_bond),
            "ring_close": (self._refuses_closing, self._read_closing),
        }
        self._path = Path()

    def first_error(self, ids: Iterable[int]) -> tuple[int, str] | None:
        """Read tokens; give the position of the first that leaves the profile, and why."""
        for position, token in enumerate(ids):
            if (reason := self.refusal(token)) is not None:
                return position, reason
            self.read(token)
        return None

    def refusal(self, token: int) -> str | None:
        """Say why a token that the grammar allows leaves the profile; None when it does not."""
        return self._rules[self._block_of[token]][0](self._names[token])

    def read(self, token: int) -> None:
        """Read a token that was not refused."""
        self._rules[self._block_of[token]][1](self._names[token])

    def _refuses_sign(self, name: str) -> str | None:
        if name in (")", ".", "<MoleculeE>"):
            return NO_RING if self._path.branches[-1].unringed() else None
        if name == "(":
            tip = self._tip()
            return self._refuses_way() or _verdict(tip.free - 1, owes=not tip.branched)
        if name == "[":
            return self._refuses_way() or self._refuses_parent(self._path.bond)
        if name in ("]", "map"):
            atom = self._bracket()
            if not atom.has_charge and not atom.has_map:
                return self._refuses_bracket(atom.symbol, atom.hydrogens, (0,))
        return None

    def _read_sign(self, name: str) -> None:
        match name:
            case "<MoleculeS>" | ".":
                self._path = Path()
            case "(":
                self._path.begin_branch()
            case ")":
                self._path.end_branch()
            case "[":
                self._path.bracket = Bracket()
            case "map":
                self._bracket().has_map = True
            case "]":
                atom = self._bracket()
                limit = self._table.limit(atom.symbol, atom.charge)
                self._begin_atom(atom.symbol, atom.charge != 0, limit - atom.hydrogens)
                self._path.bracket = None

    def _refuses_bond(self, name: str) -> str | None:
        if name not in self._bonds:
            return LEFT_OUT
        return self._refuses_way() or self._refuses_parent(name)

    def _refuses_way(self) -> str | None:
        """Why there may be no other atom yet: no open ring could take in one that is aromatic."""
        way, openers = self._path.way(), [opener for opener, _ in self._path.openers.values()]
        for atom in self._path.branches[-1].unringed():
            if not any(above in openers for above in way[way.index(atom) :]):
                return NO_RING
        return None

    def _refuses_parent(self, bond: str) -> str | None:
        """Why the atom before the bond does not bear it."""
        if self._path.tip is None:
            return None
        left = self._path.tip.free + self._path.pays_last_child()
        return _verdict(left - self._table.takes[bond][0])

    def _refuses_fourth(self, bond: str, symbol: str, *atoms: Atom) -> str | None:
        """Why the bond may not join the atoms to one of a symbol, if it is aromatic."""
        most = self._table.most_aromatic_bonds
        for atom in atoms:
            if atom.aromatic_bonds >= most and is_aromatic_bond(bond, atom.symbol, symbol):
                return FOURTH
        return None

    def _read_bond(self, name: str) -> None:
        self._path.bond = name

    def _refuses_aromatic(self, name: str) -> str | None:
        if self._is_kekule:
            return LEFT_OUT
        tip = self._path.tip
        fourth = self._refuses_fourth(self._path.bond, name, tip) if tip else None
        return self._refuses_element(name) or fourth

    def _refuses_element(self, name: str) -> str | None:
        if self._path.bracket is not None:
            return self._refuses_bracket(name, 0, CHARGES)
        reason = self._refuses_way() or self._refuses_parent(self._path.bond)
        return reason or self._refuses_atom(name, False, self._table.limit(name, None))

    def _read_element(self, name: str) -> None:
        if self._path.bracket is None:
            self._begin_atom(name, False, self._table.limit(name, None))
        else:
            self._path.bracket.symbol = name

    def _refuses_number(self, name: str) -> str | None:
        return LEFT_OUT if name.startswith("#x") and not self._bracket().has_map else None

    def _refuses_stereo(self, name: str) -> str | None:
        return None if name in _STEREO and self._bracket().symbol != "H" else LEFT_OUT

    def _refuses_hydrogens(self, name: str) -> str | None:
        return self._refuses_bracket(self._bracket().symbol, int(name[1:]), CHARGES)

    def _read_hydrogens(self, name: str) -> None:
        self._bracket().hydrogens = int(name[1:])

    def _refuses_charge(self, name: str) -> str | None:
        atom = self._bracket()
        return self._refuses_bracket(atom.symbol, atom.hydrogens, (int(name),))

    def _read_charge(self, name: str) -> None:
        self._bracket().charge, self._bracket().has_charge = int(name), True

    def _refuses_bracket(self, symbol: str, hydrogens: int, charges: Iterable[int]) -> str | None:
        """Why the atom has none of these charges."""
        limits = ((charge, self._table.limit(symbol, charge)) for charge in charges)
        reasons = [
            self._refuses_atom(symbol, charge != 0, limit - hydrogens) for charge, limit in limits
        ]
        return _if_all(reasons)

    def _refuses_atom(self, symbol: str, charged: bool, bears: int) -> str | None:
        """Why an atom that bears so much does not bear its bond, and the rings that are due."""
        path = self._path
        here = self._table.takes[path.bond][1] if path.tip else 0
        if is_aromatic(symbol):
            owes = 1 if path.openers else 2
        else:
            owes = int(path.branches[-1].rings > 0 or bool(path.branches[-1].unringed()))
        reason = _verdict(bears - here, owes=owes)
        if reason is None and path.tip is not None:
            parent = path.tip.symbol, path.tip.charged
            if self._table.keeps_apart(path.bond, parent, (symbol, charged)):
                return APART
        return reason

    def _begin_atom(self, symbol: str, charged: bool, bears: int) -> None:
        tip = self._path.tip
        at_parent, here = self._table.takes[self._path.bond] if tip else (0, 0)
        self._path.begin_atom(Atom(symbol, charged, bears - here, tip), at_parent)

    def _refuses_opening(self, name: str) -> str | None:
        return _verdict(self._tip().free - 1, owes=True)

    def _read_opening(self, name: str) -> None:
        self._path.open_ring(self._labels[name])

    def _refuses_ring_bond(self, name: str) -> str | None:
        if name.removeprefix("ring") not in self._bonds:
            return LEFT_OUT
        labels = self._path.closable()
        if name == "ring-":
            labels = [each for each in labels if is_aromatic(self._path.openers[each][0].symbol)]
        return _if_all([self._refuses_label(each, name) for each in labels])

    def _read_ring_bond(self, name: str) -> None:
        self._path.ring_bond = name

    def _refuses_closing(self, name: str) -> str | None:
        return self._refuses_label(self._labels[name], self._path.ring_bond)

    def _refuses_label(self, label: int, bond: str) -> str | None:
        """Why the ring does not close here with the bond."""
        tip, (opener, branch) = self._tip(), self._path.openers[label]
        at_opener, here = self._table.takes[bond]
        others = self._path.branches[-1].rings - (branch is self._path.branches[-1])
        ring = self._path.ring(label)
        astray = any(atom not in ring for atom in self._path.branches[-1].unringed())
        # the opener has kept one for this ring
        reason = _verdict(opener.free + 1 - at_opener) or _verdict(
            tip.free - here, owes=others > 0 or astray
        )
        reason = reason or self._refuses_fourth(bond, opener.symbol, tip)
        reason = reason or self._refuses_fourth(bond, tip.symbol, opener)
        kinds = (opener.symbol, opener.charged), (tip.symbol, tip.charged)
        return reason or (APART if self._table.keeps_apart(bond, *kinds) else None)

    def _read_closing(self, name: str) -> None:
        at_opener, here = self._table.takes[self._path.ring_bond]
        self._path.close_ring(self._labels[name], at_opener, here)

    def _tip(self) -> Atom:
        assert self._path.tip is not None, "the grammar has an atom before this token"
        return self._path.tip

    def _bracket(self) -> Bracket:
        assert self._path.bracket is not None, "the grammar has this token in brackets"
        return self._path.bracket


Rule = tuple[Callable[[str], str | None], Callable[[str], None]]
"""Why a token is refused, and how it is read."""


def _nothing(name: str) -> None:
    pass


def _verdict(left: int, *, owes: int = 0) -> str | None:
    """Of an atom that may still bear so much, and owes so much to what must follow."""
    if left < 0:
        return TOO_MUCH
    return OWED if left < owes else None


def _if_all(reasons: list[str | None]) -> str | None:
    """The gravest reason when there is no way without one."""
    return None if None in reasons else max(map(str, reasons), key=_REASONS.index)
