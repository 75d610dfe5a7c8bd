"""Side conditions on rounds: one item of each of what stands before them, and all rounds alike."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import NamedTuple

from oracle.condition import BROKEN, Broken, Condition, Register
from oracle.notation import Spec, tokens_within, written_tokens


class _Read(NamedTuple):
    """What was read: how often `of` was, and of each round that has begun its parts by item."""

    counted: int = 0
    rounds: tuple[tuple[int, ...], ...] = ()
    ranks: frozenset[int] | None = None
    broken: bool = False
    """What has begun may not stand here, as the token that is read next shows."""
    decimals: int = 0


class _OnRounds(Condition):
    """A condition on the rounds of its rule; `item`, `of` and `round` are those of `one_each`."""

    item: str
    of: str
    round: str
    part: str | None

    def _tell(self, spec: Spec, text: str) -> None:
        """Find the rules of `one_each` and of `alike` that the same rule states."""
        wheres = next(
            rule.wheres for rule in spec.rules.values() if text in {w.text for w in rule.wheres}
        )
        of = {where.name: where.arguments for where in wheres}
        self.item, self.of, self.round = of["one_each"]
        self.part = of["alike"][0] if "alike" in of else None
        self.rules = frozenset(
            rule for rule in (self.item, self.of, self.round, self.part) if rule is not None
        )
        together = (w.arguments[1] for w in spec.rules[self.item].wheres if w.name == "together")
        block = next(together, None)
        self.counts = frozenset(spec.vocabulary.blocks[block].ids if block else ())
        self.tokens = self.counts.union(
            *(tokens_within(spec, rule) for rule in self.rules - {self.of})
        )

    def start(self, in_force: Mapping[str, int]) -> Register:
        return _Read()

    def enter(self, register: _Read, rule: str) -> Register:
        if rule == self.of:
            return register._replace(counted=register.counted + 1)
        if rule == self.round:
            return register._replace(rounds=(*register.rounds, (0,)))
        *before, last = register.rounds
        last = (*last, 0) if rule == self.item else (*last[:-1], last[-1] + 1)
        return register._replace(rounds=(*before, last))

    def read(self, register: _Read, token: int, rule: str) -> Register | Broken:
        if token in self.counts:
            return register._replace(decimals=token - min(self.counts))
        return BROKEN if register.broken else register


class OneEach(_OnRounds):
    """In each round one item for each `of` but the first. Register: as above."""

    def __init__(self, text: str, spec: Spec, item: str, of: str, round_: str) -> None:
        super().__init__(text)
        self._tell(spec, text)

    def enter(self, register: _Read, rule: str) -> Register:
        register = super().enter(register, rule)
        many = bool(register.rounds) and len(register.rounds[-1]) > max(1, register.counted)
        return register._replace(broken=many)

    def leave(self, register: _Read, rule: str) -> Register | Broken:
        few = rule == self.round and len(register.rounds[-1]) < register.counted
        return BROKEN if few else register

    def debt(self, register: _Read) -> int:
        # A token and its decimals for each item of the round that is being read, or of the first.
        read = len(register.rounds[-1]) if register.rounds else 1
        return max(0, register.counted - read) * (1 + register.decimals)


class Alike(_OnRounds):
    """As many parts at each place of a round as in the first. Register: as above."""

    def __init__(self, text: str, spec: Spec, part: str, round_: str) -> None:
        super().__init__(text)
        self._tell(spec, text)

    def enter(self, register: _Read, rule: str) -> Register:
        before = register
        register = super().enter(register, rule)
        if len(register.rounds) < 2 or rule == self.of:
            return register
        first, last = register.rounds[0], register.rounds[-1]
        at = len(last) - 1
        if rule == self.part and last[at] > (first[at] if at < len(first) else 0):
            return register._replace(broken=True)
        missing = rule == self.item and before.rounds[-1][-1] < first[at - 1]
        return register._replace(broken=missing)

    def leave(self, register: _Read, rule: str) -> Register | Broken:
        if rule != self.round or len(register.rounds) < 2:
            return register
        first, last = register.rounds[0], register.rounds[-1]
        return BROKEN if last[-1] < first[len(last) - 1] else register

    def debt(self, register: _Read) -> int:
        if len(register.rounds) < 2:
            return 0
        left = sum(register.rounds[0]) - sum(register.rounds[-1])
        return left * (1 + register.decimals)


class Permutation(_OnRounds):
    """The ranks of ORDER are the numbers below the points of a round. Register: as above."""

    def __init__(self, text: str, spec: Spec, rank: str, order: str) -> None:
        super().__init__(text)
        self._tell(spec, text)
        self.rank = rank
        self.order = order
        self.rules |= {order}
        self.rank_tokens = written_tokens(spec.rules[rank])
        self.tokens = self.rank_tokens | written_tokens(spec.rules[order])
        self.first = min(self.rank_tokens)

    def enter(self, register: _Read, rule: str) -> Register:
        if rule != self.order:
            return super().enter(register, rule)
        too_many = _points(register) > len(self.rank_tokens)
        return register._replace(ranks=frozenset(), broken=too_many)

    def leave(self, register: _Read, rule: str) -> Register | Broken:
        if rule != self.order:
            return register
        short = register.ranks is None or len(register.ranks) < _points(register)
        return BROKEN if short else register._replace(ranks=None)

    def read(self, register: _Read, token: int, rule: str) -> Register | Broken:
        if register.broken:
            return BROKEN
        if register.ranks is None or token not in self.rank_tokens:
            return register
        rank = token - self.first
        if rank in register.ranks or rank >= _points(register):
            return BROKEN
        return register._replace(ranks=register.ranks | {rank})

    def debt(self, register: _Read) -> int:
        if register.ranks is None:
            return 0
        # The rules may demand the first.
        return _points(register) - max(1, len(register.ranks))

    def kind(self, token: int, rule: str) -> Hashable:
        return token if rule == self.rank else None


def _points(register: _Read) -> int:
    """A round has its head, its items and its parts."""
    return len(register.rounds[0]) + sum(register.rounds[0])
