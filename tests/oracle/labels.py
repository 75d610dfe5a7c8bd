"""Side conditions on ring labels: which one opens, which may close, where and with what."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Hashable, Iterable, Mapping

from oracle.condition import BROKEN, Broken, Condition, Register
from oracle.notation import Spec, written_tokens

CHAINS = ("chain", "holed_chain")
"""The rules of a chain: of a molecule, and of one with holes."""


class OnLabels(Condition):
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

    def kind(self, token: int, rule: str) -> Hashable:
        return token if token in self.tokens else None


class LowestFree(OnLabels):
    """OPEN takes the lowest label not in use.

    Register: bitset of labels in use; for each open instance of RULE the labels freed in it.
    """

    def __init__(self, text: str, spec: Spec, opening: str, closing: str, rule: str) -> None:
        super().__init__(text, spec, opening, closing, rule)
        self.picks_of = frozenset(self.opening)

    def start(self, in_force: Mapping[str, int]) -> Register:
        return 0, ()

    def picks(self, register: Register) -> Iterable[int]:
        used = register[0] | 1
        lowest = (~used & (used + 1)).bit_length() - 1
        return self.opening[lowest - 1 : lowest]

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
            return (used | bit, freed) if token in self.picks(register) else BROKEN
        return (used | bit, (freed[0] | bit, *freed[1:])) if freed else (used & ~bit, freed)


class OnClosings(OnLabels):
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

    @abstractmethod
    def open(self, rest: Register, label: int) -> Register:
        """OPEN of a label is read."""

    @abstractmethod
    def close(self, rest: Register, label: int) -> Register | Broken:
        """CLOSE of a label is read."""


class Opened(OnClosings):
    """CLOSE names an open label. Register: bitset of open labels."""

    def __init__(self, text: str, spec: Spec, closing: str, opening: str) -> None:
        super().__init__(text, spec, closing, opening)
        self.picks_of = frozenset(self.closing)

    def picks(self, register: Register) -> Iterable[int]:
        return (token for token in self.closing if register[1] >> self.label(token) & 1)

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


class InTurn(OnClosings):
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


class Unjoined(OnClosings):
    """CLOSE does not join an atom to its parent, nor two atoms that are already joined.

    Register: atoms so far; the first atom of each open chain, innermost first, as nested pairs;
    the opener of each open label; the atoms to which a label joined the present one.
    """

    def __init__(self, text: str, spec: Spec, closing: str, opening: str, atom: str) -> None:
        super().__init__(text, spec, closing, opening, atom, *CHAINS)
        self.atom = atom

    def start(self, in_force: Mapping[str, int]) -> Register:
        return False, (0, None, {}, frozenset())

    def enter_rest(self, rest: Register, rule: str) -> Register:
        count, heads, openers, joined = rest
        if rule in CHAINS:
            return count, (None, heads), openers, joined
        if rule == self.atom:
            return count + 1, (count, heads[1]), openers, frozenset()
        return rest

    def leave_rest(self, rest: Register, rule: str) -> Register:
        count, heads, openers, joined = rest
        return (count, heads[1], openers, joined) if rule in CHAINS else rest

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


class ClosesWithin(OnLabels):
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
