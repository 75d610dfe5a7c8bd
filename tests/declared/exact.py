"""Every state of `tried` that some tokens lead to: its mask, and what is needed from there.

Masks offer what is accepted. What is needed is exact everywhere if it is 0 at the end and elsewhere
one more than the least after any token; and a budget leaves the tokens after which no more is
needed than is left.
"""

from __future__ import annotations

from collections.abc import Collection

import logos_grammar as lg
from declared.shapes import BEGINS, ENDS, FOUR, ONE, THREE, TWO

OTHERS = """
tokens: left at 7216
    p{1..3}   number {n} begins, of the others
tokens: right at 7224
    q{1..3}   number {n} ends, of the others
"""
PLAIN = [BEGINS, ENDS, ONE, TWO, THREE, FOUR, 7200, 7201, 7208, 7209, 7216, 7217, 7224, 7225]
NUMBERS = list(map(lg.vocabulary.id, ("0.", ".000", ".100", "places0", "places1", "places9")))


def states_that_are_exact(few: Collection[int], longest: int) -> int:
    """Try all that these tokens lead to, up to a length; how many states that was."""
    waiting, seen = [lg.Recognizer("tried")], 0
    while waiting:
        one = waiting.pop()
        seen += 1
        offered = set(one.allowed().tolist())
        needed = {}
        for id in offered | set(few):
            ahead = one.fork()
            assert ahead.accept(id) == (id in offered), (one.ids, id)
            if id not in offered:
                continue
            needed[id] = ahead.min_tokens_to_complete()
            if id in few and ahead.position < longest:
                waiting.append(ahead)
        assert one.min_tokens_to_complete() == (0 if one.is_done else 1 + min(needed.values())), (
            one.ids
        )
        assert len(one.closing_tokens()) == one.min_tokens_to_complete(), one.ids
        if seen < 20 or seen % 4 == 0:
            _keeps_budgets(one, needed)
    return seen


def _keeps_budgets(one: lg.Recognizer, needed: dict[int, int]) -> None:
    """Whether a budget leaves the tokens after which no more is needed than is left."""
    least = one.position + one.min_tokens_to_complete()
    for budget in range(least, least + 14):
        kept = lg.Recognizer("tried", budget=budget)
        assert kept.accept_many(one.ids) == one.position, (one.ids, budget)
        left = budget - one.position - 1
        wanted = sorted(id for id, more in needed.items() if more <= left)
        assert kept.allowed().tolist() == wanted, (one.ids, budget)
