"""The closed list of side conditions of spec/README.md, each kept token by token.

A condition sees what happens while one instance of its rule is read: a rule begins (`enter`), a
token is read (`read`), a rule ends (`leave`), its own rule ends (`finish`). It answers with its
next register, an immutable value, or with `BROKEN`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any, Final, NamedTuple

from oracle.notation import Spec, Where, tokens_within, written_tokens


class Broken:
    """No sentence keeps the condition from here on."""


BROKEN: Final = Broken()

Register = Any


class Condition:
    """What all conditions share: nothing happens unless one says otherwise."""

    rules: frozenset[str] = frozenset()
    tokens: frozenset[int] = frozenset()

    def __init__(self, text: str) -> None:
        self.text = text

    def start(self, in_force: Mapping[str, int]) -> Register:
        """Give the register at the begin of the condition's rule.

        `in_force` is the token read last of each block that a `places` names.
        """
        raise NotImplementedError

    def enter(self, register: Register, rule: str) -> Register:
        """One of `rules` begins."""
        return register

    def leave(self, register: Register, rule: str) -> Register | Broken:
        """One of `rules` ends."""
        return register

    def read(self, register: Register, token: int, rule: str) -> Register | Broken:
        """One of `tokens` is read; it stands in the text of `rule`."""
        return register

    def finish(self, register: Register) -> bool:
        """Say whether the condition's rule may end here."""
        return True

    def owes(self, register: Register) -> bool:
        """Say whether what was read demands something that may be impossible."""
        return False

    def debt(self, register: Register) -> int:
        """At least so many tokens, beside those that the rules demand, must still come."""
        return 0

    def kind(self, token: int) -> Hashable:
        """Two tokens of one kind are the same to this condition."""
        return None


class _Labels(Condition):
    """A condition on labels: OPEN and CLOSE are blocks, a label is an offset in them plus one."""

    def __init__(self, text: str, spec: Spec, opening: str, closing: str, *rules: str) -> None:
        super().__init__(text)
        blocks = spec.vocabulary.blocks
        self.opening = blocks[opening].ids
        self.closing = blocks[closing].ids
        self.closes_in = frozenset(
            name for name, rule in spec.rules.items() if written_tokens(rule) & set(self.closing)
        )
        self.tokens = frozenset(self.opening) | frozenset(self.closing)
        self.rules = frozenset(rules)

    def label(self, token: int) -> int:
        run = self.opening if token in self.opening else self.closing
        return token - run.start + 1

    def kind(self, token: int) -> Hashable:
        return token if token in self.tokens else None


class LowestFree(_Labels):
    """OPEN takes the lowest label not in use.

    Register: bitset of labels in use; for each open instance of RULE the labels freed in it.
    """

    def start(self, in_force: Mapping[str, int]) -> Register:
        return 0, ()

    def enter(self, register: Register, rule: str) -> Register:
        used, freed = register
        return used, (0, *freed)

    def leave(self, register: Register, rule: str) -> Register:
        used, (now, *freed) = register
        return used & ~now, tuple(freed)

    def read(self, register: Register, token: int, rule: str) -> Register | Broken:
        used, freed = register
        bit = 1 << self.label(token)
        if token in self.opening:
            lowest = ~(used | 1) & ((used | 1) + 1)
            return (used | bit, freed) if bit == lowest else BROKEN
        return (used | bit, (freed[0] | bit, *freed[1:])) if freed else (used & ~bit, freed)


class _Closing(_Labels):
    """A condition on closings: one that has begun demands a CLOSE that may stand here.

    Register: whether a closing has begun and its CLOSE is still to come; the rest.
    """

    def __init__(self, text: str, spec: Spec, closing: str, opening: str, *rules: str) -> None:
        super().__init__(text, spec, opening, closing, *rules)
        self.rules |= self.closes_in

    def enter(self, register: Register, rule: str) -> Register:
        begun, rest = register
        begun = begun or rule in self.closes_in
        return begun, self.enter_rest(rest, rule)

    def leave(self, register: Register, rule: str) -> Register:
        begun, rest = register
        return begun and rule not in self.closes_in, self.leave_rest(rest, rule)

    def read(self, register: Register, token: int, rule: str) -> Register | Broken:
        begun, rest = register
        if token in self.opening:
            return begun, self.open(rest, self.label(token))
        rest = self.close(rest, self.label(token))
        return rest if rest is BROKEN else (False, rest)

    def owes(self, register: Register) -> bool:
        return bool(register[0])

    def enter_rest(self, rest: Register, rule: str) -> Register:
        return rest

    def leave_rest(self, rest: Register, rule: str) -> Register:
        return rest

    def open(self, rest: Register, label: int) -> Register:
        raise NotImplementedError

    def close(self, rest: Register, label: int) -> Register | Broken:
        raise NotImplementedError


class Opened(_Closing):
    """CLOSE names an open label. Register: bitset of open labels."""

    def start(self, in_force: Mapping[str, int]) -> Register:
        return False, 0

    def open(self, rest: Register, label: int) -> Register:
        return rest | 1 << label

    def close(self, rest: Register, label: int) -> Register | Broken:
        return rest & ~(1 << label) if rest >> label & 1 else BROKEN

    def debt(self, register: Register) -> int:
        begun: bool = register[0]
        labels: int = register[1]
        return max(0, labels.bit_count() - begun)


class InTurn(_Closing):
    """Labels opened in one instance of RULE close in the order in which they were opened.

    Register: instances of RULE so far, the open ones, and (label, instance) of each open label.
    """

    def start(self, in_force: Mapping[str, int]) -> Register:
        return False, (0, (), ())

    def enter_rest(self, rest: Register, rule: str) -> Register:
        count, instances, labels = rest
        return rest if rule in self.closes_in else (count + 1, (count, *instances), labels)

    def leave_rest(self, rest: Register, rule: str) -> Register:
        count, instances, labels = rest
        return rest if rule in self.closes_in else (count, instances[1:], labels)

    def open(self, rest: Register, label: int) -> Register:
        count, instances, labels = rest
        return count, instances, (*labels, (label, instances[0] if instances else None))

    def close(self, rest: Register, label: int) -> Register | Broken:
        count, instances, labels = rest
        before: list[int | None] = []
        for at, (other, opener) in enumerate(labels):
            if other == label:
                if opener is not None and opener in before:
                    return BROKEN
                return count, instances, labels[:at] + labels[at + 1 :]
            before.append(opener)
        return rest


class Unjoined(_Closing):
    """CLOSE does not join an atom to its parent, nor two atoms that are already joined.

    Register: atoms so far; the first atom of each open chain, innermost first, as nested pairs;
    the opener of each open label; the atoms to which a label joined the present one.
    """

    def __init__(self, text: str, spec: Spec, closing: str, opening: str, atom: str) -> None:
        super().__init__(text, spec, closing, opening, atom, "chain")
        self.atom = atom

    def start(self, in_force: Mapping[str, int]) -> Register:
        return False, (0, None, {}, frozenset())

    def enter_rest(self, rest: Register, rule: str) -> Register:
        count, heads, openers, joined = rest
        if rule == "chain":
            return count, (None, heads), openers, joined
        if rule == self.atom:
            return count + 1, (count, heads[1]), openers, frozenset()
        return rest

    def leave_rest(self, rest: Register, rule: str) -> Register:
        count, heads, openers, joined = rest
        return (count, heads[1], openers, joined) if rule == "chain" else rest

    def open(self, rest: Register, label: int) -> Register:
        count, heads, openers, joined = rest
        return count, heads, {**openers, label: heads[0]}, joined

    def close(self, rest: Register, label: int) -> Register | Broken:
        count, heads, openers, joined = rest
        if label not in openers:
            return rest
        opener, parent = openers[label], heads[1][0] if heads[1] else None
        if opener == parent or opener in joined:
            return BROKEN
        openers = {key: value for key, value in openers.items() if key != label}
        return count, heads, openers, joined | {opener}


class ClosesWithin(_Labels):
    """A label opened within an instance of RULE closes before that instance ends.

    Register: for each open instance of RULE, innermost first, the labels opened in it and open.
    """

    def start(self, in_force: Mapping[str, int]) -> Register:
        return ()

    def enter(self, register: Register, rule: str) -> Register:
        return 0, *register

    def leave(self, register: Register, rule: str) -> Register | Broken:
        return BROKEN if register[0] else register[1:]

    def read(self, register: Register, token: int, rule: str) -> Register | Broken:
        bit = 1 << self.label(token)
        if token in self.opening:
            return tuple(bits | bit for bits in register)
        return tuple(bits & ~bit for bits in register)


class _Joined(NamedTuple):
    """Whether an atom is of the block, of each that a token to come may join.

    `heads`: the first atom of each open chain, innermost first, as nested pairs. `openers`: the
    opener of each open label. `parent`: that of the atom at the other end of a TOKEN in a link.
    `closing`: whether a TOKEN in a closing waits for its label.
    """

    heads: Any
    openers: dict[int, bool]
    parent: bool | None
    closing: bool


class _Joins(_Labels):
    """A condition on the two atoms that TOKEN joins: which of them are of BLOCK."""

    only: bool

    def __init__(self, text: str, spec: Spec, token: str, block: str) -> None:
        pair = next(w for r in spec.rules.values() for w in r.wheres if w.name == "opened")
        super().__init__(text, spec, pair.arguments[1], pair.arguments[0], "chain")
        self.token = spec.vocabulary.ids[token.strip('"')]
        self.block = spec.vocabulary.blocks[block].ids
        self.symbols = frozenset(
            token for rule in ("bare", "symbol") for token in written_tokens(spec.rules[rule])
        )
        self.tokens |= self.symbols | {self.token}

    def start(self, in_force: Mapping[str, int]) -> Register:
        return _Joined(heads=None, openers={}, parent=None, closing=False)

    def enter(self, register: _Joined, rule: str) -> Register:
        return register._replace(heads=(None, register.heads))

    def leave(self, register: _Joined, rule: str) -> Register:
        return register._replace(heads=register.heads[1])

    def read(self, register: _Joined, token: int, rule: str) -> Register | Broken:
        if rule in ("bare", "symbol"):
            return self._symbol(register, token in self.block)
        if token == self.token:
            return self._bond(register, rule == "link")
        if token in self.opening:
            openers = {**register.openers, self.label(token): register.heads[0]}
            return register._replace(openers=openers)
        if token in self.closing:
            return self._close(register, self.label(token))
        return register

    def _symbol(self, register: _Joined, here: bool) -> Register | Broken:
        if register.parent is not None and not self._keeps(register.parent, here):
            return BROKEN
        return register._replace(heads=(here, register.heads[1]), parent=None)

    def _bond(self, register: _Joined, linking: bool) -> Register | Broken:
        here = register.heads[0]
        if self.only and not here:
            return BROKEN
        return register._replace(parent=here) if linking else register._replace(closing=True)

    def _close(self, register: _Joined, label: int) -> Register | Broken:
        opener = register.openers.get(label)
        known = register.closing and opener is not None
        if known and not self._keeps(bool(opener), register.heads[0]):
            return BROKEN
        return register._replace(closing=False)

    def owes(self, register: _Joined) -> bool:
        return register.closing or register.parent is not None

    def kind(self, token: int) -> Hashable:
        if token in self.symbols:
            return token in self.block
        return token if token in self.tokens else None

    def _keeps(self, one: bool, other: bool) -> bool:
        return one and other if self.only else not (one and other)


class JoinsOnly(_Joins):
    """Both atoms that TOKEN joins are of BLOCK."""

    only = True


class JoinsNot(_Joins):
    """Not both atoms that TOKEN joins are of BLOCK."""

    only = False


class AsMany(Condition):
    """Never more A than B, and as many at the end of the rule. Register: how many B are left."""

    def __init__(self, text: str, spec: Spec, a: str, b: str) -> None:
        super().__init__(text)
        self.taker, self.giver = (spec.vocabulary.ids[name.strip('"')] for name in (a, b))
        self.tokens = frozenset((self.taker, self.giver))

    def start(self, in_force: Mapping[str, int]) -> Register:
        return 0

    def read(self, register: int, token: int, rule: str) -> Register | Broken:
        left = register + (1 if token == self.giver else -1)
        return BROKEN if left < 0 else left

    def finish(self, register: int) -> bool:
        return register == 0

    def debt(self, register: int) -> int:
        return register

    def kind(self, token: int) -> Hashable:
        return token if token in self.tokens else None


class NotOneOf(Condition):
    """The characters of RULE do not spell one of the words. Register: the word so far."""

    def __init__(self, text: str, spec: Spec, rule: str, *words: str) -> None:
        super().__init__(text)
        self.rules = frozenset({rule})
        self.words = frozenset(word.strip('"') for word in words)
        self.glyphs = spec.vocabulary.glyphs
        self.tokens = tokens_within(spec, rule)

    def start(self, in_force: Mapping[str, int]) -> Register:
        return None

    def enter(self, register: str | None, rule: str) -> Register:
        return ""

    def leave(self, register: str | None, rule: str) -> Register | Broken:
        return BROKEN if register in self.words else None

    def read(self, register: str | None, token: int, rule: str) -> Register | Broken:
        return register if register is None else register + self.glyphs[token]

    def kind(self, token: int) -> Hashable:
        return token if token in self.tokens else None


class Places(Condition):
    """With placesD in force a RULE has ⌈D/3⌉ fractions, zeros beyond the D-th decimal.

    Register: D, and the decimals written so far.
    """

    def __init__(self, text: str, spec: Spec, rule: str, block: str) -> None:
        super().__init__(text)
        self.block = block
        self.glyphs = spec.vocabulary.glyphs
        self.names = spec.vocabulary.names
        self.tokens = frozenset(spec.vocabulary.blocks["number_fraction"].ids)

    def start(self, in_force: Mapping[str, int]) -> Register:
        digits = self.names[in_force[self.block]].lstrip("abcdefghijklmnopqrstuvwxyz")
        return int(digits), ""

    def read(self, register: tuple[int, str], token: int, rule: str) -> Register | Broken:
        places, written = register
        if len(written) >= places:
            return BROKEN
        written += self.glyphs[token]
        return BROKEN if written[places:].strip("0") else (places, written)

    def finish(self, register: tuple[int, str]) -> bool:
        return len(register[1]) >= register[0]

    def debt(self, register: tuple[int, str]) -> int:
        return max(0, -(-(register[0] - len(register[1])) // 3))

    def kind(self, token: int) -> Hashable:
        if token in self.tokens:
            return len(self.glyphs[token].rstrip("0"))
        return None


def read_condition(where: Where, spec: Spec) -> Condition:
    """Give the condition of a where: line.

    Raises
    ------
    KeyError
        When it is not in the closed list.
    """
    return CLOSED_LIST[where.name](where.text, spec, *where.arguments)


CLOSED_LIST: Final[Mapping[str, Callable[..., Condition]]] = {
    "lowest_free": LowestFree,
    "opened": Opened,
    "in_turn": InTurn,
    "unjoined": Unjoined,
    "closes_within": ClosesWithin,
    "joins_only": JoinsOnly,
    "joins_not": JoinsNot,
    "as_many": AsMany,
    "not_one_of": NotOneOf,
    "places": Places,
}
