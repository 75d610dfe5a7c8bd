"""What a side condition is: a register, and what each token does to it.

A condition sees what happens while one instance of its rule is read: a rule begins (`enter`), a
token is read (`read`), a rule ends (`leave`), its own rule ends (`finish`). It answers with its
next register, an immutable value, or with `BROKEN`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterable, Mapping
from typing import Any, Final


class Broken:
    """No sentence keeps the condition from here on."""


BROKEN: Final = Broken()

Register = Any


class Condition(ABC):
    """What all conditions share: nothing happens unless one says otherwise."""

    rules: frozenset[str] = frozenset()
    tokens: frozenset[int] = frozenset()
    picks_of: frozenset[int] = frozenset()

    def __init__(self, text: str) -> None:
        self.text = text

    @abstractmethod
    def start(self, in_force: Mapping[str, int]) -> Register:
        """Give the register at the begin of the condition's rule.

        `in_force` is the token read last of each block or rule that a `places` names.
        """

    def enter(self, register: Register, rule: str) -> Register | Broken:
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

    def picks(self, register: Register) -> Iterable[int]:
        """Of the tokens `picks_of`, give those that it may allow: a short cut to the few."""
        return self.picks_of

    def debt(self, register: Register) -> int:
        """How many tokens must still come at least, beside those that the rules demand."""
        return 0

    def tells(self, register: Register) -> bool:
        """Say whether two tokens that may come next can be of two kinds to this condition."""
        return True

    def kind(self, token: int, rule: str) -> Hashable:
        """Two tokens of one kind in the text of `rule` are the same to this condition."""
        return None
